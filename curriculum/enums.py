from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class Weight(models.TextChoices):
    """How sure we are that a pathway asks for it."""

    REQUIREMENT = "requirement", _("Krav")
    RECOMMENDATION = "recommendation", _("Anbefaling")
    ASSUMPTION = "assumption", _("Antakelse")


class Unit(models.TextChoices):
    DAYS = "days", _("dager")
    MONTHS = "months", _("måneder")
    YEARS = "years", _("år")
    MODULES = "modules", _("moduler")
    PERCENT = "percent", _("prosent")


class Phase(models.TextChoices):
    """When in the training something is best done."""

    EARLY = "early", _("tidlig")
    MIDWAY = "midway", _("midtveis")
    LATE = "late", pgettext_lazy("tidspunkt", "sent")  # alone it is Django's English «sent»


class RequirementCode(models.TextChoices):
    """What a requirement is about. Each has a rule of readiness that knows it by this code."""

    SPECIALIST_APPROVAL = "specialist_approval", _("Spesialistgodkjenning")
    PART_1 = "part_1", _("Del 1")
    SERVICE_TIME = "service_time", _("Tjenestetid")
    OTHER_SERVICE_CAP = "other_service_cap", _("Tjeneste i annen spesialitet eller i utlandet")
    ABSENCE_THRESHOLD = "absence_threshold", _("Fravær")
    SERVICE_ATTESTATION = "service_attestation", _("Tjenestebekreftelse")
    RECOGNISED_SITE = "recognised_site", _("Godkjent utdanningssted")
    ADVANCE_APPROVAL = "advance_approval", _("Forhåndsgodkjenning")
    DESIGNATED_POST = "designated_post", _("Godkjent utdanningsstilling")
    INTERNAL_MEDICINE = "internal_medicine", _("Indremedisinsk avdeling")
    PALLIATIVE_CENTRE = "palliative_centre", _("Palliativt senter")
    GUIDANCE = "guidance", _("Veiledning")
    GOALS = "goals", _("Læringsmål")
    RECOMMENDATIONS = "recommendations", _("Anbefalinger")
    COURSE = "course", _("Kurs")
    CHECKLIST = "checklist", _("Sjekkliste")
    EVALUATION = "evaluation", _("Fortløpende evaluering")
    PLAN = "plan", _("Individuell plan")
    APPLICATION_WINDOW = "application_window", _("Søknadsfrist")
    REGISTRY = "registry", _("Kompetanseportalen")
