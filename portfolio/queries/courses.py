"""Courses: a trainee's way through them, and a programme leader's sessions."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, Exists, F, Func, OuterRef, Prefetch, Q, QuerySet, Value

from accounts.models import User
from curriculum.models import Course, CourseModule
from institutions.models import Cohort, CohortLeadership, CohortMembership, CourseSession
from pages.norwegian_order import norwegian_key
from portfolio.attendance_lists import Doctor, Judgement, Line, SessionFacts, judge
from portfolio.enums import DocumentKind
from portfolio.models import CourseAttendance, CourseSignUp, Document, Training
from portfolio.rules.courses import Mark, SessionDays


def days_of(session: CourseSession) -> SessionDays:
    return SessionDays(session.starts_on, session.ends_on, session.sign_up_until)


# --- The latest word of each module --------------------------------------------------------------


def standing_attendances(
    trainings: Iterable[int], modules: Iterable[int] | None = None
) -> dict[tuple[int, int], CourseAttendance]:
    """By (training, module): the latest row stands, also when it says «deltok ikke». One query."""
    rows = CourseAttendance.objects.filter(training__in=list(trainings))
    if modules is not None:
        rows = rows.filter(module__in=list(modules))
    latest = rows.order_by("training_id", "module_id", "-acted_at", "-pk")
    latest = latest.distinct("training_id", "module_id").select_related("actor")
    return {(one.training_id, one.module_id): one for one in latest}


# --- The trainee's page --------------------------------------------------------------------------


@dataclass(frozen=True)
class Certificate:
    """A course certificate of one's own, from before the portfolio or from elsewhere."""

    title: str
    issued_on: dt.date | None
    confirmed_by: str  # empty until somebody has
    confirmed_on: dt.datetime | None

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_on is not None


@dataclass(frozen=True)
class Meeting:
    """One session as the trainee sees it."""

    session: CourseSession
    sign_up: CourseSignUp | None
    is_taken: bool  # the module is confirmed already
    on: dt.date

    @property
    def days(self) -> SessionDays:
        return days_of(self.session)

    @property
    def is_over(self) -> bool:
        return self.session.ends_on < self.on

    @property
    def may_sign_up(self) -> bool:
        still_open = self.on <= self.days.last_sign_up_on
        return not self.sign_up and not self.is_taken and still_open

    @property
    def may_cancel(self) -> bool:
        return self.sign_up is not None and not self.days.has_begun(self.on)


@dataclass(frozen=True)
class ModuleLine:
    """One module: what is confirmed of it, or what comes."""

    module: CourseModule
    attendance: CourseAttendance | None
    certificates: tuple[Certificate, ...]
    meetings: tuple[Meeting, ...]

    @property
    def is_confirmed(self) -> bool:
        return self.is_attended or self.confirmed_certificate is not None

    @property
    def confirmed_certificate(self) -> Certificate | None:
        return next((one for one in self.certificates if one.is_confirmed), None)

    @property
    def taken_on(self) -> dt.date | None:
        """The last day attended, else the certificate's; nobody need have dated that."""
        if self.is_attended:
            return self.attendance.completed_on
        return self.confirmed_certificate.issued_on if self.confirmed_certificate else None

    @property
    def is_attended(self) -> bool:
        return self.attendance is not None and self.attendance.attended

    @property
    def is_missed(self) -> bool:
        return self.attendance is not None and not self.attendance.attended

    @property
    def signed_up(self) -> Meeting | None:
        """The first session that this doctor is to attend, or whose attendance is not confirmed."""
        return next((one for one in self.meetings if one.sign_up), None)


@dataclass(frozen=True)
class CourseLine:
    course: Course
    modules: tuple[ModuleLine, ...]
    is_of_pathway: bool  # else of one the doctor has moved from

    @property
    def confirmed_count(self) -> int:
        return sum(one.is_confirmed for one in self.modules)

    @property
    def meetings(self) -> tuple[Meeting, ...]:
        """What lies ahead, the first first; and what one is signed up for and nobody confirmed."""
        found = [
            meeting
            for line in self.modules
            for meeting in line.meetings
            if not meeting.is_over or (meeting.sign_up and not line.attendance)
        ]
        return tuple(sorted(found, key=lambda one: (one.session.starts_on, one.session.pk)))

    @property
    def out_of_order(self) -> tuple[ModuleLine, ...]:
        """Confirmed modules that have an unconfirmed one before them."""
        if not self.course.in_order:
            return ()
        first_open = next(
            (place for place, one in enumerate(self.modules) if not one.is_confirmed),
            len(self.modules),
        )
        return tuple(one for one in self.modules[first_open:] if one.is_confirmed)


