"""What becomes of each goal when a training goes on under another pathway or version.

Evidence never moves: it stays tied to the version it was given under. What changes is which goals
are asked for.
"""

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass

from portfolio.enums import Passage, Refusal


@dataclass(frozen=True)
class Succession:
    """`new_id` follows `old_id`; official, or only our suggestion."""

    old_id: int
    new_id: int
    official: bool


@dataclass(frozen=True)
class GoalPassage:
    """One goal's way through the move; `successors` are the new goals that follow it."""

    goal_id: int
    passage: Passage
    successors: tuple[int, ...] = ()


def passages(
    old: Iterable[int], new: Iterable[int], successions: Iterable[Succession]
) -> tuple[GoalPassage, ...]:
    """Every goal of either pathway: the old ones in their order, then what is only in the new."""
    old, new = tuple(old), tuple(new)
    asked_for = frozenset(new)
    followers = defaultdict(list)
    for one in successions:
        if one.new_id in asked_for:
            followers[one.old_id].append(one)
    before = tuple(_passage(goal_id, asked_for, followers[goal_id]) for goal_id in old)
    added = tuple(GoalPassage(goal_id, Passage.NEW) for goal_id in new if goal_id not in set(old))
    return before + added


def _passage(goal_id: int, asked_for: Set[int], followers: list[Succession]) -> GoalPassage:
    if goal_id in asked_for:
        return GoalPassage(goal_id, Passage.KEPT)
    official = tuple(one.new_id for one in followers if one.official)
    if official:
        return GoalPassage(goal_id, Passage.FOLLOWED, official)
    if followers:
        return GoalPassage(goal_id, Passage.SUGGESTED, tuple(one.new_id for one in followers))
    return GoalPassage(goal_id, Passage.LEFT)


def move_refusal(
    moves: Iterable[GoalPassage], *, waiting: Set[int], claimed: Set[int], decides_goals: bool
) -> Refusal | None:
    """Why the training cannot be moved now; None where it can.

    `waiting`: goals that somebody is asked to assess; `claimed`: goals that wait for a decision.
    What waits must still be answerable afterwards.
    """
    asked_for = {one.goal_id for one in moves if one.passage in (Passage.KEPT, Passage.NEW)}
    if claimed - (asked_for if decides_goals else set()):
        return Refusal.MOVE_HAS_CLAIMS
    if waiting - asked_for:
        return Refusal.MOVE_HAS_REQUESTS
    return None
