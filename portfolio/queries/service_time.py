"""How much a training's service counts: what the rules are told, gathered in one place."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from portfolio.enums import AbsenceCause, ServiceKind, ServiceTiming
from portfolio.models import Absence, Placement, Training
from portfolio.queries.attestations import ServiceRecords, ServiceStanding, service_records
from portfolio.queries.time_rules import time_rules_of
from portfolio.rules import service_time as counting
from portfolio.rules.service_time import (
    CountedService,
    Service,
    ServiceTime,
    TimeRules,
    counted_time,
)


def service_time_of(training: Training, *, on: dt.date | None = None) -> ServiceTime:
    """Four queries, and those of the pathway's rules. The training has its pathway with it."""
    on = on or timezone.localdate()
    records = service_records(training.placements.all(), on=on)
    return counted(training, records, rules=time_rules_of(training.pathway), on=on)


def counted(
    training: Training, records: ServiceRecords, *, rules: TimeRules, on: dt.date
) -> ServiceTime:
    """From what is read already; `records` may hold other trainings too."""
    standings = [one for one in records.standings if one.placement.training_id == training.pk]
    return counted_time(
        services_of(standings),
        absences_of(records.absences[training.pk]),
        rules=rules,
        today=on,
        counts_from=training.authorised_on,
    )


@dataclass(frozen=True)
class ServiceLine:
    """One service on the trainee's page: how far it is attested, and what it counts for."""

    standing: ServiceStanding
    counted: CountedService

    @property
    def placement(self) -> Placement:
        return self.standing.placement

    @property
    def is_ahead(self) -> bool:
        return self.counted.timing == ServiceTiming.AHEAD


@dataclass(frozen=True)
class ServicePage:
    lines: tuple[ServiceLine, ...]
    time: ServiceTime
    absences: list[Absence]  # with their causes: the trainee's own page


def service_page(training: Training, *, on: dt.date) -> ServicePage:
    """The newest first. Five queries."""
    placements = training.placements.order_by("-starts_on", "-pk")
    records = service_records(placements, on=on)
    time = counted(training, records, rules=time_rules_of(training.pathway), on=on)
    counted_by_id = {line.service.id: line for line in time.lines}
    return ServicePage(
        lines=tuple(ServiceLine(one, counted_by_id[one.placement.pk]) for one in records.standings),
        time=time,
        absences=records.absences[training.pk],
    )


def services_of(standings: Iterable[ServiceStanding]) -> list[Service]:
    """Only what is attested, and still as it was signed, counts as attested."""
    return [
        Service(
            id=one.placement.pk,
            starts_on=one.placement.starts_on,
            ends_on=one.placement.ends_on,
            percent=one.placement.percent,
            kind=ServiceKind(one.placement.service_kind),
            attested=one.is_valid,
            series=str(one.placement.department_id or one.placement.place_name),
        )
        for one in standings
    ]


def absences_of(absences: Iterable[Absence]) -> list[counting.Absence]:
    return [
        counting.Absence(one.starts_on, one.ends_on, one.percent, AbsenceCause(one.cause))
        for one in absences
    ]
