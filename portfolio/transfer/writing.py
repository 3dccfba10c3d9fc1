"""A training as the file has it. Call in a transaction that sees one moment."""

import datetime as dt
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.db import models

from curriculum.models import GoalStatement, LearningGoal
from institutions.models import Department
from portfolio.models import Event, ServiceAttestation, Training
from portfolio.models.ledger import COVERED
from portfolio.services.ledger import canonical, checkpoint
from portfolio.transfer import FILES, SCHEMA
from portfolio.transfer.tables import OUTSIDE, OWN, TRAINING, Table


@dataclass(frozen=True)
class StoredFile:
    name: str  # in the ZIP
    stored_as: str
    sha256: str


@dataclass(frozen=True)
class Written:
    content: dict
    files: list[StoredFile]

    @property
    def text(self) -> str:
        return json.dumps(self.content, ensure_ascii=False, indent=1)


def portfolio_of(training: Training, *, made_at: dt.datetime) -> Written:
    own = {table: _rows(table, training) for table in OWN}
    writer = _Writer()
    for table, rows in own.items():
        writer.number(table, rows)
    writer.number(TRAINING, [training])
    outside = _outside({TRAINING: [training], **own})
    written_outside = {table.name: writer.write_sorted(table, outside[table]) for table in OUTSIDE}
    point = checkpoint(training)
    content = {
        "schema": SCHEMA,
        "made_at": made_at.astimezone(dt.UTC).isoformat(),
        "checkpoint": {"count": point.count, "head": point.head},
        "outside": written_outside,
        "training": writer.write(TRAINING, training),
        "own": {table.name: [writer.write(table, row) for row in own[table]] for table in OWN},
    }
    return Written(content, [one for table in OWN for one in writer.files(table, own[table])])


def _rows(table: Table, training: Training) -> list[models.Model]:
    return list(table.model._default_manager.filter(**{table.to_training: training}).order_by("pk"))


def _outside(own: dict[Table, list[models.Model]]) -> dict[Table, list[models.Model]]:
    """What the rows point at, what that points at, and the wording of each goal."""
    wanted = defaultdict(set)
    for table, rows in own.items():
        _want(wanted, table, rows)
    for attestation in own[_table_of(ServiceAttestation)]:
        wanted[Department].add(json.loads(attestation.facts).get("department_id"))
    found = {}
    for table in reversed(OUTSIDE):
        found[table] = _wanted_of(table, wanted)
        _want(wanted, table, found[table])
    return found


def _want(wanted: dict, table: Table, rows: Iterable[models.Model]) -> None:
    for field in table.fields:
        if field.related_model:
            wanted[field.related_model] |= {getattr(row, field.attname) for row in rows} - {None}


def _wanted_of(table: Table, wanted: dict) -> list[models.Model]:
    if table.model is GoalStatement:
        return list(GoalStatement.objects.filter(goal__in=wanted[LearningGoal]))
    return list(table.model._default_manager.filter(pk__in=wanted[table.model] - {None}))


def _table_of(model: type[models.Model]) -> Table:
    return next(table for table in OWN if table.model is model)


class _Writer:
    """Knows the number in the file of every row that has one."""

    def __init__(self):
        self.numbers: dict[tuple[type[models.Model], int], int] = {}

    def number(self, table: Table, rows: Iterable[models.Model]) -> None:
        for number, row in enumerate(rows, 1):
            self.numbers[table.model, row.pk] = number

    def write_sorted(self, table: Table, rows: Iterable[models.Model]) -> list[dict]:
        """In an order that is the same at every installation."""
        written = [(json.dumps(self._fields(table, row), sort_keys=True), row.pk) for row in rows]
        in_order = sorted(written)
        for number, (_, pk) in enumerate(in_order, 1):
            self.numbers[table.model, pk] = number
        return [{"id": at, **json.loads(text)} for at, (text, _) in enumerate(in_order, 1)]

    def write(self, table: Table, row: models.Model) -> dict:
        return {"id": self.numbers[table.model, row.pk], **self._fields(table, row)}

    def files(self, table: Table, rows: Iterable[models.Model]) -> list[StoredFile]:
        return [
            StoredFile(self._file_name(table, row), row.file.name, row.sha256)
            for row in rows
            if any(isinstance(field, models.FileField) for field in table.fields)
        ]

    def _fields(self, table: Table, row: models.Model) -> dict:
        return {field.name: self._value(table, row, field) for field in table.fields}

    def _value(self, table: Table, row: models.Model, field: models.Field):
        value = getattr(row, field.attname)
        if field.related_model:
            return self.numbers[field.related_model, value] if value else None
        if isinstance(field, models.FileField):
            return self._file_name(table, row)
        if (table.model, field.name) in HOLDS_KEYS:
            return HOLDS_KEYS[table.model, field.name](self, row)
        return _plain(value)

    def _file_name(self, table: Table, row: models.Model) -> str:
        number = self.numbers[table.model, row.pk]
        return f"{FILES}/{table.name}-{number}{PurePath(row.file.name).suffix}"

    def facts(self, attestation: ServiceAttestation) -> str:
        """What was signed names its department by a key of ours, and by name beside it."""
        facts = json.loads(attestation.facts)
        facts["department_id"] = self.numbers.get((Department, facts["department_id"]))
        return canonical(facts)

    def subject(self, event: Event) -> str:
        """Empty where the act was about a row that is gone, or about paper."""
        name, _, key = event.subject.partition(":")
        for table in (TRAINING, *OWN):
            if table.name == name and key.isdigit():
                number = self.numbers.get((table.model, int(key)))
                return f"{name}:{number}" if number else ""
        return ""

    def hashed_as(self, event: Event) -> dict:
        return event.hashed_as or {name: getattr(event, name) for name in COVERED}


# Fields with keys of rows in their text.
HOLDS_KEYS = {
    (ServiceAttestation, "facts"): _Writer.facts,
    (Event, "subject"): _Writer.subject,
    (Event, "hashed_as"): _Writer.hashed_as,
}


def _plain(value):
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value
