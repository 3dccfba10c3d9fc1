"""What must be learnt. National, read-mostly, loaded from fixtures by `load_curriculum`."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from curriculum.enums import (
    CurriculumKind,
    Level,
    Phase,
    RequirementCode,
    Standing,
    StatementKind,
    Unit,
    Weight,
)


class Curriculum(models.Model):
    """One version of a set of goals. What was approved under it points at it for ever."""

    code = models.SlugField(_("Kode"), max_length=40, unique=True)
    title = models.CharField(_("Tittel"), max_length=200)
    kind = models.CharField(_("Slag"), max_length=20, choices=CurriculumKind.choices)
    standing = models.CharField(_("Status"), max_length=20, choices=Standing.choices)
    in_force_from = models.DateField(_("Gjelder fra"), null=True, blank=True)
    repealed_from = models.DateField(_("Opphevet fra"), null=True, blank=True)
    source = models.TextField(_("Kilde"))
    note = models.TextField(_("Merknad"), blank=True)
    levels_source = models.TextField(_("Kilde til nivåene"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    checksum = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the loaded fixture; keys the goal cache."
    )

    class Meta:
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(repealed_from__isnull=True)
                | Q(in_force_from__isnull=True)
                | Q(repealed_from__gt=F("in_force_from")),
                name="curriculum_repealed_after_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(standing=Standing.PROPOSED) | Q(in_force_from__isnull=True),
                name="curriculum_proposal_not_in_force",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Theme(models.Model):
    curriculum = models.ForeignKey(Curriculum, on_delete=models.CASCADE, related_name="themes")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Tittel"), max_length=200)

    class Meta:
        ordering = ["curriculum", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "number"], name="curriculum_theme_number_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title


class LearningGoal(models.Model):
    """A goal, in the exact words of its source. The key is (curriculum, code)."""

    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="goals")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="goals")
    code = models.CharField(_("Kode"), max_length=20)
    position = models.PositiveSmallIntegerField()
    text = models.TextField(_("Ordlyd"))
    elaboration = models.TextField(
        _("Utdypende tekst"), blank=True, help_text="Not regulation (hearing note, vedlegg 1)."
    )
    bullets = ArrayField(models.TextField(), default=list, blank=True)
    bullets_belong_to = models.PositiveSmallIntegerField(null=True, blank=True)
    keyword = models.CharField(
        _("Stikkord"),
        max_length=80,
        blank=True,
        help_text="A verbatim extract, shown beside the code on screens; never in documents.",
    )
    part = models.CharField(_("Del"), max_length=20, blank=True)
    arena = models.CharField(_("Arena"), max_length=20, blank=True)
    required = models.BooleanField(_("Kreves i del 2–3"), default=True)
    in_force_from = models.DateField(_("Gjelder fra"), null=True, blank=True)
    note = models.TextField(_("Merknad"), blank=True)

    class Meta:
        ordering = ["curriculum__position", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["curriculum", "code"], name="curriculum_goal_code_unique"
            ),
            models.UniqueConstraint(
                fields=["curriculum", "position"], name="curriculum_goal_position_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class GoalStatement(models.Model):
    """One thing a goal asks for, with its own required level (Tabell 1, kap. 4.1)."""

    goal = models.ForeignKey(LearningGoal, on_delete=models.CASCADE, related_name="statements")
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(_("Slag"), max_length=20, choices=StatementKind.choices)
    level = models.PositiveSmallIntegerField(_("Krevd nivå"), choices=Level.choices)
    supervised = models.BooleanField(_("Under supervisjon"), default=False)
    in_team = models.BooleanField(_("I team"), default=False)
    text = models.TextField(_("Ordlyd"))
    level_basis = models.CharField(max_length=20)
    focus = models.CharField(max_length=200, blank=True)
    collaboration = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["goal", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "order"], name="curriculum_statement_order_unique"
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values), name="curriculum_statement_level_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.goal.code}.{self.order}"


class Pathway(models.Model):
    """A way to recognition as a doctor in palliative medicine, in one version (domain.md §1)."""

    code = models.SlugField(_("Kode"), max_length=40)
    version = models.CharField(_("Versjon"), max_length=20)
    title = models.CharField(_("Tittel"), max_length=200)
    short_title = models.CharField(_("Kort tittel"), max_length=60)
    standing = models.CharField(_("Status"), max_length=20, choices=Standing.choices)
    doctor_title = models.CharField(
        _("Tittel på legen"), max_length=60, help_text="«LIS» or «lege under utdanning»."
    )
    decides_goals = models.BooleanField(
        _("Mål godkjennes"),
        help_text="§26 holds: goals are claimed and decided. False: goals are a voluntary map.",
    )
    note = models.TextField(_("Merknad"), blank=True)
    source = models.TextField(_("Kilde"))
    position = models.PositiveSmallIntegerField(default=0)
    curricula = models.ManyToManyField(
        Curriculum, through="PathwayCurriculum", related_name="pathways"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"], name="curriculum_pathway_version_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title


class PathwayCurriculum(models.Model):
    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE)
    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pathway", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "curriculum"], name="curriculum_pathway_curriculum_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pathway.code}: {self.curriculum.code}"


class Requirement(models.Model):
    """What a pathway asks for, with its ground, and how sure we are that it does."""

    pathway = models.ForeignKey(Pathway, on_delete=models.CASCADE, related_name="requirements")
    code = models.CharField(_("Kode"), max_length=40, choices=RequirementCode.choices)
    weight = models.CharField(_("Vekt"), max_length=20, choices=Weight.choices)
    amount = models.PositiveSmallIntegerField(_("Mengde"), null=True, blank=True)
    unit = models.CharField(_("Enhet"), max_length=10, choices=Unit.choices, blank=True)
    title = models.CharField(_("Tittel"), max_length=200)
    text = models.TextField(_("Forklaring"), blank=True)
    source = models.TextField(_("Kilde"))
    waived_by = models.CharField(
        _("Kan fravikes etter"), max_length=100, blank=True, help_text="Such as «§ 29»."
    )
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pathway", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "code"], name="curriculum_requirement_code_unique"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True, unit="") | (Q(amount__isnull=False) & ~Q(unit="")),
                name="curriculum_requirement_amount_has_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Course(models.Model):
    """A course in modules. Several pathways may ask for the same one."""

    code = models.SlugField(_("Kode"), max_length=40, unique=True)
    title = models.CharField(_("Tittel"), max_length=200)
    in_order = models.BooleanField(
        _("Modulene tas i rekkefølge"), help_text="A recommendation where the source says so."
    )
    source = models.TextField(_("Kilde"))
    pathways = models.ManyToManyField(Pathway, related_name="courses")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class CourseModule(models.Model):
    """One module; the sources give no title to some of them, and we invent none."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="modules")
    number = models.PositiveSmallIntegerField(_("Nummer"))
    title = models.CharField(_("Tittel"), max_length=200, blank=True)

    class Meta:
        ordering = ["course", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "number"], name="curriculum_module_number_unique"
            )
        ]

    def __str__(self) -> str:
        named = _("Modul %(number)s") % {"number": self.number}
        return f"{named}: {self.title}" if self.title else str(named)


