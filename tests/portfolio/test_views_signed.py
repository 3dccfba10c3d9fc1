"""Signert: undo, correct, and read for good."""

import datetime as dt
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from portfolio.models import Assessment, LearningActivity
from portfolio.services import activities
from tests.factories import (
    make_activity,
    make_assessment,
    make_claim,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
)
from tests.portfolio.visits import answer, as_, at_once, end_roles, make_guided_ward, url

pytestmark = pytest.mark.django_db

SENTENCE = "La stillheten vare litt før du svarer."
SIGNED_QUERIES = 9  # session, user, hats; count, page; assessments twice; the other two


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def guided():
    return make_guided_ward()


def test_just_signed_can_be_undone_from_the_line(ward):
    request = make_request(ward=ward)
    client = as_(ward.supervisor)

    page = client.post(url("assess", request.pk), answer(), follow=True).content.decode()
    signed = Assessment.objects.get()
    undone = client.post(url("assessment_retract", signed.pk))

    assert "PAL-055 er signert for Nora." in page
    assert url("assessment_retract", signed.pk) in page
    assert undone.url == url("assess", request.pk)
    assert Assessment.objects.standing().count() == 0


@pytest.mark.parametrize("pk", ["x", "0", "²"])
def test_the_line_of_something_else_is_not_there(ward, pk):
    response = as_(ward.supervisor).get(url("waiting_list"), {"signert": pk})

    assert response.status_code == 200
    assert response.context["signed"] is None


def test_signed_list_offers_undo_and_later_correction(ward):
    signed = make_assessment(ward=ward)
    client = as_(ward.supervisor)

    (now,) = client.get(url("signed_list")).context["rows"]
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=16)):
        (later,) = client.get(url("signed_list")).context["rows"]
        late = client.post(url("assessment_retract", signed.pk), follow=True)

    assert (now.retractable_until is None, now.may_correct) == (False, True)
    assert (later.retractable_until, later.may_correct) == (None, True)
    assert "De 15 minuttene er gått." in late.content.decode()
    assert Assessment.objects.standing().count() == 1


def test_what_a_claim_builds_on_is_not_retracted(ward):
    signed = make_assessment(ward=ward)
    make_claim(ward=ward)

    response = as_(ward.supervisor).post(url("assessment_retract", signed.pk), follow=True)

    assert "En melding bygger på vurderingen." in response.content.decode()
    assert Assessment.objects.standing().count() == 1


def test_retract_twice_is_once(ward):
    signed = make_assessment(ward=ward)
    client = as_(ward.supervisor)

    statuses = [client.post(url("assessment_retract", signed.pk)).status_code for _ in range(2)]

    assert statuses == [302, 302]


@pytest.mark.parametrize(
    ("who", "detail", "retract", "correct"),
    [
        ("supervisor", 200, 302, 200),
        ("ended supervisor", 200, 403, 403),
        ("trainee", 200, 403, 403),
        ("guide", 200, 403, 403),
        ("head", 200, 403, 403),
        ("outsider", 404, 404, 404),
    ],
)
def test_what_was_signed_by_role(ward, who, detail, retract, correct):
    signed = make_assessment(ward=ward)
    if who == "ended supervisor":
        end_roles(ward.supervisor)
    client = as_(getattr(ward, who.split()[-1]))

    got = [
        client.get(url("assessment_detail", signed.pk)).status_code,
        client.get(url("assessment_correct", signed.pk)).status_code,
        client.get(url("assessment_retract", signed.pk)).status_code,
    ]

    assert got == [detail, correct, 405]
    assert client.post(url("assessment_retract", signed.pk)).status_code == retract


def test_correction_begins_with_the_earlier_levels_and_leaves_them_readable(ward):
    earlier = make_assessment(ward=ward, levels={1: 3, 2: 2}, feedback=SENTENCE)
    client = as_(ward.supervisor)

    form = client.get(url("assessment_correct", earlier.pk)).context["form"]
    client.post(url("assessment_correct", earlier.pk), answer(level_1="2"))

    assert {name: form[name].value() for name in ("level_1", "level_2", "level_3", "feedback")} == {
        "level_1": "3",
        "level_2": "2",
        "level_3": None,
        "feedback": SENTENCE,
    }
    correction = Assessment.objects.standing().get()
    assert (correction.corrects, correction.levels) == (earlier, {"1": 2})
    old = client.get(url("assessment_detail", earlier.pk)).content.decode()
    assert SENTENCE in old
    assert url("assessment_detail", correction.pk) in old


