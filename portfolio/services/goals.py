"""From claim to decision (§26)."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import LearningGoal
from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import ClaimState, Outcome, ProgressState, Refusal, Verb
from portfolio.models import (
    ApprovalWithdrawal,
    Assessment,
    CitedAssessment,
    Claim,
    Decision,
    GoalProgress,
    Recommendation,
    RecommendationRequest,
    Training,
)
from portfolio.queries.claims import readiness_of
from portfolio.services import activities, notices
from portfolio.services.ledger import once, record


@once(Claim, owner="progress.training.trainee_id")
def claim_goal(
    *, training: Training, goal: LearningGoal, by, comment: str, key: UUID, version: int = 1
) -> Claim:
    """«Jeg melder målet som nådd»: cites every assessment of the goal that stands."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    activities.require_goals([goal], training)
    progress = _locked_progress(training, goal, version=version)
    refusal = rules.claim_refusal(
        decides_goals=training.pathway.decides_goals,
        state=progress.state,
        refused_on=refusal_days(progress),
        today=timezone.localdate(),
    )
    rules.require(refusal is None, refusal)
    claim = Claim.objects.create(
        progress=progress,
        number=progress.claims.count() + 1,
        comment=comment,
        claimed_at=timezone.now(),
        key=key,
    )
    cited = list(Assessment.objects.standing().filter(training=training, goal=goal))
    CitedAssessment.objects.bulk_create(
        [CitedAssessment(claim=claim, assessment=assessment) for assessment in cited]
    )
    _move(progress, ProgressState.CLAIMED)
    _record_claim(
        claim, actor=by, role=Role.TRAINEE, verb=Verb.GOAL_CLAIMED, cited=[one.pk for one in cited]
    )
    return claim


def refusal_days(progress: GoalProgress) -> list:
    return [
        timezone.localdate(moment)
        for moment in Decision.objects.filter(
            claim__progress=progress, outcome=Outcome.REFUSED
        ).values_list("acted_at", flat=True)
    ]


def _locked_progress(training: Training, goal: LearningGoal, *, version: int) -> GoalProgress:
    GoalProgress.objects.get_or_create(training=training, goal=goal)
    progress = GoalProgress.objects.select_for_update().get(training=training, goal=goal)
    if progress.version != version:
        raise rules.Stale
    return progress


def _move(progress: GoalProgress, state: ProgressState) -> None:
    progress.state = state
    progress.moved_on = timezone.localdate()
    progress.version += 1
    progress.save()


def _record_claim(claim: Claim, *, actor, role: str, verb: Verb, **more: object) -> None:
    goal = claim.progress.goal
    record(
        claim.progress.training,
        actor=actor,
        role=role,
        verb=verb,
        subject=claim,
        curriculum=goal.curriculum,
        content={
            "goal": goal.code,
            "goal_text": goal.text,
            "claim": claim.number,
            "comment": claim.comment,
            **more,
        },
    )


def _locked_open_claim(claim: Claim) -> Claim:
    claim = (
        Claim.objects.select_for_update(of=["self"])
        .select_related("progress__training__pathway", "progress__goal__curriculum")
        .get(pk=claim.pk)
    )
    if claim.state != ClaimState.OPEN:
        raise rules.Stale
    return claim


@transaction.atomic
def recall_claim(claim: Claim, *, by) -> None:
    claim = _locked_open_claim(claim)
    if not permissions.can_recall_claim(by, claim):
        raise PermissionDenied
    claim.state = ClaimState.RECALLED
    claim.save()
    _move(claim.progress, _state_before(claim))
    _record_claim(claim, actor=by, role=Role.TRAINEE, verb=Verb.CLAIM_RECALLED)


def _state_before(claim: Claim) -> ProgressState:
    """Back to what the last decision said: a goal sent back is still sent back. After an approval
    that was withdrawn it is open."""
    decided = Decision.objects.filter(claim__progress=claim.progress).order_by("-claim__number")
    last = decided.first()
    if last is None or hasattr(last, "withdrawal"):
        return ProgressState.OPEN
    return OUTCOME_STATE[Outcome(last.outcome)]


@transaction.atomic
def request_recommendations(
    claim: Claim, *, by, clinical_supervisors: Iterable, educational_supervisor=None
) -> list[RecommendationRequest]:
    """Asks both kinds of supervisor to speak of this claim. Who is asked already is not again."""
    claim = _locked_open_claim(claim)
    training = claim.progress.training
    if not permissions.can_log(by, training):
        raise PermissionDenied
    asked = [(one, Role.CLINICAL_SUPERVISOR) for one in clinical_supervisors]
    if educational_supervisor is not None:
        asked.append((educational_supervisor, Role.EDUCATIONAL_SUPERVISOR))
    return [_ask(claim, person, role, by=by) for person, role in asked]


