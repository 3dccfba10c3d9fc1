"""«Speil»: which goals the trainee has noted as approved in the official registry."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import LearningGoal
from curriculum.queries import pathway_goals
from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import Refusal, Registry, Verb
from portfolio.models import MirroredGoal, Training
from portfolio.services.ledger import record


@transaction.atomic
def mirror_goals(
    *, training: Training, by, goals: Iterable[int], registry: Registry, approved_on: dt.date
) -> list[MirroredGoal]:
    """Several at once; noted again, the day and the registry are corrected. Pressed twice, once."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    rules.require(approved_on <= timezone.localdate(), Refusal.FUTURE)
    goals = list(goals)
    rules.require(bool(goals), Refusal.NO_GOAL)
    rules.require(set(goals) <= pathway_goals(training.pathway).by_id.keys(), Refusal.FOREIGN_GOAL)
    Training.objects.select_for_update().get(pk=training.pk)
    noted = {"registry": registry, "approved_on": approved_on}
    same = MirroredGoal.objects.filter(training=training, **noted)
    known = set(same.values_list("goal_id", flat=True))
    rows = [
        MirroredGoal.objects.update_or_create(training=training, goal_id=pk, defaults=noted)[0]
        for pk in goals
        if pk not in known
    ]
    if rows:
        _record(training, by=by, rows=rows, **noted)
    return rows


def _record(training: Training, *, by, rows: list[MirroredGoal], **noted) -> None:
    goals = LearningGoal.objects.filter(pk__in=[one.goal_id for one in rows])
    codes = goals.values_list("curriculum__code", "code")
    record(
        training,
        actor=by,
        role=Role.TRAINEE,
        verb=Verb.GOAL_MIRRORED,
        subject=training,
        content={"goals": [f"{curriculum} {code}" for curriculum, code in codes], **noted},
    )


@transaction.atomic
def remove_mirrored(*, training: Training, by, goal_id: int) -> None:
    """The note goes; the ledger remembers it. Twice pressed is once."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    row = (
        MirroredGoal.objects.select_for_update()
        .filter(training=training, goal=goal_id)
        .select_related("goal__curriculum")
        .first()
    )
    if row is None:
        return
    record(
        training,
        actor=by,
        role=Role.TRAINEE,
        verb=Verb.MIRROR_REMOVED,
        subject=training,
        content={"goals": [f"{row.goal.curriculum.code} {row.goal.code}"]},
    )
    row.delete()
