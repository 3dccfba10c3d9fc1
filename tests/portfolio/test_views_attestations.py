"""The pages of a service attestation: stating, asking, signing, sending back, looking again."""

from uuid import uuid4

import pytest
from django.core import mail

from institutions.enums import Role
from portfolio.enums import AttestationState
from portfolio.forms.attestations import AttestForm, CountersignForm
from portfolio.models import AttestationCountersignature, AttestationRequest, ServiceAttestation
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.services import notices
from tests.factories import (
    days_ago,
    give_role,
    make_attestation,
    make_attestation_request,
    make_countersignature,
    make_department,
    make_served,
    make_user,
    make_ward,
)
from tests.portfolio.visits import as_, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def served(ward):
    return make_served(ward=ward)


@pytest.fixture
def request_of_head(ward, served) -> AttestationRequest:
    return make_attestation_request(ward=ward, placement=served)


def stated(**changes) -> dict:
    return {
        "key": str(uuid4()),
        "version": "1",
        "content": "Tilsyn og konsultasjoner.",
        "teaching": "Hver uke.",
        "on_call": "none",
        "on_call_text": "",
    } | changes


def word(placement, **changes) -> dict:
    return {
        "key": str(uuid4()),
        "satisfactory": "yes",
        "comment": "",
        "shown": digest(standing_of(placement).facts),
    } | changes


def text(response) -> str:
    return response.content.decode()


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


# --- The doctor's own ----------------------------------------------------------------------------


def test_statement_leads_on_to_the_asking_when_nothing_is_missing(ward, served):
    trainee = as_(ward.trainee)

    incomplete = trainee.post(url("service_statement", served.pk), stated(teaching=""))
    complete = trainee.post(url("service_statement", served.pk), stated(version="2"))

    assert incomplete.url == url("service_statement", served.pk)
    assert complete.url == url("attestation_ask", served.pk)


def test_statement_of_an_older_tab_changes_nothing_and_keeps_what_was_typed(ward, served):
    trainee = as_(ward.trainee)
    trainee.post(url("service_statement", served.pk), stated(content="Første."))

    late = trainee.post(url("service_statement", served.pk), stated(content="Andre."))

    served.statement.refresh_from_db()
    form = late.context["form"]
    assert (late.status_code, served.statement.content) == (409, "Første.")
    assert (form["content"].value(), form["version"].value()) == ("Andre.", "2")


def test_what_is_missing_is_told_before_the_asking(ward):
    placement = make_served(ward=ward, stated=False)
    trainee = as_(ward.trainee)

    page = text(trainee.get(url("service_statement", placement.pk)))
    asking = trainee.post(
        url("attestation_ask", placement.pk),
        {"key": str(uuid4()), "head": ward.head.pk, "medical_lead": ward.medical_lead.pk},
    )

    assert page.count("Mangler") == 3
    assert asking.status_code == 422
    assert "Dette mangler før du kan be om signatur" in text(asking)
    assert not AttestationRequest.objects.exists()


def test_asking_offers_who_can_sign_and_asks_once(ward, served):
    trainee = as_(ward.trainee)
    form = trainee.get(url("attestation_ask", served.pk)).context["form"]
    chosen = {name: form[name].initial for name in ("head", "medical_lead")}
    data = chosen | {"key": str(uuid4())}

    first, again = (trainee.post(url("attestation_ask", served.pk), data) for _ in range(2))

    assert chosen == {"head": str(ward.head.pk), "medical_lead": str(ward.medical_lead.pk)}
    assert first.url == url("service_statement", served.pk)
    assert again.url == first.url
    assert AttestationRequest.objects.count() == 2


def test_somebody_without_the_role_cannot_be_chosen(ward, served):
    stranger = make_user()
    give_role(user=stranger, role=Role.DEPARTMENT_HEAD, department=make_department())

    response = as_(ward.trainee).post(
        url("attestation_ask", served.pk),
        {"key": str(uuid4()), "head": stranger.pk, "medical_lead": ward.medical_lead.pk},
    )

    assert errors(response) == {"head": ["Valget under «Leder» finnes ikke lenger. Velg på nytt."]}


def test_one_email_per_request_without_names_or_content(ward, served):
    make_attestation_request(ward=ward, placement=served)
    notices.notify_everyone()
    to_head = [one.to for one in mail.outbox]
    notices.notify_everyone()
    as_(ward.head).post(
        url("service_attest", AttestationRequest.objects.get(role="department_head").pk),
        word(served),
    )
    notices.notify_everyone()

    assert to_head == [[ward.head.email]]
    assert [one.to for one in mail.outbox] == [[ward.head.email], [ward.medical_lead.email]]
    said = "".join(one.subject + one.body for one in mail.outbox)
    assert not any(word in said for word in ("Demo", ward.department.name, "Tilsyn"))


