"""The general plan of an institution (§22): which goals can be reached in which department."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from curriculum.enums import Standing
from curriculum.models import Pathway
from curriculum.queries import Goal, PathwayGoals, Theme, pathway_goals
from institutions.enums import InstitutionKind, RecognitionKind, RecognitionStatus
from institutions.models import Agreement, Department, GoalOffer, Institution
from institutions.rules import offers_stamp
from pages.norwegian_order import NorwegianOrder


@dataclass(frozen=True)
class PlanPlace:
    """A department of the institution, or of an arena that it has an agreement with today."""

    department: Department
    is_by_agreement: bool
    offers: dict[int, str]  # how, by goal


@dataclass(frozen=True)
class Cell:
    place: PlanPlace
    is_offered: bool
    how: str


@dataclass(frozen=True)
class GoalRow:
    goal: Goal
    cells: tuple[Cell, ...]

    @property
    def is_covered(self) -> bool:
        return any(cell.is_offered for cell in self.cells)

    @property
    def is_by_agreement(self) -> bool:
        """Only elsewhere."""
        return self.is_covered and all(
            cell.place.is_by_agreement for cell in self.cells if cell.is_offered
        )


@dataclass(frozen=True)
class ThemeRows:
    title: str
    rows: tuple[GoalRow, ...]


@dataclass(frozen=True)
class GeneralPlan:
    """Goals × departments (§22)."""

    institution: Institution
    is_approved: bool  # today, as far as we know
    places: tuple[PlanPlace, ...]
    agreements: tuple[Agreement, ...]
    themes: tuple[Theme, ...]

    UNCOVERED, BY_AGREEMENT = "udekket", "avtale"

    @cached_property
    def rows(self) -> tuple[GoalRow, ...]:
        return tuple(self._row(goal) for theme in self.themes for goal in theme.goals)

    def _row(self, goal: Goal) -> GoalRow:
        return GoalRow(
            goal,
            tuple(
                Cell(place, goal.id in place.offers, place.offers.get(goal.id, ""))
                for place in self.places
            ),
        )

    @property
    def uncovered(self) -> tuple[GoalRow, ...]:
        return tuple(row for row in self.rows if not row.is_covered)

    @property
    def by_agreement(self) -> tuple[GoalRow, ...]:
        return tuple(row for row in self.rows if row.is_by_agreement)

    @property
    def is_entered(self) -> bool:
        """Whether the institution has said anything of its own departments."""
        return any(place.offers for place in self.places if not place.is_by_agreement)

    def by_theme(self, shown: str) -> tuple[ThemeRows, ...]:
        """`shown`: all rows, those not covered, or those covered only by agreement."""
        chosen = {self.UNCOVERED: self.uncovered, self.BY_AGREEMENT: self.by_agreement}
        of_goal = {row.goal.id: row for row in chosen.get(shown, self.rows)}
        themes = (
            ThemeRows(
                f"{theme.number} {theme.title}" if theme.number else theme.title,
                tuple(of_goal[goal.id] for goal in theme.goals if goal.id in of_goal),
            )
            for theme in self.themes
        )
        return tuple(theme for theme in themes if theme.rows)


def institutions_to_plan() -> QuerySet[Institution]:
    """Those that can have a general plan, in Norwegian order, with how many goals they offer."""
    return (
        Institution.objects.exclude(kind=InstitutionKind.HEALTH_AUTHORITY)
        .annotate(goals_offered=Count("departments__goal_offers__goal", distinct=True))
        .order_by(NorwegianOrder("short_name"), "pk")
    )


def goals_to_plan() -> PathwayGoals:
    """The goals a general plan is about: those of the first pathway that decides goals and still
    holds."""
    pathways = Pathway.objects.exclude(standing=Standing.REPEALED).order_by(
        "-decides_goals", "position"
    )
    return pathway_goals(pathways[0])


def general_plan(institution: Institution) -> GeneralPlan:
    """Five queries."""
    today = timezone.localdate()
    agreements = tuple(
        institution.agreements.select_related("arena", "department__institution").order_by(
            NorwegianOrder("arena__name"), "starts_on"
        )
    )
    in_force = [one for one in agreements if one.covers(today)]
    return GeneralPlan(
        institution=institution,
        is_approved=_is_approved(institution, today),
        places=_plan_places(institution, in_force),
        agreements=agreements,
        themes=goals_to_plan().themes,
    )


def _is_approved(institution: Institution, today: dt.date) -> bool:
    return (
        institution.recognitions.in_force(on=today)
        .filter(kind=RecognitionKind.APPROVED, status=RecognitionStatus.GRANTED)
        .exists()
    )


def _plan_places(
    institution: Institution, agreements: Iterable[Agreement]
) -> tuple[PlanPlace, ...]:
    """The institution's own departments first."""
    whole = {one.arena_id for one in agreements if one.department_id is None}
    single = {one.department_id for one in agreements if one.department_id}
    offers = GoalOffer.objects.filter(department=OuterRef("pk")).order_by()
    departments = (
        Department.objects.filter(
            Q(institution=institution) | Q(institution__in=whole) | Q(pk__in=single)
        )
        .select_related("institution")
        .annotate(offered=ArraySubquery(offers.values(row=JSONObject(goal="goal_id", how="how"))))
        .order_by(NorwegianOrder("name"), "pk")
    )
    places = [
        PlanPlace(
            department=one,
            is_by_agreement=one.institution_id != institution.pk,
            offers={offer["goal"]: offer["how"] for offer in one.offered},
        )
        for one in departments
    ]
    return tuple(sorted(places, key=lambda place: place.is_by_agreement))


@dataclass(frozen=True)
class DepartmentOffers:
    """What one department offers of the goals on the page, and the stamp of that."""

    goals: PathwayGoals
    offers: dict[int, str]

    @property
    def stamp(self) -> str:
        return offers_stamp(self.offers)


def department_offers(department: Department) -> DepartmentOffers:
    goals = goals_to_plan()
    rows = GoalOffer.objects.filter(department=department, goal__in=goals.by_id).order_by()
    return DepartmentOffers(goals, dict(rows.values_list("goal", "how")))
