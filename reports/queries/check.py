"""What «Kontroller dokument» answers. Nothing of whose the document is, to nobody who asks.

A file is known by its SHA-256 alone; the number it bears tells only which one it was changed from.
"""

import datetime as dt
import functools
import json
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from palmappen_verify.ledger import LedgerEvent, faults
from portfolio.models import Event, Training
from reports import rules, seal
from reports.enums import ReportKind, ReportState, Verdict
from reports.models import Report
from reports.queries.submissions import Newer, fate_of

EVENT_FIELDS = tuple(LedgerEvent.__dataclass_fields__)


@dataclass(frozen=True)
class Inside:
    """What is told of a document to somebody who has it."""

    pathway: str
    is_proposal: bool
    page_count: int | None
    files: int | None  # of a dossier
    checkpoint: int | None  # how many events of the ledger it was made from
    ledger_holds: bool


@dataclass(frozen=True)
class Known:
    kind: str
    is_dossier: bool
    number: str
    sealed_at: dt.datetime
    newer: Newer | None
    inside: Inside | None  # of a genuine file alone
    training_id: int | None  # for those who may see the portfolio


@dataclass(frozen=True)
class Answer:
    verdict: Verdict
    document: Known | None = None
    number: str = ""  # that an altered file bears
    sha256: str = ""  # of the file that was checked

    @property
    def fingerprint(self) -> str:
        """In groups that can be read aloud."""
        return " ".join(self.sha256[at : at + 4] for at in range(0, len(self.sha256), 4))

    @property
    def is_of_file(self) -> bool:
        return bool(self.sha256)


def answer_to_code(typed: str, *, viewer) -> Answer:
    report = _finished().filter(code=rules.read_code(typed)).exclude(code="").first()
    if report is None:
        return Answer(Verdict.UNKNOWN_CODE)
    known = _known(report, viewer)
    return Answer(Verdict.CODE_SUPERSEDED if known.newer else Verdict.CODE_EXISTS, known)


def answer_to_file(sha256: str, *, number: str, viewer) -> Answer:
    report = _finished().filter(sha256=sha256).first()
    if report:
        known = _known(report, viewer, inside=_inside(report))
        verdict = Verdict.GENUINE_SUPERSEDED if known.newer else Verdict.GENUINE
        return Answer(verdict, known, sha256=sha256)
    if number and _finished().filter(number=number).exists():
        return Answer(Verdict.ALTERED, number=number, sha256=sha256)
    return Answer(Verdict.UNKNOWN_FILE, sha256=sha256)


def _finished():
    return Report.objects.filter(state=ReportState.DONE)


def _known(report: Report, viewer, *, inside: Inside | None = None) -> Known:
    return Known(
        kind=report.get_kind_display(),
        is_dossier=report.kind == ReportKind.DOSSIER,
        number=report.number,
        sealed_at=report.finished_at,
        newer=fate_of(report).newer,
        inside=inside,
        training_id=_training_seen(report, viewer),
    )


def _training_seen(report: Report, viewer) -> int | None:
    if not viewer.is_authenticated:
        return None
    seen = Training.objects.visible_to(viewer).filter(pk=report.training_id)
    return seen.values_list("pk", flat=True).first()


def _inside(report: Report) -> Inside:
    """From the frozen text, which the training's later changes do not touch."""
    if report.kind != ReportKind.DOSSIER or not report.snapshot:
        return Inside("", False, report.page_count, None, None, False)
    frozen = json.loads(report.snapshot)
    point = frozen["ledger"]["checkpoint"]
    cover = frozen["dossier"]["cover"]
    return Inside(
        pathway=cover["pathway"][:1].lower() + cover["pathway"][1:],
        is_proposal=cover["pathway_is_proposal"],
        page_count=report.page_count,
        files=len(frozen["files"]),
        checkpoint=point["count"],
        ledger_holds=_ledger_holds(report.training_id, **point),
    )


def _ledger_holds(training_id: int, *, count: int, head: str) -> bool:
    """The whole chain is computed anew from the first event: one row's hash alone would prove
    nothing of those before it. Half a second for 100,000 events."""
    rows = Event.objects.filter(training=training_id, sequence__lte=count).order_by("sequence")
    events = map(_event, rows.values("hashed_as", *EVENT_FIELDS).iterator())
    return next(faults(events, count=count, head=head), None) is None


def _event(row: dict) -> LedgerEvent:
    """With the ids that the hash covers, where the act was done at another installation."""
    covered = row.pop("hashed_as") or {}
    return LedgerEvent(**row | covered)


# --- The installation's certificate --------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    pem: bytes
    fingerprint: str


def certificate() -> Certificate | None:
    """The public half of the key that seals here; nothing where there is no key."""
    path: Path = settings.SEAL_KEY_FILE
    try:
        return _certificate(path, path.stat().st_mtime_ns)
    except (OSError, seal.NoSealKey):
        return None


@functools.lru_cache(maxsize=4)
def _certificate(path: Path, changed: int) -> Certificate:
    """Read anew only when the file is another: opening it takes longer than the page."""
    key = seal.load_key()
    return Certificate(pem=seal.certificate_pem(key), fingerprint=seal.fingerprint(key))
