"""Half-years, what a revision changed, and when a plan runs out."""

import datetime as dt

import pytest

from portfolio.enums import PlanChange, PlanTerm
from portfolio.rules.plans import (
    Change,
    Line,
    changes_between,
    half_year_after,
    half_year_of,
    half_years_ahead,
    implementation_until,
    last_day_of,
    term_of,
)

SPRING, AUTUMN, NEXT_SPRING = dt.date(2027, 1, 1), dt.date(2027, 7, 1), dt.date(2028, 1, 1)
WARD = Line("Medisinsk avdeling", "Vakt", 4)
CENTRE = Line("Palliativt senter", "", None)


@pytest.mark.parametrize(
    ("day", "first", "last", "after"),
    [
        (dt.date(2027, 1, 1), SPRING, dt.date(2027, 6, 30), AUTUMN),
        (dt.date(2027, 6, 30), SPRING, dt.date(2027, 6, 30), AUTUMN),
        (dt.date(2027, 7, 1), AUTUMN, dt.date(2027, 12, 31), NEXT_SPRING),
        (dt.date(2027, 12, 31), AUTUMN, dt.date(2027, 12, 31), NEXT_SPRING),
    ],
)
def test_half_year(day, first, last, after):
    found = half_year_of(day)

    assert (found, last_day_of(found), half_year_after(found)) == (first, last, after)


def test_next_half_year_comes_first_and_then_the_one_that_runs():
    ahead = half_years_ahead(dt.date(2026, 11, 19))

    assert ahead[:4] == (dt.date(2027, 1, 1), dt.date(2026, 7, 1), AUTUMN, NEXT_SPRING)


@pytest.mark.parametrize(
    ("earlier", "later", "changes"),
    [
        ({(SPRING, 1): WARD}, {(SPRING, 1): WARD}, []),
        ({}, {(SPRING, 1): WARD}, [Change(SPRING, 1, PlanChange.ADDED, None, WARD)]),
        ({(SPRING, 1): WARD}, {}, [Change(SPRING, 1, PlanChange.REMOVED, WARD, None)]),
        (
            {(SPRING, 1): WARD},
            {(SPRING, 1): CENTRE},
            [Change(SPRING, 1, PlanChange.CHANGED, WARD, CENTRE)],
        ),
        (
            {(SPRING, 1): WARD},
            {(AUTUMN, 1): WARD},
            [Change(AUTUMN, 1, PlanChange.MOVED, WARD, WARD)],
        ),
        (
            {(SPRING, 1): WARD},
            {(SPRING, 1): WARD, (AUTUMN, 1): CENTRE},
            [Change(AUTUMN, 1, PlanChange.ADDED, None, CENTRE)],
        ),
        (
            {(SPRING, 1): WARD, (AUTUMN, 1): WARD},
            {(NEXT_SPRING, 1): WARD},
            [
                Change(SPRING, 1, PlanChange.REMOVED, WARD, None),
                Change(AUTUMN, 1, PlanChange.REMOVED, WARD, None),
                Change(NEXT_SPRING, 1, PlanChange.ADDED, None, WARD),
            ],
        ),
    ],
    ids=["same", "added", "removed", "changed", "moved", "again later", "two become one"],
)
def test_changes_between(earlier, later, changes):
    assert list(changes_between(earlier, later)) == changes


@pytest.mark.parametrize(
    ("valid_from", "until"),
    [
        (dt.date(2026, 11, 1), dt.date(2027, 10, 31)),
        (dt.date(2028, 2, 29), dt.date(2029, 2, 27)),
        (dt.date(2027, 3, 1), dt.date(2028, 2, 29)),
    ],
)
def test_implementation_plan_lasts_twelve_months(valid_from, until):
    assert implementation_until(valid_from) == until


@pytest.mark.parametrize(
    ("today", "term"),
    [
        (dt.date(2026, 10, 31), PlanTerm.AHEAD),
        (dt.date(2026, 11, 1), PlanTerm.RUNNING),
        (dt.date(2027, 8, 31), PlanTerm.RUNNING),
        (dt.date(2027, 9, 1), PlanTerm.ENDING),
        (dt.date(2027, 10, 31), PlanTerm.ENDING),
        (dt.date(2027, 11, 1), PlanTerm.OVER),
    ],
)
def test_term(today, term):
    assert term_of(dt.date(2026, 11, 1), dt.date(2027, 10, 31), today=today) == term


def test_plan_without_an_end_runs_on():
    assert term_of(dt.date(2020, 1, 1), None, today=dt.date(2040, 1, 1)) == PlanTerm.RUNNING
