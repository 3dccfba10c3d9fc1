"""Service attestation: every field missing, every field changed, and the day it opens."""

import dataclasses
import datetime as dt

import pytest

from portfolio.enums import AbsenceCause, AttestationField, OnCall, PostKind, ServiceKind
from portfolio.rules.attestation import (
    AttestationFacts,
    AttestedAbsence,
    AttestedGuide,
    changed_fields,
    may_attest,
    may_attest_from,
    missing_fields,
)

BEGAN, ENDED = dt.date(2025, 1, 1), dt.date(2026, 6, 30)
GUIDE = AttestedGuide("Berit Demo Foss", "1000001", "Indremedisin", False, BEGAN, ENDED)
SECOND_GUIDE = AttestedGuide("Tor Demo Nygård", "", "Onkologi", True, dt.date(2026, 1, 1), ENDED)
AWAY = AttestedAbsence(AbsenceCause.SICK, 50, dt.date(2025, 3, 1), dt.date(2025, 3, 31))
FACTS = AttestationFacts(
    doctor="Nora Demo Aasen",
    hpr_number="1000009",
    department_id=7,
    department="Palliativt senter",
    institution="St. Olavs hospital",
    service_kind=ServiceKind.OWN,
    specialty="",
    post_kind=PostKind.DESIGNATED,
    percent=60,
    starts_on=BEGAN,
    ends_on=ENDED,
    absences=(AWAY,),
    guides=(GUIDE, SECOND_GUIDE),
    content="Sengepost og poliklinikk",
    teaching="Internundervisning en time i uken",
    on_call=OnCall.TAKES_PART,
    on_call_text="Firedelt hjemmevakt",
)
ELSEWHERE = dataclasses.replace(
    FACTS, department_id=None, department="Hospice i Danmark", institution=""
)


def other(one, **changes):
    return dataclasses.replace(one, **changes)


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        (FACTS, []),
        (other(FACTS, absences=()), []),  # none is an answer
        (ELSEWHERE, []),
        (other(ELSEWHERE, department=" "), ["department"]),
        (other(FACTS, department=""), ["department"]),
        (other(FACTS, institution=""), ["department"]),
        (other(FACTS, service_kind=ServiceKind.PART_1), []),
        (other(FACTS, service_kind=ServiceKind.OTHER_SPECIALTY), ["service_kind"]),
        (other(FACTS, service_kind=ServiceKind.OTHER_SPECIALTY, specialty="Onkologi"), []),
        (other(FACTS, post_kind=""), ["post_kind"]),
        (other(FACTS, starts_on=None), ["starts_on"]),
        (other(FACTS, ends_on=None), ["ends_on"]),
        (other(FACTS, percent=0), ["percent"]),
        (other(FACTS, absences=(AWAY, other(AWAY, ends_on=None))), ["absences"]),
        (other(FACTS, guides=()), ["guides"]),
        (other(FACTS, guides=(GUIDE, other(GUIDE, name=" "))), ["guides"]),
        (other(FACTS, guides=(GUIDE, other(GUIDE, specialty=""))), ["guides"]),
        (other(FACTS, guides=(other(SECOND_GUIDE, specialty=""),)), []),  # the competence area
        (other(FACTS, content=""), ["content"]),
        (other(FACTS, teaching="\n"), ["teaching"]),
        (other(FACTS, on_call=None), ["on_call"]),
        (other(FACTS, on_call_text=""), ["on_call"]),
        (other(FACTS, on_call=OnCall.NOT_TAKING_PART), []),
        (other(FACTS, on_call=OnCall.NOT_TAKING_PART, on_call_text=" "), ["on_call"]),
        (other(FACTS, on_call=OnCall.NONE, on_call_text=""), []),
        (
            other(FACTS, content="", department="", guides=()),
            ["department", "guides", "content"],  # as on the form
        ),
    ],
)
def test_missing_fields(facts, missing):
    assert list(missing_fields(facts)) == missing


def test_every_field_can_be_missing():
    empty = AttestationFacts(
        doctor="",
        hpr_number="",
        department_id=None,
        department="",
        institution="",
        service_kind=ServiceKind.OTHER_SPECIALTY,
        specialty="",
        post_kind="",
        percent=0,
        starts_on=None,
        ends_on=None,
        absences=(other(AWAY, ends_on=None),),
        guides=(),
        content="",
        teaching="",
        on_call=None,
        on_call_text="",
    )

    assert missing_fields(empty) == tuple(AttestationField)