def courses_of(training: Training, *, on: dt.date) -> tuple[CourseLine, ...]:
    """The courses of the training's pathway. Five queries, however many modules and sessions."""
    attendances = standing_attendances([training.pk])
    courses = _courses_met_by(training)
    certificates = _certificates_of(training)
    sessions = _sessions_for(training, courses)
    return tuple(
        CourseLine(
            course,
            tuple(
                _module_line(training, module, attendances, certificates, sessions, on)
                for module in course.modules.all()
            ),
            course.is_of_pathway,
        )
        for course in courses
    )


def _courses_met_by(training: Training) -> list[Course]:
    """Those of the pathway, and those that something is confirmed of from before a move."""
    of_pathway = Course.objects.filter(pathways=training.pathway_id)
    attended = CourseAttendance.objects.filter(training=training)
    courses = Course.objects.annotate(
        is_of_pathway=Exists(of_pathway.filter(pk=OuterRef("pk")))
    ).filter(Q(is_of_pathway=True) | Q(modules__in=attended.values("module")))
    modules = Prefetch("modules", CourseModule.objects.order_by("number"))
    ordered = courses.distinct().order_by("-is_of_pathway", "code")
    return list(ordered.prefetch_related(modules))


def _module_line(training, module, attendances, certificates, sessions, on) -> ModuleLine:
    attendance = attendances.get((training.pk, module.pk))
    own = tuple(_certificate(one) for one in certificates if one.module_id == module.pk)
    taken = (attendance is not None and attendance.attended) or any(one.is_confirmed for one in own)
    meetings = tuple(
        Meeting(session, next(iter(session.own_sign_ups), None), taken, on)
        for session in sessions
        if session.module_id == module.pk
    )
    return ModuleLine(module, attendance, own, meetings)


def _certificates_of(training: Training) -> list[Document]:
    uploaded = Document.objects.standing().filter(
        training=training, kind=DocumentKind.COURSE_CERTIFICATE, module__isnull=False
    )
    return list(uploaded.select_related("confirmation__actor"))


def _certificate(document: Document) -> Certificate:
    confirmation = getattr(document, "confirmation", None)
    return Certificate(
        title=document.title,
        issued_on=document.issued_on,
        confirmed_by=confirmation.actor.name if confirmation else "",
        confirmed_on=confirmation.acted_at if confirmation else None,
    )


def _sessions_for(training: Training, courses: Iterable[Course]) -> list[CourseSession]:
    own = CourseSignUp.objects.filter(training=training, cancelled_at__isnull=True)
    return list(
        sessions_open_to(training)
        .filter(module__course__in=courses)
        .prefetch_related(Prefetch("sign_ups", own, to_attr="own_sign_ups"))
    )


def sessions_open_to(training: Training) -> QuerySet[CourseSession]:
    """Those for everybody, for a cohort of the trainee, or that the trainee is signed up for."""
    own = CohortMembership.objects.in_force().filter(user=training.trainee_id)
    signed_up = CourseSignUp.objects.filter(training=training, cancelled_at__isnull=True)
    return CourseSession.objects.filter(
        Q(cohort__isnull=True)
        | Q(cohort__in=own.values("cohort"))
        | Q(pk__in=signed_up.values("session"))
    ).select_related("module__course")


def own_sign_ups(user) -> QuerySet[CourseSignUp]:
    return CourseSignUp.objects.filter(training__trainee=user).select_related(
        "training__pathway", "session__module__course"
    )


# --- The programme leader's pages ----------------------------------------------------------------


def led_cohorts(user) -> QuerySet:
    """The cohorts this person leads today, as rows of leadership."""
    return CohortLeadership.objects.in_force().filter(user=user)


def sessions_led_by(user) -> QuerySet[CourseSession]:
    """Sessions of the cohorts the person leads, and those that are for everybody."""
    led = led_cohorts(user)
    return CourseSession.objects.filter(
        Exists(led), Q(cohort__isnull=True) | Q(cohort__in=led.values("cohort"))
    ).select_related("module__course", "cohort")


def modules_offered() -> QuerySet[CourseModule]:
    return CourseModule.objects.select_related("course").order_by("course__title", "number")


def cohorts_led_by(user) -> QuerySet[Cohort]:
    return Cohort.objects.filter(pk__in=led_cohorts(user).values("cohort")).order_by("name")


@dataclass(frozen=True)
class SessionLine:
    """One session in the leader's list."""

    session: CourseSession
    signed_up: int
    attended: int
    on: dt.date

    @property
    def is_over(self) -> bool:
        return self.session.ends_on < self.on

    @property
    def awaits_confirmation(self) -> bool:
        return days_of(self.session).is_confirmable(self.on) and not self.attended


