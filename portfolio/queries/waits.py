"""What waits for others: the leader's list, one doctor's page, the report."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    Func,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio.enums import ClaimState
from portfolio.models import (
    AssessmentRequest,
    Claim,
    Recommendation,
    RecommendationRequest,
)
from portfolio.queries.heads import heads_over


@dataclass(frozen=True)
class Wait:
    """One thing asked of somebody else, and not yet answered."""

    training_id: int
    what: str  # assessment, recommendation or decision
    role: Role  # with whom it lies
    person: str  # for a decision the heads of the placement, any of whom may make it
    goal_code: str
    curriculum_code: str
    since: dt.date

    def days(self, on: dt.date) -> int:
        return (on - self.since).days


def waits_of(trainings: Iterable[int]) -> dict[int, list[Wait]]:
    """Per training (its id), the oldest first. One query, whatever the number of trainings."""
    trainings = list(trainings)
    rows = _assessments(trainings).union(
        _recommendations(trainings), _decisions(trainings), all=True
    )
    found: dict[int, list[Wait]] = defaultdict(list)
    for training_id, what, role, person, goal, curriculum, since in rows.order_by("since"):
        if what:
            day = timezone.localdate(since)
            found[training_id].append(
                Wait(training_id, what, Role(role), person, goal, curriculum, day)
            )
    return found


COLUMNS = ("training_pk", "what", "in_role", "person", "goal_code", "curriculum_code", "since")


def _columns(rows: QuerySet, *, progress: str = "", **columns) -> QuerySet:
    """The same seven columns from three tables; `progress` is the path to training and goal."""
    return (
        rows.order_by()
        .annotate(
            training_pk=F(f"{progress}training_id"),
            goal_code=F(f"{progress}goal__code"),
            curriculum_code=F(f"{progress}goal__curriculum__code"),
            **columns,
        )
        .values_list(*COLUMNS)
    )


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _assessments(trainings: list[int]) -> QuerySet:
    return _columns(
        AssessmentRequest.objects.open().filter(training__in=trainings),
        what=_text("assessment"),
        in_role=_role_asked(),
        person=F("asked_of__name"),
        since=F("asked_at"),
    )


def _role_asked() -> Case:
    """As they would sign: a clinical supervisor, else the doctor's veileder."""
    clinical = (
        RoleAssignment.objects.of(Role.CLINICAL_SUPERVISOR)
        .in_force()
        .filter(user=OuterRef("asked_of"))
    )
    return Case(
        When(Exists(clinical), then=_text(Role.CLINICAL_SUPERVISOR)),
        default=_text(Role.EDUCATIONAL_SUPERVISOR),
    )


def _recommendations(trainings: list[int]) -> QuerySet:
    answered = Recommendation.objects.filter(claim=OuterRef("claim"), actor=OuterRef("asked_of"))
    return _columns(
        RecommendationRequest.objects.filter(
            ~Exists(answered),
            withdrawn_at__isnull=True,
            claim__state=ClaimState.OPEN,
            claim__progress__training__in=trainings,
        ),
        progress="claim__progress__",
        what=_text("recommendation"),
        in_role=F("role"),
        person=F("asked_of__name"),
        since=F("asked_at"),
    )


def _decisions(trainings: list[int]) -> QuerySet:
    """Open claims, from the last answer on. What waits is named only where the head can decide, by
    the database's own word for §26: in a filter it would be asked of every open claim there is."""
    is_ready = Func(F("pk"), function="palmappen_is_ready", output_field=BooleanField())
    answers = Recommendation.objects.filter(claim=OuterRef("pk")).order_by("-acted_at")
    return _columns(
        Claim.objects.open().filter(progress__training__in=trainings),
        progress="progress__",
        what=Case(When(is_ready, then=_text("decision")), default=_text("")),
        in_role=_text(Role.DEPARTMENT_HEAD),
        person=_heads(),
        since=Coalesce(Subquery(answers.values("acted_at")[:1]), F("claimed_at")),
    )


def _heads() -> Func:
    """«Anne Demo, Bo Demo»; empty without any."""
    heads = heads_over(
        OuterRef(OuterRef("progress__training")), trainee=OuterRef("progress__training__trainee")
    )
    names = heads.values("user__name").distinct()
    return Func(
        ArraySubquery(names), Value(", "), function="array_to_string", output_field=CharField()
    )
