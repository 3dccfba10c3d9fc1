"""Service: attested, long enough, and how its time was counted."""

import math
from collections.abc import Iterator
from fractions import Fraction

from curriculum.enums import RequirementCode, Unit
from institutions.enums import Role
from portfolio.enums import AttestationState, DocumentKind, ServiceKind
from portfolio.rules.preflight.facts import (
    DocumentFacts,
    Required,
    ServiceFacts,
    Span,
    TrainingFacts,
)
from portfolio.rules.preflight.findings import (
    AUTHORITY,
    YOU,
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Severity,
    WhoToAsk,
    found,
    head_today,
)
from portfolio.rules.whole_days import days_of_months

NOTHING_TO_SIGN = (
    AttestationState.AHEAD,
    AttestationState.ONGOING,
    AttestationState.ATTESTED,
    AttestationState.ON_PAPER,
)
ATTESTED = (AttestationState.ATTESTED, AttestationState.ON_PAPER)
CODES = {
    AttestationState.NOT_ASKED: FindingCode.ATTESTATION_MISSING,
    AttestationState.RETURNED: FindingCode.ATTESTATION_RETURNED,
    AttestationState.ASKED: FindingCode.ATTESTATION_UNSIGNED,
    AttestationState.COUNTERSIGNATURE_MISSING: FindingCode.ATTESTATION_UNSIGNED,
    AttestationState.AWAITING_COUNTERSIGNATURE: FindingCode.ATTESTATION_UNSIGNED,
    AttestationState.VOID: FindingCode.ATTESTATION_VOID,
    AttestationState.UNSATISFACTORY: FindingCode.ATTESTATION_UNSATISFACTORY,
}
WITH_MEDICAL_LEAD = (
    AttestationState.COUNTERSIGNATURE_MISSING,
    AttestationState.AWAITING_COUNTERSIGNATURE,
)
DAYS_OF_YEAR, MONTHS_OF_YEAR = 365, 12
TIME = Fix(FixKind.TIME)


def service_findings(facts: TrainingFacts) -> Iterator[Finding]:
    yield from _attestations(facts)
    yield from _part_1(facts)
    yield from _time(facts)
    yield from _cap(facts)
    yield from _full_time(facts)
    yield from _readings(facts)


def amount_in_days(required: Required) -> int:
    """The requirement's amount in whole days; a year is 365 days (an assumption)."""
    if required.unit == Unit.DAYS:
        return required.amount
    months = required.amount * (MONTHS_OF_YEAR if required.unit == Unit.YEARS else 1)
    return days_of_months(months)


# --- Attestations --------------------------------------------------------------------------------


def _attestations(facts: TrainingFacts) -> Iterator[Finding]:
    """Every service that is over, and counts, is attested; each that is not is told by itself."""
    requirement = facts.requirement(RequirementCode.SERVICE_ATTESTATION)
    if requirement is None:
        return
    asked_for = [one for one in facts.services if one.kind not in facts.time.rules.uncounted_kinds]
    for service in asked_for:
        original = facts.waiting_original(service)
        if original:
            yield _unconfirmed(facts, requirement, service, original)
        else:
            yield from _attestation(facts, requirement, service)
    attested = [one for one in asked_for if one.attestation in ATTESTED]
    over = [one for one in asked_for if one.ends_on and one.ends_on < facts.today]
    if facts.time.is_met and all(one in attested for one in over):
        count = len(attested)
        yield found(FindingCode.SERVICE_ATTESTED, Severity.IN_ORDER, requirement, count=count)


def _attestation(
    facts: TrainingFacts, requirement: Required, service: ServiceFacts
) -> Iterator[Finding]:
    state = service.attestation
    if state in NOTHING_TO_SIGN and not (state == AttestationState.ATTESTED and _lacks(service)):
        return
    code = CODES.get(state, FindingCode.ATTESTATION_FIELD_MISSING)
    if state == AttestationState.ASKED and _lacks(service):
        code = FindingCode.ATTESTATION_FIELD_MISSING
    role = Role.MEDICAL_LEAD if state in WITH_MEDICAL_LEAD else Role.DEPARTMENT_HEAD
    name = service.medical_lead if state in WITH_MEDICAL_LEAD else service.head
    for_doctor = code in (FindingCode.ATTESTATION_FIELD_MISSING, FindingCode.ATTESTATION_RETURNED)
    yield found(
        code,
        Severity.MISSING,
        requirement,
        who=(YOU,) if for_doctor else (WhoToAsk(role, name),),
        fix=Fix(FixKind.SERVICE, id=service.id),
        role=role,
        place=service.place,
        span=Span(service.starts_on, service.ends_on),
        days=facts.time.line(service.id).days,
        fields=service.missing_fields,
    )


