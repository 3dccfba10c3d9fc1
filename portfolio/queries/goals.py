"""Where every goal of a training stands: the list of goals, one doctor's page, the report."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Max
from django.utils import timezone

from curriculum.queries import Goal, Theme, pathway_goals
from portfolio import rules
from portfolio.enums import ActivityState, GoalStatus, ProgressState
from portfolio.models import WHOLE_GOAL, ActivityGoal, Assessment, GoalProgress, Training
from portfolio.rules import Gap, Shown

SHARED = (ActivityState.SENT, ActivityState.ATTESTED)
BEGUN = (*SHARED, ActivityState.RETURNED)  # what was sent back is being worked on


@dataclass(frozen=True)
class GoalLine:
    """One goal in the list: its status, the gap of each statement, and when something last
    happened. A goal without statements has one gap, of the whole (order 0, nothing required)."""

    goal: Goal
    status: GoalStatus
    gaps: tuple[Gap, ...]
    last_on: dt.date | None

    @property
    def reached(self) -> bool:
        return all(gap.reached for gap in self.gaps)


@dataclass(frozen=True)
class ThemeLines:
    theme: Theme
    lines: tuple[GoalLine, ...]

    def with_status(self, status: GoalStatus) -> int:
        return sum(line.status == status for line in self.lines)


@dataclass(frozen=True)
class Overview:
    """Every required goal of the training's pathway, by theme, as it stood on the day `on`."""

    training: Training
    on: dt.date
    themes: tuple[ThemeLines, ...]

    @cached_property
    def lines(self) -> tuple[GoalLine, ...]:
        return tuple(line for theme in self.themes for line in theme.lines)

    @cached_property
    def counts(self) -> Mapping[GoalStatus, int]:
        """How many goals have each status; 0 for a status that no goal has."""
        return Counter(line.status for line in self.lines)

    @property
    def total(self) -> int:
        return len(self.lines)

    @property
    def settled(self) -> int:
        """Approved; in the competence area, shown at the required level."""
        done = GoalStatus.APPROVED if self.training.pathway.decides_goals else GoalStatus.SHOWN
        return self.counts[done]


def goal_overview(training: Training, on: dt.date) -> Overview:
    """Four queries, whatever the number of goals. `training.pathway` should be loaded."""
    shown = _shown_by_goal(training)
    states = _states(training)
    activities = _last_activities(training)

    def line(goal: Goal) -> GoalLine:
        of_goal = shown.get(goal.id, {})
        state, moved_on = states.get(goal.id, (None, None))
        seen_on = [one.seen_on for several in of_goal.values() for one in several]
        days = [*seen_on, *filter(None, (moved_on, activities.get(goal.id)))]
        gaps = goal_gaps(goal, of_goal)
        return GoalLine(
            goal=goal,
            status=status_of(training, state, gaps, has_evidence=bool(days)),
            gaps=gaps,
            # What was decided stays dated by the decision, whatever is logged afterwards.
            last_on=moved_on if state == ProgressState.APPROVED else max(days, default=None),
        )

    return Overview(
        training=training,
        on=on,
        themes=tuple(
            ThemeLines(theme=theme, lines=tuple(line(goal) for goal in theme.goals))
            for theme in pathway_goals(training.pathway).themes
        ),
    )


def goal_gaps(goal: Goal, shown: Mapping[int, Iterable[Shown]]) -> tuple[Gap, ...]:
    """Per statement, or one for the whole of a goal that has none. `shown`: by statement order."""
    required = {one.order: int(one.level) for one in goal.statements} or {WHOLE_GOAL: None}
    return tuple(
        Gap(order=order, required=level, shown=rules.best_shown(shown.get(order, ())))
        for order, level in required.items()
    )


def status_of(
    training: Training, state: str | None, gaps: Iterable[Gap], *, has_evidence: bool
) -> GoalStatus:
    return rules.goal_status(
        state,
        has_evidence=has_evidence,
        reached=not training.pathway.decides_goals and all(gap.reached for gap in gaps),
    )


def matching_goals(goals: Iterable[Goal], words: str) -> set[int]:
    """Ids of the goals that hold every word; all where nothing is asked. The public search of the
    curriculum reads the same texts."""
    wanted = words.casefold().split()
    return {goal.id for goal in goals if all(word in _searched(goal) for word in wanted)}


def _searched(goal: Goal) -> str:
    return f"{goal.code} {goal.keyword} {goal.full_text} {goal.elaboration}".casefold()


def _shown_by_goal(training: Training) -> dict[int, dict[int, list[Shown]]]:
    found: dict = defaultdict(lambda: defaultdict(list))
    standing = Assessment.objects.standing().filter(training=training).order_by()
    for pk, goal_id, levels, seen_on, assessor in standing.values_list(
        "pk", "goal_id", "levels", "seen_on", "actor__name"
    ):
        for order, level in levels.items():
            found[goal_id][int(order)].append(Shown(level, seen_on, assessor, pk))
    return found


def _states(training: Training) -> dict[int, tuple[str, dt.date | None]]:
    """The state of each goal that was ever claimed, and the day it last moved."""
    rows = GoalProgress.objects.filter(training=training).order_by()
    return {
        goal_id: (state, moved_on)
        for goal_id, state, moved_on in rows.values_list("goal_id", "state", "moved_on")
    }


def _last_activities(training: Training) -> dict[int, dt.date]:
    """The day of the newest activity for each goal; drafts do not count."""
    return dict(
        ActivityGoal.objects.filter(activity__training=training, activity__state__in=BEGUN)
        .order_by()
        .values_list("goal_id")
        .annotate(last=Max("activity__starts_on"))
    )


def local_day(moment: dt.datetime | None) -> dt.date | None:
    """The day in Norway."""
    return timezone.localdate(moment) if moment else None
