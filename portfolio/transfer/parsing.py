"""The text of a portfolio read strictly: what is wrong is named by where it stands in the file."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import BaseValidator
from django.db import models
from django.utils.timezone import is_aware

from palmappen_verify.ledger import LedgerEvent, faults
from portfolio.models import Event
from portfolio.models.acts import Act
from portfolio.models.ledger import COVERED
from portfolio.transfer import FILES, SCHEMA
from portfolio.transfer.tables import OUTSIDE, OWN, TRAINING, Table

FILE_NAME = re.compile(rf"{FILES}/[a-z]+-[0-9]+\.(pdf|png|jpg)")
TOP = {"schema", "made_at", "checkpoint", "outside", "training", "own"}


class Unreadable(Exception):
    """The file is not a portfolio as the schema says. The message says where."""


@dataclass(frozen=True)
class Checkpoint:
    count: int
    head: str


@dataclass(frozen=True)
class Portfolio:
    """Rows with values of the fields' own types; foreign keys are still numbers of the file."""

    training: dict
    outside: dict[str, list[dict]]
    own: dict[str, list[dict]]
    checkpoint: Checkpoint


def read(text: bytes) -> Portfolio:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"mappe.json is not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise Unreadable(f"schema: is not {SCHEMA}")
    _require_keys(content, TOP, "mappe.json")
    reader = _Reader()
    portfolio = Portfolio(
        outside=reader.tables(OUTSIDE, content["outside"], "outside"),
        training=reader.rows(TRAINING, [content["training"]], "training")[0],
        own=reader.tables(OWN, content["own"], "own"),
        checkpoint=_checkpoint(content["checkpoint"]),
    )
    _require_whole_ledger(portfolio)
    _require_nobody_signs_for_themselves(portfolio)
    return portfolio


def _require_keys(value, names: set[str], where: str) -> None:
    if not isinstance(value, dict):
        raise Unreadable(f"{where}: is not an object")
    for wrong in sorted(names ^ value.keys()):
        raise Unreadable(f"{where}.{wrong}: is {'missing' if wrong in names else 'unknown'}")


class _Reader:
    """Knows how many rows of each table it has read: a row can only point at those."""

    def __init__(self):
        self.read: dict[type[models.Model], int] = {}

    def tables(self, tables: tuple[Table, ...], content, where: str) -> dict[str, list[dict]]:
        _require_keys(content, {table.name for table in tables}, where)
        return {
            table.name: self.rows(table, content[table.name], f"{where}.{table.name}")
            for table in tables
        }

    def rows(self, table: Table, rows, where: str) -> list[dict]:
        if not isinstance(rows, list):
            raise Unreadable(f"{where}: is not a list")
        self.read[table.model] = 0
        return [self._row(table, row, f"{where}[{at}]") for at, row in enumerate(rows)]

    def _row(self, table: Table, row, where: str) -> dict:
        fields = table.fields
        _require_keys(row, {"id", *(field.name for field in fields)}, where)
        number = self.read[table.model] + 1
        if row["id"] != number:
            raise Unreadable(f"{where}.id: is not {number}")
        values = {
            field.attname: self._value(field, row[field.name], f"{where}.{field.name}")
            for field in fields
        }
        self.read[table.model] = number
        return values

    def _value(self, field: models.Field, raw, where: str):
        if raw is None:
            if field.null:
                return None
            raise Unreadable(f"{where}: is empty")
        if field.related_model:
            known = self.read.get(field.related_model, 0)
            if type(raw) is not int or not 1 <= raw <= known:
                raise Unreadable(f"{where}: points at nothing")
            return raw
        _type_of(field)(raw, where)
        return _converted(field, raw, where)


# --- One value -----------------------------------------------------------------------------------


def _text(raw, where: str) -> None:
    if not isinstance(raw, str) or "\x00" in raw:
        raise Unreadable(f"{where}: is not a text")


def _number(raw, where: str) -> None:
    if type(raw) is not int:
        raise Unreadable(f"{where}: is not a whole number")


def _yes_or_no(raw, where: str) -> None:
    if type(raw) is not bool:
        raise Unreadable(f"{where}: is neither true nor false")


def _texts(raw, where: str) -> None:
    if not isinstance(raw, list):
        raise Unreadable(f"{where}: is not a list")
    for one in raw:
        _text(one, where)


def _storable(raw, where: str) -> None:
    if "\\u0000" in json.dumps(raw):
        raise Unreadable(f"{where}: has a character that cannot be kept")


def _file_name(raw, where: str) -> None:
    _text(raw, where)
    if not FILE_NAME.fullmatch(raw):
        raise Unreadable(f"{where}: is not a name of a file in {FILES}/")


TYPES: tuple[tuple[type[models.Field], Callable], ...] = (
    (models.FileField, _file_name),
    (models.BooleanField, _yes_or_no),
    (models.IntegerField, _number),
    (models.JSONField, _storable),
    (ArrayField, _texts),
)


def _type_of(field: models.Field) -> Callable:
    """Texts, and what is written as one: days, times, keys."""
    return next((check for kind, check in TYPES if isinstance(field, kind)), _text)


def _converted(field: models.Field, raw, where: str):
    try:
        value = field.to_python(raw)
        for limit in field.validators:
            if isinstance(limit, BaseValidator):
                limit(value)
    except ValidationError as error:
        raise Unreadable(f"{where}: {'; '.join(error.messages)}") from error
    if value is None or (isinstance(field, models.DateTimeField) and not is_aware(value)):
        raise Unreadable(f"{where}: is not a moment with its time zone")
    if field.choices and value not in dict(field.flatchoices) and not (field.blank and value == ""):
        raise Unreadable(f"{where}: «{value}» is not one of the values this version knows")
    return value


def _checkpoint(content) -> Checkpoint:
    _require_keys(content, {"count", "head"}, "checkpoint")
    _number(content["count"], "checkpoint.count")
    _text(content["head"], "checkpoint.head")
    return Checkpoint(**content)


# --- What the rows say together ------------------------------------------------------------------


def _require_whole_ledger(portfolio: Portfolio) -> None:
    rows = portfolio.own[Event._meta.model_name]
    events = [_ledger_event(row, f"own.event[{at}].hashed_as") for at, row in enumerate(rows)]
    point = portfolio.checkpoint
    for fault in faults(events, count=point.count, head=point.head):
        raise Unreadable(f"the ledger does not hold: {fault.code} of event {fault.sequence}")
    if point.count != len(events):
        raise Unreadable(f"checkpoint.count: is not {len(events)}")


def _ledger_event(row: dict, where: str) -> LedgerEvent:
    covered = row["hashed_as"]
    _require_keys(covered, set(COVERED), where)
    kept = {name: row[name] for name in LedgerEvent.__dataclass_fields__ if name not in COVERED}
    return LedgerEvent(**kept, **covered)


def _require_nobody_signs_for_themselves(portfolio: Portfolio) -> None:
    """What a trigger holds for acts that are done here."""
    trainee = portfolio.training["trainee_id"]
    for table in OWN:
        if not issubclass(table.model, Act):
            continue
        for at, row in enumerate(portfolio.own[table.name]):
            if row["actor_id"] == trainee and row["actor_role"] != "trainee":
                raise Unreadable(f"own.{table.name}[{at}].actor: signs for themselves")
