"""What is gathered before coverage is judged: service, plans, offers, agreements."""

import pytest
from django.core.management import call_command

from curriculum.models import LearningGoal, Pathway
from institutions.enums import ArenaKind
from institutions.models import Agreement, GoalOffer
from portfolio.enums import Reach, ServiceKind
from portfolio.queries.coverage import coverage_of
from portfolio.rules.plans import half_years_ahead
from tests.factories import (
    days_ago,
    make_approved,
    make_department,
    make_goal,
    make_placement,
    make_plan,
    make_training,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    """In the pathway of the test there is one goal, until a test adds more."""
    make_goal(code="PAL-010")
    return make_ward()


def of(ward):
    return coverage_of([ward.training])[ward.training.pk]


def reaches(ward) -> dict[str, Reach]:
    codes = dict(LearningGoal.objects.values_list("pk", "code"))
    return {codes[one.goal_id]: one.reach for one in of(ward).goals}


def offer(department, *codes: str) -> None:
    for code in codes:
        GoalOffer.objects.create(department=department, goal=make_goal(code=code))


def test_nobody_has_entered_a_plan(ward):
    assert reaches(ward) == {"PAL-010": Reach.UNKNOWN}


def test_goals_at_the_place_of_service(ward):
    offer(ward.department, "PAL-055")

    assert reaches(ward) == {"PAL-010": Reach.NOWHERE, "PAL-055": Reach.OFFERED}


def test_other_department_is_named(ward):
    next_door = make_department(institution=ward.department.institution)
    offer(next_door, "PAL-010")

    (found,) = of(ward).unreachable
    assert found.departments == (next_door.pk,)


def test_agreement_covers(ward):
    offer(ward.department, "PAL-055")
    unit = make_department()
    offer(unit, "PAL-010")
    Agreement.objects.create(
        institution=ward.department.institution, arena=unit.institution, starts_on=days_ago(1)
    )

    assert reaches(ward)["PAL-010"] == Reach.BY_AGREEMENT


def test_plan_adds_a_place(ward):
    offer(ward.department, "PAL-055")
    unit = make_department()
    offer(unit, "PAL-010")

    make_plan(ward=ward, goals_=[make_goal(code="PAL-010")], department=unit)

    assert reaches(ward)["PAL-010"] == Reach.OFFERED


def test_approved_goal_is_not_judged(ward):
    offer(ward.department, "PAL-055")
    make_approved(ward=ward, goal=make_goal(code="PAL-010"))

    assert reaches(ward) == {"PAL-055": Reach.OFFERED}


def test_voluntary_map_is_judged_only_where_it_is_planned():
    make_goal(code="PAL-010")
    ward = make_ward(decides_goals=False)
    before = reaches(ward)

    make_plan(ward=ward, goals_=[make_goal(code="PAL-055")])

    assert (before, reaches(ward)) == ({}, {"PAL-055": Reach.UNKNOWN})


def test_repealed_goals_are_not_judged():
    call_command("load_curriculum", verbosity=0)
    ward = make_ward()
    ward.training.pathway = Pathway.objects.get(code="specialty", standing="repealed")
    ward.training.save()

    prefixes = {code.split("-")[0] for code in reaches(ward)}

    assert prefixes == {"PAL"}


def test_training_without_service_to_come(ward):
    ward.training.placements.update(ends_on=days_ago(1))

    found = of(ward)

    assert (found.is_planned, found.goals) == (False, ())


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (ArenaKind.PALLIATIVE_CENTRE, (ArenaKind.INTERNAL_MEDICINE_WARD,)),
        (ArenaKind.INTERNAL_MEDICINE_WARD, (ArenaKind.PALLIATIVE_CENTRE,)),
    ],
)
def test_both_kinds_of_place_where_the_pathway_presupposes_them(kind, missing):
    call_command("load_curriculum", verbosity=0)
    pathway = Pathway.objects.get(code="specialty", version="2026")
    ward = make_ward(department=make_department(arena_kind=kind))
    ward.training.pathway = pathway
    ward.training.save()

    assert of(ward).missing_arenas == missing


@pytest.mark.parametrize(
    ("kind", "missing"),
    [(ServiceKind.OWN, ()), (ServiceKind.PART_1, (ArenaKind.INTERNAL_MEDICINE_WARD,))],
)
def test_ward_is_one_of_this_training(kind, missing):
    call_command("load_curriculum", verbosity=0)
    ward = make_ward()
    ward.training.pathway = Pathway.objects.get(code="specialty", version="2026")
    ward.training.save()
    make_placement(
        training=ward.training,
        department=make_department(arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD),
        service_kind=kind,
        starts_on=days_ago(900),
        ends_on=days_ago(700),
    )

    assert of(ward).missing_arenas == missing


@pytest.mark.parametrize("count", [1, 3])
def test_four_queries_however_many(count, django_assert_num_queries):
    call_command("load_curriculum", verbosity=0)
    wards = [make_ward() for _ in range(count)]
    pathway = Pathway.objects.get(code="specialty", version="2026")
    for ward in wards:
        ward.training.pathway = pathway
        ward.training.save()
        offer(ward.department, "PAL-010", "PAL-055")
    trainings = [ward.training for ward in wards]
    coverage_of(trainings)

    with django_assert_num_queries(4):
        coverage_of(trainings)


def test_nobody_asks_nothing():
    assert coverage_of([]) == {}


def test_day_can_be_named(ward):
    later = half_years_ahead(today())[-1]
    ward.training.placements.update(ends_on=today())

    (now,) = coverage_of([ward.training], today=today()).values()
    (then,) = coverage_of([ward.training], today=later).values()

    assert (now.is_planned, then.is_planned) == (True, False)


def test_trainings_are_kept_apart(ward):
    other = make_training()
    offer(ward.department, "PAL-055")

    found = coverage_of([ward.training, other])

    assert [found[one.pk].is_planned for one in (ward.training, other)] == [True, False]
