"""Beginning an assessment that nobody asked for."""

import datetime as dt

import pytest

from portfolio.models import Assessment
from tests.factories import (
    days_ago,
    make_goal,
    make_ward,
    today,
)
from tests.portfolio.visits import answer, as_, url

pytestmark = pytest.mark.django_db

SENTENCE = "La stillheten vare litt før du svarer."


@pytest.fixture
def ward():
    return make_ward()


def unasked_url(ward, code="PAL-055", curriculum="pal-2023") -> str:
    return url("assess_unasked", ward.training.pk, curriculum, code)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supervisor", 200),
        ("guide", 200),
        ("head", 403),
        ("trainee", 403),
        ("outsider", 404),
        ("admin", 404),
    ],
)
def test_unasked_by_role(ward, who, status):
    make_goal()

    assert as_(getattr(ward, who)).get(unasked_url(ward)).status_code == status


@pytest.mark.parametrize(
    ("curriculum", "code"), [("pal-2023", "PAL-999"), ("fkm-2017", "LM-20"), ("ukjent", "PAL-055")]
)
def test_unasked_for_a_goal_of_another_curriculum(ward, curriculum, code):
    make_goal()

    response = as_(ward.supervisor).get(unasked_url(ward, code, curriculum))

    assert response.status_code == 404


def test_unasked_is_signed_for_the_day_it_was_seen(ward):
    make_goal()

    as_(ward.guide).post(unasked_url(ward), answer(seen_on=days_ago(2).isoformat()))

    signed = Assessment.objects.get()
    assert (signed.request, signed.activity, signed.seen_on, signed.actor_role) == (
        None,
        None,
        days_ago(2),
        "educational_supervisor",
    )


def test_unasked_in_the_future(ward):
    make_goal()
    tomorrow = (today() + dt.timedelta(days=1)).isoformat()

    response = as_(ward.supervisor).post(
        unasked_url(ward), answer(seen_on=tomorrow, feedback=SENTENCE)
    )

    assert response.status_code == 422
    assert "Datoen er i framtiden." in response.content.decode()
    assert SENTENCE in response.content.decode()


def test_choose_offers_doctors_then_goals(ward):
    make_goal()
    make_goal(code="PAL-020")
    make_ward()
    client = as_(ward.supervisor)

    doctors = client.get(url("assess_choose"))
    goals = client.get(url("assess_choose"), {"lege": ward.training.pk, "sok": "pumpe"})

    assert [one.pk for one in doctors.context["doctors"]] == [ward.training.pk]
    assert [goal.code for _, found in goals.context["themes"] for goal in found] == ["PAL-055"]


@pytest.mark.parametrize("chosen", ["0", "x", "99999999999999999999"])
def test_choose_an_unknown_doctor(ward, chosen):
    assert as_(ward.supervisor).get(url("assess_choose"), {"lege": chosen}).status_code == 404


def test_choose_a_doctor_of_another_ward(ward):
    other = make_ward()

    response = as_(ward.supervisor).get(url("assess_choose"), {"lege": other.training.pk})

    assert response.status_code == 404
