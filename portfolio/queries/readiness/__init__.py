"""«Klar for søknad?» for one training, or for many in the same number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from curriculum.enums import RequirementCode, Unit, Weight
from curriculum.queries import PathwayGoals, goals_of_pathways
from portfolio.models import Placement, Training
from portfolio.queries.attestations import ServiceRecords, ServiceStanding, service_records
from portfolio.queries.readiness import papers, places
from portfolio.queries.readiness.goals import goals_of
from portfolio.queries.readiness.rows import with_rows
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
    trainings: QuerySet[Training], *, on: dt.date | None = None, forecasts: bool = True
) -> list[Readiness]:
    """Six queries, however many trainings. Without `forecasts` a cohort is judged faster."""
    on = on or timezone.localdate()
    rows = list(with_rows(trainings))
    records = service_records(
        Placement.objects.filter(training__in=[one.pk for one in rows]).order_by("starts_on", "pk"),
        on=on,
    )
    standings = defaultdict(list)
    for one in records.standings:
        standings[one.placement.training_id].append(one)
    goals = goals_of_pathways(one.pathway_id for one in rows)
    return [
        _readiness(
            one, goals[one.pathway_id], standings[one.pk], records, on=on, forecasts=forecasts
        )
        for one in rows
    ]


def readiness_of_one(training: Training, *, on: dt.date | None = None) -> Readiness:
    [found] = readiness_of(Training.objects.filter(pk=training.pk), on=on)
    return found


def _readiness(
    training: Training,
    goals: PathwayGoals,
    standings: list[ServiceStanding],
    records: ServiceRecords,
    *,
    on: dt.date,
    forecasts: bool,
) -> Readiness:
    requirements = tuple(_required(row) for row in training.requirement_rows)
    rules = time_rules_from(requirements)
    services = places.services_of(training, standings)
    facts = TrainingFacts(
        today=on,
        trainee=training.trainee.name,
        hpr_number=training.trainee.hpr_number,
        authorised_on=training.authorised_on,
        decides_goals=training.pathway.decides_goals,
        requirements=requirements,
        time=counted(training, records, rules=rules, on=on),
        forecast=_forecast(training, standings, records, rules, on) if forecasts else None,
        goals=goals_of(training, goals, on),
        services=services,
        guides=places.guides_of(training, records.supervisions[training.pk]),
        courses=papers.courses_of(training),
        documents=papers.documents_of(training),
        plans=papers.plans_of(training),
        recommended=papers.wishes_of(training),
        heads=places.heads_of(training, services, on),
        program_leaders=tuple(training.leader_rows),
        assessments_last_year=papers.assessments_last_year(training, on),
        suspected_texts=papers.suspected_texts(training),
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
