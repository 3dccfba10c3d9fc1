"""What the database refuses of courses, whatever the application says. Each guard has a control."""

import datetime as dt
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from curriculum.models import CourseModule
from institutions.models import CohortLeadership, CohortMembership, CourseSession
from portfolio.models import CourseAttendance, CourseSignUp
from tests.factories import days_ago, give_role, make_ward
from tests.portfolio.courses import cohort_of, confirm, session_ahead, session_for, signed_up

pytestmark = pytest.mark.django_db

INSERT = """
    INSERT INTO portfolio_courseattendance
        (training_id, module_id, session_id, attended, completed_on, actor_id, actor_role, key,
         acted_at)
    VALUES (%s, %s, %s, true, %s, %s, %s, %s, '2020-01-01')
"""


@pytest.fixture
def ward():
    return make_ward(decides_goals=False)


def write(ward, session, *, by=None, role="program_leader", training=None) -> None:
    """Past every service, as SQL."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            INSERT,
            [
                (training or ward.training).pk,
                session.module_id,
                session.pk,
                session.ends_on,
                (by or ward.program_leader).pk,
                role,
                uuid4(),
            ],
        )


def test_leader_of_the_cohort_confirms_by_sql(ward):
    """The control of every refusal below; the time is the database's own."""
    write(ward, session_for(ward))

    row = CourseAttendance.objects.get()
    assert (row.actor, row.acted_at.year > 2020) == (ward.program_leader, True)


@pytest.mark.parametrize(
    "persona", ["supervisor", "guide", "head", "education_lead", "admin", "outsider"]
)
def test_nobody_but_the_leader_confirms(ward, persona):
    with pytest.raises(IntegrityError, match="is not held"):
        write(ward, session_for(ward), by=getattr(ward, persona))


def test_nobody_confirms_for_themselves(ward):
    CohortLeadership.objects.create(
        user=ward.trainee, cohort=cohort_of(ward), starts_on=days_ago(10)
    )

    with pytest.raises(IntegrityError, match="nobody acts for themselves"):
        write(ward, session_for(ward), by=ward.trainee)


@pytest.mark.parametrize("role", ["educational_supervisor", "department_head"])
def test_attendance_is_confirmed_in_no_other_role(ward, role):
    """Also where the person holds that role."""
    leader = ward.guide if role == "educational_supervisor" else ward.head
    CohortLeadership.objects.create(user=leader, cohort=cohort_of(ward), starts_on=days_ago(10))
    session = session_for(ward)

    with pytest.raises(IntegrityError, match="portfolio_attendance_by_program_leader"):
        write(ward, session, by=leader, role=role)

    write(ward, session, by=leader)


def test_a_role_elsewhere_is_no_leadership(ward):
    other = make_ward(decides_goals=False)
    give_role(user=ward.outsider, role="department_head", department=ward.department)

    with pytest.raises(IntegrityError, match="is not held"):
        write(ward, session_for(ward), by=other.program_leader)


@pytest.mark.parametrize("ended", [CohortLeadership, CohortMembership])
def test_what_has_ended_confirms_nothing(ward, ended):
    session = session_for(ward)
    ended.objects.filter(cohort=cohort_of(ward)).update(ends_on=days_ago(1))

    with pytest.raises(IntegrityError, match="is not held"):
        write(ward, session)


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_courseattendance SET attended = false",
        "DELETE FROM portfolio_courseattendance",
        "TRUNCATE portfolio_courseattendance",
        "ALTER TABLE portfolio_courseattendance DISABLE TRIGGER ALL",
    ],
)
def test_the_application_cannot_change_a_confirmation(ward, attack):
    confirm(ward, session_for(ward))

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert CourseAttendance.objects.get().attended is True


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_courseattendance SET attended = false",
        "DELETE FROM portfolio_courseattendance",
        "TRUNCATE portfolio_courseattendance CASCADE",
    ],
)
def test_the_trigger_stops_even_the_owner(attack, connect_as):
    ward = make_ward(decides_goals=False)
    confirm(ward, session_for(ward))

    with pytest.raises(psycopg.Error):
        connect_as("palmappen_owner").execute(attack)

    assert CourseAttendance.objects.get().attended is True


def test_a_key_is_used_once(ward):
    row = confirm(ward, session_for(ward))

    with pytest.raises(IntegrityError, match="key"), transaction.atomic():
        CourseAttendance.objects.create(
            training=ward.training,
            module=row.module,
            completed_on=row.completed_on,
            actor=ward.program_leader,
            actor_role="program_leader",
            key=row.key,
        )


def test_one_stands_on_a_session_once(ward):
    session = session_ahead(ward)
    first = signed_up(ward, session)

    with pytest.raises(IntegrityError, match="portfolio_signup_once"), transaction.atomic():
        signed_up(ward, session)

    CourseSignUp.objects.filter(pk=first.pk).update(cancelled_at=first.signed_up_at)
    assert signed_up(ward, session).pk


def test_a_session_has_an_end_after_its_start(ward):
    session = session_ahead(ward)
    for ends_on in (None, session.starts_on - (session.ends_on - session.starts_on)):
        with pytest.raises(IntegrityError), transaction.atomic():
            CourseSession.objects.filter(pk=session.pk).update(ends_on=ends_on)

    assert CourseSession.objects.filter(pk=session.pk).update(ends_on=session.starts_on) == 1


@pytest.mark.parametrize("astray", ["before", "after", "module"])
def test_attendance_is_of_the_session_it_names(ward, astray):
    session = session_for(ward)
    told = {
        "module_id": session.module_id,
        "completed_on": session.ends_on,
        "session": session,
        "training": ward.training,
        "actor": ward.program_leader,
        "actor_role": "program_leader",
    }
    wrong = {
        "before": {"completed_on": session.starts_on - dt.timedelta(days=1)},
        "after": {"completed_on": session.ends_on + dt.timedelta(days=1)},
        "module": {
            "module_id": CourseModule.objects.create(course=session.module.course, number=99).pk
        },
    }

    refused = pytest.raises(IntegrityError, match="another module, or on other days")
    with refused, transaction.atomic():
        CourseAttendance.objects.create(**told | wrong[astray])

    assert CourseAttendance.objects.create(**told).pk
