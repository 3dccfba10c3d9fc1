"""«Klar for søknad?» as a page: the answer, the three lists, and the account of the time."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from curriculum.enums import RequirementCode
from pages.dates import numeric_day
from pages.norwegian_order import norwegian_key
from portfolio.enums import ServiceTiming
from portfolio.queries.attestations import ServiceStanding
from portfolio.queries.readiness import Readiness
from portfolio.queries.readiness.bar import DESKTOP_WIDTH, PHONE_WIDTH, Bar, draw_bar
from portfolio.queries.readiness.wording import Answer, Told, Viewer, answer_of, told_all
from portfolio.queries.readiness.wording.phrases import thousands
from portfolio.rules.service_time import CountedService, ServiceTime, as_years_months_days

TOP = 3


@dataclass(frozen=True)
class Figure:
    """«Bekreftet», «4 år 11 md. 21 d», 1816."""

    label: str
    days: int

    @property
    def in_words(self) -> str:
        return duration(self.days)


def duration(days: int) -> str:
    """«4 år 11 md. 21 d»; what is nothing is left out."""
    years, months, rest = as_years_months_days(days)
    parts = [
        _("%(count)s år") % {"count": years} if years else "",
        _("%(count)s md.") % {"count": months} if months else "",
        _("%(count)s d") % {"count": rest} if rest or not days else "",
    ]
    return " ".join(part for part in parts if part) or _("0 d")


@dataclass(frozen=True)
class TimeRow:
    """One service in the table, with everything its figure comes from."""

    line: CountedService
    standing: ServiceStanding
    on: dt.date

    @property
    def place(self) -> str:
        return self.standing.placement.place

    @property
    def period(self) -> str:
        service = self.line.service
        is_open = service.ends_on is None or service.ends_on > self.on
        until = _("i dag") if is_open else numeric_day(service.ends_on)
        return f"{numeric_day(service.starts_on)}–{until}"

    @property
    def deductions(self) -> tuple[str, ...]:
        """«−133 fravær over 10 %»."""
        return tuple(f"−{thousands(one.days)} {one.rule.label}" for one in self.line.deducted)


@dataclass(frozen=True)
class TimeSheet:
    time: ServiceTime
    rows: tuple[TimeRow, ...]
    figures: tuple[Figure, ...]
    desktop: Bar
    phone: Bar
    source: str

    @property
    def readings_differ(self) -> bool:
        return self.time.readings_differ

    @property
    def strict_total(self) -> int:
        return self.time.total_by_reading[self.time.rules.other_reading]


@dataclass(frozen=True)
class ReadinessPage:
    readiness: Readiness
    viewer: Viewer

    @cached_property
    def answer(self) -> Answer:
        return answer_of(self.readiness.verdict, self.readiness.facts.forecast)

    @cached_property
    def missing(self) -> tuple[Told, ...]:
        return told_all(self.readiness.verdict.missing, self.viewer)

    @cached_property
    def to_clarify(self) -> tuple[Told, ...]:
        return told_all(self.readiness.verdict.to_clarify, self.viewer)

    @cached_property
    def in_order(self) -> tuple[Told, ...]:
        return told_all(self.readiness.verdict.in_order, self.viewer)

    @property
    def has_ways(self) -> bool:
        """Whether anything can be put right, or seen to, by the one who reads."""
        return any(one.way for one in (*self.missing, *self.to_clarify))

    @property
    def open_count(self) -> int:
        return len(self.readiness.verdict.open)

    @cached_property
    def top(self) -> tuple[Told, ...]:
        """The first few to look at, for home."""
        return told_all(self.readiness.verdict.open[:TOP], self.viewer)

    @cached_property
    def sheet(self) -> TimeSheet:
        return time_sheet(self.readiness)


def time_sheet(readiness: Readiness) -> TimeSheet:
    time = readiness.time
    standings = {one.placement.pk: one for one in readiness.standings}
    places = {pk: one.placement.place for pk, one in standings.items()}
    required = _("Krav %(days)s = %(duration)s") % {
        "days": thousands(time.required),
        "duration": duration(time.required),
    }
    requirement = readiness.facts.requirement(RequirementCode.SERVICE_TIME)
    return TimeSheet(
        time=time,
        rows=tuple(
            TimeRow(line, standings[line.service.id], time.on)
            for line in time.lines
            if line.calendar_days
        ),
        figures=_figures(time),
        desktop=draw_bar(time, places, width=DESKTOP_WIDTH, required=required),
        phone=draw_bar(time, places, width=PHONE_WIDTH, required=required),
        source=requirement.source.replace("; ", ", ") if requirement else "",
    )


def _figures(time: ServiceTime) -> tuple[Figure, ...]:
    over = any(
        line.days and not line.attested and line.timing == ServiceTiming.ENDED
        for line in time.lines
    )
    waiting = Figure(_("Venter på bekreftelse") if over else _("Pågår"), time.awaiting)
    return (
        Figure(_("Bekreftet"), time.confirmed),
        *([waiting] if time.awaiting else []),
        Figure(_("Gjenstår"), time.remaining),
        Figure(_("Krav"), time.required),
    )


@dataclass(frozen=True)
class CohortLine:
    """One doctor among those a leader follows."""

    readiness: Readiness
    viewer: Viewer

    @property
    def missing(self) -> int:
        return len(self.readiness.verdict.missing)

    @property
    def goals_left(self) -> int:
        goals = self.readiness.facts.goals
        return sum(goal.is_required and not goal.is_approved for goal in goals)

    @property
    def to_clarify(self) -> int:
        return len(self.readiness.verdict.to_clarify)

    @property
    def first(self) -> Told | None:
        opened = self.readiness.verdict.open[:1]
        return told_all(opened, self.viewer)[0] if opened else None


def cohort_lines(readiness: Iterable[Readiness]) -> tuple[CohortLine, ...]:
    """Nearest to an application first: fewest days left, then fewest goals left."""
    lines = [
        CohortLine(one, Viewer(one.training.pk, one.training.trainee.name, is_own=False))
        for one in readiness
    ]
    return tuple(
        sorted(
            lines,
            key=lambda one: (
                one.readiness.time.remaining,
                one.goals_left,
                norwegian_key(one.readiness.training.trainee.name),
            ),
        )
    )
