"""Reports as tests need them: ordered, and made."""

import datetime as dt
from pathlib import Path
from uuid import uuid4

from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from reports import services
from reports.enums import ReportState
from reports.models import Report
from tests.factories import Ward


def make_report(*, ward: Ward, by: User | None = None) -> Report:
    return services.order_report(training=ward.training, by=by or ward.trainee, key=uuid4())


def make_finished(*, ward: Ward, by: User | None = None) -> Report:
    return rendered(make_report(ward=ward, by=by))


def rendered(report: Report) -> Report:
    services.render_report(report.pk)
    report.refresh_from_db()
    return report


def in_state(report: Report, state: str, **fields) -> Report:
    """The row as some earlier work left it."""
    defaults: dict = {}
    if state == ReportState.RUNNING:
        defaults = {"lease_id": uuid4(), "leased_until": minutes_ago(-1), "attempts": 1}
    if state == ReportState.FAILED:
        defaults = {"failure": "broken", "attempts": 1}
    if state == ReportState.DONE:
        defaults = {"file": "reports/x.pdf", "sha256": "0" * 64, "page_count": 1, "size_bytes": 1}
        defaults["finished_at"] = timezone.now()
    Report.objects.filter(pk=report.pk).update(state=state, **(defaults | fields))
    report.refresh_from_db()
    return report


def minutes_ago(count: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(minutes=count)


def content_of(report: Report) -> bytes:
    return Path(report.file.path).read_bytes()


def files_of(report: Report) -> list[str]:
    """Every file that carries the report's number, hidden ones too."""
    folder = Path(default_storage.path("reports"))
    return sorted(one.name for one in folder.glob("*") if report.number in one.name) + sorted(
        one.name for one in folder.glob(".*") if report.number in one.name
    )
