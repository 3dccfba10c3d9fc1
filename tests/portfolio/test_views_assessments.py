"""Vurder and send back: who may, what is signed, and what comes too late."""

from uuid import uuid4

import pytest
from django.utils import timezone

from portfolio.enums import ActivityState, RequestState, ReturnReason
from portfolio.models import Assessment, AssessmentRequest
from portfolio.services import activities, assessments
from tests.factories import (
    attested,
    days_ago,
    make_activity,
    make_goal,
    make_request,
    make_ward,
    today,
)
from tests.portfolio.visits import answer, as_, at_once, end_roles, url

pytestmark = pytest.mark.django_db

SENTENCE = "La stillheten vare litt før du svarer."
ASSESS_QUERIES = 8


@pytest.fixture
def ward():
    return make_ward()


def close(request: AssessmentRequest, state: str, ward) -> None:
    match state:
        case "answered":
            assessments.sign_assessment(
                request,
                by=ward.supervisor,
                levels={1: 3},
                feedback="",
                recommends=False,
                key=uuid4(),
            )
        case "returned":
            assessments.return_request(
                request, by=ward.supervisor, reason=ReturnReason.NOT_SEEN, comment=""
            )
        case "recalled":
            assessments.recall_request(request, by=ward.trainee)
        case "expired":
            AssessmentRequest.objects.filter(pk=request.pk).update(expires_on=days_ago(1))
        case "role ended":
            end_roles(ward.supervisor)


@pytest.mark.parametrize(
    ("state", "who", "opened", "signed"),
    [
        ("open", "supervisor", 200, 302),
        ("open", "guide", 403, 403),
        ("open", "head", 403, 403),
        ("open", "trainee", 403, 403),
        ("open", "outsider", 404, 404),
        ("open", "admin", 404, 404),
        ("answered", "supervisor", 404, 409),
        ("returned", "supervisor", 404, 409),
        ("recalled", "supervisor", 404, 409),
        ("recalled", "outsider", 404, 404),
        ("expired", "supervisor", 404, 409),
        ("role ended", "supervisor", 404, 404),
    ],
)
def test_assess_by_state_and_role(ward, state, who, opened, signed):
    request = make_request(ward=ward)
    close(request, state, ward)
    client = as_(getattr(ward, who))
    page = url("assess", request.pk)

    assert (client.get(page).status_code, client.post(page, answer()).status_code) == (
        opened,
        signed,
    )


def test_assess_takes_one_level_and_a_button(ward):
    activity = make_activity(ward=ward, sent=True)
    request = activity.assessment_requests.get()

    response = as_(ward.supervisor).post(url("assess", request.pk), answer())

    signed = Assessment.objects.get()
    assert response.url == f"{url('waiting_list')}?signert={signed.pk}"
    assert (signed.levels, signed.feedback, signed.recommends) == ({"1": 3}, "", False)
    activity.refresh_from_db()
    assert activity.state == ActivityState.ATTESTED


def test_assess_opens_the_next_that_waits(ward):
    first, second, third = (
        make_request(ward=ward, goal=make_goal(code=code))
        for code in ("PAL-055", "PAL-020", "PAL-001")
    )
    client = as_(ward.supervisor)

    after_second = client.post(url("assess", second.pk), answer())
    after_third = client.post(url("assess", third.pk), answer())

    assert after_second.url.split("?")[0] == url("assess", third.pk)
    assert after_third.url.split("?")[0] == url("assess", first.pk)


def test_assess_without_a_level_keeps_the_sentence(ward):
    request = make_request(ward=ward)

    response = as_(ward.supervisor).post(
        url("assess", request.pk), {"key": str(uuid4()), "feedback": SENTENCE}
    )

    assert response.status_code == 422
    text = response.content.decode()
    assert "Velg nivå for minst ett utsagn, eller send tilbake." in text
    assert 'href="#id_level_1_0"' in text
    assert SENTENCE in text
    assert Assessment.objects.count() == 0


