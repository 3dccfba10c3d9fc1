"""Sessions, sign-ups and attendance through the services, and what each verb refuses."""

import datetime as dt
import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from institutions.models import CohortLeadership, CohortMembership, CourseSession
from portfolio import rules
from portfolio.enums import Refusal, Verb
from portfolio.models import CourseAttendance, CourseSignUp, Event
from portfolio.queries.courses import courses_of, participants_of, standing_attendances
from portfolio.rules.courses import (
    Mark,
    SessionDays,
    attendance_refusal,
    cancel_refusal,
    sign_up_refusal,
)
from portfolio.services import courses
from tests.factories import days_ago, make_cohort, make_pathway, make_training, make_ward, today
from tests.portfolio.courses import (
    cohort_of,
    confirm,
    make_course,
    make_member,
    make_session,
    module,
    session_ahead,
    session_for,
    signed_up,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward(decides_goals=False)


def refusal_of(act, *args, **kwargs) -> Refusal:
    with pytest.raises(rules.Refused) as refused:
        act(*args, **kwargs)
    return refused.value.code


def told(training, verb) -> list[dict]:
    events = Event.objects.filter(training=training, verb=verb).order_by("sequence")
    return [json.loads(event.content) for event in events]


# --- The rules, as tables ------------------------------------------------------------------------

DAY = dt.date(2027, 1, 25)
WEEK = SessionDays(DAY, DAY + dt.timedelta(days=4))
DEADLINE = SessionDays(DAY, DAY + dt.timedelta(days=4), sign_up_until=dt.date(2027, 1, 4))
LATE_DEADLINE = SessionDays(DAY, DAY + dt.timedelta(days=4), sign_up_until=DAY)
MAY = {"has_course": True, "is_for_cohort": True, "is_taken": False}


@pytest.mark.parametrize(
    ("days", "day", "facts", "expected"),
    [
        (WEEK, dt.date(2027, 1, 24), MAY, None),
        (WEEK, DAY, MAY, Refusal.SIGN_UP_CLOSED),
        (DEADLINE, dt.date(2027, 1, 4), MAY, None),
        (DEADLINE, dt.date(2027, 1, 5), MAY, Refusal.SIGN_UP_CLOSED),
        (LATE_DEADLINE, dt.date(2027, 1, 24), MAY, None),
        (LATE_DEADLINE, DAY, MAY, Refusal.SIGN_UP_CLOSED),
        (WEEK, dt.date(2027, 1, 1), MAY | {"has_course": False}, Refusal.NO_SUCH_COURSE),
        (WEEK, dt.date(2027, 1, 1), MAY | {"is_for_cohort": False}, Refusal.NOT_FOR_YOUR_COHORT),
        (WEEK, dt.date(2027, 1, 1), MAY | {"is_taken": True}, Refusal.MODULE_TAKEN),
    ],
)
def test_sign_up_refusal(days, day, facts, expected):
    assert sign_up_refusal(days, today=day, **facts) == expected


@pytest.mark.parametrize(
    ("day", "expected"), [(dt.date(2027, 1, 24), None), (DAY, Refusal.SESSION_BEGUN)]
)
def test_cancel_refusal(day, expected):
    assert cancel_refusal(WEEK, today=day) == expected


@pytest.mark.parametrize(
    ("completed_on", "day", "expected"),
    [
        (dt.date(2027, 1, 29), dt.date(2027, 1, 28), Refusal.NOT_HELD_YET),
        (dt.date(2027, 1, 29), dt.date(2027, 1, 29), None),
        (dt.date(2027, 1, 25), dt.date(2027, 2, 1), None),
        (dt.date(2027, 1, 24), dt.date(2027, 2, 1), Refusal.OUTSIDE_SESSION),
        (dt.date(2027, 1, 30), dt.date(2027, 2, 1), Refusal.OUTSIDE_SESSION),
    ],
)
def test_attendance_refusal(completed_on, day, expected):
    assert attendance_refusal(WEEK, completed_on=completed_on, today=day) == expected


# --- Sessions ------------------------------------------------------------------------------------


def plan(ward, **fields) -> CourseSession:
    course = make_course(pathways=[ward.training.pathway])
    return courses.plan_session(
        **{
            "by": ward.program_leader,
            "module": module(course),
            "cohort": cohort_of(ward),
            "place": "Tromsø",
            "organiser": "UNN",
            "starts_on": days_ago(-20),
            "ends_on": days_ago(-24),
        }
        | fields
    )


def test_leader_plans_a_session(ward):
    session = plan(ward, sign_up_until=days_ago(-5))

    assert (session.cohort, session.place, session.sign_up_until) == (
        cohort_of(ward),
        "Tromsø",
        days_ago(-5),
    )


def test_the_same_session_planned_twice_is_one(ward):
    first = plan(ward)

    again = plan(ward, module=first.module)

    assert again == first


@pytest.mark.parametrize("persona", ["trainee", "supervisor", "guide", "head", "admin", "outsider"])
def test_only_a_leader_of_the_cohort_plans(ward, persona):
    with pytest.raises(PermissionDenied):
        plan(ward, by=getattr(ward, persona))


def test_a_leader_that_was_plans_no_more(ward):
    CohortLeadership.objects.filter(user=ward.program_leader).update(ends_on=days_ago(1))

    with pytest.raises(PermissionDenied):
        plan(ward)


def test_session_that_ends_before_it_starts_is_refused(ward):
    with pytest.raises(ValidationError):
        plan(ward, starts_on=days_ago(-20), ends_on=days_ago(-19))


def changed(session, ward, **fields):
    return courses.change_session(
        session,
        **{
            "by": ward.program_leader,
            "seen": courses.fingerprint(session),
            "place": "Bodø",
            "organiser": session.organiser,
            "starts_on": session.starts_on,
            "ends_on": session.ends_on,
        }
        | fields,
    )


def test_leader_changes_a_session(ward):
    assert changed(session_ahead(ward), ward).place == "Bodø"


def test_change_on_an_old_page_is_stale(ward):
    session = session_ahead(ward)
    old = courses.fingerprint(session)
    changed(session, ward)

    with pytest.raises(rules.Stale):
        changed(session, ward, seen=old, place="Oslo")


def test_session_is_fixed_once_somebody_is_confirmed(ward):
    session = session_for(ward)
    changed(session, ward)
    session.refresh_from_db()
    confirm(ward, session)

    assert refusal_of(changed, session, ward) == Refusal.SESSION_CONFIRMED


def test_session_for_everybody_is_nobodys_to_change(ward):
    session = session_for(ward)
    CourseSession.objects.filter(pk=session.pk).update(cohort=None)
    session.refresh_from_db()

    with pytest.raises(PermissionDenied):
        changed(session, ward)


# --- Sign-up -------------------------------------------------------------------------------------


def sign_up(ward, session, **fields) -> CourseSignUp:
    fields = {"training": ward.training, "by": ward.trainee, "key": uuid4()} | fields
    return courses.sign_up(session, **fields)


def test_trainee_signs_up_and_cancels(ward):
    session = session_ahead(ward)

    made = sign_up(ward, session)
    courses.cancel_sign_up(made, by=ward.trainee)
    again = sign_up(ward, session)

    assert made != again
    assert list(CourseSignUp.objects.filter(cancelled_at__isnull=True)) == [again]
    assert len(told(ward.training, Verb.COURSE_SIGNED_UP)) == 2
    assert told(ward.training, Verb.COURSE_CANCELLED) == [
        {
            "course": "Kurs i palliativ medisin",
            "module": 1,
            "module_title": "",
            "place": "Trondheim",
            "organiser": "St. Olavs hospital",
            "starts_on": session.starts_on.isoformat(),
            "ends_on": session.ends_on.isoformat(),
        }
    ]


def test_sign_up_twice_is_once(ward):
    session, key = session_ahead(ward), uuid4()

    same_key = {sign_up(ward, session, key=key).pk, sign_up(ward, session, key=key).pk}
    other_key = sign_up(ward, session)

    assert same_key == {other_key.pk}
    assert len(told(ward.training, Verb.COURSE_SIGNED_UP)) == 1


def test_nobody_signs_up_another(ward):
    with pytest.raises(PermissionDenied):
        sign_up(ward, session_ahead(ward), by=ward.program_leader)


def test_sign_up_is_for_the_cohort(ward):
    elsewhere = make_cohort(members=[], leaders=[])
    session = session_ahead(ward)
    CourseSession.objects.filter(pk=session.pk).update(cohort=elsewhere)

    assert refusal_of(sign_up, ward, session) == Refusal.NOT_FOR_YOUR_COHORT


def test_sign_up_for_everybody_is_open(ward):
    session = session_ahead(ward)
    CourseSession.objects.filter(pk=session.pk).update(cohort=None)

    assert sign_up(ward, session).pk


def test_sign_up_for_a_course_of_another_pathway_is_refused(ward):
    course = make_course(pathways=[make_pathway(decides_goals=True)])
    session = make_session(module=module(course), cohort=cohort_of(ward), starts_on=days_ago(-9))

    assert refusal_of(sign_up, ward, session) == Refusal.NO_SUCH_COURSE


def test_sign_up_after_the_deadline_is_refused(ward):
    session = session_ahead(ward, sign_up_until=days_ago(1))

    assert refusal_of(sign_up, ward, session) == Refusal.SIGN_UP_CLOSED


def test_sign_up_for_a_confirmed_module_is_refused(ward):
    confirm(ward, session_for(ward))

    assert refusal_of(sign_up, ward, session_ahead(ward)) == Refusal.MODULE_TAKEN


def test_sign_up_for_a_missed_module_is_open(ward):
    confirm(ward, session_for(ward), attended=False)

    assert sign_up(ward, session_ahead(ward)).pk


def test_cancelled_twice_is_stale(ward):
    made = sign_up(ward, session_ahead(ward))
    courses.cancel_sign_up(made, by=ward.trainee)

    with pytest.raises(rules.Stale):
        courses.cancel_sign_up(made, by=ward.trainee)


def test_cancel_after_it_began_is_refused(ward):
    made = signed_up(ward, session_for(ward))

    assert refusal_of(courses.cancel_sign_up, made, by=ward.trainee) == Refusal.SESSION_BEGUN


def test_nobody_cancels_for_another(ward):
    made = sign_up(ward, session_ahead(ward))

    with pytest.raises(PermissionDenied):
        courses.cancel_sign_up(made, by=ward.program_leader)


# --- Attendance ----------------------------------------------------------------------------------


def test_leader_confirms_several_at_once(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke")
    marks = {
        ward.training.pk: Mark(True, session.ends_on),
        second.pk: Mark(False, session.ends_on),
    }

    rows = courses.confirm_attendance(
        session, by=ward.program_leader, marks=marks, seen=0, key=uuid4()
    )

    assert [(row.training, row.attended) for row in rows] == [
        (ward.training, True),
        (second, False),
    ]
    assert told(ward.training, Verb.COURSE_ATTENDED) == [
        {
            "attended": True,
            "completed_on": session.ends_on.isoformat(),
            "course": "Kurs i palliativ medisin",
            "module": 1,
            "module_title": "",
            "place": "Trondheim",
            "organiser": "St. Olavs hospital",
            "starts_on": session.starts_on.isoformat(),
            "ends_on": session.ends_on.isoformat(),
        }
    ]
    assert [one["attended"] for one in told(second, Verb.COURSE_ATTENDED)] == [False]


def test_the_same_key_confirms_once(ward):
    session, key = session_for(ward), uuid4()
    second = make_member(ward, name="Siri Demo Bakke")
    marks = {pk: Mark(True, session.ends_on) for pk in (ward.training.pk, second.pk)}
    give = {"by": ward.program_leader, "marks": marks, "seen": 0, "key": key}

    first = courses.confirm_attendance(session, **give)
    again = courses.confirm_attendance(session, **give)

    assert first == again
    assert CourseAttendance.objects.count() == 2
    assert Event.objects.filter(verb=Verb.COURSE_ATTENDED).count() == 2


def test_a_key_of_somebody_else_is_refused(ward):
    session, key = session_for(ward), uuid4()
    confirm(ward, session, key=key)
    other = make_ward(decides_goals=False)

    with pytest.raises(PermissionDenied):
        confirm(other, session_for(other), key=key)


def test_the_latest_word_stands(ward):
    session = session_for(ward)
    confirm(ward, session)
    corrected = confirm(ward, session, attended=False)

    standing = standing_attendances([ward.training.pk])

    assert CourseAttendance.objects.count() == 2
    assert standing == {(ward.training.pk, session.module_id): corrected}


def test_the_same_word_again_is_refused(ward):
    session = session_for(ward)
    confirm(ward, session)

    assert refusal_of(confirm, ward, session) == Refusal.NOTHING_CHANGED


def test_a_word_on_an_old_page_is_stale_and_saves_nothing(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke")
    confirm(ward, session, attended=False)
    marks = {pk: Mark(True, session.ends_on) for pk in (ward.training.pk, second.pk)}

    with pytest.raises(rules.Stale):
        courses.confirm_attendance(
            session, by=ward.program_leader, marks=marks, seen=0, key=uuid4()
        )

    assert CourseAttendance.objects.count() == 1


def test_one_bad_row_saves_none(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke")
    marks = {
        ward.training.pk: Mark(True, session.ends_on),
        second.pk: Mark(True, session.ends_on + dt.timedelta(days=1)),
    }
    give = {"by": ward.program_leader, "marks": marks, "seen": 0, "key": uuid4()}

    assert refusal_of(courses.confirm_attendance, session, **give) == Refusal.OUTSIDE_SESSION
    assert not CourseAttendance.objects.exists()


def test_nobody_is_confirmed_for_what_lies_ahead(ward):
    session = session_ahead(ward)

    assert refusal_of(confirm, ward, session) == Refusal.NOT_HELD_YET


def test_no_marks_confirm_nobody(ward):
    refusal = refusal_of(
        courses.confirm_attendance,
        session_for(ward),
        by=ward.program_leader,
        marks={},
        seen=0,
        key=uuid4(),
    )

    assert refusal == Refusal.NOBODY_MARKED


@pytest.mark.parametrize("persona", ["trainee", "supervisor", "guide", "head", "admin", "outsider"])
def test_only_the_leader_confirms(ward, persona):
    with pytest.raises(PermissionDenied):
        confirm(ward, session_for(ward), by=getattr(ward, persona))


def test_a_doctor_of_another_cohort_is_not_the_leaders_to_confirm(ward):
    other = make_ward(decides_goals=False)

    with pytest.raises(PermissionDenied):
        confirm(ward, session_for(ward), training=other.training)


def test_a_doctor_who_left_the_cohort_is_not_the_leaders_to_confirm(ward):
    session = session_for(ward)
    CohortMembership.objects.filter(user=ward.trainee).update(ends_on=days_ago(1))

    with pytest.raises(PermissionDenied):
        confirm(ward, session)


def test_a_pathway_without_the_course_cannot_be_confirmed(ward):
    session = session_for(ward)
    session.module.course.pathways.clear()

    with pytest.raises(PermissionDenied):
        confirm(ward, session)


# --- What the pages read -------------------------------------------------------------------------


def test_participants_are_the_cohort_and_those_signed_up(ward):
    session = session_for(ward)
    member = make_member(ward, name="Åse Demo Dahl")
    guest = make_ward(decides_goals=False)  # of another cohort of the same leader
    CohortLeadership.objects.create(
        user=ward.program_leader, cohort=cohort_of(guest), starts_on=days_ago(10)
    )
    stranger = make_ward(decides_goals=False)
    signed_up(guest, session)
    signed_up(stranger, session)
    elsewhere = make_training(pathway=make_pathway(decides_goals=True))
    CohortMembership.objects.create(
        cohort=cohort_of(ward), user=elsewhere.trainee, starts_on=days_ago(10)
    )

    people = participants_of(session, ward.program_leader)

    assert {(one.training, one.is_signed_up) for one in people} == {
        (ward.training, False),
        (member, False),
        (guest.training, True),
    }
    assert people[-1].training == member  # Å comes last


def test_way_through_a_course(ward):
    course = make_course(pathways=[ward.training.pathway], in_order=True)
    held = make_session(module=module(course, 2), cohort=cohort_of(ward))
    missed = make_session(module=module(course, 3), cohort=cohort_of(ward))
    ahead = make_session(module=module(course, 1), cohort=cohort_of(ward), starts_on=days_ago(-9))
    confirm(ward, held)
    confirm(ward, missed, attended=False)

    (line,) = courses_of(ward.training, on=today())

    assert [one.is_confirmed for one in line.modules] == [False, True, False, False, False, False]
    assert [one.is_missed for one in line.modules] == [False, False, True, False, False, False]
    assert [one.session for one in line.meetings] == [ahead]
    assert [one.module.number for one in line.out_of_order] == [2]
    assert line.confirmed_count == 1


def test_order_matters_only_where_the_course_says_so(ward):
    course = make_course(pathways=[ward.training.pathway], in_order=False)
    confirm(ward, make_session(module=module(course, 2), cohort=cohort_of(ward)))

    (line,) = courses_of(ward.training, on=today())

    assert line.out_of_order == ()


def test_what_was_confirmed_before_a_move_is_shown_still(ward):
    confirm(ward, session_for(ward))
    ward.training.pathway.courses.clear()
    new = make_course(pathways=[ward.training.pathway], titles=["Symptomlindring"])

    lines = courses_of(ward.training, on=today())

    assert lines[0].course == new
    assert [(one.is_of_pathway, one.confirmed_count) for one in lines] == [(True, 0), (False, 1)]
