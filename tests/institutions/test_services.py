"""What an administrator does with people and roles."""

import datetime as dt

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from accounts.enums import AccountState
from accounts.models import User
from institutions import services
from institutions.enums import Refusal, Role
from institutions.models import RoleAssignment
from institutions.permissions import can_manage_people
from institutions.rules import Refused
from tests.factories import (
    days_ago,
    give_role,
    make_department,
    make_institution,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db
YESTERDAY = days_ago(1)


@pytest.fixture
def admin() -> User:
    admin = make_user(name="Admin Demo Lie")
    give_role(user=admin, role=Role.ADMIN)
    return admin


# --- Who is an administrator ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "starts", "ends", "may"),
    [
        (Role.ADMIN, 10, None, True),
        (Role.ADMIN, 10, 0, True),
        (Role.ADMIN, 10, 1, False),
        (Role.ADMIN, -1, None, False),
        (Role.DEPARTMENT_HEAD, 10, None, False),
        (Role.CLINICAL_SUPERVISOR, 10, None, False),
        (Role.EDUCATION_LEAD, 10, None, False),
    ],
)
def test_can_manage_people(role, starts, ends, may):
    user = make_user()
    place = {} if role == Role.ADMIN else {"institution": make_institution()}
    ends_on = None if ends is None else days_ago(ends)
    give_role(user=user, role=role, starts_on=days_ago(starts), ends_on=ends_on, **place)

    assert can_manage_people(user) == may


def test_deactivated_administrator_manages_nobody(admin):
    admin.is_active = False

    assert not can_manage_people(admin)


ACTS = {
    "invite_person": lambda by, person: services.invite_person(
        email="ny@example.org", name="Ny Demo", by=by
    ),
    "resend_invitation": lambda by, person: services.resend_invitation(person, by=by),
    "deactivate_person": lambda by, person: services.deactivate_person(person, by=by),
    "reactivate_person": lambda by, person: services.reactivate_person(person, by=by),
    "give_role": lambda by, person: services.give_role(
        user=person, role=Role.ADMIN, starts_on=today(), by=by
    ),
    "end_role": lambda by, person: services.end_role(
        give_role(user=person, role=Role.CLINICAL_SUPERVISOR, department=make_department()),
        ends_on=today(),
        by=by,
    ),
}


@pytest.mark.parametrize("act", ACTS)
def test_only_an_administrator_may(act):
    head = make_user()
    give_role(user=head, role=Role.DEPARTMENT_HEAD, department=make_department())

    with pytest.raises(PermissionDenied):
        ACTS[act](head, make_user())


@pytest.mark.parametrize("act", ACTS)
def test_an_administrator_may(act, admin):
    ACTS[act](admin, make_user())


# --- Inviting ------------------------------------------------------------------------------------


def test_invite_person_makes_an_account_without_password(admin):
    person = services.invite_person(
        email="Kari@Example.org", name="Kari Demo Nord", hpr_number="9144900", by=admin
    )

    person.refresh_from_db()
    assert (person.email, person.name, person.hpr_number) == (
        "kari@example.org",
        "Kari Demo Nord",
        "9144900",
    )
    assert not person.has_usable_password()
    assert person.state == AccountState.INVITED
    assert [message.to for message in mail.outbox] == [["kari@example.org"]]


def test_invite_person_again_sends_again_and_changes_nothing(admin, time_machine):
    first = services.invite_person(email="kari@example.org", name="Kari Demo Nord", by=admin)
    time_machine.move_to(timezone.now() + dt.timedelta(hours=1))

    second = services.invite_person(email="KARI@example.org", name="Et annet navn", by=admin)

    assert second == first
    assert second.name == "Kari Demo Nord"
    assert len(mail.outbox) == 2


def test_invite_person_who_has_logged_in_is_refused(admin):
    make_user(email="kari@example.org", last_login=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))

    with pytest.raises(ValidationError) as refused:
        services.invite_person(email="kari@example.org", name="Kari Demo Nord", by=admin)

    assert list(refused.value.message_dict) == ["email"]
    assert mail.outbox == []


def test_resend_invitation_to_deactivated_is_refused(admin):
    with pytest.raises(Refused) as refused:
        services.resend_invitation(make_user(is_active=False), by=admin)

    assert refused.value.code == Refusal.IS_DEACTIVATED


# --- Roles ---------------------------------------------------------------------------------------


def test_give_role_stands_from_to(admin):
    user, department = make_user(), make_department()

    given = services.give_role(
        user=user,
        role=Role.CLINICAL_SUPERVISOR,
        department=department,
        starts_on=days_ago(5),
        ends_on=today(),
        by=admin,
    )

    assert list(RoleAssignment.objects.held_by(user).in_force()) == [given]
    assert str(given) == f"Supervisør, {department}"


