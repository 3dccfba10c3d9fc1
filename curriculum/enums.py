from django.db import models
from django.utils.translation import gettext_lazy as _


class CurriculumKind(models.TextChoices):
    SPECIALTY = "specialty", _("Spesialitetsspesifikke læringsmål")
    COMMON = "common", _("Felles kompetansemål")


class Standing(models.TextChoices):
    PROPOSED = "proposed", _("Forslag")
    IN_FORCE = "in_force", _("Gjeldende")
    REPEALED = "repealed", _("Opphevet")


class StatementKind(models.TextChoices):
    KNOWLEDGE = "knowledge", _("Kunnskap")
    SKILL = "skill", _("Ferdighet")


class Level(models.IntegerChoices):
    """The three competence levels of Tabell 1 (hearing note, kap. 4.1). Ordinal: never averaged."""

    LOWEST = 1, _("Laveste nivå")
    MIDDLE = 2, _("Mellomste nivå")
    HIGHEST = 3, _("Høyeste nivå")


class KnowledgeLevel(models.IntegerChoices):
    """The levels, named for a statement of knowledge."""

    AWARENESS = 1, _("Kjennskap")
    KNOWLEDGE = 2, _("Kunnskap")
    GOOD_KNOWLEDGE = 3, _("God kunnskap")


class SkillLevel(models.IntegerChoices):
    """The levels, named for a statement of skill."""

    AWARENESS = 1, _("Kjennskap")
    SUPERVISED = 2, _("Under supervisjon")
    INDEPENDENT = 3, _("Selvstendig")


class TeamSkillLevel(models.IntegerChoices):
    """The levels, named for a skill that is to be mastered alone and in the team (kap. 4.3)."""

    AWARENESS = 1, _("Kjennskap")
    SUPERVISED = 2, _("Under supervisjon")
    INDEPENDENT = 3, _("Selvstendig og i team")