def test_recalling_and_reminding(ward, served, request_of_head):
    trainee = as_(ward.trainee)

    reminded = trainee.post(url("attestation_remind", request_of_head.pk), follow=True)
    recalled = trainee.post(url("attestation_recall", served.pk), follow=True)
    again = trainee.post(url("attestation_recall", served.pk), follow=True)

    assert "Du har påminnet i dag. Vent til i morgen." in text(reminded)
    assert "Forespørselen er trukket." in text(recalled)
    assert "Forespørselen er allerede besvart." in text(again)


# --- Signing -------------------------------------------------------------------------------------


def test_head_signs_and_is_shown_the_next(ward, served, request_of_head):
    another = make_served(ward=ward, starts_on=days_ago(950), ends_on=days_ago(810))
    following = make_attestation_request(ward=ward, placement=another)

    page = as_(ward.head).get(url("service_attest", request_of_head.pk))
    response = as_(ward.head).post(url("service_attest", request_of_head.pk), word(served))

    assert page.context["form"]["shown"].value() == digest(standing_of(served).facts)
    assert response.url == url("service_attest", following.pk)
    assert ServiceAttestation.objects.get().satisfactory


def test_medical_lead_signs_after_the_head(ward, served):
    make_attestation(ward=ward, placement=served)
    second = AttestationRequest.objects.get(role=Role.MEDICAL_LEAD)
    lead = as_(ward.medical_lead)

    page = text(lead.get(url("service_countersign", second.pk)))
    response = lead.post(
        url("service_countersign", second.pk),
        {"key": str(uuid4()), "shown": digest(standing_of(served).facts)},
    )

    assert "Anne Demo Haugen" in page
    assert response.url == url("waiting_list")
    assert standing_of(served).state == AttestationState.ATTESTED


def test_double_submit_is_one_signature(ward, served, request_of_head):
    head, data = as_(ward.head), word(served)

    answers = [head.post(url("service_attest", request_of_head.pk), data) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert ServiceAttestation.objects.count() == 1


@pytest.mark.parametrize("form", [AttestForm, CountersignForm])
def test_digest_with_eleven_digits_in_a_row_is_no_identity_number(form):
    shown = "ab" + "12345678901" + "c" * 51
    data = {"satisfactory": "yes", "shown": shown}

    assert form(data).is_valid()
    assert not AttestForm(data | {"comment": "12345678901"}).is_valid()  # the guard is there


def test_facts_that_changed_while_the_page_was_open_are_not_signed(ward, served, request_of_head):
    data = word(served, comment="Alt i orden.")
    as_(ward.trainee).post(url("service_statement", served.pk), stated(content="Noe annet."))

    response = as_(ward.head).post(url("service_attest", request_of_head.pk), data)

    assert response.status_code == 409
    assert "Opplysningene er endret" in text(response)
    assert "Alt i orden." in text(response)  # what was typed is kept
    assert not ServiceAttestation.objects.exists()


def test_medical_lead_cannot_sign_what_the_head_did_not(ward, served):
    make_attestation(ward=ward, placement=served)
    second = AttestationRequest.objects.get(role=Role.MEDICAL_LEAD)
    as_(ward.trainee).post(url("service_statement", served.pk), stated(content="Noe annet."))
    lead = as_(ward.medical_lead)

    page = text(lead.get(url("service_countersign", second.pk)))
    response = lead.post(
        url("service_countersign", second.pk),
        {"key": str(uuid4()), "shown": digest(standing_of(served).facts)},
    )

    assert "Lederen må signere på nytt" in page
    assert response.status_code == 409
    assert not AttestationCountersignature.objects.exists()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"satisfactory": ""},
            {"satisfactory": ["Velg om tjenesten er tilfredsstillende utført."]},
        ),
        (
            {"satisfactory": "no"},
            {"comment": ["Skriv hvorfor tjenesten ikke er tilfredsstillende."]},
        ),
    ],
)
def test_refused_signature_names_the_field(ward, served, request_of_head, changes, expected):
    response = as_(ward.head).post(
        url("service_attest", request_of_head.pk), word(served, **changes)
    )

    assert (response.status_code, errors(response)) == (422, expected)
    assert not ServiceAttestation.objects.exists()


