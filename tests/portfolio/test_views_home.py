"""«Dette gjenstår»."""

import datetime as dt
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions.enums import AttestedBy
from pages.dates import SHORT
from portfolio.enums import Outcome, RequestState
from portfolio.models import AssessmentRequest
from portfolio.services.activities import return_activity
from portfolio.services.assessments import return_request, sign_assessment
from portfolio.services.goals import request_recommendations
from tests.factories import (
    days_ago,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_request,
    make_training,
    make_user,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

HOME = reverse("portfolio:home")


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def trainee(client, ward):
    client.force_login(ward.trainee)
    return client


def rows(client, address: str = HOME) -> dict:
    """What stands in each section, as (number, unit, title, who)."""
    home = client.get(address).context["home"]
    return {
        section.title: [(row.number, row.unit, row.title, row.who) for row in section.shown]
        for section in home.sections
    }


def asked_long_ago(request: AssessmentRequest, days: int) -> None:
    AssessmentRequest.objects.filter(pk=request.pk).update(
        asked_at=timezone.now() - dt.timedelta(days=days),
        expires_on=days_ago(days) + dt.timedelta(days=30),
    )


def in_days(days: int) -> tuple[str, str]:
    day = today() + dt.timedelta(days=days)
    return f"{day.day}.", SHORT[day.month - 1]


# --- The beginning and the end -------------------------------------------------------------------


def test_new_doctor_is_told_what_to_do_first(client):
    client.force_login(make_training().trainee)

    page = client.get(HOME).content.decode()

    assert ("Registrer din første aktivitet" in page, "Venter på" in page) == (True, False)


def test_nothing_left(trainee, ward):
    activity = make_activity(ward=ward, sent=True)
    sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 3},
        feedback="",
        recommends=False,
        key=uuid4(),
    )

    page = trainee.get(HOME).content.decode()

    assert ("Ingenting venter på deg nå" in page, "første aktivitet" in page) == (True, False)


@pytest.mark.parametrize("person", ["supervisor", "guide", "head", "admin"])
def test_others_have_their_home_elsewhere(client, ward, person):
    client.force_login(getattr(ward, person))

    assert client.get(HOME).status_code == 404


# --- Venter på deg -------------------------------------------------------------------------------


def test_returned_activity(trainee, ward):
    activity = make_activity(ward=ward, sent=True)
    return_activity(
        activity, by=ward.supervisor, reason="needs_change", comment="Skriv hva du selv gjorde."
    )

    page = trainee.get(HOME).content.decode()

    assert rows(trainee) == {
        "Venter på deg": [("Ny", "i dag", "Svar på kommentar, PAL-055", "Fra Hilde Demo Vik")]
    }
    assert "«Skriv hva du selv gjorde.»" in page


def test_returned_request_until_it_is_asked_again(trainee, ward):
    request = make_request(ward=ward)
    return_request(request, by=ward.supervisor, reason="not_seen", comment="")
    before = rows(trainee)

    make_request(ward=ward, asked_of=ward.guide)

    assert before == {
        "Venter på deg": [("Ny", "i dag", "Svar på kommentar, PAL-055", "Fra Hilde Demo Vik")]
    }
    assert list(rows(trainee)) == ["Venter på andre"]


@pytest.mark.parametrize(
    ("outcome", "title"),
    [
        (Outcome.RETURNED, "Svar på kommentar, PAL-055"),
        (Outcome.REFUSED, "Ikke godkjent, PAL-055"),
    ],
)
def test_goal_sent_back_by_the_head(trainee, ward, outcome, title):
    make_assessment(ward=ward)
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim, outcome=outcome)

    assert rows(trainee) == {
        "Venter på deg": [("Ny", "i dag", title, "Fra leder Anne Demo Haugen")]
    }


