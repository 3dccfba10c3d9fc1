"""How much service counts, what was deducted and why, and when the requirement is met.

Figures are exact inside (`exact_time`) and rounded once, at the end: the total down, so that no
part of a day is counted as a day. The total is then shared out between confirmed and awaiting,
and each of them between its services, by the largest remainder. So every column adds up, and how
a period was cut into rows changes neither the total nor what is confirmed.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from portfolio.enums import AbsenceReading, ServiceTiming, TimeRule
from portfolio.rules.exact_time import ExactService, exact_time
from portfolio.rules.time_facts import Absence, Citation, Service, TimeRules, time_rules
from portfolio.rules.whole_days import as_years_months_days, days_of_months, shared_out

__all__ = [
    "Absence",
    "Citation",
    "CountedService",
    "Deducted",
    "Forecast",
    "Service",
    "ServiceTime",
    "TimeRules",
    "as_years_months_days",
    "counted_time",
    "days_of_months",
    "forecast",
    "time_rules",
]

DAY = dt.timedelta(days=1)
FIRST_LEAP = dt.timedelta(days=64)
HORIZON_DAYS = 60 * 365  # a forecast beyond a working life is none
ABSENT = (TimeRule.ABSENCE, TimeRule.HOLIDAY)


@dataclass(frozen=True)
class Deducted:
    rule: TimeRule
    days: int
    citation: Citation | None


@dataclass(frozen=True)
class CountedService:
    """One service: calendar days until today, less the deductions, is what counts.

    `absence_by_reading` is what either reading deducts for absence here. `absent_days` are days of
    full time: 100 days away from a post of 60 % are 60.
    """

    service: Service
    timing: ServiceTiming
    calendar_days: int
    deducted: tuple[Deducted, ...]
    days: int
    exact_days: Fraction
    absent_days: int
    absence_by_reading: Mapping[AbsenceReading, int]

    @property
    def attested(self) -> bool:
        return self.service.attested

    @property
    def deducted_days(self) -> int:
        return self.calendar_days - self.days

    @property
    def readings_differ(self) -> bool:
        return len(set(self.absence_by_reading.values())) > 1

    def days_under(self, rule: TimeRule) -> int:
        return sum(one.days for one in self.deducted if one.rule == rule)


@dataclass(frozen=True)
class ServiceTime:
    """The account of a training's time on one day. Days are days of full time."""

    on: dt.date
    rules: TimeRules
    lines: tuple[CountedService, ...]
    total_by_reading: Mapping[AbsenceReading, int]

    @property
    def confirmed(self) -> int:
        return sum(line.days for line in self.lines if line.attested)

    @property
    def awaiting(self) -> int:
        """Not attested yet: what is over, and what is going on."""
        return sum(line.days for line in self.lines if not line.attested)

    @property
    def total(self) -> int:
        return self.total_by_reading[self.rules.reading]

    @property
    def calendar_days(self) -> int:
        return sum(line.calendar_days for line in self.lines)

    @property
    def deducted_days(self) -> int:
        return self.calendar_days - self.total

    @property
    def required(self) -> int:
        return self.rules.required_days

    @property
    def remaining(self) -> int:
        """What is left also when all that waits is attested."""
        return max(0, self.required - self.total)

    @property
    def is_served(self) -> bool:
        """Enough, but perhaps not attested."""
        return self.total >= self.required

    @property
    def is_met(self) -> bool:
        """Only attested service counts."""
        return self.confirmed >= self.required

    @property
    def readings_differ(self) -> bool:
        return any(line.readings_differ for line in self.lines)

    @property
    def capped_days(self) -> int:
        """Days in another specialty and abroad, also those over the limit."""
        return sum(
            line.days + line.days_under(TimeRule.CAP)
            for line in self.lines
            if line.service.kind in self.rules.capped_kinds
        )

    @property
    def is_over_cap(self) -> bool:
        return self.days_under(TimeRule.CAP) > 0

    @property
    def is_over_full_time(self) -> bool:
        return self.days_under(TimeRule.OVERLAP) > 0

    def days_under(self, rule: TimeRule) -> int:
        return sum(line.days_under(rule) for line in self.lines)

    def line(self, service_id: int) -> CountedService:
        return next(line for line in self.lines if line.service.id == service_id)


def counted_time(
    services: Iterable[Service],
    absences: Iterable[Absence],
    *,
    rules: TimeRules,
    today: dt.date,
    counts_from: dt.date | None = None,
) -> ServiceTime:
    """What counts up to and with today. `counts_from`: authorisation, or whatever must come first.

    Service after today is there with no days. The lines stand in order of time.
    """
    services, absences = list(services), list(absences)
    by_reading = {
        reading: exact_time(
            services,
            absences,
            rules=rules,
            reading=reading,
            today=today,
            counts_from=counts_from,
        )
        for reading in AbsenceReading
    }
    rounded = {reading: _rounded(lines) for reading, lines in by_reading.items()}
    return ServiceTime(
        on=today,
        rules=rules,
        lines=tuple(
            _counted(line, rounded, rules=rules, today=today) for line in by_reading[rules.reading]
        ),
        total_by_reading={
            reading: sum(line.days for line in lines.values()) for reading, lines in rounded.items()
        },
    )


