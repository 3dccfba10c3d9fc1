"""What a service attestation must tell, when it can be signed, and what makes it void.

The fields are those of Helsedirektoratet's page for service without its standard form. That they
go for all service is our assumption, as the domain notes say.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from portfolio.enums import AbsenceCause, AttestationField, OnCall, PostKind, ServiceKind


@dataclass(frozen=True)
class AttestedAbsence:
    """Away from–to, in percent of the post, beyond statutory holiday and courses.

    `cause` is None where the reader may not know it.
    """

    cause: AbsenceCause | None
    percent: int
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class AttestedGuide:
    """Who guided, from–to, and what they are a specialist in."""

    name: str
    hpr_number: str
    specialty: str
    holds_competence_area: bool
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def is_told(self) -> bool:
        """With a name, and with an approval: the competence area is one, built on a specialty."""
        return bool(self.name.strip()) and (
            bool(self.specialty.strip()) or self.holds_competence_area
        )


@dataclass(frozen=True)
class AttestationFacts:
    """What is attested of one service. The judgement and the signatures are the signers' own.

    Absences and guides are cut to the service and stand in order of time. `department_id` is None
    at a place that is only named. No absence is an answer; no guide is a gap.
    """

    doctor: str
    hpr_number: str
    department_id: int | None
    department: str
    institution: str
    service_kind: ServiceKind
    specialty: str
    post_kind: PostKind
    percent: int
    starts_on: dt.date
    ends_on: dt.date | None
    absences: tuple[AttestedAbsence, ...]
    guides: tuple[AttestedGuide, ...]
    content: str
    teaching: str
    on_call: OnCall | None
    on_call_text: str


# --- What is missing -----------------------------------------------------------------------------


def missing_fields(facts: AttestationFacts) -> tuple[AttestationField, ...]:
    """Fields that the signer would leave empty. A field left out sends an application back."""
    missing = {
        AttestationField.DEPARTMENT: not _place_told(facts),
        AttestationField.SERVICE_KIND: not _kind_told(facts),
        AttestationField.POST_KIND: not facts.post_kind,
        AttestationField.STARTS_ON: not facts.starts_on,
        AttestationField.ENDS_ON: not facts.ends_on,
        AttestationField.PERCENT: not facts.percent,
        AttestationField.ABSENCES: any(not one.ends_on for one in facts.absences),
        AttestationField.GUIDES: not facts.guides or not all(one.is_told for one in facts.guides),
        AttestationField.CONTENT: not facts.content.strip(),
        AttestationField.TEACHING: not facts.teaching.strip(),
        AttestationField.ON_CALL: not _on_call_told(facts),
    }
    return tuple(field for field in AttestationField if missing[field])


def _place_told(facts: AttestationFacts) -> bool:
    """A named place says all; a department stands in an institution."""
    named = bool(facts.department.strip())
    return named and (facts.department_id is None or bool(facts.institution.strip()))


def _kind_told(facts: AttestationFacts) -> bool:
    """Another specialty must be said to be one in particular."""
    return facts.service_kind != ServiceKind.OTHER_SPECIALTY or bool(facts.specialty.strip())


def _on_call_told(facts: AttestationFacts) -> bool:
    """«There is none» says all; any other arrangement must be told of."""
    if facts.on_call is None:
        return False
    return facts.on_call == OnCall.NONE or bool(facts.on_call_text.strip())


# --- When it can be signed -----------------------------------------------------------------------


def may_attest_from(ends_on: dt.date | None, *, in_last_month_only: bool) -> dt.date | None:
    """The first day it can be signed; None while the service has no end and so no last month.

    Our reading of «the last month»: the calendar month in which the service ends. Without the
    setting any day will do.
    """
    if not in_last_month_only:
        return dt.date.min
    return ends_on.replace(day=1) if ends_on else None


def may_attest(ends_on: dt.date | None, *, today: dt.date, in_last_month_only: bool) -> bool:
    opens_on = may_attest_from(ends_on, in_last_month_only=in_last_month_only)
    return opens_on is not None and opens_on <= today


# --- What voids it -------------------------------------------------------------------------------


def changed_fields(signed: AttestationFacts, now: AttestationFacts) -> tuple[AttestationField, ...]:
    """What is no longer as it was signed; anything at all voids the attestation.

    A place or a person who only has got another name is the same as before. The doctor's own name
    and number are no field of the service.
    """
    changed = {
        AttestationField.DEPARTMENT: not _same_place(signed, now),
        AttestationField.SERVICE_KIND: (signed.service_kind, signed.specialty.strip())
        != (now.service_kind, now.specialty.strip()),
        AttestationField.POST_KIND: signed.post_kind != now.post_kind,
        AttestationField.STARTS_ON: signed.starts_on != now.starts_on,
        AttestationField.ENDS_ON: signed.ends_on != now.ends_on,
        AttestationField.PERCENT: signed.percent != now.percent,
        AttestationField.ABSENCES: Counter(signed.absences) != Counter(now.absences),
        AttestationField.GUIDES: not _same_guides(signed.guides, now.guides),
        AttestationField.CONTENT: not _same_text(signed.content, now.content),
        AttestationField.TEACHING: not _same_text(signed.teaching, now.teaching),
        AttestationField.ON_CALL: signed.on_call != now.on_call
        or not _same_text(signed.on_call_text, now.on_call_text),
    }
    return tuple(field for field in AttestationField if changed[field])


def _same_place(signed: AttestationFacts, now: AttestationFacts) -> bool:
    if signed.department_id or now.department_id:
        return signed.department_id == now.department_id
    return signed.department.strip() == now.department.strip()


def _same_guides(signed: Sequence[AttestedGuide], now: Sequence[AttestedGuide]) -> bool:
    """The same people with the same approval for the same time, in whatever order they come."""
    left = list(now)
    for guide in signed:
        match = next((one for one in left if _same_guide(guide, one)), None)
        if match is None:
            return False
        left.remove(match)
    return not left


def _same_guide(signed: AttestedGuide, now: AttestedGuide) -> bool:
    numbers = signed.hpr_number, now.hpr_number
    same_person = numbers[0] == numbers[1] if all(numbers) else signed.name == now.name
    return same_person and _approval(signed) == _approval(now)


def _approval(guide: AttestedGuide) -> tuple:
    specialty = guide.specialty.strip()
    return guide.starts_on, guide.ends_on, specialty, guide.holds_competence_area


def _same_text(signed: str, now: str) -> bool:
    """Line breaks and spaces change nothing that was signed."""
    return signed.split() == now.split()
