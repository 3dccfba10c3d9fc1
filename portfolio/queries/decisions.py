"""What the head has to decide, and what a recommender is asked to speak of."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from curriculum.queries import Passage, Statement, goal_by_code
from curriculum.rules import level_label
from institutions.enums import Role
from pages.norwegian_order import norwegian_key
from portfolio import rules
from portfolio.enums import ClaimState
from portfolio.models import (
    Claim,
    Decision,
    GoalProgress,
    RecommendationRequest,
)
from portfolio.queries.claims import ClaimStory, readiness_of
from portfolio.queries.evidence import Evidence, EvidenceRow, StatementGap, goal_evidence
from portfolio.queries.goals import goal_gaps


@dataclass(frozen=True)
class QueuedClaim:
    """A claim under this head, and whether §26 lets it be decided yet."""

    pk: int
    training_id: int
    doctor: str
    doctor_title: str
    code: str
    keyword: str
    claimed_on: dt.date
    days: int
    readiness: rules.Readiness

    @property
    def ready(self) -> bool:
        return self.readiness.ready

    @property
    def missing(self) -> tuple[Role, ...]:
        return self.readiness.missing


@dataclass(frozen=True)
class DoctorQueue:
    training_id: int
    doctor: str
    doctor_title: str
    claims: tuple[QueuedClaim, ...]


def decision_queue(user) -> tuple[QueuedClaim, ...]:
    """By doctor in Norwegian order; of each, those ready for decision first. Three queries."""
    claims = list(
        Claim.objects.awaiting_decision_by(user)
        .select_related(
            "progress__training__trainee",
            "progress__training__pathway",
            "progress__goal__curriculum",
        )
        .order_by("progress__goal__curriculum__position", "progress__goal__position")
    )
    if not claims:
        return ()
    ready = readiness_of(claim.pk for claim in claims)
    queued = [_queued(claim, ready[claim.pk]) for claim in claims]
    return tuple(
        sorted(queued, key=lambda one: (norwegian_key(one.doctor), one.training_id, not one.ready))
    )


def by_doctor(queue: tuple[QueuedClaim, ...]) -> list[DoctorQueue]:
    groups = groupby(queue, key=lambda one: (one.training_id, one.doctor, one.doctor_title))
    return [DoctorQueue(*head, claims=tuple(claims)) for head, claims in groups]


def ready_after(queue: tuple[QueuedClaim, ...], decided: Claim) -> int | None:
    """The next claim that can be decided: of the same doctor while there is one, then the doctors
    behind, then those before."""
    here = decided.progress.training_id
    trainings = [one.training_id for one in queue]
    start = trainings.index(here) if here in trainings else 0
    return next((one.pk for one in [*queue[start:], *queue[:start]] if one.ready), None)


def _queued(claim: Claim, readiness: rules.Readiness) -> QueuedClaim:
    training, goal = claim.progress.training, claim.progress.goal
    claimed_on = timezone.localdate(claim.claimed_at)
    return QueuedClaim(
        pk=claim.pk,
        training_id=training.pk,
        doctor=training.trainee.name,
        doctor_title=training.pathway.doctor_title,
        code=goal.code,
        keyword=goal.keyword,
        claimed_on=claimed_on,
        days=(timezone.localdate() - claimed_on).days,
        readiness=readiness,
    )


def recently_decided(user, *, limit: int = 5) -> list[Decision]:
    """The head's own latest decisions, with their withdrawals. One query."""
    newest_first = ("-acted_at", "-pk")
    latest = Decision.objects.filter(actor=user).order_by(*newest_first)[:limit]
    # Chosen before the other tables are joined to them, which is not done for years of decisions.
    decided = Decision.objects.filter(pk__in=latest.values("pk")).select_related(
        "claim__progress__training__trainee", "claim__progress__goal", "withdrawal"
    )
    return list(decided.order_by(*newest_first))


# --- One claim -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class ShownLine:
    """A statement in its sentence, beside the best that was shown of it."""

    statement: Statement | None  # None: the goal as a whole
    passages: tuple[Passage, ...]
    shown: rules.Shown | None

    @property
    def label(self) -> str:
        if self.shown is None:
            return ""
        if self.statement is None:
            return level_label(None, self.shown.level)
        return level_label(self.statement.kind, self.shown.level, self.statement.in_team)


