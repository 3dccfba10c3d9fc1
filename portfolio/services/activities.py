"""The trainee logs, sends, recalls; somebody attests or sends back."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import LearningGoal
from institutions.enums import AttestedBy, Role
from institutions.models import Department
from portfolio import attachments, permissions, rules
from portfolio.enums import ActivityState, Refusal, RequestState, Verb
from portfolio.models import (
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    Attachment,
    Attestation,
    LearningActivity,
    Reflection,
    Training,
)
from portfolio.services import notices
from portfolio.services.ledger import once, record


@transaction.atomic
def save_activity(
    *,
    training: Training,
    by,
    key: UUID,
    activity: LearningActivity | None = None,
    version: int | None = None,
    kind: str,
    starts_on: dt.date,
    ends_on: dt.date | None,
    department: Department | None,
    goals: list[LearningGoal],
    performed_as: str,
    note: str,
    reflection: str,
    supervisor,
) -> LearningActivity:
    """Saves a draft, or a returned activity under revision. The same key is the same activity.

    Raises Stale where `version` is not the stored one: another tab has saved meanwhile.
    """
    if not permissions.can_log(by, training):
        raise PermissionDenied
    activity = activity or LearningActivity.objects.filter(key=key, training=training).first()
    if activity is None:
        activity = LearningActivity(training=training, key=key)
    else:
        activity = _next_version(activity, by=by, version=version)
    rules.require(max(starts_on, ends_on or starts_on) <= timezone.localdate(), Refusal.FUTURE)
    activity.kind = kind
    activity.starts_on = starts_on
    activity.ends_on = ends_on
    activity.department = department
    activity.performed_as = performed_as
    activity.note = note
    activity.supervisor = supervisor
    activity.full_clean(exclude=["key"])
    activity.save()
    _set_goals(activity, goals)
    _set_reflection(activity, reflection)
    return activity


def _next_version(activity: LearningActivity, *, by, version: int | None) -> LearningActivity:
    """The stored row, locked until commit, if it may be edited from the page that was open."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    rules.require(permissions.can_edit(by, activity), Refusal.NOT_DRAFT)
    if version is not None and version != activity.version:
        raise rules.Stale
    activity.version += 1
    return activity


def require_goals(goals: list[LearningGoal], training: Training) -> None:
    """Every goal is of the training's own pathway."""
    curricula = set(training.pathway.curricula.values_list("pk", flat=True))
    rules.require(all(goal.curriculum_id in curricula for goal in goals), Refusal.FOREIGN_GOAL)


def _set_goals(activity: LearningActivity, goals: list[LearningGoal]) -> None:
    require_goals(goals, activity.training)
    activity.activity_goals.exclude(goal__in=goals).delete()
    ActivityGoal.objects.bulk_create(
        [ActivityGoal(activity=activity, goal=goal) for goal in goals], ignore_conflicts=True
    )


def _set_reflection(activity: LearningActivity, text: str) -> None:
    if text:
        Reflection.objects.update_or_create(activity=activity, defaults={"text": text})
    else:
        Reflection.objects.filter(activity=activity).delete()


@transaction.atomic
def send_activity(activity: LearningActivity, *, by) -> LearningActivity:
    """Sends it to the chosen supervisor and asks for an assessment of each goal."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if not permissions.can_log(by, activity.training):
        raise PermissionDenied
    if activity.state == ActivityState.SENT:
        return activity  # the second of a double submit
    rules.require(permissions.can_edit(by, activity), Refusal.NOT_DRAFT)
    goals = list(activity.goals.select_related("curriculum"))
    rules.require(bool(goals), Refusal.NO_GOAL)
    require_supervisor(activity.supervisor, activity.training)
    activity.state = ActivityState.SENT
    activity.sent_at = timezone.now()
    activity.returned_comment = ""
    activity.version += 1
    activity.save()
    for goal in goals:
        _open_request(activity, goal)
    record_activity(activity, actor=by, role=Role.TRAINEE, verb=Verb.ACTIVITY_SENT)
    notices.ring(activity.supervisor_id)
    return activity


def require_supervisor(supervisor, training: Training) -> None:
    rules.require(supervisor is not None, Refusal.NO_SUPERVISOR)
    rules.require(supervisor.pk != training.trainee_id, Refusal.ONESELF)
    rules.require(
        permissions.assessing_role(supervisor, training) is not None, Refusal.NOT_SUPERVISOR
    )


def _open_request(activity: LearningActivity, goal: LearningGoal) -> AssessmentRequest:
    now = timezone.now()
    return AssessmentRequest.objects.create(
        training=activity.training,
        goal=goal,
        activity=activity,
        asked_of=activity.supervisor,
        asked_at=now,
        expires_on=rules.request_expires_on(timezone.localdate(now)),
    )


def record_activity(
    activity: LearningActivity, *, actor, role: str, verb: Verb, **more: object
) -> None:
    """The ledger remembers the activity as it stood: facts and note, never the reflection."""
    record(
        activity.training,
        actor=actor,
        role=role,
        verb=verb,
        subject=activity,
        content={**activity_content(activity), **more},
    )


def activity_content(activity: LearningActivity) -> dict:
    department = activity.department
    return {
        "kind": activity.kind,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
        "department": str(department) if department else "",
        "performed_as": activity.performed_as,
        "note": activity.note,
        "goals": [
            f"{one.curriculum.code}/{one.code}"
            for one in activity.goals.select_related("curriculum")
        ],
        "attachments": [one.sha256 for one in activity.attachments.all()],
        "version": activity.version,
    }


@transaction.atomic
def recall_activity(activity: LearningActivity, *, by) -> LearningActivity:
    """Back to a draft; its unanswered requests fall away. Signed assessments stand."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if not permissions.can_log(by, activity.training):
        raise PermissionDenied
    if activity.state != ActivityState.SENT:
        raise rules.Stale
    _close_requests(activity, state=RequestState.RECALLED)
    activity.state = ActivityState.DRAFT
    activity.version += 1
    activity.save()
    record_activity(activity, actor=by, role=Role.TRAINEE, verb=Verb.ACTIVITY_RECALLED)
    return activity