def test_missing_field_is_told_to_the_head_before_signing(ward, served, request_of_head):
    ward.training.supervisions.update(specialty="")
    head = as_(ward.head)

    page = text(head.get(url("service_attest", request_of_head.pk)))
    response = head.post(url("service_attest", request_of_head.pk), word(served))

    assert "Dette mangler, så tjenesten kan ikke bekreftes ennå" in page
    assert "Signer og vis neste" not in page
    assert response.status_code == 422
    assert not ServiceAttestation.objects.exists()


def test_head_sends_back_and_the_doctor_sees_why(ward, served, request_of_head):
    head = as_(ward.head)

    empty = head.post(url("attestation_return", request_of_head.pk), {"comment": ""})
    sent = head.post(url("attestation_return", request_of_head.pk), {"comment": "Se på vaktene."})
    late = head.post(url("attestation_return", request_of_head.pk), {"comment": "Igjen."})
    page = text(as_(ward.trainee).get(url("service_statement", served.pk)))

    assert (empty.status_code, sent.url, late.status_code) == (422, url("waiting_list"), 409)
    assert "Se på vaktene." in page
    assert "Sendt tilbake av Anne Demo Haugen" in page


def test_answered_request_says_so(ward, served, request_of_head):
    make_countersigned = as_(ward.head).post(
        url("service_attest", request_of_head.pk), word(served)
    )
    assert make_countersigned.status_code == 302

    late = as_(ward.head).post(url("service_attest", request_of_head.pk), word(served))

    assert (late.status_code, ServiceAttestation.objects.count()) == (409, 1)
    assert "Dette venter ikke lenger på deg" in text(late)


def test_change_is_told_field_by_field(ward, served):
    make_countersignature(ward=ward, placement=served)
    trainee = as_(ward.trainee)
    before = text(trainee.get(url("service_statement", served.pk)))

    trainee.post(url("service_statement", served.pk), stated(teaching="Hver måned."))
    page = text(trainee.get(url("service_statement", served.pk)))

    assert ("Bekreftelsen gjelder ikke lenger" in before, "Mona Demo Ås" in before) == (False, True)
    assert "Bekreftelsen gjelder ikke lenger" in page
    assert "Undervisning er endret." in page
    assert "Gjelder ikke lenger" in text(trainee.get(url("placement_list")))


# --- What waits, what is signed ------------------------------------------------------------------


def test_it_waits_for_the_one_whose_turn_it_is(ward, served, request_of_head):
    def waits() -> list[bool]:
        people = (ward.head, ward.medical_lead)
        return [str(served.place) in text(as_(one).get(url("waiting_list"))) for one in people]

    before = waits()
    as_(ward.head).post(url("service_attest", request_of_head.pk), word(served))

    assert (before, waits()) == ([True, False], [False, True])


def test_home_of_the_medical_lead_is_what_waits(ward):
    lead = as_(ward.medical_lead)

    assert lead.get("/").url == url("waiting_list")
    assert "Medisinsk ansvarlig overlege" in text(lead.get(url("waiting_list")))


def test_what_was_signed_is_shown_as_it_was(ward, served):
    attestation = make_attestation(ward=ward, placement=served)
    as_(ward.trainee).post(url("service_statement", served.pk), stated(content="Noe annet."))

    page = text(as_(ward.head).get(url("attestation_detail", attestation.pk)))
    listed = text(as_(ward.head).get(url("attestation_list")))

    assert ("Kliniske konsultasjoner og tilsyn." in page, "Noe annet." in page) == (True, False)
    assert ward.trainee.name in listed


@pytest.mark.parametrize("count", [1, 3])
def test_queries(count, django_assert_max_num_queries, django_assert_num_queries):
    ward = make_ward()
    trainee, head = as_(ward.trainee), as_(ward.head)
    requests = []
    for at in range(count):
        first = days_ago(900 - 100 * at)
        placement = make_served(ward=ward, starts_on=first, ends_on=days_ago(810 - 100 * at))
        requests.append(make_attestation_request(ward=ward, placement=placement))

    with django_assert_num_queries(9):
        trainee.get(url("placement_list"))
    with django_assert_max_num_queries(9):
        trainee.get(url("service_statement", requests[0].placement_id))
    with django_assert_max_num_queries(10):
        trainee.get(url("attestation_ask", requests[0].placement_id))
    with django_assert_max_num_queries(10):
        head.get(url("service_attest", requests[0].pk))
    with django_assert_max_num_queries(10):
        head.get(url("waiting_list"))