@dataclass(frozen=True)
class ClaimSheet:
    """One claim with what it rests on."""

    claim: Claim
    evidence: Evidence
    story: ClaimStory
    statements: tuple[StatementGap, ...]
    rows: tuple[EvidenceRow, ...]  # newest first

    @property
    def lines(self) -> tuple[ShownLine, ...]:
        passages = {
            statement.order: passage
            for passage in self.evidence.goal.passages
            for statement in passage.statements
        }
        return tuple(
            ShownLine(
                statement=one.statement,
                passages=(
                    (passages[one.statement.order],)
                    if one.statement
                    else self.evidence.goal.passages
                ),
                shown=one.gap.shown,
            )
            for one in self.statements
        )

    @property
    def rows_with_levels(self) -> list[tuple[EvidenceRow, list[tuple[int | None, int | None]]]]:
        """Each with (shown, required) per statement."""
        gaps = [one.gap for one in self.statements]
        return [
            (row, [(row.levels.get(gap.order), gap.required) for gap in gaps]) for row in self.rows
        ]

    @property
    def roles_unasked(self) -> tuple[Role, ...]:
        heard = {voice.role for voice in self.story.voices}
        return tuple(role for role in self.story.readiness.missing if role not in heard)


def claim_sheet(claim: Claim, *, only_cited: bool = False) -> ClaimSheet:
    """Four queries. `only_cited`: no more than what the claim rests on, for one who is asked."""
    progress = claim.progress
    goal = goal_by_code(progress.goal.curriculum.code, progress.goal.code)
    evidence = goal_evidence(progress.training, goal)
    story = next(one for one in evidence.claims if one.id == claim.pk)
    if not only_cited:
        return ClaimSheet(claim, evidence, story, evidence.statements, evidence.rows)
    rows = tuple(row for row in evidence.rows if row.assessment_id in story.cited)
    return ClaimSheet(claim, evidence, story, _statements_shown(evidence, rows), rows)


def _statements_shown(evidence: Evidence, rows: Iterable[EvidenceRow]) -> tuple[StatementGap, ...]:
    """The statements with what these rows alone show."""
    shown = defaultdict(list)
    for row in rows:
        for order, level in row.levels.items():
            shown[order].append(rules.Shown(level, row.on, row.assessor, row.assessment_id))
    gaps = goal_gaps(evidence.goal, shown)
    return tuple(replace(one, gap=gap) for one, gap in zip(evidence.statements, gaps, strict=True))


def _with_subject(rows: QuerySet, path: str = "") -> QuerySet:
    return rows.select_related(
        f"{path}progress__training__trainee",
        f"{path}progress__training__pathway",
        f"{path}progress__goal__curriculum",
    )


def claims_visible_to(user) -> QuerySet:
    visible = GoalProgress.objects.visible_to(user)
    return _with_subject(Claim.objects.filter(progress__in=visible.values("pk")))


def claims_asking(user) -> QuerySet:
    """What the person is asked of today, and what can no longer be answered: the page says kindly
    what became of it. An open claim is gone from the sight of one whose role has ended."""
    awaiting = RecommendationRequest.objects.awaiting(user).values("claim")
    asked = RecommendationRequest.objects.filter(asked_of=user).values("claim")
    answered = Q(state=ClaimState.OPEN, recommendations__actor=user)
    return _with_subject(
        Claim.objects.filter(
            Q(pk__in=awaiting) | answered | ~Q(state=ClaimState.OPEN), pk__in=asked
        ).distinct()
    )


def roles_asked(user, claim: Claim) -> list[Role]:
    """In which roles the person is asked and has not answered; none where nothing waits."""
    asked = RecommendationRequest.objects.awaiting(user).filter(claim=claim)
    return [Role(role) for role in asked.values_list("role", flat=True)]


def is_said(claim: Claim, *, key: UUID) -> bool:
    return claim.recommendations.filter(key=key).exists()


def next_to_recommend(user) -> int | None:
    awaiting = RecommendationRequest.objects.awaiting(user)
    return awaiting.values_list("claim", flat=True).first()


def decisions_visible_to(user) -> QuerySet:
    visible = GoalProgress.objects.visible_to(user)
    decided = Decision.objects.filter(claim__progress__in=visible.values("pk"))
    return _with_subject(decided, "claim__").select_related("actor", "withdrawal")


def goal_path(claim: Claim) -> tuple[int, str, str]:
    """What the address of the goal's page is made of."""
    goal = claim.progress.goal
    return claim.progress.training_id, goal.curriculum.code, goal.code
