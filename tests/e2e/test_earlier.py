"""A doctor who arrives midway enters the past, and the head holds it against the paper."""

import pytest
from playwright.sync_api import expect

from portfolio.models import Document, Placement
from tests.factories import make_ward
from tests.portfolio.test_scans import SENTENCE, printed


@pytest.mark.parametrize(("screen", "javascript"), [("phone", False), ("desktop", True)])
def test_the_past_is_entered_in_one_sitting(visit, screen, javascript):
    ward = make_ward(decides_goals=False)
    trainee = visit(ward.trainee, screen=screen, javascript=javascript)
    trainee.open("/tidligere/")

    _service(trainee.page, 0, place="Karolinska, Stockholm", year=2013)
    trainee.page.locator("#id_services-0-file").set_input_files(_original())
    trainee.page.locator("#services").get_by_role("button", name="Legg til en til").click()
    _service(trainee.page, 1, place="Nordlandssykehuset", year=2014)
    trainee.page.locator("#id_services-1-percent").fill("0")
    trainee.page.get_by_role("button", name="Lagre alt").click()

    expect(trainee.page.locator("#error-summary")).to_contain_text("er fra 1 til 100")
    assert not Document.objects.filter(training=ward.training).exists()

    trainee.page.locator("#id_services-1-percent").fill("80")
    trainee.page.get_by_role("button", name="Lagre alt").click()

    expect(trainee.page.get_by_text("Alt er lagret, som oppgitt av deg.")).to_be_visible()
    places = Placement.objects.filter(training=ward.training, department=None)
    assert list(places.values_list("place_name", "percent")) == [
        ("Karolinska, Stockholm", 100),
        ("Nordlandssykehuset", 80),
    ]
    assert trainee.complaints == []
    _confirm(visit(ward.head, screen=screen, javascript=javascript))
    assert Document.objects.get(training=ward.training).confirmation.actor == ward.head


def _service(page, row: int, *, place: str, year: int) -> None:
    page.locator(f"#id_services-{row}-place_name").fill(place)
    page.locator(f"#id_services-{row}-service_kind").select_option("abroad")
    page.locator(f"#id_services-{row}-starts_on").fill(f"{year}-01-01")
    page.locator(f"#id_services-{row}-ends_on").fill(f"{year}-12-31")


def _original() -> dict:
    return {"name": "bekreftelse.pdf", "mimeType": "application/pdf", "buffer": printed(SENTENCE)}


def _confirm(head) -> None:
    head.open("/bekreft/dokumenter/")
    head.page.get_by_role("link", name="Tjenestebekreftelse").click()
    head.page.locator("label[for=id_seen]").click()
    head.page.get_by_role("button", name="Bekreft").click()
    expect(head.page.get_by_text("«Tjenestebekreftelse» er bekreftet.")).to_be_visible()
