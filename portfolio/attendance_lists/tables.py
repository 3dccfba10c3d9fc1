"""The cells of a file, as plain values. Everything hostile or broken is refused here, by name."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator

from openpyxl import load_workbook

from portfolio.attendance_lists.faults import ListFault, ListRefused

Row = tuple[object, ...]

MAX_ENTRIES = 300  # files inside a workbook; an ordinary one has about ten
MAX_UNPACKED = 5_000_000  # bytes
MAX_HEIGHT = 2_000  # rows looked at, empty ones too
DELIMITERS = ";,\t"

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and any Office file with a password
_BYTE_ORDER_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DOCTYPE = tuple("<!DOCTYPE".encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be"))


def readings(content: bytes) -> list[list[Row]]:
    """The readings of a file: one of a workbook, one per delimiter of a text."""
    if not content.strip():
        raise ListRefused(ListFault.EMPTY)
    if content.startswith(_COMPOUND):
        raise ListRefused(ListFault.OLD_OR_LOCKED)
    if content.startswith(b"PK"):
        return [_sheet(content)]
    text = _decoded(content)
    split = [rows for mark in DELIMITERS if (rows := _split(text, mark))]
    if not split:
        raise ListRefused(ListFault.BROKEN)
    return split


# --- Text ----------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 by its mark, else UTF-8, else what Excel in Norway saves: Windows-1252."""
    if content.startswith(b"%PDF"):
        raise ListRefused(ListFault.NOT_A_LIST)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if content.startswith(mark):
            text = _text(content.removeprefix(mark), encoding)
            break
    else:
        text = _text(content, "utf-8") or _text(content, "cp1252")
    if text is None:
        raise ListRefused(ListFault.UNREADABLE_TEXT)
    if _CONTROL.search(text):
        raise ListRefused(ListFault.NOT_A_LIST)
    return text


def _text(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None


def _split(text: str, delimiter: str) -> list[Row] | None:
    """None where the text is not made with this delimiter: a quotation mark stands astray."""
    lines = re.sub(r"\Asep=.\r?\n", "", text)  # Excel's own note of the delimiter
    try:
        rows = csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter, strict=True)
        return list(_not_too_many(map(tuple, rows)))
    except csv.Error:
        return None


# --- Workbooks -----------------------------------------------------------------------------------


def _sheet(content: bytes) -> list[Row]:
    """The one sheet that has something in it."""
    _refuse_hostile(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        filled = [rows for sheet in book.worksheets if _any(rows := list(_rows(sheet)))]
    except ListRefused:
        raise
    except Exception as error:  # the reader has no error of its own for files that are not sound
        raise ListRefused(ListFault.BROKEN) from error
    if not filled:
        raise ListRefused(ListFault.EMPTY)
    if len(filled) > 1:
        raise ListRefused(ListFault.SEVERAL_SHEETS)
    return filled[0]


def _refuse_hostile(content: bytes) -> None:
    """Before anything is unpacked: how much there is, and of what kind.

    Python's zipfile never gives more bytes than an entry says it has, so that what the entries
    say is a bound whatever is in them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES or sum(e.file_size for e in entries) > MAX_UNPACKED:
                raise ListRefused(ListFault.BOMB)
            names = {entry.filename.lower() for entry in entries}
            if any(name.endswith("vbaproject.bin") for name in names):
                raise ListRefused(ListFault.MACROS)
            if "xl/workbook.xml" not in names:
                raise ListRefused(ListFault.NOT_A_LIST)
            if any(mark in archive.read(entry) for entry in entries for mark in _DOCTYPE):
                raise ListRefused(ListFault.BROKEN)  # no workbook declares entities
    except ListRefused:
        raise
    except Exception as error:  # as above: BadZipFile, zlib.error, NotImplementedError, …
        raise ListRefused(ListFault.BROKEN) from error


def _rows(sheet) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its own size may be false
    yield from _not_too_many(sheet.iter_rows(values_only=True))


def _not_too_many(rows: Iterable[Row]) -> Iterator[Row]:
    """Empty rows count: a single cell far down asks for all those above it."""
    for number, row in enumerate(rows, start=1):
        if number > MAX_HEIGHT:
            raise ListRefused(ListFault.TOO_MANY_ROWS)
        yield row


def _any(rows: list[Row]) -> bool:
    return any(cell not in (None, "") for row in rows for cell in row)