def test_request_that_expires_soon_has_its_date_in_amber(trainee, ward):
    asked_long_ago(make_request(ward=ward), 29)

    row = trainee.get(HOME).context["home"].sections[0].rows[0]

    assert rows(trainee) == {
        "Venter på deg": [
            (*in_days(1), "Vurderingen utløper, PAL-055", "Supervisør Hilde Demo Vik")
        ]
    }
    assert (row.is_urgent, row.attention) == (True, "I morgen")


@pytest.mark.parametrize("marked", [RequestState.OPEN, RequestState.EXPIRED])
def test_expired_request(trainee, ward, marked):
    request = make_request(ward=ward)
    asked_long_ago(request, 33)
    AssessmentRequest.objects.filter(pk=request.pk).update(state=marked)

    row = trainee.get(HOME).context["home"].sections[0].rows[0]

    assert (row.title, row.who, row.attention, row.remind_url) == (
        "Be om vurdering på nytt, PAL-055",
        "utløp hos Hilde Demo Vik",
        "For 3 dager siden",
        "",
    )


def test_expired_request_that_was_made_up_for_is_gone(trainee, ward):
    asked_long_ago(make_request(ward=ward), 33)
    make_assessment(ward=ward, assessor=ward.guide)

    assert rows(trainee) == {}


def test_claim_that_lacks_a_recommendation_nobody_is_asked_for(trainee, ward):
    make_assessment(ward=ward)
    make_claim(ward=ward)

    assert rows(trainee) == {
        "Venter på deg": [
            ("Ny", "i dag", "Be om anbefaling, PAL-055", "Mangler fra supervisør og veileder")
        ]
    }


def test_deadlines_come_first_and_the_oldest_before_the_newer(trainee, ward):
    for code, days in (("PAL-001", 24), ("PAL-020", 28)):
        asked_long_ago(make_request(ward=ward, goal=make_goal(code=code)), days)
    returned = make_request(ward=ward, goal=make_goal(code="PAL-041"))
    return_request(returned, by=ward.supervisor, reason="not_seen", comment="")

    assert [title for _n, _u, title, _w in rows(trainee)["Venter på deg"]] == [
        "Vurderingen utløper, PAL-020",
        "Vurderingen utløper, PAL-001",
        "Svar på kommentar, PAL-041",
    ]


# --- Kladder -------------------------------------------------------------------------------------


def test_draft(trainee, ward):
    make_activity(ward=ward, starts_on=today())

    assert rows(trainee) == {
        "Kladder": [(*in_days(0), "Familiesamtale om overgang til lindring", "Ikke sendt, PAL-055")]
    }


# --- Venter på andre -----------------------------------------------------------------------------


def test_request_for_assessment(trainee, ward):
    asked_long_ago(make_request(ward=ward), 7)

    row = trainee.get(HOME).context["home"].sections[0].rows[0]

    assert rows(trainee) == {
        "Venter på andre": [("7", "dager", "Vurdering, PAL-055", "Supervisør Hilde Demo Vik")]
    }
    assert row.remind_url == reverse(
        "portfolio:assessment_remind", args=[AssessmentRequest.objects.get().pk]
    )


def test_reminding_comes_back_home(trainee, ward):
    asked_long_ago(make_request(ward=ward), 7)
    row = trainee.get(HOME).context["home"].sections[0].rows[0]

    response = trainee.post(row.remind_url, {"from_home": "1"})

    assert response.url == HOME
    assert "Påminn" not in trainee.get(HOME).content.decode().split("<main")[1].split("row-list")[1]


def test_request_to_the_guide_names_the_role(trainee, ward):
    make_request(ward=ward, asked_of=ward.guide)

    assert rows(trainee)["Venter på andre"][0][3] == "Veileder Per Demo Moen"


def test_no_reminding_on_the_day_one_asked(trainee, ward):
    make_request(ward=ward)

    assert "Påminn" not in trainee.get(HOME).content.decode()


def test_no_reminding_twice_a_day(trainee, ward):
    request = make_request(ward=ward)
    asked_long_ago(request, 7)
    AssessmentRequest.objects.filter(pk=request.pk).update(reminded_at=timezone.now())

    assert "Påminn" not in trainee.get(HOME).content.decode()


