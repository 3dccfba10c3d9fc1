"""Small turns of phrase the sentences are made of."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pages.dates import long_day, numeric_day
from pages.templatetags.palmappen import thousands
from portfolio.rules.preflight.facts import Span

FEW = 3
WORDS = (
    "null",
    "én",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "sju",
    "åtte",
    "ni",
    "ti",
    "elleve",
    "tolv",
)


def listed(items: Sequence[str]) -> str:
    """«PAL-001, PAL-004 og PAL-055»."""
    if len(items) < 2:
        return "".join(items)
    return _("%(some)s og %(last)s") % {"some": ", ".join(items[:-1]), "last": items[-1]}


def goals(codes: Sequence[str]) -> str:
    """The codes of a few; of many their number: «29 læringsmål»."""
    if len(codes) <= FEW:
        return listed(codes)
    return _("%(count)s læringsmål") % {"count": len(codes)}


def counted(count: int) -> str:
    """«to», «tolv», «13»: numbers up to twelve are words."""
    return WORDS[count] if count < len(WORDS) else str(count)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def days(count: int) -> str:
    return ngettext("%(days)s dag", "%(days)s dager", count) % {"days": thousands(count)}


def numbers(values: Iterable[int]) -> str:
    """«4, 5 og 6»."""
    return listed([str(one) for one in values])


def day(value: dt.date | None) -> str:
    return long_day(value) if value else ""


def period(span: Span) -> str:
    """«1.1.2025–30.6.2026», «fra 1.7.2026»."""
    if span.ends_on is None:
        return _("fra %(day)s") % {"day": numeric_day(span.starts_on)}
    return f"{numeric_day(span.starts_on)}–{numeric_day(span.ends_on)}"


def sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
