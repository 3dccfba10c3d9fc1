"""Service attested: who may, for what, when; what voids it; and what the database refuses."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio import rules
from portfolio.enums import (
    AbsenceCause,
    AttestationField,
    AttestationState,
    DocumentKind,
    Refusal,
    Verb,
)
from portfolio.models import (
    AttestationCountersignature,
    AttestationRequest,
    Document,
    DocumentConfirmation,
    Event,
    Placement,
    ServiceAttestation,
)
from portfolio.queries.attestations import (
    service_records,
    signed_statement,
    standing_of,
    who_may_sign,
)
from portfolio.queries.attested_facts import digest, from_text, rows_of, without_causes
from portfolio.queries.service_time import service_time_of
from portfolio.services import attestations as services
from portfolio.services import trainings
from portfolio.services.absences import change_absence, remove_absence, sealed
from portfolio.services.documents import withdraw_document
from tests.factories import (
    days_ago,
    give_role,
    make_absence,
    make_attestation,
    make_countersignature,
    make_department,
    make_served,
    make_user,
    make_ward,
    today,
)
from tests.portfolio.originals import make_confirmed

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def served(ward) -> Placement:
    return make_served(ward=ward)


def ask(ward, placement, **people):
    people = people or {"head": ward.head, "medical_lead": ward.medical_lead}
    return services.request_attestation(placement, by=ward.trainee, key=uuid4(), **people)


def sign(request, *, by, **fields) -> ServiceAttestation:
    fields = {
        "shown": digest(standing_of(request.placement).facts),
        "satisfactory": True,
        "comment": "",
        "key": uuid4(),
    } | fields
    return services.attest_service(request, by=by, **fields)


def countersign(placement, *, by, **fields) -> AttestationCountersignature:
    request = placement.attestation_requests.get(role=Role.MEDICAL_LEAD, closed_at=None)
    fields = {"shown": digest(standing_of(placement).facts), "key": uuid4()} | fields
    return services.countersign_attestation(request, by=by, **fields)


def change(placement: Placement, ward, **changes) -> None:
    placement.refresh_from_db()
    content = {
        "post_kind": placement.post_kind,
        "percent": placement.percent,
        "starts_on": placement.starts_on,
        "ends_on": placement.ends_on,
    } | changes
    trainings.change_placement(placement, by=ward.trainee, version=placement.version, **content)


def refusal_of(act) -> Refusal:
    with pytest.raises(rules.Refused) as refused:
        act()
    return refused.value.code


# --- Stating and asking --------------------------------------------------------------------------


def test_statement_is_the_trainees_and_has_a_version(ward):
    placement = make_served(ward=ward, stated=False)
    content = {"content": "Tilsyn.", "teaching": "", "on_call": "", "on_call_text": ""}

    with pytest.raises(PermissionDenied):
        services.save_statement(placement, by=ward.head, version=0, **content)
    first = services.save_statement(placement, by=ward.trainee, version=0, **content)
    with pytest.raises(rules.Stale):
        services.save_statement(placement, by=ward.trainee, version=0, **content)

    assert (first.version, first.content) == (1, "Tilsyn.")


def test_what_is_missing_stops_the_asking_and_is_named(ward):
    placement = make_served(ward=ward, stated=False)

    assert refusal_of(lambda: ask(ward, placement)) == Refusal.STATEMENT_INCOMPLETE
    assert standing_of(placement).missing == (
        AttestationField.CONTENT,
        AttestationField.TEACHING,
        AttestationField.ON_CALL,
    )


def test_too_early_is_refused_and_any_day_will_do_where_the_setting_says_so(ward, settings):
    ward.training.placements.update(ends_on=days_ago(-200))
    running = ward.training.placements.get()
    services.save_statement(
        running,
        by=ward.trainee,
        version=0,
        content="Tilsyn.",
        teaching="Hver uke.",
        on_call="none",
        on_call_text="",
    )

    assert refusal_of(lambda: ask(ward, running)) == Refusal.TOO_EARLY_TO_ATTEST
    settings.ATTESTATION_IN_LAST_MONTH_ONLY = False
    assert ask(ward, running).asked_of == ward.head


def test_only_those_with_the_role_there_can_be_asked(ward, served):
    elsewhere = make_user()
    give_role(user=elsewhere, role=Role.DEPARTMENT_HEAD, department=make_department())
    ended = make_user()
    give_role(
        user=ended,
        role=Role.DEPARTMENT_HEAD,
        department=ward.department,
        ends_on=days_ago(1),
    )

    asked = [
        refusal_of(lambda person=person: ask(ward, served, head=person))
        for person in (elsewhere, ended, ward.guide, ward.medical_lead, ward.trainee)
    ]

    assert asked == [Refusal.NOT_ATTESTER] * 4 + [Refusal.ONESELF]
    assert ask(ward, served, head=ward.head).role == Role.DEPARTMENT_HEAD  # the control


def test_head_of_the_whole_institution_can_be_asked(ward, served):
    director = make_user()
    institution = ward.department.institution
    give_role(user=director, role=Role.DEPARTMENT_HEAD, institution=institution)

    assert {one.pk for one in who_may_sign(served)[Role.DEPARTMENT_HEAD]} == {
        ward.head.pk,
        director.pk,
    }
    assert ask(ward, served, head=director).asked_of == director


def test_a_place_that_is_only_named_has_nobody_to_ask(ward):
    placement = Placement.objects.create(
        training=ward.training,
        place_name="Hospice i utlandet",
        post_kind="employed",
        starts_on=days_ago(800),
        ends_on=days_ago(700),
    )

    assert who_may_sign(placement) == {Role.DEPARTMENT_HEAD: [], Role.MEDICAL_LEAD: []}


def test_head_and_medical_lead_are_two_people(ward, served):
    give_role(user=ward.head, role=Role.MEDICAL_LEAD, department=ward.department)

    both = {"head": ward.head, "medical_lead": ward.head}

    assert refusal_of(lambda: ask(ward, served, **both)) == Refusal.SECOND_SIGNER


def test_nobody_else_asks(ward, served):
    with pytest.raises(PermissionDenied):
        services.request_attestation(served, by=ward.head, head=ward.head, key=uuid4())


def test_same_form_twice_is_one_request(ward, served):
    key = uuid4()
    people = {"head": ward.head, "medical_lead": ward.medical_lead}

    first, again = (
        services.request_attestation(served, by=ward.trainee, key=key, **people) for _ in range(2)
    )

    assert (first, AttestationRequest.objects.count()) == (again, 2)


def test_asked_already_is_refused(ward, served):
    ask(ward, served)

    assert refusal_of(lambda: ask(ward, served)) == Refusal.ATTESTATION_ASKED


def test_recalled_request_waits_no_more(ward, served):
    request = ask(ward, served)

    services.recall_attestation_request(served, by=ward.trainee)

    assert not AttestationRequest.objects.open().exists()
    with pytest.raises(rules.Stale):
        sign(request, by=ward.head)
    with pytest.raises(rules.Stale):
        services.recall_attestation_request(served, by=ward.trainee)


def test_reminder_once_a_day_and_only_whose_turn_it_is(ward, served):
    request = ask(ward, served)
    second = served.attestation_requests.get(role=Role.MEDICAL_LEAD)
    refused = refusal_of(lambda: services.remind_attester(request, by=ward.trainee))
    AttestationRequest.objects.update(asked_at=timezone.now() - timezone.timedelta(days=2))
    request.refresh_from_db()

    services.remind_attester(request, by=ward.trainee)

    assert refused == Refusal.REMINDED_TODAY
    with pytest.raises(rules.Refused):
        services.remind_attester(request, by=ward.trainee)
    with pytest.raises(rules.Stale):
        services.remind_attester(second, by=ward.trainee)


# --- Signing -------------------------------------------------------------------------------------


def test_the_whole_way(ward, served):
    attestation = sign(ask(ward, served), by=ward.head)
    between = standing_of(served).state
    countersign(served, by=ward.medical_lead)

    standing = standing_of(served)
    assert (between, standing.state, standing.is_valid) == (
        AttestationState.AWAITING_COUNTERSIGNATURE,
        AttestationState.ATTESTED,
        True,
    )
    assert [(one.name, one.role) for one in standing.signatures] == [
        ("Anne Demo Haugen", "Leder"),
        ("Mona Demo Ås", "Medisinsk ansvarlig overlege"),
    ]
    assert from_text(attestation.facts) == standing.facts
    assert [one.verb for one in Event.objects.filter(training=ward.training)] == [
        Verb.ATTESTATION_REQUESTED,
        Verb.SERVICE_ATTESTED,
        Verb.SERVICE_COUNTERSIGNED,
    ]


def test_one_signature_will_do_where_the_setting_says_so(ward, served, settings):
    settings.ATTESTATION_NEEDS_COUNTERSIGNATURE = False

    sign(ask(ward, served, head=ward.head), by=ward.head)

    assert standing_of(served).state == AttestationState.ATTESTED


def test_head_signs_also_when_the_service_is_over_but_not_when_the_role_is(ward, served):
    request = ask(ward, served)
    RoleAssignment.objects.filter(user=ward.head).update(ends_on=days_ago(1))
    with pytest.raises(PermissionDenied):
        sign(request, by=ward.head)

    RoleAssignment.objects.filter(user=ward.head).update(ends_on=None)
    assert sign(request, by=ward.head).actor == ward.head


@pytest.mark.parametrize("person", ["medical_lead", "guide", "education_lead", "trainee"])
def test_nobody_else_signs_as_head(ward, served, person):
    request = ask(ward, served)

    with pytest.raises(PermissionDenied):
        sign(request, by=getattr(ward, person))


def test_medical_lead_waits_for_the_head(ward, served):
    request = ask(ward, served)

    with pytest.raises(PermissionDenied):
        countersign(served, by=ward.medical_lead)
    sign(request, by=ward.head)
    assert countersign(served, by=ward.medical_lead).actor == ward.medical_lead


def test_what_was_shown_is_what_is_signed(ward, served):
    request = ask(ward, served)
    shown = digest(standing_of(served).facts)
    change(served, ward, percent=90)

    with pytest.raises(rules.Stale):
        sign(request, by=ward.head, shown=shown)

    assert not ServiceAttestation.objects.exists()
    assert sign(request, by=ward.head).satisfactory  # what is there now


def test_second_signature_is_for_what_the_head_signed(ward, served):
    sign(ask(ward, served), by=ward.head)
    change(served, ward, percent=90)

    with pytest.raises(rules.Stale):
        countersign(served, by=ward.medical_lead)


def test_field_that_went_missing_stops_the_signing(ward, served):
    request = ask(ward, served)
    ward.training.supervisions.update(specialty="")

    assert refusal_of(lambda: sign(request, by=ward.head)) == Refusal.STATEMENT_INCOMPLETE


def test_unsatisfactory_needs_a_reason_and_does_not_count(ward, served):
    request = ask(ward, served)

    refused = refusal_of(lambda: sign(request, by=ward.head, satisfactory=False))
    sign(request, by=ward.head, satisfactory=False, comment="Møtte ikke til vakt.")

    standing = standing_of(served)
    assert refused == Refusal.NO_REASON
    assert (standing.state, standing.is_valid) == (AttestationState.UNSATISFACTORY, False)
    assert not AttestationRequest.objects.open().exists()  # nobody countersigns that


def test_same_signature_twice_is_one(ward, served):
    request = ask(ward, served)
    fields = {"key": uuid4(), "shown": digest(standing_of(served).facts)}

    first, again = (sign(request, by=ward.head, **fields) for _ in range(2))

    assert (first, ServiceAttestation.objects.count()) == (again, 1)


def test_sent_back_with_a_reason_ends_the_waiting_of_both(ward, served):
    request = ask(ward, served)

    refused = refusal_of(lambda: services.return_attestation(request, by=ward.head, comment=""))
    services.return_attestation(request, by=ward.head, comment="Skriv om vaktene.")

    standing = standing_of(served)
    assert refused == Refusal.NO_REASON
    assert (standing.state, standing.returned.comment) == (
        AttestationState.RETURNED,
        "Skriv om vaktene.",
    )
    assert standing.due == (Role.DEPARTMENT_HEAD, Role.MEDICAL_LEAD)
    ask(ward, served)
    assert (standing_of(served).state, standing_of(served).returned) == (
        AttestationState.ASKED,
        None,
    )


def test_sent_back_by_the_medical_lead_leaves_the_heads_signature(ward, served):
    sign(ask(ward, served), by=ward.head)
    second = served.attestation_requests.open().get()

    services.return_attestation(second, by=ward.medical_lead, comment="Se på datoene.")

    standing = standing_of(served)
    assert standing.state == AttestationState.COUNTERSIGNATURE_MISSING
    assert (standing.due, standing.returned.comment) == ((Role.MEDICAL_LEAD,), "Se på datoene.")
    ask(ward, served, medical_lead=ward.medical_lead)
    countersign(served, by=ward.medical_lead)
    assert standing_of(served).state == AttestationState.ATTESTED


# --- What voids it -------------------------------------------------------------------------------


def test_changed_facts_void_it_and_say_what_was_and_is(ward, served):
    make_countersignature(ward=ward, placement=served)
    was = served.ends_on

    change(served, ward, ends_on=days_ago(511))

    standing = standing_of(served)
    assert (standing.state, standing.is_valid, standing.signatures) == (
        AttestationState.VOID,
        False,
        (),
    )
    numeric = [f"{day.day}.{day.month}.{day.year}" for day in (was, days_ago(511))]
    assert [one.sentence for one in standing.changes] == [
        f"Sluttdato var {numeric[0]}, er nå {numeric[1]}."  # and not that it cuts the guidance too
    ]
    assert standing.due == (Role.DEPARTMENT_HEAD, Role.MEDICAL_LEAD)
    make_countersignature(ward=ward, placement=served)
    assert standing_of(served).state == AttestationState.ATTESTED


def add_absence(ward, served):
    make_absence(training=ward.training, starts_on=days_ago(600), ends_on=days_ago(590))


def add_holiday(ward, served):
    make_absence(
        training=ward.training,
        cause=AbsenceCause.HOLIDAY,
        starts_on=days_ago(600),
        ends_on=days_ago(590),
    )


def add_absence_elsewhere(ward, served):
    make_absence(training=ward.training, starts_on=days_ago(90), ends_on=days_ago(80))


def rewrite_content(ward, served):
    write(ward, served, content="Noe annet.")


def rewrite_spaces(ward, served):
    write(ward, served, content="Kliniske  konsultasjoner\nog tilsyn.")


def write(ward, served, **changes):
    statement = served.statement
    statement.refresh_from_db()
    content = {
        name: getattr(statement, name)
        for name in ("content", "teaching", "on_call", "on_call_text")
    } | changes
    services.save_statement(served, by=ward.trainee, version=statement.version, **content)


def describe_guide(ward, served):
    trainings.describe_supervision(
        ward.training.supervisions.get(),
        by=ward.guide,
        specialty="nevrologi",
        holds_competence_area=False,
        employer=None,
    )


def end_guidance_later(ward, served):
    ward.training.supervisions.update(ends_on=days_ago(10))


def rename_department(ward, served):
    ward.department.name = "Senter for lindring"
    ward.department.save()


@pytest.mark.parametrize(
    ("happens", "voided"),
    [
        (add_absence, [AttestationField.ABSENCES]),
        (add_holiday, []),
        (add_absence_elsewhere, []),
        (rewrite_content, [AttestationField.CONTENT]),
        (rewrite_spaces, []),
        (describe_guide, [AttestationField.GUIDES]),
        (end_guidance_later, []),
        (rename_department, []),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_voids_and_what_does_not(ward, served, happens, voided):
    make_countersignature(ward=ward, placement=served)

    happens(ward, served)

    standing = standing_of(Placement.objects.get(pk=served.pk))
    assert [one.field for one in standing.changes] == voided
    assert standing.is_valid == (not voided)


def test_attested_service_is_not_removed(ward, served):
    make_attestation(ward=ward, placement=served)
    asked = make_served(ward=ward, starts_on=days_ago(900), ends_on=days_ago(810))
    ask(ward, asked)

    refused = refusal_of(lambda: trainings.remove_placement(served, by=ward.trainee))
    trainings.remove_placement(asked, by=ward.trainee)  # the control: only asked about

    assert refused == Refusal.ATTESTED_SERVICE
    assert "trekk først tilbake tjenestebekreftelsen" in str(refused.label)
    assert Placement.objects.filter(pk__in=[served.pk, asked.pk]).get() == served


# --- Causes, and what goes out -------------------------------------------------------------------


def test_ledger_holds_the_facts_without_causes_and_a_seal_on_them_all(ward, served):
    make_absence(
        training=ward.training,
        cause=AbsenceCause.PARENTAL,
        starts_on=days_ago(600),
        ends_on=days_ago(590),
    )
    attestation = make_attestation(ward=ward, placement=served)

    text = Event.objects.get(verb=Verb.SERVICE_ATTESTED).content
    told = json.loads(text)
    assert "parental" in attestation.facts  # the signers saw it
    assert "parental" not in text
    signed = json.loads(attestation.facts)
    [absence] = signed["absences"]
    assert absence.pop("cause") == "parental"
    assert told["facts"] == signed  # all but the cause, and nothing in its place
    assert told["facts_seal"] == sealed(attestation.key, attestation.facts)


@pytest.mark.parametrize("cause", AbsenceCause)
def test_what_leaves_out_the_cause_says_no_other(ward, served, cause):
    make_absence(
        training=ward.training, cause=cause, starts_on=days_ago(600), ends_on=days_ago(590)
    )
    facts = standing_of(served).facts

    def told(facts) -> list[str]:
        row = next(one for one in rows_of(facts) if one.field == AttestationField.ABSENCES)
        return [line.partition(" 100 %")[0] for line in row.lines]

    expected = cause in (AbsenceCause.HOLIDAY, AbsenceCause.COURSE)
    assert told(facts) == ["Ikke noe" if expected else cause.label]
    assert told(without_causes(facts)) == ["Ikke noe" if expected else "Fravær"]


def test_sight_of_what_was_signed(ward, served):
    attestation = make_attestation(ward=ward, placement=served)

    def seers() -> list[str]:
        names = (
            "trainee",
            "head",
            "medical_lead",
            "guide",
            "education_lead",
            "program_leader",
            "admin",
            "outsider",
        )
        seen = ServiceAttestation.objects.visible_to
        return [name for name in names if seen(getattr(ward, name)).exists()]

    assert seers() == ["trainee", "head", "medical_lead"]
    RoleAssignment.objects.filter(user__in=[ward.head, ward.medical_lead]).update(
        ends_on=days_ago(1)
    )
    assert seers() == ["trainee", "head"]  # for good what one signed; else while one is asked
    assert signed_statement(attestation).facts == standing_of(served).facts


# --- On paper ------------------------------------------------------------------------------------


def test_confirmed_original_on_paper_counts(ward, served):
    document = Document.objects.create(
        training=ward.training,
        kind=DocumentKind.SERVICE_ATTESTATION,
        title="Tjenestebekreftelse",
        placement=served,
        name="skann.pdf",
        file="documents/x.pdf",
        content_type="application/pdf",
        size_bytes=1,
        sha256="0" * 64,
        page_count=1,
    )
    before = standing_of(served)
    DocumentConfirmation.objects.create(
        document=document, actor=ward.head, actor_role=Role.DEPARTMENT_HEAD
    )

    after = standing_of(served)
    assert (before.state, before.originals[0].confirmed) == (AttestationState.NOT_ASKED, False)
    assert (after.state, after.is_valid) == (AttestationState.ON_PAPER, True)


def paper(ward, placement) -> Document:
    return make_confirmed(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION, placement=placement)


def test_paper_says_nothing_of_service_that_goes_on(ward):
    running = ward.training.placements.get(ends_on=None)
    paper(ward, running)

    assert standing_of(running).state == AttestationState.ONGOING


CHANGES = {
    "service": lambda ward, served, absence: change(served, ward, percent=100),
    "absence": lambda ward, served, absence: change_absence(
        absence,
        by=ward.trainee,
        version=absence.version,
        cause=absence.cause,
        percent=10,
        starts_on=absence.starts_on,
        ends_on=absence.ends_on,
    ),
    "no absence": lambda ward, served, absence: remove_absence(absence, by=ward.trainee),
}


@pytest.mark.parametrize("changing", CHANGES)
def test_service_confirmed_on_paper_stays_as_it_was_confirmed(ward, changing):
    served = make_served(ward=ward, percent=50)
    absence = make_absence(
        training=ward.training, starts_on=served.starts_on, ends_on=served.ends_on
    )
    document = paper(ward, served)
    confirmed = service_time_of(ward.training).confirmed

    with pytest.raises(rules.Refused) as refused:
        CHANGES[changing](ward, served, absence)
    assert refused.value.code == Refusal.ATTESTED_ON_PAPER
    assert service_time_of(ward.training).confirmed == confirmed

    withdraw_document(document, by=ward.trainee)
    CHANGES[changing](ward, served, absence)
    assert service_time_of(ward.training).confirmed == 0


# --- Time ----------------------------------------------------------------------------------------


def test_only_what_is_attested_counts_as_confirmed(ward, served):
    before = service_time_of(ward.training)
    make_countersignature(ward=ward, placement=served)
    attested = service_time_of(ward.training)
    change(served, ward, percent=50)
    voided = service_time_of(ward.training)

    assert (before.confirmed, attested.confirmed, voided.confirmed) == (0, 300, 0)
    assert attested.line(served.pk).calendar_days == 300


@pytest.mark.parametrize("count", [1, 3])
def test_records_take_four_queries(django_assert_num_queries, count):
    wards = [make_ward() for _ in range(count)]
    for ward in wards:
        make_countersignature(ward=ward, placement=make_served(ward=ward))
        add_absence(ward, None)

    with django_assert_num_queries(4):
        records = service_records(Placement.objects.all())
        told = [(one.state, one.rows, one.signatures, one.returned) for one in records.standings]

    assert len(told) == 2 * count


# --- The database is the last guard --------------------------------------------------------------


def attestation_row(ward, placement, **fields) -> dict:
    return {
        "placement": placement,
        "actor": ward.head,
        "actor_role": Role.DEPARTMENT_HEAD,
        "facts": "{}",
        "satisfactory": True,
        "key": uuid4(),
    } | fields


def insert(model, **row):
    with transaction.atomic():
        return model.objects.create(**row)


def head_elsewhere(ward) -> dict:
    return {"actor": ward.outsider}


def as_medical_lead(ward) -> dict:
    return {"actor": ward.medical_lead, "actor_role": Role.MEDICAL_LEAD}


def trainee_who_is_head(ward) -> dict:
    give_role(user=ward.trainee, role=Role.DEPARTMENT_HEAD, department=ward.department)
    return {"actor": ward.trainee}


def ended_head(ward) -> dict:
    RoleAssignment.objects.filter(user=ward.head).update(ends_on=days_ago(1))
    return {}


def without_a_reason(ward) -> dict:
    return {"satisfactory": False}


def no_fault(ward) -> dict:
    return {}


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        (head_elsewhere, False),
        (as_medical_lead, False),
        (trainee_who_is_head, False),
        (ended_head, False),
        (without_a_reason, False),
        (no_fault, True),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_database_guards_the_attestation(ward, served, fault, stands):
    row = attestation_row(ward, served, **fault(ward))

    if stands:
        assert insert(ServiceAttestation, **row).pk
    else:
        with pytest.raises(DatabaseError):
            insert(ServiceAttestation, **row)


def countersignature_row(ward, attestation, **fields) -> dict:
    return {
        "attestation": attestation,
        "actor": ward.medical_lead,
        "actor_role": Role.MEDICAL_LEAD,
        "key": uuid4(),
    } | fields


def same_person_again(ward, attestation) -> dict:
    give_role(user=ward.head, role=Role.MEDICAL_LEAD, department=ward.department)
    return {"actor": ward.head}


def in_the_heads_role(ward, attestation) -> dict:
    return {"actor_role": Role.DEPARTMENT_HEAD}


def lead_elsewhere(ward, attestation) -> dict:
    person = make_user()
    give_role(user=person, role=Role.MEDICAL_LEAD, department=make_department())
    return {"actor": person}


def of_an_attestation_that_a_later_one_replaced(ward, attestation) -> dict:
    insert(ServiceAttestation, **attestation_row(ward, attestation.placement))
    return {}


def nothing_wrong(ward, attestation) -> dict:
    return {}


@pytest.mark.parametrize(
    ("fault", "stands"),
    [
        (same_person_again, False),
        (in_the_heads_role, False),
        (lead_elsewhere, False),
        (of_an_attestation_that_a_later_one_replaced, False),
        (nothing_wrong, True),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_database_guards_the_countersignature(ward, served, fault, stands):
    attestation = insert(ServiceAttestation, **attestation_row(ward, served))
    row = countersignature_row(ward, attestation, **fault(ward, attestation))

    if stands:
        assert insert(AttestationCountersignature, **row).pk
    else:
        with pytest.raises(DatabaseError):
            insert(AttestationCountersignature, **row)


@pytest.mark.parametrize("model", [ServiceAttestation, AttestationCountersignature])
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_application_role_has_no_right_to_change_a_signature(model, right):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(%s, %s), has_table_privilege(%s, 'INSERT')",
            [model._meta.db_table, right, model._meta.db_table],
        )
        assert cursor.fetchone() == (False, True)


def test_database_sets_the_time(ward, served):
    long_ago = timezone.now() - timezone.timedelta(days=300)

    row = attestation_row(ward, served, acted_at=long_ago)
    signed = insert(ServiceAttestation, **row)

    signed.refresh_from_db()
    assert timezone.localdate(signed.acted_at) == today()


def test_database_refuses_asking_the_trainee(ward, served):
    row = {"placement": served, "role": Role.DEPARTMENT_HEAD, "asked_at": timezone.now()}

    with pytest.raises(DatabaseError):
        insert(AttestationRequest, asked_of=ward.trainee, **row)
    assert insert(AttestationRequest, asked_of=ward.head, **row).pk


# --- Veileder ------------------------------------------------------------------------------------


def test_veileder_and_those_who_appoint_say_what_the_veileder_is(ward):
    supervision = ward.training.supervisions.get()
    content = {
        "specialty": "onkologi",
        "holds_competence_area": True,
        "employer": ward.department.institution,
    }

    for person in (ward.trainee, ward.supervisor, ward.program_leader):
        with pytest.raises(PermissionDenied):
            trainings.describe_supervision(supervision, by=person, **content)
    for person in (ward.guide, ward.head, ward.admin):
        trainings.describe_supervision(supervision, by=person, **content)

    assert Event.objects.filter(verb=Verb.SUPERVISION_CHANGED).count() == 3


def test_guide_without_a_specialty_is_a_missing_field(ward, served):
    before = standing_of(served).missing
    ward.training.supervisions.update(specialty="")

    assert (before, standing_of(served).missing) == ((), (AttestationField.GUIDES,))
