"""The making of a dossier: frozen once, and failing clearly where something is missing."""

import hashlib
import json
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.db.utils import ProgrammingError

from palmappen_verify.dossier import Outcome, verify
from portfolio.enums import DocumentKind
from portfolio.models import Document
from reports import seal, services
from reports.enums import ReportFailure, ReportKind, ReportState
from reports.models import Report
from reports.queries.dossier import dossier
from reports.queries.originals import Original
from reports.rules import NoSealKey
from tests.factories import make_activity, make_goal, make_ward
from tests.portfolio.originals import make_document
from tests.reports.dossiers import (
    before_seal,
    embedded_in,
    lay_seal_key,
    order_bundle,
    order_dossier,
    our_certificate,
    text_of,
)
from tests.reports.factories import content_of, files_of, rendered

pytestmark = pytest.mark.django_db(transaction=True)  # the snapshot needs a transaction of its own
FROZEN = "Cannot update rows from reports_report"
LATER = "Skrevet etter at mappen ble bestilt."


@pytest.fixture
def ward():
    lay_seal_key()
    make_goal()
    return make_ward(decides_goals=False)


def no_file_of(report: Report) -> bool:
    return files_of(report) == [] and not report.file and not report.sha256


# --- Frozen --------------------------------------------------------------------------------------


def test_frozen_snapshot_cannot_be_changed(ward):
    report = order_dossier(ward)
    Report.objects.filter(pk=report.pk).update(snapshot='{"frozen":1}')

    for other in ('{"frozen":2}', ""):
        with pytest.raises(ProgrammingError, match=FROZEN), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(snapshot=other)

    report.refresh_from_db()
    assert report.snapshot == '{"frozen":1}'


def test_control_shows_that_the_rest_of_the_row_goes_on(ward):
    report = order_dossier(ward)
    Report.objects.filter(pk=report.pk).update(snapshot='{"frozen":1}')

    changed = Report.objects.filter(pk=report.pk).update(
        snapshot='{"frozen":1}', progress_percent=40
    )

    assert changed == 1


def test_retry_prints_the_same_snapshot_though_the_portfolio_changed(ward, monkeypatch):
    report = order_dossier(ward)
    with monkeypatch.context() as broken:
        broken.setattr(services.paper.HTML, "render", raising(ValueError("broken")))
        report = rendered(report)
    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.BROKEN)
    frozen = report.snapshot
    make_activity(ward=ward, note=LATER, sent=True)
    make_document(ward=ward, title=LATER)

    services.retry_report(report, by=ward.trainee)
    report = rendered(report)

    assert (report.state, report.snapshot) == (ReportState.DONE, frozen)
    assert embedded_in(content_of(report)).keys() == {"mappe.json"}
    assert LATER not in " ".join(text_of(content_of(report)))


def test_control_shows_that_a_new_dossier_has_what_came_later(ward):
    make_document(ward=ward, title=LATER)

    report = rendered(order_dossier(ward))

    assert LATER in " ".join(text_of(content_of(report)))


def test_bundle_is_frozen_too(ward):
    make_document(ward=ward)
    report = rendered(order_bundle(ward))

    assert (report.state, report.kind) == (ReportState.DONE, ReportKind.BUNDLE)
    with pytest.raises(ProgrammingError, match=FROZEN), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(snapshot="{}")


def test_ledger_inside_tells_no_content_and_nothing_to_guess_it_with(ward):
    report = rendered(order_dossier(ward))

    events = json.loads(report.snapshot)["ledger"]["events"]
    assert events
    assert {(one["content"], one["salt"]) for one in events} == {(None, "")}


def test_heads_dossier_has_no_attestation_that_tells_causes(ward):
    """Though the head may see it: a programme leader who is head too must not take it along."""
    make_document(ward=ward, title="Kursbevis")
    make_document(ward=ward, title="Fravær", kind=DocumentKind.SERVICE_ATTESTATION)

    gathered = {
        person: [one.title for one in frozen_originals(order_dossier(ward, by=person))]
        for person in (ward.trainee, ward.head)
    }

    assert gathered == {ward.trainee: ["Fravær", "Kursbevis"], ward.head: ["Kursbevis"]}


def frozen_originals(report: Report) -> tuple[Original, ...]:
    with transaction.atomic():
        return dossier(report).originals


# --- Something is missing ------------------------------------------------------------------------


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def remove(path: Path) -> None:
    path.unlink()


def alter(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


@pytest.mark.parametrize("harm", [remove, alter])
@pytest.mark.parametrize("order", [order_dossier, order_bundle])
def test_original_gone_or_changed_on_disk_fails_clearly(ward, order, harm):
    document = make_document(ward=ward)
    report = order(ward)
    harm(Path(document.file.path))

    report = rendered(report)

    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.ORIGINAL_CHANGED)
    assert "Last det opp på nytt" in report.failure_message
    assert no_file_of(report)


@pytest.mark.parametrize("order", [order_dossier, order_bundle])
def test_control_shows_that_an_original_in_its_place_is_enough(ward, order):
    make_document(ward=ward)

    assert rendered(order(ward)).state == ReportState.DONE


def test_original_put_back_lets_the_job_be_tried_again(ward):
    document = make_document(ward=ward)
    path = Path(document.file.path)
    content = path.read_bytes()
    report = order_dossier(ward)
    remove(path)
    report = rendered(report)
    path.write_bytes(content)

    services.retry_report(report, by=ward.trainee)
    report = rendered(report)

    assert report.state == ReportState.DONE
    assert embedded_in(content_of(report))["01 bevis.pdf"] == content


def test_bundle_of_nothing_says_so(ward):
    report = rendered(order_bundle(ward))

    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.NO_ORIGINALS)
    assert no_file_of(report)


def test_missing_seal_key_fails_clearly(ward, settings, tmp_path):
    settings.SEAL_KEY_FILE = tmp_path / "none.p12"
    report = rendered(order_dossier(ward))

    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.NO_SEAL_KEY)
    assert "nøkkelen" in report.failure_message
    assert no_file_of(report)
    with pytest.raises(NoSealKey, match="make_seal_key"):
        seal.load_key()


def test_dossier_without_originals_and_with_a_key_is_made(ward):
    """The control of the failures above."""
    report = rendered(order_dossier(ward))

    content = content_of(report)
    assert (report.state, report.failure) == (ReportState.DONE, "")
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert verify(content, certificate=our_certificate()).outcome == Outcome.GENUINE
    assert not Document.objects.exists()


def test_dossier_needs_a_code(ward):
    report = order_dossier(ward)

    with pytest.raises(DatabaseError, match="reports_dossier_has_code"), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(code="")


def test_two_dossiers_of_one_portfolio_are_two_documents(ward):
    first, second = (rendered(order_dossier(ward)) for _ in range(2))

    assert first.code != second.code
    assert before_seal(content_of(first)) != before_seal(content_of(second))
