"""A move to another pathway, goal by goal, before anybody decides it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from curriculum.enums import Standing
from curriculum.models import GoalSuccession, LearningGoal, Pathway
from curriculum.queries import Goal, pathway_goals
from portfolio.enums import GoalStatus, Passage, ProgressState, Refusal
from portfolio.models import AssessmentRequest, Claim, GoalProgress, Training
from portfolio.queries.goals import goal_overview
from portfolio.rules.moves import GoalPassage, Succession, move_refusal, passages

STARTED = frozenset(GoalStatus) - {GoalStatus.NOT_STARTED}


@dataclass(frozen=True)
class GoalMove:
    """One goal's row in the preview; a new goal has no status yet."""

    goal: Goal
    passage: Passage
    status: GoalStatus | None
    successors: tuple[Goal, ...]

    @property
    def is_started(self) -> bool:
        return self.status in STARTED


@dataclass(frozen=True)
class Move:
    """What moving the training to `pathway` would do."""

    training: Training
    pathway: Pathway
    goals: tuple[GoalMove, ...]
    refusal: Refusal | None

    def _where(self, passage: Passage) -> tuple[GoalMove, ...]:
        return tuple(one for one in self.goals if one.passage == passage)

    @property
    def kept(self) -> tuple[GoalMove, ...]:
        return self._where(Passage.KEPT)

    @property
    def added(self) -> tuple[GoalMove, ...]:
        return self._where(Passage.NEW)

    @property
    def leaving(self) -> tuple[GoalMove, ...]:
        """What the new pathway does not ask for, followed by another goal or not."""
        return tuple(one for one in self.goals if one.passage not in (Passage.KEPT, Passage.NEW))

    @property
    def leaving_started(self) -> tuple[GoalMove, ...]:
        return tuple(one for one in self.leaving if one.is_started)


def move_of(training: Training, pathway: Pathway, *, on: dt.date) -> Move:
    """`training.pathway` should be loaded."""
    new = {goal.id: goal for goal in pathway_goals(pathway).goals}
    lines = {line.goal.id: line for line in goal_overview(training, on).lines}
    found = passages(lines, new, _successions(lines))
    known = new | {goal_id: line.goal for goal_id, line in lines.items()}
    statuses = {goal_id: line.status for goal_id, line in lines.items()}
    return Move(
        training=training,
        pathway=pathway,
        goals=tuple(_row(one, known, statuses) for one in found),
        refusal=_refusal(training, pathway, found),
    )


def _row(
    one: GoalPassage, known: Mapping[int, Goal], statuses: Mapping[int, GoalStatus]
) -> GoalMove:
    return GoalMove(
        goal=known[one.goal_id],
        passage=one.passage,
        status=statuses.get(one.goal_id),
        successors=tuple(known[goal_id] for goal_id in one.successors),
    )


def _successions(old: Iterable[int]) -> list[Succession]:
    rows = GoalSuccession.objects.filter(old_goal__in=list(old)).order_by(
        "old_goal__position", "new_goal__position"
    )
    return [Succession(*row) for row in rows.values_list("old_goal", "new_goal", "official")]


def _refusal(training: Training, pathway: Pathway, found: Iterable[GoalPassage]) -> Refusal | None:
    claims = Claim.objects.open().filter(progress__training=training)
    requests = AssessmentRequest.objects.open().filter(training=training)
    return move_refusal(
        found,
        waiting=set(requests.values_list("goal_id", flat=True)),
        claimed=set(claims.values_list("progress__goal_id", flat=True)),
        decides_goals=pathway.decides_goals,
    )


def open_pathways() -> QuerySet[Pathway]:
    """Those one can go on under: nobody goes back to a repealed version."""
    return Pathway.objects.exclude(standing=Standing.REPEALED)


def other_pathways(training: Training) -> QuerySet[Pathway]:
    return open_pathways().exclude(pk=training.pathway_id)


@dataclass(frozen=True)
class LeftGoal:
    """Approved under an earlier pathway; `successors` are of the pathway of today."""

    goal: LearningGoal
    successors: tuple[GoalSuccession, ...]


def left_goals(training: Training) -> tuple[LeftGoal, ...]:
    """What the pathway of today does not ask for. Two queries."""
    approved = GoalProgress.objects.filter(training=training, state=ProgressState.APPROVED)
    left = approved.exclude(goal__curriculum__pathways=training.pathway_id)
    goals = [one.goal for one in left.select_related("goal__curriculum")]
    rows = GoalSuccession.objects.filter(
        old_goal__in=goals, new_goal__curriculum__pathways=training.pathway_id
    ).select_related("new_goal__curriculum")
    found = list(rows)
    return tuple(
        LeftGoal(goal, tuple(one for one in found if one.old_goal_id == goal.pk)) for goal in goals
    )
