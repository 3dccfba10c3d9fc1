"""What a person has signed, for good."""

import datetime as dt
import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from curriculum.queries import Goal, Passage, Statement
from curriculum.rules import level_label
from portfolio import rules
from portfolio.models import (
    WHOLE_GOAL,
    Assessment,
    Attestation,
    CitedAssessment,
    Event,
    Recommendation,
    Training,
)
from portfolio.models.training import holds_supervisor_role
from portfolio.queries.activities import is_told
from portfolio.queries.assessments import ActivityFacts, goal_of, kind_worth_saying


@dataclass(frozen=True)
class JustSigned:
    """For the quiet line after a signature."""

    pk: int
    code: str
    doctor: str
    until: dt.datetime


def just_signed(user, pk: str | None) -> JustSigned | None:
    """The assessment that the page before signed, while it can still be retracted."""
    if not pk or not pk.isdecimal():
        return None
    signed = (
        Assessment.objects.standing()
        .filter(actor=user, pk=pk, acted_at__gt=timezone.now() - rules.RETRACTABLE_FOR)
        .select_related("training__trainee", "goal")
        .first()
    )
    return signed and JustSigned(
        pk=signed.pk,
        code=signed.goal.code,
        doctor=signed.training.trainee.first_name,
        until=rules.retractable_until(signed.acted_at),
    )


@dataclass(frozen=True, kw_only=True)
class SignedAct:
    """One line of «Signert»."""

    pk: int
    doctor: str
    title: str  # the goal, or what the doctor calls the activity
    url: str  # empty where the person no longer sees what it concerned
    signed_at: dt.datetime

    @property
    def signed_on(self) -> dt.date:
        return timezone.localdate(self.signed_at)

    @property
    def is_this_year(self) -> bool:
        return self.signed_on.year == timezone.localdate().year


@dataclass(frozen=True, kw_only=True)
class SignedRow(SignedAct):
    kind = "assessment"
    code: str
    levels: tuple[tuple[int | None, int | None], ...]  # (shown, required) per statement
    recommends: bool
    is_correction: bool
    is_retracted: bool
    is_corrected: bool
    retractable_until: dt.datetime | None
    may_correct: bool


@dataclass(frozen=True, kw_only=True)
class RecommendedRow(SignedAct):
    kind = "recommendation"
    recommends: bool


@dataclass(frozen=True, kw_only=True)
class AttestedRow(SignedAct):
    kind = "attestation"


def signed_by(user) -> QuerySet:
    """Newest first: which act, of which kind. Make rows of a page of it with `signed_rows`.

    An attestation given in the same act as an assessment is told by the assessment.
    """
    acts = [
        (SignedRow.kind, Assessment.objects.filter(actor=user)),
        (RecommendedRow.kind, Recommendation.objects.filter(actor=user)),
        (AttestedRow.kind, Attestation.objects.filter(actor=user, assessment=None)),
    ]
    first, *others = (
        rows.order_by().annotate(kind=Value(kind)).values("kind", "id", "acted_at")
        for kind, rows in acts
    )
    return first.union(*others, all=True).order_by("-acted_at", "-id")


def signed_rows(signed, user) -> list[SignedAct]:
    """At most four queries: one or two for each kind that is on the page."""
    signed = list(signed)
    makers = {
        SignedRow.kind: _assessed,
        RecommendedRow.kind: _recommended,
        AttestedRow.kind: _attested,
    }
    made = {}
    for kind, make in makers.items():
        if wanted := [one["id"] for one in signed if one["kind"] == kind]:
            made |= {(kind, row.pk): row for row in make(wanted, user)}
    return [made[one["kind"], one["id"]] for one in signed]


def _recommended(wanted: list[int], user) -> list[RecommendedRow]:
    of_training = Training.objects.visible_to(user).filter(pk=OuterRef("claim__progress__training"))
    said = (
        Recommendation.objects.filter(pk__in=wanted)
        .select_related("claim__progress__training__trainee", "claim__progress__goal__curriculum")
        .annotate(sees_goal=Exists(of_training))
    )
    return [_recommended_row(one) for one in said]


def _recommended_row(said: Recommendation) -> RecommendedRow:
    progress = said.claim.progress
    goal = progress.goal
    page = (progress.training_id, goal.curriculum.code, goal.code)
    return RecommendedRow(
        pk=said.pk,
        doctor=progress.training.trainee.name,
        title=f"{goal.code} {goal.keyword}".strip(),
        url=reverse("portfolio:goal_detail", args=page) if said.sees_goal else "",
        signed_at=said.acted_at,
        recommends=said.recommends,
    )


def _attested(wanted: list[int], user) -> list[AttestedRow]:
    """What one attested oneself, one sees for good."""
    attested = Attestation.objects.filter(pk__in=wanted)
    return [
        AttestedRow(
            pk=one.pk,
            doctor=one.activity.training.trainee.name,
            title=one.activity.heading,
            url=reverse("portfolio:activity_detail", args=[one.activity_id]),
            signed_at=one.acted_at,
        )
        for one in attested.select_related("activity__training__trainee")
    ]


