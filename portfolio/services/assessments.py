"""Asking, signing, sending back, retracting and correcting."""

import datetime as dt
import uuid
from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import LearningGoal
from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import Refusal, RequestState, Verb
from portfolio.models import (
    Assessment,
    AssessmentRequest,
    AssessmentRetraction,
    LearningActivity,
    Training,
)
from portfolio.services import activities, notices
from portfolio.services.ledger import once, record


@once(AssessmentRequest, owner="training.trainee_id")
def request_assessment(
    *, training: Training, goal: LearningGoal, asked_of, by, comment: str = "", key: UUID
) -> AssessmentRequest:
    """Asks one person to assess one goal, without an activity behind it."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    activities.require_supervisor(asked_of, training)
    activities.require_goals([goal], training)
    same = AssessmentRequest.objects.filter(
        training=training, goal=goal, asked_of=asked_of, activity=None
    )
    same.expired().update(state=RequestState.EXPIRED)  # else it would stand in the way
    rules.require(not same.open().exists(), Refusal.ALREADY_ASKED)
    now = timezone.now()
    request = AssessmentRequest.objects.create(
        training=training,
        goal=goal,
        asked_of=asked_of,
        comment=comment,
        asked_at=now,
        expires_on=rules.request_expires_on(timezone.localdate(now)),
        key=key,
    )
    _record_request(request, actor=by, role=Role.TRAINEE, verb=Verb.ASSESSMENT_REQUESTED)
    notices.ring(asked_of.pk)
    return request


def expire_requests() -> None:
    """Marks what has run out. Until then it counts as run out by its date."""
    AssessmentRequest.objects.expired().update(state=RequestState.EXPIRED)


def _record_request(request: AssessmentRequest, *, actor, role: str, verb: Verb) -> None:
    record(
        request.training,
        actor=actor,
        role=role,
        verb=verb,
        subject=request,
        curriculum=request.goal.curriculum,
        content={
            "goal": request.goal.code,
            "asked_of": request.asked_of.name,
            "comment": request.comment,
            "return_reason": request.return_reason,
            "return_comment": request.return_comment,
        },
    )


@transaction.atomic
def recall_request(request: AssessmentRequest, *, by) -> None:
    request = AssessmentRequest.objects.select_for_update().get(pk=request.pk)
    if not permissions.can_log(by, request.training):
        raise PermissionDenied
    if request.state != RequestState.OPEN:
        raise rules.Stale
    request.state = RequestState.RECALLED
    request.answered_at = timezone.now()
    request.save()
    _record_request(request, actor=by, role=Role.TRAINEE, verb=Verb.ASSESSMENT_RECALLED)


@transaction.atomic
def return_request(request: AssessmentRequest, *, by, reason: str, comment: str) -> None:
    """«Har ikke sett dette»: back to the trainee with a reason, and the activity with it."""
    request = _locked_open_request(request, by=by)
    rules.require(bool(reason), Refusal.NO_REASON)
    request.state = RequestState.RETURNED
    request.return_reason = reason
    request.return_comment = comment
    request.answered_at = timezone.now()
    request.save()
    role = permissions.assessing_role(by, request.training)
    _record_request(request, actor=by, role=role, verb=Verb.ASSESSMENT_RETURNED)
    if request.activity and activities.is_sent(request.activity):
        activities.return_activity(request.activity, by=by, reason=reason, comment=comment)


def _locked_open_request(request: AssessmentRequest, *, by) -> AssessmentRequest:
    """Locked until commit, so that of two who answer at once the second meets Stale.

    The activity first, as in `recall_activity`: locked the other way about, two could wait for
    each other, and two goals signed at once would both attest it.
    """
    if request.activity_id:
        LearningActivity.objects.select_for_update().get(pk=request.activity_id)
    request = (
        AssessmentRequest.objects.select_for_update(of=["self"])
        .select_related("training", "goal__curriculum", "activity__department__institution")
        .get(pk=request.pk)
    )
    if request.asked_of_id != by.pk:
        raise PermissionDenied
    if request.state != RequestState.OPEN or request.expires_on < timezone.localdate():
        raise rules.Stale
    if not permissions.can_assess(by, request):
        raise PermissionDenied
    return request


@once(Assessment)
def sign_assessment(
    request: AssessmentRequest,
    *,
    by,
    levels: Mapping[int, int],
    feedback: str,
    recommends: bool,
    key: UUID,
) -> Assessment:
    """Signs what was seen. Attests the activity in the same act where the institution allows it."""
    request = _locked_open_request(request, by=by)
    activity = request.activity
    assessment = _add_assessment(
        training=request.training,
        goal=request.goal,
        by=by,
        seen_on=(activity.ends_on or activity.starts_on) if activity else timezone.localdate(),
        levels=levels,
        feedback=feedback,
        recommends=recommends and request.training.pathway.decides_goals,
        key=key,
        request=request,
        activity=activity,
    )
    request.state = RequestState.ANSWERED
    request.answered_at = timezone.now()
    request.save()
    if activity and activities.attested_with_assessment(activity):
        activities.add_attestation(
            activity,
            by=by,
            role=assessment.actor_role,
            key=uuid.uuid5(key, "attestation"),
            assessment=assessment,
        )
    return assessment


@once(Assessment)
def assess_unasked(
    *,
    training: Training,
    goal: LearningGoal,
    by,
    seen_on: dt.date,
    levels: Mapping[int, int],
    feedback: str,
    recommends: bool,
    key: UUID,
) -> Assessment:
    """A supervisor begins: the trainee serves with them, or is guided by them."""
    if not permissions.can_assess_unasked(by, training):
        raise PermissionDenied
    activities.require_goals([goal], training)
    rules.require(seen_on <= timezone.localdate(), Refusal.FUTURE)
    return _add_assessment(
        training=training,
        goal=goal,
        by=by,
        seen_on=seen_on,
        levels=levels,
        feedback=feedback,
        recommends=recommends and training.pathway.decides_goals,
        key=key,
    )


def _add_assessment(
    *, training: Training, goal: LearningGoal, by, levels: Mapping[int, int], **fields
) -> Assessment:
    role = permissions.assessing_role(by, training)
    if role is None:
        raise PermissionDenied
    statements = list(goal.statements.all())
    refusal = rules.levels_refusal(levels, [one.order for one in statements])
    rules.require(refusal is None, refusal)
    assessment = Assessment.objects.create(
        training=training,
        goal=goal,
        actor=by,
        actor_role=role,
        levels={str(order): int(level) for order, level in sorted(levels.items())},
        **fields,
    )
    assessment.refresh_from_db(fields=["acted_at"])
    verb = Verb.ASSESSMENT_CORRECTED if assessment.corrects_id else Verb.ASSESSED
    _record_assessment(assessment, statements=statements, verb=verb)
    return assessment


def _record_assessment(assessment: Assessment, *, statements, verb: Verb) -> None:
    goal, activity = assessment.goal, assessment.activity
    record(
        assessment.training,
        actor=assessment.actor,
        role=assessment.actor_role,
        verb=verb,
        subject=assessment,
        curriculum=goal.curriculum,
        content={
            "goal": goal.code,
            "goal_text": goal.text,
            "statements": [
                {"order": one.order, "text": one.text, "required": one.level} for one in statements
            ],
            "levels": assessment.levels,
            "feedback": assessment.feedback,
            "recommends": assessment.recommends,
            "seen_on": assessment.seen_on,
            "activity": activities.activity_content(activity) if activity else None,
            "corrects": assessment.corrects_id,
        },
    )


@once(AssessmentRetraction)
def retract_assessment(assessment: Assessment, *, by, key: UUID) -> AssessmentRetraction:
    """Within 15 minutes. The request, if there was one, waits for an answer again where it can."""
    if not permissions.can_retract(by, assessment):
        raise PermissionDenied
    refusal = rules.retraction_refusal(
        acted_at=assessment.acted_at, now=timezone.now(), built_on=_is_built_on(assessment)
    )
    rules.require(refusal is None, refusal)
    retraction = AssessmentRetraction.objects.create(
        assessment=assessment, actor=by, actor_role=assessment.actor_role, key=key
    )
    if assessment.request_id:
        _reopen(assessment.request)
    record(
        assessment.training,
        actor=by,
        role=assessment.actor_role,
        verb=Verb.ASSESSMENT_RETRACTED,
        subject=assessment,
        curriculum=assessment.goal.curriculum,
        content={"goal": assessment.goal.code},
    )
    return retraction


def _reopen(request: AssessmentRequest) -> None:
    """Waits for an answer again, unless the trainee has asked anew or taken the activity back."""
    asked_anew = AssessmentRequest.objects.filter(
        training=request.training,
        goal=request.goal,
        asked_of=request.asked_of,
        activity=request.activity,
        state=RequestState.OPEN,
    )
    taken_back = LearningActivity.objects.filter(
        pk=request.activity_id, state__in=permissions.EDITABLE
    )
    if taken_back.exists() or asked_anew.exists():
        return
    request.state = RequestState.OPEN
    request.answered_at = None
    request.save(update_fields=["state", "answered_at"])


def _is_built_on(assessment: Assessment) -> bool:
    return assessment.citations.exists() or hasattr(assessment, "corrected_by")


@once(Assessment)
def correct_assessment(
    assessment: Assessment,
    *,
    by,
    levels: Mapping[int, int],
    feedback: str,
    recommends: bool,
    key: UUID,
) -> Assessment:
    """A new record in place of one's own earlier one, which stays readable."""
    if not Assessment.objects.standing().filter(pk=assessment.pk).exists():
        raise rules.Stale
    if not permissions.can_correct(by, assessment):
        raise PermissionDenied
    recommends = recommends and assessment.training.pathway.decides_goals
    refusal = rules.correction_refusal(
        earlier=_signature(assessment),
        corrected=rules.Signature(levels, feedback, recommends),
    )
    rules.require(refusal is None, refusal)
    return _add_assessment(
        training=assessment.training,
        goal=assessment.goal,
        by=by,
        seen_on=assessment.seen_on,
        levels=levels,
        feedback=feedback,
        recommends=recommends,
        key=key,
        activity=assessment.activity,
        corrects=assessment,
    )


def _signature(assessment: Assessment) -> rules.Signature:
    levels = {int(order): level for order, level in assessment.levels.items()}
    return rules.Signature(levels, assessment.feedback, assessment.recommends)


@transaction.atomic
def remind_assessor(request: AssessmentRequest, *, by) -> None:
    if not permissions.can_recall_request(by, request):
        raise PermissionDenied
    notices.remind(request)
