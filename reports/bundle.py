"""«Vedleggsbunke»: all originals as pages one can see and print, behind a contents page.

An image gets an A4 page of its own; the pages of a PDF come as they are.
"""

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageFile, ImageOps

from portfolio.scans import JPEG, PDF, PNG, UNREADABLE
from reports import paper

A4 = (595.28, 841.89)  # points
MARGIN = 42.5  # points: 15 mm
POINTS_PER_PIXEL = 0.75  # at most: a small image is not blown up
PLACES = "http://bunke.invalid/"  # never asked for: links of the contents page, until it is bound
MOST_ATTEMPTS = 5


@dataclass(frozen=True)
class Original:
    title: str
    kind: str  # the heading it stands under
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Entry:
    """A line of the contents page. `href` leads to the original's first page."""

    title: str
    page: int
    page_count: int
    href: str


@dataclass(frozen=True)
class Section:
    kind: str
    entries: tuple[Entry, ...]


class UnreadableOriginal(ValueError):
    """An original that cannot be opened. Its title is the message."""


def bundle(
    contents_html: Callable[[Sequence[Section]], str], originals: Sequence[Original]
) -> paper.Document:
    """Kinds in the order they are first met, and within each the order given.

    Raises UnreadableOriginal.
    """
    kinds = list(dict.fromkeys(one.kind for one in originals))
    ordered = sorted(originals, key=lambda one: kinds.index(one.kind))
    with ExitStack() as stack:
        parts = [stack.enter_context(_pages_of(one)) for one in ordered]
        counts = [len(part.pages) for part in parts]
        contents, sections = _contents(contents_html, ordered, counts)
        whole = stack.enter_context(pikepdf.open(io.BytesIO(contents.content)))
        for part in parts:
            whole.pages.extend(part.pages)
        _lead_to_pages(whole, contents.page_count)
        _outline(whole, sections)
        written = io.BytesIO()
        whole.save(written, deterministic_id=True)
        return paper.Document(content=written.getvalue(), page_count=len(whole.pages))


# --- The contents page ---------------------------------------------------------------------------


def _contents(
    contents_html: Callable[[Sequence[Section]], str],
    originals: Sequence[Original],
    counts: Sequence[int],
) -> tuple[paper.Document, list[Section]]:
    """Laid out until it knows its own length: the pages behind it begin where it ends."""
    length = 1
    for _attempt in range(MOST_ATTEMPTS):
        sections = _sections(originals, counts, first_page=length + 1)
        contents = paper.printed(contents_html(sections), options={})
        if contents.page_count == length:
            return contents, sections
        length = contents.page_count
    raise RuntimeError("The contents page never has the length it says.")


def _sections(
    originals: Sequence[Original], counts: Sequence[int], *, first_page: int
) -> list[Section]:
    entries, page = [], first_page
    for original, count in zip(originals, counts, strict=True):
        entry = Entry(title=original.title, page=page, page_count=count, href=f"{PLACES}{page}")
        entries.append((original.kind, entry))
        page += count
    return [
        Section(kind=kind, entries=tuple(entry for _kind, entry in group))
        for kind, group in groupby(entries, key=lambda pair: pair[0])
    ]


def _lead_to_pages(whole: pikepdf.Pdf, contents_pages: int) -> None:
    """Turns the links of the contents page into jumps."""
    for page in whole.pages[:contents_pages]:
        for link in page.get("/Annots", []):
            address = str(link.get("/A", {}).get("/URI", ""))
            if address.startswith(PLACES):
                number = int(address.removeprefix(PLACES))
                del link["/A"]
                link.Dest = [whole.pages[number - 1].obj, Name.Fit]


def _outline(whole: pikepdf.Pdf, sections: Sequence[Section]) -> None:
    with whole.open_outline() as outline:
        outline.root.clear()  # the contents page's own headings
        outline.root.append(pikepdf.OutlineItem("Innhold", 0))
        for section in sections:
            heading = pikepdf.OutlineItem(section.kind, section.entries[0].page - 1)
            heading.children.extend(
                pikepdf.OutlineItem(entry.title, entry.page - 1) for entry in section.entries
            )
            outline.root.append(heading)


# --- One original --------------------------------------------------------------------------------


def _pages_of(original: Original) -> pikepdf.Pdf:
    try:
        if original.media_type == PDF:
            return _opened(original.content)
        if original.media_type in (PNG, JPEG):
            return _image_page(original.content, original.media_type)
    except (*UNREADABLE, pikepdf.PasswordError) as error:
        raise UnreadableOriginal(original.title) from error
    raise UnreadableOriginal(original.title)


def _opened(content: bytes) -> pikepdf.Pdf:
    pdf = pikepdf.open(io.BytesIO(content))
    if not len(pdf.pages):
        raise ValueError("no pages")
    return pdf


def _image_page(content: bytes, media_type: str) -> pikepdf.Pdf:
    """Lying down where the image does; as large as the margins allow."""
    pdf = pikepdf.new()
    image, (width, height) = _image(pdf, content, media_type)
    sheet = A4 if height >= width else A4[::-1]
    scale = min((sheet[0] - 2 * MARGIN) / width, (sheet[1] - 2 * MARGIN) / height, POINTS_PER_PIXEL)
    left, bottom = (sheet[0] - width * scale) / 2, sheet[1] - MARGIN - height * scale
    drawing = (
        f"q {width * scale:.2f} 0 0 {height * scale:.2f} {left:.2f} {bottom:.2f} cm /Image Do Q"
    )
    page = pdf.add_blank_page(page_size=sheet)
    page.obj.Resources = Dictionary(XObject=Dictionary(Image=image))
    page.obj.Contents = pdf.make_stream(drawing.encode())
    return pdf


def _image(
    pdf: pikepdf.Pdf, content: bytes, media_type: str
) -> tuple[pikepdf.Stream, tuple[int, int]]:
    """A JPEG goes in as it is. Anything else, or turned by a note in the file, is drawn anew,
    on white."""
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint turns it on for the whole process
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as image:
        image.load()  # all of it can be read
        if media_type == JPEG and image.mode in COLOURS and not _is_turned(image):
            return _stream(pdf, content, image, Filter=Name.DCTDecode), image.size
        upright = ImageOps.exif_transpose(image).convert("RGBA")
        sheet = Image.new("RGBA", upright.size, "white")
        sheet.alpha_composite(upright)
        flat = sheet.convert("L" if image.mode in ("1", "L") else "RGB")
        return _stream(pdf, flat.tobytes(), flat), flat.size


COLOURS = {"L": Name.DeviceGray, "RGB": Name.DeviceRGB}
ORIENTATION, UPRIGHT = 0x0112, 1  # Exif


def _is_turned(image: Image.Image) -> bool:
    return image.getexif().get(ORIENTATION, UPRIGHT) != UPRIGHT


def _stream(pdf: pikepdf.Pdf, content: bytes, image: Image.Image, **more) -> pikepdf.Stream:
    return pdf.make_stream(
        content,
        Type=Name.XObject,
        Subtype=Name.Image,
        Width=image.width,
        Height=image.height,
        ColorSpace=COLOURS[image.mode],
        BitsPerComponent=8,
        **more,
    )
