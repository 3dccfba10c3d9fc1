"""Læringsmål and Ett mål, as the trainee and those around them see them."""

import datetime as dt

import pytest
from django.db.models import F
from django.urls import reverse

from institutions.enums import Role
from portfolio.enums import Outcome
from portfolio.models import AssessmentRequest, Opening, RecommendationRequest
from portfolio.services import goals
from portfolio.services.activities import return_activity, send_activity
from tests.factories import (
    days_ago,
    give_role,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
)

pytestmark = pytest.mark.django_db


def list_url(ward) -> str:
    return reverse("portfolio:goal_list", args=[ward.training.pk])


def detail_url(ward, goal) -> str:
    return reverse(
        "portfolio:goal_detail", args=[ward.training.pk, goal.curriculum.code, goal.code]
    )


def text_of(response) -> str:
    """The page's words, one space between them."""
    return " ".join(response.content.decode().split())


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def as_trainee(client, ward):
    client.force_login(ward.trainee)
    return client


# --- Sent back -----------------------------------------------------------------------------------


@pytest.fixture
def returned_activity(ward):
    activity = make_activity(ward=ward, sent=True)
    return_activity(activity, by=ward.supervisor, reason="needs_change", comment="Mer.")
    return activity


def test_activity_sent_back_is_found_from_its_goal(as_trainee, ward, returned_activity):
    page = text_of(as_trainee.get(detail_url(ward, make_goal())))

    address = reverse("portfolio:activity_detail", args=[returned_activity.pk])
    assert f'href="{address}">Rett aktiviteten</a>' in page
    assert "Under arbeid" in page


def test_goal_of_an_activity_sent_back_is_begun_in_the_list(as_trainee, ward, returned_activity):
    lines = as_trainee.get(list_url(ward)).context["goals"].overview.lines

    assert [str(one.status.label) for one in lines] == ["Under arbeid"]


def test_others_see_nothing_of_an_activity_sent_back(client, ward, returned_activity):
    client.force_login(ward.guide)

    page = text_of(client.get(detail_url(ward, make_goal())))

    assert ("Rett aktiviteten" in page, returned_activity.heading in page) == (False, False)


def test_activity_sent_anew_is_not_among_those_sent_back(as_trainee, ward, returned_activity):
    send_activity(returned_activity, by=ward.trainee)

    assert "Rett aktiviteten" not in text_of(as_trainee.get(detail_url(ward, make_goal())))


# --- The list ------------------------------------------------------------------------------------


def test_my_goals_leads_to_ones_own_list_and_keeps_the_filter(as_trainee, ward):
    response = as_trainee.get(reverse("portfolio:my_goals") + "?status=godkjent")

    assert response.url == list_url(ward) + "?status=godkjent"


def test_my_goals_without_a_training_is_404(client, ward):
    client.force_login(ward.supervisor)

    assert client.get(reverse("portfolio:my_goals")).status_code == 404


WHO_SEES = {
    "trainee": 200,
    "guide": 200,
    "head": 200,
    "education_lead": 200,
    "program_leader": 200,
    "supervisor": 404,
    "admin": 404,
    "outsider": 404,
}


@pytest.mark.parametrize("page", ["list", "detail"])
@pytest.mark.parametrize(("persona", "expected"), WHO_SEES.items())
def test_who_sees_the_goals_of_a_doctor(client, ward, persona, expected, page):
    goal = make_goal()
    client.force_login(getattr(ward, persona))

    response = client.get(list_url(ward) if page == "list" else detail_url(ward, goal))

    assert response.status_code == expected


def test_goals_need_a_login(client, ward):
    assert client.get(list_url(ward)).status_code == 302


def test_goals_are_not_posted_to(as_trainee, ward):
    assert as_trainee.post(list_url(ward)).status_code == 405


def test_opening_by_others_is_noted_and_ones_own_is_not(client, ward):
    for person in (ward.trainee, ward.head):
        client.force_login(person)
        client.get(list_url(ward))

    assert list(Opening.objects.values_list("user", "role")) == [
        (ward.head.pk, Role.DEPARTMENT_HEAD)
    ]


