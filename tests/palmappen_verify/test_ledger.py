"""The verifier agrees with the database, and finds each tampering."""

from dataclasses import fields, replace

import pytest

from palmappen_verify.ledger import START, Fault, LedgerEvent, faults, hash_of
from portfolio.models import Event
from portfolio.services.ledger import checkpoint
from tests.factories import make_approved, make_ward

COLUMNS = [field.name for field in fields(LedgerEvent)]


@pytest.fixture
def ledger(db):
    """The events of a whole loop, as the database wrote them, and the checkpoint after."""
    ward = make_ward()
    make_approved(ward=ward)
    rows = Event.objects.filter(training=ward.training).order_by("sequence").values(*COLUMNS)
    return [LedgerEvent(**row) for row in rows], checkpoint(ward.training)


def rechained(events: list[LedgerEvent]) -> list[LedgerEvent]:
    """What a forger who knows the recipe would write: every hash made anew."""
    previous, result = START, []
    for sequence, event in enumerate(events, start=1):
        event = replace(event, sequence=sequence, previous_hash=previous)
        event = replace(event, hash=hash_of(event))
        result.append(event)
        previous = event.hash
    return result


def test_untouched_ledger_has_no_faults(ledger):
    events, mark = ledger

    assert list(faults(events, count=mark.count, head=mark.head)) == []


def test_erased_content_keeps_the_chain(ledger):
    events, mark = ledger
    erased = [replace(event, content=None, salt="") for event in events]

    assert list(faults(erased, count=mark.count, head=mark.head)) == []


TAMPERINGS = {
    "content changed": lambda events: [replace(events[0], content="{}"), *events[1:]],
    "field changed": lambda events: [replace(events[0], verb="goal_decided"), *events[1:]],
    "event removed": lambda events: events[:1] + events[2:],
    "events swapped": lambda events: [events[1], events[0], *events[2:]],
    "tail cut": lambda events: events[:-1],
    "all rewritten": lambda events: rechained(
        [replace(events[0], actor_id=events[0].actor_id + 1), *events[1:]]
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_against_a_checkpoint(ledger, tampering):
    events, mark = ledger

    assert list(faults(TAMPERINGS[tampering](events), count=mark.count, head=mark.head)) != []


@pytest.mark.parametrize("tampering", ["tail cut", "all rewritten"])
def test_chain_alone_misses_what_the_checkpoint_finds(ledger, tampering):
    events, mark = ledger
    tampered = TAMPERINGS[tampering](events)

    assert list(faults(tampered)) == []
    assert list(faults(tampered, count=mark.count, head=mark.head)) == [
        Fault("checkpoint", mark.count)
    ]