# --- When it opens -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends_on", "opens_on"),
    [
        ("2026-06-30", "2026-06-01"),
        ("2026-06-10", "2026-06-01"),
        ("2026-06-01", "2026-06-01"),
        ("2024-02-29", "2024-02-01"),
    ],
)
def test_may_attest_from_the_first_of_the_last_month(ends_on, opens_on):
    found = may_attest_from(dt.date.fromisoformat(ends_on), in_last_month_only=True)

    assert found == dt.date.fromisoformat(opens_on)


@pytest.mark.parametrize(("in_last_month_only", "opens_on"), [(True, None), (False, dt.date.min)])
def test_a_service_without_an_end_has_no_last_month(in_last_month_only, opens_on):
    assert may_attest_from(None, in_last_month_only=in_last_month_only) == opens_on


@pytest.mark.parametrize(
    ("ends_on", "today", "in_last_month_only", "allowed"),
    [
        (ENDED, "2026-05-31", True, False),
        (ENDED, "2026-06-01", True, True),
        (ENDED, "2026-07-15", True, True),
        (ENDED, "2026-05-31", False, True),
        (None, "2026-05-31", True, False),
        (None, "2026-05-31", False, True),
    ],
)
def test_may_attest(ends_on, today, in_last_month_only, allowed):
    on = dt.date.fromisoformat(today)

    assert may_attest(ends_on, today=on, in_last_month_only=in_last_month_only) is allowed


# --- What voids it -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "changed"),
    [
        (FACTS, []),
        (other(FACTS, doctor="Nora Demo Berg", hpr_number="1000010"), []),  # no field of it
        (other(FACTS, department="Senter for lindring", institution="St. Olav"), []),  # renamed
        (other(FACTS, department_id=8), ["department"]),
        (other(FACTS, department_id=None), ["department"]),
        (other(FACTS, service_kind=ServiceKind.ABROAD), ["service_kind"]),
        (other(FACTS, specialty="Onkologi"), ["service_kind"]),
        (other(FACTS, post_kind=PostKind.EMPLOYED), ["post_kind"]),
        (other(FACTS, starts_on=dt.date(2025, 1, 2)), ["starts_on"]),
        (other(FACTS, ends_on=dt.date(2026, 7, 31)), ["ends_on"]),
        (other(FACTS, ends_on=None), ["ends_on"]),
        (other(FACTS, percent=80), ["percent"]),
        (other(FACTS, absences=()), ["absences"]),
        (other(FACTS, absences=(AWAY, AWAY)), ["absences"]),
        (other(FACTS, absences=(other(AWAY, percent=100),)), ["absences"]),
        (other(FACTS, absences=(other(AWAY, cause=AbsenceCause.LEAVE),)), ["absences"]),
        (other(FACTS, absences=(other(AWAY, ends_on=None),)), ["absences"]),
        (other(FACTS, guides=(GUIDE,)), ["guides"]),
        (other(FACTS, guides=(GUIDE, SECOND_GUIDE, GUIDE)), ["guides"]),
        (other(FACTS, guides=(SECOND_GUIDE, GUIDE)), []),
        (other(FACTS, guides=(other(GUIDE, name="Berit Demo Moe"), SECOND_GUIDE)), []),
        (other(FACTS, guides=(other(GUIDE, hpr_number="1000002"), SECOND_GUIDE)), ["guides"]),
        (other(FACTS, guides=(GUIDE, other(SECOND_GUIDE, hpr_number="1000003"))), []),
        (other(FACTS, guides=(GUIDE, other(SECOND_GUIDE, name="Tor Demo Moe"))), ["guides"]),
        (other(FACTS, guides=(other(GUIDE, specialty="Geriatri"), SECOND_GUIDE)), ["guides"]),
        (
            other(FACTS, guides=(other(GUIDE, holds_competence_area=True), SECOND_GUIDE)),
            ["guides"],
        ),
        (other(FACTS, guides=(other(GUIDE, ends_on=BEGAN), SECOND_GUIDE)), ["guides"]),
        (other(FACTS, content="Sengepost"), ["content"]),
        (other(FACTS, content=" Sengepost\nog poliklinikk "), []),
        (other(FACTS, teaching="Ingen"), ["teaching"]),
        (other(FACTS, on_call=OnCall.NONE), ["on_call"]),
        (other(FACTS, on_call_text="Tredelt hjemmevakt"), ["on_call"]),
        (other(FACTS, content="Sengepost", percent=80), ["percent", "content"]),
    ],
)
def test_changed_fields(now, changed):
    assert list(changed_fields(FACTS, now)) == changed


@pytest.mark.parametrize(
    ("department", "changed"),
    [("Hospice i Danmark", []), ("Hospice i Sverige", ["department"])],
)
def test_a_place_that_is_only_named_is_known_by_its_name(department, changed):
    now = other(ELSEWHERE, department=department)

    assert list(changed_fields(ELSEWHERE, now)) == changed