def test_verdict_says_how_many_are_approved_and_what_came_back(as_trainee, ward):
    make_approved(ward=ward, goal=make_goal(code="PAL-001"))
    goal = make_goal(code="PAL-002")
    make_recommendations(ward=ward, claim=(claim := make_claim(ward=ward, goal=goal)))
    make_decision(ward=ward, claim=claim, outcome=Outcome.RETURNED)

    page = text_of(as_trainee.get(list_url(ward)))

    assert "<strong>1 av 2</strong> mål er godkjent." in page
    assert "Ett er sendt tilbake til deg." in page


def test_verdict_before_the_first_approval(as_trainee, ward):
    make_goal()

    assert "Ingen av 1 mål er godkjent ennå." in text_of(as_trainee.get(list_url(ward)))


FILTERS = {
    "": ["PAL-001", "PAL-002", "PAL-003", "FKM-001"],
    "gjenstar": ["PAL-002", "PAL-003", "FKM-001"],
    "godkjent": ["PAL-001"],
    "under-arbeid": ["PAL-002"],
    "ikke-startet": ["PAL-003", "FKM-001"],
    "til-avgjorelse": [],
    "finnes-ikke": ["PAL-001", "PAL-002", "PAL-003", "FKM-001"],
}


@pytest.mark.parametrize(("status", "codes"), FILTERS.items())
def test_filter_by_status(as_trainee, ward, status, codes):
    first, second, *_ = [
        make_goal(code=code) for code in ("PAL-001", "PAL-002", "PAL-003", "FKM-001")
    ]
    make_approved(ward=ward, goal=first)
    make_assessment(ward=ward, goal=second, levels={1: 1})

    shown = as_trainee.get(list_url(ward), {"status": status}).context["goals"]

    assert [line.goal.code for theme in shown.themes for line in theme.lines] == codes
    assert [one.count for one in shown.filters] == [4, 3, 2, 1, 0, 1]


SEARCHES = {
    "smertebehandling": ["PAL-039", "PAL-055"],
    "PUMPE": ["PAL-055"],  # a part of a word, capitals or not
    "pal-039": ["PAL-039"],
    "intervensjonsteknikker smerte": ["PAL-039"],
    "finnes ikke": [],
}


@pytest.mark.parametrize(("sought", "codes"), SEARCHES.items())
def test_search(as_trainee, ward, sought, codes):
    for code in ("PAL-001", "PAL-039", "PAL-055"):
        make_goal(code=code)

    shown = as_trainee.get(list_url(ward), {"sok": sought}).context["goals"]

    assert [line.goal.code for theme in shown.themes for line in theme.lines] == codes


def test_search_without_a_hit_says_what_to_try(as_trainee, ward):
    make_goal()

    page = text_of(as_trainee.get(list_url(ward), {"sok": "<b>nyre"}))

    assert "Ingen mål med «&lt;b&gt;nyre»" in page


def test_themes_count_all_their_goals_whatever_is_hidden(as_trainee, ward):
    make_approved(ward=ward, goal=make_goal(code="PAL-001"))
    make_goal(code="PAL-002")

    [theme] = as_trainee.get(list_url(ward), {"status": "gjenstar"}).context["goals"].themes

    assert (theme.settled, theme.total, len(theme.lines)) == (1, 2, 1)


def test_the_competence_area_has_no_word_of_decision(client):
    ward = make_ward(decides_goals=False)
    make_assessment(ward=ward, goal=make_goal(code="PAL-002"))
    make_goal(code="PAL-003")
    client.force_login(ward.trainee)

    page = text_of(client.get(list_url(ward)))

    assert "<strong>1 av 2</strong> mål er vist på krevd nivå." in page
    assert "odkjent" not in page
    assert "avgjørelse" not in page


def test_others_see_whose_goals_these_are(client, ward):
    make_goal()
    client.force_login(ward.guide)

    page = text_of(client.get(list_url(ward)))

    assert f"<title>Læringsmål, {ward.trainee.name} – PAL-mappen</title>" in page
    assert reverse("portfolio:doctor", args=[ward.training.pk]) in page


LIST_QUERIES = {"trainee": 7, "head": 9, "program_leader": 9}


@pytest.mark.parametrize("goal_count", [1, 3])
@pytest.mark.parametrize(("persona", "expected"), LIST_QUERIES.items())
def test_the_list_asks_the_database_as_often_for_one_goal_as_for_three(
    client, django_assert_num_queries, ward, persona, expected, goal_count
):
    for code in ["PAL-001", "PAL-002", "FKM-001"][:goal_count]:
        make_approved(ward=ward, goal=make_goal(code=code))
    client.force_login(getattr(ward, persona))
    client.get(list_url(ward))

    with django_assert_num_queries(expected):
        client.get(list_url(ward))


