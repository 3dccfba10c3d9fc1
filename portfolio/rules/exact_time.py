"""Service counted exactly, with nothing rounded.

How a day counts, in this order (sources in the rules' citations; what is our reading says so):

1. A day before `counts_from`, or in a kind of service the pathway does not count, is deducted
   whole, and takes no room from other posts.
2. A day in a post of p % counts p/100.
3. Posts held at once count 100 % together. Our reading of who gives way: attested service comes
   before what is not attested, then one's own training, del 1 and other kinds, then the larger
   post. So confirmed time never shrinks because something unconfirmed lies beside it.
4. Absence is a share of the post, together at most the whole of it. Courses are service. Holiday
   is absence only where the rules say so (del 1).
5. Absence up to 10 % of a period is not deducted. Above, either the excess or all of it is: the
   two readings. What the 10 % is taken of the source does not say. Ours: of the period in one post
   at one percentage, so far as it has come today, since a period is what an attestation is about;
   periods that only continue each other are one. The deduction lies where the absence lies.
6. Service in another specialty and abroad counts up to a limit together; attested service first,
   then the earliest.

Amounts are whole ten-thousandths of a day until step 5: percent of a post times percent away.
"""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from portfolio.enums import AbsenceCause, AbsenceReading, ServiceKind, TimeRule
from portfolio.rules.time_facts import Absence, Service, TimeRules

DAY = dt.timedelta(days=1)
WHOLE_DAY = 10_000  # ten-thousandths
FULL_TIME = 100
NEVER_ABSENCE = (AbsenceCause.COURSE,)
KIND_ORDER = {kind: place for place, kind in enumerate(ServiceKind.values)}


@dataclass(frozen=True)
class ExactService:
    """One service counted: `counted` and the deductions make up the calendar days."""

    service: Service
    calendar_days: int
    deducted: Mapping[TimeRule, Fraction]
    absent: Fraction
    counted: Fraction


@dataclass
class _Tally:
    """What has been found of one service, in ten-thousandths of a day."""

    service: Service
    calendar_days: int
    worked: int = 0
    deducted: Counter[TimeRule] = field(default_factory=Counter)
    absent: Counter[TimeRule] = field(default_factory=Counter)


@dataclass(frozen=True)
class _Stretch:
    """Days on end over which nothing changes."""

    starts_on: dt.date
    days: int
    services: Sequence[Service]
    absences: Sequence[Absence]


def exact_time(
    services: Iterable[Service],
    absences: Iterable[Absence],
    *,
    rules: TimeRules,
    reading: AbsenceReading,
    today: dt.date,
    counts_from: dt.date | None,
) -> list[ExactService]:
    """Each service counted up to and with `today`, the earliest first."""
    ordered = sorted(services, key=_by_time)
    tallies = {
        one.id: _Tally(one, calendar_days=_days_until(one, today) * WHOLE_DAY) for one in ordered
    }
    for stretch in _stretches(ordered, list(absences), today=today, counts_from=counts_from):
        _count_stretch(stretch, tallies, rules=rules, counts_from=counts_from)
    for period in _periods(list(tallies.values())):
        _deduct_absence(period, share=rules.absence_percent, reading=reading)
    return _capped([_exact(tally) for tally in tallies.values()], rules)


def _by_time(service: Service) -> tuple:
    return service.starts_on, service.ends_on or dt.date.max, service.series, service.id


def _days_until(service: Service, today: dt.date) -> int:
    last = min(service.ends_on or today, today)
    return max(0, (last - service.starts_on).days + 1)


# --- Day by day ----------------------------------------------------------------------------------


def _stretches(
    services: Sequence[Service],
    absences: Sequence[Absence],
    *,
    today: dt.date,
    counts_from: dt.date | None,
) -> Iterator[_Stretch]:
    """The time until today, cut wherever a service or an absence begins or ends."""
    end = today + DAY
    starts = {one.starts_on for one in [*services, *absences]}
    starts |= {
        one.ends_on + DAY for one in [*services, *absences] if one.ends_on and one.ends_on < today
    }
    starts |= {counts_from} if counts_from else set()
    cuts = sorted(day for day in {*starts, end} if day <= end)
    for first, after in itertools.pairwise(cuts):
        serving = [one for one in services if one.covers(first)]
        if serving:
            away = [one for one in absences if one.covers(first)]
            yield _Stretch(first, (after - first).days, serving, away)


