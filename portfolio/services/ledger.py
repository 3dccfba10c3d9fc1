"""Appending to the evidence ledger, and its checkpoints."""

import functools
import json
import operator
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from curriculum.models import Curriculum
from portfolio import rules
from portfolio.enums import Verb
from portfolio.models import Event, Training

MET_THE_FIRST = (IntegrityError, rules.Stale, rules.Refused, PermissionDenied)


@dataclass(frozen=True)
class Checkpoint:
    """How far a training's ledger has come. Printed on reports: it leaves the database, so that
    a cut or rewritten tail shows."""

    count: int
    head: str  # hash of the last event, hexadecimal; empty where there is none

    @property
    def groups(self) -> tuple[str, ...]:
        """The head in groups that can be read aloud."""
        return tuple(self.head[at : at + 8] for at in range(0, len(self.head), 8))


def canonical(content: dict) -> str:
    """One text for one content: keys sorted, no spare space, dates and times as ISO 8601."""
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def record(
    training: Training,
    *,
    actor,
    role: str,
    verb: Verb,
    subject,
    content: dict,
    curriculum: Curriculum | None = None,
) -> Event:
    """Appends one act, with what was shown when it was made. Call inside the act's transaction."""
    return Event.objects.using(training._state.db).create(
        training=training,
        actor=actor,
        actor_role=role,
        verb=verb,
        subject=f"{subject._meta.model_name}:{subject.pk}",
        curriculum=curriculum,
        salt=secrets.token_hex(16),
        content=canonical(content),
    )


def checkpoint(training: Training) -> Checkpoint:
    last = Event.objects.filter(training=training).order_by("-sequence").first()
    return Checkpoint(count=last.sequence, head=last.hash) if last else Checkpoint(0, "")


def once(model, *, owner: str = "actor_id") -> Callable:
    """A verb that adds a row with the form's key: a second submit returns what the first made.

    `owner` is the path from the row to whose act it is: a key taken from somebody else is refused.

    Two at the same moment meet in the key's unique constraint, or the later one waits for a lock
    and finds the thing done (Stale, or no longer its to do); it then reads what the first made.
    """

    owner_of = operator.attrgetter(owner)

    def made_with(key, by):
        made = model.objects.filter(key=key).first()
        if made and owner_of(made) != by.pk:
            raise PermissionDenied
        return made

    def decorate(verb: Callable) -> Callable:
        @functools.wraps(verb)
        def wrapper(*args, by, key, **kwargs):
            if made := made_with(key, by):
                return made
            try:
                with transaction.atomic():
                    return verb(*args, by=by, key=key, **kwargs)
            except MET_THE_FIRST:
                if made := made_with(key, by):
                    return made
                raise

        return wrapper

    return decorate