def _assessed(wanted: list[int], user) -> list[SignedRow]:
    now = timezone.now()
    signed = (
        Assessment.objects.filter(pk__in=wanted)
        .select_related("training__trainee", "goal", "retraction", "corrected_by")
        .prefetch_related("goal__statements")
        .annotate(
            is_cited=Exists(CitedAssessment.objects.filter(assessment=OuterRef("pk"))),
            holds_role=ExpressionWrapper(
                holds_supervisor_role(user, training="training"), output_field=BooleanField()
            ),
        )
    )
    return [_signed_row(one, now=now) for one in signed]


def _signed_row(signed: Assessment, *, now: dt.datetime) -> SignedRow:
    is_retracted = hasattr(signed, "retraction")
    is_corrected = hasattr(signed, "corrected_by")
    refusal = rules.retraction_refusal(
        acted_at=signed.acted_at, now=now, built_on=signed.is_cited or is_corrected
    )
    may_retract = refusal is None and not is_retracted and signed.holds_role
    required = {one.order: one.level for one in signed.goal.statements.all()}
    return SignedRow(
        pk=signed.pk,
        doctor=signed.training.trainee.name,
        title=f"{signed.goal.code} {signed.goal.keyword}".strip(),
        url=reverse("portfolio:assessment_detail", args=[signed.pk]),
        code=signed.goal.code,
        signed_at=signed.acted_at,
        levels=tuple(
            (signed.level_of(order), level)
            for order, level in (required or {WHOLE_GOAL: None}).items()
        ),
        recommends=signed.recommends,
        is_correction=signed.corrects_id is not None,
        is_retracted=is_retracted,
        is_corrected=is_corrected,
        retractable_until=rules.retractable_until(signed.acted_at) if may_retract else None,
        may_correct=signed.holds_role and not is_retracted and not is_corrected,
    )


@dataclass(frozen=True)
class SignedLevel:
    statement: Statement | None  # None: the goal as a whole
    passages: tuple[Passage, ...]  # the sentence it stands in; of a whole goal, all of them
    level: int | None

    @property
    def label(self) -> str:
        if self.level is None:
            return ""
        if self.statement is None:
            return level_label(None, self.level)
        return level_label(self.statement.kind, self.level, self.statement.in_team)


@dataclass(frozen=True)
class SignedRecord:
    """One signature for good: what was shown, and what became of it."""

    assessment: Assessment
    goal: Goal
    levels: tuple[SignedLevel, ...]
    activity: ActivityFacts | None
    retractable_until: dt.datetime | None

    @property
    def is_retracted(self) -> bool:
        return hasattr(self.assessment, "retraction")

    @property
    def is_corrected(self) -> bool:
        return hasattr(self.assessment, "corrected_by")


def with_subject(assessments: QuerySet) -> QuerySet:
    return assessments.select_related(
        "actor",
        "training__trainee",
        "training__pathway",
        "goal__curriculum",
        "activity",
        "corrects",
        "corrected_by",
        "retraction",
    )


def is_replaced(assessment: Assessment, *, except_key: UUID | None = None) -> bool:
    """Retracted, or corrected by another act than the one with this key."""
    corrections = Assessment.objects.filter(corrects=assessment).exclude(key=except_key)
    return hasattr(assessment, "retraction") or corrections.exists()


def signed_record(assessment: Assessment, reader) -> SignedRecord:
    """Three queries, and one more for guidance. The activity is shown as it stood when it was
    signed, from the ledger."""
    goal = goal_of(assessment)
    refusal = rules.retraction_refusal(
        acted_at=assessment.acted_at,
        now=timezone.now(),
        built_on=assessment.citations.exists() or hasattr(assessment, "corrected_by"),
    )
    may_retract = refusal is None and not hasattr(assessment, "retraction")
    return SignedRecord(
        assessment=assessment,
        goal=goal,
        levels=_signed_levels(assessment, goal),
        activity=_activity_when_signed(assessment, reader),
        retractable_until=(rules.retractable_until(assessment.acted_at) if may_retract else None),
    )


def _signed_levels(assessment: Assessment, goal: Goal) -> tuple[SignedLevel, ...]:
    if not goal.statements:
        return (SignedLevel(None, goal.passages, assessment.level_of(WHOLE_GOAL)),)
    return tuple(
        SignedLevel(statement, (passage,), assessment.level_of(statement.order))
        for passage in goal.passages
        for statement in passage.statements
    )


def _activity_when_signed(assessment: Assessment, reader) -> ActivityFacts | None:
    events = Event.objects.filter(
        training=assessment.training_id, subject=f"assessment:{assessment.pk}"
    )
    content = events.order_by("sequence").values_list("content", flat=True).first()
    told = json.loads(content)["activity"] if content else None
    if told is None:
        return None
    return ActivityFacts(
        kind=kind_worth_saying(told["kind"]),
        starts_on=dt.date.fromisoformat(told["starts_on"]),
        ends_on=dt.date.fromisoformat(told["ends_on"]) if told["ends_on"] else None,
        place=told["department"],
        performed_as=told["performed_as"],
        note=told["note"] if is_told(assessment.activity, reader) else "",
        goals=tuple(code.rpartition("/")[2] for code in told["goals"]),
    )
