"""Whom the lines confirm, and what is wrong with the others."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from portfolio.attendance_lists.faults import RowFault
from portfolio.attendance_lists.reading import Line
from portfolio.rules.courses import Mark


@dataclass(frozen=True)
class Doctor:
    """Somebody who may be meant. `training_id` is empty where the course is not theirs."""

    user_id: int
    name: str
    hpr_number: str
    email: str
    is_oneself: bool = False
    is_followed: bool = False  # in a cohort of the one who imports
    training_id: int | None = None
    standing: Mark | None = None  # what is confirmed of the module already


@dataclass(frozen=True)
class SessionFacts:
    module: int
    starts_on: dt.date
    ends_on: dt.date


@dataclass(frozen=True)
class Accepted:
    line: Line
    doctor: Doctor
    mark: Mark

    @property
    def corrects(self) -> bool:
        return self.doctor.standing is not None


@dataclass(frozen=True)
class Rejected:
    """`name` only of those whom the importer follows: a list must not tell who else is here."""

    line: Line
    faults: tuple[RowFault, ...]
    name: str = ""


@dataclass(frozen=True)
class Judgement:
    accepted: tuple[Accepted, ...]
    rejected: tuple[Rejected, ...]


def judge(lines: Iterable[Line], *, doctors: Iterable[Doctor], session: SessionFacts) -> Judgement:
    """Every line is accepted or rejected, in the order of the list."""
    by_hpr, by_email = _registers(doctors)
    found = [(line, *_meant(line, by_hpr, by_email)) for line in lines]
    marks = {line: _mark(line, session) for line, _doctor, _faults in found}
    placed = [(line, doctor) for line, doctor, _no in found if not _misplaced(line, session)]
    repeated = _repeated(placed, marks)
    accepted, rejected = [], []
    for line, doctor, faults in found:
        mark = marks[line]
        faults = (*line.faults, *faults, *_misplaced(line, session))
        if doctor and not faults:
            faults = _unconfirmable(doctor, mark) or repeated.get(line, ())
        if doctor and not faults:
            accepted.append(Accepted(line, doctor, mark))
        else:
            name = doctor.name if doctor and doctor.is_followed else ""
            rejected.append(Rejected(line, faults, name))
    return Judgement(tuple(accepted), tuple(rejected))


def _registers(doctors: Iterable[Doctor]) -> tuple[dict[str, Doctor], dict[str, Doctor]]:
    doctors = list(doctors)
    by_hpr = {one.hpr_number.lstrip("0"): one for one in doctors if one.hpr_number.strip("0")}
    return by_hpr, {one.email: one for one in doctors}


def _meant(line: Line, by_hpr, by_email) -> tuple[Doctor | None, tuple[RowFault, ...]]:
    """Who is meant. The number identifies a doctor; an address that nobody here has may be a
    private one. What points at two people is nobody's."""
    by_number, by_address = by_hpr.get(line.hpr_number), by_email.get(line.email)
    meant = by_number or by_address
    if meant is None:
        is_named = bool(line.hpr_number or line.email)  # else the line says itself what is wrong
        return None, (RowFault.UNKNOWN_PERSON,) if is_named else ()
    is_another = by_address is not None and by_address != meant
    if is_another or (line.hpr_number and not by_number and meant.hpr_number):
        return None, (RowFault.TWO_PEOPLE,)
    return meant, ()


def _mark(line: Line, session: SessionFacts) -> Mark:
    return Mark(line.attended, line.day or session.ends_on)


def _misplaced(line: Line, session: SessionFacts) -> tuple[RowFault, ...]:
    faults = []
    if line.module is not None and line.module != session.module:
        faults.append(RowFault.WRONG_MODULE)
    if line.day and not session.starts_on <= line.day <= session.ends_on:
        faults.append(RowFault.OUTSIDE_SESSION)
    return tuple(faults)


def _unconfirmable(doctor: Doctor, mark: Mark) -> tuple[RowFault, ...]:
    if doctor.is_oneself:
        return (RowFault.ONESELF,)
    if not doctor.is_followed:
        return (RowFault.NOT_IN_COHORT,)
    if doctor.training_id is None:
        return (RowFault.NO_SUCH_COURSE,)
    if doctor.standing and doctor.standing.attended == mark.attended:
        return (RowFault.ALREADY_CONFIRMED,)
    return ()


def _repeated(
    found: list[tuple[Line, Doctor | None]], marks: dict[Line, Mark]
) -> dict[Line, tuple[RowFault, ...]]:
    """The later lines of the same doctor; all of them, where they do not say the same."""
    of_doctor: dict[int, list[Line]] = defaultdict(list)
    for line, doctor in found:
        if doctor and not line.faults:
            of_doctor[doctor.user_id].append(line)
    repeated = {}
    for lines in of_doctor.values():
        agree = len({marks[line] for line in lines}) == 1
        fault = RowFault.TWICE if agree else RowFault.CONTRADICTION
        repeated |= dict.fromkeys(lines[1:] if agree else lines, (fault,))
    return repeated
