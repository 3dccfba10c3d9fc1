"""Which goals can be reached where the trainee is to serve."""

import datetime as dt

import pytest

from institutions.enums import ArenaKind
from portfolio.enums import Reach
from portfolio.rules.coverage import (
    PRESUPPOSED_ARENAS,
    Coverage,
    Deal,
    GoalReach,
    Offered,
    Stay,
    coverage,
    offers_goal,
)

TODAY = dt.date(2026, 11, 19)
JANUARY, JUNE = dt.date(2027, 1, 1), dt.date(2027, 6, 30)
HOSPITAL, TOWN, ELSEWHERE = 1, 2, 3
CENTRE, WARD, UNIT, FAR = 10, 11, 20, 30  # two departments of the hospital, one of each other

STAY = Stay(CENTRE, HOSPITAL, JANUARY, JUNE)
OFFERS = (
    Offered(CENTRE, HOSPITAL, frozenset({1, 2})),
    Offered(WARD, HOSPITAL, frozenset({3})),
    Offered(UNIT, TOWN, frozenset({4})),
    Offered(FAR, ELSEWHERE, frozenset({5})),
)
DEAL = Deal(HOSPITAL, TOWN, None, dt.date(2026, 1, 1), None)


def reach(goal_id: int, *, stays=(STAY,), offers=OFFERS, deals=(DEAL,)) -> GoalReach:
    (found,) = coverage([goal_id], stays=stays, offers=offers, deals=deals, today=TODAY).goals
    return found


@pytest.mark.parametrize(
    ("goal_id", "expected"),
    [
        (1, GoalReach(1, Reach.OFFERED, (CENTRE,))),
        (3, GoalReach(3, Reach.NOWHERE, (WARD,))),  # in another department of the same hospital
        (4, GoalReach(4, Reach.BY_AGREEMENT, (UNIT,))),
        (5, GoalReach(5, Reach.NOWHERE)),
        (6, GoalReach(6, Reach.NOWHERE)),
    ],
    ids=["offered", "next door", "agreement", "far away", "nowhere at all"],
)
def test_reach(goal_id, expected):
    assert reach(goal_id) == expected


@pytest.mark.parametrize(
    ("deal", "expected"),
    [
        (DEAL, Reach.BY_AGREEMENT),
        (Deal(HOSPITAL, TOWN, UNIT, dt.date(2026, 1, 1), None), Reach.BY_AGREEMENT),
        (Deal(HOSPITAL, TOWN, 21, dt.date(2026, 1, 1), None), Reach.NOWHERE),
        (Deal(ELSEWHERE, TOWN, None, dt.date(2026, 1, 1), None), Reach.NOWHERE),
        (Deal(HOSPITAL, TOWN, None, dt.date(2020, 1, 1), JANUARY), Reach.BY_AGREEMENT),
        (
            Deal(HOSPITAL, TOWN, None, dt.date(2020, 1, 1), dt.date(2026, 12, 31)),
            Reach.NOWHERE,
        ),
        (Deal(HOSPITAL, TOWN, None, JUNE, None), Reach.BY_AGREEMENT),
        (Deal(HOSPITAL, TOWN, None, dt.date(2027, 7, 1), None), Reach.NOWHERE),
    ],
    ids=[
        "the whole arena",
        "its one department",
        "another department",
        "another institution",
        "ends on the first day",
        "ended the day before",
        "begins on the last day",
        "begins the day after",
    ],
)
def test_agreement_counts_in_its_time_and_place(deal, expected):
    assert reach(4, deals=[deal]).reach == expected


def test_agreement_of_a_stay_that_runs_counts_only_from_today():
    running = Stay(CENTRE, HOSPITAL, dt.date(2026, 1, 1), JUNE)
    lapsed = Deal(HOSPITAL, TOWN, None, dt.date(2026, 1, 1), dt.date(2026, 11, 18))
    lasts = Deal(HOSPITAL, TOWN, None, dt.date(2026, 1, 1), TODAY)

    assert [reach(4, stays=[running], deals=[one]).reach for one in (lapsed, lasts)] == [
        Reach.NOWHERE,
        Reach.BY_AGREEMENT,
    ]


@pytest.mark.parametrize(
    ("stays", "offers"),
    [
        ([STAY], []),
        ([STAY], [Offered(CENTRE, HOSPITAL, frozenset())]),
        ([STAY], [Offered(UNIT, TOWN, frozenset({4}))]),
        ([STAY, Stay(40, 4, JANUARY, None)], OFFERS),
        ([STAY, Stay(None, None, JANUARY, None)], OFFERS),
    ],
    ids=["nobody", "an empty plan", "only another", "one of two", "a place that is only named"],
)
def test_general_plan_that_is_not_entered_proves_nothing(stays, offers):
    assert reach(6, stays=stays, offers=offers) == GoalReach(6, Reach.UNKNOWN)


def test_what_is_offered_is_known_though_another_place_is_not():
    stays = [STAY, Stay(None, None, JANUARY, None)]

    assert reach(1, stays=stays).reach == Reach.OFFERED


@pytest.mark.parametrize(
    ("ends_on", "planned"),
    [(dt.date(2026, 11, 18), False), (TODAY, True), (None, True)],
    ids=["ended yesterday", "ends today", "no end"],
)
def test_only_service_to_come_is_judged(ends_on, planned):
    stay = Stay(WARD, HOSPITAL, dt.date(2026, 1, 1), ends_on)

    found = coverage([1], stays=[stay], offers=OFFERS, deals=[], today=TODAY)

    nowhere = (GoalReach(1, Reach.NOWHERE, (CENTRE,)),) if planned else ()
    assert found == Coverage(is_planned=planned, goals=nowhere, missing_arenas=())
    assert found.unreachable == nowhere


@pytest.mark.parametrize(
    ("arena_kinds", "missing"),
    [
        ({ArenaKind.PALLIATIVE_CENTRE, ArenaKind.INTERNAL_MEDICINE_WARD}, ()),
        ({ArenaKind.PALLIATIVE_CENTRE}, (ArenaKind.INTERNAL_MEDICINE_WARD,)),
        ({ArenaKind.INTERNAL_MEDICINE_WARD, ArenaKind.ONCOLOGY}, (ArenaKind.PALLIATIVE_CENTRE,)),
        (set(), PRESUPPOSED_ARENAS),
    ],
)
def test_both_kinds_of_place_are_presupposed(arena_kinds, missing):
    found = coverage(
        [],
        stays=[],
        offers=[],
        deals=[],
        today=TODAY,
        arena_kinds=arena_kinds,
        presupposed=PRESUPPOSED_ARENAS,
    )

    assert found.missing_arenas == missing


@pytest.mark.parametrize(
    ("department_id", "goal_id", "expected"),
    [(CENTRE, 1, True), (CENTRE, 3, False), (12, 3, False)],
)
def test_department_offers_a_goal(department_id, goal_id, expected):
    assert offers_goal(OFFERS[:2], department_id=department_id, goal_id=goal_id) is expected


def test_department_of_a_silent_institution_may_offer_it():
    assert offers_goal([], department_id=CENTRE, goal_id=1) is None