def test_a_correction_that_changes_nothing_is_refused(ward):
    earlier = make_assessment(ward=ward, levels={1: 3}, feedback=SENTENCE)
    client = as_(ward.supervisor)
    page = url("assessment_correct", earlier.pk)

    same = client.post(page, answer(feedback=f" {SENTENCE}"))
    changed = client.post(page, answer(feedback=SENTENCE, recommends="on"))

    assert same.status_code == 422
    assert "Du har ikke endret noe." in same.content.decode()
    assert changed.status_code == 302
    assert Assessment.objects.filter(corrects=earlier).count() == 1


def test_correction_in_an_old_tab(ward):
    earlier = make_assessment(ward=ward)
    client = as_(ward.supervisor)
    form = answer()
    client.post(url("assessment_correct", earlier.pk), form)

    again = client.post(url("assessment_correct", earlier.pk), form)
    other = client.post(url("assessment_correct", earlier.pk), answer(feedback=SENTENCE))

    assert again.status_code == 302
    assert other.status_code == 409
    assert SENTENCE in other.content.decode()
    assert Assessment.objects.filter(corrects=earlier).count() == 1


def test_two_corrections_at_once_are_one(transactional_db):
    ward = make_ward()
    earlier = make_assessment(ward=ward)
    page = url("assessment_correct", earlier.pk)
    one, two = as_(ward.supervisor), as_(ward.supervisor)

    statuses = at_once(lambda: one.post(page, answer()), lambda: two.post(page, answer()))

    assert statuses == [302, 409]
    assert Assessment.objects.filter(corrects=earlier).count() == 1


def test_detail_shows_the_activity_as_it_was_signed(guided):
    activity = make_activity(ward=guided, sent=True)
    request = activity.assessment_requests.get()
    client = as_(guided.supervisor)
    client.post(url("assess", request.pk), answer())
    activities.recall_activity(activity, by=guided.trainee)
    LearningActivity.objects.filter(pk=activity.pk).update(note="Noe ganske annet.")

    text = client.get(url("assessment_detail", Assessment.objects.get().pk)).content.decode()

    assert "Familiesamtale om overgang til lindring." in text
    assert "Noe ganske annet." not in text


@pytest.mark.parametrize("recommends", [True, False])
def test_signed_list_tells_what_was_recommended(ward, recommends):
    make_assessment(ward=ward)
    make_recommendations(ward=ward, claim=make_claim(ward=ward), recommends=recommends)

    of_supervisor = as_(ward.supervisor).get(url("signed_list")).context["rows"]
    page = as_(ward.guide).get(url("signed_list")).content.decode()

    assert [row.kind for row in of_supervisor] == ["recommendation", "assessment"]
    assert of_supervisor[0].url == ""  # who only serves with the doctor sees no portfolio
    goal = url("goal_detail", ward.training.pk, make_goal().curriculum.code, "PAL-055")
    assert f'href="{goal}"' in page
    assert ("Anbefaler ikke" in page) is not recommends
    assert "Du har ikke signert noe ennå" not in page


def test_signed_list_tells_what_was_attested_by_itself(guided, ward):
    activity = make_activity(ward=guided, sent=True)
    activities.attest_activity(activity, by=guided.guide, key=uuid4())
    with_assessment = make_activity(ward=ward, sent=True).assessment_requests.get()
    client = as_(ward.supervisor)
    client.post(url("assess", with_assessment.pk), answer())

    (attested,) = as_(guided.guide).get(url("signed_list")).context["rows"]
    (assessed,) = client.get(url("signed_list")).context["rows"]

    assert (attested.kind, attested.url) == ("attestation", url("activity_detail", activity.pk))
    assert as_(guided.guide).get(attested.url).status_code == 200
    assert assessed.kind == "assessment"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(guided, count, django_assert_num_queries):
    for code in ("PAL-055", "PAL-020", "PAL-001")[:count]:
        goal = make_goal(code=code)
        make_assessment(ward=guided, goal=goal, assessor=guided.guide)
        make_recommendations(ward=guided, claim=make_claim(ward=guided, goal=goal))
        activity = make_activity(ward=guided, goals_=[goal], sent=True)
        activities.attest_activity(activity, by=guided.guide, key=uuid4())
    client = as_(guided.guide)

    with django_assert_num_queries(SIGNED_QUERIES):
        client.get(url("signed_list"))
