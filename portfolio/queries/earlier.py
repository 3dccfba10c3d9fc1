"""What a doctor brings along: service, course modules, approvals, goals of other specialties."""

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from curriculum.models import CourseModule, LearningGoal
from institutions.models import Department
from institutions.queries import departments_by_institution
from pages.dates import numeric_day
from portfolio.enums import DocumentKind, ServiceKind
from portfolio.models import Document, Placement, Training
from portfolio.queries.documents import (
    DocumentLine,
    citable_goals,
    document_line,
    documents_of,
    documents_with_facts,
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
    """Four queries."""
    competences = documents_of(training).filter(kind__in=COMPETENCE)
    return Earlier(
        services=tuple(_service_line(one) for one in earlier_placements(training)),
        competences=tuple(document_line(one) for one in competences),
    )


def earlier_placements(training: Training) -> QuerySet[Placement]:
    """Service from before the training, of another kind, or at a place that is only named."""
    earlier = (
        Q(ends_on__lt=training.started_on)
        | ~Q(service_kind=ServiceKind.OWN)
        | Q(department__isnull=True)
    )
    standing = documents_with_facts().standing()
    return (
        training.placements.filter(earlier)
        .select_related("department__institution")
        .prefetch_related(
            "attestations", Prefetch("documents", queryset=standing, to_attr="originals")
        )
        .order_by("-starts_on", "-pk")
    )


def _service_line(placement: Placement) -> EarlierServiceLine:
    until = numeric_day(placement.ends_on) if placement.ends_on else ""
    told = (
        placement.get_service_kind_display(),
        placement.specialty,
        f"{placement.percent} %",
        f"{numeric_day(placement.starts_on)}–{until}",
    )
    originals: list[Document] = placement.originals
    return EarlierServiceLine(
        pk=placement.pk,
        place=placement.place,
        details=" · ".join(one for one in told if one),
        documents=tuple(document_line(one) for one in originals),
        is_attested=bool(placement.attestations.all()),
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
