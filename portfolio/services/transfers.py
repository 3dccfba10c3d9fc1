"""A portfolio that comes from another installation. An operator's act, as the owner of the tables.

Signatures keep their times, and people who sign no more keep theirs: what the triggers ask of an
act that is done today cannot be asked of one that was done elsewhere. The owner lifts them for the
transaction; the application's role cannot (portfolio/triggers.py).
"""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, connections, models, transaction

from accounts.models import User
from curriculum.models import Pathway
from institutions.enums import Role
from institutions.models import Department
from portfolio.attachments import SUFFIX
from portfolio.enums import Verb
from portfolio.models import Event, ServiceAttestation, Training
from portfolio.services.ledger import canonical, record
from portfolio.transfer.matching import find
from portfolio.transfer.package import Package
from portfolio.transfer.tables import OWN, TRAINING, Table

LOCK_PATIENCE = (
    "10s"  # others write to the same tables; they wait for us no longer than we for them
)

# What triggers hold across rows, asked once more of what came in.
GUARDS = (
    "SELECT palmappen_require_levels(goal_id, levels)"
    "  FROM portfolio_assessment WHERE training_id = %s",
    "SELECT palmappen_require_room(id, training_id, percent, starts_on, ends_on)"
    "  FROM portfolio_placement WHERE training_id = %s",
    "SELECT palmappen_require_ground(id, state) FROM portfolio_goalprogress WHERE training_id = %s",
)


class Refused(Exception):
    """Why the portfolio cannot come in, one reason a line."""


@dataclass(frozen=True)
class Imported:
    training: Training
    made: tuple[str, ...]  # people and places that were not known here
    rows: dict[str, int]


def import_portfolio(
    package: Package, *, by: User, using: str, only_check: bool = False
) -> Imported:
    """All of it or nothing. With `only_check` all is tried in the database, and taken back."""
    try:
        with _files_taken_back() as stored, transaction.atomic(using=using):
            imported = _import(package, by=by, using=using)
            if only_check:
                transaction.set_rollback(True, using=using)
            else:
                for name in _write_files(package, imported.training, using):
                    stored.append(name)
    except DatabaseError as error:
        raise Refused(f"the database refused: {str(error).splitlines()[0]}") from error
    return imported


def _import(package: Package, *, by: User, using: str) -> Imported:
    portfolio = package.portfolio
    found = find(portfolio, using=using)
    if found.missing:
        raise Refused("\n".join(found.missing))
    restorer = _Restorer(found.keys, using)
    training = restorer.training(portfolio.training)
    with _triggers_lifted(using):
        for table in OWN:
            restorer.rows(table, portfolio.own[table.name])
        with connections[using].cursor() as cursor:
            for guard in GUARDS:
                cursor.execute(guard, [training.pk])
    _remember(training, package, by=by)
    rows = {table.name: len(portfolio.own[table.name]) for table in OWN}
    return Imported(training, tuple(found.made), rows)


def _remember(training: Training, package: Package, *, by: User) -> None:
    """Goes on where the other installation's chain ended."""
    point = package.portfolio.checkpoint
    record(
        training,
        actor=by,
        role=Role.ADMIN,
        verb=Verb.PORTFOLIO_IMPORTED,
        subject=training,
        content={
            "sha256": package.sha256,
            "checkpoint": {"count": point.count, "head": point.head},
        },
    )


@contextmanager
def _triggers_lifted(using: str) -> Iterator[None]:
    """In this transaction, for those whom its locks keep waiting meanwhile. Keys and constraints
    hold all the time."""
    tables = [table.model._meta.db_table for table in OWN]
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_PATIENCE])
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')


class _Restorer:
    """Knows the key here of every row of the file that has been written."""

    def __init__(self, keys: dict[type[models.Model], list[int]], using: str):
        self.keys = dict(keys)
        self.using = using

    def training(self, row: dict) -> Training:
        trainee = User.objects.using(self.using).get(pk=self.keys[User][row["trainee_id"] - 1])
        if Training.objects.using(self.using).filter(trainee=trainee, ended_on=None).exists():
            raise Refused(f"{trainee} is under training here already")
        pathway = self.keys[Pathway][row["pathway_id"] - 1]
        values = row | {"trainee_id": trainee.pk, "pathway_id": pathway}
        self.started = Training.objects.using(self.using).create(**values)
        self.keys[Training] = [self.started.pk]
        return self.started

    def rows(self, table: Table, rows: list[dict]) -> None:
        self.keys[table.model] = []
        for row in rows:
            restored = table.model(**self._owned(table), **self._values(table, row))
            # Raw: times that Django would set to now stay as they were.
            restored.save_base(raw=True, force_insert=True, using=self.using)
            self.keys[table.model].append(restored.pk)

    def _owned(self, table: Table) -> dict:
        return {"training_id": self.started.pk} if table.to_training == "training" else {}

    def _values(self, table: Table, row: dict) -> dict:
        values = dict(row)
        for field in table.fields:
            if field.related_model and row[field.attname] is not None:
                values[field.attname] = self.keys[field.related_model][row[field.attname] - 1]
        if table.model is ServiceAttestation:
            values["facts"] = self._facts(row["facts"])
        elif table.model is Event:
            values["subject"] = self._subject(row["subject"])
        elif "file" in row:
            values["file"] = _new_name(table, row)
        return values

    def _facts(self, text: str) -> str:
        """As signed, but for the one key of ours in it: the department has another one here."""
        facts = json.loads(text)
        number = facts.get("department_id")
        facts["department_id"] = self.keys[Department][number - 1] if number else None
        return canonical(facts)

    def _subject(self, text: str) -> str:
        name, _, number = text.partition(":")
        for table in (TRAINING, *OWN):
            if table.name == name:
                return f"{name}:{self.keys[table.model][int(number) - 1]}"
        return ""


# --- Files ---------------------------------------------------------------------------------------


def _new_name(table: Table, row: dict) -> str:
    """As for an upload: one that nobody can guess."""
    folder = PurePath(table.model._meta.get_field("file").upload_to).name
    return f"{folder}/{uuid.uuid4().hex}{SUFFIX[row['content_type']]}"


def _write_files(package: Package, training: Training, using: str) -> Iterator[str]:
    for table in OWN:
        numbered = package.portfolio.own[table.name]
        if numbered and "file" in numbered[0]:
            rows = table.model.objects.using(using).filter(**{table.to_training: training})
            for row, told in zip(rows.order_by("pk"), numbered, strict=True):
                content = package.content_of(told["file"])
                yield default_storage.save(row.file.name, ContentFile(content))


@contextmanager
def _files_taken_back() -> Iterator[list[str]]:
    """The files that were written, if anything goes wrong before all is committed."""
    stored: list[str] = []
    try:
        yield stored
    except BaseException:
        for name in stored:
            default_storage.delete(name)
        raise
