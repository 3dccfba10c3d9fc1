"""Reports as tests need them: ordered, and made."""

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from institutions.models import Cohort, CohortMembership
from portfolio.models import Event
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


def make_dossier(
    *,
    ward: Ward,
    by: User | None = None,
    content: bytes = b"",
    pathway: str = "Spesialitet i palliativ medisin",
    missing: Sequence[str] = (),
    **fields,
) -> Report:
    """A finished dossier whose file is nothing but its number and `content`: sealing a real one
    takes seconds."""
    report = services.order_dossier(training=ward.training, by=by or ward.trainee, key=uuid4())
    file = dossier_file(report, content)
    checkpoint = Event.objects.filter(training=ward.training).latest("sequence")
    frozen = {
        "ledger": {"checkpoint": {"count": checkpoint.sequence, "head": checkpoint.hash}},
        "files": [{"name": "sjekkliste.pdf"}],
        "dossier": {
            "cover": {"pathway": pathway, "pathway_is_proposal": True},
            "findings": [
                {"title": "Mangler", "rows": [{"what": one} for one in missing]},
                {"title": "Må avklares", "rows": [{"what": "Plan"}]},
                {"title": "I orden", "rows": [{"what": "Tjenestetid"}]},
            ],
        },
    }
    made = {
        "snapshot": json.dumps(frozen),
        "file": default_storage.save(f"reports/{report.number}.pdf", ContentFile(file)),
        "sha256": hashlib.sha256(file).hexdigest(),
        "page_count": 124,
        "size_bytes": len(file),
    }
    return in_state(report, ReportState.DONE, **(made | fields))


def make_export(*, ward: Ward, wards: Sequence[Ward] = ()) -> Report:
    """Ordered by the program leader of `ward`, of its doctor and of the others', whom this joins to
    the same cohort. Nothing is made yet."""
    cohort = Cohort.objects.get(leaderships__user=ward.program_leader)
    for other in wards:
        CohortMembership.objects.filter(user=other.trainee).update(cohort=cohort)
    return services.order_export(
        cohort=cohort,
        trainings=[one.training for one in (ward, *wards)],
        by=ward.program_leader,
        key=uuid4(),
    )


def make_done(dossier: Report, content: bytes = b"") -> Report:
    """As if a worker had made it: one that makes the real thing takes seconds."""
    held = services.lease_report(dossier.pk)
    services.finish_report(held, services.paper.Document(dossier_file(dossier, content), 1))
    dossier.refresh_from_db()
    return dossier


def dossier_file(report: Report, content: bytes = b"") -> bytes:
    return b"%PDF-1.7\n<dc:title>S\xc3\xb8knadsmappe " + report.number.encode() + b"\n" + content
