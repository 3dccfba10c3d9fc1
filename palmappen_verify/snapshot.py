"""The snapshot that a dossier is made from: one JSON text, embedded in the PDF.

There is exactly one text for one content, so that its SHA-256 names the content.

    {"format": "palmappen.dossier/1",
     "document": {"number": "PM-2026-000123", "code": "…", …},
     "ledger": {"checkpoint": {"count": 2, "head": "…"}, "events": [{…}, {…}]},
     "files": [{"name": "…", "sha256": "…"}],
     …}

`files` are the originals embedded beside it. What else a snapshot holds is the application's.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import product
from operator import itemgetter
from typing import get_args, get_type_hints

from palmappen_verify.ledger import LedgerEvent

FILE_NAME = "mappe.json"
FORMAT = "palmappen.dossier/1"


class NotASnapshot(ValueError):
    """The text is not what a dossier of ours carries."""


@dataclass(frozen=True)
class Ledger:
    events: list[LedgerEvent]
    count: int
    head: str


@dataclass(frozen=True)
class Snapshot:
    number: str
    code: str
    ledger: Ledger
    files: dict[str, str]  # SHA-256 by name
    is_canonical: bool


def canonical(content: dict) -> bytes:
    """UTF-8, keys sorted, no spare space. Raises for what JSON has no word for: dates and decimal
    numbers are put in as text."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    ).encode()


def read(text: bytes) -> Snapshot:
    """Raises NotASnapshot. Checks the shape, not whether it is true."""
    try:
        content = json.loads(text)
        if content["format"] != FORMAT:
            raise NotASnapshot(f"unknown format {content['format']!r:.60}")
        return Snapshot(
            number=_text(content["document"]["number"]),
            code=_text(content["document"]["code"]),
            ledger=_ledger(content["ledger"]),
            files={_text(file["name"]): _text(file["sha256"]) for file in content["files"]},
            is_canonical=canonical(content) == text,
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise NotASnapshot(str(error)[:200]) from error


def _ledger(content: dict) -> Ledger:
    return Ledger(
        events=list(_events(content["events"])),
        count=_whole(content["checkpoint"]["count"]),
        head=_text(content["checkpoint"]["head"]),
    )


NAMES = [field.name for field in fields(LedgerEvent)]
VALUES = itemgetter(*NAMES)
MOMENT = NAMES.index("acted_at")
IN_JSON = [
    (str,) if hint is datetime else get_args(hint) or (hint,)
    for hint in get_type_hints(LedgerEvent).values()
]
SHAPES = set(product(*IN_JSON))  # the types of an event's values, in order


def _events(rows: list) -> Iterator[LedgerEvent]:
    for row in rows:
        values = VALUES(row)
        if tuple(map(type, values)) not in SHAPES:
            raise NotASnapshot(f"an event is {row!r:.100}")
        moment = _moment(values[MOMENT])
        yield LedgerEvent(*values[:MOMENT], moment, *values[MOMENT + 1 :])


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise NotASnapshot("a time without a time zone")
    return moment


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotASnapshot(f"{value!r:.60} is not text")
    return value


def _whole(value: object) -> int:
    if type(value) is not int:
        raise NotASnapshot(f"{value!r:.60} is not a whole number")
    return value
