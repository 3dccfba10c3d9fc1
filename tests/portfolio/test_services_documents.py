"""Originals are added, replaced, withdrawn and confirmed; what the database refuses anyway."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction

from institutions.enums import Role
from palmappen_verify import dossier
from portfolio import attachments, permissions, rules, scans
from portfolio.enums import DocumentKind, Refusal, ScanFault, Verb
from portfolio.models import Document, DocumentConfirmation, Event
from portfolio.services.activities import attach_file
from portfolio.services.attestations import attest_service
from portfolio.services.documents import add_document, confirm_document, withdraw_document
from tests.factories import (
    days_ago,
    give_role,
    make_absence,
    make_activity,
    make_attestation_request,
    make_placement,
    make_served,
    make_user,
    make_ward,
    today,
)
from tests.portfolio.originals import (
    make_confirmed,
    make_course,
    make_document,
    shown_of,
    upload,
    with_an_empty_page,
)
from tests.portfolio.test_scans import SENTENCE, locked, printed, with_script

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


def stored_files() -> list[str]:
    if not default_storage.exists("documents"):
        return []
    return default_storage.listdir("documents")[1]


# --- Adding --------------------------------------------------------------------------------------


def test_document_is_stored_with_what_it_is_about(ward):
    placement = ward.training.placements.get()

    document = make_document(
        ward=ward,
        kind=DocumentKind.SERVICE_ATTESTATION,
        title="Bekreftelse",
        issued_on=days_ago(4),
        issuer="Demosykehuset",
        placement=placement,
    )

    document.refresh_from_db()
    stem, suffix = document.file.name.removeprefix("documents/").split(".")
    assert (document.placement, document.issued_on, document.issuer, document.page_count) == (
        placement,
        days_ago(4),
        "Demosykehuset",
        1,
    )
    assert (len(stem), suffix, document.name, document.scan_faults) == (32, "pdf", "bevis.pdf", [])


def test_faults_of_a_scan_are_kept_and_do_not_refuse(ward):
    document = make_document(ward=ward, upload=upload(with_an_empty_page()))

    assert document.scan_faults == [{"fault": ScanFault.BLANK_PAGES, "pages": [2]}]


def test_same_key_twice_is_one_document(ward):
    key = uuid4()

    first, second = (make_document(ward=ward, key=key) for _ in range(2))

    assert (first, Document.objects.count(), Event.objects.count()) == (second, 1, 1)


def test_ledger_remembers_the_document_by_its_fingerprint(ward):
    document = make_document(ward=ward, specialty="Geriatri")

    event = Event.objects.get()
    content = json.loads(event.content)
    assert (event.verb, event.actor, event.actor_role) == (
        Verb.DOCUMENT_ADDED,
        ward.trainee,
        Role.TRAINEE,
    )
    assert (content["sha256"], content["specialty"]) == (document.sha256, "Geriatri")


REFUSED = {
    "locked": (locked("secret"), "«bevis.pdf» er låst med passord. Last opp en åpen utgave."),
    "broken": (
        printed(SENTENCE)[:60],
        "«bevis.pdf» kan ikke leses. Lagre den på nytt og prøv igjen.",
    ),
    "script": (
        with_script(),
        "«bevis.pdf» har skript eller innebygde filer. Skriv den ut til PDF først.",
    ),
    "too many pages": (
        printed(*[""] * 2_000),
        "«bevis.pdf» har over 200 sider. Last opp bare det som trengs.",
    ),
    "another kind": (b"Kari Nordmann", "«bevis.pdf» har feil filtype. Bruk PDF, PNG eller JPEG."),
}


@pytest.mark.parametrize("case", REFUSED)
def test_file_that_cannot_be_kept_is_refused_by_name(ward, case):
    content, message = REFUSED[case]
    before = stored_files()

    with pytest.raises(ValidationError) as refused:
        make_document(ward=ward, upload=upload(content))

    assert (refused.value.messages, stored_files()) == ([message], before)
    assert not Document.objects.exists()


def test_file_name_with_an_identity_number_is_refused(ward):
    with pytest.raises(ValidationError) as refused:
        make_document(ward=ward, upload=upload(name="bevis 01010112377.pdf"))

    assert refused.value.messages == ["Filnavnet har et fødselsnummer. Gi filen et annet navn."]


def test_full_disk_is_told_and_leaves_nothing(ward, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(default_storage._wrapped), "_save", full)

    with pytest.raises(ValidationError) as refused:
        make_document(ward=ward)

    assert refused.value.messages == [
        "Filen kunne ikke lagres nå. Prøv igjen om litt, og si fra hvis det skjer igjen."
    ]
    assert not Document.objects.exists()


def test_file_goes_with_a_row_that_is_refused(ward):
    before = stored_files()

    with pytest.raises(ValidationError):
        make_document(ward=ward, title="x" * 151)

    assert stored_files() == before


def test_date_ahead_is_refused(ward):
    with pytest.raises(rules.Refused) as refused:
        make_document(ward=ward, issued_on=days_ago(-1))

    assert refused.value.code == Refusal.FUTURE
    assert make_document(ward=ward, issued_on=today()).issued_on == today()


def test_only_the_trainee_adds(ward):
    with pytest.raises(PermissionDenied):
        add_document(
            training=ward.training,
            by=ward.head,
            key=uuid4(),
            upload=upload(),
            kind=DocumentKind.OTHER,
            title="Annet",
        )


def test_somebody_elses_service_is_refused(ward):
    elsewhere = make_ward().training.placements.get()

    with pytest.raises(PermissionDenied):
        make_document(ward=ward, placement=elsewhere)


def test_module_of_the_course_is_kept(ward):
    module = make_course(pathway=ward.training.pathway)[1]

    assert make_document(ward=ward, module=module).module == module


def test_stored_file_is_inspected_as_it_was_written(ward):
    document = make_document(ward=ward, upload=upload(printed(SENTENCE, SENTENCE)))

    with document.file.open() as file:
        content = file.read()

    assert (scans.inspect(content, scans.PDF).page_count, document.page_count) == (2, 2)


def test_training_holds_so_much_and_no_more(ward, monkeypatch):
    first = make_document(ward=ward)
    before = stored_files()
    monkeypatch.setattr(attachments, "MAX_TOTAL_BYTES", first.size_bytes + 1)

    with pytest.raises(ValidationError) as refused:
        make_document(ward=ward)
    with pytest.raises(ValidationError):
        attach_file(make_activity(ward=ward), by=ward.trainee, upload=upload())

    assert refused.value.messages == [
        "Mappen har ikke plass til filen: alle filene kan til sammen være høyst 300 MB. "
        "Trekk tilbake dokumenter du ikke trenger, eller last opp en mindre fil."
    ]
    assert stored_files() == before
    assert make_document(ward=ward, replaces=first).withdrawn_at is None  # in its place


def test_what_a_training_holds_can_be_checked_in_one_dossier():
    assert attachments.MAX_TOTAL_BYTES < dossier.MAX_BYTES


# --- Replacing and withdrawing -------------------------------------------------------------------


def test_better_scan_withdraws_the_old_one(ward):
    old = make_document(ward=ward, upload=upload(with_an_empty_page()))

    new = make_document(ward=ward, replaces=old)

    old.refresh_from_db()
    assert (new.scan_faults, old.withdrawn_at is None, new.withdrawn_at) == ([], False, None)
    assert list(Document.objects.standing()) == [new]


def test_other_facts_use_the_same_file_again(ward):
    old = make_document(ward=ward, upload=upload(with_an_empty_page()), title="Kursbevs")

    new = make_document(ward=ward, replaces=old, upload=None, title="Kursbevis")

    assert (new.title, new.file.name, new.sha256, new.scan_faults) == (
        "Kursbevis",
        old.file.name,
        old.sha256,
        old.scan_faults,
    )


def test_what_is_withdrawn_cannot_be_replaced(ward):
    old = withdraw_document(make_document(ward=ward), by=ward.trainee)
    before = stored_files()

    with pytest.raises(rules.Stale):
        make_document(ward=ward, replaces=old)

    assert (Document.objects.count(), stored_files()) == (1, before)


def test_withdrawing_twice_is_refused(ward):
    document = withdraw_document(make_document(ward=ward), by=ward.trainee)

    with pytest.raises(rules.Stale):
        withdraw_document(document, by=ward.trainee)


@pytest.mark.parametrize("person", ["head", "guide", "supervisor", "admin", "outsider"])
def test_only_the_trainee_withdraws(ward, person):
    document = make_document(ward=ward)

    with pytest.raises(PermissionDenied):
        withdraw_document(document, by=getattr(ward, person))


# --- Confirming ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "role"),
    [
        ("head", Role.DEPARTMENT_HEAD),
        ("guide", Role.EDUCATIONAL_SUPERVISOR),
        ("education_lead", Role.EDUCATION_LEAD),
        ("program_leader", Role.PROGRAM_LEADER),
    ],
)
def test_those_who_see_the_portfolio_confirm_in_their_role(ward, person, role):
    document = make_document(ward=ward)

    confirmation = confirm_document(document, by=getattr(ward, person), key=uuid4())

    assert (confirmation.actor, confirmation.actor_role, confirmation.document) == (
        getattr(ward, person),
        role,
        document,
    )
    assert Event.objects.latest("pk").verb == Verb.DOCUMENT_CONFIRMED


@pytest.mark.parametrize("person", ["trainee", "supervisor", "admin", "outsider"])
def test_others_do_not_confirm(ward, person):
    document = make_document(ward=ward)

    with pytest.raises(PermissionDenied):
        confirm_document(document, by=getattr(ward, person), key=uuid4())

    assert not permissions.can_confirm_document(getattr(ward, person), document)


def test_second_confirmation_is_stale(ward):
    document = make_confirmed(ward=ward)

    with pytest.raises(rules.Stale):
        confirm_document(document, by=ward.guide, key=uuid4())


def test_same_confirmation_twice_is_one(ward):
    document, key = make_document(ward=ward), uuid4()

    first, second = (confirm_document(document, by=ward.head, key=key) for _ in range(2))

    assert first == second


def test_service_on_paper_is_confirmed_as_it_was_shown(ward):
    served = make_served(ward=ward, percent=50)
    kind = DocumentKind.SERVICE_ATTESTATION
    document = make_document(ward=ward, kind=kind, placement=served)
    shown = shown_of(document)
    absence = make_absence(
        training=ward.training, starts_on=served.starts_on, ends_on=served.ends_on
    )

    for old in (shown, ""):
        with pytest.raises(rules.Stale):
            confirm_document(document, by=ward.head, key=uuid4(), shown=old)
    confirm_document(document, by=ward.head, key=uuid4(), shown=shown_of(document))

    content = Event.objects.latest("pk").content
    assert (json.loads(content)["facts"]["percent"], absence.cause in content) == (50, False)


def test_withdrawn_document_is_not_confirmed(ward):
    document = withdraw_document(make_document(ward=ward), by=ward.trainee)

    with pytest.raises(rules.Stale):
        confirm_document(document, by=ward.head, key=uuid4())


# --- What the database refuses, whoever asks -----------------------------------------------------


def database_refuses(change) -> bool:
    try:
        with transaction.atomic():
            change()
    except DatabaseError:
        return True
    return False


@pytest.mark.parametrize("field", ["title", "kind", "sha256", "file", "scan_faults"])
def test_original_never_changes(ward, field):
    document = make_document(ward=ward)

    assert database_refuses(lambda: Document.objects.filter(pk=document.pk).update(**{field: "x"}))


def test_original_is_withdrawn_once_for_all(ward):
    document = withdraw_document(make_document(ward=ward), by=ward.trainee)
    row = Document.objects.filter(pk=document.pk)

    assert database_refuses(lambda: row.update(withdrawn_at=None))


@pytest.mark.parametrize("person", ["trainee", "supervisor", "outsider"])
def test_confirmation_in_a_role_not_held_is_refused(ward, person):
    document = make_document(ward=ward)

    def confirm(user):
        return DocumentConfirmation.objects.create(
            document=document, actor=user, actor_role=Role.DEPARTMENT_HEAD
        )

    assert database_refuses(lambda: confirm(getattr(ward, person)))
    assert not database_refuses(lambda: confirm(ward.head))


# --- Who sees what -------------------------------------------------------------------------------


def seen_by(user) -> list[Document]:
    return list(Document.objects.visible_to(user))


def test_documents_are_seen_with_the_portfolio(ward):
    document = make_document(ward=ward)

    sight = {
        person: seen_by(getattr(ward, person)) == [document]
        for person in (
            *("trainee", "guide", "head", "education_lead", "program_leader"),
            *("supervisor", "admin", "outsider"),
        )
    }

    assert [person for person, sees in sight.items() if not sees] == [
        "supervisor",
        "admin",
        "outsider",
    ]


def test_attestation_of_service_is_the_doctors_and_the_heads(ward):
    """It tells of absence and why; the others see the days elsewhere."""
    document = make_document(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION)

    everyone = ("trainee", "head", "guide", "education_lead", "program_leader", "supervisor")
    sight = [person for person in everyone if seen_by(getattr(ward, person)) == [document]]

    assert sight == ["trainee", "head"]


def test_attestation_from_another_employer_is_the_heads_until_it_is_confirmed(ward):
    earlier = make_placement(training=ward.training, starts_on=days_ago(900), ends_on=days_ago(700))
    other_head = make_user()
    give_role(user=other_head, role=Role.DEPARTMENT_HEAD, department=ward.department)
    document = make_document(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION, placement=earlier)
    waiting = [seen_by(ward.head), seen_by(other_head)]

    confirm_document(document, by=other_head, key=uuid4(), shown=shown_of(document))

    assert waiting == [[document], [document]]
    assert [seen_by(ward.head), seen_by(other_head)] == [[], [document]]  # who signed, for good


def test_attestation_of_service_is_seen_where_it_is_signed_for_while_it_lasts(ward):
    over, running = make_served(ward=ward), ward.training.placements.get(ends_on=None)
    other, old_head = make_user(), make_user()
    give_role(user=other, role=Role.DEPARTMENT_HEAD, department=ward.department)
    ended = {"department": ward.department, "ends_on": days_ago(1)}
    give_role(user=old_head, role=Role.DEPARTMENT_HEAD, **ended)
    documents = [
        make_confirmed(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION, placement=placement)
        for placement in (over, running)
    ]

    people = (other, ward.medical_lead, old_head)
    assert [seen_by(person) for person in people] == [[documents[1]], [documents[1]], []]


def test_attestation_of_service_that_is_over_is_seen_while_one_is_asked_to_sign(ward):
    over, other_head = make_served(ward=ward), make_user()
    give_role(user=other_head, role=Role.DEPARTMENT_HEAD, department=ward.department)
    document = make_document(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION, placement=over)
    confirm_document(document, by=other_head, key=uuid4(), shown=shown_of(document))

    def seen_by_head_and_lead():
        return [seen_by(person) for person in (ward.head, ward.medical_lead)]

    before = seen_by_head_and_lead()
    request = make_attestation_request(ward=ward, placement=over)
    asked = seen_by_head_and_lead()
    attest_service(
        request,
        by=ward.head,
        shown=shown_of(document),
        satisfactory=True,
        comment="",
        key=uuid4(),
    )

    assert (before, asked) == ([[], []], [[document], []])
    assert seen_by_head_and_lead() == [[], [document]]  # now it is the other's turn


def test_attestation_of_service_is_confirmed_as_head_also_by_a_head_who_guides(ward):
    document = make_document(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION)
    give_role(user=ward.guide, role=Role.DEPARTMENT_HEAD, department=ward.department)

    confirmation = confirm_document(document, by=ward.guide, key=uuid4())

    assert confirmation.actor_role == Role.DEPARTMENT_HEAD


@pytest.mark.parametrize("person", ["guide", "education_lead", "program_leader"])
def test_attestation_of_service_is_confirmed_by_no_other(ward, person):
    document = make_document(ward=ward, kind=DocumentKind.SERVICE_ATTESTATION)

    with pytest.raises(PermissionDenied):
        confirm_document(document, by=getattr(ward, person), key=uuid4())


def test_withdrawn_document_is_its_owners_and_the_confirmers(ward):
    document = make_confirmed(ward=ward)
    withdraw_document(document, by=ward.trainee)

    assert (seen_by(ward.trainee), seen_by(ward.head), seen_by(ward.guide)) == (
        [document],
        [document],
        [],
    )
