"""The placements drawn over time: where each bar begins and ends. Pure geometry, whole units.

Units are those of the drawing's view box, one per tenth of a millimetre or so; only their
proportions matter. A date is placed by its share of the days drawn.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

WIDTH = 1000
LANE_HEIGHT = 46
LANE_GAP = 6
TOP = 4
YEAR_LABEL_HEIGHT = 32
CHARACTER = 10  # the width that a character of a label takes, generously
LABEL_PADDING = 22
TODAY_LABEL = 66  # half the room that «i dag» wants to itself


@dataclass(frozen=True)
class Service:
    """What is drawn as one bar."""

    labels: tuple[str, ...]  # the fullest first; the first that fits is written
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class Bar:
    x: int
    y: int
    width: int
    label: str  # empty where none would fit: the table beside says it
    is_current: bool
    is_planned: bool

    @property
    def text_x(self) -> int:
        return self.x + LABEL_PADDING // 2

    @property
    def text_y(self) -> int:
        return self.y + LANE_HEIGHT // 2 + 6


@dataclass(frozen=True)
class YearMark:
    x: int
    label: str  # empty where the mark of today stands in the way


@dataclass(frozen=True)
class Timeline:
    bars: tuple[Bar, ...]
    years: tuple[YearMark, ...]
    today_x: int
    lanes: int

    @property
    def width(self) -> int:
        return WIDTH

    @property
    def lane_height(self) -> int:
        return LANE_HEIGHT

    @property
    def today_anchor(self) -> str:
        """So that «i dag» stays on the paper."""
        return "end" if self.today_x > WIDTH - TODAY_LABEL // 2 else "middle"

    @property
    def bottom(self) -> int:
        """Where the year lines end and their labels begin."""
        return TOP + self.lanes * (LANE_HEIGHT + LANE_GAP) + 6

    @property
    def label_y(self) -> int:
        return self.bottom + 22

    @property
    def height(self) -> int:
        return self.bottom + YEAR_LABEL_HEIGHT


def draw(services: Iterable[Service], *, starts_on: dt.date, today: dt.date) -> Timeline:
    """From the first day there is anything to show, to today or the last planned day."""
    services = sorted(services, key=lambda one: (one.starts_on, one.ends_on or dt.date.max))
    first = min([starts_on, today, *(one.starts_on for one in services)])
    last = max([today, *(one.ends_on or one.starts_on for one in services)])
    days = max((last - first).days, 1)

    def x(day: dt.date) -> int:
        return round(WIDTH * (min(day, last) - first).days / days)

    bars, lanes = [], []
    for one in services:
        lane = _free_lane(lanes, one)
        begin, end = x(one.starts_on), x(one.ends_on or max(today, last))
        bars.append(_bar(one, begin=begin, end=end, lane=lane, today=today))
    today_x = x(today)
    years = [
        YearMark(x(day), "" if abs(x(day) + 24 - today_x) < TODAY_LABEL else str(day.year))
        for day in (dt.date(year, 1, 1) for year in range(first.year + 1, last.year + 1))
    ]
    return Timeline(tuple(bars), tuple(years), today_x, max(len(lanes), 1))


def _free_lane(lanes: list[dt.date], service: Service) -> int:
    """The first lane whose last service has ended; `lanes` holds their ends, and is kept up."""
    end = service.ends_on or dt.date.max
    for lane, taken_until in enumerate(lanes):
        if taken_until < service.starts_on:
            lanes[lane] = end
            return lane
    lanes.append(end)
    return len(lanes) - 1


def _bar(service: Service, *, begin: int, end: int, lane: int, today: dt.date) -> Bar:
    width = max(end - begin - 2, 3)  # two units of air between neighbours
    fitting = (one for one in service.labels if len(one) * CHARACTER + LABEL_PADDING <= width)
    return Bar(
        x=begin,
        y=TOP + lane * (LANE_HEIGHT + LANE_GAP),
        width=width,
        label=next(fitting, ""),
        is_current=service.starts_on <= today and (service.ends_on or today) >= today,
        is_planned=service.starts_on > today,
    )
