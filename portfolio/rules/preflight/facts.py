"""What pre-flight is told of one training: plain values, gathered elsewhere in a few queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from curriculum.enums import RequirementCode, Unit, Weight
from institutions.enums import ArenaKind, RecognitionKind, RecognitionStatus, Role
from portfolio.enums import (
    AttestationField,
    AttestationState,
    DocumentKind,
    GoalStatus,
    PlanKind,
    PostKind,
    ScanFault,
    ServiceKind,
)
from portfolio.rules.service_time import Forecast, ServiceTime

TO_BE_ATTESTED = (AttestationState.NOT_ASKED, AttestationState.RETURNED)


@dataclass(frozen=True)
class Span:
    """From–to, both days included; no end means still going."""

    starts_on: dt.date
    ends_on: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, other: "Span") -> bool:
        return self.starts_on <= (other.ends_on or dt.date.max) and other.starts_on <= (
            self.ends_on or dt.date.max
        )


@dataclass(frozen=True)
class Required:
    """One requirement of the pathway, as `fixtures/pathways.json` words it."""

    code: RequirementCode
    weight: Weight
    source: str
    amount: int | None = None
    unit: Unit | None = None
    waived_by: str = ""


@dataclass(frozen=True)
class Asked:
    """Somebody who is asked and has not answered."""

    name: str
    role: Role
    on: dt.date


@dataclass(frozen=True)
class GoalFacts:
    """One goal the pathway asks for, or one that anything is said of.

    `unshown`: its statements never shown at the required level. `returned_on`: the last time a
    claim was returned or refused. `missing_roles`: who has not spoken of the open claim (§26).
    """

    goal_id: int
    curriculum: str
    code: str
    is_required: bool
    is_repealed: bool
    status: GoalStatus
    unshown: int = 0
    assessed_on: dt.date | None = None
    returned_on: dt.date | None = None
    approved_on: dt.date | None = None
    withdrawn_on: dt.date | None = None
    missing_roles: tuple[Role, ...] = ()
    asked: tuple[Asked, ...] = ()
    mirrored_on: dt.date | None = None
    successors: tuple[str, ...] = ()
    succeeded: bool = False

    @property
    def is_approved(self) -> bool:
        return self.status == GoalStatus.APPROVED


@dataclass(frozen=True)
class Recognised(Span):
    kind: RecognitionKind
    status: RecognitionStatus


@dataclass(frozen=True)
class Agreed(Span):
    """By agreement with `institution`, which is approved, the place is a learning arena."""

    institution: str


@dataclass(frozen=True)
class ServiceFacts(Span):
    """One service, done, running or planned. `arena_kind` is None for a place only named."""

    id: int
    place: str
    kind: ServiceKind
    post_kind: PostKind
    arena_kind: ArenaKind | None = None
    recognitions: tuple[Recognised, ...] = ()
    agreements: tuple[Agreed, ...] = ()
    attestation: AttestationState = AttestationState.NOT_ASKED
    missing_fields: tuple[AttestationField, ...] = ()
    head: str = ""
    medical_lead: str = ""

    def until(self, today: dt.date) -> Span:
        """The part that is over or running."""
        return Span(self.starts_on, min(self.ends_on or today, today))


@dataclass(frozen=True)
class Guided(Span):
    """An educational supervisor's appointment. `has_employer`: where they work was told."""

    name: str
    specialty: str = ""
    holds_competence_area: bool = False
    has_employer: bool = False
    employer_recognitions: tuple[Recognised, ...] = ()


@dataclass(frozen=True)
class ModuleFacts:
    number: int
    completed_on: dt.date | None = None  # confirmed by the programme leader, or by certificate
    has_unconfirmed: bool = False  # a certificate nobody has confirmed
    signed_up_on: dt.date | None = None


@dataclass(frozen=True)
class CourseFacts:
    title: str
    in_order: bool
    modules: tuple[ModuleFacts, ...]


@dataclass(frozen=True)
class DocumentFacts:
    id: int
    kind: DocumentKind
    title: str
    is_confirmed: bool
    issued_on: dt.date | None = None
    specialty: str = ""
    placement_id: int | None = None
    module: int | None = None
    faults: tuple[ScanFault, ...] = ()


