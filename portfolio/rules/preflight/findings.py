"""What pre-flight finds: codes and values, no sentences. Wording is put on them elsewhere."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from institutions.enums import Role
from portfolio.enums import AttestationField, GoalStatus, ScanFault
from portfolio.rules.preflight.facts import Required, Span, TrainingFacts
from portfolio.rules.service_time import Forecast


class Severity(StrEnum):
    MISSING = "missing"  # mangler
    CLARIFY = "clarify"  # må avklares
    IN_ORDER = "in_order"  # i orden


class FindingCode(StrEnum):
    """What was found. In order of what the doctor should look at first."""

    # Service
    ATTESTATION_MISSING = "attestation_missing"
    ATTESTATION_UNCONFIRMED = "attestation_unconfirmed"  # signed on paper
    ATTESTATION_UNSIGNED = "attestation_unsigned"
    ATTESTATION_RETURNED = "attestation_returned"
    ATTESTATION_VOID = "attestation_void"
    ATTESTATION_FIELD_MISSING = "attestation_field_missing"
    ATTESTATION_UNSATISFACTORY = "attestation_unsatisfactory"
    # Goals
    RECOMMENDATION_MISSING = "recommendation_missing"
    APPROVAL_WITHDRAWN = "approval_withdrawn"
    GOALS_NOT_APPROVED = "goals_not_approved"
    # Courses and documents
    MODULES_MISSING = "modules_missing"
    CHECKLIST_MISSING = "checklist_missing"
    SPECIALIST_APPROVAL_MISSING = "specialist_approval_missing"
    PART_1_MISSING = "part_1_missing"
    HPR_NUMBER_MISSING = "hpr_number_missing"
    # Place and guidance
    SITE_WITHDRAWN = "site_withdrawn"
    SITE_NOT_RECOGNISED = "site_not_recognised"
    SITE_PENDING = "site_pending"
    AGREEMENT_LAPSED = "agreement_lapsed"
    SITE_UNKNOWN = "site_unknown"
    POST_NOT_DESIGNATED = "post_not_designated"
    GUIDANCE_MISSING = "guidance_missing"
    GUIDE_NOT_QUALIFIED = "guide_not_qualified"
    GUIDE_UNKNOWN = "guide_unknown"
    GUIDE_ON_PAPER = "guide_on_paper"
    EVALUATION_MISSING = "evaluation_missing"
    PLAN_MISSING = "plan_missing"
    DEADLINE_PASSED = "deadline_passed"
    TIME_SHORT = "time_short"
    # What somebody must look at
    PATIENT_DATA_SUSPECTED = "patient_data_suspected"
    AGREEMENT_EXPIRING = "agreement_expiring"
    ADVANCE_APPROVAL_MISSING = "advance_approval_missing"
    OVER_CAP = "over_cap"
    OVER_FULL_TIME = "over_full_time"
    READINGS_DIFFER = "readings_differ"
    LEVEL_NEVER_SHOWN = "level_never_shown"
    ASSESSED_BEFORE_RETURN = "assessed_before_return"
    ARENA_MISSING = "arena_missing"
    ARENA_PLANNED = "arena_planned"
    PLAN_EXPIRED = "plan_expired"
    MODULES_OUT_OF_ORDER = "modules_out_of_order"
    COURSE_EQUIVALENT = "course_equivalent"
    DOCUMENT_UNREADABLE = "document_unreadable"
    DOCUMENT_UNCONFIRMED = "document_unconfirmed"
    REPEALED_CURRICULUM = "repealed_curriculum"
    DEADLINE_UNKNOWN = "deadline_unknown"
    NOT_MIRRORED = "not_mirrored"
    MIRRORED_NOT_APPROVED = "mirrored_not_approved"
    # In order
    GOALS_APPROVED = "goals_approved"
    SPECIALIST_APPROVED = "specialist_approved"
    AUTHORISED = "authorised"
    PART_1_DONE = "part_1_done"
    GUIDED = "guided"
    PLAN_AGREED = "plan_agreed"
    SITE_RECOGNISED = "site_recognised"
    POST_DESIGNATED = "post_designated"
    ADVANCE_APPROVED = "advance_approved"
    TIME_SERVED = "time_served"
    SERVICE_ATTESTED = "service_attested"
    UNDER_CAP = "under_cap"
    WITHIN_FULL_TIME = "within_full_time"
    IMPLEMENTATION_PLAN = "implementation_plan"
    MODULES_TAKEN = "modules_taken"
    CHECKLIST_UPLOADED = "checklist_uploaded"
    EVALUATED = "evaluated"
    ARENA_SERVED = "arena_served"
    MIRRORED = "mirrored"
    HOLDS_COMPETENCE_AREA = "holds_competence_area"
    FALLS_AWAY = "falls_away"
    WITHIN_DEADLINE = "within_deadline"


class FixKind(StrEnum):
    """Which page puts it right."""

    GOALS = "goals"  # the list, by status
    GOAL = "goal"
    SERVICE = "service"  # the attestation of one service
    TIME = "time"
    COURSES = "courses"
    UPLOAD = "upload"  # a document of a kind
    DOCUMENT = "document"
    PLAN = "plan"
    MIRROR = "mirror"
    PLACES = "places"
    GUIDE = "guide"
    ACTIVITIES = "activities"
    MOVE = "move"
    PROFILE = "profile"
    ASSESSMENT = "assessment"


@dataclass(frozen=True)
class Fix:
    kind: FixKind
    id: int | None = None
    key: str = ""  # a kind of document, a status, «curriculum/code» of a goal


@dataclass(frozen=True)
class WhoToAsk:
    """Role None: the authority. Without a name, whoever holds the role."""

    role: Role | None
    name: str = ""


YOU = WhoToAsk(Role.TRAINEE)
AUTHORITY = WhoToAsk(None)


def head_today(facts: TrainingFacts) -> WhoToAsk:
    return WhoToAsk(Role.DEPARTMENT_HEAD, facts.heads[0] if len(facts.heads) == 1 else "")


@dataclass(frozen=True)
class Ground:
    """The source, and how sure we are. `waived_by`: what makes it no obstacle («§ 29»)."""

    source: str
    weight: str = "requirement"
    waived_by: str = ""


@dataclass(frozen=True)
class Subject:
    """The values of a finding; each code uses those it needs."""

    count: int = 0
    days: int = 0
    other_days: int = 0
    on: dt.date | None = None
    until: dt.date | None = None
    name: str = ""
    title: str = ""
    place: str = ""
    places: tuple[tuple[str, Span], ...] = ()
    span: Span | None = None
    numbers: tuple[int, ...] = ()
    goals: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    statuses: Mapping[GoalStatus, int] = field(default_factory=dict)
    fields: tuple[AttestationField, ...] = ()
    faults: tuple[ScanFault, ...] = ()
    role: Role | None = None
    key: str = ""  # the reading, the kind of arena, the kind of plan
    forecast: Forecast | None = None


@dataclass(frozen=True)
class Finding:
    code: FindingCode
    severity: Severity
    ground: Ground
    subject: Subject = field(default_factory=Subject)
    who: tuple[WhoToAsk, ...] = (YOU,)
    fix: Fix | None = None


def found(
    code: FindingCode,
    severity: Severity,
    requirement: Required | Ground,
    *,
    who: tuple[WhoToAsk, ...] = (YOU,),
    fix: Fix | None = None,
    **values,
) -> Finding:
    """What only is recommended never lacks, and what is waived is no obstacle."""
    ground = requirement if isinstance(requirement, Ground) else ground_of(requirement)
    if severity != Severity.IN_ORDER and ground.waived_by:
        severity = Severity.IN_ORDER
    elif severity == Severity.MISSING and ground.weight == "recommendation":
        severity = Severity.CLARIFY
    return Finding(code, severity, ground, Subject(**values), who, fix)


def ground_of(requirement: Required) -> Ground:
    return Ground(requirement.source, requirement.weight.value, requirement.waived_by)


@dataclass(frozen=True)
class Verdict:
    """All findings of one training on one day, each severity in order of what to do first."""

    on: dt.date
    findings: tuple[Finding, ...]

    def of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.severity == severity)

    @property
    def missing(self) -> tuple[Finding, ...]:
        return self.of(Severity.MISSING)

    @property
    def to_clarify(self) -> tuple[Finding, ...]:
        return self.of(Severity.CLARIFY)

    @property
    def in_order(self) -> tuple[Finding, ...]:
        return self.of(Severity.IN_ORDER)

    @property
    def open(self) -> tuple[Finding, ...]:
        return self.missing + self.to_clarify

    @property
    def is_ready(self) -> bool:
        return not self.open
