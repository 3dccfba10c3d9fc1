"""The bar of service: confirmed, awaiting and left, drawn to scale above the table of the same."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from pages.templatetags.palmappen import thousands
from portfolio.enums import ServiceTiming
from portfolio.rules.service_time import CountedService, ServiceTime

DESKTOP_WIDTH, PHONE_WIDTH = 1128, 318
LABEL_FROM = 60  # a segment narrower than this leaves its label to the table
MOST_SEGMENTS = 7  # more, and confirmed neighbours are drawn as one
CHARACTER = 6.9  # the width of a letter, generously
PADDING = 10
GAP = 2


@dataclass(frozen=True)
class Segment:
    """One service, or what is left. `kind`: confirmed, awaiting, ongoing, left."""

    kind: str
    days: int
    place: str
    x: float = 0
    width: float = 0

    @property
    def text_x(self) -> float:
        return self.x + PADDING

    @property
    def label(self) -> str:
        """The longest that has room: «Palliativt senter 355», «355»; else the table tells."""
        days = thousands(self.days)
        words = {"awaiting": _("venter"), "ongoing": _("pågår")}
        if self.kind in words:
            tries = (f"{days} {words[self.kind]}",)
        else:
            tries = (f"{self.place} {days}", f"{self.place.partition(',')[0]} {days}", days)
        return next((one for one in tries if self._has_room(one)), "")

    def _has_room(self, text: str) -> bool:
        """Inside a confirmed segment; below one that waits, where it needs no edge."""
        needed = len(text) * CHARACTER + (2 * PADDING if self.kind == "confirmed" else 0)
        return self.kind != "left" and self.width >= max(LABEL_FROM, needed)

    @property
    def end(self) -> float:
        return self.x + self.width


@dataclass(frozen=True)
class Bracket:
    """«1 816 bekreftet» above the segments it sums up."""

    label: str
    x: float
    end: float
    short: str  # the number alone, where there is no room for the words

    @property
    def shown(self) -> str:
        """What there is room for; each takes the room to the next."""
        tries = (self.label, self.short)
        return next((one for one in tries if len(one) * CHARACTER <= self.end - self.x), "")


@dataclass(frozen=True)
class Bar:
    width: int
    segments: tuple[Segment, ...]
    brackets: tuple[Bracket, ...]
    required_x: float
    required_label: str


KINDS = ("confirmed", "awaiting", "ongoing", "left")


def draw_bar(time: ServiceTime, places: dict[int, str], *, width: int, required: str) -> Bar:
    """`places`: what to call each service. Over the requirement the bar grows past the line."""
    segments = _segments(time, places)
    total = max(time.required, time.total, 1)
    scale = width / total
    placed, x = [], 0.0
    for one in segments:
        breadth = one.days * scale
        drawn = replace(one, x=round(x, 1), width=round(max(breadth - GAP, 1), 1))
        placed.append(drawn)
        x += breadth
    return Bar(
        width=width,
        segments=tuple(placed),
        brackets=_brackets(time, placed),
        required_x=round(min(time.required * scale, width - 1), 1),
        required_label=required,
    )


def _segments(time: ServiceTime, places: dict[int, str]) -> list[Segment]:
    lines = [line for line in time.lines if line.days]
    segments = [Segment(_kind(line), line.days, places[line.service.id]) for line in lines]
    segments.sort(key=lambda one: KINDS.index(one.kind))
    if len(segments) > MOST_SEGMENTS:
        segments = _merged(segments)
    if time.remaining:
        segments.append(Segment("left", time.remaining, ""))
    return segments


def _kind(line: CountedService) -> str:
    if line.attested:
        return "confirmed"
    return "ongoing" if line.timing == ServiceTiming.ONGOING else "awaiting"


def _merged(segments: Sequence[Segment]) -> list[Segment]:
    confirmed = [one for one in segments if one.kind == "confirmed"]
    others = [one for one in segments if one.kind != "confirmed"]
    merged = Segment("confirmed", sum(one.days for one in confirmed), _("Bekreftet"))
    return [merged, *others] if confirmed else others


def _brackets(time: ServiceTime, segments: Sequence[Segment]) -> tuple[Bracket, ...]:
    ongoing_alone = all(one.kind != "awaiting" for one in segments)
    waits = _("%(days)s pågår") if ongoing_alone else _("%(days)s venter på bekreftelse")
    groups = (
        (("confirmed",), _("%(days)s bekreftet"), time.confirmed),
        (("awaiting", "ongoing"), waits, time.awaiting),
        (("left",), _("%(days)s gjenstår"), time.remaining),
    )
    brackets = []
    for kinds, words, days in groups:
        of_kind = [one for one in segments if one.kind in kinds]
        if of_kind:
            label = words % {"days": thousands(days)}
            x, end = of_kind[0].x, of_kind[-1].end
            brackets.append(Bracket(label, x, end, thousands(days)))
    return tuple(brackets)
