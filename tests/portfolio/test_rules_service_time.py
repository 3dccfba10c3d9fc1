"""Service time, worked by hand. Each case carries its arithmetic in its name."""

import dataclasses
import datetime as dt
import math
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.enums import AbsenceCause, AbsenceReading, ServiceKind, ServiceTiming, TimeRule
from portfolio.rules.service_time import (
    Absence,
    Citation,
    Deducted,
    Forecast,
    Service,
    TimeRules,
    as_years_months_days,
    counted_time,
    days_of_months,
    forecast,
    time_rules,
)
from portfolio.rules.whole_days import shared_out

TODAY = dt.date(2026, 11, 19)
RULES = TimeRules(
    required_days=2373,
    absence_percent=10,
    reading=AbsenceReading.EXCESS,
    capped_days=1186,
    capped_kinds=frozenset({ServiceKind.OTHER_SPECIALTY, ServiceKind.ABROAD}),
    holiday_is_absence_in=frozenset({ServiceKind.PART_1}),
)
STRICT = dataclasses.replace(RULES, reading=AbsenceReading.WHOLE)
OWN, PART_1 = ServiceKind.OWN, ServiceKind.PART_1
OTHER, ABROAD = ServiceKind.OTHER_SPECIALTY, ServiceKind.ABROAD
SICK, PARENTAL, LEAVE = AbsenceCause.SICK, AbsenceCause.PARENTAL, AbsenceCause.LEAVE
HOLIDAY, COURSE = AbsenceCause.HOLIDAY, AbsenceCause.COURSE


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def post(
    starts_on: str,
    ends_on: str | None,
    percent: int = 100,
    *,
    kind: ServiceKind = OWN,
    attested: bool = True,
    series: str = "",
) -> Service:
    """A service; without a series of its own it is named by the day it began."""
    return Service(
        id=0,
        starts_on=day(starts_on),
        ends_on=day(ends_on),
        percent=percent,
        kind=kind,
        attested=attested,
        series=series or starts_on,
    )


def away(
    starts_on: str, ends_on: str | None, percent: int = 100, cause: AbsenceCause = SICK
) -> Absence:
    return Absence(day(starts_on), day(ends_on), percent, cause)


def numbered(services: list[Service]) -> list[Service]:
    return [dataclasses.replace(one, id=number) for number, one in enumerate(services, start=1)]


@dataclass(frozen=True)
class Case:
    """Each line expected: calendar days, what is deducted under which rule, what counts."""

    arithmetic: str
    services: list[Service]
    lines: list[tuple[int, dict[str, int], int]]
    absences: list[Absence] = dataclasses.field(default_factory=list)
    rules: TimeRules = RULES
    counts_from: str | None = None


# 1 January–10 April 2023 is 31 + 28 + 31 + 10 = 100 days; 11 April–19 July is 20 + 31 + 30 + 19.
HUNDRED = post("2023-01-01", "2023-04-10")
NEXT_HUNDRED = post("2023-04-11", "2023-07-19")
APRIL = ("2023-04-01", "2023-04-30")

CALENDAR = [
    Case("one day = 1", [post("2024-01-01", "2024-01-01")], [(1, {}, 1)]),
    Case("January = 31", [post("2024-01-01", "2024-01-31")], [(31, {}, 31)]),
    Case("a year = 365", [post("2023-01-01", "2023-12-31")], [(365, {}, 365)]),
    Case("a leap year = 366", [post("2024-01-01", "2024-12-31")], [(366, {}, 366)]),
    Case("leap: 28 Feb, 29 Feb, 1 March = 3", [post("2024-02-28", "2024-03-01")], [(3, {}, 3)]),
    Case("no leap: 28 Feb, 1 March = 2", [post("2023-02-28", "2023-03-01")], [(2, {}, 2)]),
    Case("29 Feb alone = 1", [post("2024-02-29", "2024-02-29")], [(1, {}, 1)]),
    Case("ended yesterday: 1–18 Nov = 18", [post("2026-11-01", "2026-11-18")], [(18, {}, 18)]),
    Case("ends today: 1–19 Nov = 19", [post("2026-11-01", "2026-11-19")], [(19, {}, 19)]),
    Case("going on since 1 Nov = 19", [post("2026-11-01", None)], [(19, {}, 19)]),
    Case("until March, cut today = 19", [post("2026-11-01", "2027-03-31")], [(19, {}, 19)]),
    Case("began today = 1", [post("2026-11-19", None)], [(1, {}, 1)]),
    Case("begins tomorrow = 0", [post("2026-11-20", None)], [(0, {}, 0)]),
    Case("ends before it begins = 0", [post("2024-01-02", "2024-01-01")], [(0, {}, 0)]),
    Case("no service, no lines", [], []),
    Case(
        "until the end of the calendar, cut today = 19",
        [post("2026-11-01", "9999-12-31")],
        [(19, {}, 19)],
    ),
]

