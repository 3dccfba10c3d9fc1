"""The icons of the design system, read once from static/ and put into the page as SVG."""

import re
from functools import cache

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_FOLDERS = ("icons", "vendor/aksel-icons-8.16.2")

# In every page as symbols, since lists repeat them hundreds of times.
SHARED = (
    "checkmark-heavy",
    "hourglass",
    "circle",
    "half-circle",
    "arrow-undo",
    "x-mark-octagon",
    "clock",
    "exclamationmark-triangle",
    "chevron-right",
)


@cache
def icon_body(name: str) -> SafeString:
    """What is inside the ``<svg>`` of the icon. An unknown name is a programming error."""
    pascal = "".join(part.capitalize() for part in name.split("-"))
    for path in (f"{_FOLDERS[0]}/{name}.svg", f"{_FOLDERS[1]}/{pascal}.svg"):
        file = settings.BASE_DIR / "static" / path
        if file.exists():
            body = re.search(r"<svg[^>]*>(.*)</svg>", file.read_text(encoding="utf-8"), re.DOTALL)
            return mark_safe(body[1].strip())  # noqa: S308 – our own files
    raise LookupError(f"There is no icon called {name!r} in static/.")


@cache
def icon_svg(name: str, size: int = 24, label: str = "") -> SafeString:
    """The whole icon; without a label it is hidden from assistive technology."""
    return format_html(
        '<svg class="icon" width="{size}" height="{size}" viewBox="0 0 24 24" fill="none"'
        ' focusable="false" {access}>{body}</svg>',
        size=size,
        access=_access(label),
        body=icon_body(name),
    )


@cache
def shared_icon_svg(name: str, size: int = 15) -> SafeString:
    """A reference to one of the symbols that base.html carries; always hidden."""
    if name not in SHARED:
        return icon_svg(name, size)
    return format_html(
        '<svg class="icon" width="{size}" height="{size}" aria-hidden="true">'
        '<use href="#icon-{name}"/></svg>',
        size=size,
        name=name,
    )


@cache
def symbol_sheet() -> SafeString:
    symbols = "".join(
        f'<symbol id="icon-{name}" viewBox="0 0 24 24" fill="none">{icon_body(name)}</symbol>'
        for name in SHARED
    )
    return mark_safe(  # noqa: S308 – our own files
        f'<svg class="icon-symbols" width="0" height="0" aria-hidden="true">{symbols}</svg>'
    )


def _access(label: str) -> SafeString:
    if label:
        return format_html('role="img" aria-label="{}"', label)
    return mark_safe('aria-hidden="true"')
