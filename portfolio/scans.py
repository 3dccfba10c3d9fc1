"""How a scanned original holds: pages lost, empty or too poor to read.

Helsedirektoratet publishes why applications come back; pages lost in scanning are among them.
Nobody can tell from a file alone that a page is missing, so these are findings that warn. Files
that cannot be opened, or that carry more than paper does, are refused.
"""

import io
import json
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image

from portfolio import scan_pages
from portfolio.active_content import is_active
from portfolio.enums import ScanFault

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
MAX_PAGES = 200
UNREADABLE = (
    pikepdf.PdfError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    RuntimeError,
    struct.error,
    zlib.error,
)

# Shares of a page, found by trial with drawn, scanned and photographed pages.
EMPTY_BELOW_DARK, EMPTY_BELOW_PALE = 0.0004, 0.003  # a page's number alone is still empty
FAINT_BELOW = 0.05  # of the ink: that little of it is dark
TEXT_FROM = 20  # characters: stray letters are no text
LEAST_PIXELS = 1_000  # along the longer side: an A4 sheet at 85 dots per inch
MEASURED_WITHIN = 20  # seconds, for the whole file

REFUSED = {
    ScanFault.ENCRYPTED,
    ScanFault.BROKEN,
    ScanFault.ACTIVE,
    ScanFault.TOO_MANY_PAGES,
}


@dataclass(frozen=True)
class Inspection:
    """What was found in one file. Pages are numbered from 1."""

    page_count: int
    faults: tuple[ScanFault, ...] = ()
    blank_pages: tuple[int, ...] = ()
    unreadable_pages: tuple[int, ...] = ()
    has_text: bool = False

    @property
    def is_refused(self) -> bool:
        return not REFUSED.isdisjoint(self.faults)

    def as_data(self) -> list[dict[str, object]]:
        """As it is kept with a document: each fault, and the pages it is about."""
        about = {
            ScanFault.BLANK_PAGES: self.blank_pages,
            ScanFault.EVERY_OTHER_BLANK: self.blank_pages,
            ScanFault.UNREADABLE: self.unreadable_pages,
        }
        return [
            {"fault": fault.value, "pages": list(about.get(fault, ()))} for fault in self.faults
        ]


@dataclass(frozen=True)
class Page:
    """What was measured on one page, and what it says of itself («side 2 av 4»)."""

    dark: float
    pale: float
    pixels: int | None = None  # along the longer side; None where the page is no picture
    characters: int = 0
    number: tuple[int, int] | None = None

    @property
    def has_text(self) -> bool:
        return self.characters >= TEXT_FROM

    @property
    def is_blank(self) -> bool:
        holds_ink = self.dark >= EMPTY_BELOW_DARK or self.pale >= EMPTY_BELOW_PALE
        return not (self.has_text or holds_ink)

    @property
    def is_unreadable(self) -> bool:
        """A picture too small or too pale, and no text to go by."""
        if self.has_text or self.is_blank:
            return False
        too_small = self.pixels is not None and self.pixels < LEAST_PIXELS
        return too_small or self.dark < FAINT_BELOW * self.pale


def inspect(content: bytes, media_type: str, *, double_sided: bool = False) -> Inspection:
    """`double_sided`: the original has text on both sides, as far as the owner knows."""
    try:
        if media_type != PDF:
            return judge([_picture(content)], page_count=1)
        with pikepdf.open(io.BytesIO(content)) as pdf:
            page_count = len(pdf.pages)
            fault = _refusal(pdf, page_count)
    except pikepdf.PasswordError:
        return Inspection(0, (ScanFault.ENCRYPTED,))
    except UNREADABLE:
        return Inspection(0, (ScanFault.BROKEN,))
    if fault:
        return Inspection(page_count, (fault,))
    return judge(_measured(content), page_count=page_count, double_sided=double_sided)


def _refusal(pdf: pikepdf.Pdf, page_count: int) -> ScanFault | None:
    if not page_count:
        return ScanFault.BROKEN
    if page_count > MAX_PAGES:
        return ScanFault.TOO_MANY_PAGES
    return ScanFault.ACTIVE if is_active(pdf) else None


def _picture(content: bytes) -> Page:
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "MPO"]) as image:
        on_paper = Image.new("RGB", image.size, "white")
        on_paper.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    dark, pale = scan_pages.ink(on_paper)
    return Page(dark, pale, pixels=max(on_paper.size))


def _measured(content: bytes) -> list[Page]:
    """As many pages as could be drawn in time."""
    command = [sys.executable, "-I", str(Path(scan_pages.__file__))]
    try:
        drawn = subprocess.run(
            command, input=content, capture_output=True, timeout=MEASURED_WITHIN, check=False
        ).stdout
    except subprocess.TimeoutExpired as late:
        drawn = late.stdout or b""
    whole_lines = drawn.decode().splitlines(keepends=True)
    return [_page(line) for line in whole_lines if line.endswith("\n")]


def _page(line: str) -> Page:
    measured = json.loads(line)
    return Page(**measured | {"number": measured["number"] and tuple(measured["number"])})


def judge(pages: list[Page], *, page_count: int, double_sided: bool = False) -> Inspection:
    """Pure: what the measures say."""
    blank = tuple(place for place, page in enumerate(pages, start=1) if page.is_blank)
    unreadable = tuple(place for place, page in enumerate(pages, start=1) if page.is_unreadable)
    every_other = _is_every_other(blank, page_count)
    found = {
        ScanFault.UNCHECKED: len(pages) < page_count,
        ScanFault.EVERY_OTHER_BLANK: every_other,
        ScanFault.BLANK_PAGES: bool(blank) and not every_other,
        ScanFault.ODD_COUNT: page_count % 2 == 1 and double_sided,
        ScanFault.PAGES_MISSING: _numbers_have_gaps(pages),
        ScanFault.UNREADABLE: bool(unreadable),
    }
    return Inspection(
        page_count=page_count,
        faults=tuple(fault for fault, is_found in found.items() if is_found),
        blank_pages=blank,
        unreadable_pages=unreadable,
        has_text=any(page.has_text for page in pages),
    )


def _is_every_other(blank: tuple[int, ...], page_count: int) -> bool:
    """Every back, or every front, of at least two sheets."""
    backs, fronts = tuple(range(2, page_count + 1, 2)), tuple(range(1, page_count + 1, 2))
    return page_count > 2 and blank in (backs, fronts) and len(blank) > 1


def _numbers_have_gaps(pages: list[Page]) -> bool:
    """«Side 1 av 4», «side 3 av 4»: the pages between are gone. Several documents may lie in one
    file, so each total is looked at by itself."""
    seen: dict[int, set[int]] = {}
    for page in pages:
        if page.number and 1 <= page.number[0] <= page.number[1]:
            seen.setdefault(page.number[1], set()).add(page.number[0])
    return any(len(numbers) < total for total, numbers in seen.items())
