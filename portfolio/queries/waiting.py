"""«Venter på deg»: what this person can act on now, in all their hats."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from institutions.enums import Role
from portfolio.models import (
    AssessmentRequest,
    LearningActivity,
    RecommendationRequest,
    Training,
)
from portfolio.queries.assessments import activities_to_attest, with_subject
from portfolio.queries.decisions import QueuedClaim, decision_queue
from portfolio.queries.signatures import DOCUMENT, ToSign, to_sign

LONGEST_LIST = 50  # the oldest come first; what is behind them is reached as they are answered
EXPIRES_SOON = dt.timedelta(days=2)


@dataclass(frozen=True)
class WaitingItem:
    """One thing that waits for this person, and for how long."""

    pk: int  # of the request, the claim or the activity
    doctor: str
    doctor_title: str
    code: str  # of the goal; empty for an activity
    keyword: str
    about: str  # what the doctor calls the activity behind it, or wrote
    since: dt.date
    days: int
    expires_on: dt.date | None = None

    @property
    def expires_soon(self) -> bool:
        return bool(self.expires_on) and self.expires_on - timezone.localdate() <= EXPIRES_SOON


@dataclass(frozen=True)
class Waiting:
    requests: tuple[WaitingItem, ...]
    request_count: int
    recommendations: tuple[WaitingItem, ...]
    activities: tuple[WaitingItem, ...]
    claims: tuple[QueuedClaim, ...]
    to_attest: tuple[WaitingItem, ...] = ()  # service, as its head
    to_countersign: tuple[WaitingItem, ...] = ()  # the same, as medical lead
    plans: tuple[WaitingItem, ...] = ()  # to agree to
    document_count: int = 0  # to hold against the original; they have a page of their own

    @property
    def ready_claims(self) -> tuple[QueuedClaim, ...]:
        return self._longest_waiting(ready=True)

    @property
    def unready_claims(self) -> tuple[QueuedClaim, ...]:
        return self._longest_waiting(ready=False)

    def _longest_waiting(self, *, ready: bool) -> tuple[QueuedClaim, ...]:
        """Oldest first: the page shows only the first few."""
        found = (one for one in self.claims if one.ready == ready)
        return tuple(sorted(found, key=lambda one: one.claimed_on))

    @property
    def count(self) -> int:
        """What this person can act on now."""
        others = (
            self.recommendations,
            self.activities,
            self.ready_claims,
            self.to_attest,
            self.to_countersign,
            self.plans,
        )
        return self.request_count + self.document_count + sum(map(len, others))


def waiting_for(user, *, signs: bool = False) -> Waiting:
    """At most eight queries; fewer for those who are not heads."""
    requests = AssessmentRequest.objects.awaiting(user)
    oldest = tuple(_request_item(one) for one in with_subject(requests)[:LONGEST_LIST])
    return Waiting(
        requests=oldest,
        request_count=requests.count() if len(oldest) == LONGEST_LIST else len(oldest),
        recommendations=tuple(_recommendation_item(one) for one in _recommendations(user)),
        activities=tuple(_activity_item(one) for one in activities_to_attest(user)),
        claims=decision_queue(user),
        **(_signatures(user) if signs else {}),
    )


def _signatures(user) -> dict[str, tuple[WaitingItem, ...] | int]:
    found = to_sign(user)
    lists = {"to_attest": Role.DEPARTMENT_HEAD, "to_countersign": Role.MEDICAL_LEAD}
    return {
        name: tuple(_to_sign_item(one) for one in found if not one.is_plan and one.kind == role)
        for name, role in lists.items()
    } | {
        "plans": tuple(_to_sign_item(one) for one in found if one.is_plan),
        "document_count": sum(one.kind == DOCUMENT for one in found),
    }


def _to_sign_item(one: ToSign) -> WaitingItem:
    since = timezone.localdate(one.since)
    return WaitingItem(
        pk=one.pk,
        doctor=one.doctor,
        doctor_title=one.doctor_title,
        code="",
        keyword="",
        about=one.about,
        since=since,
        days=(timezone.localdate() - since).days,
    )


def _recommendations(user) -> QuerySet:
    asked = RecommendationRequest.objects.awaiting(user)
    return asked.select_related(
        "claim__progress__training__trainee",
        "claim__progress__training__pathway",
        "claim__progress__goal",
    )


def _item(
    training: Training, *, pk: int, since: dt.datetime, goal=None, **fields: object
) -> WaitingItem:
    since_day = timezone.localdate(since)
    return WaitingItem(
        pk=pk,
        doctor=training.trainee.name,
        doctor_title=training.pathway.doctor_title,
        code=goal.code if goal else "",
        keyword=goal.keyword if goal else "",
        since=since_day,
        days=(timezone.localdate() - since_day).days,
        **fields,
    )


def _request_item(request: AssessmentRequest) -> WaitingItem:
    return _item(
        request.training,
        pk=request.pk,
        since=request.asked_at,
        goal=request.goal,
        about=request.activity.heading if request.activity else request.comment,
        expires_on=request.expires_on,
    )


def _recommendation_item(request: RecommendationRequest) -> WaitingItem:
    progress = request.claim.progress
    return _item(
        progress.training,
        pk=request.claim_id,
        since=request.asked_at,
        goal=progress.goal,
        about=request.claim.comment,
    )


def _activity_item(activity: LearningActivity) -> WaitingItem:
    return _item(activity.training, pk=activity.pk, since=activity.sent_at, about=activity.heading)
