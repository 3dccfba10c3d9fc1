"""Whether a dossier is as it was when it was sealed: seal, snapshot, files and ledger."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from itertools import islice

from asn1crypto import x509
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader

from palmappen_verify import metadata, seal, snapshot
from palmappen_verify.ledger import faults
from palmappen_verify.seal import NoSeal, Seal
from palmappen_verify.snapshot import Ledger, NotASnapshot, Snapshot

MAX_BYTES = 500 * 1024 * 1024
MAX_FAULTS = 10  # of the ledger: the rest follow from the first


class Outcome(IntEnum):
    """The number is the program's exit code."""

    GENUINE = 0
    ALTERED = 1
    UNREADABLE = 2  # broken, or not a dossier of ours


class Code(StrEnum):
    # Not a dossier that can be read.
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    ENCRYPTED = "encrypted"
    NOT_OURS = "not_ours"  # no snapshot inside
    # A dossier, and not as it was.
    DAMAGED = "damaged"
    NO_SEAL = "no_seal"
    NOT_COVERED = "not_covered"  # something was added, or the seal tampered with
    SEAL_BROKEN = "seal_broken"
    OTHER_SEAL = "other_seal"  # not by the certificate that was given
    NOT_CANONICAL = "not_canonical"
    OTHER_SNAPSHOT = "other_snapshot"
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_ADDED = "file_added"
    LEDGER = "ledger"
    CHECKPOINT = "checkpoint"
    GIVEN_CHECKPOINT = "given_checkpoint"


MEANS_UNREADABLE = {Code.TOO_LARGE, Code.UNREADABLE, Code.ENCRYPTED, Code.NOT_OURS}


@dataclass(frozen=True)
class Finding:
    code: Code
    detail: str = ""


@dataclass(frozen=True)
class Checkpoint:
    """How far the ledger had come once, known from somewhere else than the dossier."""

    count: int
    head: str


@dataclass(frozen=True)
class Report:
    findings: list[Finding] = field(default_factory=list)
    seal: Seal | None = None
    snapshot: Snapshot | None = None

    @property
    def outcome(self) -> Outcome:
        codes = {finding.code for finding in self.findings}
        if codes & MEANS_UNREADABLE:
            return Outcome.UNREADABLE
        return Outcome.ALTERED if codes else Outcome.GENUINE

    @property
    def knows_sealer(self) -> bool:
        """Whether a certificate from elsewhere says who sealed it."""
        return bool(self.seal and self.seal.is_by_given)


def verify(
    pdf: bytes,
    *,
    certificate: x509.Certificate | None = None,
    checkpoint: Checkpoint | None = None,
) -> Report:
    """Never raises for what the file holds."""
    if len(pdf) > MAX_BYTES:
        return Report([Finding(Code.TOO_LARGE)])
    try:
        return _verify(pdf, certificate, checkpoint)
    except Exception as error:  # a hostile file finds a way to every kind
        return Report([_lost(pdf, Code.UNREADABLE, _said(error))])


def _lost(pdf: bytes, code: Code, detail: str = "") -> Finding:
    """What cannot be read and still bears our mark was a dossier once."""
    return Finding(Code.DAMAGED if metadata.is_marked(pdf) else code, detail)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]


def _verify(
    pdf: bytes, certificate: x509.Certificate | None, checkpoint: Checkpoint | None
) -> Report:
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        return Report([Finding(Code.ENCRYPTED)])
    files = _embedded_files(reader)
    text = files.pop(snapshot.FILE_NAME, None)
    if text is None:
        return Report([_lost(pdf, Code.NOT_OURS)])
    found_seal, findings = _seal(pdf, reader, certificate)
    try:
        content = snapshot.read(text)
    except NotASnapshot as error:
        return Report([*findings, _lost(pdf, Code.NOT_OURS, str(error))], seal=found_seal)
    findings += _snapshot_findings(content, text, reader)
    findings += _file_findings(content, files)
    findings += _ledger_findings(content.ledger, checkpoint)
    return Report(findings, found_seal, content)


# --- The seal ------------------------------------------------------------------------------------


def _seal(
    pdf: bytes, reader: PdfFileReader, certificate: x509.Certificate | None
) -> tuple[Seal | None, list[Finding]]:
    try:
        found = seal.read(pdf, reader, given=certificate)
    except NoSeal as error:
        return None, [Finding(Code.NO_SEAL, str(error))]
    except Exception as error:  # whatever is wrong with an envelope, it is not a seal that holds
        return None, [Finding(Code.SEAL_BROKEN, _said(error))]
    return found, list(_seal_findings(found))


def _seal_findings(found: Seal) -> Iterator[Finding]:
    if not found.covers_all:
        yield Finding(Code.NOT_COVERED)
    elif not found.holds:
        yield Finding(Code.SEAL_BROKEN)
    elif found.is_by_given is False:
        yield Finding(Code.OTHER_SEAL, found.fingerprint)


# --- The snapshot and the files ------------------------------------------------------------------


def _embedded_files(reader: PdfFileReader) -> dict[str, bytes]:
    """By name. Our dossiers have one flat list of them; no other form is looked through."""
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    except KeyError:
        return {}
    files = {}
    for at in range(1, len(names), 2):
        specification = names[at]
        name = str(specification["/UF"])
        if name in files:
            raise PdfReadError(f"two files are named {name:.60}")
        files[name] = specification["/EF"]["/F"].data
    return files


def _snapshot_findings(content: Snapshot, text: bytes, reader: PdfFileReader) -> Iterator[Finding]:
    if not content.is_canonical:
        yield Finding(Code.NOT_CANONICAL)
    if metadata.snapshot_digest(reader.root["/Metadata"].data) != hashlib.sha256(text).hexdigest():
        yield Finding(Code.OTHER_SNAPSHOT)


def _file_findings(content: Snapshot, files: dict[str, bytes]) -> Iterator[Finding]:
    for name, digest in content.files.items():
        if name not in files:
            yield Finding(Code.FILE_MISSING, name)
        elif hashlib.sha256(files[name]).hexdigest() != digest:
            yield Finding(Code.FILE_CHANGED, name)
    for name in sorted(files.keys() - content.files.keys()):
        yield Finding(Code.FILE_ADDED, name)


# --- The ledger ----------------------------------------------------------------------------------


def _ledger_findings(ledger: Ledger, given: Checkpoint | None) -> Iterator[Finding]:
    for fault in islice(faults(ledger.events), MAX_FAULTS):
        yield Finding(Code.LEDGER, f"{fault.code} {fault.sequence}")
    if len({event.training_id for event in ledger.events}) > 1:
        yield Finding(Code.LEDGER, "more than one training")
    if (ledger.count, ledger.head) != (len(ledger.events), _hash_at(ledger, len(ledger.events))):
        yield Finding(Code.CHECKPOINT, str(ledger.count))
    if given and given.head != _hash_at(ledger, given.count):
        yield Finding(Code.GIVEN_CHECKPOINT, str(given.count))


def _hash_at(ledger: Ledger, count: int) -> str | None:
    """The head of the chain when it had so many events. Empty before the first."""
    if not 0 <= count <= len(ledger.events):
        return None
    return ledger.events[count - 1].hash if count else ""
