"""A document's content frozen as JSON, and thawed again: the paper is printed from the frozen text.

The text is canonical (palmappen_verify.snapshot): the same content is always the same bytes.
"""

import json
from typing import TypeVar

from cattrs.preconf.json import make_converter

from palmappen_verify import snapshot
from palmappen_verify.ledger import LedgerEvent
from portfolio.models import Event, Training
from reports.queries.dossier import Dossier

Content = TypeVar("Content")
CONVERTER = make_converter()
EVENT_FIELDS = tuple(
    name for name in LedgerEvent.__dataclass_fields__ if name not in ("acted_at", "content", "salt")
)


def freeze_dossier(dossier: Dossier, training: Training) -> str:
    """With the ledger as it was: its chain can be computed anew by whoever holds the file.

    What each event says is left out: it can name others, and the chain needs only its digest. So is
    the salt, with which short contents could be guessed.
    """
    content = {
        "format": snapshot.FORMAT,
        "document": {
            "number": dossier.cover.number,
            "code": dossier.cover.code,
            "made_at": dossier.cover.made_at.isoformat(),
        },
        "ledger": {
            "checkpoint": {"count": dossier.checkpoint.count, "head": dossier.checkpoint.head},
            "events": [_event(one) for one in _events(training, dossier.checkpoint.count)],
        },
        "files": [{"name": one.name, "sha256": one.sha256} for one in dossier.originals],
        "dossier": CONVERTER.unstructure(dossier),
    }
    return snapshot.canonical(content).decode()


def _events(training: Training, count: int):
    rows = Event.objects.filter(training=training, sequence__lte=count).order_by("sequence")
    return rows.values("acted_at", "hashed_as", *EVENT_FIELDS)


def _event(row: dict) -> dict:
    covered = row.pop("hashed_as") or {}
    return row | covered | {"acted_at": row["acted_at"].isoformat(), "content": None, "salt": ""}


def thaw_dossier(text: str) -> Dossier:
    return CONVERTER.structure(json.loads(text)["dossier"], Dossier)
