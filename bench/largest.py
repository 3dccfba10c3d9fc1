"""The largest portfolio: 83 goals, 400 assessments, 300 activities, 20 originals; and a small one
beside it, for many short reports."""

import datetime as dt
import io
from uuid import uuid4

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import User
from bench.rows import LARGEST, SMALL, Ward, goals_of, load_portfolio
from curriculum.models import Pathway
from portfolio.enums import DocumentKind, OnCall, PostKind
from portfolio.models import EducationalSupervision, Placement, Training
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.services import attestations, documents

TRAINEE = "trainee-0-1@example.org"
SMALL_TRAINEE = "trainee-1-1@example.org"
ORIGINALS = 20
SCAN = (1240, 1754)  # pixels: A4 at 150 dots per inch


def load() -> None:
    """The version of the pathway with 83 goals, all of them approved; and few rows, in another."""
    ward = Ward(1)
    pathway = Pathway.objects.get(code="specialty", version="2023")
    load_portfolio(ward.trainee(0, pathway), ward, goals_of(pathway), LARGEST)
    pathway = Pathway.objects.get(code="competence-area")
    load_portfolio(ward.trainee(1, pathway), ward, goals_of(pathway), SMALL)


def add_papers() -> None:
    """Attested service and originals, through the services: they write files and sign."""
    training = Training.objects.get(trainee__email=TRAINEE)
    for years in (2, 1):
        _attest(_served(training, years))
    for number in range(ORIGINALS):
        documents.add_document(
            training=training,
            by=training.trainee,
            key=uuid4(),
            upload=_scan(number),
            kind=DocumentKind.COURSE_CERTIFICATE if number % 2 else DocumentKind.OTHER,
            title=f"Kursbevis {number + 1}",
        )


def _served(training: Training, years: int) -> Placement:
    """A year that ended the day before the next began."""
    now = training.placements.get(ends_on=None)
    ends_on = now.starts_on - dt.timedelta(days=1 + 365 * (years - 1))
    year = {"starts_on": ends_on - dt.timedelta(days=364), "ends_on": ends_on}
    guide = training.supervisions.first().supervisor
    EducationalSupervision.objects.create(
        training=training, supervisor=guide, specialty="onkologi", **year
    )
    return Placement.objects.create(
        training=training, department=now.department, post_kind=PostKind.DESIGNATED, **year
    )


def _attest(placement: Placement) -> None:
    doctor = placement.training.trainee
    head = User.objects.get(email="head-1@example.org")
    medical_lead = User.objects.get(email="lead-1@example.org")
    attestations.save_statement(
        placement,
        by=doctor,
        version=0,
        content="Kliniske konsultasjoner og tilsyn.",
        teaching="Internundervisning hver uke.",
        on_call=OnCall.TAKES_PART,
        on_call_text="Hjemmevakt hver sjette uke.",
    )
    request = attestations.request_attestation(
        placement, by=doctor, head=head, medical_lead=medical_lead, key=uuid4()
    )
    shown = digest(standing_of(placement).facts)
    attestations.attest_service(
        request, by=head, shown=shown, satisfactory=True, comment="", key=uuid4()
    )
    attestations.countersign_attestation(
        placement.attestation_requests.open().get(), by=medical_lead, shown=shown, key=uuid4()
    )


def _scan(number: int) -> SimpleUploadedFile:
    """As a scanner leaves it: noise that no compression takes away. Every other one a PDF."""
    sheet = io.BytesIO()
    Image.effect_noise(SCAN, 30).save(sheet, "JPEG", quality=50)
    if number % 2:
        return SimpleUploadedFile(f"bevis-{number}.jpg", sheet.getvalue())
    written = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(595, 842))
        page.obj.Resources = pikepdf.Dictionary(
            XObject=pikepdf.Dictionary(
                Scan=pdf.make_stream(
                    sheet.getvalue(),
                    Type=pikepdf.Name.XObject,
                    Subtype=pikepdf.Name.Image,
                    Width=SCAN[0],
                    Height=SCAN[1],
                    ColorSpace=pikepdf.Name.DeviceGray,
                    BitsPerComponent=8,
                    Filter=pikepdf.Name.DCTDecode,
                )
            )
        )
        page.obj.Contents = pdf.make_stream(b"q 595 0 0 842 0 0 cm /Scan Do Q")
        pdf.save(written)
    return SimpleUploadedFile(f"bevis-{number}.pdf", written.getvalue())