PART_TIME = [
    Case("50 % of 30 = 15", [post(*APRIL, 50)], [(30, {"part_time": 15}, 15)]),
    Case(
        "60 % of 546 = 327.6, down to 327",
        [post("2025-01-01", "2026-06-30", 60)],
        [(546, {"part_time": 219}, 327)],
    ),
    Case(
        "80 % of 31 = 24.8, down to 24",
        [post("2023-01-01", "2023-01-31", 80)],
        [(31, {"part_time": 7}, 24)],
    ),
    Case("1 % of 30 = 0.3, down to 0", [post(*APRIL, 1)], [(30, {"part_time": 30}, 0)]),
    Case(
        "changes mid-month: 15 at 100 % = 15, 16 at 50 % = 8",
        [post("2023-01-01", "2023-01-15"), post("2023-01-16", "2023-01-31", 50)],
        [(15, {}, 15), (16, {"part_time": 8}, 8)],
    ),
    Case(
        "changes mid-month: 10 × 0.75 + 21 × 0.5 = 7.5 + 10.5 = 18; the first gets the odd day",
        [post("2023-01-01", "2023-01-10", 75), post("2023-01-11", "2023-01-31", 50)],
        [(10, {"part_time": 2}, 8), (21, {"part_time": 11}, 10)],
    ),
    Case(
        "3 × 0.5 = 1.5, down to 1; the first gets it",
        [post(f"2023-01-0{number}", f"2023-01-0{number}", 50) for number in (1, 3, 5)],
        [(1, {}, 1), (1, {"part_time": 1}, 0), (1, {"part_time": 1}, 0)],
    ),
    Case(
        "0.5 awaiting + 0.5 confirmed = 1, and it is confirmed",
        [
            post("2023-01-01", "2023-01-01", 50, attested=False),
            post("2023-01-03", "2023-01-03", 50),
        ],
        [(1, {"part_time": 1}, 0), (1, {}, 1)],
    ),
]

OVERLAP = [
    Case(
        "60 % + 40 % of 30 = 18 + 12",
        [post(*APRIL, 60), post(*APRIL, 40)],
        [(30, {"part_time": 12}, 18), (30, {"part_time": 18}, 12)],
    ),
    Case(
        "100 % + 100 % of 30 = 30 + 0",
        [post(*APRIL), post(*APRIL)],
        [(30, {}, 30), (30, {"overlap": 30}, 0)],
    ),
    Case(
        "80 % + 50 %: 24, then 20 % left of 30 = 6 (15 part time, 30 % = 9 too much)",
        [post(*APRIL, 80), post(*APRIL, 50)],
        [(30, {"part_time": 6}, 24), (30, {"part_time": 15, "overlap": 9}, 6)],
    ),
    Case(
        "overlaps 16–31 Jan: 31, and 31 − 16 = 15",
        [post("2023-01-01", "2023-01-31"), post("2023-01-16", "2023-02-15")],
        [(31, {}, 31), (31, {"overlap": 16}, 15)],
    ),
    Case(
        "3 × 50 % of 30 = 15 + 15 + 0",
        [post(*APRIL, 50), post(*APRIL, 50), post(*APRIL, 50)],
        [
            (30, {"part_time": 15}, 15),
            (30, {"part_time": 15}, 15),
            (30, {"part_time": 15, "overlap": 15}, 0),
        ],
    ),
    Case(
        "attested 50 % before unattested 100 %: 15 + 15",
        [post(*APRIL, attested=False), post(*APRIL, 50)],
        [(30, {"overlap": 15}, 15), (30, {"part_time": 15}, 15)],
    ),
    Case(
        "one's own 50 % before another specialty's 100 %: 15 + 15",
        [post(*APRIL, kind=OTHER), post(*APRIL, 50)],
        [(30, {"overlap": 15}, 15), (30, {"part_time": 15}, 15)],
    ),
    Case(
        "an uncounted kind takes no room: 0 + 30",
        [post(*APRIL, kind=OTHER), post(*APRIL)],
        [(30, {"kind": 30}, 0), (30, {}, 30)],
        rules=dataclasses.replace(RULES, uncounted_kinds=frozenset({OTHER})),
    ),
]

