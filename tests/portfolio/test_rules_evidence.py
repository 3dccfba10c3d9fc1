"""The rules as tables: every state against every condition."""

import dataclasses
import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from institutions.enums import Role
from portfolio import rules
from portfolio.enums import GoalStatus, Outcome, ProgressState, Refusal
from portfolio.rules import Gap, Opinion, Post, Shown

DAY = dt.date(2026, 11, 19)
NOON = dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
GUIDE, CLINICIAN = Role.EDUCATIONAL_SUPERVISOR, Role.CLINICAL_SUPERVISOR


def test_request_runs_out_after_thirty_days():
    assert rules.request_expires_on(DAY) == dt.date(2026, 12, 19)


@pytest.mark.parametrize(
    ("minutes", "built_on", "refusal"),
    [
        (0, False, None),
        (14, False, None),
        (15, False, Refusal.TOO_LATE),
        (1, True, Refusal.BUILT_ON),
        (20, True, Refusal.BUILT_ON),
    ],
)
def test_retraction_refusal(minutes, built_on, refusal):
    now = NOON + dt.timedelta(minutes=minutes)

    assert rules.retraction_refusal(acted_at=NOON, now=now, built_on=built_on) == refusal


@pytest.mark.parametrize(
    ("asked_days_ago", "reminded_days_ago", "allowed"),
    [(0, None, False), (1, None, True), (9, 0, False), (9, 1, True), (0, 0, False)],
)
def test_reminder_once_a_day_and_not_the_day_of_asking(asked_days_ago, reminded_days_ago, allowed):
    reminded_on = None if reminded_days_ago is None else DAY - dt.timedelta(reminded_days_ago)

    assert (
        rules.may_remind(
            asked_on=DAY - dt.timedelta(asked_days_ago), reminded_on=reminded_on, today=DAY
        )
        is allowed
    )


@pytest.mark.parametrize(
    ("levels", "orders", "refusal"),
    [
        ({1: 3}, [1, 2], None),
        ({1: 1, 2: 3}, [1, 2], None),
        ({0: 2}, [], None),
        ({}, [1], Refusal.NO_LEVEL),
        ({}, [], Refusal.NO_LEVEL),
        ({3: 1}, [1, 2], Refusal.FOREIGN_LEVEL),
        ({0: 1}, [1, 2], Refusal.FOREIGN_LEVEL),
        ({1: 1}, [], Refusal.FOREIGN_LEVEL),
        ({1: 0}, [1], Refusal.FOREIGN_LEVEL),
        ({1: 4}, [1], Refusal.FOREIGN_LEVEL),
    ],
)
def test_levels_refusal(levels, orders, refusal):
    assert rules.levels_refusal(levels, orders) == refusal


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({}, Refusal.NOTHING_CHANGED),
        ({"levels": {1: 2}}, None),
        ({"levels": {1: 3, 2: 1}}, None),
        ({"feedback": "Rettet."}, None),
        ({"recommends": True}, None),
    ],
)
def test_a_correction_changes_something(changed, refusal):
    earlier = rules.Signature(levels={1: 3}, feedback="", recommends=False)

    corrected = dataclasses.replace(earlier, **changed)

    assert rules.correction_refusal(earlier=earlier, corrected=corrected) == refusal


# --- What has been shown -------------------------------------------------------------------------


def shown(level: int, days: int = 0, number: int = 1) -> Shown:
    return Shown(level, DAY + dt.timedelta(days=days), "Hilde Demo Vik", number)


@pytest.mark.parametrize(
    ("seen", "best"),
    [
        ([], None),
        ([shown(2)], shown(2)),
        ([shown(1, 0, 1), shown(3, 5, 2), shown(2, 9, 3)], shown(3, 5, 2)),
        ([shown(3, 5, 2), shown(3, 1, 1)], shown(3, 1, 1)),  # the first time it was reached
    ],
)
def test_best_shown_is_the_highest_and_its_first_day(seen, best):
    assert rules.best_shown(seen) == best


@pytest.mark.parametrize(
    ("required", "level", "reached", "missing"),
    [
        (3, None, False, 3),
        (3, 1, False, 2),
        (3, 2, False, 1),
        (3, 3, True, 0),
        (1, 2, True, 0),
        (None, None, False, 0),  # a goal without statements requires no level of its own
        (None, 1, True, 0),
    ],
)
def test_gap(required, level, reached, missing):
    gap = Gap(1, required, None if level is None else shown(level))

    assert (gap.reached, gap.missing_levels) == (reached, missing)


@pytest.mark.parametrize(
    ("state", "has_evidence", "status"),
    [
        (None, False, GoalStatus.NOT_STARTED),
        (None, True, GoalStatus.IN_PROGRESS),
        (ProgressState.OPEN, False, GoalStatus.NOT_STARTED),
        (ProgressState.OPEN, True, GoalStatus.IN_PROGRESS),
        (ProgressState.CLAIMED, False, GoalStatus.CLAIMED),
        (ProgressState.APPROVED, True, GoalStatus.APPROVED),
        (ProgressState.RETURNED, True, GoalStatus.RETURNED),
        (ProgressState.REFUSED, True, GoalStatus.REFUSED),
    ],
)
def test_goal_status(state, has_evidence, status):
    assert rules.goal_status(state, has_evidence=has_evidence) == status


# --- Claims --------------------------------------------------------------------------------------

CLAIM_TABLE = {
    (decides, state): (
        Refusal.VOLUNTARY_MAP
        if not decides
        else Refusal.NOT_CLAIMABLE
        if state in (ProgressState.CLAIMED, ProgressState.APPROVED)
        else None
    )
    for decides, state in itertools.product((True, False), ProgressState)
}