def _ask(claim: Claim, person, role: Role, *, by) -> RecommendationRequest:
    training = claim.progress.training
    rules.require(person.pk != training.trainee_id, Refusal.ONESELF)
    rules.require(permissions.holds_role(person, role, training), Refusal.NOT_SUPERVISOR)
    request, new = RecommendationRequest.objects.get_or_create(
        claim=claim, asked_of=person, role=role, defaults={"asked_at": timezone.now()}
    )
    if new:
        _record_claim(
            claim,
            actor=by,
            role=Role.TRAINEE,
            verb=Verb.RECOMMENDATION_REQUESTED,
            asked_of=person.name,
            asked_as=role,
        )
        notices.ring(person.pk)
    return request


@once(Recommendation)
def recommend(
    claim: Claim, *, by, role: str, recommends: bool, comment: str, key: UUID
) -> Recommendation:
    claim = _locked_open_claim(claim)
    if not RecommendationRequest.objects.awaiting(by).filter(claim=claim, role=role).exists():
        raise PermissionDenied
    if not permissions.holds_role(by, role, claim.progress.training):
        raise PermissionDenied
    rules.require(recommends or bool(comment), Refusal.NO_REASON)
    recommendation = Recommendation.objects.create(
        claim=claim, actor=by, actor_role=role, recommends=recommends, comment=comment, key=key
    )
    _record_claim(
        claim,
        actor=by,
        role=role,
        verb=Verb.RECOMMENDED,
        recommends=recommends,
        recommendation=comment,
    )
    return recommendation


OUTCOME_STATE = {
    Outcome.APPROVED: ProgressState.APPROVED,
    Outcome.RETURNED: ProgressState.RETURNED,
    Outcome.REFUSED: ProgressState.REFUSED,
}


@once(Decision)
def decide_goal(
    claim: Claim, *, by, outcome: str, reason: str, key: UUID, version: int
) -> Decision:
    """The head approves, returns or refuses; never before both recommendations (§26)."""
    claim = _locked_open_claim(claim)
    progress = GoalProgress.objects.select_for_update().get(pk=claim.progress_id)
    if progress.version != version:
        raise rules.Stale
    if not permissions.can_decide(by, claim):
        raise PermissionDenied
    ready = readiness_of([claim.pk])[claim.pk]
    refusal = rules.decision_refusal(outcome=outcome, reason=reason, ready=ready)
    rules.require(refusal is None, refusal)
    decision = Decision.objects.create(
        claim=claim,
        actor=by,
        actor_role=Role.DEPARTMENT_HEAD,
        outcome=outcome,
        reason=reason,
        key=key,
    )
    decision.refresh_from_db(fields=["acted_at"])
    claim.state = ClaimState.DECIDED
    claim.save()
    _move(progress, OUTCOME_STATE[Outcome(outcome)])
    _record_claim(
        claim,
        actor=by,
        role=Role.DEPARTMENT_HEAD,
        verb=Verb.GOAL_DECIDED,
        outcome=outcome,
        reason=reason,
        against_recommendation=outcome == Outcome.APPROVED and ready.has_opposition,
    )
    return decision


@once(ApprovalWithdrawal)
def withdraw_approval(decision: Decision, *, by, reason: str, key: UUID) -> ApprovalWithdrawal:
    """An approval taken back; the goal is open again and can be claimed anew."""
    progress = GoalProgress.objects.select_for_update().get(pk=decision.claim.progress_id)
    if not permissions.can_withdraw(by, decision):
        raise PermissionDenied
    if progress.state != ProgressState.APPROVED:
        raise rules.Stale
    rules.require(bool(reason), Refusal.NO_REASON)
    withdrawal = ApprovalWithdrawal.objects.create(
        decision=decision, actor=by, actor_role=Role.DEPARTMENT_HEAD, reason=reason, key=key
    )
    _move(progress, ProgressState.OPEN)
    _record_claim(
        decision.claim,
        actor=by,
        role=Role.DEPARTMENT_HEAD,
        verb=Verb.APPROVAL_WITHDRAWN,
        reason=reason,
    )
    return withdrawal


@transaction.atomic
def remind_recommender(request: RecommendationRequest, *, by) -> None:
    if not permissions.can_recall_claim(by, request.claim):
        raise PermissionDenied
    notices.remind(request)
