"""Half-years, revisions and terms of plans. Pure: dates come in as arguments.

Sources: domain notes §5. The half-year as the unit of the individual plan («usually half a year
ahead») and the warning ahead of the end are ours; twelve months are the regulation's.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from institutions.enums import Role
from portfolio.enums import PlanChange, PlanKind, PlanTerm
from portfolio.rules.evidence import months_later

IMPLEMENTATION_MONTHS = 12
WARNED_BEFORE_DAYS = 60  # ours: time to meet, and to sign anew
NOTHING_YET = "0.0"  # the stamp of a page that showed no plan
HALF_YEARS_AHEAD = 8  # ours: a plan of four years is long enough

# Who agrees on the other side.
OTHER_PARTY = {
    PlanKind.INDIVIDUAL: Role.EDUCATIONAL_SUPERVISOR,
    PlanKind.IMPLEMENTATION: Role.DEPARTMENT_HEAD,
}


# --- Half-years ----------------------------------------------------------------------------------


def half_year_of(day: dt.date) -> dt.date:
    """The first day of the half-year: 1 January or 1 July."""
    return dt.date(day.year, 1 if day.month < 7 else 7, 1)


def half_year_after(first: dt.date) -> dt.date:
    return dt.date(first.year, 7, 1) if first.month == 1 else dt.date(first.year + 1, 1, 1)


def last_day_of(first: dt.date) -> dt.date:
    return half_year_after(first) - dt.timedelta(days=1)


def half_years_ahead(today: dt.date) -> tuple[dt.date, ...]:
    """The next half-year first, then the one that runs, then those to come."""
    current = half_year_of(today)
    ahead = [half_year_after(current)]
    while len(ahead) < HALF_YEARS_AHEAD:
        ahead.append(half_year_after(ahead[-1]))
    return (ahead[0], current, *ahead[1:])


# --- Revisions -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """What one line of a plan says of its goal in its half-year."""

    place: str
    activity: str
    weeks: int | None


Where = tuple[dt.date, int]  # (half-year, goal)


@dataclass(frozen=True)
class Change:
    half_year: dt.date
    goal_id: int
    kind: PlanChange
    before: Line | None
    after: Line | None


def changes_between(
    earlier: Mapping[Where, Line], later: Mapping[Where, Line]
) -> tuple[Change, ...]:
    """What the later revision says otherwise, by half-year. A goal moved to another half-year
    counts as one change where it stood in just one of them."""
    changed = [
        Change(*where, PlanChange.CHANGED, earlier[where], later[where])
        for where in earlier.keys() & later.keys()
        if earlier[where] != later[where]
    ]
    gone, new = earlier.keys() - later.keys(), later.keys() - earlier.keys()
    moved = {where: origin for where in new if (origin := _only(gone, where[1], new))}
    changed += [
        Change(*where, PlanChange.MOVED, earlier[origin], later[where])
        for where, origin in moved.items()
    ]
    changed += [
        Change(*where, PlanChange.ADDED, None, later[where]) for where in new - moved.keys()
    ]
    left = gone - set(moved.values())
    changed += [Change(*where, PlanChange.REMOVED, earlier[where], None) for where in left]
    return tuple(sorted(changed, key=lambda one: (one.half_year, one.kind, one.goal_id)))


def _only(gone: Iterable[Where], goal_id: int, new: Iterable[Where]) -> Where | None:
    """Where the goal stood before, if it left one half-year and came to one."""
    left = [where for where in gone if where[1] == goal_id]
    came = [where for where in new if where[1] == goal_id]
    return left[0] if len(left) == len(came) == 1 else None


# --- Terms ---------------------------------------------------------------------------------------


def implementation_until(valid_from: dt.date) -> dt.date:
    """The last of twelve months."""
    return months_later(valid_from, IMPLEMENTATION_MONTHS) - dt.timedelta(days=1)


def term_of(valid_from: dt.date, valid_until: dt.date | None, *, today: dt.date) -> PlanTerm:
    if today < valid_from:
        return PlanTerm.AHEAD
    if valid_until is None:
        return PlanTerm.RUNNING
    if today > valid_until:
        return PlanTerm.OVER
    warned_from = valid_until - dt.timedelta(days=WARNED_BEFORE_DAYS)
    return PlanTerm.ENDING if today >= warned_from else PlanTerm.RUNNING
