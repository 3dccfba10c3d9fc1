"""What a doctor brings along: service, course modules, approvals, goals of other specialties."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from curriculum.models import CourseModule, LearningGoal
from institutions.models import Department
from institutions.queries import departments_by_institution
from pages.dates import numeric_day
from portfolio.enums import DocumentKind, ServiceKind
from portfolio.models import Placement, ServiceAttestation, Training
from portfolio.queries.documents import (
    DocumentLine,
    citable_goals,
    document_line,
    documents_of,
)

COMPETENCE = (
    DocumentKind.COURSE_CERTIFICATE,
    DocumentKind.SPECIALIST_APPROVAL,
    DocumentKind.COMPETENCE_AREA,
    DocumentKind.PART_1,
    DocumentKind.ADVANCE_APPROVAL,
    DocumentKind.EXEMPTION,
    DocumentKind.OTHER_GOAL,
)


@dataclass(frozen=True)
class EarlierServiceLine:
    """One service, and the originals that tell of it."""

    pk: int
    place: str
    details: str
    documents: tuple[DocumentLine, ...]
    is_attested: bool  # here, by its head

    @property
    def confirmed_by(self) -> str:
        """Whoever has seen an original of it."""
        return next((one.confirmed_by for one in self.documents if one.confirmed_by), "")


@dataclass(frozen=True)
class Earlier:
    services: tuple[EarlierServiceLine, ...]
    competences: tuple[DocumentLine, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.services or self.competences)


@dataclass(frozen=True)
class EarlierChoices:
    training: Training
    departments: tuple[tuple[str, tuple[Department, ...]], ...]
    modules: tuple[CourseModule, ...]
    cited_goals: tuple[LearningGoal, ...]


def earlier_of(training: Training) -> Earlier:
    """Two queries."""
    documents = [(one.placement_id, document_line(one)) for one in documents_of(training)]
    placements = earlier_placements(training)
    return Earlier(
        services=tuple(
            _service_line(one, [line for placement, line in documents if placement == one.pk])
            for one in placements
        ),
        competences=tuple(line for _placement, line in documents if line.kind in COMPETENCE),
    )


def earlier_placements(training: Training) -> QuerySet[Placement]:
    """Service from before the training, of another kind, or at a place that is only named."""
    earlier = (
        Q(ends_on__lt=training.started_on)
        | ~Q(service_kind=ServiceKind.OWN)
        | Q(department__isnull=True)
    )
    attested = ServiceAttestation.objects.filter(placement=OuterRef("pk"))
    return (
        training.placements.filter(earlier)
        .select_related("department__institution")
        .annotate(is_attested=Exists(attested))
        .order_by("-starts_on", "-pk")
    )


def _service_line(placement: Placement, originals: Iterable[DocumentLine]) -> EarlierServiceLine:
    until = numeric_day(placement.ends_on) if placement.ends_on else ""
    told = (
        placement.get_service_kind_display(),
        placement.specialty,
        f"{placement.percent} %",
        f"{numeric_day(placement.starts_on)}–{until}",
    )
    return EarlierServiceLine(
        pk=placement.pk,
        place=placement.place,
        details=" · ".join(one for one in told if one),
        documents=tuple(originals),
        is_attested=placement.is_attested,
    )


def earlier_choices(training: Training) -> EarlierChoices:
    """Three queries."""
    modules = CourseModule.objects.filter(course__pathways=training.pathway)
    return EarlierChoices(
        training=training,
        departments=tuple(
            (str(institution), tuple(departments))
            for institution, departments in departments_by_institution()
        ),
        modules=tuple(modules.select_related("course").order_by("course__code", "number")),
        cited_goals=tuple(citable_goals()),
    )
