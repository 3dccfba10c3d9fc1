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
    DateTimeField,
    Exists,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio.models import (
    AssessmentRequest,
    Claim,
    Placement,
    Recommendation,
    RecommendationRequest,
)


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
        wait = Wait(
            training_id, what, Role(role), person, goal, curriculum, timezone.localdate(since)
        )
        found[training_id].append(wait)
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
            claim__in=Claim.objects.open(),
            claim__progress__training__in=trainings,
        ),
        progress="claim__progress__",
        what=_text("recommendation"),
        in_role=F("role"),
        person=F("asked_of__name"),
        since=F("asked_at"),
    )


def _decisions(trainings: list[int]) -> QuerySet:
    """Claims the head can decide, by the database's own word for §26; from the last answer on."""
    is_ready = Func(F("pk"), function="palmappen_is_ready", output_field=BooleanField())
    return _columns(
        Claim.objects.open().filter(is_ready, progress__training__in=trainings),
        progress="progress__",
        what=_text("decision"),
        in_role=_text(Role.DEPARTMENT_HEAD),
        person=_heads(),
        since=Coalesce(
            Max("recommendations__acted_at"), F("claimed_at"), output_field=DateTimeField()
        ),
    )


def _heads() -> Func:
    """Today's heads where the doctor serves, by name: «Anne Demo, Bo Demo»; empty without any."""
    places = Placement.objects.in_force().filter(training=OuterRef(OuterRef("progress__training")))
    heads = (
        RoleAssignment.objects.of(Role.DEPARTMENT_HEAD)
        .in_force()
        .filter(
            Q(department__in=places.values("department"))
            | Q(institution__in=places.values("department__institution")),
            user__is_active=True,
        )
        .exclude(user=OuterRef("progress__training__trainee"))
    )
    names = heads.order_by("user__name").values("user__name").distinct()
    return Func(
        ArraySubquery(names), Value(", "), function="array_to_string", output_field=CharField()
    )
