"""Everything that is known of one goal in one training.

The goal's own page, the recommender's and the head's pages and the progress report are drawn from
this, so that they can never disagree.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone

from curriculum.queries import Goal, Statement
from institutions.enums import Role
from portfolio.enums import ActivityState, ClaimState, GoalStatus, Outcome, RequestState
from portfolio.models import (
    Assessment,
    AssessmentRequest,
    LearningActivity,
    Placement,
    Training,
)
from portfolio.queries.claims import ClaimStory, Tick, claims_of, json_rows, moment
from portfolio.queries.goals import BEGUN, SHARED, goal_gaps, local_day, status_of
from portfolio.queries.heads import heads_over
from portfolio.queries.placements import PLACE
from portfolio.rules import Gap, Shown


@dataclass(frozen=True)
class StatementGap:
    """A statement with its gap; `statement` is None for a goal that has none, as a whole."""

    statement: Statement | None
    gap: Gap


@dataclass(frozen=True)
class EvidenceRow:
    """One assessment, or one activity that nobody has assessed for this goal (no levels)."""

    on: dt.date
    activity_id: int | None
    heading: str  # empty for an assessment without an activity
    place: str
    attested: bool
    assessment_id: int | None
    assessor_id: int | None
    assessor: str
    assessor_role: str
    levels: Mapping[int, int]  # {statement order: 1–3}; what was not seen is not there
    feedback: str
    recommends: bool


@dataclass(frozen=True)
class Ask:
    """A request for an assessment of the goal that is open, has run out or was sent back."""

    id: int
    asked_of: str
    state: RequestState
    asked_on: dt.date
    expires_on: dt.date
    reminded_at: dt.datetime | None
    answered_on: dt.date | None
    reason: str
    comment: str
    activity_id: int | None


@dataclass(frozen=True)
class Service:
    """Where the doctor served, as the background of the lanes."""

    department: str
    institution: str  # empty for a place that is only named
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def label(self) -> str:
        return ", ".join(filter(None, [self.department, self.institution]))


@dataclass(frozen=True)
class Head:
    """Somebody who can decide goals of this doctor today."""

    id: int
    name: str


@dataclass(frozen=True)
class Evidence:
    """All that is known of one goal in one training."""

    training: Training
    goal: Goal
    status: GoalStatus
    version: int  # of the goal's progress, for the forms that move it
    statements: tuple[StatementGap, ...]
    rows: tuple[EvidenceRow, ...]  # newest first
    asks: tuple[Ask, ...]  # newest first
    claims: tuple[ClaimStory, ...]  # newest first
    services: tuple[Service, ...]
    heads: tuple[Head, ...]

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(one.gap for one in self.statements)

    @property
    def missing(self) -> tuple[StatementGap, ...]:
        return tuple(one for one in self.statements if not one.gap.reached)

    @property
    def standing_assessments(self) -> tuple[EvidenceRow, ...]:
        """What a claim made now would cite."""
        return tuple(row for row in self.rows if row.assessment_id)

    @property
    def open_claim(self) -> ClaimStory | None:
        return next((one for one in self.claims if one.state == ClaimState.OPEN), None)

    @property
    def refused_on(self) -> tuple[dt.date, ...]:
        verdicts = (claim.verdict for claim in self.claims)
        return tuple(one.on for one in verdicts if one and one.outcome == Outcome.REFUSED)


def goal_evidence(training: Training, goal: Goal, *, on: dt.date | None = None) -> Evidence:
    """Three queries. `goal` comes from `pathway_goals`; `training.pathway` should be loaded."""
    on = on or timezone.localdate()
    rows = _assessment_rows(training, goal)
    around = _surroundings(training, goal, on)
    claims, progress = claims_of(training, goal, _ticks(rows))
    shared = [one for one in around.activities if one["state"] in SHARED]
    unassessed = _activity_rows(shared, assessed={row.activity_id for row in rows})
    gaps = goal_gaps(goal, _shown(rows))
    return Evidence(
        training=training,
        goal=goal,
        status=status_of(
            training,
            progress and progress.state,
            gaps,
            has_evidence=bool(rows or around.activities),
        ),
        version=progress.version if progress else 1,
        statements=_with_statements(goal, gaps),
        rows=tuple(sorted([*rows, *unassessed], key=_newest_first)),
        asks=tuple(_ask(one, on) for one in around.asks),
        claims=claims,
        services=tuple(_service(one) for one in around.services),
        heads=tuple(dict.fromkeys(Head(one["id"], one["name"]) for one in around.heads)),
    )


def _with_statements(goal: Goal, gaps: Iterable[Gap]) -> tuple[StatementGap, ...]:
    by_order = {one.order: one for one in goal.statements}
    return tuple(StatementGap(by_order.get(gap.order), gap) for gap in gaps)


def _newest_first(row: EvidenceRow) -> tuple:
    return (-row.on.toordinal(), -(row.assessment_id or 0), -(row.activity_id or 0))


def _shown(rows: Iterable[EvidenceRow]) -> dict[int, list[Shown]]:
    found = defaultdict(list)
    for row in rows:
        for order, level in row.levels.items():
            found[order].append(Shown(level, row.on, row.assessor, row.assessment_id))
    return found


def _assessment_rows(training: Training, goal: Goal) -> list[EvidenceRow]:
    standing = (
        Assessment.objects.standing()
        .filter(training=training, goal=goal.id)
        .select_related("actor", "activity__department__institution")
    )
    return [_assessment_row(one) for one in standing]


def _assessment_row(assessment: Assessment) -> EvidenceRow:
    activity = assessment.activity
    return EvidenceRow(
        on=assessment.seen_on,
        activity_id=assessment.activity_id,
        heading=activity.heading if activity else "",
        place=str(activity.department or "") if activity else "",
        attested=bool(activity) and activity.state == ActivityState.ATTESTED,
        assessment_id=assessment.pk,
        assessor_id=assessment.actor_id,
        assessor=assessment.actor.name,
        assessor_role=assessment.actor_role,
        levels={int(order): level for order, level in assessment.levels.items()},
        feedback=assessment.feedback,
        recommends=assessment.recommends,
    )


def _ticks(rows: Iterable[EvidenceRow]) -> list[Tick]:
    return [
        Tick(
            assessment_id=row.assessment_id,
            person_id=row.assessor_id,
            name=row.assessor,
            role=Role(row.assessor_role),
            feedback=row.feedback,
            seen_on=row.on,
        )
        for row in rows
        if row.recommends
    ]


def _activity_rows(found: Iterable[dict], *, assessed: set[int | None]) -> list[EvidenceRow]:
    return [_activity_row(one) for one in found if one["id"] not in assessed]


def _activity_row(found: dict) -> EvidenceRow:
    activity = LearningActivity(kind=found["kind"], note=found["note"])
    places = (found["department"], found["institution"])
    return EvidenceRow(
        on=dt.date.fromisoformat(found["starts_on"]),
        activity_id=found["id"],
        heading=activity.heading,
        place=", ".join(filter(None, places)),
        attested=found["state"] == ActivityState.ATTESTED,
        assessment_id=None,
        assessor_id=None,
        assessor="",
        assessor_role="",
        levels={},
        feedback="",
        recommends=False,
    )


@dataclass(frozen=True)
class _Surroundings:
    services: list[dict]
    asks: list[dict]
    activities: list[dict]
    heads: list[dict]


OF_TRAINING = Q(training=OuterRef("pk"))
UNANSWERED = (RequestState.OPEN, RequestState.EXPIRED, RequestState.RETURNED)


def _surroundings(training: Training, goal: Goal, on: dt.date) -> _Surroundings:
    """Placements, requests, activities for the goal, and today's heads. One query."""
    heads = heads_over(training.pk, trainee=training.trainee_id, on=on)
    columns = (
        _service_column(),
        _ask_column(goal),
        _activity_column(goal),
        json_rows(heads, id="user", name="user__name"),
    )
    return _Surroundings(*Training.objects.filter(pk=training.pk).values_list(*columns).get())


