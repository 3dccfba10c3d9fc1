"""Draws the pages of a PDF small and measures them: `python scan_pages.py < file.pdf`.

It runs in a process of its own, with limits: a page that is made to take for ever, or to bring
the drawing down, costs that process alone. Nothing of ours is imported, so that it starts at once.
One line of JSON per page.
"""

import contextlib
import json
import re
import resource
import sys

import pypdfium2
from PIL import Image, ImageChops, ImageFilter
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

LONG_SIDE = 600  # pixels of a drawn page
MARGIN = 0.03  # of each side: where scanners leave shadows and punched holes
SURROUNDINGS = 12  # pixels: what a point is compared with, so that a lamp's shadow is no ink
DARK, PALE = 32, 12  # of 255: how far ink stands out
MEMORY = 1_500_000_000  # bytes
SECONDS = 20
COVERS = 0.5  # of the page: a smaller picture is a logo, not a scan
PAGE_NUMBER = re.compile(r"\bside\s+(\d{1,3})\s*(?:av|/)\s*(\d{1,3})\b", re.IGNORECASE)


def ink(picture: Image.Image) -> tuple[float, float]:
    """The share of the page that is clearly darker or lighter than what surrounds it, and the
    share that is so at least faintly."""
    grey = picture.convert("L")
    left, top = int(grey.width * MARGIN), int(grey.height * MARGIN)
    grey = grey.crop((left, top, grey.width - left, grey.height - top))
    grey.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    surroundings = grey.filter(ImageFilter.GaussianBlur(SURROUNDINGS))
    counts = ImageChops.difference(grey, surroundings).histogram()
    return sum(counts[DARK:]) / sum(counts), sum(counts[PALE:]) / sum(counts)


def measure(page: pypdfium2.PdfPage) -> dict[str, object]:
    text = page.get_textpage().get_text_bounded()
    number = PAGE_NUMBER.search(text)
    drawn = page.render(scale=LONG_SIDE / max(page.get_size()), grayscale=True).to_pil()
    dark, pale = ink(drawn)
    return {
        "dark": dark,
        "pale": pale,
        "pixels": _pixels(page),
        "characters": len("".join(text.split())),
        "number": [int(one) for one in number.groups()] if number else None,
    }


def _pixels(page: pypdfium2.PdfPage) -> int | None:
    """How many pixels of a scan lie along the page's longer side; None where it is no scan.

    Not dots per inch: telephones make pages whose size on paper means nothing.
    """
    width, height = page.get_size()
    found = []
    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        across, along = right - left, top - bottom
        if across > 0 and along > 0 and across * along >= COVERS * width * height:
            stretched = max(width, height) / max(across, along)
            found.append(round(max(picture.get_px_size()) * stretched))
    return max(found, default=None)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with contextlib.closing(pypdfium2.PdfDocument(sys.stdin.buffer.read())) as document:
        for page in document:
            sys.stdout.write(json.dumps(measure(page)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
