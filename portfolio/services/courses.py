"""Courses: sessions are planned, doctors sign up, the programme leader confirms who was there."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import CourseModule
from institutions.enums import Role
from institutions.models import Cohort, CourseSession
from portfolio import permissions, rules
from portfolio.enums import Refusal, Verb
from portfolio.models import CourseAttendance, CourseSignUp, Training
from portfolio.queries.courses import (
    days_of,
    followed_with_course,
    sessions_open_to,
    standing_attendances,
)
from portfolio.rules import courses as course_rules
from portfolio.rules.courses import Mark
from portfolio.services.ledger import once, record

# --- The programme leader plans ------------------------------------------------------------------


@transaction.atomic
def plan_session(
    *,
    by,
    module: CourseModule,
    cohort: Cohort,
    place: str,
    organiser: str,
    starts_on: dt.date,
    ends_on: dt.date,
    sign_up_until: dt.date | None = None,
) -> CourseSession:
    """A module, held once for a cohort. The same said twice is one session."""
    if not permissions.can_plan_session(by, cohort):
        raise PermissionDenied
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    session = CourseSession(
        module=module,
        cohort=cohort,
        place=place,
        organiser=organiser,
        starts_on=starts_on,
        ends_on=ends_on,
        sign_up_until=sign_up_until,
    )
    same = CourseSession.objects.filter(
        module=module, cohort=cohort, starts_on=starts_on, ends_on=ends_on, place=place
    )
    return same.first() or _saved(session)


@transaction.atomic
def change_session(
    session: CourseSession,
    *,
    by,
    seen: str,
    place: str,
    organiser: str,
    starts_on: dt.date,
    ends_on: dt.date,
    sign_up_until: dt.date | None = None,
) -> CourseSession:
    """Until somebody is confirmed: what was confirmed must stay what it was.

    `seen` is the `fingerprint` of what the form began with.
    """
    session = CourseSession.objects.select_for_update(of=["self"]).get(pk=session.pk)
    if not permissions.can_change_session(by, session):
        raise PermissionDenied
    rules.require(not session.attendances.exists(), Refusal.SESSION_CONFIRMED)
    if seen != fingerprint(session):
        raise rules.Stale
    session.place, session.organiser = place, organiser
    session.starts_on, session.ends_on = starts_on, ends_on
    session.sign_up_until = sign_up_until
    return _saved(session)


def fingerprint(session: CourseSession) -> str:
    """What a form of the session was filled with, to see whether another tab was first."""
    days = (session.starts_on, session.ends_on, session.sign_up_until)
    told = "\n".join(map(str, (session.place, session.organiser, *days)))
    return hashlib.sha256(told.encode()).hexdigest()


def _saved(session: CourseSession) -> CourseSession:
    session.full_clean()
    session.save()
    return session


# --- The trainee signs up ------------------------------------------------------------------------


@once(CourseSignUp, owner="training.trainee_id")
def sign_up(session: CourseSession, *, training: Training, by, key: UUID) -> CourseSignUp:
    if not permissions.can_log(by, training):
        raise PermissionDenied
    _lock([training.pk])
    standing = standing_attendances([training.pk], [session.module_id]).values()
    refusal = course_rules.sign_up_refusal(
        days_of(session),
        today=timezone.localdate(),
        has_course=training.pathway.courses.filter(pk=session.module.course_id).exists(),
        is_for_cohort=sessions_open_to(training).filter(pk=session.pk).exists(),
        is_taken=any(one.attended for one in standing),
    )
    rules.require(refusal is None, refusal)
    booked = CourseSignUp.objects.filter(
        training=training, session=session, cancelled_at__isnull=True
    ).first()
    if booked:
        return booked
    made = CourseSignUp.objects.create(training=training, session=session, key=key)
    _record_sign_up(made, by=by, verb=Verb.COURSE_SIGNED_UP)
    return made


@transaction.atomic
def cancel_sign_up(sign_up: CourseSignUp, *, by) -> None:
    sign_up = CourseSignUp.objects.select_for_update(of=["self"]).get(pk=sign_up.pk)
    if not permissions.can_log(by, sign_up.training):
        raise PermissionDenied
    if sign_up.cancelled_at:
        raise rules.Stale
    refusal = course_rules.cancel_refusal(days_of(sign_up.session), today=timezone.localdate())
    rules.require(refusal is None, refusal)
    sign_up.cancelled_at = timezone.now()
    sign_up.save()
    _record_sign_up(sign_up, by=by, verb=Verb.COURSE_CANCELLED)


def _record_sign_up(sign_up: CourseSignUp, *, by, verb: Verb) -> None:
    record(
        sign_up.training,
        actor=by,
        role=Role.TRAINEE,
        verb=verb,
        subject=sign_up,
        content=_told_of(sign_up.session),
    )


# --- The programme leader confirms ---------------------------------------------------------------


def confirm_attendance(
    session: CourseSession, *, by, marks: Mapping[int, Mark], seen: int, key: UUID
) -> list[CourseAttendance]:
    """All of `marks` (by training), or none. A second word on the same doctor corrects the first.

    `seen` is the `latest_word` of the page: where somebody has confirmed since, nothing is saved.
    The same key twice is one confirmation.
    """
    rules.require(bool(marks), Refusal.NOBODY_MARKED)
    _confirm_once(session, by=by, marks=marks, seen=seen, key=key)
    made = CourseAttendance.objects.filter(key__in=_keys(marks, key).values())
    return list(made.order_by("pk"))


def latest_word(session: CourseSession, trainings: Iterable[int]) -> int:
    """The newest confirmation of the module for these doctors; 0 where there is none."""
    rows = CourseAttendance.objects.filter(
        module=session.module_id, training__in=list(trainings)
    ).order_by("-pk")
    return rows.values_list("pk", flat=True).first() or 0


@once(CourseAttendance)
def _confirm_once(
    session: CourseSession, *, by, marks: Mapping[int, Mark], seen: int, key: UUID
) -> CourseAttendance:
    _lock(marks)
    trainings = followed_with_course(by, session).in_bulk(marks)
    if set(trainings) != set(marks):
        raise PermissionDenied
    if latest_word(session, marks) > seen:
        raise rules.Stale
    _require_held(session, marks.values())
    _require_news(session, marks)
    rows = [
        _attendance(session, trainings[pk], marks[pk], by=by, key=own_key)
        for pk, own_key in _keys(marks, key).items()
    ]
    return rows[0]


def _lock(trainings: Iterable[int]) -> None:
    """Two who speak of the same doctors at once speak one after the other."""
    rows = Training.objects.select_for_update(no_key=True).filter(pk__in=list(trainings))
    list(rows.order_by("pk").values_list("pk"))


def _keys(marks: Iterable[int], key: UUID) -> dict[int, UUID]:
    """One key per row: the first has the form's own, the others follow from it."""
    first, *others = sorted(marks)
    return {first: key} | {pk: uuid5(key, str(pk)) for pk in others}


