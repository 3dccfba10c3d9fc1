"""«Ta med deg mappen»: ordered by the doctor alone, made as any report, a ZIP."""

import io
import json
import zipfile
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse

from portfolio.enums import Verb
from portfolio.models import Attachment, Event, Training
from reports import services
from reports.enums import ReportFailure, ReportKind, ReportState
from reports.models import Report
from tests.factories import make_goal, make_ward
from tests.reports.dossiers import make_portfolio
from tests.reports.factories import rendered

OTHERS = ["supervisor", "guide", "head", "education_lead", "program_leader", "admin", "outsider"]
HEADING = "Ta med deg mappen"


@pytest.fixture
def ward(db):
    make_goal()
    return make_ward()


def order(ward, *, by=None) -> Report:
    return services.order_portfolio(training=ward.training, by=by or ward.trainee, key=uuid4())


# --- Who -----------------------------------------------------------------------------------------


def test_doctor_orders_and_it_is_remembered(ward):
    report = order(ward)

    event = Event.objects.get(training=ward.training, verb=Verb.PORTFOLIO_EXPORTED)
    assert report.kind == ReportKind.PORTFOLIO
    assert event.actor == ward.trainee
    assert event.content == f'{{"kind":"portfolio","number":"{report.number}"}}'


@pytest.mark.parametrize("persona", OTHERS)
def test_nobody_else_can_order_it(ward, persona):
    with pytest.raises(PermissionDenied):
        order(ward, by=getattr(ward, persona))

    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("persona", "status"), [("trainee", 302), ("guide", 403), ("head", 403), ("outsider", 404)]
)
def test_page_orders_it_for_the_doctor_alone(client, ward, persona, status):
    client.force_login(getattr(ward, persona))
    url = reverse("reports:report_order", args=[ward.training.pk])

    response = client.post(url, {"kind": "portfolio", "key": uuid4()})

    assert response.status_code == status
    assert Report.objects.filter(kind=ReportKind.PORTFOLIO).count() == (status == 302)


def test_list_offers_it_to_the_doctor_also_when_the_training_has_ended(client, ward):
    Training.objects.filter(pk=ward.training.pk).update(ended_on=ward.training.started_on)
    client.force_login(ward.trainee)

    page = client.get(reverse("reports:report_list")).content.decode()

    assert HEADING in page


@pytest.mark.parametrize("persona", ["guide", "head", "admin"])
def test_list_offers_it_to_nobody_else(client, ward, persona):
    client.force_login(getattr(ward, persona))

    page = client.get(reverse("reports:report_list")).content.decode()

    assert HEADING not in page


# --- What ----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_finished_file_is_a_zip_that_opens(client):
    call_command("load_curriculum", verbosity=0)
    ward = make_portfolio().ward
    report = rendered(order(ward))
    client.force_login(ward.trainee)

    response = client.get(reverse("reports:report_download", args=[report.pk]))

    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        content = json.loads(archive.read("mappe.json"))
    assert response["Content-Type"] == "application/zip"
    assert f"{report.number}.zip" in response["Content-Disposition"]
    assert len(content["own"]["learningactivity"]) == ward.training.activities.count()
    page = client.get(reverse("reports:report_detail", args=[report.pk])).content.decode()
    assert report.fingerprint in page
    assert "Last ned ZIP-filen" in page


@pytest.mark.django_db(transaction=True)
def test_file_that_is_gone_stops_the_export_by_name():
    call_command("load_curriculum", verbosity=0)
    ward = make_portfolio().ward
    default_storage.delete(Attachment.objects.first().file.name)

    report = rendered(order(ward))

    assert report.state == ReportState.FAILED
    assert report.failure == ReportFailure.ORIGINAL_CHANGED
    assert not report.file


@pytest.mark.django_db(transaction=True)
def test_page_that_checks_files_knows_it(client):
    call_command("load_curriculum", verbosity=0)
    report = rendered(order(make_portfolio().ward))

    page = client.post(reverse("reports:check_file"), {"sha256": report.sha256}, follow=True)

    assert "Dokumentet er ekte" in page.content.decode()
