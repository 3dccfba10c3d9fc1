"""Dossiers made without the application's database: a ledger, a snapshot, a PDF, a seal."""

import datetime as dt
import functools
import hashlib
from dataclasses import asdict, replace

from django.utils import timezone
from pyhanko.sign import SimpleSigner

from palmappen_verify.ledger import START, LedgerEvent, digest_of, hash_of
from palmappen_verify.snapshot import FORMAT
from reports import archive, seal
from reports.archive import Embedded, Relationship

MADE_AT = dt.datetime(2026, 11, 21, 12, 30, tzinfo=dt.UTC)
HTML = """<!doctype html>
<html lang="nb">
<head><title>Søknadsmappe PM-2026-000123</title><meta name="generator" content="PAL-mappen"></head>
<body data-running="Kari Demo" data-footing="PM-2026-000123">
<h1>Søknadsmappe</h1>
<p>Laget av øyeblikksbildet som følger med.</p>
<svg width="80" height="80" viewBox="0 0 8 8"><title>En firkant</title><path d="M0 0h8v8H0z"/></svg>
<h2 class="section">1 Tjeneste</h2>
<table class="table"><thead><tr><th scope="col">Periode</th></tr></thead>
<tbody><tr><td>2024–2026</td></tr></tbody></table>
<h2 class="section">2 Læringsmål</h2>
<p>PAL-014 er godkjent.</p>
</body></html>"""
ORIGINAL = Embedded(
    name="01 Kursbevis æøå.txt",
    content=b"The course was attended.",
    description="Kursbevis",
    relationship=Relationship.SUPPLEMENT,
    media_type="text/plain",
)


@functools.cache
def make_key(name: str) -> SimpleSigner:
    """The same name gives the same key."""
    return SimpleSigner.load_pkcs12_data(seal.make_key(now=timezone.now()), other_certs=[])


def make_events(count: int = 5) -> list[LedgerEvent]:
    events, previous = [], START
    for sequence in range(1, count + 1):
        event = LedgerEvent(
            training_id=7,
            sequence=sequence,
            acted_at=MADE_AT - dt.timedelta(days=count - sequence, microseconds=17),
            actor_id=3,
            actor_role="trainee",
            verb="activity_sent",
            subject=f"learningactivity:{sequence}",
            curriculum_id=None if sequence == 1 else 1,
            salt="ab" * 16,
            content=f'{{"note":"nr. {sequence} på vakt"}}',
            digest="",
            previous_hash=previous,
            hash="",
        )
        event = replace(event, digest=digest_of(event))
        event = replace(event, hash=hash_of(event))
        events.append(event)
        previous = event.hash
    return events


def make_snapshot(*, events: list[LedgerEvent] | None = None, files=(ORIGINAL,), **changes) -> dict:
    events = make_events() if events is None else events
    rows = [{**asdict(event), "acted_at": event.acted_at.isoformat()} for event in events]
    return {
        "format": FORMAT,
        "document": {"number": "PM-2026-000123", "code": "K7QM-2XHD-9RTV"},
        "ledger": {
            "checkpoint": {"count": len(events), "head": events[-1].hash if events else ""},
            "events": rows,
        },
        "files": [
            {"name": file.name, "sha256": hashlib.sha256(file.content).hexdigest()}
            for file in files
        ],
        **changes,
    }


def make_source(content: dict) -> Embedded:
    return archive.snapshot_file(content, description="Det mappen er laget av, for maskiner")


def make_archive(content: dict | None = None, *, files=(ORIGINAL,), html: str = HTML) -> bytes:
    """Not sealed yet."""
    source = make_source(content or make_snapshot())
    return archive.archive_pdf_of(
        html, attachments=[source, *files], identifier="PM-2026-000123", made_at=MADE_AT
    ).content


def make_dossier(content: dict | None = None, *, key: str = "ours", **archive_options) -> bytes:
    return seal.seal(make_archive(content, **archive_options), make_key(key))