def _count_stretch(
    stretch: _Stretch,
    tallies: Mapping[int, _Tally],
    *,
    rules: TimeRules,
    counts_from: dt.date | None,
) -> None:
    room = FULL_TIME
    for service in sorted(stretch.services, key=_first_to_count):
        tally = tallies[service.id]
        uncounted = _uncounted(service, stretch, rules=rules, counts_from=counts_from)
        if uncounted:
            tally.deducted[uncounted] += stretch.days * WHOLE_DAY
            continue
        percent = min(service.percent, room)
        room -= percent
        tally.deducted[TimeRule.PART_TIME] += stretch.days * (FULL_TIME - service.percent) * 100
        tally.deducted[TimeRule.OVERLAP] += stretch.days * (service.percent - percent) * 100
        tally.worked += stretch.days * percent * 100
        for rule, away in _shares_away(stretch.absences, service.kind, rules).items():
            tally.absent[rule] += stretch.days * percent * away


def _first_to_count(service: Service) -> tuple:
    rank = KIND_ORDER[service.kind]
    return not service.attested, rank, -service.percent, service.series, service.id


def _uncounted(
    service: Service, stretch: _Stretch, *, rules: TimeRules, counts_from: dt.date | None
) -> TimeRule | None:
    if service.kind in rules.uncounted_kinds:
        return TimeRule.KIND
    if counts_from and stretch.starts_on < counts_from:
        return TimeRule.TOO_EARLY
    return None


def _shares_away(
    absences: Iterable[Absence], kind: ServiceKind, rules: TimeRules
) -> dict[TimeRule, int]:
    """Percent of the post away these days: holiday apart, and the whole post at most."""
    away = [one for one in absences if one.cause not in NEVER_ABSENCE]
    holiday = sum(one.percent for one in away if one.cause == AbsenceCause.HOLIDAY)
    leave = sum(one.percent for one in away if one.cause != AbsenceCause.HOLIDAY)
    shares = {TimeRule.ABSENCE: min(leave, FULL_TIME)}
    if kind in rules.holiday_is_absence_in:
        shares[TimeRule.HOLIDAY] = min(holiday, FULL_TIME - shares[TimeRule.ABSENCE])
    return shares


# --- Absence over 10 % ---------------------------------------------------------------------------


def _periods(tallies: Sequence[_Tally]) -> Iterator[list[_Tally]]:
    """Services that continue each other in one post at one percentage, together."""
    posts: dict[tuple, list[_Tally]] = {}
    for tally in tallies:  # the earliest first
        one = tally.service
        posts.setdefault((one.series, one.kind, one.percent), []).append(tally)
    for post in posts.values():
        period = [post[0]]
        for tally in post[1:]:
            if any(_adjoin(before.service, tally.service) for before in period):
                period.append(tally)
            else:
                yield period
                period = [tally]
        yield period


def _adjoin(earlier: Service, later: Service) -> bool:
    return earlier.ends_on is None or (later.starts_on - earlier.ends_on).days <= 1


def _deduct_absence(period: Sequence[_Tally], *, share: int, reading: AbsenceReading) -> None:
    absent = sum(tally.absent.total() for tally in period)
    spared = Fraction(sum(tally.worked for tally in period) * share, 100)
    if absent <= spared:
        return
    part = 1 if reading == AbsenceReading.WHOLE else (absent - spared) / absent
    for tally in period:
        for rule, amount in tally.absent.items():
            tally.deducted[rule] += amount * part


# --- The limit for other service -----------------------------------------------------------------


def _exact(tally: _Tally) -> ExactService:
    deducted = {
        rule: Fraction(amount, WHOLE_DAY) for rule, amount in tally.deducted.items() if amount
    }
    calendar_days = tally.calendar_days // WHOLE_DAY
    return ExactService(
        service=tally.service,
        calendar_days=calendar_days,
        deducted=deducted,
        absent=Fraction(tally.absent.total(), WHOLE_DAY),
        counted=calendar_days - sum(deducted.values(), Fraction(0)),
    )


def _capped(lines: list[ExactService], rules: TimeRules) -> list[ExactService]:
    if rules.capped_days is None:
        return lines
    left = Fraction(rules.capped_days)
    within: dict[int, ExactService] = {}
    for line in sorted(lines, key=lambda line: not line.service.attested):  # stable: by time
        if line.service.kind not in rules.capped_kinds:
            continue
        over = max(Fraction(0), line.counted - left)
        left -= line.counted - over
        if over:
            within[line.service.id] = replace(
                line,
                counted=line.counted - over,
                deducted={**line.deducted, TimeRule.CAP: over},
            )
    return [within.get(line.service.id, line) for line in lines]
