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
    own = {TRAINING: [training], **{table: _rows(table, training) for table in OWN}}
    rows = own | _outside(own)
    writer = _Writer()
    for table in rows:
        writer.number(table, rows[table])
    point = checkpoint(training)
    content = {
        "schema": SCHEMA,
        "made_at": made_at.astimezone(dt.UTC).isoformat(),
        "checkpoint": {"count": point.count, "head": point.head},
        "outside": {table.name: writer.write(table, rows[table]) for table in OUTSIDE},
        "training": writer.write(TRAINING, [training])[0],
        "own": {table.name: writer.write(table, rows[table]) for table in OWN},
    }
    return Written(content, [one for table in OWN for one in writer.files(table, rows[table])])


def _rows(table: Table, training: Training) -> list[models.Model]:
    return list(table.model._default_manager.filter(**{table.to_training: training}).order_by("pk"))


def _outside(own: dict[Table, list[models.Model]]) -> dict[Table, list[models.Model]]:
    """What the rows point at, what that points at, and the wording of each goal: in the order they
    are first mentioned, so that what is added later renumbers nothing."""
    mentioned = _Mentioned()
    for table, rows in own.items():
        mentioned.by(table, rows)
    for attestation in own[_table_of(ServiceAttestation)]:
        mentioned.add(Department, json.loads(attestation.facts).get("department_id"))
    found = {}
    for table in reversed(OUTSIDE):
        found[table] = mentioned.rows_of(table)
        mentioned.by(table, found[table])
    return found


class _Mentioned:
    def __init__(self):
        self.keys: dict[type[models.Model], dict[int, None]] = defaultdict(dict)

    def by(self, table: Table, rows: Iterable[models.Model]) -> None:
        pointers = [field for field in table.fields if field.related_model]
        for row in rows:
            for field in pointers:
                self.add(field.related_model, getattr(row, field.attname))

    def add(self, model: type[models.Model], key: int | None) -> None:
        if key:
            self.keys[model][key] = None

    def rows_of(self, table: Table) -> list[models.Model]:
        if table.model is GoalStatement:
            return self._statements()
        found = table.model._default_manager.in_bulk(self.keys[table.model])
        return [found[key] for key in self.keys[table.model] if key in found]

    def _statements(self) -> list[GoalStatement]:
        place = {key: at for at, key in enumerate(self.keys[LearningGoal])}
        statements = GoalStatement.objects.filter(goal__in=place)
        return sorted(statements, key=lambda one: (place[one.goal_id], one.order))


def _table_of(model: type[models.Model]) -> Table:
    return next(table for table in OWN if table.model is model)


class _Writer:
    """Knows the number in the file of every row that has one."""

    def __init__(self):
        self.numbers: dict[tuple[type[models.Model], int], int] = {}

    def number(self, table: Table, rows: Iterable[models.Model]) -> None:
        for number, row in enumerate(rows, 1):
            self.numbers[table.model, row.pk] = number

    def write(self, table: Table, rows: Iterable[models.Model]) -> list[dict]:
        return [
            {"id": number, **{one.name: self._value(table, row, one) for one in table.fields}}
            for number, row in enumerate(rows, 1)
        ]

    def files(self, table: Table, rows: Iterable[models.Model]) -> list[StoredFile]:
        return [
            StoredFile(self._file_name(table, row), row.file.name, row.sha256)
            for row in rows
            if any(isinstance(field, models.FileField) for field in table.fields)
        ]

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
        return event.covered


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
