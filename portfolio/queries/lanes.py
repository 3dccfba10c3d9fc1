"""«Vist nivå over tid»: the levels shown, drawn as lanes under the places served at.

Whole units of the drawing, from the upper left corner: the template only writes them down.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from portfolio.queries.evidence import Evidence, Service
from portfolio.rules import Gap

LETTER = 6.7  # the mean width of a letter, for what fits in a band
STEP = 21  # between two levels
YEARS_APART = 48


@dataclass(frozen=True)
class Frame:
    """The measures of one drawing: the wide one has its labels at the right, the narrow above."""

    width: int
    left: int
    right: int  # today
    lane_height: int
    label_x: int
    label_above: bool
    top: int = 44


WIDE = Frame(width=756, left=10, right=610, lane_height=72, label_x=644, label_above=False)
NARROW = Frame(width=326, left=12, right=310, lane_height=100, label_x=0, label_above=True)


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    level: int
    reached: bool
    on: dt.date


@dataclass(frozen=True)
class Lane:
    order: int  # 0: the goal as a whole
    required: int | None
    dots: tuple[Dot, ...]  # oldest first
    path: str  # the highest level so far, until today
    top: int
    label_y: int
    required_y: int
    required_until: int


@dataclass(frozen=True)
class Band:
    x: int
    width: int
    label: str  # empty where nothing fits
    label_x: int


@dataclass(frozen=True)
class Year:
    x: int
    year: int


@dataclass(frozen=True)
class Drawing:
    frame: Frame
    height: int
    bottom: int
    bands: tuple[Band, ...]
    years: tuple[Year, ...]
    lanes: tuple[Lane, ...]


@dataclass(frozen=True)
class Lanes:
    wide: Drawing
    narrow: Drawing


def draw_lanes(evidence: Evidence, today: dt.date) -> Lanes | None:
    """None where nothing has been shown."""
    if not evidence.standing_assessments:
        return None
    return Lanes(wide=_draw(evidence, today, WIDE), narrow=_draw(evidence, today, NARROW))


@dataclass(frozen=True)
class _Scale:
    frame: Frame
    starts_on: dt.date
    today: dt.date

    def x(self, day: dt.date) -> int:
        days = max((self.today - self.starts_on).days, 1)
        share = min(max((day - self.starts_on).days / days, 0), 1)
        return round(self.frame.left + share * (self.frame.right - self.frame.left))


def _draw(evidence: Evidence, today: dt.date, frame: Frame) -> Drawing:
    scale = _Scale(frame, _first_day(evidence, today), today)
    tops = (frame.top + place * frame.lane_height for place in range(len(evidence.gaps)))
    lanes = tuple(
        _lane(gap, _seen(evidence, gap.order), top, scale)
        for gap, top in zip(evidence.gaps, tops, strict=False)
    )
    bottom = frame.top + len(lanes) * frame.lane_height
    return Drawing(
        frame=frame,
        height=bottom + 26,
        bottom=bottom,
        bands=tuple(_bands(evidence.services, scale)),
        years=tuple(_years(scale)),
        lanes=lanes,
    )


def _first_day(evidence: Evidence, today: dt.date) -> dt.date:
    """The first service or evidence; a little earlier, so that the first dot stands free."""
    days = [row.on for row in evidence.rows] + [one.starts_on for one in evidence.services]
    first = min(days)
    return first - max(dt.timedelta(days=30), (today - first) / 40)


def _seen(evidence: Evidence, order: int) -> list[tuple[dt.date, int]]:
    rows = reversed(evidence.standing_assessments)
    return [(row.on, row.levels[order]) for row in rows if order in row.levels]


def _lane(gap: Gap, seen: Sequence[tuple[dt.date, int]], top: int, scale: _Scale) -> Lane:
    levels = [level for _day, level in seen] + ([gap.required] if gap.required else [])
    heights = _heights(levels or [1], top, scale.frame)
    required = gap.required
    dots = tuple(
        Dot(scale.x(day), heights[level], level, level >= (required or 0), day)
        for day, level in seen
    )
    reached_at = [dot.x for dot in dots if required and dot.level >= required]
    return Lane(
        order=gap.order,
        required=required,
        dots=dots,
        path=_path(dots, scale.frame.right),
        top=top,
        label_y=top + (18 if scale.frame.label_above else scale.frame.lane_height // 2 - 4),
        required_y=heights[required] if required else 0,
        required_until=min(reached_at, default=scale.frame.right),
    )


def _heights(levels: Iterable[int], top: int, frame: Frame) -> dict[int, int]:
    """The levels between the lowest and the highest, about the middle of the lane."""
    lowest, highest = min(levels), max(levels)
    free = 24 if frame.label_above else 0
    middle = top + free + (frame.lane_height - free) // 2
    first = middle - STEP * (highest - lowest) // 2
    return {level: first + STEP * (highest - level) for level in range(lowest, highest + 1)}


def _path(dots: Sequence[Dot], right: int) -> str:
    if not dots:
        return ""
    best, steps = dots[0], [f"M{dots[0].x} {dots[0].y}"]
    for dot in dots[1:]:
        if dot.level > best.level:
            steps.append(f"H{dot.x}V{dot.y}")
            best = dot
    return "".join([*steps, f"H{right}"])


def _bands(services: Sequence[Service], scale: _Scale) -> Iterable[Band]:
    """Places one after the other; where two overlap the later begins when the earlier ends."""
    reached = 0
    stays = _stays(services)
    for stay in stays:
        begin = max(scale.x(stay.starts_on), reached)
        end = scale.x(min(stay.ends_on or scale.today, scale.today))
        if end - begin < 4:
            continue
        yield _band(stay, begin, end - 2, scale.frame, beside=stay is stays[-1])
        reached = end


def _stays(services: Sequence[Service]) -> list[Service]:
    """Posts that follow one another at the same department are one stay."""
    stays: list[Service] = []
    for service in services:
        before = stays[-1] if stays else None
        if before and before.department == service.department:
            stays[-1] = replace(before, ends_on=service.ends_on)
        else:
            stays.append(service)
    return stays


def _band(service: Service, begin: int, end: int, frame: Frame, *, beside: bool) -> Band:
    """The name inside the band; of the last, beside it where it does not fit."""
    names = (service.label, service.department, service.institution)
    fitting = (name for name in names if len(name) * LETTER + 16 <= end - begin)
    label = next(fitting, "")
    if not label and beside and not frame.label_above:
        return Band(begin, end - begin, service.department, frame.label_x)
    return Band(begin, end - begin, label, begin + 8)


def _years(scale: _Scale) -> Iterable[Year]:
    """Every January, or every second or third where they would stand too close."""
    years = [
        Year(scale.x(dt.date(year, 1, 1)), year)
        for year in range(scale.starts_on.year + 1, scale.today.year + 1)
    ]
    kept: list[Year] = []
    for one in reversed(years):
        if not kept or kept[-1].x - one.x >= YEARS_APART:
            kept.append(one)
    # «i dag» stands at the end.
    return [one for one in reversed(kept) if scale.frame.right - one.x >= YEARS_APART]