ABSENCE = [
    Case(
        "10 of 100 is not over 10 %",
        [HUNDRED],
        [(100, {}, 100)],
        [away("2023-02-01", "2023-02-10")],
    ),
    Case(
        "11 − 10 = 1",
        [HUNDRED],
        [(100, {"absence": 1}, 99)],
        [away("2023-02-01", "2023-02-11")],
    ),
    Case(
        "strict: 10 of 100 is not over 10 %",
        [HUNDRED],
        [(100, {}, 100)],
        [away("2023-02-01", "2023-02-10")],
        rules=STRICT,
    ),
    Case(
        "strict: 11 is over 10, so all 11",
        [HUNDRED],
        [(100, {"absence": 11}, 89)],
        [away("2023-02-01", "2023-02-11")],
        rules=STRICT,
    ),
    Case(
        "182 of 488: 182 − 48.8 = 133.2; 354.8, down to 354",
        [post("2023-09-01", "2024-12-31")],
        [(488, {"absence": 134}, 354)],
        [away("2024-03-01", "2024-08-29", cause=PARENTAL)],
    ),
    Case(
        "strict: 182 of 488, 488 − 182 = 306",
        [post("2023-09-01", "2024-12-31")],
        [(488, {"absence": 182}, 306)],
        [away("2024-03-01", "2024-08-29", cause=PARENTAL)],
        rules=STRICT,
    ),
    Case(
        "40 days half away = 20; 20 − 10 = 10",  # February 28 + 12 of March
        [HUNDRED],
        [(100, {"absence": 10}, 90)],
        [away("2023-02-01", "2023-03-12", 50)],
    ),
    Case(
        "50 % post: worked 50, away 20 × 0.5 = 10, spared 5, deducted 5",
        [post("2023-01-01", "2023-04-10", 50)],
        [(100, {"part_time": 50, "absence": 5}, 45)],
        [away("2023-02-01", "2023-02-20")],
    ),
    Case(
        "courses are service: 40 days, 0",
        [HUNDRED],
        [(100, {}, 100)],
        [away("2023-02-01", "2023-03-12", cause=COURSE)],
    ),
    Case(
        "a course during sick leave changes nothing: 20 − 10 = 10",
        [HUNDRED],
        [(100, {"absence": 10}, 90)],
        [
            away("2023-02-01", "2023-02-20"),
            away("2023-02-01", "2023-02-20", cause=COURSE),
        ],
    ),
    Case(
        "holiday is service in part 2 and 3: 40 days, 0",
        [HUNDRED],
        [(100, {}, 100)],
        [away("2023-02-01", "2023-03-12", cause=HOLIDAY)],
    ),
    Case(
        "holiday is absence in part 1: 40 − 10 = 30",
        [post("2023-01-01", "2023-04-10", kind=PART_1)],
        [(100, {"holiday": 30}, 70)],
        [away("2023-02-01", "2023-03-12", cause=HOLIDAY)],
    ),
    Case(
        "part 1, a year's holiday: 30 of 365 is under 36.5",
        [post("2023-01-01", "2023-12-31", kind=PART_1)],
        [(365, {}, 365)],
        [away("2023-06-01", "2023-06-30", cause=HOLIDAY)],
    ),
    Case(
        "part 1: 10 ill + 10 holiday − 10 = 10, half from each",
        [post("2023-01-01", "2023-04-10", kind=PART_1)],
        [(100, {"absence": 5, "holiday": 5}, 90)],
        [
            away("2023-02-01", "2023-02-10"),
            away("2023-03-01", "2023-03-10", cause=HOLIDAY),
        ],
    ),
    Case(
        "part 1: ill on holiday is away once: 20 − 10 = 10",
        [post("2023-01-01", "2023-04-10", kind=PART_1)],
        [(100, {"absence": 10}, 90)],
        [
            away("2023-02-01", "2023-02-20"),
            away("2023-02-01", "2023-02-20", cause=HOLIDAY),
        ],
    ),
    Case(
        "60 % ill and 60 % leave is the whole post once: 20 − 10 = 10",
        [HUNDRED],
        [(100, {"absence": 10}, 90)],
        [
            away("2023-02-01", "2023-02-20", 60),
            away("2023-02-01", "2023-02-20", 60, cause=LEAVE),
        ],
    ),
    Case(
        "only what lies within the service: 1–20 Jan = 20 − 10 = 10",
        [HUNDRED],
        [(100, {"absence": 10}, 90)],
        [away("2022-12-01", "2023-01-20")],
    ),
    Case(
        "absence outside any service: 0",
        [HUNDRED],
        [(100, {}, 100)],
        [away("2023-04-11", "2023-12-31"), away("2022-01-01", "2022-12-31")],
    ),
    Case(
        "still away, cut today: 31 Oct–19 Nov = 20 of 20 + 30 + 31 + 19 = 100; 20 − 10 = 10",
        [post("2026-08-12", None)],
        [(100, {"absence": 10}, 90)],
        [away("2026-10-31", None)],
    ),
    Case(
        "away from tomorrow: 0",
        [post("2026-08-12", None)],
        [(100, {}, 100)],
        [away("2026-11-20", "2027-06-30")],
    ),
    Case(
        "a leap February, 29 of 366, is under 36.6",
        [post("2024-01-01", "2024-12-31")],
        [(366, {}, 366)],
        [away("2024-02-01", "2024-02-29")],
    ),
    Case(
        "away all year: 366 − 36.6 = 329.4; 36.6, down to 36",
        [post("2024-01-01", "2024-12-31")],
        [(366, {"absence": 330}, 36)],
        [away("2024-01-01", "2024-12-31", cause=PARENTAL)],
    ),
    Case(
        "strict: away all year = 0",
        [post("2024-01-01", "2024-12-31")],
        [(366, {"absence": 366}, 0)],
        [away("2024-01-01", "2024-12-31", cause=PARENTAL)],
        rules=STRICT,
    ),
    Case(
        "over two posts: 10 of 100 spared in the first, 20 − 10 = 10 in the second",
        [HUNDRED, NEXT_HUNDRED],
        [(100, {}, 100), (100, {"absence": 10}, 90)],
        [away("2023-04-01", "2023-04-30")],
    ),
    Case(
        "the same as one post in two rows: 30 − 20 = 10; 10 × 10/30 = 3.3 and 10 × 20/30 = 6.7",
        [
            dataclasses.replace(HUNDRED, series="ward"),
            dataclasses.replace(NEXT_HUNDRED, series="ward"),
        ],
        [(100, {"absence": 3}, 97), (100, {"absence": 7}, 93)],
        [away("2023-04-01", "2023-04-30")],
    ),
    Case(
        "a day between, so two periods: 10 of 100 spared, 20 − 10 = 10",
        [
            dataclasses.replace(HUNDRED, series="ward"),
            post("2023-04-12", "2023-07-20", series="ward"),
        ],
        [(100, {}, 100), (100, {"absence": 10}, 90)],
        [away("2023-04-01", "2023-05-01")],
    ),
    Case(
        "another percentage, so two periods: 20 − 10 = 10 of the first; the second 50",
        [
            dataclasses.replace(HUNDRED, series="ward"),
            post("2023-04-11", "2023-07-19", 50, series="ward"),
        ],
        [(100, {"absence": 10}, 90), (100, {"part_time": 50}, 50)],
        [away("2023-02-01", "2023-02-20")],
    ),
    Case(
        "two posts of 50 %: each worked 50, away 10, spared 5, deducted 5",
        [post("2023-01-01", "2023-04-10", 50), post("2023-01-01", "2023-04-10", 50)],
        [
            (100, {"part_time": 50, "absence": 5}, 45),
            (100, {"part_time": 50, "absence": 5}, 45),
        ],
        [away("2023-02-01", "2023-02-20")],
    ),
    Case(
        "100 % + 50 %: the first 20 − 10 = 10; the second has no room and nothing to deduct from",
        [HUNDRED, post("2023-01-01", "2023-04-10", 50)],
        [(100, {"absence": 10}, 90), (100, {"part_time": 50, "overlap": 50}, 0)],
        [away("2023-02-01", "2023-02-20")],
    ),
]

