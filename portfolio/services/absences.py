"""Away from work: written by the trainee, deducted by the rules, attested with the service."""

import datetime as dt
import hashlib
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import Refusal, Verb
from portfolio.models import Absence, Training
from portfolio.queries.absences import (
    is_attested_on_paper,
    overlapping_absences,
    serves_within,
)
from portfolio.services.ledger import once, record


@once(Absence, owner="training.trainee_id")
def add_absence(
    *,
    training: Training,
    by,
    cause: str,
    percent: int,
    starts_on: dt.date,
    ends_on: dt.date | None,
    key: UUID,
) -> Absence:
    if not permissions.can_log(by, training):
        raise PermissionDenied
    absence = Absence(training=training, key=key)
    _save(absence, cause=cause, percent=percent, starts_on=starts_on, ends_on=ends_on)
    _record(absence, by=by, verb=Verb.ABSENCE_ADDED)
    return absence


@transaction.atomic
def change_absence(
    absence: Absence,
    *,
    by,
    version: int,
    cause: str,
    percent: int,
    starts_on: dt.date,
    ends_on: dt.date | None,
) -> Absence:
    absence = Absence.objects.select_for_update().get(pk=absence.pk)
    if not permissions.can_log(by, absence.training):
        raise PermissionDenied
    if absence.version != version:
        raise rules.Stale
    rules.require(not is_attested_on_paper(absence), Refusal.ATTESTED_ON_PAPER)
    absence.version += 1
    _save(absence, cause=cause, percent=percent, starts_on=starts_on, ends_on=ends_on)
    _record(absence, by=by, verb=Verb.ABSENCE_CHANGED)
    return absence


@transaction.atomic
def remove_absence(absence: Absence, *, by) -> None:
    """The row goes; the ledger remembers the days. Twice pressed is once."""
    absence = Absence.objects.select_for_update().filter(pk=absence.pk).first()
    if absence is None:
        return
    if not permissions.can_log(by, absence.training):
        raise PermissionDenied
    rules.require(not is_attested_on_paper(absence), Refusal.ATTESTED_ON_PAPER)
    _record(absence, by=by, verb=Verb.ABSENCE_REMOVED)
    absence.delete()


def _save(absence: Absence, **content: object) -> None:
    for name, value in content.items():
        setattr(absence, name, value)
    absence.full_clean()
    Training.objects.select_for_update().get(pk=absence.training_id)  # two at once, one room
    rules.require(serves_within(absence), Refusal.OUTSIDE_SERVICE)
    posts = [
        rules.Post(one.percent, max(one.starts_on, absence.starts_on), one.ends_on)
        for one in [absence, *overlapping_absences(absence)]
    ]
    rules.require(rules.highest_percent(posts) <= 100, Refusal.OVER_ABSENT)
    absence.save()


def _record(absence: Absence, *, by, verb: Verb) -> None:
    """The ledger goes out with exports, so it tells the days, and the cause under seal."""
    record(
        absence.training,
        actor=by,
        role=Role.TRAINEE,
        verb=verb,
        subject=absence,
        content={
            "percent": absence.percent,
            "starts_on": absence.starts_on,
            "ends_on": absence.ends_on,
            "cause_seal": sealed(absence.key, absence.cause),
        },
    )


def sealed(key: UUID, text: str) -> str:
    """Proves the text to whoever has the row, whose key is nowhere else; says nothing without."""
    return hashlib.sha256(f"{key}:{text}".encode()).hexdigest()
