"""Dokumenter: the list, uploading, replacing, withdrawing, and confirming against the original."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from institutions.enums import Role
from pages.dates import long_day, numeric_day
from portfolio.enums import DocumentKind, ScanFault, ServiceKind
from portfolio.models import Document, DocumentConfirmation, Opening
from portfolio.queries.documents import placement_label
from tests.factories import days_ago, give_role, make_absence, make_served, make_user, make_ward
from tests.portfolio.originals import (
    make_cited_goal,
    make_confirmed,
    make_course,
    make_document,
    upload,
    with_an_empty_page,
)
from tests.portfolio.test_scans import SENTENCE, locked, printed, scan, sheet
from tests.portfolio.visits import as_, end_roles, url

pytestmark = pytest.mark.django_db

LIST = reverse("portfolio:document_list")
NEW = reverse("portfolio:document_new")
EMPTY_PAGE = str(ScanFault.BLANK_PAGES.label)


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def trainee(ward):
    return as_(ward.trainee)


def typed(**changes) -> dict:
    form = {
        "key": str(uuid4()),
        "kind": DocumentKind.CHECKLIST.value,
        "belongs_to": "",
        "issued_on": days_ago(5).isoformat(),
        "issuer": "Demosykehuset",
        "specialty": "",
        "title": "",
    }
    return form | {"file": upload()} | changes


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


def kept(response) -> dict:
    form = response.context["form"]
    return {name: form[name].value() for name in typed() if name not in ("file", "key")}


# --- The list ------------------------------------------------------------------------------------


def test_documents_stand_by_kind_as_the_authority_sorts(ward, trainee):
    for kind in (
        *(DocumentKind.OTHER, DocumentKind.PART_1, DocumentKind.CHECKLIST),
        *(DocumentKind.COURSE_CERTIFICATE, DocumentKind.SERVICE_ATTESTATION),
        DocumentKind.SPECIALIST_APPROVAL,
    ):
        make_document(ward=ward, kind=kind, title=kind.label)

    groups = trainee.get(LIST).context["groups"]

    assert [(group.label, [one.kind.value for one in group.documents]) for group in groups] == [
        ("Tjenestebekreftelser", ["service_attestation"]),
        ("Kursbevis", ["course_certificate"]),
        ("Sjekkliste", ["checklist"]),
        ("Godkjenninger", ["part_1", "specialist_approval"]),
        ("Annet", ["other"]),
    ]


def test_list_leaves_out_what_is_withdrawn(ward, trainee):
    old = make_document(ward=ward)
    new = make_document(ward=ward, replaces=old)

    (group,) = trainee.get(LIST).context["groups"]

    assert [one.pk for one in group.documents] == [new.pk]


def test_empty_list_says_what_to_do(trainee):
    assert "Ingen dokumenter ennå" in trainee.get(LIST).content.decode()


def test_document_is_told_as_given_by_the_doctor_until_confirmed(ward, trainee):
    make_document(ward=ward)
    as_given = trainee.get(LIST).content.decode()
    make_confirmed(ward=ward)

    both = trainee.get(LIST).content.decode()

    assert ("Oppgitt av deg" in as_given, "Bekreftet" in as_given) == (True, False)
    assert ("2 dokumenter, 1 ikke bekreftet." in both, "Bekreftet" in both) == (True, True)


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_few_queries(ward, trainee, count, django_assert_num_queries):
    for _ in range(count):
        make_confirmed(ward=ward, placement=ward.training.placements.get())

    with django_assert_num_queries(5):
        trainee.get(LIST)


def test_those_who_see_the_portfolio_see_the_list_and_leave_a_trace(ward):
    make_document(ward=ward)

    response = as_(ward.head).get(url("training_documents", ward.training.pk))

    assert ("Oppgitt av legen" in response.content.decode(), Opening.objects.get().user) == (
        True,
        ward.head,
    )
    assert NEW not in response.content.decode()


# --- Uploading -----------------------------------------------------------------------------------


def test_form_offers_what_a_document_can_belong_to(ward, trainee):
    placement = ward.training.placements.get()
    module, _ = make_course(pathway=ward.training.pathway)
    goal = make_cited_goal()

    choices = trainee.get(NEW).context["form"].fields["belongs_to"].choices

    assert choices == [
        ("", "Ikke noe av dette"),
        ("Tjenester", [(f"placement:{placement.pk}", placement_label(placement))]),
        (
            "Kursmoduler",
            [
                (f"module:{module.pk}", "Kompetansekurset, Modul 1"),
                (f"module:{_.pk}", "Kompetansekurset, Modul 2"),
            ],
        ),
        ("Mål i andre spesialiteter", [(f"cited_goal:{goal.pk}", "GER-054, Geriatri")]),
    ]


def test_form_begins_with_what_another_page_asks_for(ward, trainee):
    module = make_course(pathway=ward.training.pathway)[0]

    form = trainee.get(f"{NEW}?slag=course_certificate&gjelder=module:{module.pk}").context["form"]

    assert (form["kind"].value(), form["belongs_to"].value()) == (
        "course_certificate",
        f"module:{module.pk}",
    )


def test_document_is_uploaded_and_shown(ward, trainee):
    response = trainee.post(NEW, typed(), follow=True)

    document = Document.objects.get()
    assert response.redirect_chain == [(url("document_detail", document.pk), 302)]
    assert (document.title, document.kind, document.issued_on, document.issuer) == (
        "Sjekkliste for praktiske ferdigheter",
        DocumentKind.CHECKLIST,
        days_ago(5),
        "Demosykehuset",
    )


def test_document_belongs_to_a_service(ward, trainee):
    placement = ward.training.placements.get()

    trainee.post(
        NEW, typed(kind="service_attestation", belongs_to=f"placement:{placement.pk}", title="Min")
    )

    document = Document.objects.get()
    assert (document.placement, document.title) == (placement, "Min")


def test_same_form_twice_is_one_document(trainee):
    key = str(uuid4())

    for _ in range(2):
        trainee.post(NEW, typed(key=key))

    assert Document.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": ""}, {"kind": ["Velg hva slags dokument det er."]}),
        ({"file": ""}, {"file": ["Velg filen du vil laste opp."]}),
        (
            {"kind": "service_attestation"},
            {"belongs_to": ["Velg hvilken tjeneste."]},
        ),
        ({"kind": "other_goal"}, {"belongs_to": ["Velg hvilket læringsmål."]}),
        ({"kind": "specialist_approval"}, {"specialty": ["Skriv hvilken spesialitet."]}),
        (
            {"belongs_to": "placement:999999"},
            {"belongs_to": ["Valget under «Gjelder» finnes ikke lenger. Velg på nytt."]},
        ),
        (
            {"issued_on": days_ago(-1).isoformat()},
            {"issued_on": ["Datoen er i framtiden. Velg i dag eller en tidligere dag."]},
        ),
        (
            {"title": "Bevis 01010112377"},
            {
                "title": [
                    "Ta bort fødselsnummeret i «Tittel». "
                    "Skriv ikke noe som kan avsløre hvem pasienten er."
                ]
            },
        ),
        (
            {"file": upload(name="01010112377.pdf")},
            {"file": ["Gi filen et navn uten fødselsnummer, og last den opp på nytt."]},
        ),
    ],
)
def test_refused_form_names_the_field_and_keeps_everything(trainee, changes, expected):
    form = typed(**changes)

    response = trainee.post(NEW, form)

    as_typed = {name: value for name, value in form.items() if name not in ("file", "key")}
    assert (response.status_code, errors(response), kept(response)) == (422, expected, as_typed)
    assert not Document.objects.exists()


def test_somebody_elses_service_is_no_choice(trainee):
    elsewhere = make_ward().training.placements.get()

    response = trainee.post(NEW, typed(belongs_to=f"placement:{elsewhere.pk}"))

    assert errors(response) == {
        "belongs_to": ["Valget under «Gjelder» finnes ikke lenger. Velg på nytt."]
    }


def test_locked_file_is_refused_at_the_file_and_the_rest_is_kept(trainee):
    form = typed(file=upload(locked("secret")))

    response = trainee.post(NEW, form)

    assert (response.status_code, errors(response), kept(response)["issuer"]) == (
        422,
        {"file": ["«bevis.pdf» er låst med passord. Last opp en åpen utgave."]},
        "Demosykehuset",
    )


def test_file_is_asked_for_again_where_something_else_is_wrong(trainee):
    response = trainee.post(NEW, typed(kind=""))

    assert "Velg filen på nytt." in response.content.decode()


# --- Faults of the scan --------------------------------------------------------------------------


def test_fault_is_told_at_once_with_a_way_to_upload_anew(trainee):
    response = trainee.post(NEW, typed(file=upload(with_an_empty_page())), follow=True)

    document = Document.objects.get()
    page = response.content.decode()
    assert (f"Side 2: {EMPTY_PAGE}" in page, "Last opp på nytt" in page) == (True, True)
    assert url("document_replace", document.pk) in page


def test_good_scan_is_told_nothing(trainee):
    response = trainee.post(NEW, typed(file=upload(scan(sheet()))), follow=True)

    assert "Se på filen" not in response.content.decode()


def test_odd_count_is_told_of_a_double_sided_original(trainee):
    file = printed(SENTENCE, SENTENCE, SENTENCE)

    trainee.post(NEW, typed(file=upload(file), double_sided="on"))
    trainee.post(NEW, typed(file=upload(file)))

    with_tick, without = Document.objects.order_by("pk")
    assert (with_tick.scan_faults, without.scan_faults) == (
        [{"fault": "odd_count", "pages": []}],
        [],
    )


def test_new_upload_keeps_what_was_typed_and_withdraws_the_old(ward, trainee):
    old = make_document(
        ward=ward, upload=upload(with_an_empty_page()), issuer="Demosykehuset", specialty="Geriatri"
    )
    form = trainee.get(url("document_replace", old.pk)).context["form"]
    values = {name: form[name].value() or "" for name in typed() if name != "file"}

    trainee.post(url("document_replace", old.pk), values | {"file": upload()})

    new = Document.objects.standing().get()
    assert (new.issuer, new.specialty, new.title, new.scan_faults) == (
        "Demosykehuset",
        "Geriatri",
        old.title,
        [],
    )


def test_facts_are_corrected_without_a_new_file(ward, trainee):
    old = make_document(ward=ward, title="Kursbevs")

    trainee.post(url("document_replace", old.pk), typed(file="", title="Kursbevis"))

    new = Document.objects.standing().get()
    assert (new.title, new.sha256) == ("Kursbevis", old.sha256)


def test_replacing_what_is_withdrawn_leads_back_to_the_list(ward, trainee):
    old = make_document(ward=ward)
    make_document(ward=ward, replaces=old)

    response = trainee.post(url("document_replace", old.pk), typed())

    assert (response.url, Document.objects.count()) == (LIST, 2)


# --- One document --------------------------------------------------------------------------------


def test_document_tells_who_has_seen_the_original(ward, trainee):
    document = make_confirmed(ward=ward)

    page = trainee.get(url("document_detail", document.pk)).content.decode()

    day = long_day(timezone.localdate(document.confirmation.acted_at))
    assert f"Leder Anne Demo Haugen så originalen og bekreftet {day}." in page


def test_download_is_a_file_and_never_a_page(ward, trainee):
    document = make_document(ward=ward)

    response = trainee.get(url("document_download", document.pk))

    assert b"".join(response.streaming_content).startswith(b"%PDF")
    assert {
        name: response[name]
        for name in ("Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy")
    } == {
        "Content-Disposition": 'attachment; filename="bevis.pdf"',
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }


@pytest.mark.parametrize("name", ["document_detail", "document_download"])
def test_trainee_sees_who_has_opened_a_document(ward, name):
    """Also one who signs for the service, and does not see the portfolio."""
    placement = ward.training.placements.get()
    kind = DocumentKind.SERVICE_ATTESTATION
    document = make_document(ward=ward, kind=kind, placement=placement)
    lead = make_user()
    give_role(user=lead, role=Role.MEDICAL_LEAD, department=placement.department)

    for person in (ward.trainee, ward.head, lead):
        response = as_(person).get(url(name, document.pk))
        assert (response.status_code, bool(response.getvalue())) == (200, True)

    assert {(one.user, one.role) for one in Opening.objects.all()} == {
        (ward.head, Role.DEPARTMENT_HEAD),
        (lead, Role.MEDICAL_LEAD),
    }


def test_opening_by_who_confirmed_and_has_gone_is_told(ward):
    document = make_confirmed(ward=ward)
    end_roles(ward.head)

    as_(ward.head).get(url("document_download", document.pk)).getvalue()

    assert [(one.user, one.role) for one in Opening.objects.all()] == [
        (ward.head, Role.DEPARTMENT_HEAD)
    ]


def test_withdrawing_asks_first(ward, trainee):
    document = make_document(ward=ward)
    address = url("document_withdraw", document.pk)

    asked = trainee.get(address)
    assert (asked.status_code, Document.objects.standing().count()) == (200, 1)

    response = trainee.post(address)
    assert (response.url, Document.objects.standing().count()) == (LIST, 0)


def test_withdrawing_twice_leads_back_to_the_list(ward, trainee):
    document = make_document(ward=ward)

    answers = [trainee.post(url("document_withdraw", document.pk)).url for _ in range(2)]

    assert answers == [LIST, LIST]


def test_list_shows_place_and_day_in_figures(ward, trainee):
    make_document(ward=ward, issuer="Demosykehuset", issued_on=days_ago(5))

    ((line,),) = [group.documents for group in trainee.get(LIST).context["groups"]]

    assert line.details == f"Demosykehuset · {numeric_day(days_ago(5))}"


# --- Confirming ----------------------------------------------------------------------------------


def test_confirming_takes_a_tick(ward):
    document = make_document(ward=ward)

    response = as_(ward.head).post(url("document_confirm", document.pk), {"key": str(uuid4())})

    assert (response.status_code, errors(response)) == (
        422,
        {"seen": ["Kryss av for at du har sett originalen."]},
    )
    assert not DocumentConfirmation.objects.exists()


def test_confirming_leads_to_the_doctors_next_document_and_then_to_the_list(ward):
    first, second = make_document(ward=ward), make_document(ward=ward, title="Annet")
    head = as_(ward.head)

    def confirm(document):
        form = {"key": str(uuid4()), "seen": "on"}
        return head.post(url("document_confirm", document.pk), form).url

    assert confirm(first) == url("document_confirm", second.pk)
    assert confirm(second) == url("training_documents", ward.training.pk)


def test_queue_holds_what_the_person_may_confirm_the_oldest_first(ward):
    kind = DocumentKind.SERVICE_ATTESTATION
    attestation = make_document(ward=ward, kind=kind, title="Bekreftelse")
    course = make_document(ward=ward, title="Kurs")
    make_confirmed(ward=ward)

    def queue(person):
        waiting = as_(person).get(url("document_queue")).context["waiting"]
        return [(one.doctor, one.document.pk, one.days) for one in waiting]

    name = ward.trainee.name
    assert queue(ward.head) == [(name, attestation.pk, 0), (name, course.pk, 0)]
    assert queue(ward.guide) == [(name, course.pk, 0)]
    assert [queue(person) for person in (ward.trainee, ward.supervisor, ward.admin)] == [[]] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_queue_takes_the_same_few_queries(ward, count, django_assert_num_queries):
    for _ in range(count):
        make_document(ward=ward)
    head = as_(ward.head)

    with django_assert_num_queries(4):
        head.get(url("document_queue"))


def test_late_confirmation_is_told_kindly(ward):
    document = make_confirmed(ward=ward)

    response = as_(ward.guide).post(
        url("document_confirm", document.pk), {"key": str(uuid4()), "seen": "on"}
    )

    assert response.status_code == 409
    assert "Dokumentet venter ikke lenger på deg" in response.content.decode()


def test_service_on_paper_is_shown_as_it_will_count(ward):
    served = make_served(ward=ward, percent=50)
    kind = DocumentKind.SERVICE_ATTESTATION
    document = make_document(ward=ward, kind=kind, placement=served)
    course = make_document(ward=ward)
    make_absence(training=ward.training, starts_on=served.starts_on, ends_on=served.ends_on)
    head = as_(ward.head)

    page = head.get(url("document_confirm", document.pk)).content.decode()
    other = head.get(url("document_confirm", course.pk)).content.decode()

    told = ("Tjenesten i mappen", "50 %", str(ServiceKind(served.service_kind).label))
    assert [text in page for text in told] == [True] * 3
    assert "Tjenesten i mappen" not in other


def test_service_that_changed_while_the_page_was_open_is_not_confirmed(ward):
    served = make_served(ward=ward)
    kind = DocumentKind.SERVICE_ATTESTATION
    document = make_document(ward=ward, kind=kind, placement=served)
    head, address = as_(ward.head), url("document_confirm", document.pk)

    def shown():
        return head.get(address).context["form"]["shown"].value()

    def confirm(digest):
        return head.post(address, {"key": str(uuid4()), "seen": "on", "shown": digest})

    old = shown()
    make_absence(training=ward.training, starts_on=served.starts_on, ends_on=served.ends_on)
    late = confirm(old)
    assert (late.status_code, "Opplysningene er endret" in late.content.decode()) == (409, True)
    assert not DocumentConfirmation.objects.exists()

    assert confirm(shown()).status_code == 302
    assert DocumentConfirmation.objects.get().document == document


def test_confirmation_of_service_on_paper_takes_few_queries(ward, django_assert_max_num_queries):
    kind = DocumentKind.SERVICE_ATTESTATION
    document = make_document(ward=ward, kind=kind, placement=make_served(ward=ward))
    client = as_(ward.head)

    with django_assert_max_num_queries(10):
        client.get(url("document_confirm", document.pk))


def test_role_that_has_ended_confirms_nothing(ward):
    document = make_document(ward=ward)
    head = as_(ward.head)
    assert head.get(url("document_confirm", document.pk)).status_code == 200

    end_roles(ward.head)

    assert head.get(url("document_confirm", document.pk)).status_code == 404


@pytest.mark.parametrize(
    ("person", "status"),
    [("trainee", 403), ("supervisor", 404), ("admin", 404), ("outsider", 404), ("guide", 200)],
)
def test_who_may_open_the_confirmation(ward, person, status):
    document = make_document(ward=ward)

    response = as_(getattr(ward, person)).get(url("document_confirm", document.pk))

    assert response.status_code == status


@pytest.mark.parametrize(
    ("name", "person", "count"),
    [
        ("document_detail", "trainee", 7),
        ("document_detail", "head", 9),
        ("document_confirm", "head", 9),
        ("document_replace", "trainee", 8),
        ("document_withdraw", "trainee", 5),
    ],
)
def test_pages_take_few_queries(ward, name, person, count, django_assert_max_num_queries):
    document = make_document(ward=ward, placement=ward.training.placements.get())
    client = as_(getattr(ward, person))

    with django_assert_max_num_queries(count):
        client.get(url(name, document.pk))