def test_recommendations_asked_for(trainee, ward):
    make_assessment(ward=ward)
    claim = make_claim(ward=ward)
    request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )

    assert sorted(who for _n, _u, _title, who in rows(trainee)["Venter på andre"]) == [
        "Supervisør Hilde Demo Vik",
        "Veileder Per Demo Moen",
    ]


def test_decision(trainee, ward):
    make_assessment(ward=ward)
    make_recommendations(ward=ward, claim=make_claim(ward=ward))

    assert rows(trainee) == {
        "Venter på andre": [("Ny", "i dag", "Avgjørelse, PAL-055", "Leder Anne Demo Haugen")]
    }


def test_activity_that_the_guide_attests(trainee, ward):
    institution = ward.department.institution
    institution.activities_attested_by = AttestedBy.EDUCATIONAL_SUPERVISOR
    institution.save()
    activity = make_activity(ward=ward, sent=True)
    sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 3},
        feedback="",
        recommends=False,
        key=uuid4(),
    )

    assert rows(trainee) == {
        "Venter på andre": [
            (
                "Ny",
                "i dag",
                "Bekreftelse, Familiesamtale om overgang til lindring",
                "Veileder Per Demo Moen",
            )
        ]
    }


# --- Both pathways, and many rows ----------------------------------------------------------------


def test_competence_area_has_no_claims(client):
    ward = make_ward(decides_goals=False)
    make_assessment(ward=ward)
    asked_long_ago(make_request(ward=ward, goal=make_goal(code="PAL-020")), 2)
    client.force_login(ward.trainee)

    assert rows(client) == {
        "Venter på andre": [("2", "dager", "Vurdering, PAL-020", "Supervisør Hilde Demo Vik")]
    }


def test_how_many_goals_are_approved(trainee, ward):
    make_approved(ward=ward)
    for code in ("PAL-020", "PAL-041"):
        make_assessment(ward=ward, goal=make_goal(code=code))
    make_claim(ward=ward, goal=make_goal(code="PAL-020"))

    page = trainee.get(HOME).content.decode()

    goals = reverse("portfolio:goal_list", args=[ward.training.pk])
    assert f'<a class="ds-link" href="{goals}">1 av 3 mål er godkjent</a>' in page


def test_nothing_is_approved_in_the_competence_area(client):
    client.force_login(make_ward(decides_goals=False).trainee)

    assert "er godkjent" not in client.get(HOME).content.decode()


def test_three_rows_and_the_way_to_the_rest(trainee, ward):
    for code in ("PAL-001", "PAL-020", "PAL-041", "PAL-055"):
        make_request(ward=ward, goal=make_goal(code=code))

    page = trainee.get(HOME).content.decode()

    assert len(rows(trainee)["Venter på andre"]) == 3
    assert len(rows(trainee, f"{HOME}?alle=andre")["Venter på andre"]) == 4
    assert "Alle 4" in page
    assert "%" not in page.split("<main")[1].split("</main>")[0]


def test_home_is_ones_own(trainee):
    make_request(ward=make_ward())

    assert rows(trainee) == {}


@pytest.mark.parametrize("count", [1, 3])
def test_queries(trainee, ward, django_assert_num_queries, count):
    codes = ("PAL-055", "PAL-020", "PAL-041", "PAL-001", "PAL-009", "PAL-002")
    for code in codes[:count]:
        goal = make_goal(code=code)
        make_assessment(ward=ward, goal=goal)
        make_recommendations(ward=ward, claim=make_claim(ward=ward, goal=goal))
    for code in codes[3 : 3 + count]:
        make_activity(ward=ward, goals_=[make_goal(code=code)], sent=True)
        make_activity(ward=ward, goals_=[make_goal(code=code)])

    with django_assert_num_queries(10):
        trainee.get(HOME)


def test_one_without_training_has_no_home_here(client):
    client.force_login(make_user())

    assert client.get(HOME).status_code == 404