def _close_requests(activity: LearningActivity, *, state: str, **fields: object) -> None:
    activity.assessment_requests.filter(state=RequestState.OPEN).update(
        state=state, answered_at=timezone.now(), **fields
    )


@transaction.atomic
def delete_draft(activity: LearningActivity, *, by) -> None:
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if not permissions.can_delete(by, activity):
        raise PermissionDenied
    for attachment in activity.attachments.all():
        _remove_file(attachment)
    activity.delete()


@transaction.atomic
def attach_file(activity: LearningActivity, *, by, upload) -> Attachment:
    """Stores an uploaded file after it has been found harmless (trust.md 10)."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if not permissions.can_edit(by, activity):
        raise PermissionDenied
    return attachments.store(activity, upload)


@transaction.atomic
def remove_attachment(attachment: Attachment, *, by) -> None:
    activity = LearningActivity.objects.select_for_update().get(pk=attachment.activity_id)
    if not permissions.can_edit(by, activity):
        raise PermissionDenied
    _remove_file(attachment)
    attachment.delete()


def _remove_file(attachment: Attachment) -> None:
    """After commit: the disk knows nothing of a rollback."""
    file = attachment.file
    transaction.on_commit(lambda: file.storage.delete(file.name), robust=True)


@transaction.atomic
def return_activity(activity: LearningActivity, *, by, reason: str, comment: str) -> None:
    """Back to the trainee with a comment; its other requests of the same person go with it."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if activity.state != ActivityState.SENT:
        raise rules.Stale
    role = permissions.assessing_role(by, activity.training)
    if role is None:
        raise PermissionDenied
    _close_requests(
        activity, state=RequestState.RETURNED, return_reason=reason, return_comment=comment
    )
    activity.state = ActivityState.RETURNED
    activity.returned_comment = comment
    activity.version += 1
    activity.save()
    record_activity(
        activity,
        actor=by,
        role=role,
        verb=Verb.ACTIVITY_RETURNED,
        reason=reason,
        comment=comment,
    )


@once(Attestation)
def attest_activity(activity: LearningActivity, *, by, key: UUID) -> Attestation:
    """The veileder attests, where the institution leaves it to them."""
    activity = LearningActivity.objects.select_for_update().get(pk=activity.pk)
    if activity.state != ActivityState.SENT:
        raise rules.Stale
    if not permissions.can_attest(by, activity):
        raise PermissionDenied
    return add_attestation(activity, by=by, role=Role.EDUCATIONAL_SUPERVISOR, key=key)


def is_sent(activity: LearningActivity) -> bool:
    return activity.state == ActivityState.SENT


def attested_with_assessment(activity: LearningActivity) -> bool:
    """Whether the institution lets the assessor's signature attest the activity as well."""
    department = activity.department
    return is_sent(activity) and (
        department is None or department.institution.activities_attested_by == AttestedBy.ASSESSOR
    )


def add_attestation(
    activity: LearningActivity,
    *,
    by,
    role: str,
    key: UUID,
    assessment: Assessment | None = None,
) -> Attestation:
    attestation = Attestation.objects.create(
        activity=activity, actor=by, actor_role=role, key=key, assessment=assessment
    )
    activity.state = ActivityState.ATTESTED
    activity.save(update_fields=["state", "updated_at"])
    record_activity(activity, actor=by, role=role, verb=Verb.ACTIVITY_ATTESTED)
    return attestation
