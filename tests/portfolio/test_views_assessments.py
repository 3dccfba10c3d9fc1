"""Venter på deg, Vurder, send back, attest, begin unasked, Signert."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from institutions.enums import AttestedBy
from institutions.models import RoleAssignment
from portfolio.enums import ActivityState, RequestState, ReturnReason
from portfolio.models import Assessment, AssessmentRequest, Attestation, LearningActivity
from portfolio.services import activities, assessments
from tests.factories import (
    days_ago,
    make_activity,
    make_assessment,
    make_claim,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

SENTENCE = "La stillheten vare litt før du svarer."
WAITING_QUERIES = 7  # session, user, hats; requests, recommendations, activities, claims
HEAD_QUERIES = 9  # and what was said of the claims, and ticks
ASSESS_QUERIES = 8
SIGNED_QUERIES = 6


@pytest.fixture
def ward():
    return make_ward()


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answer(**fields) -> dict:
    return {"key": str(uuid4()), "level_1": "3"} | fields


def url(name: str, *args) -> str:
    return reverse(f"portfolio:{name}", args=args)


def end_roles(user) -> None:
    RoleAssignment.objects.filter(user=user).update(ends_on=days_ago(1))


def at_once(*calls) -> list[int]:
    """The status of each answer, sent at the same moment from threads of their own."""

    def send(call) -> int:
        try:
            return call().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(send, calls))


# --- Who may open a request, and what becomes of it ---------------------------------------------


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
    ("field", "value", "message"),
    [
        ("level_1", "4", "Nivået hører ikke til et utsagn i målet."),
        ("feedback", "Pasient 13097248022 var trygg.", "Ta bort fødselsnummeret i setningen."),
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


def test_a_form_whose_signature_was_retracted_does_not_pass_for_signed(ward):
    request = make_request(ward=ward)
    client, form = as_(ward.supervisor), answer()
    client.post(url("assess", request.pk), form)
    client.post(url("assessment_retract", Assessment.objects.get().pk))

    response = client.post(url("assess", request.pk), form)

    assert response.url == url("assess", request.pk)
    request.refresh_from_db()
    assert request.state == RequestState.OPEN


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


# --- Attesting -----------------------------------------------------------------------------------


@pytest.fixture
def guided():
    """A ward whose institution leaves it to the veileder to attest."""
    ward = make_ward()
    institution = ward.department.institution
    institution.activities_attested_by = AttestedBy.EDUCATIONAL_SUPERVISOR
    institution.save()
    return ward


@pytest.mark.parametrize(
    ("who", "opened", "attested"),
    [
        ("guide", 200, 302),
        ("supervisor", 403, 403),
        ("head", 403, 403),
        ("trainee", 403, 403),
        ("outsider", 404, 404),
    ],
)
def test_attest_by_role(guided, who, opened, attested):
    activity = make_activity(ward=guided, sent=True)
    client = as_(getattr(guided, who))
    page = url("attest", activity.pk)

    assert (client.get(page).status_code, client.post(page, {}).status_code) == (opened, attested)
    assert Attestation.objects.count() == (attested == 302)


def test_the_veileder_attests_only_where_the_institution_says_so(ward):
    activity = make_activity(ward=ward, sent=True)
    client = as_(ward.guide)

    statuses = [
        client.post(url("attest", activity.pk), {}).status_code,
        client.post(url("attest_return", activity.pk), {"reason": "not_seen"}).status_code,
    ]

    assert statuses == [403, 403]
    activity.refresh_from_db()
    assert activity.state == ActivityState.SENT


def test_attest_in_an_old_tab(guided):
    activity = make_activity(ward=guided, sent=True)
    activities.recall_activity(activity, by=guided.trainee)
    client = as_(guided.guide)

    returned = client.post(
        url("attest_return", activity.pk), {"reason": "needs_change", "comment": "Si mer."}
    )

    assert client.post(url("attest", activity.pk), {}).status_code == 409
    assert returned.status_code == 409
    assert "Si mer." in returned.content.decode()


def test_attest_return_goes_on_to_the_next(guided):
    first = make_activity(ward=guided, sent=True)
    second = make_activity(ward=guided, sent=True)

    response = as_(guided.guide).post(
        url("attest_return", first.pk), {"reason": "needs_change", "comment": "Si mer."}
    )

    assert response.url == url("attest", second.pk)
    first.refresh_from_db()
    assert (first.state, first.returned_comment) == (ActivityState.RETURNED, "Si mer.")


# --- Beginning unasked ---------------------------------------------------------------------------


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


# --- Signert -------------------------------------------------------------------------------------


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


# --- Venter på deg -------------------------------------------------------------------------------


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


def test_nothing_waits(ward):
    text = as_(ward.supervisor).get(url("waiting_list")).content.decode()

    assert "Ingenting venter på deg" in text


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_lists(count, django_assert_num_queries):
    wards = [make_ward() for _ in range(count)]
    ward = wards[0]
    codes = ("PAL-055", "PAL-020", "PAL-001")[:count]
    requests = [
        make_request(ward=one, goal=make_goal(code=code), asked_of=ward.supervisor)
        for one, code in zip(wards, codes, strict=True)
    ]
    for code in codes:
        make_claim(ward=ward, goal=make_goal(code=code))
        make_assessment(ward=ward, goal=make_goal(code=code), assessor=ward.guide)
    supervisor, guide, head = map(as_, (ward.supervisor, ward.guide, ward.head))
    supervisor.get(url("assess", requests[0].pk))  # fills the process's cache of goals

    with django_assert_num_queries(WAITING_QUERIES):
        supervisor.get(url("waiting_list"))
    with django_assert_num_queries(HEAD_QUERIES):
        head.get(url("waiting_list"))
    with django_assert_num_queries(ASSESS_QUERIES - 2):  # without an activity
        supervisor.get(url("assess", requests[0].pk))
    with django_assert_num_queries(SIGNED_QUERIES):
        guide.get(url("signed_list"))


def test_queries_of_assess_with_an_activity(ward, django_assert_num_queries):
    request = make_activity(ward=ward, sent=True).assessment_requests.get()
    client = as_(ward.supervisor)
    client.get(url("assess", request.pk))

    with django_assert_num_queries(ASSESS_QUERIES):
        client.get(url("assess", request.pk))
