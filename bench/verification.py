"""A ledger of 100,000 events verified as from a dossier: `python -m bench.verification`.

Read from the snapshot's JSON, and its chain computed anew, each event with its content. Beside it
the bare SHA-256 of as many texts, twice each as the chain asks: no implementation in Python gets
below. Seconds of this process's own work, whatever else the machine does.
"""

import datetime as dt
import hashlib
import json
import time
from dataclasses import asdict, replace

from palmappen_verify import snapshot
from palmappen_verify.ledger import START, LedgerEvent, digest_of, faults, hash_of

EVENTS = 100_000


def main() -> None:
    text = snapshot.canonical(_content(list(_events())))
    began = time.process_time()
    ledger = snapshot.read(text).ledger
    read = time.process_time()
    found = list(faults(ledger.events, count=ledger.count, head=ledger.head))
    done = time.process_time()
    if found or len(ledger.events) != EVENTS:
        raise SystemExit(f"The ledger does not verify: {found[:3]}")
    seconds = {"read": read - began, "verify": done - read, "bare": _bare()}
    print(json.dumps(seconds | {"events": EVENTS, "bytes": len(text)}))


def _events():
    previous, moment = START, dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for sequence in range(1, EVENTS + 1):
        event = LedgerEvent(
            training_id=7,
            sequence=sequence,
            acted_at=moment + dt.timedelta(minutes=sequence),
            actor_id=3,
            actor_role="clinical_supervisor",
            verb="assessed",
            subject=f"assessment:{sequence}",
            curriculum_id=1,
            salt="ab" * 16,
            content=f'{{"goal":"PAL-014","levels":{{"1":3,"2":3}},"note":"nr. {sequence}"}}',
            digest="",
            previous_hash=previous,
            hash="",
        )
        event = replace(event, digest=digest_of(event))
        event = replace(event, hash=hash_of(event))
        previous = event.hash
        yield event


def _content(events: list[LedgerEvent]) -> dict:
    return {
        "format": snapshot.FORMAT,
        "document": {"number": "PM-2026-000001", "code": "0"},
        "ledger": {
            "checkpoint": {"count": len(events), "head": events[-1].hash},
            "events": [asdict(one) | {"acted_at": one.acted_at.isoformat()} for one in events],
        },
        "files": [],
    }


def _bare() -> float:
    texts = [f"{number:0200}" for number in range(EVENTS)]
    began = time.process_time()
    for text in texts:
        hashlib.sha256(text.encode()).hexdigest()
        hashlib.sha256(text.encode()).hexdigest()
    return time.process_time() - began


if __name__ == "__main__":
    main()