def _require_held(session: CourseSession, marks: Iterable[Mark]) -> None:
    for mark in marks:
        refusal = course_rules.attendance_refusal(
            days_of(session), completed_on=mark.completed_on, today=timezone.localdate()
        )
        rules.require(refusal is None, refusal)


def _require_news(session: CourseSession, marks: Mapping[int, Mark]) -> None:
    """A word that repeats the last one would only hide who said it first."""
    standing = standing_attendances(marks, [session.module_id])
    for (training, _module), word in standing.items():
        told = Mark(word.attended, word.completed_on)
        rules.require(told != marks[training], Refusal.NOTHING_CHANGED)


def _attendance(
    session: CourseSession, training: Training, mark: Mark, *, by, key: UUID
) -> CourseAttendance:
    row = CourseAttendance.objects.create(
        training=training,
        module=session.module,
        session=session,
        attended=mark.attended,
        completed_on=mark.completed_on,
        actor=by,
        actor_role=Role.PROGRAM_LEADER,
        key=key,
    )
    record(
        training,
        actor=by,
        role=Role.PROGRAM_LEADER,
        verb=Verb.COURSE_ATTENDED,
        subject=row,
        content=_told_of(session) | {"attended": mark.attended, "completed_on": mark.completed_on},
    )
    return row


def _told_of(session: CourseSession) -> dict:
    return {
        "course": session.module.course.title,
        "module": session.module.number,
        "module_title": session.module.title,
        "place": session.place,
        "organiser": session.organiser,
        "starts_on": session.starts_on,
        "ends_on": session.ends_on,
    }
