"""Can the goals be reached where the trainee is to serve? The general plan (§22) against the
planned placements. Pure.

An institution whose general plan nobody has entered is unknown: nothing follows from its silence.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from institutions.enums import ArenaKind
from portfolio.enums import Reach

# Kap. 3.4 presupposes service at both; PAL-010 needs the ward.
PRESUPPOSED_ARENAS = (ArenaKind.PALLIATIVE_CENTRE, ArenaKind.INTERNAL_MEDICINE_WARD)


@dataclass(frozen=True)
class Stay:
    """Somewhere from–to, both days included. A place that is only named has no ids."""

    department_id: int | None
    institution_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None

    def lasts_beyond(self, day: dt.date) -> bool:
        return self.ends_on is None or self.ends_on >= day


@dataclass(frozen=True)
class Offered:
    """What can be learnt in one department, by the institution's general plan."""

    department_id: int
    institution_id: int
    goals: frozenset[int]


@dataclass(frozen=True)
class Deal:
    """An arena, or one department of it, that an institution has an agreement with."""

    institution_id: int
    arena_id: int
    department_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None

    def covers(self, offered: Offered) -> bool:
        return self.arena_id == offered.institution_id and self.department_id in (
            None,
            offered.department_id,
        )

    def serves(self, stay: Stay, *, today: dt.date) -> bool:
        """In force on some day of the stay that is still to come."""
        first = max(self.starts_on, stay.starts_on, today)
        last = min(self.ends_on or dt.date.max, stay.ends_on or dt.date.max)
        return self.institution_id == stay.institution_id and first <= last


@dataclass(frozen=True)
class GoalReach:
    """Where a goal can be reached: of the planned places, of those under agreement, or, where it
    is in none of them, elsewhere in the same institutions."""

    goal_id: int
    reach: Reach
    departments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """`is_planned`: there is service to come. Without any, no goal is judged."""

    is_planned: bool
    goals: tuple[GoalReach, ...]
    missing_arenas: tuple[ArenaKind, ...]

    def of(self, reach: Reach) -> tuple[GoalReach, ...]:
        return tuple(one for one in self.goals if one.reach == reach)

    @property
    def unreachable(self) -> tuple[GoalReach, ...]:
        """«PAL-010 kan ikke nås i noen planlagt tjeneste»."""
        return self.of(Reach.NOWHERE)


def coverage(
    goal_ids: Iterable[int],
    *,
    stays: Collection[Stay],
    offers: Collection[Offered],
    deals: Collection[Deal],
    today: dt.date,
    arena_kinds: Collection[str] = PRESUPPOSED_ARENAS,
    presupposed: Iterable[ArenaKind] = (),
) -> Coverage:
    """`goal_ids`: those still to be reached. `arena_kinds`: where the trainee has served, serves or
    will; `presupposed`: what kinds of place the pathway asks for."""
    ahead = [stay for stay in stays if stay.lasts_beyond(today)]
    view = _View.of(ahead, offers=offers, deals=deals, today=today)
    return Coverage(
        is_planned=bool(ahead),
        goals=tuple(view.reach_of(goal_id) for goal_id in goal_ids) if ahead else (),
        missing_arenas=tuple(kind for kind in presupposed if kind not in arena_kinds),
    )


def offers_goal(offers: Iterable[Offered], *, department_id: int, goal_id: int) -> bool | None:
    """Whether the goal can be reached in the department; None where the institution has said
    nothing. `offers` are those of all its departments."""
    by_department = {one.department_id: one for one in offers if one.goals}
    if department_id in by_department:
        return goal_id in by_department[department_id].goals
    return False if by_department else None


@dataclass(frozen=True)
class _View:
    """The offers as one trainee meets them."""

    planned: tuple[Offered, ...]
    agreed: tuple[Offered, ...]
    near: tuple[Offered, ...]  # other departments where the trainee is to be
    knows_all: bool

    @classmethod
    def of(cls, ahead: Collection[Stay], *, offers, deals, today: dt.date) -> "_View":
        departments = {stay.department_id for stay in ahead}
        institutions = {stay.institution_id for stay in ahead}
        serving = [deal for deal in deals if any(deal.serves(one, today=today) for one in ahead)]
        entered = {one.institution_id for one in offers if one.goals}
        return cls(
            planned=tuple(one for one in offers if one.department_id in departments),
            agreed=tuple(one for one in offers if any(deal.covers(one) for deal in serving)),
            near=tuple(one for one in offers if one.institution_id in institutions),
            knows_all=institutions <= entered,
        )

    def reach_of(self, goal_id: int) -> GoalReach:
        for reach, places in ((Reach.OFFERED, self.planned), (Reach.BY_AGREEMENT, self.agreed)):
            if found := _with(goal_id, places):
                return GoalReach(goal_id, reach, found)
        if not self.knows_all:
            return GoalReach(goal_id, Reach.UNKNOWN)
        return GoalReach(goal_id, Reach.NOWHERE, _with(goal_id, self.near))


def _with(goal_id: int, places: Iterable[Offered]) -> tuple[int, ...]:
    return tuple(one.department_id for one in places if goal_id in one.goals)