def _unconfirmed(
    facts: TrainingFacts, requirement: Required, service: ServiceFacts, original: DocumentFacts
) -> Finding:
    """To be confirmed by the head of today's service, wherever this one was."""
    return found(
        FindingCode.ATTESTATION_UNCONFIRMED,
        Severity.MISSING,
        requirement,
        who=(head_today(facts),),
        fix=Fix(FixKind.DOCUMENT, id=original.id),
        place=service.place,
        span=Span(service.starts_on, service.ends_on),
        days=facts.time.line(service.id).days,
    )


def _lacks(service: ServiceFacts) -> bool:
    return bool(service.missing_fields)


# --- Part 1 --------------------------------------------------------------------------------------


def _part_1(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.PART_1)
    if requirement is None:
        return
    yield found(FindingCode.AUTHORISED, Severity.IN_ORDER, requirement, on=facts.authorised_on)
    served = _part_1_days(facts)
    if facts.confirmed(DocumentKind.PART_1) or served >= _whole_days(requirement):
        yield found(FindingCode.PART_1_DONE, Severity.IN_ORDER, requirement)
    elif not facts.documents_of(DocumentKind.PART_1):
        yield found(
            FindingCode.PART_1_MISSING,
            Severity.MISSING,
            requirement,
            fix=Fix(FixKind.UPLOAD, key=DocumentKind.PART_1),
            days=served,
            other_days=_whole_days(requirement),
        )


def _part_1_days(facts: TrainingFacts) -> int:
    """Attested calendar days, so far as they count."""
    lines = (line for line in facts.time.lines if line.service.kind == ServiceKind.PART_1)
    return sum(line.days for line in lines if line.attested)


def _whole_days(requirement: Required) -> int:
    """Rounded down: 18 months are 547.5 days, and nobody serves half a day more."""
    return math.floor(Fraction(requirement.amount * DAYS_OF_YEAR, MONTHS_OF_YEAR))


# --- Time ----------------------------------------------------------------------------------------


def _time(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.SERVICE_TIME)
    time = facts.time
    if requirement is None:
        return
    if time.remaining:
        yield found(
            FindingCode.TIME_SHORT,
            Severity.MISSING,
            requirement,
            fix=TIME,
            days=time.remaining,
            other_days=time.required,
            forecast=facts.forecast,
        )
    elif time.is_met:
        yield found(
            FindingCode.TIME_SERVED,
            Severity.IN_ORDER,
            requirement,
            days=time.confirmed,
            other_days=time.required,
        )


def _cap(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.OTHER_SERVICE_CAP)
    time = facts.time
    if requirement is None or not time.capped_days:
        return
    over = time.is_over_cap
    yield found(
        FindingCode.OVER_CAP if over else FindingCode.UNDER_CAP,
        Severity.CLARIFY if over else Severity.IN_ORDER,
        requirement,
        who=(AUTHORITY,) if over else (YOU,),
        fix=TIME if over else None,
        days=time.capped_days,
        other_days=time.rules.capped_days,
    )


def _full_time(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.ABSENCE_THRESHOLD)
    if requirement is None or not facts.time.lines:
        return
    over = facts.time.is_over_full_time
    if not over and not facts.decides_goals:
        return
    yield found(
        FindingCode.OVER_FULL_TIME if over else FindingCode.WITHIN_FULL_TIME,
        Severity.CLARIFY if over else Severity.IN_ORDER,
        requirement,
        fix=Fix(FixKind.PLACES) if over else None,
    )


def _readings(facts: TrainingFacts) -> Iterator[Finding]:
    """The two ways to read «exceeding 10 %» give different totals."""
    requirement = facts.requirement(RequirementCode.ABSENCE_THRESHOLD)
    time = facts.time
    if requirement is None or not time.readings_differ:
        return
    differing = [line for line in time.lines if line.readings_differ]
    ids = {line.service.id for line in differing}
    used, other = (
        sum(line.absence_by_reading[reading] for line in differing)
        for reading in (time.rules.reading, time.rules.other_reading)
    )
    yield found(
        FindingCode.READINGS_DIFFER,
        Severity.CLARIFY,
        requirement,
        who=(AUTHORITY,),
        fix=TIME,
        days=used,
        other_days=other,
        key=time.rules.reading,
        places=tuple(
            (one.place, Span(one.starts_on, one.ends_on)) for one in facts.services if one.id in ids
        ),
    )
