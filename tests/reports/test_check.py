"""«Kontroller dokument»: each answer, what it never tells, and that nothing is kept."""

import hashlib
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import load_handler
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from institutions.enums import Role
from portfolio.models import Event, Submission
from reports import fingerprint, rules, seal
from reports.enums import ReportState, Verdict
from reports.models import Report
from reports.queries import check
from reports.queries.submissions import Newer
from reports.rules import read_code
from tests.factories import make_goal, make_ward
from tests.reports.factories import dossier_file, in_state, make_dossier, make_finished, make_report

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:check_document")
FILE = reverse("reports:check_file")
CERTIFICATE = reverse("reports:certificate")


@pytest.fixture(autouse=True)
def fresh_count():
    cache.clear()
    check._certificate.cache_clear()
    yield
    check._certificate.cache_clear()  # the key goes with its test


@pytest.fixture
def ward():
    make_goal()
    return make_ward()


def code_url(code: str) -> str:
    return reverse("reports:check_code", args=[code])


def upload(client, content: bytes, *, name="mappe.pdf"):
    return client.post(FILE, {"file": SimpleUploadedFile(name, content, "application/pdf")})


def read_in_browser(client, content: bytes, *, number: str = ""):
    return client.post(FILE, {"sha256": hashlib.sha256(content).hexdigest(), "number": number})


def answer(response) -> check.Answer:
    assert response.status_code == 200
    return response.context["answer"]


def submit(report: Report, ward) -> Submission:
    return Submission.objects.create(
        training=report.training,
        number=report.number,
        sha256=report.sha256,
        actor=ward.trainee,
        actor_role=Role.TRAINEE,
    )


def altered(content: bytes) -> bytes:
    """By one bit of its last byte."""
    return content[:-1] + bytes([content[-1] ^ 1])


# --- A code --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("7H3NQ8RT2VFA", "7H3NQ8RT2VFA"),
        ("7h3n q8rt 2vfa", "7H3NQ8RT2VFA"),
        (" 7H3N-Q8RT\u00a02VFA. ", "7H3NQ8RT2VFA"),
        ("oil", "011"),
        ("æøå/?%00", "00"),
        ("A" * 99, "A" * rules.LONGEST_CODE),
    ],
)
def test_code_is_read_as_people_write_it(typed, code):
    assert read_code(typed) == code


def test_new_codes_are_read_back_as_they_are():
    codes = [rules.new_code() for _ in range(200)]

    assert [read_code(code) for code in codes] == codes
    assert not set("".join(codes)) & set("ILOU")


def test_code_that_exists_tells_that_and_no_more(client, ward):
    report = make_dossier(ward=ward)

    response = client.get(code_url(report.readable_code.lower()))

    assert answer(response) == check.Answer(
        Verdict.CODE_EXISTS,
        check.Known(
            kind="Søknadsmappe",
            is_dossier=True,
            number=report.number,
            sealed_at=report.finished_at,
            newer=None,
            inside=None,
            training_id=None,
        ),
    )
    page = response.content.decode()
    assert "Innholdet er ikke kontrollert ennå." in page
    assert "Den viser ikke at kopien du har, er uendret." in page
    assert "Dokumentet er ekte" not in page
    assert report.sha256[:4] not in page


def test_unknown_code_has_the_same_shape(client, ward):
    report = make_dossier(ward=ward)

    known, unknown = client.get(code_url(report.code)), client.get(code_url("0" * 12))

    assert answer(unknown) == check.Answer(Verdict.UNKNOWN_CODE)
    assert unknown.status_code == known.status_code
    assert unknown.templates[0].name == known.templates[0].name


@pytest.mark.parametrize("state", [ReportState.QUEUED, ReportState.RUNNING, ReportState.FAILED])
def test_document_that_is_not_finished_is_unknown(client, ward, state):
    report = in_state(make_dossier(ward=ward), state)

    assert answer(client.get(code_url(report.code))).verdict == Verdict.UNKNOWN_CODE
    assert answer(upload(client, dossier_file(report))).verdict == Verdict.UNKNOWN_FILE


def test_document_without_a_code_is_not_found_by_none(client, ward):
    make_finished(ward=ward)

    assert check.answer_to_code("", viewer=ward.outsider).verdict == Verdict.UNKNOWN_CODE


