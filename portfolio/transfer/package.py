"""The ZIP that a portfolio travels in, opened without trusting it."""

import hashlib
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import models

from portfolio.attachments import SUFFIX
from portfolio.transfer import CONTENTS
from portfolio.transfer.parsing import Portfolio, Unreadable, read
from portfolio.transfer.tables import OWN

MAX_TEXT_BYTES = 200 * 1024**2
MAX_FILE_BYTES = 50 * 1024**2
CHUNK = 1024**2


@dataclass(frozen=True)
class Package:
    archive: zipfile.ZipFile
    portfolio: Portfolio
    sha256: str

    def content_of(self, name: str) -> bytes:
        return self.archive.read(name)


def opened(path: Path, *, sha256: str) -> Package:
    """Raises Unreadable. `sha256` is what the other installation says of the file: whoever carried
    it could have written another one."""
    found = _digest_of(path)
    if found != "".join(sha256.split()).lower():
        raise Unreadable(f"the file is another than the one that was exported: SHA-256 {found}")
    try:
        archive = zipfile.ZipFile(path)
        portfolio = read(_text_of(archive))
        _require_same_files(archive, portfolio)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable(f"the file is not a ZIP that can be read: {error}") from error
    return Package(archive, portfolio, found)


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _text_of(archive: zipfile.ZipFile) -> bytes:
    names = archive.namelist()
    if names.count(CONTENTS) != 1:
        raise Unreadable(f"{CONTENTS}: is not in the ZIP once")
    if archive.getinfo(CONTENTS).file_size > MAX_TEXT_BYTES:
        raise Unreadable(f"{CONTENTS}: is larger than {MAX_TEXT_BYTES // 1024**2} MB")
    return archive.read(CONTENTS)


def file_rows(portfolio: Portfolio) -> Iterator[dict]:
    for table in OWN:
        if any(isinstance(field, models.FileField) for field in table.fields):
            yield from portfolio.own[table.name]


def _require_same_files(archive: zipfile.ZipFile, portfolio: Portfolio) -> None:
    """Those that rows name, as they say, and no others. Nothing is unpacked by its name."""
    names = Counter(archive.namelist())
    named = [CONTENTS]
    for row in file_rows(portfolio):
        named.append(row["file"])
        if names[row["file"]] != 1:
            raise Unreadable(f"{row['file']}: is not in the ZIP once")
        if row["content_type"] not in SUFFIX:
            raise Unreadable(f"{row['file']}: is of a kind that is not kept here")
        _require_as_told(archive, row)
    if len(named) != len(set(named)):
        raise Unreadable("two rows name the same file")
    for strange in sorted(names.keys() - set(named)):
        raise Unreadable(f"{strange!r}: is in the ZIP, and no row names it")


def _require_as_told(archive: zipfile.ZipFile, row: dict) -> None:
    size = archive.getinfo(row["file"]).file_size
    if size != row["size_bytes"] or size > MAX_FILE_BYTES:
        raise Unreadable(f"{row['file']}: is of another size than its row says, or too large")
    digest = hashlib.sha256()
    with archive.open(row["file"]) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    if digest.hexdigest() != row["sha256"]:
        raise Unreadable(f"{row['file']}: is another file than its row says (SHA-256)")
