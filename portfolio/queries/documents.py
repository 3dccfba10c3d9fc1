"""Uploaded originals: the list by kind, one document, and what one can belong to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.models import CourseModule, LearningGoal
from pages.dates import numeric_day
from portfolio.enums import DocumentKind, ScanFault
from portfolio.models import Document, Placement, Training

LONGEST_QUEUE = 50  # what is behind them is reached as they are confirmed
OTHER_SPECIALTIES = "other-specialties"  # the curriculum that vedlegg 5 quotes

# As the authority asks an application to be sorted (domain.md §7).
GROUPS = (
    (gettext_lazy("Tjenestebekreftelser"), (DocumentKind.SERVICE_ATTESTATION,)),
    (gettext_lazy("Kursbevis"), (DocumentKind.COURSE_CERTIFICATE,)),
    (gettext_lazy("Sjekkliste"), (DocumentKind.CHECKLIST,)),
    (
        gettext_lazy("Godkjenninger"),
        (
            DocumentKind.SPECIALIST_APPROVAL,
            DocumentKind.COMPETENCE_AREA,
            DocumentKind.PART_1,
            DocumentKind.ADVANCE_APPROVAL,
            DocumentKind.EXEMPTION,
        ),
    ),
    (gettext_lazy("Annet"), (DocumentKind.OTHER_GOAL, DocumentKind.OTHER)),
)


@dataclass(frozen=True)
class DocumentLine:
    """One document, told."""

    pk: int
    kind: DocumentKind
    title: str
    issued_on: dt.date | None
    issuer: str
    specialty: str
    belongs_to: str
    file_name: str
    size_bytes: int
    page_count: int
    faults: tuple[str, ...]  # each a sentence that says what to do
    uploaded_on: dt.date
    withdrawn_on: dt.date | None
    confirmed_by: str  # «Leder Anne Demo Haugen»; empty where nobody has
    confirmed_on: dt.date | None

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_on is None

    @property
    def details(self) -> str:
        """What stands under the title in a list, and does not stand in it."""
        issued_on = numeric_day(self.issued_on) if self.issued_on else ""
        told = (self.belongs_to, self.specialty, self.issuer, issued_on)
        return " · ".join(one for one in told if one and one not in self.title)


@dataclass(frozen=True)
class DocumentGroup:
    label: str
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True)
class DocumentChoices:
    """What a document of this training can belong to."""

    training: Training
    placements: tuple[Placement, ...]
    modules: tuple[CourseModule, ...]
    cited_goals: tuple[LearningGoal, ...]


def documents_with_facts() -> QuerySet[Document]:
    return Document.objects.select_related(
        "training__trainee",
        "training__pathway",
        "placement__department__institution",
        "module__course",
        "cited_goal__theme",
        "confirmation__actor",
    )


def documents_of(training: Training) -> QuerySet[Document]:
    """Those that stand, confirmed or not, by kind and date. One query."""
    return documents_with_facts().standing().filter(training=training)


def document_groups(documents: Iterable[Document]) -> tuple[DocumentGroup, ...]:
    """In the authority's order; kinds without documents are left out."""
    lines = [document_line(one) for one in documents]
    groups = (
        DocumentGroup(str(label), tuple(one for one in lines if one.kind in kinds))
        for label, kinds in GROUPS
    )
    return tuple(group for group in groups if group.documents)


def document_line(document: Document) -> DocumentLine:
    confirmation = getattr(document, "confirmation", None)
    withdrawn_at = document.withdrawn_at
    return DocumentLine(
        pk=document.pk,
        kind=DocumentKind(document.kind),
        title=document.title,
        issued_on=document.issued_on,
        issuer=document.issuer,
        specialty=document.specialty,
        belongs_to=_belongs_to(document),
        file_name=document.name,
        size_bytes=document.size_bytes,
        page_count=document.page_count,
        faults=told_faults(document),
        uploaded_on=timezone.localdate(document.uploaded_at),
        withdrawn_on=timezone.localdate(withdrawn_at) if withdrawn_at else None,
        confirmed_by=_signed_by(confirmation) if confirmation else "",
        confirmed_on=timezone.localdate(confirmation.acted_at) if confirmation else None,
    )


def _signed_by(confirmation) -> str:
    return f"{confirmation.get_actor_role_display()} {confirmation.actor.name}"


def _belongs_to(document: Document) -> str:
    if document.placement:
        return placement_label(document.placement)
    if document.module:
        return module_label(document.module)
    return goal_label(document.cited_goal) if document.cited_goal else ""


def placement_label(placement: Placement) -> str:
    """«Lindrende enhet, Demosykehuset, 1.2.2024–31.7.2024»."""
    until = numeric_day(placement.ends_on) if placement.ends_on else ""
    return f"{placement.place}, {numeric_day(placement.starts_on)}–{until}"


def module_label(module: CourseModule) -> str:
    return f"{module.course.title}, {module}"


def goal_label(goal: LearningGoal) -> str:
    """«GER-054, Geriatri»."""
    return f"{goal.code}, {goal.theme.title}"


def told_faults(document: Document) -> tuple[str, ...]:
    """«Side 2 og 4: Filen har tomme sider …»: each fault, after the pages it is about."""
    return tuple(_told(one["fault"], one["pages"]) for one in document.scan_faults)


def _told(fault: str, pages: list[int]) -> str:
    sentence = str(ScanFault(fault).label)
    return f"{_page_list(pages)}: {sentence}" if pages else sentence


def _page_list(pages: list[int]) -> str:
    """«Side 2», «Side 2 og 4», «Side 1, 2 og 4»; of many the first few."""
    shown = [str(page) for page in pages[:5]]
    if len(pages) > len(shown):
        return _("Side %(pages)s og flere") % {"pages": ", ".join(shown)}
    if len(shown) == 1:
        return _("Side %(page)s") % {"page": shown[0]}
    return _("Side %(pages)s og %(last)s") % {"pages": ", ".join(shown[:-1]), "last": shown[-1]}


def document_choices(training: Training) -> DocumentChoices:
    """Three queries."""
    placements = training.placements.select_related("department__institution")
    modules = CourseModule.objects.filter(course__pathways=training.pathway)
    return DocumentChoices(
        training=training,
        placements=tuple(placements.order_by("-starts_on", "-pk")),
        modules=tuple(modules.select_related("course").order_by("course__code", "number")),
        cited_goals=tuple(citable_goals()),
    )


def citable_goals() -> QuerySet[LearningGoal]:
    """Goals of other specialties that are about palliative medicine (vedlegg 5)."""
    goals = LearningGoal.objects.filter(curriculum__code=OTHER_SPECIALTIES)
    return goals.select_related("theme").order_by("position")


@dataclass(frozen=True)
class WaitingDocument:
    """Somebody's original that this person may confirm, and for how long it has waited."""

    doctor: str
    document: DocumentLine
    days: int


def documents_awaiting(user) -> list[WaitingDocument]:
    """The oldest first. One query."""
    waiting = documents_with_facts().awaiting_confirmation_by(user).order_by("uploaded_at", "pk")
    today = timezone.localdate()
    lines = ((one.training.trainee.name, document_line(one)) for one in waiting[:LONGEST_QUEUE])
    return [
        WaitingDocument(doctor, line, (today - line.uploaded_on).days) for doctor, line in lines
    ]


def next_to_confirm(user, training: Training) -> int | None:
    waiting = Document.objects.awaiting_confirmation_by(user).filter(training=training)
    return waiting.order_by("uploaded_at").values_list("pk", flat=True).first()