class RecommendedActivity(models.Model):
    """What the note recommends and nobody requires: so many times so many weeks, and when.

    `arena_kinds` and `falls_away_with` are kinds of arena as `institutions` names them: where it
    is done, and which service of one's own makes it superfluous.
    """

    pathway = models.ForeignKey(
        Pathway, on_delete=models.CASCADE, related_name="recommended_activities"
    )
    code = models.SlugField(_("Kode"), max_length=40)
    title = models.CharField(_("Tittel"), max_length=200)
    times = models.PositiveSmallIntegerField(_("Ganger"), null=True, blank=True)
    weeks_each = models.PositiveSmallIntegerField(_("Uker hver gang"), null=True, blank=True)
    phases = ArrayField(
        models.CharField(max_length=10, choices=Phase.choices), default=list, blank=True
    )
    arena_kinds = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    falls_away_with = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    source = models.TextField(_("Kilde"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["pathway", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["pathway", "code"], name="curriculum_recommended_activity_unique"
            )
        ]

    def __str__(self) -> str:
        return self.title


class GoalSuccession(models.Model):
    """One goal followed by another in a later curriculum: decided, or only our suggestion."""

    old_goal = models.ForeignKey(LearningGoal, on_delete=models.CASCADE, related_name="successions")
    new_goal = models.ForeignKey(
        LearningGoal, on_delete=models.CASCADE, related_name="predecessions"
    )
    official = models.BooleanField(_("Bestemt av myndighetene"))
    note = models.TextField(_("Merknad"), blank=True)
    source = models.TextField(_("Kilde"))

    class Meta:
        ordering = ["old_goal__position", "new_goal__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["old_goal", "new_goal"], name="curriculum_succession_unique"
            ),
            models.CheckConstraint(
                condition=~Q(old_goal=F("new_goal")), name="curriculum_succession_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_goal} → {self.new_goal}"
