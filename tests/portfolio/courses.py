"""A course, its sessions and those who attend them, as tests need them."""

import datetime as dt
from uuid import UUID, uuid4

from accounts.models import User
from curriculum.models import Course, CourseModule, Pathway
from institutions.models import Cohort, CohortMembership, CourseSession
from portfolio.models import CourseAttendance, CourseSignUp, Training
from portfolio.rules.courses import Mark
from portfolio.services import courses
from tests.factories import Ward, days_ago, make_training, make_user, number


def make_course(*, pathways: list[Pathway], titles: list[str] | None = None, **fields) -> Course:
    """Six untitled modules, unless titles are given."""
    fields.setdefault("code", f"kurs-{next(number)}")
    fields.setdefault("title", "Kurs i palliativ medisin")
    fields.setdefault("in_order", False)
    fields.setdefault("source", "Test")
    course = Course.objects.create(**fields)
    course.pathways.set(pathways)
    CourseModule.objects.bulk_create(
        CourseModule(course=course, number=place, title=title)
        for place, title in enumerate(titles or [""] * 6, start=1)
    )
    return course


def module(course: Course, nth: int = 1) -> CourseModule:
    return course.modules.get(number=nth)


def cohort_of(ward: Ward) -> Cohort:
    return CohortMembership.objects.get(user=ward.trainee).cohort


def make_session(*, module: CourseModule, cohort: Cohort | None, **fields) -> CourseSession:
    """Held last week, over three days, unless said otherwise."""
    fields.setdefault("place", "Trondheim")
    fields.setdefault("organiser", "St. Olavs hospital")
    fields.setdefault("starts_on", days_ago(7))
    fields.setdefault("ends_on", fields["starts_on"] + dt.timedelta(days=2))
    return CourseSession.objects.create(module=module, cohort=cohort, **fields)


def session_for(ward: Ward, nth: int = 1, **fields) -> CourseSession:
    """Of a course on the ward's pathway, for the ward's cohort."""
    course = Course.objects.filter(pathways=ward.training.pathway).first()
    course = course or make_course(pathways=[ward.training.pathway])
    return make_session(module=module(course, nth), cohort=cohort_of(ward), **fields)


def session_ahead(ward: Ward, nth: int = 1, **fields) -> CourseSession:
    return session_for(ward, nth, starts_on=days_ago(-30), **fields)


def make_member(ward: Ward, *, name: str, **fields) -> Training:
    """Another doctor of the ward's cohort, on the same pathway."""
    user: User = make_user(name=name, **fields)
    CohortMembership.objects.create(cohort=cohort_of(ward), user=user, starts_on=days_ago(900))
    return make_training(trainee=user, pathway=ward.training.pathway)


def signed_up(ward: Ward, session: CourseSession) -> CourseSignUp:
    """As a row, whatever the deadline."""
    return CourseSignUp.objects.create(training=ward.training, session=session)


def confirm(
    ward: Ward,
    session: CourseSession,
    *,
    attended: bool = True,
    training: Training | None = None,
    by: User | None = None,
    completed_on: dt.date | None = None,
    key: UUID | None = None,
) -> CourseAttendance:
    training = training or ward.training
    (row,) = courses.confirm_attendance(
        session,
        by=by or ward.program_leader,
        marks={training.pk: Mark(attended, completed_on or session.ends_on)},
        seen=courses.latest_word(session, [training.pk]),
        key=key or uuid4(),
    )
    return row
