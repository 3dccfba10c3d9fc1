"""Where every goal of a training stands: the list of goals, one doctor's page, the report."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import connection
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
    """Three queries, whatever the number of goals. `training.pathway` should be loaded."""
    shown = _shown_by_goal(training)
    traces = _traces(training)
    themes = (
        ThemeLines(
            theme,
            tuple(
                _line(training, goal, shown.get(goal.id, {}), traces.get(goal.id, Trace()))
                for goal in theme.goals
            ),
        )
        for theme in pathway_goals(training.pathway).themes
    )
    return Overview(training=training, on=on, themes=tuple(themes))


@dataclass(frozen=True)
class Trace:
    """What a goal has left behind beside its assessments."""

    state: str | None = None  # None: never claimed
    moved_on: dt.date | None = None  # the day the state last changed
    logged_on: dt.date | None = None  # the day of the newest activity; drafts do not count


def _line(
    training: Training, goal: Goal, shown: Mapping[int, Sequence[Shown]], trace: Trace
) -> GoalLine:
    seen_on = (one.seen_on for several in shown.values() for one in several)
    days = [*seen_on, *filter(None, (trace.moved_on, trace.logged_on))]
    gaps = goal_gaps(goal, shown)
    # What was decided stays dated by the decision, whatever is logged afterwards.
    is_approved = trace.state == ProgressState.APPROVED
    return GoalLine(
        goal=goal,
        status=status_of(training, trace.state, gaps, has_evidence=bool(days)),
        gaps=gaps,
        last_on=trace.moved_on if is_approved else max(days, default=None),
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


def is_touched(training: Training, goal_id: int) -> bool:
    """Whether anything was ever logged, shown or decided of the goal."""
    mine = {"training": training, "goal": goal_id}
    return (
        GoalProgress.objects.filter(**mine).exists()
        or Assessment.objects.filter(**mine).exists()
        or ActivityGoal.objects.filter(activity__training=training, goal=goal_id).exists()
    )


def _shown_by_goal(training: Training) -> dict[int, dict[int, list[Shown]]]:
    found: dict = defaultdict(lambda: defaultdict(list))
    standing = Assessment.objects.standing().filter(training=training).order_by()
    for pk, goal_id, levels, seen_on, assessor in standing.values_list(
        "pk", "goal_id", "levels", "seen_on", "actor__name"
    ):
        for order, level in levels.items():
            found[goal_id][int(order)].append(Shown(level, seen_on, assessor, pk))
    return found


# For 73 goals at once, so in SQL: Django takes longer to put it together than the database to
# answer.
_TRACES = """
SELECT goal_id, progress.state, moved_on, logged_on
  FROM (SELECT goal_id, state, moved_on
          FROM portfolio_goalprogress
         WHERE training_id = %(training)s) AS progress
  FULL JOIN
       (SELECT goal_id, max(starts_on) AS logged_on
          FROM portfolio_activitygoal
          JOIN portfolio_learningactivity AS activity ON activity.id = activity_id
         WHERE training_id = %(training)s AND state = ANY(%(begun)s)
         GROUP BY goal_id) AS logged USING (goal_id)
"""


def _traces(training: Training) -> dict[int, Trace]:
    with connection.cursor() as cursor:
        cursor.execute(_TRACES, {"training": training.pk, "begun": [one.value for one in BEGUN]})
        return {goal_id: Trace(*trace) for goal_id, *trace in cursor.fetchall()}


def local_day(moment: dt.datetime | None) -> dt.date | None:
    """The day in Norway."""
    return timezone.localdate(moment) if moment else None
