"""What waits because of activities and requests for assessment."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.enums import AttestedBy, Role
from institutions.models import RoleAssignment
from portfolio.enums import ActivityState, RequestState
from portfolio.models import (
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    EducationalSupervision,
    LearningActivity,
    Training,
)
from portfolio.queries.home.rows import (
    Row,
    goal_url,
    local_day_of,
    person,
    remind_url_of,
    shortened,
)

EXPIRES_SOON = dt.timedelta(days=7)
FORGOTTEN_AFTER = dt.timedelta(days=60)  # an expired request nobody misses leaves home

# --- Activities ----------------------------------------------------------------------------------


def waiting_activities(training: Training):
    """Those that wait for somebody: drafts, returned, and sent ones that the veileder attests."""
    codes = ActivityGoal.objects.filter(activity=OuterRef("pk")).order_by("goal__position")
    unanswered = AssessmentRequest.objects.filter(activity=OuterRef("pk"), state=RequestState.OPEN)
    guides = EducationalSupervision.objects.in_force().filter(training=training)
    by_guide = Q(
        state=ActivityState.SENT,
        department__institution__activities_attested_by=AttestedBy.EDUCATIONAL_SUPERVISOR,
    ) & ~Exists(unanswered)
    waiting = Q(state__in=[ActivityState.DRAFT, ActivityState.RETURNED]) | by_guide
    return (
        training.activities.filter(waiting)
        .select_related("supervisor")
        .annotate(
            codes=ArraySubquery(codes.values("goal__code")),
            guide=guides.values("supervisor__name")[:1],
        )
    )


def of_state(activities: Iterable[LearningActivity], state: str) -> Iterator[LearningActivity]:
    return (one for one in activities if one.state == state)


def returned_activities(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in of_state(activities, ActivityState.RETURNED):
        yield Row(
            title=_("Svar på kommentar, %(subject)s")
            % {"subject": ", ".join(one.codes) or one.heading},
            url=reverse("portfolio:activity_detail", args=[one.pk]),
            who=_("Fra %(name)s") % {"name": one.supervisor.name},
            since=local_day_of(one.updated_at),
            comment=shortened(one.returned_comment),
        )


def drafts(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in of_state(activities, ActivityState.DRAFT):
        yield Row(
            title=one.heading,
            url=reverse("portfolio:activity_edit", args=[one.pk]),
            who=", ".join([_("Ikke sendt"), *one.codes]),
            since=one.starts_on,
            shows_day=True,
        )


def attestations(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in of_state(activities, ActivityState.SENT):
        yield Row(
            title=_("Bekreftelse, %(heading)s") % {"heading": one.heading},
            url=reverse("portfolio:activity_detail", args=[one.pk]),
            who=person(Role.EDUCATIONAL_SUPERVISOR, one.guide or ""),
            since=local_day_of(one.sent_at),
        )


# --- Requests for assessment ---------------------------------------------------------------------


def waiting_requests(training: Training):
    """Open ones, and those returned or expired that nothing later has made up for."""
    today = timezone.localdate()
    later = AssessmentRequest.objects.filter(
        training=training,
        goal=OuterRef("goal"),
        asked_at__gt=OuterRef("asked_at"),
    ).exclude(state=RequestState.RECALLED)
    assessed = Assessment.objects.standing().filter(
        training=training, goal=OuterRef("goal"), acted_at__gt=OuterRef("asked_at")
    )
    unanswered = Q(state=RequestState.RETURNED, activity=None) | Q(
        state__in=[RequestState.OPEN, RequestState.EXPIRED],
        expires_on__gte=today - FORGOTTEN_AFTER,
    )
    still_open = Q(state=RequestState.OPEN, expires_on__gte=today)
    return (
        AssessmentRequest.objects.filter(training=training)
        .filter(still_open | (unanswered & ~Exists(later) & ~Exists(assessed)))
        .select_related("goal__curriculum", "asked_of")
        .annotate(
            asked_role=RoleAssignment.objects.in_force()
            .filter(user=OuterRef("asked_of"), role=Role.CLINICAL_SUPERVISOR)
            .values("role")[:1]
        )
    )


def _has_expired(request: AssessmentRequest) -> bool:
    return request.state == RequestState.EXPIRED or (
        request.state == RequestState.OPEN and request.expires_on < timezone.localdate()
    )


def _expires_soon(request: AssessmentRequest) -> bool:
    return (
        request.state == RequestState.OPEN
        and request.expires_on - timezone.localdate() <= EXPIRES_SOON
    )


def _asked(request: AssessmentRequest) -> str:
    return person(request.asked_role or Role.EDUCATIONAL_SUPERVISOR, request.asked_of.name)


def _request_url(request: AssessmentRequest) -> str:
    if request.activity_id:
        return reverse("portfolio:activity_detail", args=[request.activity_id])
    return goal_url(request.training_id, request.goal.curriculum.code, request.goal.code)


def requests_for_me(requests: Iterable[AssessmentRequest]) -> Iterator[Row]:
    for one in requests:
        code = {"code": one.goal.code}
        if one.state == RequestState.RETURNED:
            yield Row(
                title=_("Svar på kommentar, %(code)s") % code,
                url=_request_url(one),
                who=_("Fra %(name)s") % {"name": one.asked_of.name},
                since=local_day_of(one.answered_at),
                comment=shortened(one.return_comment),
            )
        elif _has_expired(one):
            yield Row(
                title=_("Be om vurdering på nytt, %(code)s") % code,
                url=_request_url(one),
                who=_("utløp hos %(name)s") % {"name": one.asked_of.name},
                since=local_day_of(one.asked_at),
                deadline=one.expires_on,
            )
        elif _expires_soon(one):
            yield Row(
                title=_("Vurderingen utløper, %(code)s") % code,
                url=_request_url(one),
                who=_asked(one),
                since=local_day_of(one.asked_at),
                deadline=one.expires_on,
                remind_url=remind_url_of(one, "portfolio:assessment_remind"),
            )


def requests_for_others(requests: Iterable[AssessmentRequest]) -> Iterator[Row]:
    for one in requests:
        waits = one.state == RequestState.OPEN and not _has_expired(one) and not _expires_soon(one)
        if waits:
            yield Row(
                title=_("Vurdering, %(code)s") % {"code": one.goal.code},
                url=_request_url(one),
                who=_asked(one),
                since=local_day_of(one.asked_at),
                remind_url=remind_url_of(one, "portfolio:assessment_remind"),
            )