# 2020 + 2021 + 2022 is 366 + 365 + 365 = 1 096 days; with 1 January–31 March 2023, 90 more, 1 186.
CAP = [
    Case(
        "914 of 1 186",
        [post("2021-03-01", "2023-08-31", kind=OTHER)],
        [(914, {}, 914)],
    ),
    Case(
        "1 096 + 90 = 1 186, just at the limit",
        [post("2020-01-01", "2023-03-31", kind=OTHER)],
        [(1186, {}, 1186)],
    ),
    Case(
        "1 187 − 1 186 = 1 over",
        [post("2020-01-01", "2023-04-01", kind=ABROAD)],
        [(1187, {"cap": 1}, 1186)],
    ),
    Case(
        "another specialty 731 + abroad 730 = 1 461; 1 186 − 731 = 455 left, 275 over",
        [
            post("2020-01-01", "2021-12-31", kind=OTHER),
            post("2022-01-01", "2023-12-31", kind=ABROAD),
        ],
        [(731, {}, 731), (730, {"cap": 275}, 455)],
    ),
    Case(
        "the attested first: 730, then 1 186 − 730 = 456 of 731",
        [
            post("2020-01-01", "2021-12-31", kind=OTHER, attested=False),
            post("2022-01-01", "2023-12-31", kind=ABROAD),
        ],
        [(731, {"cap": 275}, 456), (730, {}, 730)],
    ),
    Case(
        "at half time no limit is reached: 1 461 × 0.5 = 730.5, down to 730",
        [post("2020-01-01", "2023-12-31", 50, kind=OTHER)],
        [(1461, {"part_time": 731}, 730)],
    ),
    Case(
        "absence first, then the limit: 1 461 − (200 − 146.1 = 53.9) = 1 407.1; 221.1 over",
        [post("2020-01-01", "2023-12-31", kind=OTHER)],
        [(1461, {"absence": 54, "cap": 221}, 1186)],
        [away("2021-01-01", "2021-07-19")],  # 181 + 19 = 200
    ),
    Case(
        "no limit on part 1 and one's own: 731 + 730",
        [post("2020-01-01", "2021-12-31", kind=PART_1), post("2022-01-01", "2023-12-31")],
        [(731, {}, 731), (730, {}, 730)],
    ),
    Case(
        "a pathway without the limit: 1 461",
        [post("2020-01-01", "2023-12-31", kind=OTHER)],
        [(1461, {}, 1461)],
        rules=dataclasses.replace(RULES, capped_days=None),
    ),
]

