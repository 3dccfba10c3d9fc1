"""Everything one portfolio holds, fetched in a fixed number of queries and sorted by goal.

What the orderer's role may not see is left out here, so that no later step can print it: drafts,
private reflections (a table nobody here asks), and what was said in guidance.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Prefetch, Q
from django.utils import timezone

from accounts.models import User
from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio.enums import ActivityKind, ActivityState
from portfolio.models import (
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    Claim,
    EducationalSupervision,
    LearningActivity,
    Placement,
    Recommendation,
    RecommendationRequest,
    Training,
)

SHARED = (ActivityState.SENT, ActivityState.ATTESTED)
HEARS_GUIDANCE = (Role.TRAINEE, Role.EDUCATIONAL_SUPERVISOR)


@dataclass(frozen=True)
class Evidence:
    placements: list[Placement]
    supervisions: list[EducationalSupervision]
    heads: list[User]  # of the departments the trainee serves in today
    claims: dict[int, list[Claim]]  # by goal, the first first
    assessments: list[Assessment]  # standing, the newest first
    requests: list[AssessmentRequest]
    activities: list[LearningActivity]  # sent and attested, the newest first
    unsent: list[LearningActivity]  # drafts and returned: empty for all but the trainee

    @property
    def guide(self) -> User | None:
        """The educational supervisor today."""
        today = timezone.localdate()
        return next((one.supervisor for one in self.supervisions if one.covers(today)), None)

    @property
    def current_placements(self) -> list[Placement]:
        today = timezone.localdate()
        return [one for one in self.placements if one.covers(today)]


def gather(training: Training, *, role: str) -> Evidence:
    """Eleven queries, whatever the portfolio holds."""
    placements = list(training.placements.select_related("department__institution"))
    activities = _activities(training, role=role)
    return Evidence(
        placements=placements,
        supervisions=list(training.supervisions.select_related("supervisor")),
        heads=_heads(placements),
        claims=_claims(training),
        assessments=list(
            training.assessments.standing()
            .select_related("actor", "activity")
            .order_by("-seen_on", "-pk")
        ),
        requests=list(training.assessment_requests.open().select_related("asked_of", "activity")),
        activities=[one for one in activities if one.state in SHARED],
        unsent=[one for one in activities if one.state not in SHARED],
    )


def _activities(training: Training, *, role: str) -> list[LearningActivity]:
    rows = (
        training.activities.select_related(
            "department__institution", "supervisor", "attestation__actor"
        )
        .prefetch_related(
            Prefetch("activity_goals", ActivityGoal.objects.select_related("goal__curriculum"))
        )
        .order_by("-starts_on", "-pk")
    )
    if role != Role.TRAINEE:
        rows = rows.filter(state__in=SHARED)
    activities = list(rows)
    if role not in HEARS_GUIDANCE:
        for activity in activities:
            if activity.kind == ActivityKind.GUIDANCE:
                activity.note = ""
    return activities


def _claims(training: Training) -> dict[int, list[Claim]]:
    claims = (
        Claim.objects.filter(progress__training=training)
        .select_related("progress", "decision__actor", "decision__withdrawal__actor")
        .prefetch_related(
            Prefetch("recommendations", Recommendation.objects.select_related("actor")),
            Prefetch(
                "recommendation_requests",
                RecommendationRequest.objects.filter(withdrawn_at__isnull=True).select_related(
                    "asked_of"
                ),
            ),
            Prefetch(
                "assessments",
                Assessment.objects.standing().filter(recommends=True).select_related("actor"),
                to_attr="ticked",
            ),
        )
        .order_by("progress", "number")
    )
    return _by(claims, lambda one: one.progress.goal_id)


def _heads(placements: Iterable[Placement]) -> list[User]:
    today = timezone.localdate()
    departments = [one.department for one in placements if one.department_id and one.covers(today)]
    heads = (
        RoleAssignment.objects.filter(role=Role.DEPARTMENT_HEAD)
        .in_force(on=today)
        .filter(
            Q(department__in=[one.pk for one in departments])
            | Q(institution__in=[one.institution_id for one in departments])
        )
        .select_related("user")
        .order_by(F("department").asc(nulls_last=True), "user__name")
    )
    return list({one.user_id: one.user for one in heads}.values())


def _by(rows: Iterable, key) -> dict:
    groups = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return dict(groups)
