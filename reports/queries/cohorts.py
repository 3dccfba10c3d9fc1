"""One cohort as its programme leader may see it: counts and days, no causes, no averages."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet

from curriculum.models import CourseModule
from curriculum.queries import pathway_goals
from institutions.models import Cohort, CohortMembership
from pages.norwegian_order import norwegian_key
from portfolio.enums import DocumentKind
from portfolio.models import Absence, CourseAttendance, Document, Placement, Training
from portfolio.queries.absences import EXPECTED, days_within
from portfolio.queries.courses import cohorts_led_by, standing_attendances
from portfolio.queries.doctors import Service, services_of, with_surroundings
from portfolio.queries.waits import Wait, waits_of


@dataclass(frozen=True)
class ModuleDay:
    """One module for one doctor: the last day attended or the certificate's, or what else is
    known of it."""

    module: CourseModule
    completed_on: dt.date | None
    is_attended: bool
    is_missed: bool
    has_certificate: bool  # confirmed

    @property
    def is_taken(self) -> bool:
        return self.is_attended or self.has_certificate


@dataclass(frozen=True)
class ServiceLine:
    place: str
    post_kind: str
    percent: int
    starts_on: dt.date
    ends_on: dt.date | None
    days_away: int  # beyond holiday and courses, never why


@dataclass(frozen=True)
class CohortDoctor:
    training: Training  # from `with_surroundings`
    goal_count: int
    waits: tuple[Wait, ...]
    services: tuple[ServiceLine, ...]
    modules: tuple[ModuleDay, ...]
    on: dt.date

    @property
    def name(self) -> str:
        return self.training.trainee.name

    @property
    def today(self) -> tuple[Service, ...]:
        return tuple(one for one in services_of(self.training.placement_rows) if one.is_on(self.on))

    @property
    def taken_count(self) -> int:
        return sum(one.is_taken for one in self.modules)


@dataclass(frozen=True)
class CohortSheet:
    cohort: Cohort
    doctors: tuple[CohortDoctor, ...]
    on: dt.date


def cohorts_to_export(user) -> QuerySet[Cohort]:
    """Those the person leads today, with `doctor_count`."""
    members = CohortMembership.objects.in_force().values("pk")
    running = Count(
        "memberships",
        filter=Q(
            memberships__in=members,
            memberships__user__trainings__isnull=False,
            memberships__user__trainings__ended_on__isnull=True,
        )
        & ~Q(memberships__user=user),
        distinct=True,
    )
    return cohorts_led_by(user).annotate(doctor_count=running)


def trainings_in(cohort: Cohort, user, *, on: dt.date) -> QuerySet[Training]:
    """The cohort's doctors whom this leader sees today; never oneself."""
    members = CohortMembership.objects.in_force(on=on).filter(cohort=cohort)
    return (
        Training.objects.in_cohort_of(user, on=on)
        .exclude(trainee=user)
        .filter(trainee__in=members.values("user"), ended_on__isnull=True)
    )


def cohort_sheet(cohort: Cohort, user, *, on: dt.date) -> CohortSheet:
    """Seven queries and one per pathway, however many doctors."""
    trainings = list(with_surroundings(trainings_in(cohort, user, on=on), on=on))
    keys = [one.pk for one in trainings]
    pathways = {one.pathway for one in trainings}
    goal_counts = {one.pk: len(pathway_goals(one).goals) for one in pathways}
    waits, services, modules = waits_of(keys), _services(keys, on), _modules(trainings)
    doctors = [
        CohortDoctor(
            training=one,
            goal_count=goal_counts[one.pathway_id],
            waits=tuple(waits.get(one.pk, ())),
            services=tuple(services[one.pk]),
            modules=modules[one.pk],
            on=on,
        )
        for one in trainings
    ]
    return CohortSheet(cohort, tuple(sorted(doctors, key=lambda one: norwegian_key(one.name))), on)


def _services(trainings: list[int], on: dt.date) -> dict[int, list[ServiceLine]]:
    """The oldest first. Causes of absence are not even read."""
    away = defaultdict(list)
    absences = Absence.objects.filter(training__in=trainings).exclude(cause__in=EXPECTED)
    for absence in absences.only("training_id", "starts_on", "ends_on"):
        away[absence.training_id].append(absence)
    lines = defaultdict(list)
    placements = Placement.objects.filter(training__in=trainings).order_by("starts_on", "pk")
    for one in placements.select_related("department__institution"):
        lines[one.training_id].append(
            ServiceLine(
                place=one.place,
                post_kind=str(one.get_post_kind_display()),
                percent=one.percent,
                starts_on=one.starts_on,
                ends_on=one.ends_on,
                days_away=days_within(away[one.training_id], one, until=on),
            )
        )
    return lines


def _modules(trainings: list[Training]) -> dict[int, tuple[ModuleDay, ...]]:
    """The modules of each doctor's own pathway, in order."""
    keys = [one.pk for one in trainings]
    attendances = standing_attendances(keys)
    certified = {
        (training, module): issued_on
        for training, module, issued_on in Document.objects.standing()
        .confirmed()
        .filter(training__in=keys, kind=DocumentKind.COURSE_CERTIFICATE, module__isnull=False)
        .order_by("issued_on")
        .values_list("training_id", "module_id", "issued_on")
    }
    of_pathway = defaultdict(list)
    for module in _modules_by_pathway({one.pathway_id for one in trainings}):
        of_pathway[module.pathway_id].append(module)
    return {
        one.pk: tuple(
            _module_day(
                module,
                attendances.get((one.pk, module.pk)),
                has_certificate=(one.pk, module.pk) in certified,
                issued_on=certified.get((one.pk, module.pk)),
            )
            for module in of_pathway[one.pathway_id]
        )
        for one in trainings
    }


def _modules_by_pathway(pathways: set[int]) -> QuerySet[CourseModule]:
    """A module once for each pathway that has its course, as `pathway_id`."""
    offered = CourseModule.objects.filter(course__pathways__in=pathways)
    named = offered.annotate(pathway_id=F("course__pathways")).select_related("course")
    return named.order_by("course__title", "course_id", "number")


def _module_day(
    module: CourseModule,
    attendance: CourseAttendance | None,
    *,
    has_certificate: bool,
    issued_on: dt.date | None,
) -> ModuleDay:
    attended = attendance is not None and attendance.attended
    return ModuleDay(
        module=module,
        completed_on=attendance.completed_on if attended else issued_on,
        is_attended=attended,
        is_missed=attendance is not None and not attended,
        has_certificate=has_certificate,
    )
