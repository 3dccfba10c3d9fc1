"""Reads a file such as fixtures/institutions.json, and says by name and field what is wrong.

The shape: {"institutions": [{name, short_name, kind, organisation_number, region, source,
"departments": [{name, arena_kind, demo}], "recognitions": [{department, kind, status, starts_on,
ends_on, source, demo}]}]}. Rows marked `demo` are made up: they are loaded only when asked for, and
their recognitions always carry «Demodata» as their source.
"""

import datetime as dt
import json
from dataclasses import dataclass

from stdnum.no import orgnr

from institutions.enums import (
    ArenaKind,
    InstitutionKind,
    RecognitionKind,
    RecognitionStatus,
    Region,
)

DEMO_SOURCE = "Demodata"


class MalformedFile(Exception):
    """Which entry, which field, and what is the matter."""

    def __init__(self, entry: str, field: str, problem: str):
        super().__init__(f"{entry}, field «{field}»: {problem}")


@dataclass(frozen=True)
class DepartmentEntry:
    name: str
    arena_kind: str
    is_demo: bool


@dataclass(frozen=True)
class RecognitionEntry:
    department: str
    kind: str
    status: str
    starts_on: dt.date
    ends_on: dt.date | None
    source: str
    is_demo: bool


@dataclass(frozen=True)
class InstitutionEntry:
    name: str
    short_name: str
    kind: str
    organisation_number: str
    region: str
    source: str
    departments: tuple[DepartmentEntry, ...]
    recognitions: tuple[RecognitionEntry, ...]


class _Row:
    """One object of the file. Each field is asked for once; what nobody asked for is an error."""

    def __init__(self, data: object, label: str):
        if not isinstance(data, dict):
            raise MalformedFile(label, "", "should be an object.")
        self.label = label
        self.data = data
        self.asked_for: set[str] = set()

    def fail(self, field: str, problem: str):
        raise MalformedFile(self.label, field, problem)

    def take(self, field: str, kind: type, default=None):
        self.asked_for.add(field)
        value = self.data.get(field, default)
        if not isinstance(value, kind):
            self.fail(field, "is missing." if value is None else f"{value!r} is of the wrong type.")
        return value

    def text(self, field: str, *, longest: int, default: str | None = None) -> str:
        value = self.take(field, str, default).strip()
        if default is None and not value:
            self.fail(field, "is empty.")
        if len(value) > longest:
            self.fail(field, f"has {len(value)} characters, at most {longest} fit.")
        return value

    def choice(self, field: str, choices) -> str:
        value = self.take(field, str)
        if value not in choices.values:
            self.fail(field, f"{value!r} is not one of {', '.join(choices.values)}.")
        return value

    def day(self, field: str, *, required: bool) -> dt.date | None:
        value = self.take(field, str, None if required else "")
        if not value and not required:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            self.fail(field, f"{value!r} is not a date such as 2026-11-19.")

    def rows(self, field: str) -> list:
        return self.take(field, list, [])

    def no_more(self) -> None:
        for field in self.data.keys() - self.asked_for:
            self.fail(field, "is not known.")


def read_institutions(text: str) -> tuple[InstitutionEntry, ...]:
    """Raises MalformedFile."""
    try:
        data = json.loads(text)
    except ValueError as error:
        raise MalformedFile("The file", "", f"is not JSON: {error}") from error
    file = _Row(data, "The file")
    file.text("about", longest=2000, default="")
    entries = tuple(
        _institution(row, number) for number, row in enumerate(file.rows("institutions"), start=1)
    )
    file.no_more()
    _require_once([entry.name for entry in entries], "The file", "name")
    _require_once(
        [entry.organisation_number for entry in entries if entry.organisation_number],
        "The file",
        "organisation_number",
    )
    return entries


def _institution(data: object, number: int) -> InstitutionEntry:
    row = _Row(data, f"Institution number {number}")
    row.label = name = row.text("name", longest=150)
    departments = tuple(_department(each, name) for each in row.rows("departments"))
    known = [department.name for department in departments]
    _require_once(known, name, "departments")
    entry = InstitutionEntry(
        name=name,
        short_name=row.text("short_name", longest=60),
        kind=row.choice("kind", InstitutionKind),
        organisation_number=_organisation_number(row),
        region=row.choice("region", Region),
        source=row.text("source", longest=200),
        departments=departments,
        recognitions=tuple(_recognition(each, name, known) for each in row.rows("recognitions")),
    )
    row.no_more()
    return entry


def _organisation_number(row: _Row) -> str:
    number = row.text("organisation_number", longest=9, default="")
    if number and not orgnr.is_valid(number):
        row.fail("organisation_number", f"{number!r} is not a valid organisation number.")
    return number


def _department(data: object, institution: str) -> DepartmentEntry:
    row = _Row(data, f"{institution}, a department")
    name = row.text("name", longest=150)
    row.label = f"{institution}, department «{name}»"
    entry = DepartmentEntry(
        name=name,
        arena_kind=row.choice("arena_kind", ArenaKind),
        is_demo=row.take("demo", bool, False),
    )
    row.no_more()
    return entry


def _recognition(data: object, institution: str, departments: list[str]) -> RecognitionEntry:
    row = _Row(data, f"{institution}, a recognition")
    is_demo = row.take("demo", bool, False)
    source = row.text("source", longest=200, default=DEMO_SOURCE if is_demo else None)
    entry = RecognitionEntry(
        department=row.text("department", longest=150, default=""),
        kind=row.choice("kind", RecognitionKind),
        status=row.choice("status", RecognitionStatus),
        starts_on=row.day("starts_on", required=True),
        ends_on=row.day("ends_on", required=False),
        source=DEMO_SOURCE if is_demo else source,
        is_demo=is_demo,
    )
    row.no_more()
    _check_recognition(row, entry, departments)
    return entry


def _check_recognition(row: _Row, entry: RecognitionEntry, departments: list[str]) -> None:
    if entry.department and entry.department not in departments:
        row.fail("department", f"«{entry.department}» is not among the departments.")
    if entry.ends_on and entry.ends_on < entry.starts_on:
        row.fail("ends_on", f"{entry.ends_on} is before starts_on {entry.starts_on}.")
    if entry.kind == RecognitionKind.REGISTERED and entry.status == RecognitionStatus.WITHDRAWN:
        row.fail("status", "a registration cannot be withdrawn.")


def _require_once(values: list[str], entry: str, field: str) -> None:
    for value in values:
        if values.count(value) > 1:
            raise MalformedFile(entry, field, f"«{value}» stands there more than once.")