def _service_column() -> ArraySubquery:
    placements = Placement.objects.filter(OF_TRAINING)
    return json_rows(placements, **PLACE, starts_on="starts_on", ends_on="ends_on")


def _ask_column(goal: Goal) -> ArraySubquery:
    asks = AssessmentRequest.objects.filter(OF_TRAINING, goal=goal.id, state__in=UNANSWERED)
    return json_rows(
        asks.order_by("-asked_at", "-pk"),
        id="pk",
        asked_of="asked_of__name",
        state="state",
        asked_at="asked_at",
        expires_on="expires_on",
        reminded_at="reminded_at",
        answered_at="answered_at",
        reason="return_reason",
        comment="return_comment",
        activity_id="activity",
    )


def _activity_column(goal: Goal) -> ArraySubquery:
    return json_rows(
        LearningActivity.objects.filter(OF_TRAINING, state__in=BEGUN, activity_goals__goal=goal.id),
        id="pk",
        kind="kind",
        note="note",
        state="state",
        starts_on="starts_on",
        department="department__name",
        institution="department__institution__short_name",
    )


def _service(found: dict) -> Service:
    return Service(
        department=found["department"],
        institution=found["institution"],
        starts_on=dt.date.fromisoformat(found["starts_on"]),
        ends_on=dt.date.fromisoformat(found["ends_on"]) if found["ends_on"] else None,
    )


def _ask(found: dict, on: dt.date) -> Ask:
    expires_on = dt.date.fromisoformat(found["expires_on"])
    has_run_out = found["state"] == RequestState.OPEN and expires_on < on
    return Ask(
        id=found["id"],
        asked_of=found["asked_of"],
        state=RequestState.EXPIRED if has_run_out else RequestState(found["state"]),
        asked_on=local_day(moment(found["asked_at"])),
        expires_on=expires_on,
        reminded_at=moment(found["reminded_at"]),
        answered_on=local_day(moment(found["answered_at"])),
        reason=found["reason"],
        comment=found["comment"],
        activity_id=found["activity_id"],
    )