@dataclass(frozen=True)
class PlanFacts:
    """The latest plan of a kind that all parties have agreed to."""

    kind: PlanKind
    agreed_on: dt.date
    valid_until: dt.date | None


@dataclass(frozen=True)
class Recommended:
    """A recommended activity that falls away with service of one's own at such places."""

    title: str
    source: str
    falls_away_with: frozenset[ArenaKind]


@dataclass(frozen=True)
class TrainingFacts:
    """All of one training that an application is judged by, on the day `today`.

    `decides_goals` is False in the competence area alone. `in_force_from`: when the new specialty
    comes into force, a setting. `suspected_texts`: how many stored texts look as if they hold an
    identity number. `assessments_last_year`: signed in the year before today.
    """

    today: dt.date
    trainee: str
    hpr_number: str
    authorised_on: dt.date
    decides_goals: bool
    requirements: tuple[Required, ...]
    time: ServiceTime
    forecast: Forecast | None = None
    goals: tuple[GoalFacts, ...] = ()
    services: tuple[ServiceFacts, ...] = ()
    guides: tuple[Guided, ...] = ()
    courses: tuple[CourseFacts, ...] = ()
    documents: tuple[DocumentFacts, ...] = ()
    plans: tuple[PlanFacts, ...] = ()
    recommended: tuple[Recommended, ...] = ()
    heads: tuple[str, ...] = ()
    program_leaders: tuple[str, ...] = ()
    assessments_last_year: int = 0
    suspected_texts: int = 0
    in_force_from: dt.date | None = None
    _by_code: dict[RequirementCode, Required] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "_by_code", {one.code: one for one in self.requirements})

    def requirement(self, code: RequirementCode) -> Required | None:
        return self._by_code.get(code)

    def documents_of(self, kind: DocumentKind) -> tuple[DocumentFacts, ...]:
        return tuple(one for one in self.documents if one.kind == kind)

    def confirmed(self, kind: DocumentKind) -> tuple[DocumentFacts, ...]:
        """What the trainee has only claimed is told of as a document, and is not in order yet."""
        return tuple(one for one in self.documents_of(kind) if one.is_confirmed)

    @property
    def own_services(self) -> tuple[ServiceFacts, ...]:
        """In this training, begun."""
        return tuple(
            one
            for one in self.services
            if one.kind == ServiceKind.OWN and one.starts_on <= self.today
        )

    @property
    def guide_today(self) -> str:
        return next((one.name for one in self.guides if one.covers(self.today)), "")

    def original_of(self, service: ServiceFacts, *, is_confirmed: bool) -> DocumentFacts | None:
        """The signed original on paper; one that cannot be read is told of as a document."""
        return next(
            (
                one
                for one in self.documents_of(DocumentKind.SERVICE_ATTESTATION)
                if one.placement_id == service.id
                and one.is_confirmed == is_confirmed
                and not one.faults
            ),
            None,
        )

    def waiting_original(self, service: ServiceFacts) -> DocumentFacts | None:
        """Uploaded, and all that the attestation of this service waits for."""
        if service.attestation not in TO_BE_ATTESTED:
            return None
        return self.original_of(service, is_confirmed=False)


def uncovered(span: Span, covers: Iterable[Span]) -> tuple[Span, ...]:
    """The parts of a closed span that none of the others covers, in order of time."""
    gaps, day = [], span.starts_on
    for one in sorted(covers, key=lambda one: one.starts_on):
        last = one.ends_on or dt.date.max
        if last < day:
            continue
        if one.starts_on > span.ends_on:
            break
        if one.starts_on > day:
            gaps.append(Span(day, one.starts_on - dt.timedelta(days=1)))
        if last >= span.ends_on:
            return tuple(gaps)
        day = last + dt.timedelta(days=1)
    if day <= span.ends_on:
        gaps.append(Span(day, span.ends_on))
    return tuple(gaps)


def days_of(spans: Iterable[Span]) -> int:
    return sum((one.ends_on - one.starts_on).days + 1 for one in spans)