def test_no_level_is_preset(ward):
    request = make_request(ward=ward)

    text = as_(ward.supervisor).get(url("assess", request.pk)).content.decode()

    radios = [part.split(">")[0] for part in text.split('<input type="radio"')[1:]]
    assert len(radios) == 12  # three statements
    assert all('value=""' in radio for radio in radios if "checked" in radio)


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("PAL-055", "3 utsagn. Det du ikke velger, blir stående som ikke sett."),
        ("FKM-002", None),  # one level for the whole goal: nothing else to leave out
    ],
)
def test_what_is_not_chosen_is_said_beside_the_button(ward, code, note):
    request = make_request(ward=ward, goal=make_goal(code=code))

    bar = as_(ward.supervisor).get(url("assess", request.pk)).content.decode().split("action-bar ")

    assert ("data-level-count" in bar[1]) is bool(note)
    assert note is None or note in bar[1]


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("level_1", "4", "Nivået hører ikke til et utsagn i målet."),
        ("feedback", "Pasient 13097248022 var trygg.", "Ta bort fødselsnummeret i «Setningen»."),
        ("feedback", "a" * 301, "Kort ned «Setningen» til 300 tegn."),
    ],
)
def test_assess_names_what_is_wrong(ward, field, value, message):
    request = make_request(ward=ward)

    response = as_(ward.supervisor).post(
        url("assess", request.pk), answer() | {"level_2": "2", field: value}
    )

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Assessment.objects.count() == 0


def test_a_goal_without_statements_has_one_level_and_no_requirement(ward):
    request = make_request(ward=ward, goal=make_goal(code="FKM-002"))
    client = as_(ward.supervisor)

    text = client.get(url("assess", request.pk)).content.decode()
    client.post(url("assess", request.pk), {"key": str(uuid4()), "level_0": "2"})

    assert "Målet som helhet" in text
    assert "level-choice__required" not in text
    assert Assessment.objects.get().levels == {"0": 2}


def test_bullets_are_shown_once_and_fragments_in_their_sentence(ward):
    client = as_(ward.supervisor)
    bullets = make_request(ward=ward, goal=make_goal(code="PAL-047"))
    fragments = make_request(ward=ward, goal=make_goal(code="PAL-014"))

    with_bullets = client.get(url("assess", bullets.pk)).content.decode()
    with_fragments = client.get(url("assess", fragments.pk)).content.decode()

    assert with_bullets.count("Kroniske sår, kreftsår og fistler") == 1
    assert "Selvstendig og i team" in with_bullets
    assert with_fragments.count("wording__rest") == 2


def test_the_private_reflection_is_never_shown(ward):
    activity = make_activity(ward=ward, sent=True, reflection="Jeg var redd.")
    request = activity.assessment_requests.get()

    text = as_(ward.supervisor).get(url("assess", request.pk)).content.decode()

    assert "Familiesamtale om overgang til lindring." in text
    assert "Jeg var redd." not in text


@pytest.mark.parametrize(("decides_goals", "recommends"), [(True, True), (False, False)])
def test_recommendation_only_where_goals_are_decided(decides_goals, recommends):
    ward = make_ward(decides_goals=decides_goals)
    request = make_request(ward=ward)
    client = as_(ward.supervisor)

    text = client.get(url("assess", request.pk)).content.decode()
    client.post(url("assess", request.pk), answer(recommends="on"))

    assert ("Jeg anbefaler godkjenning" in text) == recommends
    assert Assessment.objects.get().recommends == recommends


def test_extra_fields_change_nothing(ward):
    request = make_request(ward=ward)
    other = make_ward()

    as_(ward.supervisor).post(
        url("assess", request.pk),
        answer(
            actor=other.supervisor.pk,
            actor_role="department_head",
            training=other.training.pk,
            goal=make_goal(code="PAL-001").pk,
            seen_on="2020-01-01",
            acted_at="2020-01-01",
            level_9="3",
        ),
    )

    signed = Assessment.objects.get()
    assert (signed.actor, signed.actor_role, signed.training, signed.goal, signed.levels) == (
        ward.supervisor,
        "clinical_supervisor",
        ward.training,
        request.goal,
        {"1": 3},
    )
    assert signed.seen_on == timezone.localdate(signed.acted_at) == today()


def test_an_old_tab_gives_the_text_back(ward):
    activity = make_activity(ward=ward, sent=True)
    request = activity.assessment_requests.get()
    activities.recall_activity(activity, by=ward.trainee)

    response = as_(ward.supervisor).post(url("assess", request.pk), answer(feedback=SENTENCE))

    assert response.status_code == 409
    assert SENTENCE in response.content.decode()
    assert "Forespørselen er trukket" in response.content.decode()
    assert Assessment.objects.count() == 0


def test_two_submits_of_one_form_are_one_signature(transactional_db):
    ward = make_ward()
    request = make_request(ward=ward)
    form, page = answer(), url("assess", request.pk)
    one, two = as_(ward.supervisor), as_(ward.supervisor)

    statuses = at_once(lambda: one.post(page, form), lambda: two.post(page, form))

    assert statuses == [302, 302]
    assert Assessment.objects.count() == 1


