"""Who is under training, where they serve, and who guides them."""

import datetime as dt
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from curriculum.models import Pathway
from institutions.enums import Role
from institutions.models import (
    CohortLeadership,
    CohortMembership,
    Department,
    Institution,
    Period,
    RoleAssignment,
)
from portfolio import triggers
from portfolio.enums import PostKind, ServiceKind
from portfolio.models.acts import new_key


class TrainingQuerySet(models.QuerySet):
    """Who sees a portfolio (domain.md §3, «Sees»).

    A role, appointment or placement that has ended takes its sight away at once. `on` is the day
    it is judged by; today where nothing is said.
    """

    def of(self, user):
        return self.filter(trainee=user)

    def guided_by(self, user, *, on: dt.date | None = None):
        return self.filter(_guided_by(user, on))

    def placed_under(self, user, *roles: str, on: dt.date | None = None):
        """Placed that day in a department where the user holds one of the roles."""
        return self.filter(_placed_under(user, roles, on))

    def in_cohort_of(self, user, *, on: dt.date | None = None):
        return self.filter(_in_cohort_of(user, on))

    def assessable_by(self, user, *, on: dt.date | None = None):
        """Whom a supervisor may assess without being asked: those who serve with them today."""
        return self.exclude(trainee=user).filter(
            Q(_guided_by(user, on)) | Q(_placed_under(user, [Role.CLINICAL_SUPERVISOR], on))
        )

    def visible_to(self, user, *, on: dt.date | None = None):
        return self.filter(
            Q(trainee=user)
            | Q(_guided_by(user, on))
            | Q(_placed_under(user, [Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD], on))
            | _in_cohort_of(user, on)
        )

    def with_role_of(self, user, *, on: dt.date | None = None):
        """Each with `viewer_role`: the hat in which this person looks at it, the nearest to the
        trainee first; empty for one who sees nothing of it."""
        sights = {
            Role.TRAINEE: Q(trainee=user),
            Role.EDUCATIONAL_SUPERVISOR: _guided_by(user, on),
            Role.DEPARTMENT_HEAD: _placed_under(user, [Role.DEPARTMENT_HEAD], on),
            Role.EDUCATION_LEAD: _placed_under(user, [Role.EDUCATION_LEAD], on),
            Role.PROGRAM_LEADER: _in_cohort_of(user, on),
        }
        hats = [When(sees, then=Value(role.value)) for role, sees in sights.items()]
        return self.annotate(viewer_role=Case(*hats, default=Value("")))


def _guided_by(user, on: dt.date | None) -> Exists:
    appointments = EducationalSupervision.objects.in_force(on=on)
    return Exists(appointments.filter(training=OuterRef("pk"), supervisor=user))


def _placed_under(user, roles: Iterable[str], on: dt.date | None) -> Exists:
    assignments = RoleAssignment.objects.filter(user=user, role__in=roles).in_force(on=on)
    placements = Placement.objects.in_force(on=on).filter(training=OuterRef("pk"))
    return Exists(
        placements.filter(
            Q(department__in=assignments.values("department"))
            | Q(department__institution__in=assignments.values("institution"))
        )
    )


def _in_cohort_of(user, on: dt.date | None) -> Q:
    cohorts = CohortLeadership.objects.in_force(on=on).filter(user=user).values("cohort")
    members = CohortMembership.objects.in_force(on=on).filter(cohort__in=cohorts)
    return Q(trainee__in=members.values("user"))