COUNTS_FROM = [
    Case(
        "authorised 11 April: 30 − 10 = 20",
        [post(*APRIL)],
        [(30, {"too_early": 10}, 20)],
        counts_from="2023-04-11",
    ),
    Case(
        "authorised afterwards: 0",
        [post(*APRIL)],
        [(30, {"too_early": 30}, 0)],
        counts_from="2023-05-01",
    ),
    Case("authorised before: 30", [post(*APRIL)], [(30, {}, 30)], counts_from="2023-04-01"),
    Case(
        "half time from 11 April: 20 × 0.5 = 10",
        [post(*APRIL, 50)],
        [(30, {"too_early": 10, "part_time": 10}, 10)],
        counts_from="2023-04-11",
    ),
    Case(
        "ill before it counts: 10 deducted once; 2 of 20 left is not over 10 %",
        [post(*APRIL)],
        [(30, {"too_early": 10}, 20)],
        [away("2023-04-01", "2023-04-12")],
        counts_from="2023-04-11",
    ),
]

CASES = [*CALENDAR, *PART_TIME, *OVERLAP, *ABSENCE, *CAP, *COUNTS_FROM]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.arithmetic) for case in CASES])
def test_worked_by_hand(case):
    services = numbered(case.services)

    time = counted_time(
        services,
        case.absences,
        rules=case.rules,
        today=TODAY,
        counts_from=day(case.counts_from),
    )

    counted = {line.service.id: line for line in time.lines}
    assert [
        (
            counted[one.id].calendar_days,
            {part.rule.value: part.days for part in counted[one.id].deducted},
            counted[one.id].days,
        )
        for one in services
    ] == case.lines
    assert time.total == sum(days for _, _, days in case.lines)


def test_there_are_enough_cases():
    assert len(CASES) >= 45
    assert len({case.arithmetic for case in CASES}) == len(CASES)


# --- The pictures --------------------------------------------------------------------------------

SPECIALIST = numbered(
    [
        post("2019-09-01", "2021-02-28", kind=PART_1),
        post("2021-03-01", "2023-08-31", kind=OTHER),
        post("2023-09-01", "2024-12-31", series="palliative centre"),
        post("2025-01-01", "2026-06-30", 60, attested=False, series="palliative centre"),
        post("2026-07-01", "2027-03-31", attested=False),
    ]
)
LEAVE_2024 = [away("2024-03-01", "2024-08-29", cause=PARENTAL)]  # 182 days

COMPETENCE_AREA = numbered(
    [post("2025-09-01", "2026-08-31"), post("2026-09-01", None, 80, attested=False)]
)
TWO_YEARS = dataclasses.replace(RULES, required_days=730)


def test_the_specialty_as_in_the_picture():
    """Every figure of «Klar for søknad?» on 19 November 2026.

    547 + 914 + 354.8 + 327.6 + 142 = 2 285.4, down to 2 285. Confirmed is 1 815.8 and awaiting
    469.6, so the day that is missing goes to confirmed: 1 816 and 469.
    """
    time = counted_time(SPECIALIST, LEAVE_2024, rules=RULES, today=TODAY)

    assert [
        (line.calendar_days, line.deducted_days, line.days, line.timing) for line in time.lines
    ] == [
        (547, 0, 547, ServiceTiming.ENDED),
        (914, 0, 914, ServiceTiming.ENDED),
        (488, 133, 355, ServiceTiming.ENDED),
        (546, 219, 327, ServiceTiming.ENDED),
        (142, 0, 142, ServiceTiming.ONGOING),
    ]
    assert (time.calendar_days, time.deducted_days, time.total) == (2637, 352, 2285)
    assert (time.confirmed, time.awaiting, time.remaining) == (1816, 469, 88)
    assert (time.capped_days, time.is_over_cap, time.is_over_full_time) == (914, False, False)
    assert (time.is_served, time.is_met) == (False, False)