@dataclass(frozen=True)
class _Whole:
    days: int
    deducted: Mapping[TimeRule, int]

    @property
    def absence(self) -> int:
        return sum(self.deducted.get(rule, 0) for rule in ABSENT)


def _rounded(lines: Sequence[ExactService]) -> dict[int, _Whole]:
    """Whole days by service, so that services, confirmed and awaiting, and the total agree."""
    sides = {
        attested: {line.service.id: line for line in lines if line.service.attested == attested}
        for attested in (True, False)
    }
    exact = {attested: _sum(side.values()) for attested, side in sides.items()}
    whole = shared_out(math.floor(_sum(lines)), exact)
    return {
        service_id: _Whole(days, _whole_deductions(side[service_id], days))
        for attested, side in sides.items()
        for service_id, days in shared_out(
            whole[attested], {key: line.counted for key, line in side.items()}
        ).items()
    }


def _sum(lines: Iterable[ExactService]) -> Fraction:
    return sum((line.counted for line in lines), Fraction(0))


def _whole_deductions(line: ExactService, days: int) -> dict[TimeRule, int]:
    in_order = {rule: line.deducted[rule] for rule in TimeRule if rule in line.deducted}
    return shared_out(line.calendar_days - days, in_order)


def _counted(
    exact: ExactService,
    rounded: Mapping[AbsenceReading, Mapping[int, _Whole]],
    *,
    rules: TimeRules,
    today: dt.date,
) -> CountedService:
    service = exact.service
    whole = rounded[rules.reading][service.id]
    return CountedService(
        service=service,
        timing=_timing(service, today),
        calendar_days=exact.calendar_days,
        deducted=tuple(
            Deducted(rule, days, rules.citations.get(rule))
            for rule, days in whole.deducted.items()
            if days
        ),
        days=whole.days,
        exact_days=exact.counted,
        absent_days=math.floor(exact.absent + Fraction(1, 2)),
        absence_by_reading={
            reading: lines[service.id].absence for reading, lines in rounded.items()
        },
    )


def _timing(service: Service, today: dt.date) -> ServiceTiming:
    if service.starts_on > today:
        return ServiceTiming.AHEAD
    return ServiceTiming.ONGOING if service.covers(today) else ServiceTiming.ENDED


# --- When the requirement is met -----------------------------------------------------------------


@dataclass(frozen=True)
class Forecast:
    """The day that completes the requirement; None where it is not reached.

    `met_on`: all that waits is attested, and today's service goes on.
    `met_on_without_waiting`: the same, but service that is over and not attested never is.
    `beyond_plan`: a service of today must then last longer than to its end as now agreed.
    """

    met_on: dt.date | None
    met_on_without_waiting: dt.date | None
    beyond_plan: bool


def forecast(
    services: Iterable[Service],
    absences: Iterable[Absence],
    *,
    rules: TimeRules,
    today: dt.date,
    counts_from: dt.date | None = None,
) -> Forecast:
    """When the requirement is met if today's service goes on as it is.

    Service that begins later is left out; absence already entered for later is counted. Is the
    requirement met already, it is the day it was; else, with no service today, there is none.
    """
    begun = [one for one in services if one.starts_on <= today]
    confirmed = [one for one in begun if one.attested or one.covers(today)]
    absences = list(absences)

    def met(those: Sequence[Service]) -> dt.date | None:
        return _met_on(those, absences, rules=rules, today=today, counts_from=counts_from)

    met_on = met(begun)
    ends = [one.ends_on for one in begun if one.covers(today) and one.ends_on]
    return Forecast(
        met_on=met_on,
        met_on_without_waiting=met_on if confirmed == begun else met(confirmed),
        beyond_plan=bool(met_on and any(end < met_on for end in ends)),
    )


def _met_on(
    services: Sequence[Service],
    absences: Sequence[Absence],
    *,
    rules: TimeRules,
    today: dt.date,
    counts_from: dt.date | None,
) -> dt.date | None:
    """The first day the exact count reaches the requirement: leap past it, then halve.

    Each day more adds something or nothing, so there is one such day. Only in the stricter reading
    can leave still to come take days back; then it is a day from which it holds.
    """
    if not services:
        return None
    going_on = [replace(one, ends_on=None) if one.covers(today) else one for one in services]

    def met(day: dt.date) -> bool:
        lines = exact_time(
            going_on,
            absences,
            rules=rules,
            reading=rules.reading,
            today=day,
            counts_from=counts_from,
        )
        return _sum(lines) >= rules.required_days

    before, after = min(one.starts_on for one in services) - DAY, today
    while not met(after):
        if (after - today).days > HORIZON_DAYS:
            return None
        before, after = after, after + max(FIRST_LEAP, 2 * (after - today))
    while after - before > DAY:
        middle = before + (after - before) // 2
        before, after = (before, middle) if met(middle) else (middle, after)
    return after
