"""Recommended activities: weeks, phases, and what falls away."""

import datetime as dt

import pytest

from curriculum.enums import Phase
from institutions.enums import ArenaKind
from portfolio.enums import ActivityKind
from portfolio.rules.recommended import (
    LOGGED_AS,
    OwnService,
    PhaseCount,
    PlannedWeeks,
    Stretch,
    Wish,
    WishState,
    nearest_phase,
    phase_of,
    state_of,
    working_days,
)

STARTED, ENDS = dt.date(2024, 1, 1), dt.date(2026, 12, 31)  # three years, a year in each phase
TODAY = dt.date(2025, 10, 1)
EARLY, MIDWAY, LATE = Phase
UNIT, CHILDREN = ArenaKind.MUNICIPAL_UNIT, ArenaKind.CHILDRENS_TEAM
HOSPITERING = ActivityKind.HOSPITERING
MUNICIPAL = Wish(HOSPITERING, 3, 1, (EARLY, MIDWAY, LATE), frozenset({UNIT}), frozenset({UNIT}))
CHILDRENS = Wish(HOSPITERING, 2, 1, (EARLY, LATE), frozenset({CHILDREN}), frozenset())
TEACHING = Wish(LOGGED_AS["teaching"], None, None, (), frozenset(), frozenset())


def state(wish: Wish, *, done=(), planned=(), service=()) -> WishState:
    return state_of(
        wish,
        starts_on=STARTED,
        ends_on=ENDS,
        done=done,
        planned=planned,
        service=service,
        today=TODAY,
    )


def counts(found: WishState) -> list[tuple]:
    return [(one.phase, one.wanted, one.done, one.planned) for one in found.phases]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (dt.date(2025, 3, 3), dt.date(2025, 3, 7), 5),  # Monday to Friday
        (dt.date(2025, 3, 3), dt.date(2025, 3, 9), 5),  # to Sunday
        (dt.date(2025, 3, 3), dt.date(2025, 3, 14), 10),  # over a weekend
        (dt.date(2025, 3, 7), dt.date(2025, 3, 7), 1),
        (dt.date(2025, 3, 8), dt.date(2025, 3, 9), 0),  # a weekend
    ],
)
def test_working_days(first, last, days):
    assert len(list(working_days(first, last))) == days


@pytest.mark.parametrize(
    ("day", "phase"),
    [
        (dt.date(2023, 6, 1), EARLY),
        (dt.date(2024, 1, 1), EARLY),
        (dt.date(2024, 12, 30), EARLY),
        (dt.date(2025, 1, 1), MIDWAY),
        (dt.date(2025, 12, 30), MIDWAY),
        (dt.date(2026, 1, 1), LATE),
        (dt.date(2026, 12, 31), LATE),
        (dt.date(2028, 1, 1), LATE),
    ],
)
def test_phase(day, phase):
    assert phase_of(day, STARTED, ENDS) == phase


@pytest.mark.parametrize(
    ("day", "phase"),
    [(dt.date(2025, 6, 1), EARLY), (dt.date(2025, 8, 1), LATE), (dt.date(2026, 8, 1), LATE)],
)
def test_training_is_halved_where_midway_is_not_named(day, phase):
    assert nearest_phase(day, (EARLY, LATE), STARTED, ENDS) == phase


def test_weeks_are_counted_in_their_phase():
    done = [Stretch(HOSPITERING, UNIT, dt.date(2024, 3, 4), dt.date(2024, 3, 8))]
    planned = [PlannedWeeks(dt.date(2026, 1, 1), 7, UNIT, 2)]

    found = state(MUNICIPAL, done=done, planned=planned)

    assert counts(found) == [(EARLY, 1, 1.0, 0), (MIDWAY, 1, 0.0, 0), (LATE, 1, 0.0, 2)]
    assert [one.is_met for one in found.phases] == [True, False, False]


def test_what_is_done_elsewhere_does_not_count():
    done = [Stretch(HOSPITERING, CHILDREN, dt.date(2024, 3, 4), dt.date(2024, 3, 8))]

    assert counts(state(MUNICIPAL, done=done))[0] == (EARLY, 1, 0.0, 0)


def test_a_day_counts_once():
    week = Stretch(HOSPITERING, UNIT, dt.date(2024, 3, 4), dt.date(2024, 3, 8))
    overlapping = Stretch(HOSPITERING, UNIT, dt.date(2024, 3, 8), dt.date(2024, 3, 11))

    assert counts(state(MUNICIPAL, done=[week, week, overlapping]))[0] == (EARLY, 1, 1.2, 0)


def test_goals_planned_together_share_their_weeks():
    planned = [
        PlannedWeeks(dt.date(2026, 1, 1), 7, UNIT, 1),
        PlannedWeeks(dt.date(2026, 1, 1), 7, UNIT, 2),
        PlannedWeeks(dt.date(2026, 1, 1), 8, UNIT, 1),
    ]

    assert counts(state(MUNICIPAL, planned=planned))[2] == (LATE, 1, 0.0, 3)


def test_plan_of_a_half_year_that_is_over_is_no_plan():
    planned = [
        PlannedWeeks(dt.date(2025, 1, 1), 7, UNIT, 1),
        PlannedWeeks(dt.date(2025, 7, 1), 7, UNIT, 1),
    ]

    assert counts(state(MUNICIPAL, planned=planned))[1] == (MIDWAY, 1, 0.0, 1)


def test_two_times_over_two_phases():
    assert counts(state(CHILDRENS)) == [(EARLY, 1, 0.0, 0), (LATE, 1, 0.0, 0)]


def test_only_hospitering_counts_as_hospitering():
    ward_work = Stretch(
        ActivityKind.SUPERVISED_PRACTICE, UNIT, dt.date(2024, 3, 4), dt.date(2024, 3, 8)
    )

    found = state(MUNICIPAL, done=[ward_work])

    assert (counts(found)[0], found.logged) == ((EARLY, 1, 0.0, 0), 0)


def test_recommendation_without_weeks_counts_what_is_logged():
    day = dt.date(2024, 3, 4)
    done = [
        Stretch(ActivityKind.TEACHING_GIVEN, "", day, day),
        Stretch(ActivityKind.TEACHING_GIVEN, UNIT, day, day),
        Stretch(ActivityKind.INTERNAL_TEACHING, UNIT, day, day),
    ]

    found = state(TEACHING, done=done)

    assert (found.logged, found.phases) == (2, (PhaseCount(None, None, 1, 0),))
    assert not found.phases[0].is_met


@pytest.mark.parametrize(
    ("wish", "arena_kind", "because"),
    [
        (MUNICIPAL, UNIT, "Lindrende enhet"),
        (MUNICIPAL, ArenaKind.PALLIATIVE_CENTRE, ""),
        (CHILDRENS, UNIT, ""),
    ],
)
def test_own_service_makes_it_superfluous(wish, arena_kind, because):
    found = state(wish, service=[OwnService(arena_kind, "Lindrende enhet")])

    assert (found.made_superfluous_by, found.falls_away) == (because, bool(because))
