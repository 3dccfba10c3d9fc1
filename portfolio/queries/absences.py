"""Absence: with its cause for the trainee, as a number of days for everybody else (domain.md §3).

Those who attest see causes too, but in the statement that they are asked to sign.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import Q, QuerySet

from portfolio.enums import AbsenceCause
from portfolio.models import Absence, Document, Training

# Attested service tells of absence beyond statutory holiday and courses (domain.md §7).
EXPECTED = (AbsenceCause.HOLIDAY, AbsenceCause.COURSE)


class Period(Protocol):
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True)
class DaysAway:
    """Absence without its cause: all that others than the trainee are shown of it."""

    starts_on: dt.date
    ends_on: dt.date | None


def days_away(training: Training) -> tuple[DaysAway, ...]:
    """Beyond holiday and courses. One query, which does not even read the causes."""
    found = training.absences.exclude(cause__in=EXPECTED)
    return tuple(DaysAway(*row) for row in found.values_list("starts_on", "ends_on"))


def days_within(absences: Iterable[Period], service: Period, *, until: dt.date) -> int:
    """Calendar days of the service with any absence, up to and with `until`."""
    days = set()
    for one in absences:
        first = max(one.starts_on, service.starts_on)
        last = min(day for day in (one.ends_on, service.ends_on, until) if day)
        days |= {first.toordinal() + more for more in range((last - first).days + 1)}
    return len(days)


def serves_within(absence: Absence) -> bool:
    """Whether the trainee has service on any of the days."""
    return _overlapping(absence.training.placements.all(), absence).exists()


def is_attested_on_paper(absence: Absence) -> bool:
    """Whether service on any of the days is attested on paper, which tells of the absence too."""
    attesting = Document.objects.attesting().filter(training=absence.training_id)
    served = absence.training.placements.filter(pk__in=attesting.values("placement"))
    return _overlapping(served, absence).exists()


def overlapping_absences(absence: Absence) -> list[Absence]:
    return list(_overlapping(absence.training.absences.exclude(pk=absence.pk), absence))


def _overlapping(rows: QuerySet, period: Period) -> QuerySet:
    found = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=period.starts_on))
    return found.filter(starts_on__lte=period.ends_on) if period.ends_on else found
