"""A QR code as a drawing in the page: sharp on paper, and named for who cannot see it."""

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, title: str, css_class: str = "qr") -> SafeString:
    """An inline SVG without a size of its own, with the quiet zone the standard asks for.

    Level M: a tenth of it may be smudged. WeasyPrint makes `title` the figure's alternative text.
    """
    code = segno.make(text, error="m", micro=False)
    drawing = code.svg_inline(
        omitsize=True, border=4, title=title, svgclass=css_class, lineclass=None, dark="#000"
    )
    return mark_safe(drawing)  # noqa: S308 - segno escapes the title; the text becomes squares
