"""«Plan»: the half-years ahead, what both have agreed to, what cannot be reached, what is
recommended."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone

from curriculum.enums import Phase, RequirementCode
from curriculum.queries import Goal, PathwayGoals, pathway_goals
from institutions.enums import ArenaKind
from portfolio.enums import ActivityKind, PlanKind, Reach
from portfolio.models import Training
from portfolio.queries.activities import LIKELY_GOALS
from portfolio.queries.coverage import Facts, GeneralPlans, Service, facts_of, general_plans
from portfolio.queries.plans import HalfYear, Item, Revision, Revisions, half_years_of, revisions_of
from portfolio.rules.coverage import Coverage, offers_goal
from portfolio.rules.evidence import months_later
from portfolio.rules.plans import half_year_of, half_years_ahead, last_day_of
from portfolio.rules.recommended import (
    LOGGED_AS,
    OwnService,
    PlannedWeeks,
    Stretch,
    Wish,
    WishState,
    state_of,
)

SHOWN_EMPTY = 2  # the next half-year and the one that runs, also where nothing is planned


@dataclass(frozen=True)
class Uncovered:
    """A goal that cannot be reached in any planned service, and where it could be."""

    goal: Goal
    elsewhere: tuple[str, ...]


@dataclass(frozen=True)
class CoverageView:
    is_planned: bool
    uncovered: tuple[Uncovered, ...]
    unknown_count: int
    unknown_places: tuple[str, ...]
    by_agreement: tuple[Goal, ...]
    missing_arenas: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        return self.is_planned and not (self.uncovered or self.unknown_count)


@dataclass(frozen=True)
class WishRow:
    title: str
    times: int | None
    weeks_each: int | None
    source: str
    state: WishState


@dataclass(frozen=True)
class PlanPage:
    training: Training
    individual: Revisions
    implementation: Revisions
    ahead: tuple[HalfYear, ...]  # the next first
    past: tuple[HalfYear, ...]
    not_offered: frozenset[int]  # items planned where the goal is not offered
    coverage: CoverageView
    wishes: tuple[WishRow, ...]
    expected_end: dt.date

    @property
    def shown(self) -> Revision | None:
        return self.individual.latest

    @property
    def earlier(self) -> tuple[Revision, ...]:
        """Revisions that can be read again, of both kinds."""
        return (*self.individual.all, *self.implementation.all)


def plan_page(training: Training, *, shared_only: bool = False) -> PlanPage:
    """Five queries. `shared_only`: as others see it, without the trainee's drafts."""
    today = timezone.localdate()
    revisions = revisions_of(training, shared_only=shared_only)
    individual = revisions[PlanKind.INDIVIDUAL]
    items = individual.latest.items if individual.latest else ()
    facts = facts_of([training])[training.pk]
    goals = pathway_goals(training.pathway)
    plans = general_plans(facts.institutions_ahead(today))
    ends_on = expected_end(facts, today)
    return PlanPage(
        training=training,
        individual=individual,
        implementation=revisions[PlanKind.IMPLEMENTATION],
        ahead=_ahead(items, today),
        past=tuple(reversed([one for one in half_years_of(items) if one.is_over])),
        not_offered=_not_offered(items, plans, today),
        coverage=_coverage_view(facts, goals, plans, today),
        wishes=tuple(_wish_row(row, facts, items, ends_on, today) for row in facts.recommended),
        expected_end=ends_on,
    )


def _ahead(items: Iterable[Item], today: dt.date) -> tuple[HalfYear, ...]:
    """The next half-year, the one that runs, then the later ones that hold something."""
    order = half_years_ahead(today)
    found = half_years_of(items, also=order[:SHOWN_EMPTY])
    ahead = [one for one in found if one.first >= half_year_of(today)]
    return tuple(sorted(ahead, key=lambda one: (not one.is_next, one.first)))


def _not_offered(items: Iterable[Item], plans: GeneralPlans, today: dt.date) -> frozenset[int]:
    return frozenset(
        item.pk
        for item in items
        if item.department_id
        and item.half_year >= half_year_of(today)
        and offers_goal(
            plans.offers_at(item.institution_id),
            department_id=item.department_id,
            goal_id=item.goal_id,
        )
        is False
    )


# --- Coverage ------------------------------------------------------------------------------------


def _coverage_view(
    facts: Facts, goals: PathwayGoals, plans: GeneralPlans, today: dt.date
) -> CoverageView:
    found = facts.coverage(goals, plans, today=today)
    return CoverageView(
        is_planned=found.is_planned,
        uncovered=tuple(
            Uncovered(
                goals.by_id[one.goal_id],
                tuple(str(plans.departments[pk]) for pk in one.departments),
            )
            for one in found.unreachable
        ),
        unknown_count=len(found.of(Reach.UNKNOWN)),
        unknown_places=_unknown_places(facts, plans, today),
        by_agreement=_goals_of(found, goals, Reach.BY_AGREEMENT),
        missing_arenas=tuple(str(ArenaKind(kind).label).lower() for kind in found.missing_arenas),
    )


