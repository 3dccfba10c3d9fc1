"""A training goes on under another pathway, or ends."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from curriculum.models import Pathway
from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import Refusal, Verb
from portfolio.models import PathwayMove, Training
from portfolio.queries.moves import move_of
from portfolio.services.ledger import once, record
from portfolio.services.trainings import end_supervision


@once(PathwayMove)
def move_training(
    *, training: Training, pathway: Pathway, seen_pathway_id: int, reason: str, by, key: UUID
) -> PathwayMove:
    """`seen_pathway_id` is the pathway that the preview was made from: if the training has moved
    since, what was shown no longer holds. Evidence is not touched."""
    training = _locked(training)
    if not permissions.can_move(by, training):
        raise PermissionDenied
    rules.require(training.ended_on is None, Refusal.TRAINING_ENDED)
    rules.require(training.pathway_id == seen_pathway_id, Refusal.MOVE_CHANGED)
    preview = move_of(training, pathway, on=timezone.localdate())
    if preview.refusal:
        raise rules.Refused(preview.refusal)
    move = PathwayMove.objects.create(
        training=training,
        from_pathway=training.pathway,
        to_pathway=pathway,
        reason=reason,
        actor=by,
        actor_role=Role.PROGRAM_LEADER,
        key=key,
    )
    record(
        training,
        actor=by,
        role=Role.PROGRAM_LEADER,
        verb=Verb.PATHWAY_MOVED,
        subject=move,
        content={
            "from": {"code": training.pathway.code, "version": training.pathway.version},
            "to": {"code": pathway.code, "version": pathway.version},
            "reason": reason,
            "goals": {
                f"{one.goal.curriculum_code}/{one.goal.code}": one.passage for one in preview.goals
            },
        },
    )
    training.pathway = pathway
    training.save(update_fields=["pathway"])
    return move


@transaction.atomic
def end_training(training: Training, *, by, ended_on: dt.date) -> Training:
    """Nothing more is logged; what is there stays. Guidance and service that run end with it, so
    that the service can be attested."""
    training = _locked(training)
    if not permissions.can_end_training(by, training):
        raise PermissionDenied
    rules.require(training.ended_on is None, Refusal.TRAINING_ENDED)
    rules.require(ended_on >= training.started_on, Refusal.ENDS_BEFORE_START)
    rules.require(ended_on <= timezone.localdate(), Refusal.FUTURE)
    for supervision in training.supervisions.in_force(on=ended_on).filter(starts_on__lte=ended_on):
        end_supervision(supervision, by=by, ends_on=ended_on)
    running = training.placements.filter(ends_on__isnull=True, starts_on__lte=ended_on)
    closed = list(running.values_list("pk", flat=True))
    running.update(ends_on=ended_on, version=F("version") + 1)
    training.ended_on = ended_on
    training.save(update_fields=["ended_on"])
    record(
        training,
        actor=by,
        role=Role.ADMIN,
        verb=Verb.TRAINING_ENDED,
        subject=training,
        content={"ended_on": ended_on, "services_ended": closed},
    )
    return training


def _locked(training: Training) -> Training:
    rows = Training.objects.select_for_update(of=["self"]).select_related("pathway", "trainee")
    return rows.get(pk=training.pk)
