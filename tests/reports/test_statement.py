"""The service statement on paper: every field of it, room for ink, and what is signed already."""

import io
from uuid import uuid4

import pypdf
import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portfolio.enums import AbsenceCause
from portfolio.models import Placement
from reports import services
from reports.enums import ReportKind, ReportState
from reports.models import Report
from tests.factories import (
    days_ago,
    make_absence,
    make_attestation,
    make_countersignature,
    make_served,
    make_ward,
)
from tests.reports.factories import content_of, rendered

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def served(ward) -> Placement:
    return make_served(ward=ward)


def order(ward, placement) -> Report:
    return services.order_statement(placement=placement, by=ward.trainee, key=uuid4())


def printed(ward, placement) -> str:
    """The text of the document, with single spaces."""
    report = rendered(order(ward, placement))
    pages = pypdf.PdfReader(io.BytesIO(content_of(report))).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


def test_every_field_is_on_paper_with_lines_for_ink(ward, served):
    make_absence(
        training=ward.training,
        cause=AbsenceCause.PARENTAL,
        starts_on=days_ago(600),
        ends_on=days_ago(590),
    )

    text = printed(ward, served)

    for told in (
        ward.trainee.name,
        ward.department.name,
        ward.department.institution.name,
        "Godkjent LIS-stilling",
        "100 %",
        "Foreldrepermisjon 100 %",
        "Per Demo Moen, spesialist i onkologi",
        "Kliniske konsultasjoner og tilsyn.",
        "Internundervisning hver uke.",
        "Legen går i vaktordningen ved tjenestestedet. Hjemmevakt hver sjette uke.",
        "Tilfredsstillende utført Ja Nei, fordi:",
        "Leder ved tjenestestedet",
        "Medisinsk ansvarlig overlege",
    ):
        assert told in text
    assert (text.count("Underskrift"), text.count("Signert i PAL-mappen")) == (2, 0)


def test_what_is_signed_here_stands_in_its_place(ward, served):
    make_attestation(ward=ward, placement=served, comment="Godt arbeid.")
    by_head = printed(ward, served)
    make_other = make_served(ward=ward, starts_on=days_ago(900), ends_on=days_ago(810))
    make_countersignature(ward=ward, placement=make_other)
    by_both = printed(ward, make_other)

    assert (by_head.count("Underskrift"), by_head.count("Signert i PAL-mappen")) == (1, 1)
    assert ("Anne Demo Haugen" in by_head, "Merknad: Godt arbeid." in by_head) == (True, True)
    assert (by_both.count("Underskrift"), by_both.count("Signert i PAL-mappen")) == (0, 2)
    assert "Mona Demo Ås" in by_both


def test_voided_signature_is_not_printed(ward, served):
    make_attestation(ward=ward, placement=served)
    Placement.objects.filter(pk=served.pk).update(percent=90)

    text = printed(ward, served)

    assert (text.count("Underskrift"), "Anne Demo Haugen" in text) == (2, False)
    assert "gjelder ikke lenger, fordi opplysningene er endret" in text


def test_missing_fields_are_left_for_ink(ward):
    text = printed(ward, make_served(ward=ward, stated=False))

    assert "Hva tjenesten besto i Undervisning Vakt" in text  # nothing between


def test_it_is_one_sheet_and_conforms_to_pdf_ua(ward, served):
    page = pytest.importorskip("page", reason="page-validation is not installed")
    make_attestation(ward=ward, placement=served)

    report = rendered(order(ward, served))

    found = page.validate_pdf_bytes(content_of(report), profile=page.ValidationProfile.PDF_UA_1)
    assert (report.page_count, found.is_compliant) == (1, True)


def test_only_the_trainee_orders_it(client, ward, served):
    with pytest.raises(PermissionDenied):
        services.order_statement(placement=served, by=ward.head, key=uuid4())
    url = reverse("reports:service_statement_order", args=[served.pk])
    answers = {}
    for name in ("head", "guide", "admin", "trainee"):
        client.force_login(getattr(ward, name))
        answers[name] = client.post(url, {"key": str(uuid4())}).status_code

    assert answers == {"head": 404, "guide": 404, "admin": 404, "trainee": 302}
    assert [(one.kind, one.placement) for one in Report.objects.all()] == [
        (ReportKind.SERVICE_STATEMENT, served)
    ]


def test_service_that_is_gone_is_said(ward, served):
    report = order(ward, served)
    Report.objects.filter(pk=report.pk).update(placement=None)

    report = rendered(report)

    assert (report.state, report.failure) == (ReportState.FAILED, "service_removed")
