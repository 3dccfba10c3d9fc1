"""Anbefal: what a supervisor who is asked says of a claim."""

from uuid import uuid4

import pytest

from institutions.enums import Role
from portfolio.models import Recommendation
from portfolio.services import goals
from tests.factories import (
    make_assessment,
    make_ward,
)
from tests.portfolio.visits import as_, at_once, end_roles, make_asked, url

pytestmark = pytest.mark.django_db

REASON = "Vis også intratekal pumpe."
RECOMMEND_QUERIES = 10


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def asked(ward):
    """A claim of which both kinds of supervisor are asked."""
    return make_asked(ward)


def opinion(**fields) -> dict:
    return {"key": str(uuid4()), "answer": "for", "comment": ""} | fields


@pytest.mark.parametrize(
    ("state", "who", "opened", "signed"),
    [
        ("asked", "supervisor", 200, 302),
        ("asked", "guide", 200, 302),
        ("asked", "head", 403, 403),
        ("asked", "trainee", 403, 403),
        ("asked", "outsider", 404, 404),
        ("asked", "admin", 404, 404),
        ("answered", "supervisor", 404, 409),
        ("recalled", "supervisor", 404, 409),
        ("recalled", "outsider", 404, 404),
        ("role ended", "supervisor", 404, 404),
    ],
)
def test_recommend_by_state_and_role(ward, asked, state, who, opened, signed):
    if state == "answered":
        as_(ward.supervisor).post(url("recommend", asked.pk), opinion())
    if state == "recalled":
        goals.recall_claim(asked, by=ward.trainee)
    if state == "role ended":
        end_roles(ward.supervisor)
    client = as_(getattr(ward, who))
    page = url("recommend", asked.pk)

    assert (client.get(page).status_code, client.post(page, opinion()).status_code) == (
        opened,
        signed,
    )


@pytest.mark.parametrize(
    ("who", "role"),
    [("supervisor", Role.CLINICAL_SUPERVISOR), ("guide", Role.EDUCATIONAL_SUPERVISOR)],
)
def test_recommend_is_signed_in_the_role_asked(ward, asked, who, role):
    client = as_(getattr(ward, who))

    text = client.get(url("recommend", asked.pk)).content.decode()
    client.post(url("recommend", asked.pk), opinion())

    said = Recommendation.objects.get()
    assert (said.actor_role, said.recommends, said.comment) == (role, True, "")
    assert f"Signeres som {role.label.lower()}." in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"answer": ""}, "Velg om du anbefaler eller ikke."),
        ({"answer": "against"}, "Skriv hvorfor du ikke anbefaler."),
        ({"answer": "perhaps"}, "Valget under «Hva sier du?» finnes ikke lenger."),
        (
            {"answer": "against", "comment": "Pasient 13097248022."},
            "Ta bort fødselsnummeret i «Begrunnelse».",
        ),
    ],
)
def test_recommend_names_what_is_wrong(ward, asked, fields, message):
    response = as_(ward.supervisor).post(url("recommend", asked.pk), opinion(**fields))

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Recommendation.objects.count() == 0


def test_recommend_against_with_its_reason(ward, asked):
    as_(ward.guide).post(url("recommend", asked.pk), opinion(answer="against", comment=REASON))

    said = Recommendation.objects.get()
    assert (said.recommends, said.comment) == (False, REASON)


@pytest.mark.parametrize(
    ("fields", "receipt"),
    [
        ({}, "Signert: du anbefaler PAL-055 for Nora."),
        (
            {"answer": "against", "comment": REASON},
            "Signert: du anbefaler ikke PAL-055 for Nora.",
        ),
    ],
)
def test_the_receipt_tells_what_was_said(ward, asked, fields, receipt):
    client = as_(ward.guide)
    before = client.get(url("recommend", asked.pk)).content.decode()

    after = client.post(url("recommend", asked.pk), opinion(**fields), follow=True)

    assert "<h1>Anbefaling, PAL-055</h1>" in before
    assert receipt in after.content.decode()


def test_recommend_opens_the_next_claim(ward, asked):
    other = make_asked(ward, "PAL-020")

    response = as_(ward.supervisor).post(url("recommend", asked.pk), opinion())

    assert response.url == url("recommend", other.pk)


def test_a_recommender_sees_only_what_the_claim_cites(ward, asked):
    make_assessment(ward=ward, assessor=ward.guide, feedback="Sett etter meldingen.")

    of_supervisor = as_(ward.supervisor).get(url("recommend", asked.pk)).content.decode()
    of_head = as_(ward.head).get(url("decide", asked.pk)).content.decode()

    assert "Alt er vist." in of_supervisor
    assert "Sett etter meldingen." not in of_supervisor
    assert "Sett etter meldingen." in of_head


def test_recommend_extra_fields_change_nothing(ward, asked):
    as_(ward.supervisor).post(
        url("recommend", asked.pk),
        opinion(actor=ward.head.pk, role="educational_supervisor", recommends="", claim="0"),
    )

    said = Recommendation.objects.get()
    assert (said.actor, said.actor_role, said.recommends, said.claim) == (
        ward.supervisor,
        Role.CLINICAL_SUPERVISOR,
        True,
        asked,
    )


def test_recommend_in_an_old_tab_gives_the_text_back(ward, asked):
    goals.recall_claim(asked, by=ward.trainee)

    response = as_(ward.supervisor).post(
        url("recommend", asked.pk), opinion(answer="against", comment=REASON)
    )

    assert response.status_code == 409
    assert REASON in response.content.decode()


@pytest.mark.parametrize(("same_form", "statuses"), [(True, [302, 302]), (False, [302, 409])])
def test_two_recommendations_at_once_are_one(transactional_db, same_form, statuses):
    ward = make_ward()
    page = url("recommend", make_asked(ward).pk)
    first, second = opinion(), opinion()
    one, two = as_(ward.supervisor), as_(ward.supervisor)

    got = at_once(
        lambda: one.post(page, first), lambda: two.post(page, first if same_form else second)
    )

    assert got == statuses
    assert Recommendation.objects.count() == 1


def test_queries(ward, asked, django_assert_num_queries):
    client = as_(ward.supervisor)
    client.get(url("recommend", asked.pk))  # fills the process's cache of goals

    with django_assert_num_queries(RECOMMEND_QUERIES):
        client.get(url("recommend", asked.pk))
