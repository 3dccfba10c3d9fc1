"""Recommended activities: weeks planned and done, and when in the training (kap. 4.4). Pure.

The note recommends; nobody requires. A week is five working days, and early, midway and late are
three equal parts of the training: both are our reading.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from curriculum.enums import Phase
from portfolio.enums import ActivityKind
from portfolio.rules.plans import half_year_of, last_day_of

WORKING_DAYS = 5
SATURDAY = 5

# As what kind of activity a recommendation is logged, by its code; the others are hospitering.
LOGGED_AS = {
    "ambulatory-service": ActivityKind.AMBULATORY_SERVICE,
    "on-call": ActivityKind.ON_CALL,
    "teaching": ActivityKind.TEACHING_GIVEN,
}


@dataclass(frozen=True)
class Wish:
    """What is recommended: so many times so many weeks, at such places, in these phases."""

    kind: ActivityKind
    times: int | None
    weeks_each: int | None
    phases: tuple[Phase, ...]
    arena_kinds: frozenset[str]
    falls_away_with: frozenset[str]

    @property
    def weeks(self) -> int | None:
        if self.times is None or self.weeks_each is None:
            return None
        return self.times * self.weeks_each

    def is_done_by(self, stretch: "Stretch") -> bool:
        """Where weeks are asked for, the place decides; else the kind of activity is enough."""
        at_place = self.weeks is None or stretch.arena_kind in self.arena_kinds
        return stretch.kind == self.kind and at_place


@dataclass(frozen=True)
class Stretch:
    """One activity: what, at what kind of place, from–to."""

    kind: ActivityKind
    arena_kind: str
    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class PlannedWeeks:
    """One line of the plan: a half-year, a department, weeks."""

    half_year: dt.date
    department_id: int
    arena_kind: str
    weeks: int


@dataclass(frozen=True)
class OwnService:
    """Service of the training itself, done, running or planned."""

    arena_kind: str
    place: str


@dataclass(frozen=True)
class PhaseCount:
    """`phase` is None where the recommendation names none. Weeks may be parts of one."""

    phase: Phase | None
    wanted: int | None  # weeks
    done_days: int
    planned: int  # weeks

    @property
    def done(self) -> float:
        return round(self.done_days / WORKING_DAYS, 1)

    @property
    def is_met(self) -> bool:
        return self.wanted is not None and self.done >= self.wanted


@dataclass(frozen=True)
class WishState:
    """`logged`: how many activities, where nothing is said of weeks. `made_superfluous_by`: the
    service of one's own because of which it falls away."""

    phases: tuple[PhaseCount, ...]
    logged: int = 0
    made_superfluous_by: str = ""

    @property
    def falls_away(self) -> bool:
        return bool(self.made_superfluous_by)


def state_of(
    wish: Wish,
    *,
    starts_on: dt.date,
    ends_on: dt.date,
    done: Iterable[Stretch],
    planned: Iterable[PlannedWeeks],
    service: Iterable[OwnService],
    today: dt.date,
) -> WishState:
    """`starts_on` and `ends_on` are those of the training, the last as far as it is known."""
    own = next((one for one in service if one.arena_kind in wish.falls_away_with), None)
    matching = [one for one in done if wish.is_done_by(one)]
    days = {day for one in matching for day in working_days(one.first, one.last)}
    ahead = [
        one
        for one in _one_line_each(planned)
        if one.arena_kind in wish.arena_kinds and one.half_year >= half_year_of(today)
    ]
    span = (starts_on, ends_on)
    return WishState(
        phases=tuple(_count(phase, wish, days, ahead, span) for phase in wish.phases or (None,)),
        logged=len(matching),
        made_superfluous_by=own.place if own else "",
    )


def _count(
    phase: Phase | None,
    wish: Wish,
    days: Collection[dt.date],
    ahead: Sequence[PlannedWeeks],
    span: tuple[dt.date, dt.date],
) -> PhaseCount:
    def belongs(day: dt.date) -> bool:
        return phase is None or nearest_phase(day, wish.phases, *span) == phase

    share = len(wish.phases) or 1
    return PhaseCount(
        phase=phase,
        wanted=wish.weeks and wish.weeks // share,
        done_days=sum(belongs(day) for day in days),
        planned=sum(one.weeks for one in ahead if belongs(_middle_of(one.half_year))),
    )


def _one_line_each(planned: Iterable[PlannedWeeks]) -> list[PlannedWeeks]:
    """Several goals planned at one place in one half-year share the same weeks: the most counts."""
    longest: dict[tuple, PlannedWeeks] = {}
    for one in planned:
        where = (one.half_year, one.department_id)
        if where not in longest or longest[where].weeks < one.weeks:
            longest[where] = one
    return list(longest.values())


def working_days(first: dt.date, last: dt.date) -> Iterable[dt.date]:
    """Monday to Friday, both ends included."""
    days = (first + dt.timedelta(days=count) for count in range((last - first).days + 1))
    return (day for day in days if day.weekday() < SATURDAY)


def phase_of(day: dt.date, starts_on: dt.date, ends_on: dt.date) -> Phase:
    """Which third of the training the day falls in. Before it is early, after it is late."""
    length = (ends_on - starts_on).days + 1
    third = 3 * (day - starts_on).days // max(length, 1)
    return list(Phase)[min(max(third, 0), 2)]


def nearest_phase(
    day: dt.date, phases: Sequence[Phase], starts_on: dt.date, ends_on: dt.date
) -> Phase:
    """The phase a day counts in among those recommended. Where only early and late are, the
    training is halved."""
    if Phase.MIDWAY in phases or len(phases) < 2:
        found = phase_of(day, starts_on, ends_on)
        return found if found in phases else phases[0]
    length = (ends_on - starts_on).days + 1
    return phases[0] if 2 * (day - starts_on).days < length else phases[-1]


def _middle_of(half_year: dt.date) -> dt.date:
    return half_year + (last_day_of(half_year) - half_year) / 2
