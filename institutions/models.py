"""Where and with whom: institutions, recognitions, roles with from–to dates, cohorts."""

import datetime as dt

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.no import orgnr

from curriculum.models import CourseModule, LearningGoal
from institutions.enums import (
    ASSIGNABLE_ROLES,
    ArenaKind,
    AttestedBy,
    CohortKind,
    InstitutionKind,
    RecognitionKind,
    RecognitionStatus,
    Region,
    Role,
)
from institutions.rules import RolePeriod


def validate_organisation_number(value: str) -> None:
    """Nine digits with a right control digit (Brønnøysundregistrene)."""
    if not orgnr.is_valid(value):
        raise ValidationError(_("Organisasjonsnummeret er ikke gyldig. Det har ni sifre."))


class PeriodQuerySet(models.QuerySet):
    """Rows with `starts_on` and `ends_on` (both included; no end means still going)."""

    def in_force(self, *, on: dt.date | None = None):
        on = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on), starts_on__lte=on)


class Period(models.Model):
    """A from–to, both days included. `ends_on` empty means still going."""

    starts_on = models.DateField(_("Fra og med"))
    ends_on = models.DateField(_("Til og med"), null=True, blank=True)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("Sluttdatoen er før startdatoen. Rett en av dem."),
            )
        ]

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class Institution(models.Model):
    name = models.CharField(_("Navn"), max_length=150, unique=True)
    short_name = models.CharField(_("Kortnavn"), max_length=60)
    kind = models.CharField(_("Slag"), max_length=30, choices=InstitutionKind.choices)
    organisation_number = models.CharField(
        _("Organisasjonsnummer"),
        max_length=9,
        blank=True,
        validators=[validate_organisation_number],
    )
    region = models.CharField(_("Helseregion"), max_length=20, choices=Region.choices)
    activities_attested_by = models.CharField(
        _("Aktiviteter bekreftes av"),
        max_length=30,
        choices=AttestedBy.choices,
        default=AttestedBy.ASSESSOR,
    )
    source = models.CharField(_("Kilde"), max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_number"],
                condition=~Q(organisation_number=""),
                name="institutions_organisation_number_unique",
            )
        ]

    def __str__(self) -> str:
        return self.short_name


