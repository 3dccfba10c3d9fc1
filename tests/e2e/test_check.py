"""«Kontroller dokument» in a browser: what it says, and what leaves the machine."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.signals import request_started
from playwright.sync_api import expect

from reports.models import Report
from tests.e2e.people import Visitor
from tests.factories import make_ward
from tests.reports.factories import dossier_file, make_dossier

SECRET = b"det som star i mappen " * 200


@pytest.fixture(scope="module")
def dossier(site) -> Report:
    return make_dossier(ward=make_ward(), content=SECRET)


@pytest.fixture(autouse=True)
def fresh_count():
    cache.clear()


@pytest.fixture
def genuine(dossier, tmp_path) -> Path:
    path = tmp_path / "mappe.pdf"
    path.write_bytes(dossier_file(dossier, SECRET))
    return path


@pytest.fixture
def altered(dossier, tmp_path) -> Path:
    path = tmp_path / "endret.pdf"
    path.write_bytes(dossier_file(dossier, SECRET[:-1] + b"x"))
    return path


@pytest.fixture
def arrived():
    """The length of every body that reaches the server, as the server is told it."""
    lengths = []

    def note(environ, **kwargs):
        if environ["REQUEST_METHOD"] == "POST":
            lengths.append(int(environ["CONTENT_LENGTH"]))

    request_started.connect(note)
    yield lengths
    request_started.disconnect(note)


def choose(visitor: Visitor, path: Path) -> None:
    visitor.open("/kontroller/")
    visitor.page.get_by_label("PDF").set_input_files(path)


def says(visitor: Visitor, verdict: str) -> None:
    expect(visitor.page.get_by_role("heading", level=2, name=verdict)).to_be_visible()


def test_file_stays_on_the_machine(visit, dossier, genuine, arrived, screen):
    visitor = visit(screen=screen)

    with visitor.page.expect_request(lambda one: one.method == "POST") as sent:
        choose(visitor, genuine)

    says(visitor, "Dokumentet er ekte")
    visitor.meets(dossier.number)
    assert dossier.sha256 in sent.value.post_data
    assert len(arrived) == 1
    assert arrived[0] < len(SECRET)
    assert visitor.complaints == []


def test_page_says_that_the_file_stays(visit, dossier):
    visitor = visit()

    visitor.open("/kontroller/")

    visitor.meets("Filen blir på maskinen din.")
    expect(visitor.page.get_by_text("Filen lastes opp")).to_have_count(0)


def test_altered_file_is_caught(visit, dossier, altered):
    visitor = visit()

    choose(visitor, altered)

    says(visitor, "Filen er ikke den som ble forseglet")
    visitor.meets(dossier.number)


def test_dropped_file_is_checked(visit, dossier, genuine):
    visitor = visit()
    visitor.open("/kontroller/")

    dropped = visitor.page.evaluate_handle(
        """bytes => {
          const carried = new DataTransfer();
          carried.items.add(new File([new Uint8Array(bytes)], "mappe.pdf"));
          return carried;
        }""",
        list(genuine.read_bytes()),
    )
    visitor.page.locator("form.check-file").dispatch_event("drop", {"dataTransfer": dropped})

    says(visitor, "Dokumentet er ekte")


def test_back_from_an_answer_another_file_can_be_chosen(visit, dossier, genuine, altered):
    visitor = visit()
    choose(visitor, genuine)
    says(visitor, "Dokumentet er ekte")

    visitor.page.go_back()
    visitor.page.get_by_label("PDF").set_input_files(altered)

    says(visitor, "Filen er ikke den som ble forseglet")


def test_without_script_the_file_is_uploaded_and_the_page_says_so(visit, dossier, genuine, arrived):
    """The control of what stays, too: here the same look finds the whole of it."""
    visitor = visit(javascript=False)

    choose(visitor, genuine)
    visitor.meets("Filen lastes opp, kontrolleres og slettes.")

    visitor.press("Last opp og kontroller")

    says(visitor, "Dokumentet er ekte")
    assert len(arrived) == 1
    assert arrived[0] > len(SECRET)


def test_without_script_nothing_chosen_is_explained(visit, dossier):
    visitor = visit(javascript=False)
    visitor.open("/kontroller/")

    visitor.press("Last opp og kontroller")

    visitor.meets("Velg PDF-filen du vil kontrollere.")


@pytest.mark.parametrize("javascript", [True, False])
def test_code_is_typed(visit, dossier, javascript, screen):
    visitor = visit(javascript=javascript, screen=screen)
    visitor.open("/kontroller/")

    visitor.page.get_by_label("Kode fra dokumentet").fill(dossier.readable_code.lower())
    visitor.press("Kontroller")

    says(visitor, "Koden finnes hos oss")
    visitor.meets("Innholdet er ikke kontrollert ennå.")


def test_from_a_scanned_code_to_the_file_on_a_phone(visit, dossier, genuine):
    visitor = visit(screen="phone")
    visitor.open(f"/kontroller/{dossier.code}/")

    with visitor.page.expect_file_chooser() as chosen:
        visitor.follow("Velg PDF-filen")
    chosen.value.set_files(genuine)

    says(visitor, "Dokumentet er ekte")


def test_file_is_chosen_with_the_keyboard(visit, dossier, genuine):
    visitor = visit()
    visitor.open("/kontroller/")
    visitor.page.get_by_label("Kode fra dokumentet").focus()

    visitor.page.keyboard.press("Tab")
    visitor.page.keyboard.press("Tab")

    expect(visitor.page.get_by_label("PDF")).to_be_focused()
