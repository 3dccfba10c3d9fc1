"""What a service attestation says on paper, for ink or as a receipt of what is signed here."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio.enums import AttestationField
from portfolio.queries.attestations import ServiceStanding, standing_of
from portfolio.queries.attested_facts import FactRow
from reports.models import Report
from reports.queries.people import grouped


@dataclass(frozen=True)
class PrintedSignature:
    """One of the two lines: signed here, or empty for ink."""

    role: str
    name: str = ""
    hpr_number: str = ""
    signed_at: dt.datetime | None = None


@dataclass(frozen=True)
class StatementOnPaper:
    number: str
    made_at: dt.datetime
    doctor: str
    hpr_number: str
    pathway: str
    rows: tuple[FactRow, ...]
    missing: tuple[AttestationField, ...]  # left open for ink
    is_signed: bool  # by the head, and nothing has changed since
    is_void: bool
    satisfactory: bool | None
    comment: str
    head: PrintedSignature
    medical_lead: PrintedSignature


def statement_on_paper(report: Report) -> StatementOnPaper:
    standing = standing_of(report.placement)
    attestation = standing.attestation if standing.holds else None
    training = report.training
    return StatementOnPaper(
        number=report.number,
        made_at=timezone.now(),
        doctor=training.trainee.name,
        hpr_number=grouped(training.trainee.hpr_number),
        pathway=training.pathway.title,
        rows=standing.rows,
        missing=standing.missing,
        is_signed=attestation is not None,
        is_void=bool(standing.changes),
        satisfactory=attestation.satisfactory if attestation else None,
        comment=attestation.comment if attestation else "",
        head=_line(standing, 0, _("Leder ved tjenestestedet")),
        medical_lead=_line(standing, 1, _("Medisinsk ansvarlig overlege")),
    )


def _line(standing: ServiceStanding, place: int, role: str) -> PrintedSignature:
    if len(standing.signatures) <= place:
        return PrintedSignature(role=role)
    signed = standing.signatures[place]
    return PrintedSignature(
        role=role,
        name=signed.name,
        hpr_number=grouped(signed.hpr_number),
        signed_at=signed.signed_at,
    )
