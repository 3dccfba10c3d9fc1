"""Where the trainee has served: the rows of the table, and the drawing above it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from portfolio.models import Opening, Placement, Training

PHONE_WIDTH, DESKTOP_WIDTH = 326, 1152  # the room inside the card, in the drawing's own units
FULL_TIME_HEIGHT = 36
LANE_GAP = 6
TOP = 4
LABEL_FROM = 60  # a bar narrower than this leaves its label to the table
CALLOUT_HEIGHT = 22
CHARACTER = 7.2  # the width of a letter, generously
PADDING = 8
YEAR_LABEL = 40

# Where somebody serves, also where the place is only named; for `json_rows`.
PLACE = {
    "department": Coalesce("department__name", "place_name"),
    "institution": Coalesce("department__institution__short_name", Value("")),
}


def own_placements(training: Training) -> QuerySet[Placement]:
    return training.placements.select_related("department__institution").order_by(
        "-starts_on", "-pk"
    )


def overlapping(
    training: Training,
    *,
    starts_on: dt.date,
    ends_on: dt.date | None,
    besides: Placement | None = None,
) -> list[Placement]:
    """The other posts that hold a day of the period, the oldest first."""
    others = own_placements(training).exclude(pk=besides and besides.pk)
    others = others.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on))
    if ends_on:
        others = others.filter(starts_on__lte=ends_on)
    return list(others.reverse())


def openings_of(training: Training) -> QuerySet[Opening]:
    """Who has opened the portfolio, day by day, newest first."""
    return training.openings.select_related("user")


@dataclass(frozen=True)
class Bar:
    """One placement: length is time, height is the percentage."""

    x: float
    y: float
    width: float
    height: float
    label: str  # empty where there is no room
    text_y: float
    state: str  # «past», «current», «planned»

    @property
    def text_x(self) -> float:
        return self.x + PADDING


@dataclass(frozen=True)
class Callout:
    """The name of the newest post above the bars, and a line down to it, where it has no room."""

    x: float
    bottom: float
    label: str
    anchor: str
    text_y: float = 14
    top: float = 19


@dataclass(frozen=True)
class YearMark:
    x: float
    label: str


@dataclass(frozen=True)
class Timeline:
    width: int
    height: float
    line_y: float
    bars: tuple[Bar, ...]
    years: tuple[YearMark, ...]
    today_x: float
    callout: "Callout | None"

    @property
    def label_y(self) -> float:
        return self.line_y + 18

    @property
    def today_anchor(self) -> str:
        """So that «i dag» stays inside the drawing."""
        return "end" if self.today_x > self.width - 24 else "middle"


@dataclass(frozen=True)
class _Span:
    first: dt.date
    last: dt.date
    width: int

    def x(self, day: dt.date) -> float:
        share = (min(max(day, self.first), self.last) - self.first).days
        return round(self.width * share / max((self.last - self.first).days, 1), 1)


def timeline(placements: Iterable[Placement], *, width: int) -> Timeline:
    """Drawn from the first day to the last, today included. Those that overlap lie in lanes."""
    today = timezone.localdate()
    ordered = sorted(placements, key=lambda one: (one.starts_on, one.pk))
    days = [day for one in ordered for day in (one.starts_on, one.ends_on) if day]
    span = _Span(min([*days, today]), max([*days, today]), width)
    lanes = _lanes(ordered)
    heights = [max(_height(one) for one in lane) for lane in lanes]
    newest = ordered[-1] if ordered else None
    needs_callout = newest is not None and not _bar(newest, span, bottom=0, today=today).label
    drawn, top = {}, float(TOP + (CALLOUT_HEIGHT if needs_callout else 0))
    for lane, height in zip(lanes, heights, strict=True):
        drawn |= {one: _bar(one, span, bottom=top + height, today=today) for one in lane}
        top += height + LANE_GAP
    return Timeline(
        width=width,
        height=top + 24,
        line_y=top,
        bars=tuple(drawn.values()),
        years=_years(span, today),
        today_x=span.x(today),
        callout=_callout(newest, drawn[newest], width) if needs_callout else None,
    )


def _callout(placement: Placement, bar: Bar, width: int) -> Callout:
    """It reads towards the middle of the drawing."""
    x = round(bar.x + bar.width / 2, 1)
    return Callout(
        x=x,
        bottom=bar.y,
        label=placement.name,
        anchor="end" if x > width / 2 else "start",
    )


def _height(placement: Placement) -> float:
    """Half a post is half as high, and never too thin to see."""
    return max(FULL_TIME_HEIGHT * placement.percent / 100, 8)


def _lanes(placements: Sequence[Placement]) -> list[list[Placement]]:
    lanes: list[list[Placement]] = []
    for one in placements:
        for lane in lanes:
            if lane[-1].ends_on and lane[-1].ends_on < one.starts_on:
                lane.append(one)
                break
        else:
            lanes.append([one])
    return lanes


def _bar(placement: Placement, span: _Span, *, bottom: float, today: dt.date) -> Bar:
    begin, end = span.x(placement.starts_on), span.x(placement.ends_on or span.last)
    width, height = max(end - begin - 2, 3), _height(placement)
    label = placement.name
    fits = width >= LABEL_FROM and height >= 18 and len(label) * CHARACTER + 2 * PADDING <= width
    return Bar(
        x=begin,
        y=bottom - height,
        width=width,
        height=height,
        label=label if fits else "",
        text_y=bottom - height / 2 + 4.5,
        state=_state(placement, today),
    )


def _state(placement: Placement, today: dt.date) -> str:
    if placement.starts_on > today:
        return "planned"
    return "current" if placement.covers(today) else "past"


def _years(span: _Span, today: dt.date) -> tuple[YearMark, ...]:
    """The first of January each year; without the digits where today stands in the way."""
    crowded = span.width / max(span.last.year - span.first.year, 1) < YEAR_LABEL
    marks = []
    for year in range(span.first.year + 1, span.last.year + 1):
        x = span.x(dt.date(year, 1, 1))
        hidden = abs(x + 14 - span.x(today)) < YEAR_LABEL or x > span.width - 30
        every_other = crowded and year % 2
        marks.append(YearMark(x, "" if hidden or every_other else str(year)))
    return tuple(marks)