def test_two_tabs_at_once_are_one_signature(transactional_db):
    ward = make_ward()
    request = make_request(ward=ward)
    page = url("assess", request.pk)
    one, two = as_(ward.supervisor), as_(ward.supervisor)

    statuses = at_once(
        lambda: one.post(page, answer()), lambda: two.post(page, answer(level_1="2"))
    )

    assert statuses == [302, 409]
    assert Assessment.objects.count() == 1


def test_two_goals_of_one_activity_signed_at_once_attest_it_once(transactional_db):
    ward = make_ward()
    both = [make_goal(), make_goal(code="PAL-020")]
    activity = make_activity(ward=ward, goals_=both, sent=True)
    one, two = as_(ward.supervisor), as_(ward.supervisor)
    first, second = activity.assessment_requests.all()

    statuses = at_once(
        lambda: one.post(url("assess", first.pk), answer()),
        lambda: two.post(url("assess", second.pk), answer()),
    )

    assert statuses == [302, 302]
    assert Assessment.objects.count() == 2
    assert attested(activity)


def test_recall_and_signature_at_once_are_one_of_them(transactional_db):
    ward = make_ward()
    activity = make_activity(ward=ward, sent=True)
    supervisor, trainee = as_(ward.supervisor), as_(ward.trainee)
    request = activity.assessment_requests.get()

    statuses = at_once(
        lambda: supervisor.post(url("assess", request.pk), answer()),
        lambda: trainee.post(url("activity_recall", activity.pk)),
    )

    assert statuses in ([302, 302], [302, 409])
    assert attested(activity) is Assessment.objects.exists()


def test_a_form_whose_signature_was_retracted_does_not_pass_for_signed(ward):
    request = make_request(ward=ward)
    client, form = as_(ward.supervisor), answer()
    client.post(url("assess", request.pk), form)
    client.post(url("assessment_retract", Assessment.objects.get().pk))

    response = client.post(url("assess", request.pk), form)

    assert response.url == url("assess", request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.OPEN


def test_queries_of_assess_with_an_activity(ward, django_assert_num_queries):
    request = make_activity(ward=ward, sent=True).assessment_requests.get()
    client = as_(ward.supervisor)
    client.get(url("assess", request.pk))

    with django_assert_num_queries(ASSESS_QUERIES):
        client.get(url("assess", request.pk))


# --- Sending back --------------------------------------------------------------------------------


def test_return_needs_a_reason(ward):
    request = make_request(ward=ward)

    response = as_(ward.supervisor).post(
        url("assess_return", request.pk), {"key": str(uuid4()), "comment": "Var ikke der."}
    )

    assert response.status_code == 422
    text = response.content.decode()
    assert "Velg hvorfor du sender tilbake." in text
    assert "Var ikke der." in text


def test_return_begins_with_what_the_link_says(ward):
    request = make_request(ward=ward)
    client = as_(ward.supervisor)

    link = client.get(url("assess", request.pk)).content.decode()
    page = client.get(url("assess_return", request.pk)).content.decode()

    radios = [part.split(">")[0] for part in page.split('<input type="radio"')[1:]]
    assert "Har ikke sett dette – send tilbake" in link
    assert ['value="not_seen"' in one for one in radios if "checked" in one] == [True]


@pytest.mark.parametrize(
    ("reason", "comment", "status"),
    [
        ("needs_change", " ", 422),
        ("needs_change", "Skriv hva du selv gjorde.", 302),
        ("not_seen", "", 302),
        ("wrong_person", "", 302),
    ],
)
def test_what_needs_change_is_said(ward, reason, comment, status):
    request = make_request(ward=ward)

    response = as_(ward.supervisor).post(
        url("assess_return", request.pk),
        {"key": str(uuid4()), "reason": reason, "comment": comment},
    )

    assert response.status_code == status
    told = "Skriv hva som må rettes eller utdypes." in response.content.decode()
    assert told is (status == 422)


def test_return_sends_the_whole_activity_back(ward):
    activity = make_activity(ward=ward, sent=True)
    request = activity.assessment_requests.get()

    as_(ward.supervisor).post(
        url("assess_return", request.pk),
        {"key": str(uuid4()), "reason": "not_seen", "comment": "Var ikke der."},
    )

    request.refresh_from_db()
    activity.refresh_from_db()
    assert (request.state, request.return_reason, request.return_comment) == (
        RequestState.RETURNED,
        ReturnReason.NOT_SEEN,
        "Var ikke der.",
    )
    assert activity.state == ActivityState.RETURNED


@pytest.mark.parametrize(
    ("who", "status"),
    [("supervisor", 200), ("guide", 403), ("trainee", 403), ("outsider", 404)],
)
def test_return_by_role(ward, who, status):
    request = make_request(ward=ward)

    assert as_(getattr(ward, who)).get(url("assess_return", request.pk)).status_code == status
