"""Claiming a goal, asking for recommendations and assessments, reminding, taking back."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions.enums import Role
from portfolio.enums import ClaimState, Outcome, Refusal, RequestState
from portfolio.models import (
    AssessmentRequest,
    CitedAssessment,
    Claim,
    GoalProgress,
    RecommendationRequest,
)
from portfolio.services import goals
from tests.factories import (
    give_role,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_request,
    make_user,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

IDENTITY_NUMBER = "13097248022"  # synthetic; invalid for a person


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def goal(ward):
    return make_goal(code="PAL-055")


@pytest.fixture
def as_trainee(client, ward):
    client.force_login(ward.trainee)
    return client


def of_goal(name, ward, goal) -> str:
    return reverse(f"portfolio:{name}", args=[ward.training.pk, goal.curriculum.code, goal.code])


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def asked_for_recommendation(ward, claim) -> RecommendationRequest:
    [asked] = goals.request_recommendations(
        claim, by=ward.trainee, clinical_supervisors=[ward.supervisor]
    )
    return asked


# --- Who may -------------------------------------------------------------------------------------

PERSONAS = {"guide": 403, "head": 403, "program_leader": 403, "supervisor": 404, "outsider": 404}


@pytest.mark.parametrize("name", ["goal_claim", "assessment_request"])
@pytest.mark.parametrize(("persona", "expected"), {"trainee": 200, **PERSONAS}.items())
def test_only_the_trainee_claims_and_asks(client, ward, goal, persona, expected, name):
    client.force_login(getattr(ward, persona))

    assert client.get(of_goal(name, ward, goal)).status_code == expected


OF_A_CLAIM = ["claim_recall", "recommendation_request"]


@pytest.mark.parametrize("name", OF_A_CLAIM)
@pytest.mark.parametrize(("persona", "expected"), {"trainee": 200, **PERSONAS}.items())
def test_only_the_trainee_acts_on_a_claim(client, ward, goal, persona, expected, name):
    claim = make_claim(ward=ward, goal=goal)
    client.force_login(getattr(ward, persona))

    assert client.get(reverse(f"portfolio:{name}", args=[claim.pk])).status_code == expected


# The one who is asked sees what they are asked about, but reminding and recalling is not theirs.
@pytest.mark.parametrize(
    ("persona", "expected"), {"trainee": 302, **PERSONAS, "supervisor": 403}.items()
)
def test_only_the_trainee_reminds(client, ward, goal, persona, expected):
    recommendation = asked_for_recommendation(ward, make_claim(ward=ward, goal=goal))
    assessment = make_request(ward=ward, goal=make_goal(code="PAL-001"))
    client.force_login(getattr(ward, persona))

    for name, asked in (
        ("recommendation_remind", recommendation),
        ("assessment_remind", assessment),
        ("assessment_request_recall", assessment),
    ):
        url = reverse(f"portfolio:{name}", args=[asked.pk])
        assert client.get(url).status_code == 405
        assert client.post(url).status_code == expected


def test_the_competence_area_has_no_claims(client):
    ward = make_ward(decides_goals=False)
    client.force_login(ward.trainee)

    assert client.get(of_goal("goal_claim", ward, make_goal())).status_code == 404


# --- Meld målet som nådd -------------------------------------------------------------------------


def test_claim_shows_what_it_will_cite(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal, recommends=True)

    page = text_of(as_trainee.get(of_goal("goal_claim", ward, goal)))

    assert "Meldingen viser til" in page
    assert "Hilde Demo Vik" in page
    assert "anbefaler godkjenning" in page
    assert "ikke vist på krevd nivå" not in page


def test_claim_leads_to_asking_for_recommendations(as_trainee, ward, goal):
    assessment = make_assessment(ward=ward, goal=goal)
    form = {"comment": "Alt er vist.", "version": "1", "key": str(uuid4())}

    response = as_trainee.post(of_goal("goal_claim", ward, goal), form)

    claim = Claim.objects.get()
    assert response.url == reverse("portfolio:recommendation_request", args=[claim.pk])
    assert (claim.comment, claim.state) == ("Alt er vist.", ClaimState.OPEN)
    assert CitedAssessment.objects.get(claim=claim).assessment == assessment


def test_claim_twice_with_one_key_is_one_claim(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal)
    form = {"comment": "", "version": "1", "key": str(uuid4())}

    first, second = (as_trainee.post(of_goal("goal_claim", ward, goal), form) for _ in range(2))

    assert first.url == second.url
    assert Claim.objects.count() == 1


def test_claim_with_gaps_needs_a_reason(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal, levels={1: 3})
    form = {"comment": "", "version": "1", "key": str(uuid4())}

    response = as_trainee.post(of_goal("goal_claim", ward, goal), form)

    page = text_of(response)
    assert response.status_code == 422
    assert "Utsagn 2 og 3 er ikke vist på krevd nivå." in page
    assert "Skriv hvorfor du melder målet før alt er vist." in page
    assert "<title>Feil:" in page
    assert not Claim.objects.exists()


def test_claim_of_an_old_page_is_409_and_keeps_the_text(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal)
    goals.recall_claim(make_claim(ward=ward, goal=goal), by=ward.trainee)
    url = of_goal("goal_claim", ward, goal)
    form = {"comment": "Skrevet i en gammel fane.", "version": "1", "key": str(uuid4())}

    stale = as_trainee.post(url, form)
    again = as_trainee.post(url, {**form, "version": stale.context["form"]["version"].value()})

    assert stale.status_code == 409
    assert "Skrevet i en gammel fane." in text_of(stale)
    assert again.status_code == 302


def test_claim_of_a_claimed_goal_leads_to_the_goal(as_trainee, ward, goal):
    make_claim(ward=ward, goal=goal)

    response = as_trainee.get(of_goal("goal_claim", ward, goal))

    assert response.url == of_goal("goal_detail", ward, goal)


def test_claim_of_an_approved_goal_is_refused(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim)
    version = str(GoalProgress.objects.get().version)
    form = {"comment": "Igjen.", "version": version, "key": str(uuid4())}

    response = as_trainee.post(of_goal("goal_claim", ward, goal), form)

    assert response.status_code == 422
    assert str(Refusal.NOT_CLAIMABLE.label) in text_of(response)


def test_claim_after_two_refusals_waits(as_trainee, ward, goal):
    for _ in range(2):
        claim = make_claim(ward=ward, goal=goal)
        make_recommendations(ward=ward, claim=claim)
        make_decision(ward=ward, claim=claim, outcome=Outcome.REFUSED)
    url = of_goal("goal_claim", ward, goal)
    version = str(GoalProgress.objects.get().version)

    page = text_of(as_trainee.get(url))
    response = as_trainee.post(url, {"comment": "Igjen.", "version": version, "key": str(uuid4())})

    assert "etter minst seks måneder med relevant aktivitet" in page
    assert response.status_code == 422
    assert str(Refusal.WAIT_AFTER_REFUSAL.label) in text_of(response)


def test_claim_with_an_identity_number_goes_back_with_the_text(as_trainee, ward, goal):
    form = {"comment": f"Pasient {IDENTITY_NUMBER}", "version": "1", "key": str(uuid4())}

    response = as_trainee.post(of_goal("goal_claim", ward, goal), form)

    page = text_of(response)
    assert response.status_code == 422
    assert "Ta bort fødselsnummeret i «Begrunnelse»." in page
    assert f"Pasient {IDENTITY_NUMBER}" in page
    assert not Claim.objects.exists()


def test_claim_ignores_fields_that_are_not_the_forms(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal)
    form = {"comment": "", "version": "1", "key": str(uuid4()), "state": "decided", "number": "7"}

    as_trainee.post(of_goal("goal_claim", ward, goal), form)

    assert Claim.objects.values_list("state", "number").get() == (ClaimState.OPEN, 1)


def test_recall_says_what_is_lost_and_opens_the_goal(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    url = reverse("portfolio:claim_recall", args=[claim.pk])

    page = text_of(as_trainee.get(url))
    response = as_trainee.post(url)

    claim.refresh_from_db()
    assert "Melder du målet på nytt, må du be om nye." in page
    assert response.url == of_goal("goal_detail", ward, goal)
    assert claim.state == ClaimState.RECALLED


def test_recall_of_a_decided_claim_is_409(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim)

    response = as_trainee.post(reverse("portfolio:claim_recall", args=[claim.pk]))

    assert response.status_code == 409
    assert "Meldingen er allerede avgjort eller trukket." in text_of(response)


# --- Be om anbefaling ----------------------------------------------------------------------------


def recommendation_url(claim) -> str:
    return reverse("portfolio:recommendation_request", args=[claim.pk])


def asked_people(claim) -> set[tuple[int, str]]:
    return set(claim.recommendation_requests.values_list("asked_of", "role"))


def test_guide_and_assessors_are_chosen_beforehand(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal)
    claim = make_claim(ward=ward, goal=goal)

    form = as_trainee.get(recommendation_url(claim)).context["form"]

    assert form["asks_guide"].value() is True
    assert form["clinical"].value() == [str(ward.supervisor.pk)]


def test_who_has_ticked_is_shown_as_recommending_and_not_offered(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal, recommends=True)
    claim = make_claim(ward=ward, goal=goal)

    response = as_trainee.get(recommendation_url(claim))

    page, form = text_of(response), response.context["form"]
    assert "Har svart eller er bedt" in page
    assert "Anbefaler" in page
    assert form.known == []
    assert str(ward.supervisor.pk) not in form.fields["another"].rows


def test_asking_both(as_trainee, ward, goal):
    make_assessment(ward=ward, goal=goal)
    claim = make_claim(ward=ward, goal=goal)
    form = {"asks_guide": "on", "clinical": [ward.supervisor.pk], "key": str(uuid4())}

    first, second = (as_trainee.post(recommendation_url(claim), form) for _ in range(2))

    assert first.url == second.url == of_goal("goal_detail", ward, goal)
    assert asked_people(claim) == {
        (ward.guide.pk, Role.EDUCATIONAL_SUPERVISOR),
        (ward.supervisor.pk, Role.CLINICAL_SUPERVISOR),
    }


def test_asking_another_supervisor(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)

    as_trainee.post(recommendation_url(claim), {"another": ward.outsider.pk})

    assert asked_people(claim) == {(ward.outsider.pk, Role.CLINICAL_SUPERVISOR)}


ASKED_BADLY = {
    "nobody": ({}, "Velg minst én å be om anbefaling."),
    "no supervisor": ({"another": "stranger"}, Refusal.NOT_SUPERVISOR.label),
    "oneself": ({"another": "trainee"}, Refusal.NOT_SUPERVISOR.label),
    "not a number": ({"clinical": ["x"]}, Refusal.NOT_SUPERVISOR.label),
}


@pytest.mark.parametrize("case", ASKED_BADLY)
def test_asking_badly_says_why(as_trainee, ward, goal, case):
    claim = make_claim(ward=ward, goal=goal)
    people = {"stranger": make_user().pk, "trainee": ward.trainee.pk}
    form, message = ASKED_BADLY[case]
    form = {
        name: people.get(value, value) if name == "another" else value
        for name, value in form.items()
    }

    response = as_trainee.post(recommendation_url(claim), form)

    assert response.status_code == 422
    assert str(message) in text_of(response)
    assert asked_people(claim) == set()


def test_without_a_veileder_the_page_says_so(as_trainee, ward, goal):
    ward.training.supervisions.update(ends_on=today() - dt.timedelta(days=1))
    claim = make_claim(ward=ward, goal=goal)

    page = text_of(as_trainee.get(recommendation_url(claim)))

    assert "Du har ingen veileder nå." in page


def test_own_department_comes_first(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)

    choices = as_trainee.get(recommendation_url(claim)).context["form"].fields["another"].choices

    assert [name for _blank, name in list(choices)[1][1]] == ["Hilde Demo Vik"]


def test_asking_for_a_closed_claim_is_409(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)
    goals.recall_claim(claim, by=ward.trainee)

    assert as_trainee.post(recommendation_url(claim)).status_code == 409


def asked_yesterday(asked) -> None:
    type(asked).objects.filter(pk=asked.pk).update(asked_at=timezone.now() - dt.timedelta(days=1))


def test_reminding_once_a_day(as_trainee, ward, goal):
    asked = asked_for_recommendation(ward, make_claim(ward=ward, goal=goal))
    asked_yesterday(asked)
    url = reverse("portfolio:recommendation_remind", args=[asked.pk])

    first = as_trainee.post(url, follow=True)
    asked.refresh_from_db()
    reminded_at = asked.reminded_at
    second = as_trainee.post(url, follow=True)

    asked.refresh_from_db()
    assert "Påminnelse sendt til Hilde Demo Vik." in text_of(first)
    assert str(Refusal.REMINDED_TODAY.label) in text_of(second)
    assert asked.reminded_at == reminded_at


def test_reminding_one_who_has_answered_is_409(as_trainee, ward, goal):
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    asked = claim.recommendation_requests.first()

    response = as_trainee.post(reverse("portfolio:recommendation_remind", args=[asked.pk]))

    assert response.status_code == 409


# --- Be om vurdering -----------------------------------------------------------------------------


def test_asking_names_the_statement_of_the_link(as_trainee, ward, goal):
    response = as_trainee.get(of_goal("assessment_request", ward, goal), {"utsagn": "2 og 3"})

    assert response.context["form"]["comment"].value() == "Gjelder utsagn 2, 3."
    assert "utløper etter 30 dager" in text_of(response)


@pytest.mark.parametrize("value", ["9", "<script>", "", "1x"])
def test_asking_ignores_statements_that_are_not(as_trainee, ward, goal, value):
    response = as_trainee.get(of_goal("assessment_request", ward, goal), {"utsagn": value})

    assert response.context["form"]["comment"].value() == ""


@pytest.mark.parametrize("persona", ["supervisor", "guide"])
def test_asking_for_an_assessment(as_trainee, ward, goal, persona):
    person = getattr(ward, persona)
    form = {"asked_of": person.pk, "comment": "Gjelder utsagn 3.", "key": str(uuid4())}

    first, second = (
        as_trainee.post(of_goal("assessment_request", ward, goal), form) for _ in range(2)
    )

    request = AssessmentRequest.objects.get()
    assert first.url == second.url == of_goal("goal_detail", ward, goal)
    assert (request.asked_of, request.comment, request.activity) == (
        person,
        "Gjelder utsagn 3.",
        None,
    )


ASSESSED_BADLY = {
    "nobody": ("", "", Refusal.NO_SUPERVISOR.label),
    "a stranger": ("stranger", "", Refusal.NOT_SUPERVISOR.label),
    "identity number": ("supervisor", IDENTITY_NUMBER, "Ta bort fødselsnummeret i «Melding»."),
    "too long": ("supervisor", "a " * 200, "Kort ned «Melding» til 300 tegn."),
}


@pytest.mark.parametrize("case", ASSESSED_BADLY)
def test_asking_for_an_assessment_badly(as_trainee, ward, goal, case):
    who, comment, message = ASSESSED_BADLY[case]
    people = {"": "", "stranger": make_user().pk, "supervisor": ward.supervisor.pk}

    response = as_trainee.post(
        of_goal("assessment_request", ward, goal), {"asked_of": people[who], "comment": comment}
    )

    assert response.status_code == 422
    assert str(message) in text_of(response)
    assert comment.strip() in text_of(response)
    assert not AssessmentRequest.objects.exists()


def test_asking_the_same_person_twice(as_trainee, ward, goal):
    make_request(ward=ward, goal=goal)
    form = {"asked_of": ward.supervisor.pk, "comment": "", "key": str(uuid4())}

    response = as_trainee.post(of_goal("assessment_request", ward, goal), form)

    assert response.status_code == 422
    assert str(Refusal.ALREADY_ASKED.label) in text_of(response)


def test_recalling_a_request(as_trainee, ward, goal):
    request = make_request(ward=ward, goal=goal)
    url = reverse("portfolio:assessment_request_recall", args=[request.pk])

    first, second = (as_trainee.post(url) for _ in range(2))

    request.refresh_from_db()
    assert (first.status_code, second.status_code) == (302, 409)
    assert request.state == RequestState.RECALLED


def test_reminding_an_assessor(as_trainee, ward, goal):
    request = make_request(ward=ward, goal=goal)
    asked_yesterday(request)

    response = as_trainee.post(
        reverse("portfolio:assessment_remind", args=[request.pk]), follow=True
    )

    request.refresh_from_db()
    assert "Påminnelse sendt til Hilde Demo Vik." in text_of(response)
    assert request.reminded_at <= timezone.now()


# --- Queries -------------------------------------------------------------------------------------

QUERIES = {"goal_claim": 8, "assessment_request": 10}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "expected"), QUERIES.items())
def test_pages_of_a_goal_ask_as_often_for_one_as_for_three(
    as_trainee, django_assert_num_queries, ward, goal, name, expected, count
):
    for _ in range(count):
        make_assessment(ward=ward, goal=goal)
        give_role(user=make_user(), role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    url = of_goal(name, ward, goal)
    as_trainee.get(url)

    with django_assert_num_queries(expected):
        as_trainee.get(url)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "expected"), {"recommendation_request": 10, "claim_recall": 8}.items()
)
def test_pages_of_a_claim_ask_as_often_for_one_as_for_three(
    as_trainee, django_assert_num_queries, ward, goal, name, expected, count
):
    for _ in range(count):
        make_assessment(ward=ward, goal=goal)
        give_role(user=make_user(), role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    url = reverse(f"portfolio:{name}", args=[make_claim(ward=ward, goal=goal).pk])
    as_trainee.get(url)

    with django_assert_num_queries(expected):
        as_trainee.get(url)
