"""What waits because of claims: recommendations, decisions, and goals sent back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from curriculum.models import LearningGoal
from institutions.enums import Role
from portfolio import rules
from portfolio.enums import ProgressState
from portfolio.models import (
    Assessment,
    Claim,
    Decision,
    GoalProgress,
    Recommendation,
    RecommendationRequest,
    Training,
)
from portfolio.queries.claims import json_rows, moment
from portfolio.queries.heads import heads_over
from portfolio.queries.home.rows import (
    Row,
    goal_url,
    local_day_of,
    person,
    remind_url_of,
    shortened,
)


def open_claims(training: Training) -> list[Claim]:
    """Open claims with who was asked, who answered and whose cited assessment recommends."""
    of_claim = Q(claim=OuterRef("pk"))
    ticked = Assessment.objects.standing().filter(citations__claim=OuterRef("pk"), recommends=True)
    return list(
        Claim.objects.open()
        .filter(progress__training=training)
        .select_related("progress__goal__curriculum")
        .annotate(
            asked=json_rows(
                RecommendationRequest.objects.filter(of_claim, withdrawn_at__isnull=True),
                pk="pk",
                person="asked_of",
                name="asked_of__name",
                role="role",
                asked_at="asked_at",
                reminded_at="reminded_at",
            ),
            said=json_rows(
                Recommendation.objects.filter(of_claim),
                person="actor",
                role="actor_role",
                recommends="recommends",
            ),
            ticked=json_rows(ticked, person="actor", role="actor_role"),
        )
    )


def _readiness(claim: Claim) -> rules.Readiness:
    said = [
        rules.Opinion(one["person"], Role(one["role"]), one["recommends"]) for one in claim.said
    ]
    ticks = [
        rules.Opinion(one["person"], Role(one["role"]), True, by_tick=True) for one in claim.ticked
    ]
    return rules.readiness(said, ticks)


def _unanswered(claim: Claim) -> list[dict]:
    spoken = {one["person"] for one in claim.said}
    return [one for one in claim.asked if one["person"] not in spoken]


def _claim_url(claim: Claim) -> str:
    goal = claim.progress.goal
    return goal_url(claim.progress.training_id, goal.curriculum.code, goal.code)


def claims_for_me(claims: Iterable[Claim]) -> Iterator[Row]:
    """Where a role that must speak has neither spoken nor been asked (§26)."""
    for one in claims:
        missing = set(_readiness(one).missing) - {Role(asked["role"]) for asked in _unanswered(one)}
        if missing:
            roles = _(" og ").join(sorted(str(role.label).lower() for role in missing))
            yield Row(
                title=_("Be om anbefaling, %(code)s") % {"code": one.progress.goal.code},
                url=reverse("portfolio:recommendation_request", args=[one.pk]),
                who=_("Mangler fra %(roles)s") % {"roles": roles},
                since=local_day_of(one.claimed_at),
            )


def claims_for_others(claims: Iterable[Claim], *, heads: str) -> Iterator[Row]:
    for one in claims:
        code = {"code": one.progress.goal.code}
        if _readiness(one).ready:
            yield Row(
                title=_("Avgjørelse, %(code)s") % code,
                url=_claim_url(one),
                who=heads or _("Leder ved tjenestestedet"),
                since=local_day_of(one.claimed_at),
            )
        for asked in _unanswered(one):
            asked_at, reminded_at = moment(asked["asked_at"]), moment(asked["reminded_at"])
            request = RecommendationRequest(
                pk=asked["pk"], asked_at=asked_at, reminded_at=reminded_at
            )
            yield Row(
                title=_("Anbefaling, %(code)s") % code,
                url=_claim_url(one),
                who=person(asked["role"], asked["name"]),
                since=local_day_of(asked_at),
                remind_url=remind_url_of(request, "portfolio:recommendation_remind"),
            )


def heads_of(training: Training, claims: Iterable[Claim]) -> str:
    """Who decides where one serves now. Asked for only where a claim is ready for it."""
    if not any(_readiness(one).ready for one in claims):
        return ""
    heads = heads_over(training.pk, trainee=training.trainee_id).order_by(
        "department", "user__name"
    )
    first = heads.values_list("user__name", flat=True).first()
    return person(Role.DEPARTMENT_HEAD, first) if first else ""


@dataclass(frozen=True)
class Approved:
    """How far one has come: «44 av 73 mål er godkjent»."""

    count: int
    total: int


def approved_goals(training: Training) -> Approved:
    """Of the goals that the pathway requires, as in the list of goals. One query."""
    approved = GoalProgress.objects.filter(training=training, state=ProgressState.APPROVED)
    required = LearningGoal.objects.filter(
        required=True, curriculum__pathwaycurriculum__pathway=training.pathway_id
    )
    return Approved(
        **required.aggregate(
            total=Count("pk"),
            count=Count("pk", filter=Q(pk__in=approved.order_by().values("goal"))),
        )
    )


def sent_back_goals(training: Training) -> list[Row]:
    """Goals the head returned or refused, and that have not been claimed again."""
    progress = (
        GoalProgress.objects.filter(
            training=training, state__in=[ProgressState.RETURNED, ProgressState.REFUSED]
        )
        .select_related("goal__curriculum")
        .annotate(
            decisions=json_rows(
                Decision.objects.filter(claim__progress=OuterRef("pk")).order_by("-acted_at")[:1],
                name="actor__name",
                reason="reason",
                acted_at="acted_at",
            )
        )
    )
    return [_sent_back(one, one.decisions[0]) for one in progress if one.decisions]


def _sent_back(progress: GoalProgress, decision: dict) -> Row:
    refused = progress.state == ProgressState.REFUSED
    title = _("Ikke godkjent, %(code)s") if refused else _("Svar på kommentar, %(code)s")
    goal = progress.goal
    return Row(
        title=title % {"code": goal.code},
        url=goal_url(progress.training_id, goal.curriculum.code, goal.code),
        who=_("Fra leder %(name)s") % {"name": decision["name"]},
        since=local_day_of(moment(decision["acted_at"])),
        comment=shortened(decision["reason"]),
    )