def test_the_leave_of_the_picture_in_both_readings():
    """133 of 182, or all of them: 2 285.4 − 48.8 = 2 236.6, down to 2 236."""
    time = counted_time(SPECIALIST, LEAVE_2024, rules=RULES, today=TODAY)
    strict = counted_time(SPECIALIST, LEAVE_2024, rules=STRICT, today=TODAY)

    readings = {AbsenceReading.EXCESS: 133, AbsenceReading.WHOLE: 182}
    assert time.line(3).absence_by_reading == readings
    assert time.line(3).absent_days == 182
    assert [line.readings_differ for line in time.lines] == [False, False, True, False, False]
    assert time.total_by_reading == {AbsenceReading.EXCESS: 2285, AbsenceReading.WHOLE: 2236}
    assert (strict.total, strict.line(3).days) == (2236, 306)
    assert strict.total_by_reading == time.total_by_reading


def test_the_specialty_is_reached_when_the_picture_says():
    """88 days after 19 November: 11 + 31 + 31 + 15, 15 February. Without the 327.6 days not yet
    attested 415.2 are missing: 416 days after, 9 January 2028, and beyond 31 March 2027."""
    reached = forecast(SPECIALIST, LEAVE_2024, rules=RULES, today=TODAY)

    assert reached == Forecast(
        met_on=dt.date(2027, 2, 15),
        met_on_without_waiting=dt.date(2028, 1, 9),
        beyond_plan=False,
    )


def test_the_competence_area_as_in_the_picture():
    """365 + 80 × 0.8 = 429; 730 − 429 = 301; 301 / 0.8 = 376.25, so 377 days: 365 + 12."""
    time = counted_time(COMPETENCE_AREA, [], rules=TWO_YEARS, today=TODAY)
    reached = forecast(COMPETENCE_AREA, [], rules=TWO_YEARS, today=TODAY)

    assert [(line.calendar_days, line.deducted_days, line.days) for line in time.lines] == [
        (365, 0, 365),
        (80, 16, 64),
    ]
    assert (time.confirmed, time.awaiting, time.total, time.remaining) == (365, 64, 429, 301)
    assert reached.met_on == dt.date(2027, 12, 1)


def test_a_deduction_names_its_source():
    citation = Citation("Spesialistforskriften § 31", is_assumption=False)
    rules = dataclasses.replace(RULES, citations={TimeRule.ABSENCE: citation})

    time = counted_time(SPECIALIST, LEAVE_2024, rules=rules, today=TODAY)

    assert time.line(3).deducted == (Deducted(TimeRule.ABSENCE, 133, citation),)
    assert time.line(4).deducted == (Deducted(TimeRule.PART_TIME, 219, None),)


@pytest.mark.parametrize(
    ("required_months", "other_service_months", "expected"),
    [
        (78, 39, RULES),
        (
            24,
            None,
            dataclasses.replace(
                RULES,
                required_days=730,
                capped_days=None,
                uncounted_kinds=frozenset({PART_1, OTHER, ABROAD}),
            ),
        ),
    ],
)
def test_time_rules_of_a_pathway(required_months, other_service_months, expected):
    rules = time_rules(
        required_months=required_months,
        absence_percent=10,
        other_service_months=other_service_months,
        reading=AbsenceReading.EXCESS,
        citations={},
    )

    assert rules == expected


# --- When it is met ------------------------------------------------------------------------------

THIRTY = dataclasses.replace(RULES, required_days=30)


@pytest.mark.parametrize(
    ("services", "absences", "rules", "met_on"),
    [
        pytest.param([], [], THIRTY, None, id="no service"),
        pytest.param([post("2026-10-01", "2026-10-15")], [], THIRTY, None, id="nothing goes on"),
        pytest.param(
            [post("2026-10-01", "2026-11-18")],
            [],
            THIRTY,
            "2026-10-30",
            id="met in the past: 1–30 October",
        ),
        pytest.param(
            [post("2026-10-21", "2026-11-19")], [], THIRTY, "2026-11-19", id="met today: 11 + 19"
        ),
        pytest.param(
            [post("2026-11-01", None)], [], THIRTY, "2026-11-30", id="19 + 11: 30 November"
        ),
        pytest.param(
            [post("2026-11-01", None, 50)],
            [],
            THIRTY,
            "2026-12-30",
            id="60 days at 50 %: 30 + 30",
        ),
        pytest.param(
            [post("2026-11-20", None)], [], THIRTY, None, id="what begins tomorrow is no service"
        ),
        pytest.param(
            [post("2026-10-01", "2026-10-15"), post("2026-11-20", None)],
            [],
            THIRTY,
            None,
            id="15, and nothing goes on today",
        ),
        # 1 November–10 December is 40 days; 14 away, 4 spared: 30 count. The day before 39 − 10.1.
        pytest.param(
            [post("2026-11-01", None)],
            [away("2026-11-21", "2026-12-04")],
            THIRTY,
            "2026-12-10",
            id="leave to come: n − (14 − n / 10) = 30 at n = 40",
        ),
        # All 14 are deducted until they are no more than 10 %: n − 14 = 30 at n = 44.
        pytest.param(
            [post("2026-11-01", None)],
            [away("2026-11-21", "2026-12-04")],
            dataclasses.replace(THIRTY, reading=AbsenceReading.WHOLE),
            "2026-12-14",
            id="strict, leave to come: n − 14 = 30 at n = 44",
        ),
        pytest.param(
            [post("2020-01-01", None, kind=OTHER)],
            [],
            RULES,
            None,
            id="another specialty alone never gets past 1 186",
        ),
    ],
)
def test_forecast(services, absences, rules, met_on):
    reached = forecast(numbered(services), absences, rules=rules, today=TODAY)

    assert reached.met_on == day(met_on)


