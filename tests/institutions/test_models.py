"""What the database holds, whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from institutions.enums import RecognitionKind, RecognitionStatus, Role
from institutions.models import Institution, Recognition, RoleAssignment
from tests.factories import (
    days_ago,
    give_role,
    make_department,
    make_institution,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("number", ["883974832", "942110464", ""])
def test_organisation_number_valid(number):
    Institution(
        name="A", short_name="A", kind="other", region="north", organisation_number=number
    ).full_clean()


@pytest.mark.parametrize("number", ["883974833", "12345678", "abcdefghi", "8839748320"])
def test_organisation_number_invalid(number):
    institution = Institution(
        name="A", short_name="A", kind="other", region="north", organisation_number=number
    )

    with pytest.raises(ValidationError) as refused:
        institution.full_clean()

    assert list(refused.value.message_dict) == ["organisation_number"]


def test_organisation_number_belongs_to_one_institution():
    make_institution(organisation_number="883974832")

    with pytest.raises(IntegrityError), transaction.atomic():
        make_institution(organisation_number="883974832")


def make_recognition(**fields) -> Recognition:
    return Recognition.objects.create(
        institution=make_institution(), starts_on=days_ago(100), **fields
    )


def test_registration_cannot_be_withdrawn():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recognition(kind=RecognitionKind.REGISTERED, status=RecognitionStatus.WITHDRAWN)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (RecognitionKind.REGISTERED, RecognitionStatus.GRANTED),
        (RecognitionKind.REGISTERED, RecognitionStatus.PENDING),
        (RecognitionKind.APPROVED, RecognitionStatus.WITHDRAWN),
        (RecognitionKind.COMPETENCE_AREA_SITE, RecognitionStatus.WITHDRAWN),
    ],
)
def test_other_recognitions_may_have_the_status(kind, status):
    assert make_recognition(kind=kind, status=status).pk


def test_recognition_that_ends_before_it_starts_is_refused():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_recognition(
            kind=RecognitionKind.APPROVED, status=RecognitionStatus.GRANTED, ends_on=days_ago(101)
        )


PLACES = {
    "none": lambda: {},
    "department": lambda: {"department": make_department()},
    "institution": lambda: {"institution": make_institution()},
    "both": lambda: {"department": make_department(), "institution": make_institution()},
}
ALLOWED_PLACES = {
    Role.ADMIN: {"none"},
    Role.EDUCATION_LEAD: {"institution"},
    Role.CLINICAL_SUPERVISOR: {"department", "institution"},
    Role.DEPARTMENT_HEAD: {"department", "institution"},
    Role.MEDICAL_LEAD: {"department", "institution"},
    Role.TRAINEE: set(),
    Role.EDUCATIONAL_SUPERVISOR: set(),
    Role.PROGRAM_LEADER: set(),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("role", ALLOWED_PLACES)
def test_role_stands_at_one_place_of_its_kind(role, place):
    fields = {"user": make_user(), "role": role, **PLACES[place]()}

    if place in ALLOWED_PLACES[role]:
        assert give_role(**fields).pk
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            give_role(**fields)


def test_same_role_twice_at_once_is_refused():
    user, department = make_user(), make_department()
    role = {"user": user, "role": Role.CLINICAL_SUPERVISOR, "department": department}
    give_role(**role, starts_on=days_ago(20), ends_on=days_ago(10))

    with pytest.raises(IntegrityError), transaction.atomic():
        give_role(**role, starts_on=days_ago(10))


def test_same_role_after_the_other_or_elsewhere_is_accepted():
    user, department = make_user(), make_department()
    role = {"user": user, "role": Role.CLINICAL_SUPERVISOR}
    give_role(**role, department=department, starts_on=days_ago(20), ends_on=days_ago(10))

    give_role(**role, department=department, starts_on=days_ago(9))
    give_role(**role, department=make_department())
    give_role(**role, institution=department.institution)
    give_role(user=user, role=Role.DEPARTMENT_HEAD, department=department)
    give_role(user=make_user(), role=Role.CLINICAL_SUPERVISOR, department=department)

    assert RoleAssignment.objects.count() == 6


@pytest.mark.parametrize(
    ("starts", "ends", "in_force"),
    [(10, None, True), (0, 0, True), (10, 0, True), (10, 1, False), (-1, None, False)],
)
def test_role_in_force(starts, ends, in_force):
    give_role(
        user=make_user(),
        role=Role.ADMIN,
        starts_on=days_ago(starts),
        ends_on=None if ends is None else days_ago(ends),
    )

    assert RoleAssignment.objects.in_force().exists() == in_force
    assert RoleAssignment.objects.in_force(on=today()).exists() == in_force
