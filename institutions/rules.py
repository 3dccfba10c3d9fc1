"""What may be done with roles and accounts. Pure: plain values in, typed findings out."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from institutions.enums import (
    ASSIGNABLE_ROLES,
    RecognitionState,
    RecognitionStatus,
    Refusal,
    Role,
)


class Refused(Exception):
    """The rules say no; `code` says why, the message is for the person who tried."""

    def __init__(self, code: Refusal):
        self.code = code
        super().__init__(code.value)

    @property
    def message(self) -> str:
        return str(self.code.label)


class Stale(Exception):
    """Somebody was first: what is shown no longer holds."""


def require(condition: bool, code: Refusal) -> None:
    if not condition:
        raise Refused(code)


@dataclass(frozen=True)
class RolePeriod:
    """A role at a place, both days included; no end means still going."""

    role: str
    institution_id: int | None
    department_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None

    def same_role_as(self, other: "RolePeriod") -> bool:
        return (self.role, self.institution_id, self.department_id) == (
            other.role,
            other.institution_id,
            other.department_id,
        )

    def overlaps(self, other: "RolePeriod") -> bool:
        last, others_last = self.ends_on or dt.date.max, other.ends_on or dt.date.max
        return self.starts_on <= others_last and other.starts_on <= last


def role_refusal(wanted: RolePeriod, held: Iterable[RolePeriod]) -> Refusal | None:
    """Why a role cannot be given to somebody who holds these; None where it can."""
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        return Refusal.ENDS_BEFORE_START
    if any(wanted.same_role_as(other) and wanted.overlaps(other) for other in held):
        return Refusal.ALREADY_HELD
    return _place_refusal(wanted)


def _place_refusal(wanted: RolePeriod) -> Refusal | None:
    places = [place for place in (wanted.institution_id, wanted.department_id) if place]
    if wanted.role not in ASSIGNABLE_ROLES:
        return Refusal.UNKNOWN_ROLE
    if wanted.role == Role.ADMIN:
        return Refusal.ADMIN_HAS_NO_PLACE if places else None
    if not places:
        return Refusal.PLACE_MISSING
    if len(places) > 1:
        return Refusal.PLACE_TOO_MUCH
    if wanted.role == Role.EDUCATION_LEAD and not wanted.institution_id:
        return Refusal.WHOLE_INSTITUTION
    return None


def cohort_refusal(
    starts_on: dt.date,
    ends_on: dt.date | None,
    *,
    held: Iterable[tuple[dt.date, dt.date | None]],
) -> Refusal | None:
    """Why somebody with these periods in a cohort cannot have another; None where they can."""
    if ends_on and ends_on < starts_on:
        return Refusal.ENDS_BEFORE_START
    last = ends_on or dt.date.max
    overlaps = any(first <= last and starts_on <= (end or dt.date.max) for first, end in held)
    return Refusal.ALREADY_IN_COHORT if overlaps else None


def end_refusal(held: RolePeriod, *, ends_on: dt.date, today: dt.date) -> Refusal | None:
    """Why a role cannot be ended on this day; None where it can."""
    if held.ends_on and held.ends_on < today:
        return Refusal.ALREADY_ENDED
    if ends_on < held.starts_on < today:
        return Refusal.ENDS_BEFORE_START
    return None


def recognition_state(
    status: str, *, starts_on: dt.date, ends_on: dt.date | None, today: dt.date
) -> RecognitionState:
    if status == RecognitionStatus.PENDING:
        return RecognitionState.PENDING
    if status == RecognitionStatus.WITHDRAWN:
        return RecognitionState.WITHDRAWN
    if starts_on > today:
        return RecognitionState.COMING
    if ends_on and ends_on < today:
        return RecognitionState.EXPIRED
    return RecognitionState.IN_FORCE


# --- The general plan (§22) ----------------------------------------------------------------------


@dataclass(frozen=True)
class AgreementPeriod:
    """An arena, or one department of it, and the institution it has an agreement with."""

    institution_id: int
    arena_id: int
    department_id: int | None
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def parties(self) -> tuple[int, int, int | None]:
        return (self.institution_id, self.arena_id, self.department_id)

    def overlaps(self, other: "AgreementPeriod") -> bool:
        last, others_last = self.ends_on or dt.date.max, other.ends_on or dt.date.max
        return self.starts_on <= others_last and other.starts_on <= last


def agreement_refusal(
    wanted: AgreementPeriod,
    held: Iterable[AgreementPeriod],
    *,
    department_of: int | None,
) -> Refusal | None:
    """Why it cannot be entered; None where it can. `department_of`: whose the department is."""
    if wanted.arena_id == wanted.institution_id:
        return Refusal.SAME_INSTITUTION
    if department_of not in (None, wanted.arena_id):
        return Refusal.FOREIGN_DEPARTMENT
    if wanted.ends_on and wanted.ends_on < wanted.starts_on:
        return Refusal.ENDS_BEFORE_START
    same = (other for other in held if other.parties == wanted.parties)
    return Refusal.ALREADY_AGREED if any(wanted.overlaps(other) for other in same) else None


def agreement_end_refusal(
    *, starts_on: dt.date, ends_on: dt.date | None, last_day: dt.date, today: dt.date
) -> Refusal | None:
    """Why an agreement cannot end on `last_day`; None where it can."""
    if ends_on and ends_on < today:
        return Refusal.AGREEMENT_ENDED
    if last_day < starts_on < today:
        return Refusal.ENDS_BEFORE_START
    return None


def offers_stamp(offers: Mapping[int, str]) -> str:
    """One short text for what a department offers: a page that shows another is old."""
    content = json.dumps(sorted(offers.items()), ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()[:16]