@pytest.mark.parametrize(
    ("ends_on", "beyond_plan"),
    [(None, False), ("2026-11-30", False), ("2026-11-29", True)],
)
def test_forecast_tells_whether_the_service_must_be_prolonged(ends_on, beyond_plan):
    services = numbered([post("2026-11-01", ends_on)])

    reached = forecast(services, [], rules=THIRTY, today=TODAY)

    assert (reached.met_on, reached.beyond_plan) == (dt.date(2026, 11, 30), beyond_plan)


def test_only_attested_service_meets_the_requirement():
    waiting = numbered([post("2026-10-01", "2026-10-31", attested=False)])
    attested = [dataclasses.replace(one, attested=True) for one in waiting]

    before = counted_time(waiting, [], rules=THIRTY, today=TODAY)
    after = counted_time(attested, [], rules=THIRTY, today=TODAY)

    assert (before.confirmed, before.awaiting, before.is_served, before.is_met) == (
        0,
        31,
        True,
        False,
    )
    assert (after.confirmed, after.awaiting, after.is_served, after.is_met) == (31, 0, True, True)


@pytest.mark.parametrize(
    ("services", "over_cap", "over_full_time"),
    [
        ([post("2020-01-01", "2023-03-31", kind=OTHER)], False, False),
        ([post("2020-01-01", "2023-04-01", kind=OTHER)], True, False),
        ([post(*APRIL, 60), post(*APRIL, 40)], False, False),
        ([post(*APRIL, 60), post(*APRIL, 50)], False, True),
    ],
)
def test_limits_exceeded_are_told(services, over_cap, over_full_time):
    time = counted_time(numbered(services), [], rules=RULES, today=TODAY)

    assert (time.is_over_cap, time.is_over_full_time) == (over_cap, over_full_time)


def test_capped_days_are_told_in_full_also_over_the_limit():
    services = numbered([post("2020-01-01", "2023-12-31", kind=OTHER)])

    time = counted_time(services, [], rules=RULES, today=TODAY)

    assert (time.capped_days, time.total) == (1461, 1186)


# --- Years, months, days -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (0, (0, 0, 0)),
        (1, (0, 0, 1)),
        (30, (0, 0, 30)),
        (31, (0, 1, 0)),  # a month is 30.42
        (60, (0, 1, 29)),  # 29.58
        (61, (0, 2, 0)),
        (64, (0, 2, 3)),
        (88, (0, 2, 27)),
        (301, (0, 9, 27)),
        (364, (0, 11, 29)),
        (365, (1, 0, 0)),
        (469, (1, 3, 12)),
        (730, (2, 0, 0)),
        (1816, (4, 11, 21)),
        (2373, (6, 6, 0)),
    ],
)
def test_as_years_months_days(days, expected):
    assert as_years_months_days(days) == expected


@pytest.mark.parametrize(
    ("months", "days"),
    [(1, 30), (6, 183), (12, 365), (18, 548), (24, 730), (39, 1186), (78, 2373)],
)
def test_days_of_months_round_halves_up(months, days):
    assert days_of_months(months) == days


@given(st.integers(0, 20_000))
def test_years_months_days_lose_less_than_a_day(days):
    years, months, rest = as_years_months_days(days)

    shown = years * 365 + months * 365 / 12 + rest
    assert months < 12
    assert rest < 31
    assert days - 1 < shown + 1e-6
    assert shown < days + 1e-6


@given(st.lists(st.fractions(0, 500, max_denominator=997), max_size=8))
def test_shared_out_adds_up_and_moves_no_part_by_a_day(parts):
    exact = dict(enumerate(parts))

    shared = shared_out(math.floor(sum(parts)), exact)

    assert sum(shared.values()) == math.floor(sum(parts))
    assert all(abs(shared[key] - part) < 1 for key, part in exact.items())


# --- What holds whatever is entered --------------------------------------------------------------

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2027, 6, 30))
LENGTHS = st.integers(-1, 500)


