import pytest

from institutions import queries
from institutions.enums import Role
from tests.factories import (
    days_ago,
    give_role,
    make_department,
    make_institution,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db


def test_supervisors_in_force_by_place_in_norwegian_order(django_assert_num_queries):
    hospital = make_institution(name="Ålesund")
    ward = make_department(institution=make_institution(name="Bodø"), name="Medisinsk avdeling")
    oda, aase = make_user(name="Oda Demo"), make_user(name="Åse Demo")
    for supervisor in (aase, oda):
        give_role(user=supervisor, role=Role.CLINICAL_SUPERVISOR, department=ward)
    give_role(user=oda, role=Role.CLINICAL_SUPERVISOR, institution=hospital)

    with django_assert_num_queries(1):
        found = queries.supervisors_in_force(today())

    assert found == [("Medisinsk avdeling, Bodø", [oda, aase]), ("Ålesund", [oda])]


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_on": days_ago(1)},
        {"starts_on": days_ago(-1)},
        {"role": Role.DEPARTMENT_HEAD},
    ],
)
def test_supervisors_in_force_leaves_out_those_who_are_not(fields):
    role = {"role": Role.CLINICAL_SUPERVISOR, "department": make_department(), **fields}
    give_role(user=make_user(), **role)

    assert queries.supervisors_in_force(today()) == []


def test_supervisors_in_force_leaves_out_deactivated():
    give_role(
        user=make_user(is_active=False),
        role=Role.CLINICAL_SUPERVISOR,
        department=make_department(),
    )

    assert queries.supervisors_in_force(today()) == []


def test_departments_by_institution(django_assert_num_queries):
    second, first = make_institution(name="Åsgård"), make_institution(name="Bodø")
    ward = make_department(institution=second, name="Øvre")
    centre = make_department(institution=second, name="Palliativt senter")
    team = make_department(institution=first)
    make_institution(name="Uten avdeling")

    with django_assert_num_queries(1):
        found = queries.departments_by_institution()

    assert found == [(first, [team]), (second, [centre, ward])]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", {"Åse Demo Østby", "Kari Demo Nord"}),
        ("åse", {"Åse Demo Østby"}),
        ("ØSTBY", {"Åse Demo Østby"}),
        ("kari nord", {"Kari Demo Nord"}),
        ("nord kari", {"Kari Demo Nord"}),
        ("kari@", {"Kari Demo Nord"}),
        ("9144900", {"Kari Demo Nord"}),
        ("914", set()),
        ("ola", set()),
    ],
)
def test_people_search(search, found):
    make_user(name="Kari Demo Nord", email="kari@example.org", hpr_number="9144900")
    make_user(name="Åse Demo Østby", email="ase@example.org")

    assert {person.name for person in queries.people(search)} == found