class Training(models.Model):
    """One doctor's way through one pathway, in one version."""

    trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="trainings"
    )
    pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="trainings")
    authorised_on = models.DateField(_("Autorisert"))
    started_on = models.DateField(_("Startet"))
    ended_on = models.DateField(_("Avsluttet"), null=True, blank=True)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["trainee__name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__gte=F("authorised_on")),
                name="portfolio_training_after_authorisation",
                violation_error_message=_("Utdanningen kan ikke starte før autorisasjonen."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="portfolio_training_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["trainee"],
                condition=Q(ended_on__isnull=True),
                name="portfolio_training_one_at_a_time",
                violation_error_message=_("Legen er allerede under utdanning."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trainee} – {self.pathway}"


class Placement(Period):
    """Service in one post: at a department, or at a place elsewhere that is only named.

    Also what lies before the training, and what is planned: the dates tell which.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="placements")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="placements"
    )
    place_name = models.CharField(_("Tjenestested"), max_length=150, blank=True)
    service_kind = models.CharField(
        _("Slag tjeneste"), max_length=20, choices=ServiceKind.choices, default=ServiceKind.OWN
    )
    specialty = models.CharField(
        _("Spesialitet"), max_length=80, blank=True, help_text="Of service in another specialty."
    )
    post_kind = models.CharField(_("Stilling"), max_length=20, choices=PostKind.choices)
    percent = models.PositiveSmallIntegerField(_("Stillingsprosent"), default=100)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(default=new_key, unique=True)

    class Meta(Period.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100),
                name="portfolio_placement_percent",
                violation_error_message=_("Stillingsprosenten er fra 1 til 100."),
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False, place_name="")
                | (Q(department__isnull=True) & ~Q(place_name="")),
                name="portfolio_placement_one_place",
                violation_error_message=_("Velg et tjenestested, eller skriv navnet på det."),
            ),
        ]
        triggers = [
            triggers.check_on_write(
                "at_most_full_time",
                "palmappen_require_room("
                "NEW.id, NEW.training_id, NEW.percent, NEW.starts_on, NEW.ends_on)",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place} {self.percent} %"

    @property
    def place(self) -> str:
        """«Palliativt senter, St. Olavs hospital», or the name that was written."""
        return str(self.department) if self.department_id else self.place_name

    @property
    def name(self) -> str:
        """The department alone, or the name that was written."""
        return self.department.name if self.department_id else self.place_name

    @property
    def institution_name(self) -> str:
        """Empty for a place that is only named."""
        return self.department.institution.short_name if self.department_id else ""


class _PeriodRange(Func):
    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"


class _IdRange(Func):
    function = "int8range"
    template = "%(function)s(%(expressions)s, %(expressions)s, '[]')"


class EducationalSupervision(Period):
    """One veileder at a time, from–to (domain.md §3)."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="supervisions"
    )
    specialty = models.CharField(_("Spesialist i"), max_length=80, blank=True)
    holds_competence_area = models.BooleanField(
        _("Har kompetanseområdet palliativ medisin"), default=False
    )
    employer = models.ForeignKey(
        Institution,
        verbose_name=_("Ansatt ved"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Tabell 3 asks where the supervisor is employed.",
    )

    class Meta(Period.Meta):
        ordering = ["starts_on"]
        constraints = [
            *Period.Meta.constraints,
            # An id as a range of one does without the btree_gist extension.
            ExclusionConstraint(
                name="portfolio_one_educational_supervisor_at_a_time",
                expressions=[
                    (_IdRange("training_id"), "&&"),
                    (_PeriodRange("starts_on", "ends_on"), "&&"),
                ],
                violation_error_message=_("Legen har allerede en veileder i perioden."),
            ),
        ]
        triggers = [
            triggers.check_on_write(
                "not_oneself", "palmappen_forbid_self(NEW.supervisor_id, NEW.training_id)"
            )
        ]

    def __str__(self) -> str:
        return f"{self.supervisor} for {self.training}"


def holds_supervisor_role(user, *, training: str, on: dt.date | None = None) -> Q:
    """The user is a clinical supervisor that day, or the educational supervisor of the row's
    training; `training` is the path to it."""
    clinical = RoleAssignment.objects.filter(user=user, role=Role.CLINICAL_SUPERVISOR).in_force(
        on=on
    )
    guided = EducationalSupervision.objects.in_force(on=on).filter(
        supervisor=user, training=OuterRef(training)
    )
    return Q(Exists(clinical)) | Q(Exists(guided))
