"""A line of «Dette gjenstår», and a list of them."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions.enums import Role
from pages.dates import SHORT, days_since
from portfolio.models import AssessmentRequest, RecommendationRequest
from portfolio.queries.activities import may_remind

SHORT_LIST = 3
URGENT = dt.timedelta(days=2)
LONGEST_COMMENT = 60


@dataclass(frozen=True)
class Row:
    """One line: big number left, act, person."""

    title: str
    url: str
    who: str
    since: dt.date
    deadline: dt.date | None = None
    comment: str = ""
    remind_url: str = ""
    shows_day: bool = False  # the big number is the day itself, though it is no deadline

    @property
    def day(self) -> dt.date | None:
        return self.deadline or (self.since if self.shows_day else None)

    @property
    def number(self) -> str:
        if self.day:
            return f"{self.day.day}."
        return str(self._age) if self._age else _("Ny")

    @property
    def unit(self) -> str:
        if self.day:
            return SHORT[self.day.month - 1]
        return ngettext("dag", "dager", self._age) if self._age else _("i dag")

    @property
    def is_urgent(self) -> bool:
        return bool(self.deadline) and self.deadline - timezone.localdate() <= URGENT

    @property
    def attention(self) -> str:
        """«I morgen», «For 3 dager siden»: said in words where the number alone is amber."""
        if not self.is_urgent:
            return ""
        words = days_since(self.deadline, today=timezone.localdate())
        return words[:1].upper() + words[1:]

    @property
    def _age(self) -> int:
        return (timezone.localdate() - self.since).days

    @property
    def order(self) -> tuple:
        """By deadline; without one last, the oldest first."""
        return (self.deadline or dt.date.max, self.since, self.title)


@dataclass(frozen=True)
class Section:
    key: str  # in the address: ?alle=…
    title: str
    rows: tuple[Row, ...]
    shows_all: bool

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows if self.shows_all else self.rows[:SHORT_LIST]

    @property
    def is_cut(self) -> bool:
        return not self.shows_all and self.count > SHORT_LIST


def local_day_of(moment_: dt.datetime) -> dt.date:
    return timezone.localdate(moment_)


def person(role: str | None, name: str) -> str:
    """«Supervisør Hilde Demo Vik»."""
    return f"{Role(role).label} {name}" if role else name


def goal_url(training_id: int, curriculum: str, code: str) -> str:
    return reverse("portfolio:goal_detail", args=[training_id, curriculum, code])


def shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_COMMENT else f"{text[:LONGEST_COMMENT].rsplit(' ', 1)[0]} …"


def remind_url_of(request: AssessmentRequest | RecommendationRequest, name: str) -> str:
    return reverse(name, args=[request.pk]) if may_remind(request) else ""