def _goals_of(found: Coverage, goals: PathwayGoals, reach: Reach) -> tuple[Goal, ...]:
    return tuple(goals.by_id[one.goal_id] for one in found.of(reach))


def _unknown_places(facts: Facts, plans: GeneralPlans, today: dt.date) -> tuple[str, ...]:
    """Whose general plan is not entered, of those where the trainee is to be."""
    silent = [
        plans.departments[one.department_id].institution.short_name
        for one in facts.stays
        if one.department_id and one.lasts_beyond(today) and one.institution_id not in plans.entered
    ]
    named = [
        one.place
        for one in facts.service
        if one.department_id is None and one.stay.lasts_beyond(today)
    ]
    return tuple(dict.fromkeys([*silent, *named]))


# --- Recommended activities ----------------------------------------------------------------------


def expected_end(facts: Facts, today: dt.date) -> dt.date:
    """When the training is over if nothing delays it: our reading, to tell early from late. In a
    specialty time runs from authorisation, in the competence area from the start. A training that
    still runs ends at the earliest today."""
    training = facts.training
    begins = training.authorised_on if training.pathway.decides_goals else training.started_on
    months = facts.requirements.get(RequirementCode.SERVICE_TIME) or 0
    ends = [one.ends_on for one in facts.service if one.ends_on]
    running = [today] if training.ended_on is None else []
    at_least = months_later(training.started_on, 12)
    return max([months_later(begins, months), at_least, *ends, *running])


def _wish_row(
    row: dict, facts: Facts, items: Iterable[Item], ends_on: dt.date, today: dt.date
) -> WishRow:
    wish = Wish(
        kind=LOGGED_AS.get(row["code"], ActivityKind.HOSPITERING),
        times=row["times"],
        weeks_each=row["weeks_each"],
        phases=tuple(Phase(phase) for phase in row["phases"]),
        arena_kinds=frozenset(row["arena_kinds"]),
        falls_away_with=frozenset(row["falls_away_with"]),
    )
    state = state_of(
        wish,
        starts_on=facts.training.started_on,
        ends_on=ends_on,
        done=[_stretch(one) for one in facts.logged],
        planned=[_planned_weeks(item) for item in items if item.department_id and item.weeks],
        service=[OwnService(one.arena_kind, one.place) for one in facts.after_part_1],
        today=today,
    )
    return WishRow(row["title"], row["times"], row["weeks_each"], row["source"], state)


def _stretch(row: dict) -> Stretch:
    first = dt.date.fromisoformat(row["first"])
    last = dt.date.fromisoformat(row["last"]) if row["last"] else first
    return Stretch(ActivityKind(row["kind"]), row["arena_kind"] or "", first, last)


def _planned_weeks(item: Item) -> PlannedWeeks:
    return PlannedWeeks(item.half_year, item.department_id, item.arena_kind, item.weeks)


# --- What can be chosen when a goal is planned ---------------------------------------------------


@dataclass(frozen=True)
class PlanChoices:
    """What the trainee may plan, and what is likely: goals that remain and are not planned, those
    that can be reached at the likely place first."""

    training: Training
    goals: PathwayGoals
    likely_goals: tuple[Goal, ...]
    own_departments: frozenset[int]
    department_id: int | None


def plan_choices(training: Training, *, half_year: dt.date) -> PlanChoices:
    """Four queries."""
    facts = facts_of([training])[training.pk]
    goals = pathway_goals(training.pathway)
    place = _likely_place(facts, half_year)
    plans = general_plans({place.institution_id} if place else set())
    offered = {
        goal_id
        for one in plans.offers
        if place and one.department_id == place.department_id
        for goal_id in one.goals
    }
    remain = [
        goal
        for goal in goals.goals
        if goal.id not in facts.settled and goal.id not in facts.planned_goals
    ]
    remain.sort(key=lambda goal: goal.id not in offered)
    return PlanChoices(
        training=training,
        goals=goals,
        likely_goals=tuple(remain[:LIKELY_GOALS]),
        own_departments=frozenset(one.department_id for one in facts.service if one.department_id),
        department_id=place.department_id if place else None,
    )


def _likely_place(facts: Facts, half_year: dt.date) -> Service | None:
    """Where the trainee is to serve in the half-year, as far as it is known."""
    ahead = [
        one
        for one in facts.service
        if one.department_id
        and (one.ends_on is None or one.ends_on >= half_year)
        and one.starts_on <= last_day_of(half_year)
    ]
    return max(ahead, key=lambda one: one.starts_on) if ahead else None
