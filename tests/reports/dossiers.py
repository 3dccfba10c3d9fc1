"""A portfolio that has one of everything a dossier tells or must not tell, on any pathway."""

import io
from dataclasses import dataclass
from uuid import uuid4

import pikepdf
import pypdf
from asn1crypto import x509
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from accounts.models import User
from curriculum.enums import Standing
from curriculum.models import LearningGoal, Pathway
from palmappen_verify.seal import certificate
from portfolio.enums import AbsenceCause, ActivityKind, DocumentKind
from portfolio.models import Placement
from portfolio.services import activities, documents
from reports import seal, services
from reports.enums import ReportKind
from reports.models import Report
from tests.factories import (
    Ward,
    days_ago,
    make_absence,
    make_activity,
    make_approved,
    make_assessment,
    make_countersignature,
    make_served,
    make_ward,
)
from tests.portfolio.originals import picture, upload

PATHWAYS = ["competence-area", "specialty", "new-specialty"]
REFLECTION = "Bare mellom meg og meg selv."
GUIDANCE = "Snakket om arbeidspress og om å ville slutte."
GUIDANCE_FILE = "referat.jpg"
SIGNED = "signert.pdf"
DRAFT = "Et utkast som ingen har fått."
CAUSE = str(AbsenceCause.PARENTAL.label)
HPR = {"trainee": "1234567", "guide": "2345678", "head": "3456789", "medical_lead": "4567890"}


@dataclass(frozen=True)
class Portfolio:
    ward: Ward
    served: Placement
    goal: LearningGoal


def make_portfolio(*, pathway: str = "specialty", goal: str = "PAL-055") -> Portfolio:
    """Call after `load_curriculum`."""
    ward = make_ward(pathway=Pathway.objects.exclude(standing=Standing.REPEALED).get(code=pathway))
    for persona, number in HPR.items():
        User.objects.filter(pk=getattr(ward, persona).pk).update(hpr_number=number)
        getattr(ward, persona).refresh_from_db()
    served = make_served(ward=ward)
    make_absence(
        training=ward.training,
        cause=AbsenceCause.PARENTAL,
        starts_on=days_ago(700),
        ends_on=days_ago(640),
    )
    make_countersignature(ward=ward, placement=served)
    goal = LearningGoal.objects.get(code=goal, curriculum__code="pal-2023")
    _fill_logbook(ward, goal)
    _add_originals(ward, served)
    return Portfolio(ward, served, goal)


def _fill_logbook(ward: Ward, goal: LearningGoal) -> None:
    if ward.training.pathway.decides_goals:
        make_approved(ward=ward, goal=goal)
    else:
        make_assessment(ward=ward, goal=goal)
    talk = make_activity(ward=ward, goals_=[goal], reflection=REFLECTION)
    activities.attach_file(talk, by=ward.trainee, upload=_file("notat.pdf", upload().read()))
    activities.send_activity(talk, by=ward.trainee)
    guided = make_activity(ward=ward, goals_=[goal], kind=ActivityKind.GUIDANCE, note=GUIDANCE)
    activities.attach_file(guided, by=ward.trainee, upload=_file(GUIDANCE_FILE, _jpeg()))
    activities.send_activity(guided, by=ward.trainee)
    make_activity(ward=ward, goals_=[goal], note=DRAFT)


def _add_originals(ward: Ward, served: Placement) -> None:
    """Of each file type and of several kinds, and not in the order the authority asks for."""
    for kind, title, name, content in (
        (DocumentKind.OTHER, "Sjekkliste", "liste.jpg", _jpeg()),
        (DocumentKind.COURSE_CERTIFICATE, "Kursbevis æøå", "bevis.pdf", upload().read()),
        (DocumentKind.SPECIALIST_APPROVAL, "Godkjenning", "godkjenning.png", picture()),
    ):
        document = documents.add_document(
            training=ward.training,
            by=ward.trainee,
            key=uuid4(),
            kind=kind,
            title=title,
            upload=_file(name, content),
        )
    documents.confirm_document(document, by=ward.head, key=uuid4())


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _jpeg() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 800), "ivory").save(file, "JPEG")
    return file.getvalue()


def add_signed_attestation(ward: Ward, served: Placement) -> None:
    """The paper itself tells why the doctor was away."""
    documents.add_document(
        training=ward.training,
        by=ward.trainee,
        key=uuid4(),
        kind=DocumentKind.SERVICE_ATTESTATION,
        title="Signert tjenestebekreftelse",
        placement=served,
        upload=_file(SIGNED, upload().read()),
    )


def lay_seal_key() -> None:
    """Where the settings say, once per process."""
    if not settings.SEAL_KEY_FILE.exists():
        call_command("make_seal_key", stdout=io.StringIO())


def our_certificate() -> x509.Certificate:
    return certificate(seal.certificate_pem(seal.load_key()))


def order_dossier(ward: Ward, *, by: User | None = None) -> Report:
    return services.order_dossier(training=ward.training, by=by or ward.trainee, key=uuid4())


def order_bundle(ward: Ward) -> Report:
    return services.order_report(
        training=ward.training, by=ward.trainee, key=uuid4(), kind=ReportKind.BUNDLE
    )


def text_of(pdf: bytes) -> list[str]:
    """Page by page, wherever lines were broken."""
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return [" ".join(page.extract_text().split()) for page in pages]


def embedded_in(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}


def before_seal(pdf: bytes) -> bytes:
    """The document as it was laid out: the seal stands behind it."""
    return pdf[: pdf.index(b"%%EOF") + len(b"%%EOF")]