@pytest.mark.parametrize(("case", "refusal"), CLAIM_TABLE.items())
def test_claim_refusal_in_every_state(case, refusal):
    decides, state = case

    assert (
        rules.claim_refusal(decides_goals=decides, state=state, refused_on=[], today=DAY) == refusal
    )


@pytest.mark.parametrize(
    ("refused_on", "today", "refusal"),
    [
        ([DAY], DAY, None),
        ([DAY, DAY], DAY, Refusal.WAIT_AFTER_REFUSAL),
        ([dt.date(2026, 1, 1), DAY], dt.date(2027, 5, 18), Refusal.WAIT_AFTER_REFUSAL),
        ([dt.date(2026, 1, 1), DAY], dt.date(2027, 5, 19), None),
        ([DAY, dt.date(2026, 1, 1)], dt.date(2026, 12, 1), Refusal.WAIT_AFTER_REFUSAL),
    ],
)
def test_second_refusal_takes_six_months(refused_on, today, refusal):
    assert (
        rules.claim_refusal(
            decides_goals=True, state=ProgressState.REFUSED, refused_on=refused_on, today=today
        )
        == refusal
    )


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 11, 19), 6, dt.date(2027, 5, 19)),
        (dt.date(2026, 8, 31), 6, dt.date(2027, 2, 28)),
        (dt.date(2027, 8, 31), 6, dt.date(2028, 2, 29)),
        (dt.date(2026, 12, 31), 12, dt.date(2027, 12, 31)),
        (dt.date(2026, 6, 1), 6, dt.date(2026, 12, 1)),
    ],
)
def test_months_later(day, months, later):
    assert rules.months_later(day, months) == later


# --- §26 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "ticks", "ready", "missing", "opposed"),
    [
        ([], [], False, (GUIDE, CLINICIAN), False),
        ([Opinion(1, GUIDE, True)], [], False, (CLINICIAN,), False),
        ([Opinion(2, CLINICIAN, True)], [], False, (GUIDE,), False),
        ([Opinion(1, GUIDE, True), Opinion(2, CLINICIAN, True)], [], True, (), False),
        ([Opinion(1, GUIDE, True)], [Opinion(2, CLINICIAN, True, True)], True, (), False),
        ([Opinion(1, GUIDE, False), Opinion(2, CLINICIAN, True)], [], True, (), True),
        # one person in both roles is one person
        ([Opinion(1, GUIDE, True), Opinion(1, CLINICIAN, True)], [], False, (), False),
        (
            [Opinion(1, GUIDE, True), Opinion(1, CLINICIAN, True), Opinion(2, CLINICIAN, True)],
            [],
            True,
            (),
            False,
        ),
        # one's own answer outweighs the tick in an earlier assessment
        (
            [Opinion(1, GUIDE, True), Opinion(2, CLINICIAN, False)],
            [Opinion(2, CLINICIAN, True, True)],
            True,
            (),
            True,
        ),
    ],
)
def test_readiness(answers, ticks, ready, missing, opposed):
    verdict = rules.readiness(answers, ticks)

    assert (verdict.ready, verdict.missing, verdict.has_opposition) == (ready, missing, opposed)


READY = rules.readiness([Opinion(1, GUIDE, True), Opinion(2, CLINICIAN, True)], [])
OPPOSED = rules.readiness([Opinion(1, GUIDE, True), Opinion(2, CLINICIAN, False)], [])
UNREADY = rules.readiness([Opinion(1, GUIDE, True)], [])


@pytest.mark.parametrize(
    ("ready", "outcome", "reason", "refusal"),
    [
        *((UNREADY, outcome, "Grunn.", Refusal.NOT_RECOMMENDED) for outcome in Outcome),
        (READY, Outcome.APPROVED, "", None),
        (READY, Outcome.RETURNED, "", Refusal.NO_REASON),
        (READY, Outcome.REFUSED, "", Refusal.NO_REASON),
        (READY, Outcome.RETURNED, "Grunn.", None),
        (READY, Outcome.REFUSED, "Grunn.", None),
        (OPPOSED, Outcome.APPROVED, "", Refusal.AGAINST_NEEDS_REASON),
        (OPPOSED, Outcome.APPROVED, "Grunn.", None),
    ],
)
def test_decision_refusal(ready, outcome, reason, refusal):
    assert rules.decision_refusal(outcome=outcome, reason=reason, ready=ready) == refusal


# --- Placements ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posts", "highest"),
    [
        ([], 0),
        ([Post(100, DAY, None)], 100),
        ([Post(60, DAY, None), Post(40, DAY, None)], 100),
        ([Post(60, DAY, DAY), Post(60, DAY + dt.timedelta(days=1), None)], 60),
        ([Post(60, DAY, DAY), Post(60, DAY, None)], 120),
        ([Post(50, DAY, None), Post(50, DAY, None), Post(10, dt.date(2030, 1, 1), None)], 110),
    ],
)
def test_highest_percent(posts, highest):
    assert rules.highest_percent(posts) == highest


@st.composite
def _posts(draw):
    start = draw(st.integers(0, 60))
    length = draw(st.none() | st.integers(0, 60))
    first = DAY + dt.timedelta(days=start)
    last = None if length is None else first + dt.timedelta(days=length)
    return Post(draw(st.integers(1, 100)), first, last)


@given(st.lists(_posts(), max_size=6))
def test_highest_percent_is_what_counting_every_day_gives(posts):
    days = [DAY + dt.timedelta(days=count) for count in range(200)]

    counted = max(sum(post.percent for post in posts if post.covers(day)) for day in days)

    assert rules.highest_percent(posts) == counted


def test_every_refusal_says_what_to_do():
    assert [code.value for code in Refusal if not str(code.label).endswith((".", ").", "!"))] == []