def test_typed_code_leads_to_the_page_of_the_code(client):
    response = client.get(PAGE, {"kode": "7h3n q8rt 2vfa"})

    assert (response.status_code, response.url) == (302, code_url("7H3NQ8RT2VFA"))


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Skriv koden som står ved QR-koden."),
        ("-- ?", "Skriv koden som står ved QR-koden."),
        ("pm-2026-000123", "Dette er dokumentnummeret."),
    ],
)
def test_code_that_cannot_be_one_is_explained(client, typed, says):
    response = client.get(PAGE, {"kode": typed})

    assert response.status_code == 422
    assert says in response.content.decode()


# --- A file --------------------------------------------------------------------------------------


@pytest.mark.parametrize("send", [upload, read_in_browser])
def test_genuine_file(client, ward, send):
    report = make_dossier(ward=ward, content=b"innhold")

    response = send(client, dossier_file(report, b"innhold"))

    found = answer(response)
    assert (found.verdict, found.sha256) == (Verdict.GENUINE, report.sha256)
    assert found.document.inside == check.Inside(
        pathway="spesialitet i palliativ medisin",
        is_proposal=True,
        page_count=124,
        files=1,
        checkpoint=Event.objects.filter(training=ward.training).count(),
        ledger_holds=True,
    )
    assert "Dokumentet er ekte" in response.content.decode()


def test_altered_file_is_caught_by_the_number_it_bears(client, ward):
    report = make_dossier(ward=ward, content=b"innhold")
    file = altered(dossier_file(report, b"innhold"))

    response = upload(client, file)

    assert answer(response) == check.Answer(
        Verdict.ALTERED, number=report.number, sha256=hashlib.sha256(file).hexdigest()
    )
    page = response.content.decode()
    assert "Filen er ikke den som ble forseglet" in page
    assert check.Answer(Verdict.ALTERED, sha256=report.sha256).fingerprint not in page


def test_altered_file_read_in_the_browser(client, ward):
    report = make_dossier(ward=ward)
    file = altered(dossier_file(report))

    assert answer(read_in_browser(client, file, number=report.number)).verdict == Verdict.ALTERED
    assert answer(read_in_browser(client, file)).verdict == Verdict.UNKNOWN_FILE


def test_altered_file_that_lost_its_number_is_known_by_its_name(client, ward):
    report = make_dossier(ward=ward)

    response = upload(client, b"%PDF noe annet", name=report.file_name)

    assert answer(response).verdict == Verdict.ALTERED


@pytest.mark.parametrize("content", [b"%PDF-1.7 en annen", b"%PDF <dc:title>PM-2019-999999"])
def test_unknown_file(client, ward, content):
    make_dossier(ward=ward)

    found = answer(upload(client, content))

    assert found == check.Answer(Verdict.UNKNOWN_FILE, sha256=hashlib.sha256(content).hexdigest())


def test_progress_report_is_known_too(client, ward):
    report = in_state(make_report(ward=ward), ReportState.DONE, sha256="ab" * 32)

    response = client.post(FILE, {"sha256": report.sha256})

    assert answer(response).verdict == Verdict.GENUINE
    assert answer(response).document.kind == "Framdriftsrapport"
    assert "Ingen nyere mappe" not in response.content.decode()


def test_ledger_that_is_another_by_now_is_told(client, ward):
    report = make_dossier(ward=ward)
    head = Event.objects.filter(training=ward.training).latest("sequence").hash
    forged = make_dossier(ward=ward, content=b"2", snapshot=report.snapshot.replace(head, "0" * 64))

    response = upload(client, dossier_file(forged, b"2"))

    assert answer(response).document.inside.ledger_holds is False
    assert "ikke lenger den som mappen ble laget av" in response.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("tampering", "holds"),
    [
        ("UPDATE portfolio_event SET verb = verb WHERE sequence = 1", True),  # the control
        ("UPDATE portfolio_event SET content = NULL WHERE sequence = 1", True),  # erased by rule
        ("UPDATE portfolio_event SET content = '{}' WHERE sequence = 1", False),
        ("UPDATE portfolio_event SET verb = 'goal_decided' WHERE sequence = 1", False),
        ("DELETE FROM portfolio_event WHERE sequence = 1", False),
    ],
)
def test_ledger_is_followed_from_its_first_event(client, connect_as, tampering, holds):
    make_goal()
    ward = make_ward()
    make_dossier(ward=ward)
    report = make_dossier(ward=ward, content=b"2")
    connect_as().execute(f"SET session_replication_role = replica; {tampering}")

    response = upload(client, dossier_file(report, b"2"))

    assert answer(response).document.inside.checkpoint == 2
    assert answer(response).document.inside.ledger_holds is holds