# --- One goal ------------------------------------------------------------------------------------


def test_goal_of_another_pathway_is_404(as_trainee, ward):
    goal = make_goal(code="LM-56")

    assert as_trainee.get(detail_url(ward, goal)).status_code == 404


def test_fragments_stand_in_the_whole_text(as_trainee, ward):
    goal = make_goal(code="PAL-015")
    make_assessment(ward=ward, goal=goal, levels={1: 3})

    response = as_trainee.get(detail_url(ward, goal))

    page = text_of(response)
    assert "transfusjon av blodprodukter, " in page
    assert "<strong>God kunnskap</strong> er vist" in page
    assert "<strong>Ikke vist ennå</strong><small>Krav: Selvstendig</small>" in page


def test_bullets_are_shown_once(as_trainee, ward):
    goal = make_goal(code="PAL-046")

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert page.count("Vena cava superior-syndrom") == 1


def test_elaboration_is_marked_as_no_regulation(as_trainee, ward):
    page = text_of(as_trainee.get(detail_url(ward, make_goal(code="PAL-041"))))

    assert "Ikke forskrift" in page
    assert "Medisinske tiltak inkluderer tiltak med og uten legemidler." in page


def test_goal_without_statements_has_one_level_and_no_cells(as_trainee, ward):
    goal = make_goal(code="FKM-001")
    make_assessment(ward=ward, goal=goal, levels={0: 2})

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "<strong>Mellomste nivå</strong> er vist" in page
    assert "Hele målet" in page
    assert 'class="levels' not in page


def with_nothing(ward, goal):
    pass


def shown_in_part(ward, goal):
    make_assessment(ward=ward, goal=goal, levels={1: 3, 2: 3, 3: 1})


def shown(ward, goal):
    make_assessment(ward=ward, goal=goal)


def asked(ward, goal):
    make_request(ward=ward, goal=goal)


def asked_yesterday(ward, goal):
    asked(ward, goal)
    AssessmentRequest.objects.update(asked_at=F("asked_at") - dt.timedelta(days=1))


def claimed(ward, goal):
    shown(ward, goal)
    return make_claim(ward=ward, goal=goal, comment="Alt er vist.")


def recommended(ward, goal):
    claim = claimed(ward, goal)
    make_recommendations(ward=ward, claim=claim)
    return claim


def returned(ward, goal):
    make_decision(ward=ward, claim=recommended(ward, goal), outcome=Outcome.RETURNED)


def claim_waits(ward, goal):
    claim = claimed(ward, goal)
    goals.request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )
    RecommendationRequest.objects.update(asked_at=F("asked_at") - dt.timedelta(days=1))


def recalled_after_return(ward, goal):
    returned(ward, goal)
    goals.recall_claim(make_claim(ward=ward, goal=goal), by=ward.trainee)


def refused(ward, goal):
    make_decision(ward=ward, claim=recommended(ward, goal), outcome=Outcome.REFUSED)


def refused_twice(ward, goal):
    refused(ward, goal)
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim, outcome=Outcome.REFUSED)


def approved(ward, goal):
    make_decision(ward=ward, claim=recommended(ward, goal))


# What has happened: the heading of the step that is open, and the one primary act, of the trainee.
STEPS = {
    with_nothing: ("Meld målet som nådd", "Be om vurdering av utsagn 1, 2 og 3"),
    shown_in_part: ("Meld målet som nådd", "Be om vurdering av utsagn 3"),
    asked: ("Meld målet som nådd", None),
    asked_yesterday: ("Meld målet som nådd", "Påminn"),
    shown: ("Meld målet som nådd", "Meld målet som nådd"),
    claimed: ("Anbefalinger", "Be om anbefaling"),
    recommended: ("Avgjørelse", None),
    claim_waits: ("Anbefalinger", "Påminn"),
    returned: ("Meld målet på nytt", "Meld målet som nådd"),
    recalled_after_return: ("Meld målet på nytt", "Meld målet som nådd"),
    refused: ("Meld målet på nytt", "Meld målet som nådd"),
    refused_twice: ("Meld målet på nytt", None),
    approved: (None, None),
}


