"""Venter på deg: one page for a person of several hats."""

import datetime as dt

import pytest
from django.utils import timezone

from institutions.enums import Role
from portfolio.models import AssessmentRequest
from portfolio.queries.decisions import QueuedClaim
from portfolio.queries.waiting import Waiting
from portfolio.rules import Opinion, Readiness
from tests.factories import (
    days_ago,
    make_activity,
    make_claim,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
)
from tests.portfolio.originals import make_document
from tests.portfolio.visits import as_, make_guided_ward, url

pytestmark = pytest.mark.django_db

WAITING_QUERIES = 7  # session, user, hats; requests, recommendations, activities, claims
HEAD_QUERIES = 10  # and what was said of the claims, ticks, and service to attest


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def guided():
    return make_guided_ward()


def test_waiting_list_gathers_what_waits_for_every_hat(guided):
    older = make_request(ward=guided, goal=make_goal(code="PAL-020"))
    AssessmentRequest.objects.filter(pk=older.pk).update(
        asked_at=timezone.now() - dt.timedelta(days=7)
    )
    newer = make_request(ward=guided, goal=make_goal(code="PAL-001"))
    activity = make_activity(ward=guided, sent=True)
    claim = make_claim(ward=guided)
    make_recommendations(ward=guided, claim=claim)

    of_supervisor = as_(guided.supervisor).get(url("waiting_list")).context["waiting"]
    of_guide = as_(guided.guide).get(url("waiting_list")).context["waiting"]
    of_head = as_(guided.head).get(url("waiting_list")).context["waiting"]

    requests = [one.pk for one in of_supervisor.requests]
    assert requests[:2] == [older.pk, newer.pk]
    assert of_supervisor.requests[0].days == 7
    assert [one.pk for one in of_guide.activities] == [activity.pk]
    assert [one.pk for one in of_head.ready_claims] == [claim.pk]


def queued(number: int, *, days: int, ready: bool) -> QueuedClaim:
    both = (
        Opinion(1, Role.EDUCATIONAL_SUPERVISOR, recommends=True),
        Opinion(2, Role.CLINICAL_SUPERVISOR, recommends=True),
    )
    return QueuedClaim(
        pk=number,
        training_id=number,
        doctor=f"Demo {number}",
        doctor_title="LIS3",
        code=f"PAL-00{number}",
        keyword="",
        claimed_on=days_ago(days),
        days=days,
        readiness=Readiness(both if ready else ()),
    )


@pytest.mark.parametrize("ready", [True, False])
def test_claims_that_have_waited_longest_come_first(ready):
    by_doctor = tuple(
        queued(number, days=days, ready=ready)
        for number, days in enumerate((2, 0, 3, 1, 4, 15), start=1)
    )
    waiting = Waiting((), 0, (), (), claims=by_doctor)

    shown = waiting.ready_claims if ready else waiting.unready_claims

    assert [one.days for one in shown] == [15, 4, 3, 2, 1, 0]


def test_a_head_finds_the_way_to_all_claims(ward):
    codes = ("PAL-001", "PAL-002", "PAL-003", "PAL-004", "PAL-005", "PAL-020")
    for code in codes:
        make_claim(ward=ward, goal=make_goal(code=code))
    ready = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=ready)

    page = as_(ward.head).get(url("waiting_list")).content.decode()

    assert page.count(f'href="{url("decision_list")}">Alle 6<') == 1
    assert page.count(f'href="{url("decision_list")}">Alle 1<') == 1


def test_nothing_waits(ward):
    text = as_(ward.supervisor).get(url("waiting_list")).content.decode()

    assert "Ingenting venter på deg" in text


@pytest.mark.parametrize("who", ["head", "guide"])
@pytest.mark.parametrize(("count", "told"), [(1, "1 dokument å se"), (2, "2 dokumenter å se")])
def test_documents_wait_too(ward, who, count, told, django_assert_max_num_queries):
    for _ in range(count):
        make_document(ward=ward)
    visitor = as_(getattr(ward, who))

    with django_assert_max_num_queries(HEAD_QUERIES):
        answer = visitor.get(url("waiting_list"))

    assert answer.context["waiting"].count == count
    assert told in answer.content.decode()
    assert "Ingenting venter på deg" not in answer.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_lists(count, django_assert_num_queries):
    wards = [make_ward() for _ in range(count)]
    ward = wards[0]
    codes = ("PAL-055", "PAL-020", "PAL-001")[:count]
    for one, code in zip(wards, codes, strict=True):
        make_request(ward=one, goal=make_goal(code=code), asked_of=ward.supervisor)
        make_claim(ward=ward, goal=make_goal(code=code))
    supervisor, head = as_(ward.supervisor), as_(ward.head)

    with django_assert_num_queries(WAITING_QUERIES):
        supervisor.get(url("waiting_list"))
    with django_assert_num_queries(HEAD_QUERIES):
        head.get(url("waiting_list"))
