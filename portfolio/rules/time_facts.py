"""What the counting of service is told: the service, the absence, and the rules to count by."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from portfolio.enums import AbsenceCause, AbsenceReading, ServiceKind, TimeRule
from portfolio.rules.whole_days import days_of_months


@dataclass(frozen=True)
class Service:
    """One period of service, both days included; no end means still going.

    `series` names the post's place: periods of the same series, kind and percent that follow on
    each other without a day between are one period to the 10 % rule, however they were entered.
    `percent` is 1–100, as the database holds it.
    """

    id: int
    starts_on: dt.date
    ends_on: dt.date | None
    percent: int
    kind: ServiceKind
    attested: bool
    series: str

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Absence:
    """Away from–to, in percent of the post, or of each post one then has."""

    starts_on: dt.date
    ends_on: dt.date | None
    percent: int
    cause: AbsenceCause

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True)
class Citation:
    """The source of a rule, and whether it is only our reading of one."""

    text: str
    is_assumption: bool


@dataclass(frozen=True)
class TimeRules:
    """What to count by. The values come from the pathway's requirements and from settings.

    `absence_percent`: absence up to this share of a period is not deducted.
    `capped_days`: what the `capped_kinds` count for at most, together; None is no limit.
    `holiday_is_absence_in`: kinds of service where holiday is absence like any other.
    `uncounted_kinds`: kinds that this pathway does not count at all.
    """

    required_days: int
    absence_percent: int
    reading: AbsenceReading
    capped_days: int | None
    capped_kinds: frozenset[ServiceKind]
    holiday_is_absence_in: frozenset[ServiceKind]
    uncounted_kinds: frozenset[ServiceKind] = frozenset()
    citations: Mapping[TimeRule, Citation] = field(default_factory=dict)

    @property
    def other_reading(self) -> AbsenceReading:
        return next(reading for reading in AbsenceReading if reading != self.reading)


def time_rules(
    *,
    required_months: int,
    absence_percent: int,
    other_service_months: int | None,
    reading: AbsenceReading,
    citations: Mapping[TimeRule, Citation],
) -> TimeRules:
    """The rules of one pathway, from the amounts of its requirements.

    A pathway that sets no limit for other service, the competence area, asks for service at its
    own approved places: del 1, other specialties and service abroad do not count there at all.
    """
    other = frozenset({ServiceKind.OTHER_SPECIALTY, ServiceKind.ABROAD})
    capped_days = None if other_service_months is None else days_of_months(other_service_months)
    return TimeRules(
        required_days=days_of_months(required_months),
        absence_percent=absence_percent,
        reading=reading,
        capped_days=capped_days,
        capped_kinds=other,
        holiday_is_absence_in=frozenset({ServiceKind.PART_1}),
        uncounted_kinds=other | {ServiceKind.PART_1} if capped_days is None else frozenset(),
        citations=citations,
    )
