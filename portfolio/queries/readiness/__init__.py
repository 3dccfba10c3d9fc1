"""«Klar for søknad?» for one training, or for many in the same number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from curriculum.enums import RequirementCode, Unit, Weight
from curriculum.queries import goals_of_versions
from portfolio.models import Placement, Training
from portfolio.queries.attestations import ServiceRecords, ServiceStanding, service_records
from portfolio.queries.readiness import papers, places
from portfolio.queries.readiness.goals import goals_of
from portfolio.queries.readiness.rows import Rows, rows_of
from portfolio.queries.service_time import absences_of, counted, services_of
from portfolio.queries.time_rules import time_rules_from
from portfolio.rules.preflight import TrainingFacts, Verdict, preflight
from portfolio.rules.preflight.facts import Required
from portfolio.rules.service_time import ServiceTime, TimeRules, forecast


@dataclass(frozen=True)
class Readiness:
    """One training judged on one day: what was found, and what it was found from."""

    training: Training
    facts: TrainingFacts
    verdict: Verdict
    standings: tuple[ServiceStanding, ...]

    @property
    def time(self) -> ServiceTime:
        return self.facts.time


def readiness_of(
    trainings: Iterable[Training], *, on: dt.date | None = None, forecasts: bool = True
) -> list[Readiness]:
    """Five queries, however many trainings, each with its trainee and its pathway.

    Without `forecasts` a cohort is judged faster.
    """
    on = on or timezone.localdate()
    trainings = list(trainings)
    ids = [one.pk for one in trainings]
    rows = rows_of(ids, on=on)
    placements = Placement.objects.filter(training__in=ids).order_by("starts_on", "pk")
    records = service_records(placements, on=on)
    standings = defaultdict(list)
    for one in records.standings:
        standings[one.placement.training_id].append(one)
    return [
        _readiness(one, rows[one.pk], standings[one.pk], records, on=on, forecasts=forecasts)
        for one in trainings
    ]


def _readiness(
    training: Training,
    rows: Rows,
    standings: list[ServiceStanding],
    records: ServiceRecords,
    *,
    on: dt.date,
    forecasts: bool,
) -> Readiness:
    requirements = tuple(_required(row) for row in rows.requirement_rows)
    versions = [(row["id"], row["checksum"], row["newest"]) for row in rows.version_rows]
    rules = time_rules_from(requirements)
    services = places.services_of(rows, standings)
    facts = TrainingFacts(
        today=on,
        trainee=training.trainee.name,
        hpr_number=training.trainee.hpr_number,
        authorised_on=training.authorised_on,
        decides_goals=training.pathway.decides_goals,
        requirements=requirements,
        time=counted(training, records, rules=rules, on=on),
        forecast=_forecast(training, standings, records, rules, on) if forecasts else None,
        goals=goals_of(rows, goals_of_versions(training.pathway_id, versions), on),
        services=services,
        guides=places.guides_of(rows, records.supervisions[training.pk]),
        courses=papers.courses_of(rows),
        documents=papers.documents_of(rows),
        plans=papers.plans_of(rows),
        recommended=papers.wishes_of(rows),
        heads=places.heads_of(services, on),
        program_leaders=tuple(rows.leaders),
        assessments_last_year=papers.assessments_last_year(rows, on),
        suspected_texts=papers.suspected_texts(rows),
        in_force_from=settings.SPECIALTY_IN_FORCE_FROM,
    )
    return Readiness(training, facts, preflight(facts), tuple(standings))


def _required(row: dict) -> Required:
    return Required(
        code=RequirementCode(row["code"]),
        weight=Weight(row["weight"]),
        source=row["source"],
        amount=row["amount"],
        unit=Unit(row["unit"]) if row["unit"] else None,
        waived_by=row["waived_by"],
    )


def _forecast(
    training: Training,
    standings: Iterable[ServiceStanding],
    records: ServiceRecords,
    rules: TimeRules,
    on: dt.date,
):
    return forecast(
        services_of(standings),
        absences_of(records.absences[training.pk]),
        rules=rules,
        today=on,
        counts_from=training.authorised_on,
    )