@pytest.mark.parametrize(
    ("posted", "says"),
    [
        ({}, "Velg PDF-filen du vil kontrollere."),
        ({"sha256": "", "number": ""}, "Velg PDF-filen du vil kontrollere."),
    ],
)
def test_nothing_to_check_is_explained(client, posted, says):
    response = client.post(FILE, posted)

    assert response.status_code == 422
    assert says in response.content.decode()


@pytest.mark.parametrize("sha256", ["ab", "AB" * 32, "g" * 64, "ab" * 32 + "\n", "ab" * 33])
def test_digest_that_is_none_is_refused(client, sha256):
    response = client.post(FILE, {"sha256": sha256 + "x"})

    assert response.status_code == 422


def test_empty_file_is_explained(client):
    response = upload(client, b"")

    assert response.status_code == 422
    assert "Filen er tom. Velg en annen." in response.content.decode()


# --- Superseded ----------------------------------------------------------------------------------


def test_later_submitted_dossier_supersedes_and_the_file_stays_genuine(client, ward):
    old = make_dossier(ward=ward, content=b"gammel")
    submit(old, ward)
    new = make_dossier(ward=ward, content=b"ny")
    assert answer(client.get(code_url(old.code))).verdict == Verdict.CODE_EXISTS

    sent = submit(new, ward)
    by_code = client.get(code_url(old.code))
    by_file = upload(client, dossier_file(old, b"gammel"))

    sent = Submission.objects.get(pk=sent.pk)  # with the database's time
    newer = Newer(new.number, sent.acted_at)
    assert (answer(by_code).verdict, answer(by_code).document.newer) == (
        Verdict.CODE_SUPERSEDED,
        newer,
    )
    assert (answer(by_file).verdict, answer(by_file).document.newer) == (
        Verdict.GENUINE_SUPERSEDED,
        newer,
    )
    assert new.number in by_file.content.decode()
    assert answer(client.get(code_url(new.code))).verdict == Verdict.CODE_EXISTS


def test_unsubmitted_dossier_is_superseded_by_a_later_one_only(client, ward):
    before = make_dossier(ward=ward, content=b"1")
    sent = make_dossier(ward=ward, content=b"2")
    submit(sent, ward)
    after = make_dossier(ward=ward, content=b"3")

    assert answer(client.get(code_url(before.code))).verdict == Verdict.CODE_SUPERSEDED
    assert answer(client.get(code_url(after.code))).verdict == Verdict.CODE_EXISTS


def test_dossier_of_another_training_supersedes_nothing(client, ward):
    report, other = make_dossier(ward=ward), make_ward()

    submit(make_dossier(ward=other), other)

    assert answer(client.get(code_url(report.code))).verdict == Verdict.CODE_EXISTS


# --- What a stranger is never told ---------------------------------------------------------------


def personal(ward) -> list[str]:
    names = [one.name for one in (ward.trainee, ward.guide, ward.head, ward.supervisor)]
    return [*names, ward.trainee.email, ward.department.name]


def test_no_personal_data_for_a_stranger(client, ward):
    """The control: with the name let through, the same look finds it."""
    report = make_dossier(ward=ward, content=b"innhold")
    submit(make_dossier(ward=ward, content=b"nyere"), ward)
    file = dossier_file(report, b"innhold")
    pages = [
        client.get(code_url(report.code)),
        upload(client, file, name=f"{ward.trainee.name}.pdf"),
        upload(client, altered(file)),
        client.get(code_url("0" * 12)),
        client.get(PAGE),
    ]

    told = [data for page in pages for data in personal(ward) if data in page.content.decode()]
    leaky = make_dossier(ward=ward, content=b"navn", pathway=f"for {ward.trainee.name}")
    control = upload(client, dossier_file(leaky, b"navn")).content.decode()

    assert told == []
    assert ward.trainee.name in control


@pytest.mark.parametrize(
    ("persona", "sees"),
    [("trainee", True), ("guide", True), ("head", True), ("outsider", False), ("admin", False)],
)
def test_link_to_the_portfolio_for_who_may_see_it(client, ward, persona, sees):
    report = make_dossier(ward=ward)
    client.force_login(getattr(ward, persona))

    page = client.get(code_url(report.code)).content.decode()

    assert (reverse("portfolio:doctor", args=[ward.training.pk]) in page) is sees
    assert str(Verdict.CODE_EXISTS.label) in page


# --- Nothing is kept, nothing is written ---------------------------------------------------------


