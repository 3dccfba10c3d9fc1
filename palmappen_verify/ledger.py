"""The evidence ledger's chain, computed anew.

An event's hash covers the hash before it. A changed event therefore breaks the chain; a cut or
rewritten tail does not, and shows only against a checkpoint (count, head) that left the database,
such as the one printed on a report.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = "0" * 64
SEPARATOR = "\x1f"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class LedgerEvent:
    """One row of the ledger, as it is exported. `content` is None where it was erased by rule."""

    training_id: int
    sequence: int
    acted_at: datetime
    actor_id: int
    actor_role: str
    verb: str
    subject: str
    curriculum_id: int | None
    salt: str
    content: str | None
    digest: str
    previous_hash: str
    hash: str


@dataclass(frozen=True)
class Fault:
    """What is wrong, and at which event: `code` is sequence, chain, hash, content or checkpoint."""

    code: str
    sequence: int


def digest_of(event: LedgerEvent) -> str:
    return _sha256(event.salt + (event.content or ""))


def hash_of(event: LedgerEvent) -> str:
    """The fields in this order; time as microseconds since 1970."""
    fields = (
        event.previous_hash,
        event.training_id,
        event.sequence,
        (event.acted_at - EPOCH) // timedelta(microseconds=1),
        event.actor_id,
        event.actor_role,
        event.verb,
        event.subject,
        "" if event.curriculum_id is None else event.curriculum_id,
        event.digest,
    )
    return _sha256(SEPARATOR.join(map(str, fields)))


def faults(
    events: Iterable[LedgerEvent], *, count: int | None = None, head: str | None = None
) -> Iterator[Fault]:
    """Everything wrong with one training's events, in order; nothing where the ledger is whole.

    `count` and `head` are a checkpoint: the event of that number must exist and have that hash.
    """
    previous, seen, head_seen = START, 0, None
    for seen, event in enumerate(events, start=1):
        if event.sequence != seen:
            yield Fault("sequence", event.sequence)
        if event.previous_hash != previous:
            yield Fault("chain", event.sequence)
        if event.content is not None and digest_of(event) != event.digest:
            yield Fault("content", event.sequence)
        if hash_of(event) != event.hash:
            yield Fault("hash", event.sequence)
        previous = event.hash
        if event.sequence == count:
            head_seen = event.hash
    if count and (head_seen is None or head_seen != head):
        yield Fault("checkpoint", count)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
