"""From rows to what pre-flight is told of the goals."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from curriculum.queries import Goal, PathwayGoals
from institutions.enums import Role
from portfolio import rules
from portfolio.enums import GoalStatus, Outcome, ProgressState
from portfolio.queries.claims import moment
from portfolio.queries.goals import goal_gaps, local_day
from portfolio.queries.readiness.rows import Rows
from portfolio.rules import Opinion, Shown
from portfolio.rules.preflight.facts import Asked, GoalFacts


def goals_of(found: Rows, required: PathwayGoals, on: dt.date) -> tuple[GoalFacts, ...]:
    """Those required, in order; then those anything was decided of or mirrored under another."""
    rows = _ByGoal(found)
    others = [one for one in rows.touched if one["goal_id"] not in required.by_id]
    left = {one["goal_id"]: one for one in others}
    return (
        *(_required(goal, rows) for goal in required.goals),
        *(_left(row, rows, on) for row in left.values()),
    )


class _ByGoal:
    """The rows of one training, by goal."""

    def __init__(self, found: Rows):
        self.touched = [*found.progress_rows, *found.mirror_rows]
        self.begun = set(found.begun_goals)  # by activity
        self.states = {one["goal_id"]: one["state"] for one in found.progress_rows}
        self.mirrored = {one["goal_id"]: _day(one["approved_on"]) for one in found.mirror_rows}
        self.decisions = _by(found.decision_rows, "goal_id")
        self.assessments = _by(found.assessment_rows, "goal_id")
        self.claims = {one["goal_id"]: one["id"] for one in found.open_claim_rows}
        self.asked = _by(found.asked_rows, "claim_id")
        self.said = _by(found.said_rows, "claim_id")
        self.ticks = _by(found.tick_rows, "claim_id")
        self.followers = _by(found.succession_rows, "old_id")

    def is_approved(self, goal_id: int) -> bool:
        return self.states.get(goal_id) == ProgressState.APPROVED


def _by(rows: Iterable[dict], key: str) -> dict[int, list[dict]]:
    found = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _required(goal: Goal, rows: _ByGoal) -> GoalFacts:
    assessments = rows.assessments[goal.id]
    missing_roles, asked = _claim(goal.id, rows)
    return GoalFacts(
        goal_id=goal.id,
        curriculum=goal.curriculum_code,
        code=goal.code,
        is_required=True,
        is_repealed=False,
        status=_status(goal.id, rows),
        unshown=_unshown(goal, assessments),
        assessed_on=max((local_day(moment(one["acted_at"])) for one in assessments), default=None),
        missing_roles=missing_roles,
        asked=asked,
        mirrored_on=rows.mirrored.get(goal.id),
        **_decided(rows.decisions[goal.id]),
    )


def _left(row: dict, rows: _ByGoal, on: dt.date) -> GoalFacts:
    goal_id = row["goal_id"]
    followers = rows.followers[goal_id]
    repealed_from = _day(row["repealed_from"])
    return GoalFacts(
        goal_id=goal_id,
        curriculum=row["curriculum"],
        code=row["code"],
        is_required=False,
        is_repealed=bool(repealed_from and repealed_from <= on),
        status=_status(goal_id, rows),
        mirrored_on=rows.mirrored.get(goal_id),
        successors=tuple(one["code"] for one in followers),
        succeeded=any(rows.is_approved(one["new_id"]) for one in followers),
        **_decided(rows.decisions[goal_id]),
    )


def _status(goal_id: int, rows: _ByGoal) -> GoalStatus:
    """As the list of goals tells it: whatever was ever claimed, logged or shown is begun."""
    begun = goal_id in rows.begun or goal_id in rows.states or rows.assessments[goal_id]
    return rules.goal_status(rows.states.get(goal_id), has_evidence=bool(begun))


def _unshown(goal: Goal, assessments: Iterable[dict]) -> int:
    """Statements never shown at the level they require."""
    shown = defaultdict(list)
    for one in assessments:
        for order, level in one["levels"].items():
            shown[int(order)].append(Shown(level, dt.date.min, "", 0))
    return sum(not gap.reached for gap in goal_gaps(goal, shown))


def _decided(decisions: list[dict]) -> dict[str, dt.date | None]:
    """The last approval, its withdrawal, and the last time a claim was not approved."""
    approvals = [one for one in decisions if one["outcome"] == Outcome.APPROVED]
    setbacks = [one for one in decisions if one["outcome"] != Outcome.APPROVED]
    last = approvals[-1] if approvals else {}
    return {
        "approved_on": local_day(moment(last.get("acted_at"))),
        "withdrawn_on": local_day(moment(last.get("withdrawn_at"))),
        "returned_on": local_day(moment(setbacks[-1]["acted_at"])) if setbacks else None,
    }


def _claim(goal_id: int, rows: _ByGoal) -> tuple[tuple[Role, ...], tuple[Asked, ...]]:
    """Which roles §26 still waits for, and who is asked and silent."""
    claim_id = rows.claims.get(goal_id)
    if claim_id is None:
        return (), ()
    said = rows.said[claim_id]
    ready = rules.readiness(
        [Opinion(one["person_id"], Role(one["role"]), one["recommends"]) for one in said],
        [
            Opinion(one["person_id"], Role(one["role"]), True, by_tick=True)
            for one in rows.ticks[claim_id]
        ],
    )
    if ready.ready:
        return (), ()
    # Both have spoken, but they are one person: another supervisor is needed.
    missing = ready.missing or (Role.CLINICAL_SUPERVISOR,)
    asked = tuple(
        Asked(one["name"], Role(one["role"]), local_day(moment(one["asked_at"])))
        for one in rows.asked[claim_id]
        if one["role"] in missing
    )
    return missing, asked