def test_uploaded_file_touches_neither_disk_nor_database(client, ward, monkeypatch, settings):
    written = []
    opened = tempfile.NamedTemporaryFile
    monkeypatch.setattr(
        tempfile, "NamedTemporaryFile", lambda *args, **kw: written.append(1) or opened(*args, **kw)
    )
    before = sorted(Path(settings.PRIVATE_ROOT).rglob("*"))
    large = b"x" * (settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1)

    with CaptureQueriesContext(connection) as asked:
        found = answer(upload(client, large))

    assert found.sha256 == hashlib.sha256(large).hexdigest()
    assert sorted(Path(settings.PRIVATE_ROOT).rglob("*")) == before
    assert written == []
    assert [one["sql"] for one in asked if not one["sql"].startswith("SELECT")] == []


def test_djangos_own_handlers_would_have_written_it(settings):
    """The control."""
    names = settings.FILE_UPLOAD_HANDLERS
    kinds = [type(load_handler(name, None)).__name__ for name in names]

    assert "TemporaryFileUploadHandler" in kinds


def test_number_is_found_across_two_chunks():
    read = fingerprint.Fingerprint()

    for chunk in (b"x" * 100 + b"PM-20", b"26-00", b"0123y"):
        read.read(chunk)

    assert (read.number, read.sha256) == (
        "PM-2026-000123",
        hashlib.sha256(b"x" * 100 + b"PM-2026-000123y").hexdigest(),
    )


def test_file_that_is_too_large_is_refused_before_it_is_read(client, monkeypatch):
    def read(self, *args):
        raise AssertionError("read")

    monkeypatch.setattr(fingerprint.Fingerprint, "read", read)

    response = client.post(
        FILE,
        data=b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(600 * 10**6),
    )

    assert response.status_code == 422
    assert "Filen er større enn 500 MB." in response.content.decode()


def test_file_without_the_forms_token_is_refused(ward):
    strict = Client(enforce_csrf_checks=True)
    page = strict.get(PAGE)
    token = page.context["csrf_token"]
    digest = {"sha256": "ab" * 32}

    assert strict.post(FILE, digest).status_code == 403
    assert strict.post(FILE, digest | {"csrfmiddlewaretoken": str(token)}).status_code == 200


def test_get_of_the_file_check_is_refused(client):
    assert client.get(FILE).status_code == 405


@pytest.mark.parametrize("count", [1, 3])
def test_answer_asks_little(client, ward, django_assert_num_queries, count):
    reports = [make_dossier(ward=ward, content=bytes([one])) for one in range(count)]
    for report in reports:
        submit(report, ward)

    with django_assert_num_queries(3):  # the report, what was submitted, the checkpoint
        upload(client, dossier_file(reports[-1], bytes([count - 1])))


# --- Tries ---------------------------------------------------------------------------------------


def test_tries_are_counted_for_each_address(client, ward):
    report = make_dossier(ward=ward)

    answers = [client.get(code_url(uuid4().hex[:12])).status_code for _ in range(30)]
    late = client.get(code_url(report.code))
    file = upload(client, dossier_file(report))
    elsewhere = client.get(code_url(report.code), REMOTE_ADDR="192.0.2.7")

    assert answers == [200] * 30
    assert (late.status_code, file.status_code) == (429, 429)
    assert report.number not in late.content.decode()
    assert "Vent et minutt" in late.content.decode()
    assert answer(elsewhere).verdict == Verdict.CODE_EXISTS
    assert client.get(PAGE).status_code == 200


# --- The certificate -----------------------------------------------------------------------------


@pytest.fixture
def key_file(tmp_path, settings):
    settings.SEAL_KEY_FILE = tmp_path / "key.p12"
    settings.SEAL_KEY_PASSPHRASE = ""
    return settings.SEAL_KEY_FILE


def test_certificate_is_public_and_its_fingerprint_on_the_page(client, key_file):
    key_file.write_bytes(seal.make_key(now=timezone.now()))
    key = seal.load_key()

    response = client.get(CERTIFICATE)

    assert response.content == seal.certificate_pem(key)
    assert b"PRIVATE" not in response.content
    assert response["Content-Disposition"] == 'attachment; filename="palmappen-segl.pem"'
    assert seal.fingerprint(key) in client.get(PAGE).content.decode()


def test_installation_without_a_key_still_checks(client, key_file):
    page = client.get(PAGE)

    assert page.status_code == 200
    assert CERTIFICATE not in page.content.decode()
    assert client.get(CERTIFICATE).status_code == 404


def test_key_that_is_replaced_shows_at_once(client, key_file):
    for _ in range(2):
        key_file.write_bytes(seal.make_key(now=timezone.now()))
        assert seal.fingerprint(seal.load_key()) in client.get(PAGE).content.decode()
