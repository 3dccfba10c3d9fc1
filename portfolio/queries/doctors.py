"""The doctors a leader follows: who needs attention, and one doctor at a glance."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import (
    Count,
    Exists,
    F,
    Max,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from curriculum.queries import pathway_goals
from institutions.enums import Role
from portfolio import rules
from portfolio.enums import ActivityState, GoalStatus, Need, ProgressState
from portfolio.models import (
    Assessment,
    EducationalSupervision,
    GoalProgress,
    LearningActivity,
    Placement,
    Training,
)
from portfolio.queries.absences import DaysAway, days_away, days_within
from portfolio.queries.claims import json_rows
from portfolio.queries.goals import Overview, ThemeLines
from portfolio.queries.placements import PLACE
from portfolio.queries.waits import Wait, waits_of


@dataclass(frozen=True)
class Service:
    """One placement, as the lists and the timeline show it."""

    department: str
    institution: str
    percent: int
    starts_on: dt.date
    ends_on: dt.date | None
    days_away: int = 0  # beyond holiday and courses; why is not for leaders (domain.md §3)

    @property
    def label(self) -> str:
        return ", ".join(filter(None, [self.department, self.institution]))

    def is_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class DoctorLine:
    """One doctor in a leader's list."""

    training: Training
    institution_ids: frozenset[int]
    services: tuple[Service, ...]  # today's
    total: int  # goals of the pathway
    settled: int  # approved; in the competence area: assessed
    claimed: int
    waits: tuple[Wait, ...]
    last_activity_on: dt.date | None
    guided_until: dt.date | None  # the last day; None while the appointment runs on
    is_guided: bool
    needs: tuple[Need, ...]
    on: dt.date

    @property
    def lags(self) -> tuple[Need, ...]:
        """What is amiss; a goal that waits for a decision is not, unless it has waited long."""
        return tuple(need for need in self.needs if need != Need.DECISION)

    @property
    def oldest(self) -> Wait | None:
        return self.waits[0] if self.waits else None

    @property
    def oldest_days(self) -> int:
        return self.oldest.days(self.on) if self.oldest else 0


@dataclass(frozen=True)
class Cohort:
    """The doctors this person follows, those who need them first, and the counts that filter."""

    lines: tuple[DoctorLine, ...]
    counts: dict[Need, int]
    total: int


def cohort_of(
    user, *, on: dt.date, need: str = "", institution: int | None = None, pathway: int | None = None
) -> Cohort:
    """Two queries, and one per pathway."""
    followed = list(_followed_by(user, on=on))
    waits = waits_of(one.pk for one in followed)
    totals = {one.pathway: 0 for one in followed}
    totals = {pathway.pk: len(pathway_goals(pathway).goals) for pathway in totals}
    lines = [
        _line(training, waits.get(training.pk, []), totals[training.pathway_id], on)
        for training in followed
    ]
    lines = [
        one
        for one in lines
        if (not institution or institution in one.institution_ids)
        and (not pathway or one.training.pathway_id == pathway)
    ]
    counts = {need: sum(need in one.needs for one in lines) for need in Need}
    shown = [one for one in lines if not need or need in one.needs]
    shown.sort(key=lambda one: (-len(one.lags), -one.oldest_days, one.training.trainee.name))
    return Cohort(lines=tuple(shown), counts=counts, total=len(lines))


def _followed_by(user, *, on: dt.date) -> QuerySet:
    return with_surroundings(
        Training.objects.visible_to(user, on=on).exclude(trainee=user), on=on
    ).filter(ended_on__isnull=True)


def with_surroundings(trainings: QuerySet, *, on: dt.date) -> QuerySet:
    """Each training with what a line about it needs, in the same query."""
    placements = Placement.objects.filter(training=OuterRef("pk")).order_by("starts_on")
    guided = EducationalSupervision.objects.in_force(on=on).filter(training=OuterRef("pk"))
    return trainings.select_related("trainee", "pathway").annotate(
        placement_rows=json_rows(
            placements,
            **PLACE,
            institution_id="department__institution_id",
            percent="percent",
            starts_on="starts_on",
            ends_on="ends_on",
        ),
        is_guided=Exists(guided),
        supervision_id=Subquery(guided.values("pk")[:1]),
        guide_name=Subquery(guided.values("supervisor__name")[:1]),
        guided_until=Subquery(guided.values("ends_on")[:1]),
        last_activity_on=Subquery(_last_activity()),
        approved_count=_count(GoalProgress, "pk", state=ProgressState.APPROVED),
        claimed_count=_count(GoalProgress, "pk", state=ProgressState.CLAIMED),
        assessed_count=_count(Assessment, "goal", retraction__isnull=True),
    )


def _last_activity() -> QuerySet:
    shared = LearningActivity.objects.filter(
        training=OuterRef("pk"), state__in=[ActivityState.SENT, ActivityState.ATTESTED]
    ).order_by()
    return (
        shared.values("training")
        .annotate(last=Max(Coalesce(F("ends_on"), F("starts_on"))))
        .values("last")
    )