class Department(models.Model):
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="departments"
    )
    name = models.CharField(_("Navn"), max_length=150)
    arena_kind = models.CharField(_("Slag tjenestested"), max_length=30, choices=ArenaKind.choices)

    class Meta:
        ordering = ["institution__name", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["institution", "name"], name="institutions_department_name_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.institution.short_name}"


class Recognition(Period):
    """What an institution or one department is recognised for, and since when (kap. 5.2)."""

    institution = models.ForeignKey(
        Institution, on_delete=models.CASCADE, related_name="recognitions"
    )
    department = models.ForeignKey(
        Department, on_delete=models.CASCADE, null=True, blank=True, related_name="recognitions"
    )
    kind = models.CharField(_("Slag"), max_length=30, choices=RecognitionKind.choices)
    status = models.CharField(_("Status"), max_length=20, choices=RecognitionStatus.choices)
    source = models.CharField(_("Kilde"), max_length=200, blank=True)

    class Meta(Period.Meta):
        ordering = ["institution", "starts_on"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind=RecognitionKind.REGISTERED, status=RecognitionStatus.WITHDRAWN),
                name="institutions_registration_not_withdrawn",
                violation_error_message=_("En registrering kan ikke trekkes tilbake."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or self.institution}: {self.get_kind_display()}"


class _PeriodRange(Func):
    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


class _OneNumber(Func):
    """A number as a range of one: an exclusion constraint then needs no btree_gist."""

    function = "int8range"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"


class _HashText(Func):
    function = "hashtext"


class _OrZero(Func):
    template = "coalesce(%(expressions)s, 0)"


class RoleAssignmentQuerySet(PeriodQuerySet):
    def of(self, role: str):
        return self.filter(role=role)

    def held_by(self, user):
        return self.filter(user=user)


class RoleAssignment(Period):
    """A role somebody holds from–to, in one department, a whole institution, or here (admin)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="role_assignments"
    )
    role = models.CharField(
        _("Rolle"), max_length=30, choices=[(r.value, r.label) for r in ASSIGNABLE_ROLES]
    )
    institution = models.ForeignKey(
        Institution,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="role_assignments",
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="role_assignments"
    )

    objects = RoleAssignmentQuerySet.as_manager()

    class Meta(Period.Meta):
        ordering = ["role", "starts_on"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in ASSIGNABLE_ROLES]),
                name="institutions_roleassignment_role_assignable",
            ),
            models.CheckConstraint(
                condition=Q(role=Role.ADMIN, institution=None, department=None)
                | (
                    ~Q(role=Role.ADMIN)
                    & (
                        Q(institution__isnull=False, department=None)
                        | Q(institution=None, department__isnull=False)
                    )
                ),
                name="institutions_roleassignment_one_place",
                violation_error_message=_("Velg enten et tjenestested eller en hel virksomhet."),
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.EDUCATION_LEAD) | Q(institution__isnull=False),
                name="institutions_roleassignment_education_lead_of_institution",
                violation_error_message=_(
                    "Utdanningsansvarlig overlege knyttes til en hel virksomhet."
                ),
            ),
            ExclusionConstraint(
                name="institutions_roleassignment_once_at_a_time",
                expressions=[
                    (_OneNumber("user_id"), "&&"),
                    (_OneNumber(_HashText("role")), "&&"),
                    (_OneNumber(_OrZero("institution_id")), "&&"),
                    (_OneNumber(_OrZero("department_id")), "&&"),
                    (_PeriodRange("starts_on", "ends_on"), "&&"),
                ],
                violation_error_message=_(
                    "Personen har alt denne rollen på dette stedet i hele eller deler av perioden."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}, {self.place}" if self.place else self.get_role_display()

    @property
    def place(self) -> str:
        """«Palliativt senter, St. Olavs hospital», «St. Olavs hospital», or nothing (admin)."""
        return str(self.department or self.institution or "")

    @property
    def period(self) -> RolePeriod:
        return RolePeriod(
            role=self.role,
            institution_id=self.institution_id,
            department_id=self.department_id,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
        )


class Cohort(models.Model):
    """«Kull»: the doctors of one course, year or region, with those who lead it."""

    name = models.CharField(
        _("Navn"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Det finnes alt et kull med dette navnet.")},
    )
    kind = models.CharField(_("Slag"), max_length=20, choices=CohortKind.choices)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class CohortMembership(Period):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cohort_memberships"
    )

    class Meta(Period.Meta):
        ordering = ["cohort", "starts_on"]

    def __str__(self) -> str:
        return f"{self.user}, {self.cohort}"


class CohortLeadership(Period):
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="leaderships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="cohort_leaderships"
    )

    class Meta(Period.Meta):
        ordering = ["cohort", "starts_on"]

    def __str__(self) -> str:
        return f"{self.user}, {self.cohort}"


class Agreement(Period):
    """A place that is neither approved nor registered, made a learning arena by an agreement with
    an approved institution (domain.md §4). The dates are ours: no source asks for them."""

    arena = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="agreements_as_arena"
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        help_text="Empty: the agreement covers the whole arena.",
    )
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, related_name="agreements"
    )
    source = models.CharField(_("Kilde"), max_length=200, blank=True)

    class Meta(Period.Meta):
        ordering = ["arena__name", "starts_on"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(arena=F("institution")),
                name="institutions_agreement_between_two",
                violation_error_message=_("En avtale er mellom to virksomheter."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department or self.arena} – {self.institution}"


class GoalOffer(models.Model):
    """The institution's general plan (§22): this goal can be reached in this department."""

    department = models.ForeignKey(Department, on_delete=models.CASCADE, related_name="goal_offers")
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="offers")
    how = models.CharField(_("Hvordan"), max_length=200, blank=True)

    class Meta:
        ordering = ["department", "goal__curriculum__position", "goal__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "goal"], name="institutions_goaloffer_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.goal}: {self.department}"


class CourseSession(Period):
    """One module of a course, held once: where, when, by whom, and for which cohort if not all."""

    module = models.ForeignKey(CourseModule, on_delete=models.PROTECT, related_name="sessions")
    place = models.CharField(_("Sted"), max_length=150)
    organiser = models.CharField(_("Arrangør"), max_length=150)
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    sign_up_until = models.DateField(_("Påmeldingsfrist"), null=True, blank=True)

    class Meta(Period.Meta):
        ordering = ["starts_on", "module__number"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=False), name="institutions_session_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.module}, {self.place}"