@pytest.mark.parametrize(("happened", "expected"), STEPS.items())
def test_one_primary_act_at_the_open_step(as_trainee, ward, happened, expected):
    goal = make_goal(code="PAL-055")
    happened(ward, goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert (open_step(page), primary_act(page)) == expected


@pytest.mark.parametrize("happened", [with_nothing, shown, claimed, recommended, approved])
@pytest.mark.parametrize("persona", ["guide", "program_leader"])
def test_others_get_no_act_that_is_the_trainees(client, ward, happened, persona):
    goal = make_goal(code="PAL-055")
    happened(ward, goal)
    client.force_login(getattr(ward, persona))

    page = text_of(client.get(detail_url(ward, goal)))

    assert primary_act(page) is None
    assert "Trekk meldingen tilbake" not in page
    assert "Aktivitet for dette målet" not in page


def test_the_head_is_led_to_the_decision(client, ward):
    goal = make_goal(code="PAL-055")
    claim = recommended(ward, goal)
    client.force_login(ward.head)

    page = text_of(client.get(detail_url(ward, goal)))

    assert primary_act(page) == "Avgjør målet"
    assert reverse("portfolio:decide", args=[claim.pk]) in page


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main>", 1)[0]


def open_step(page: str) -> str | None:
    parts = main_of(page).split('class="step" data-state="current"')
    return parts[1].split('class="step__title">', 1)[1].split("<", 1)[0] if parts[1:] else None


def primary_act(page: str) -> str | None:
    """The text of the one button without a variant."""
    buttons = [part.split(">", 1) for part in main_of(page).split('class="ds-button')[1:]]
    primary = [text.split("<", 1)[0] for attributes, text in buttons if "variant" not in attributes]
    assert len(primary) <= 1
    return primary[0] if primary else None


def test_what_came_back_says_why(as_trainee, ward):
    goal = make_goal(code="PAL-055")
    returned(ward, goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "Sendt tilbake" in page
    assert "«Vis mer først.»" in page


def test_two_refusals_name_the_day_the_goal_can_be_claimed_again(as_trainee, ward):
    goal = make_goal(code="PAL-055")
    refused_twice(ward, goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "Etter to avslag kan målet meldes igjen fra" in page
    assert "(spesialistforskriften § 26)" in page
    assert "Meld likevel" not in page


def test_earlier_claims_stay_readable(as_trainee, ward):
    goal = make_goal(code="PAL-055")
    returned(ward, goal)
    make_claim(ward=ward, goal=goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "Tidligere meldinger" in page
    assert "sendt tilbake. «Vis mer først.»" in page


def test_an_activity_nobody_has_assessed_stands_in_the_table(as_trainee, ward):
    goal = make_goal(code="PAL-055")
    make_activity(ward=ward, goals_=[goal], sent=True)
    make_assessment(ward=ward, goal=goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "Sendt, ikke vurdert ennå" in page
    assert "Vurdering uten aktivitet" in page


def test_the_chart_has_a_title_and_says_what_it_shows(as_trainee, ward):
    goal = make_goal(code="PAL-055")
    shown_in_part(ward, goal)

    page = text_of(as_trainee.get(detail_url(ward, goal)))

    assert "<title " in page.split("<body", 1)[1]
    assert "Utsagn 3, krav 2: nivå 1" in page


def test_the_competence_area_has_no_path_to_approval(client):
    ward = make_ward(decides_goals=False)
    goal = make_goal(code="PAL-055")
    make_assessment(ward=ward, goal=goal, levels={1: 3})
    client.force_login(ward.trainee)

    page = text_of(client.get(detail_url(ward, goal)))

    assert "Veien til godkjenning" not in page
    assert "§ 26" not in page
    assert primary_act(page) == "Be om vurdering av utsagn 2 og 3"


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("persona", "expected"), {"trainee": 8, "head": 10}.items())
def test_one_goal_asks_as_often_with_one_assessment_as_with_three(
    client, django_assert_num_queries, ward, persona, expected, count
):
    goal = make_goal(code="PAL-055")
    colleagues = [ward.supervisor, ward.guide, ward.outsider]
    for colleague in colleagues[:count]:
        make_activity(ward=ward, goals_=[goal], sent=True, starts_on=days_ago(9))
        make_assessment(ward=ward, goal=goal, assessor=colleague)
    give_role(user=ward.guide, role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    make_claim(ward=ward, goal=goal)
    client.force_login(getattr(ward, persona))
    client.get(detail_url(ward, goal))

    with django_assert_num_queries(expected):
        client.get(detail_url(ward, goal))
