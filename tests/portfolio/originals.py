"""Uploaded originals: files as people have them, and documents made of them."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from curriculum.models import Course, CourseModule, Curriculum, LearningGoal, Pathway, Theme
from portfolio.enums import DocumentKind
from portfolio.models import Document
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.services import documents
from tests.factories import Ward
from tests.portfolio.test_scans import SENTENCE, printed, scan, sheet


def upload(content: bytes | None = None, *, name: str = "bevis.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, printed(SENTENCE) if content is None else content)


def with_an_empty_page() -> bytes:
    return scan(sheet(), sheet(lines=0))


def make_document(*, ward: Ward, **fields) -> Document:
    content = {
        "kind": DocumentKind.COURSE_CERTIFICATE,
        "title": "Kursbevis, modul 1",
        "upload": upload(),
        "key": uuid4(),
    } | fields
    return documents.add_document(training=ward.training, by=ward.trainee, **content)


def shown_of(document: Document) -> str:
    """What the page of confirmation carries of the service."""
    return digest(standing_of(document.placement).facts) if document.attests_service else ""


def make_confirmed(*, ward: Ward, **fields) -> Document:
    document = make_document(ward=ward, **fields)
    documents.confirm_document(document, by=ward.head, key=uuid4(), shown=shown_of(document))
    return document


def make_course(*, pathway: Pathway, modules: int = 2) -> list[CourseModule]:
    course = Course.objects.create(
        code=f"course-{pathway.pk}", title="Kompetansekurset", in_order=True, source="Test"
    )
    course.pathways.add(pathway)
    return [CourseModule.objects.create(course=course, number=one + 1) for one in range(modules)]


def make_cited_goal(*, code: str = "GER-054") -> LearningGoal:
    curriculum, _ = Curriculum.objects.get_or_create(
        code="other-specialties",
        defaults={"title": "Andre", "kind": "specialty", "standing": "in_force", "source": "Test"},
    )
    theme, _ = Theme.objects.get_or_create(curriculum=curriculum, number=1, title="Geriatri")
    position = curriculum.goals.count()
    return LearningGoal.objects.create(
        curriculum=curriculum, theme=theme, code=code, position=position, text="Beherske …"
    )


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1200, 1600), "white").save(file, "PNG")
    return file.getvalue()
