"""Several finished documents as one ZIP, with a list of them. Whole or not at all: see files."""

import csv
import hashlib
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from reports.rules import OriginalChanged
from reports.spreadsheets import harmless

LISTING = "index.csv"
CHUNK = 1024 * 1024
ALWAYS_THE_SAME = (1980, 1, 1, 0, 0, 0)  # the ZIP format's first day: it holds no date of its own
READABLE = 0o600 << 16


@dataclass(frozen=True)
class Item:
    name: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Listed:
    name: str
    number: str
    file: str  # empty where it is left out
    sha256: str
    remark: str


@dataclass(frozen=True)
class Parcel:
    """Lies in a file without a name, and is read once: a killed worker leaves nothing of it."""

    file: BinaryIO
    page_count: None = None

    def chunks(self) -> Iterator[bytes]:
        with self.file:
            self.file.seek(0)
            while chunk := self.file.read(CHUNK):
                yield chunk


def parcel(
    items: Sequence[Item],
    *,
    listing: bytes,
    listed_in: str = LISTING,
    on_item: Callable[[int], None] = lambda number: None,
) -> Parcel:
    """Nothing is packed anew: PDFs are packed already. Raises OriginalChanged, OSError."""
    file = tempfile.TemporaryFile(dir=settings.PRIVATE_ROOT)  # noqa: SIM115 - the parcel's own
    with ExitStack() as unless_whole:
        unless_whole.enter_context(file)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr(_entry(listed_in), listing)
            for number, item in enumerate(items, 1):
                _add(archive, item)
                on_item(number)
        unless_whole.pop_all()
    return Parcel(file)


def _add(archive: zipfile.ZipFile, item: Item) -> None:
    """As it was when it was finished, or not at all."""
    digest = hashlib.sha256()
    size = Path(item.path).stat().st_size
    entry = _entry(item.name)
    entry.file_size = size
    with open(item.path, "rb") as source, archive.open(entry, "w") as target:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
    if digest.hexdigest() != item.sha256:
        raise OriginalChanged(item.name)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, ALWAYS_THE_SAME)
    entry.external_attr = READABLE
    return entry


def listing(rows: Iterable[Listed]) -> bytes:
    """Semicolons and a byte order mark: so a Norwegian spreadsheet opens it with its letters."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("Navn"), _("Dokumentnummer"), _("Fil"), "SHA-256", _("Merknad")])
    for row in rows:
        writer.writerow([harmless(row.name), row.number, row.file, row.sha256, row.remark])
    return text.getvalue().encode("utf-8-sig")