@st.composite
def any_services(draw, **fixed) -> list[Service]:
    services = []
    for number in range(draw(st.integers(1, 5))):
        starts_on = draw(DAYS)
        services.append(
            Service(
                id=number,
                starts_on=starts_on,
                ends_on=draw(st.none() | LENGTHS.map(lambda n, s=starts_on: s + dt.timedelta(n))),
                percent=draw(st.sampled_from([1, 33, 50, 60, 80, 100])),
                kind=draw(st.sampled_from(ServiceKind)),
                attested=draw(st.booleans()),
                series=draw(st.sampled_from("ab")),
            )
        )
    return services


@st.composite
def any_absence(draw) -> Absence:
    starts_on = draw(DAYS)
    return Absence(
        starts_on=starts_on,
        ends_on=draw(st.none() | LENGTHS.map(lambda n: starts_on + dt.timedelta(n))),
        percent=draw(st.sampled_from([10, 33, 50, 100])),
        cause=draw(st.sampled_from(AbsenceCause)),
    )


ABSENCES = st.lists(any_absence(), max_size=4)
# A low limit, so that it is often passed.
ANY_RULES = st.builds(
    dataclasses.replace,
    st.just(dataclasses.replace(RULES, capped_days=200)),
    reading=st.sampled_from(AbsenceReading),
    uncounted_kinds=st.sampled_from([frozenset(), frozenset({ServiceKind.ABROAD})]),
)
COUNTS = st.none() | DAYS


@given(any_services(), ABSENCES, ANY_RULES, COUNTS)
def test_never_more_than_calendar_days(services, absences, rules, counts_from):
    time = counted_time(services, absences, rules=rules, today=TODAY, counts_from=counts_from)

    until = [(one.starts_on, min(one.ends_on or TODAY, TODAY)) for one in services]
    served = {
        first + dt.timedelta(n) for first, last in until for n in range((last - first).days + 1)
    }
    assert all(0 <= line.days <= line.calendar_days for line in time.lines)
    assert time.total <= len(served)  # posts at once count 100 % together


@given(any_services(), ABSENCES, ANY_RULES, COUNTS)
def test_every_column_adds_up(services, absences, rules, counts_from):
    time = counted_time(services, absences, rules=rules, today=TODAY, counts_from=counts_from)

    assert all(
        line.calendar_days - sum(part.days for part in line.deducted) == line.days
        for line in time.lines
    )
    assert time.confirmed + time.awaiting == time.total == sum(line.days for line in time.lines)
    assert time.total == math.floor(sum(line.exact_days for line in time.lines))
    assert all(abs(line.days - line.exact_days) < 1 for line in time.lines)


@given(st.data(), any_services(), ABSENCES, ANY_RULES, COUNTS)
def test_splitting_a_period_changes_nothing(data, services, absences, rules, counts_from):
    whole = data.draw(st.sampled_from(services))
    last = whole.ends_on or dt.date(2027, 12, 31)
    cut = whole.starts_on + dt.timedelta(
        data.draw(st.integers(0, max(0, (last - whole.starts_on).days)))
    )
    first = dataclasses.replace(whole, ends_on=cut - dt.timedelta(1))
    second = dataclasses.replace(whole, id=99, starts_on=cut)
    in_two = [one for one in services if one != whole] + [first, second]

    def figures(those):
        time = counted_time(those, absences, rules=rules, today=TODAY, counts_from=counts_from)
        return time.total_by_reading, time.confirmed, time.awaiting

    assert figures(in_two) == figures(services)


@given(any_services(), ABSENCES, any_absence(), ANY_RULES, COUNTS)
def test_more_absence_never_gives_more_time(services, absences, more, rules, counts_from):
    def totals(those):
        time = counted_time(services, those, rules=rules, today=TODAY, counts_from=counts_from)
        return time.total_by_reading

    before, after = totals(absences), totals([*absences, more])

    assert all(after[reading] <= before[reading] for reading in AbsenceReading)


@given(st.data(), any_services(), ABSENCES, ANY_RULES, COUNTS)
def test_order_does_not_matter(data, services, absences, rules, counts_from):
    mixed = data.draw(st.permutations(services)), data.draw(st.permutations(absences))

    def time(those, away_then):
        return counted_time(those, away_then, rules=rules, today=TODAY, counts_from=counts_from)

    assert time(*mixed) == time(services, absences)


@given(any_services(), ABSENCES, st.integers(1, 900))
def test_the_forecast_is_the_first_day_that_reaches_it(services, absences, required):
    rules = dataclasses.replace(RULES, required_days=required)
    going_on = [
        dataclasses.replace(one, ends_on=None) if one.covers(TODAY) else one
        for one in services
        if one.starts_on <= TODAY
    ]

    met_on = forecast(services, absences, rules=rules, today=TODAY).met_on

    def total(on):
        return counted_time(going_on, absences, rules=rules, today=on).total

    if met_on is None:
        assert total(TODAY + dt.timedelta(60 * 365)) < required
    else:
        assert total(met_on - dt.timedelta(1)) < required <= total(met_on)