def test_give_role_twice_is_refused_with_a_message(admin):
    wanted = {
        "user": make_user(),
        "role": Role.CLINICAL_SUPERVISOR,
        "department": make_department(),
        "starts_on": today(),
        "by": admin,
    }
    services.give_role(**wanted)

    with pytest.raises(Refused) as refused:
        services.give_role(**wanted)

    assert refused.value.code == Refusal.ALREADY_HELD
    assert refused.value.message == (
        "Personen har alt denne rollen på dette stedet i hele eller deler av perioden."
    )


def test_give_role_to_oneself_is_refused(admin):
    with pytest.raises(Refused) as refused:
        services.give_role(
            user=admin,
            role=Role.DEPARTMENT_HEAD,
            department=make_department(),
            starts_on=today(),
            by=admin,
        )

    assert refused.value.code == Refusal.OWN_ROLE


def test_give_role_to_deactivated_is_refused(admin):
    with pytest.raises(Refused) as refused:
        services.give_role(
            user=make_user(is_active=False), role=Role.ADMIN, starts_on=today(), by=admin
        )

    assert refused.value.code == Refusal.IS_DEACTIVATED


def test_end_role_yesterday_takes_the_role_away_at_once(admin):
    role = give_role(user=make_user(), role=Role.DEPARTMENT_HEAD, department=make_department())

    services.end_role(role, ends_on=YESTERDAY, by=admin)

    role.refresh_from_db()
    assert role.ends_on == YESTERDAY
    assert not RoleAssignment.objects.of(Role.DEPARTMENT_HEAD).in_force().exists()


def test_ended_administrator_is_none_at_once(admin):
    other = make_user()
    role = give_role(user=other, role=Role.ADMIN)

    services.end_role(role, ends_on=YESTERDAY, by=admin)

    assert not can_manage_people(other)


@pytest.mark.parametrize("starts", [0, -5])
def test_end_role_before_its_first_day_takes_it_away_whole(admin, starts):
    role = give_role(
        user=make_user(),
        role=Role.DEPARTMENT_HEAD,
        department=make_department(),
        starts_on=days_ago(starts),
    )

    services.end_role(role, ends_on=YESTERDAY, by=admin)

    assert not RoleAssignment.objects.filter(pk=role.pk).exists()


def test_end_role_that_has_ended_is_refused(admin):
    role = give_role(
        user=make_user(),
        role=Role.DEPARTMENT_HEAD,
        department=make_department(),
        ends_on=days_ago(2),
    )

    with pytest.raises(Refused) as refused:
        services.end_role(role, ends_on=today(), by=admin)

    assert refused.value.code == Refusal.ALREADY_ENDED


def test_last_administrator_cannot_end(admin):
    with pytest.raises(Refused) as refused:
        services.end_role(admin.role_assignments.get(), ends_on=YESTERDAY, by=admin)

    assert refused.value.code == Refusal.LAST_ADMIN


@pytest.mark.parametrize("is_active", [True, False])
def test_administrator_can_end_when_another_active_one_remains(admin, is_active):
    give_role(user=make_user(is_active=is_active), role=Role.ADMIN)
    own = admin.role_assignments.get()

    if is_active:
        services.end_role(own, ends_on=YESTERDAY, by=admin)
        assert not can_manage_people(admin)
    else:
        with pytest.raises(Refused):
            services.end_role(own, ends_on=YESTERDAY, by=admin)


# --- Accounts ------------------------------------------------------------------------------------


def test_deactivate_and_reactivate(admin):
    person = make_user()

    services.deactivate_person(person, by=admin)
    person.refresh_from_db()
    assert person.state == AccountState.DEACTIVATED

    services.reactivate_person(person, by=admin)
    person.refresh_from_db()
    assert person.state == AccountState.ACTIVE


def test_deactivate_oneself_is_refused(admin):
    with pytest.raises(Refused) as refused:
        services.deactivate_person(admin, by=admin)

    assert refused.value.code == Refusal.OWN_ACCOUNT


# --- The first administrator ---------------------------------------------------------------------


def test_first_admin_is_invited_and_may_manage_people():
    call_command("appoint_first_admin", "leder@example.org", "Anne Demo Haugen", verbosity=0)

    person = User.objects.get()
    assert can_manage_people(person)
    assert person.state == AccountState.INVITED
    assert len(mail.outbox) == 1


def test_first_admin_again_is_the_same_person():
    first = services.appoint_first_admin(email="leder@example.org", name="Anne Demo Haugen")

    again = services.appoint_first_admin(email="leder@example.org", name="Anne Demo Haugen")

    assert again == first
    assert RoleAssignment.objects.count() == 1


def test_first_admin_is_refused_when_there_is_another(admin):
    with pytest.raises(CommandError, match="administrator already"):
        call_command("appoint_first_admin", "ny@example.org", "Ny Demo")
