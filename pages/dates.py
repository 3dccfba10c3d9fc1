"""Dates as people write them in Norwegian: «12. nov.», «9. november 2026», «for 3 dager siden»."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHORT = (
    "jan.",
    "feb.",
    "mars",
    "apr.",
    "mai",
    "juni",
    "juli",
    "aug.",
    "sep.",
    "okt.",
    "nov.",
    "des.",
)
LONG = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def local_day(value: date | datetime) -> date:
    """The day in Norway; a moment is moved to local time first."""
    if isinstance(value, datetime):
        return timezone.localdate(value) if timezone.is_aware(value) else value.date()
    return value


def short_day(value: date, *, today: date) -> str:
    """«12. nov.», and «12. nov. 2025» when it is another year."""
    text = f"{value.day}. {SHORT[value.month - 1]}"
    return text if value.year == today.year else f"{text} {value.year}"


def short_day_with_year(value: date) -> str:
    """«12. nov. 2026»."""
    return f"{value.day}. {SHORT[value.month - 1]} {value.year}"


def long_day(value: date) -> str:
    """«9. november 2026»."""
    return f"{value.day}. {LONG[value.month - 1]} {value.year}"


def weekday(value: date) -> str:
    """«Torsdag 19. november»."""
    return f"{WEEKDAYS[value.weekday()].capitalize()} {value.day}. {LONG[value.month - 1]}"


def month_and_year(value: date) -> str:
    """«jan. 2024»."""
    return f"{SHORT[value.month - 1]} {value.year}"


def numeric_day(value: date) -> str:
    """«1.7.2026», in tables of time and in print."""
    return f"{value.day}.{value.month}.{value.year}"


def days_since(value: date, *, today: date) -> str:
    """«i dag», «i går», «for 3 dager siden», «i morgen», «om 3 dager»."""
    days = (today - value).days
    if days == 0:
        return _("i dag")
    if days == 1:
        return _("i går")
    if days == -1:
        return _("i morgen")
    if days > 0:
        return ngettext("for %(days)d dag siden", "for %(days)d dager siden", days) % {"days": days}
    return ngettext("om %(days)d dag", "om %(days)d dager", -days) % {"days": -days}
