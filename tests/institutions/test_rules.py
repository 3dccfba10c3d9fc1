import datetime as dt

import pytest

from institutions.enums import RecognitionState, RecognitionStatus, Refusal, Role
from institutions.rules import RolePeriod, end_refusal, recognition_state, role_refusal

TODAY = dt.date(2026, 11, 19)
YESTERDAY, TOMORROW = TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=1)
LAST_YEAR, NEXT_YEAR = dt.date(2025, 11, 19), dt.date(2027, 11, 19)


def period(
    role=Role.CLINICAL_SUPERVISOR,
    *,
    institution_id=None,
    department_id=None,
    starts_on=TODAY,
    ends_on=None,
) -> RolePeriod:
    return RolePeriod(
        role=role,
        institution_id=institution_id,
        department_id=department_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@pytest.mark.parametrize(
    ("role", "places", "refusal"),
    [
        (Role.ADMIN, {}, None),
        (Role.ADMIN, {"department_id": 1}, Refusal.ADMIN_HAS_NO_PLACE),
        (Role.ADMIN, {"institution_id": 1}, Refusal.ADMIN_HAS_NO_PLACE),
        (Role.CLINICAL_SUPERVISOR, {"department_id": 1}, None),
        (Role.CLINICAL_SUPERVISOR, {"institution_id": 1}, None),
        (Role.CLINICAL_SUPERVISOR, {}, Refusal.PLACE_MISSING),
        (
            Role.CLINICAL_SUPERVISOR,
            {"department_id": 1, "institution_id": 1},
            Refusal.PLACE_TOO_MUCH,
        ),
        (Role.DEPARTMENT_HEAD, {"department_id": 1}, None),
        (Role.DEPARTMENT_HEAD, {}, Refusal.PLACE_MISSING),
        (Role.MEDICAL_LEAD, {"department_id": 1}, None),
        (Role.EDUCATION_LEAD, {"institution_id": 1}, None),
        (Role.EDUCATION_LEAD, {"department_id": 1}, Refusal.WHOLE_INSTITUTION),
        (Role.EDUCATION_LEAD, {}, Refusal.PLACE_MISSING),
        (Role.TRAINEE, {"department_id": 1}, Refusal.UNKNOWN_ROLE),
        (Role.EDUCATIONAL_SUPERVISOR, {"department_id": 1}, Refusal.UNKNOWN_ROLE),
        (Role.PROGRAM_LEADER, {"institution_id": 1}, Refusal.UNKNOWN_ROLE),
    ],
)
def test_role_refusal_place(role, places, refusal):
    assert role_refusal(period(role, **places), []) == refusal


@pytest.mark.parametrize(
    ("held", "refusal"),
    [
        (period(department_id=1), Refusal.ALREADY_HELD),
        (period(department_id=1, starts_on=LAST_YEAR), Refusal.ALREADY_HELD),
        (period(department_id=1, starts_on=LAST_YEAR, ends_on=TODAY), Refusal.ALREADY_HELD),
        (period(department_id=1, starts_on=NEXT_YEAR), Refusal.ALREADY_HELD),
        (period(department_id=1, starts_on=LAST_YEAR, ends_on=YESTERDAY), None),
        (period(department_id=2), None),
        (period(institution_id=1), None),
        (period(Role.DEPARTMENT_HEAD, department_id=1), None),
    ],
)
def test_role_refusal_overlap(held, refusal):
    assert role_refusal(period(department_id=1), [held]) == refusal


def test_role_refusal_ends_before_start():
    wanted = period(department_id=1, ends_on=YESTERDAY)

    assert role_refusal(wanted, []) == Refusal.ENDS_BEFORE_START


@pytest.mark.parametrize(
    ("starts_on", "held_until", "ends_on", "refusal"),
    [
        (LAST_YEAR, None, YESTERDAY, None),
        (LAST_YEAR, None, NEXT_YEAR, None),
        (LAST_YEAR, NEXT_YEAR, TODAY, None),
        (LAST_YEAR, TODAY, YESTERDAY, None),
        (LAST_YEAR, YESTERDAY, YESTERDAY, Refusal.ALREADY_ENDED),
        (YESTERDAY, None, LAST_YEAR, Refusal.ENDS_BEFORE_START),
        (TODAY, None, YESTERDAY, None),
        (NEXT_YEAR, None, YESTERDAY, None),
    ],
)
def test_end_refusal(starts_on, held_until, ends_on, refusal):
    held = period(department_id=1, starts_on=starts_on, ends_on=held_until)

    assert end_refusal(held, ends_on=ends_on, today=TODAY) == refusal


@pytest.mark.parametrize(
    ("status", "starts_on", "ends_on", "state"),
    [
        (RecognitionStatus.PENDING, LAST_YEAR, None, RecognitionState.PENDING),
        (RecognitionStatus.WITHDRAWN, LAST_YEAR, YESTERDAY, RecognitionState.WITHDRAWN),
        (RecognitionStatus.GRANTED, LAST_YEAR, None, RecognitionState.IN_FORCE),
        (RecognitionStatus.GRANTED, TODAY, TODAY, RecognitionState.IN_FORCE),
        (RecognitionStatus.GRANTED, TOMORROW, None, RecognitionState.COMING),
        (RecognitionStatus.GRANTED, LAST_YEAR, YESTERDAY, RecognitionState.EXPIRED),
    ],
)
def test_recognition_state(status, starts_on, ends_on, state):
    assert recognition_state(status, starts_on=starts_on, ends_on=ends_on, today=TODAY) == state