def session_lines(user, *, on: dt.date) -> tuple[SessionLine, ...]:
    """The nearest first among those ahead, then those held, the latest first. Four queries."""
    sessions = list(sessions_led_by(user))
    followed = Training.objects.in_cohort_of(user).values("pk")
    sign_ups = CourseSignUp.objects.filter(
        session__in=sessions, cancelled_at__isnull=True, training__in=followed
    ).values_list("session_id", flat=True)
    booked = list(sign_ups)
    latest = standing_attendances(followed.values_list("pk", flat=True)).values()
    confirmed = [one.session_id for one in latest if one.attended]
    lines = [
        SessionLine(one, booked.count(one.pk), confirmed.count(one.pk), on) for one in sessions
    ]
    ahead = [one for one in lines if not one.is_over]
    held = [one for one in lines if one.is_over]
    return (*ahead, *reversed(held))


@dataclass(frozen=True)
class Participant:
    """A doctor whom this leader can confirm, and the word that stands."""

    training: Training
    is_signed_up: bool
    attendance: CourseAttendance | None

    @property
    def name(self) -> str:
        return self.training.trainee.name

    def attended_at(self, session: CourseSession) -> bool:
        word = self.attendance
        return word is not None and word.attended and word.session_id == session.pk


def participants_of(session: CourseSession, user) -> tuple[Participant, ...]:
    """Members of the session's cohort, who have signed up, and who are confirmed for it; those
    among them whom this leader follows, and whose pathway has the course. Two queries."""
    signed_up = CourseSignUp.objects.filter(session=session, cancelled_at__isnull=True)
    members = CohortMembership.objects.in_force().filter(
        cohort__isnull=False, cohort=session.cohort_id
    )
    trainings = (
        followed_with_course(user, session)
        .annotate(is_signed_up=Exists(signed_up.filter(training=OuterRef("pk"))))
        .filter(
            Q(is_signed_up=True)
            | Q(trainee__in=members.values("user"))
            | Q(pk__in=CourseAttendance.objects.filter(session=session).values("training"))
        )
    )
    found = list(trainings)
    standing = standing_attendances([one.pk for one in found], [session.module_id])
    people = [
        Participant(one, one.is_signed_up, standing.get((one.pk, session.module_id)))
        for one in found
    ]
    return tuple(sorted(people, key=lambda one: norwegian_key(one.name)))


def followed_with_course(user, session: CourseSession) -> QuerySet[Training]:
    """Whose attendance at the session this leader may confirm: never their own."""
    return (
        Training.objects.in_cohort_of(user)
        .exclude(trainee=user)
        .filter(ended_on__isnull=True, pathway__courses=session.module.course_id)
        .select_related("trainee")
    )


# --- A list of attendance ------------------------------------------------------------------------


def judged_list(lines: Iterable[Line], session: CourseSession, user) -> Judgement:
    """Whom the list confirms. Four queries, however long it is."""
    lines = list(lines)
    facts = SessionFacts(session.module.number, session.starts_on, session.ends_on)
    return judge(lines, doctors=_doctors_on(lines, session, user), session=facts)


def _doctors_on(lines: list[Line], session: CourseSession, user) -> list[Doctor]:
    people = list(_people_on(lines))
    led = led_cohorts(user).values("cohort")
    members = CohortMembership.objects.in_force().filter(cohort__in=led, user__in=people)
    followed = set(members.values_list("user_id", flat=True))
    trainings = {
        one.trainee_id: one.pk
        for one in followed_with_course(user, session).filter(trainee__in=people)
    }
    standing = standing_attendances(trainings.values(), [session.module_id])
    return [
        Doctor(
            user_id=one.pk,
            name=one.name,
            hpr_number=one.hpr_number,
            email=one.email,
            is_oneself=one.pk == user.pk,
            is_followed=one.pk in followed,
            training_id=trainings.get(one.pk),
            standing=_mark(standing.get((trainings.get(one.pk), session.module_id))),
        )
        for one in people
    ]


def _people_on(lines: list[Line]) -> QuerySet[User]:
    """Excel drops the zeros that a number begins with."""
    bare = Func(F("hpr_number"), Value("0"), function="LTRIM", output_field=CharField())
    return User.objects.annotate(bare_number=bare).filter(
        Q(bare_number__in={line.hpr_number for line in lines if line.hpr_number})
        | Q(email__in={line.email for line in lines if line.email})
    )


def _mark(attendance: CourseAttendance | None) -> Mark | None:
    return Mark(attendance.attended, attendance.completed_on) if attendance else None