def _count(model, field: str, **conditions) -> Coalesce:
    """Of the goals that today's pathway requires: after a move others may be approved as well."""
    required = {"goal__required": True, "goal__curriculum__pathways": OuterRef("pathway")}
    rows = model.objects.filter(training=OuterRef("pk"), **required, **conditions).order_by()
    counted = rows.values("training").annotate(number=Count(field, distinct=True))
    return Coalesce(Subquery(counted.values("number")), Value(0))


def services_of(rows: Iterable[dict]) -> tuple[Service, ...]:
    return tuple(
        Service(
            department=row["department"],
            institution=row["institution"],
            percent=row["percent"],
            starts_on=dt.date.fromisoformat(row["starts_on"]),
            ends_on=dt.date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
        )
        for row in rows
    )


def _line(training: Training, waits: list[Wait], total: int, on: dt.date) -> DoctorLine:
    services = tuple(one for one in services_of(training.placement_rows) if one.is_on(on))
    decides = training.pathway.decides_goals
    return DoctorLine(
        training=training,
        institution_ids=frozenset(row["institution_id"] for row in training.placement_rows),
        services=services,
        total=total,
        settled=training.approved_count if decides else training.assessed_count,
        claimed=training.claimed_count,
        waits=tuple(waits),
        last_activity_on=training.last_activity_on,
        guided_until=training.guided_until,
        is_guided=training.is_guided,
        needs=_needs(training, waits, on),
        on=on,
    )


def _needs(training: Training, waits: list[Wait], on: dt.date) -> tuple[Need, ...]:
    return rules.needs_of(
        oldest_wait_days=waits[0].days(on) if waits else None,
        quiet_days=(on - (training.last_activity_on or training.started_on)).days,
        is_guided=training.is_guided,
        guided_until=training.guided_until,
        decisions_waiting=sum(one.role == Role.DEPARTMENT_HEAD for one in waits),
        on=on,
    )


@dataclass(frozen=True)
class StatusCount:
    label: str
    number: int


@dataclass(frozen=True)
class ThemeRow:
    title: str
    counts: tuple[StatusCount, ...]


@dataclass(frozen=True)
class DoctorSheet:
    """What a leader judges one doctor's progress by."""

    training: Training
    columns: tuple[GoalStatus, ...]
    theme_rows: tuple[ThemeRow, ...]
    services: tuple[Service, ...]
    waits: tuple[Wait, ...]
    lags: tuple[Need, ...]


DECIDED_COLUMNS = (
    GoalStatus.APPROVED,
    GoalStatus.CLAIMED,
    GoalStatus.RETURNED,
    GoalStatus.REFUSED,
    GoalStatus.IN_PROGRESS,
    GoalStatus.NOT_STARTED,
)
MAP_COLUMNS = (GoalStatus.SHOWN, GoalStatus.IN_PROGRESS, GoalStatus.NOT_STARTED)


def _columns(overview: Overview) -> tuple[GoalStatus, ...]:
    """A refusal is rare: it has a column only where there is one."""
    decides = overview.training.pathway.decides_goals
    return tuple(
        status
        for status in (DECIDED_COLUMNS if decides else MAP_COLUMNS)
        if status != GoalStatus.REFUSED or overview.counts[status]
    )


def _theme_row(theme: ThemeLines, columns: tuple[GoalStatus, ...]) -> ThemeRow:
    return ThemeRow(
        title=theme.theme.title,
        counts=tuple(
            StatusCount(str(status.label), theme.with_status(status)) for status in columns
        ),
    )


def doctor_sheet(training: Training, overview: Overview, *, on: dt.date) -> DoctorSheet:
    """Two queries. `training` comes from `with_surroundings`."""
    columns = _columns(overview)
    waits = waits_of([training.pk]).get(training.pk, [])
    return DoctorSheet(
        training=training,
        columns=columns,
        theme_rows=tuple(_theme_row(theme, columns) for theme in overview.themes),
        services=_with_days_away(services_of(training.placement_rows), days_away(training), on),
        waits=tuple(waits),
        lags=tuple(one for one in _needs(training, waits, on) if one != Need.DECISION),
    )


def _with_days_away(
    services: tuple[Service, ...], away: tuple[DaysAway, ...], on: dt.date
) -> tuple[Service, ...]:
    return tuple(replace(one, days_away=days_within(away, one, until=on)) for one in services)


@dataclass(frozen=True)
class ArrangedTraining:
    """One training as an administrator sees it: the pathway and who guides, no portfolio."""

    training: Training
    supervisions: tuple[EducationalSupervision, ...]  # the newest first
    is_guided: bool

    @property
    def is_running(self) -> bool:
        return self.training.ended_on is None


def trainings_arranged_for(person, *, on: dt.date) -> tuple[ArrangedTraining, ...]:
    """The running one first. Two queries."""
    appointments = EducationalSupervision.objects.select_related("supervisor")
    trainings = (
        Training.objects.of(person)
        .select_related("pathway")
        .order_by(F("ended_on").desc(nulls_first=True))
        .prefetch_related(Prefetch("supervisions", appointments.order_by("-starts_on")))
    )
    return tuple(_arranged(training, on) for training in trainings)


def _arranged(training: Training, on: dt.date) -> ArrangedTraining:
    supervisions = tuple(training.supervisions.all())
    guided = any(
        one.starts_on <= on and (not one.ends_on or on <= one.ends_on) for one in supervisions
    )
    return ArrangedTraining(training, supervisions, guided)
