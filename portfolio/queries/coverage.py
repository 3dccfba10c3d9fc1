"""Whether a trainee's goals can be reached where they are to serve, for one or for many."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef
from django.utils import timezone

from curriculum.enums import RequirementCode, Standing
from curriculum.models import RecommendedActivity, Requirement
from curriculum.queries import PathwayGoals, pathway_goals
from institutions.enums import ArenaKind
from institutions.models import Agreement, Department, GoalOffer
from portfolio.enums import ActivityState, PlanKind, ProgressState, ServiceKind
from portfolio.models import GoalProgress, LearningActivity, Placement, Plan, PlanItem, Training
from portfolio.queries.claims import json_rows
from portfolio.rules.coverage import Coverage, Deal, Offered, Stay, coverage
from portfolio.rules.plans import last_day_of
from portfolio.rules.recommended import LOGGED_AS

PRESUPPOSED = {
    RequirementCode.PALLIATIVE_CENTRE: ArenaKind.PALLIATIVE_CENTRE,
    RequirementCode.INTERNAL_MEDICINE: ArenaKind.INTERNAL_MEDICINE_WARD,
}
SHARED = (ActivityState.SENT, ActivityState.ATTESTED)
LOGGED_KINDS = ("hospitering", *(kind.value for kind in LOGGED_AS.values()))


# --- One trainee ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Service:
    """A placement: done, running or planned."""

    place: str
    department_id: int | None
    institution_id: int | None
    arena_kind: str
    kind: ServiceKind
    starts_on: dt.date
    ends_on: dt.date | None

    @property
    def stay(self) -> Stay:
        return Stay(self.department_id, self.institution_id, self.starts_on, self.ends_on)


@dataclass(frozen=True)
class Facts:
    """What is gathered of one training before anything is judged."""

    training: Training
    service: tuple[Service, ...]
    planned: tuple[Stay, ...]  # by the plan, half-year by half-year
    planned_goals: frozenset[int]
    settled: frozenset[int]  # approved
    requirements: dict[str, int | None]  # by code, with their amount
    logged: tuple[dict, ...]  # activities of the recommended kinds
    recommended: tuple[dict, ...]

    @property
    def stays(self) -> tuple[Stay, ...]:
        return (*(one.stay for one in self.service), *self.planned)

    @property
    def after_part_1(self) -> tuple[Service, ...]:
        """Part 1 has municipal service for everybody: it tells nothing of this training."""
        return tuple(one for one in self.service if one.kind != ServiceKind.PART_1)

    @property
    def arena_kinds(self) -> frozenset[str]:
        return frozenset(one.arena_kind for one in self.after_part_1)

    @property
    def presupposed(self) -> tuple[ArenaKind, ...]:
        return tuple(kind for code, kind in PRESUPPOSED.items() if code in self.requirements)

    def institutions_ahead(self, today: dt.date) -> frozenset[int]:
        return frozenset(
            one.institution_id
            for one in self.stays
            if one.institution_id and one.lasts_beyond(today)
        )

    def goals_ahead(self, goals: PathwayGoals) -> tuple[int, ...]:
        """Those still to be approved; where goals are a voluntary map, those that are planned.
        Repealed goals stand in no general plan, so nothing can be said of them."""
        is_decided = self.training.pathway.decides_goals
        return tuple(
            goal.id
            for goal in goals.goals
            if goal.standing != Standing.REPEALED
            and goal.id not in self.settled
            and (is_decided or goal.id in self.planned_goals)
        )

    def coverage(self, goals: PathwayGoals, plans: "GeneralPlans", *, today: dt.date) -> Coverage:
        return coverage(
            self.goals_ahead(goals),
            stays=self.stays,
            offers=plans.offers,
            deals=plans.deals,
            today=today,
            arena_kinds=self.arena_kinds,
            presupposed=self.presupposed,
        )


def facts_of(trainings: Iterable[Training]) -> dict[int, Facts]:
    """By training. One query, however many; their pathways are read with them."""
    ids = [training.pk for training in trainings]
    rows = Training.objects.filter(pk__in=ids).select_related("pathway").order_by()
    return {row.pk: _facts(row) for row in _annotated(rows)}


def _annotated(trainings):
    own = {"training": OuterRef("pk")}
    later = Plan.objects.filter(
        training=OuterRef("training"), kind=OuterRef("kind"), number__gt=OuterRef("number")
    )
    plan = Plan.objects.filter(~Exists(later), kind=PlanKind.INDIVIDUAL)
    items = PlanItem.objects.filter(plan__in=plan, plan__training=OuterRef("pk")).order_by()
    approved = GoalProgress.objects.filter(**own, state=ProgressState.APPROVED).order_by()
    of_pathway = {"pathway": OuterRef("pathway_id")}
    return trainings.annotate(
        served=json_rows(
            Placement.objects.filter(**own).order_by("starts_on", "pk"),
            department="department__name",
            institution="department__institution__short_name",
            named="place_name",
            department_id="department_id",
            institution_id="department__institution_id",
            arena_kind="department__arena_kind",
            kind="service_kind",
            starts_on="starts_on",
            ends_on="ends_on",
        ),
        lines=json_rows(
            items,
            half_year="half_year",
            goal_id="goal_id",
            department_id="department_id",
            institution_id="department__institution_id",
        ),
        settled=ArraySubquery(approved.values("goal_id")),
        asked=json_rows(
            Requirement.objects.filter(**of_pathway).order_by(), code="code", amount="amount"
        ),
        logged=json_rows(
            LearningActivity.objects.filter(
                **own, state__in=SHARED, kind__in=LOGGED_KINDS
            ).order_by("starts_on"),
            kind="kind",
            arena_kind="department__arena_kind",
            first="starts_on",
            last="ends_on",
        ),
        recommended=json_rows(
            RecommendedActivity.objects.filter(**of_pathway).order_by("position"),
            code="code",
            title="title",
            times="times",
            weeks_each="weeks_each",
            phases="phases",
            arena_kinds="arena_kinds",
            falls_away_with="falls_away_with",
            source="source",
        ),
    )


def _facts(row) -> Facts:
    return Facts(
        training=row,
        service=tuple(map(_service, row.served)),
        planned=tuple(_planned_stay(one) for one in row.lines if one["department_id"]),
        planned_goals=frozenset(one["goal_id"] for one in row.lines),
        settled=frozenset(row.settled),
        requirements={one["code"]: one["amount"] for one in row.asked},
        logged=tuple(row.logged),
        recommended=tuple(row.recommended),
    )


def _service(row: dict) -> Service:
    return Service(
        place=", ".join(filter(None, (row["department"], row["institution"]))) or row["named"],
        department_id=row["department_id"],
        institution_id=row["institution_id"],
        arena_kind=row["arena_kind"] or "",
        kind=ServiceKind(row["kind"]),
        starts_on=dt.date.fromisoformat(row["starts_on"]),
        ends_on=row["ends_on"] and dt.date.fromisoformat(row["ends_on"]),
    )


def _planned_stay(row: dict) -> Stay:
    first = dt.date.fromisoformat(row["half_year"])
    return Stay(row["department_id"], row["institution_id"], first, last_day_of(first))


# --- The general plans ---------------------------------------------------------------------------


@dataclass(frozen=True)
class GeneralPlans:
    """What departments offer, and which agreements there are."""

    departments: dict[int, Department]
    offers: tuple[Offered, ...]
    deals: tuple[Deal, ...]

    @cached_property
    def entered(self) -> frozenset[int]:
        """Institutions that have said what can be learnt where."""
        return frozenset(one.institution_id for one in self.offers if one.goals)

    def offers_at(self, institution_id: int | None) -> tuple[Offered, ...]:
        return tuple(one for one in self.offers if one.institution_id == institution_id)


def general_plans(institution_ids: Collection[int]) -> GeneralPlans:
    """Of these institutions, and of the arenas they have agreements with. Two queries."""
    rows = Agreement.objects.filter(institution__in=institution_ids).order_by()
    deals = tuple(
        Deal(one.institution_id, one.arena_id, one.department_id, one.starts_on, one.ends_on)
        for one in rows
    )
    wanted = {*institution_ids, *(one.arena_id for one in deals)}
    goals = GoalOffer.objects.filter(department=OuterRef("pk")).order_by().values("goal_id")
    departments = (
        Department.objects.filter(institution__in=wanted)
        .select_related("institution")
        .annotate(offered=ArraySubquery(goals))
    )
    return GeneralPlans(
        departments={one.pk: one for one in departments},
        offers=tuple(
            Offered(one.pk, one.institution_id, frozenset(one.offered)) for one in departments
        ),
        deals=deals,
    )


def coverage_of(
    trainings: Iterable[Training], *, today: dt.date | None = None
) -> dict[int, Coverage]:
    """By training, for readiness and for leaders: which goals that are not approved cannot be
    reached in any planned service, and which kinds of place kap. 3.4 misses. Four queries where
    all are on one pathway, however many trainings."""
    today = today or timezone.localdate()
    facts = facts_of(trainings)
    pathways = {one.training.pathway for one in facts.values()}
    goals = {pathway.pk: pathway_goals(pathway) for pathway in pathways}
    plans = general_plans({pk for one in facts.values() for pk in one.institutions_ahead(today)})
    return {
        pk: one.coverage(goals[one.training.pathway_id], plans, today=today)
        for pk, one in facts.items()
    }
