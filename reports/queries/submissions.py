"""What has become of a dossier: sent, superseded, or only made."""

import datetime as dt
import json
from dataclasses import dataclass

from portfolio.models import Submission, Training
from reports.enums import ReportKind
from reports.models import Report


@dataclass(frozen=True)
class Newer:
    """The dossier that has taken another's place."""

    number: str
    submitted_at: dt.datetime


@dataclass(frozen=True)
class Fate:
    submitted_at: dt.datetime | None
    newer: Newer | None


NOTHING_YET = Fate(None, None)


def fate_of(report: Report) -> Fate:
    """One query. A dossier is superseded by the latest submitted one, if that came after: after it
    was submitted itself, or where it never was, after it was made. Numbers say nothing of time:
    another installation counts for itself."""
    if report.kind != ReportKind.DOSSIER:
        return NOTHING_YET
    submitted = list(_submitted(report.training_id))
    same = (report.number, report.sha256)
    own = next((one for one in submitted if (one.number, one.sha256) == same), None)
    latest = submitted[0] if submitted else None
    came_after = latest and latest != own and (own or _made_before(report, latest))
    return Fate(
        submitted_at=own.acted_at if own else None,
        newer=Newer(latest.number, latest.acted_at) if came_after else None,
    )


def _made_before(report: Report, submission: Submission) -> bool:
    return report.finished_at is not None and report.finished_at < submission.acted_at


def latest_submission(training: Training) -> Submission | None:
    return _submitted(training.pk).first()


def _submitted(training_id: int):
    return Submission.objects.filter(training=training_id).order_by("-acted_at", "-pk")


@dataclass(frozen=True)
class Unsettled:
    """What pre-flight said in the dossier itself, when it was made."""

    missing: tuple[str, ...]
    to_clarify: tuple[str, ...]


def unsettled_in(report: Report) -> Unsettled:
    groups = json.loads(report.snapshot)["dossier"]["findings"]
    titles = [tuple(row["what"] for row in group["rows"]) for group in groups]
    return Unsettled(missing=titles[0], to_clarify=titles[1])
