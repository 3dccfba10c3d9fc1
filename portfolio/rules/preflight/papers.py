"""Courses, plans, documents, deadlines: what an application is made of beside service and goals."""

import datetime as dt
from collections.abc import Iterator

from curriculum.enums import RequirementCode, Unit, Weight
from institutions.enums import Role
from portfolio.enums import DocumentKind, PlanKind, ServiceKind
from portfolio.rules.evidence import months_later
from portfolio.rules.preflight.facts import CourseFacts, DocumentFacts, Required, TrainingFacts
from portfolio.rules.preflight.findings import (
    AUTHORITY,
    YOU,
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Ground,
    Severity,
    WhoToAsk,
    found,
    head_today,
)

ERROR_LIST = Ground("Helsedirektoratets feilliste")
PATIENT_SECRECY = Ground("Helsepersonelloven § 21")
OUR_RULE = Ground("", weight=Weight.ASSUMPTION.value)
APPLICATION = Ground("Helsedirektoratet")
MONTHS = {Unit.YEARS: 12, Unit.MONTHS: 1}


def paper_findings(facts: TrainingFacts) -> Iterator[Finding]:
    yield from _specialist(facts)
    yield from _courses(facts)
    yield from _checklist(facts)
    yield from _evaluation(facts)
    yield from _plans(facts)
    yield from _documents(facts)
    yield from _deadline(facts)
    yield from _falls_away(facts)


def _specialist(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.SPECIALIST_APPROVAL)
    approvals = facts.confirmed(DocumentKind.SPECIALIST_APPROVAL)
    if requirement and approvals:
        first = approvals[0]
        yield found(
            FindingCode.SPECIALIST_APPROVED,
            Severity.IN_ORDER,
            requirement,
            name=first.specialty,
            on=first.issued_on,
        )
    elif requirement and not facts.documents_of(DocumentKind.SPECIALIST_APPROVAL):
        yield found(
            FindingCode.SPECIALIST_APPROVAL_MISSING,
            Severity.MISSING,
            requirement,
            fix=Fix(FixKind.UPLOAD, key=DocumentKind.SPECIALIST_APPROVAL),
        )
    held = facts.confirmed(DocumentKind.COMPETENCE_AREA)
    if held and facts.decides_goals:
        ground = facts.requirement(RequirementCode.APPLICATION_WINDOW) or OUR_RULE
        yield found(
            FindingCode.HOLDS_COMPETENCE_AREA, Severity.IN_ORDER, ground, on=held[0].issued_on
        )
    if not facts.hpr_number:
        yield found(
            FindingCode.HPR_NUMBER_MISSING,
            Severity.MISSING,
            APPLICATION,
            fix=Fix(FixKind.PROFILE),
        )


# --- Courses -------------------------------------------------------------------------------------


def _courses(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.COURSE)
    for course in facts.courses if requirement else ():
        yield from _course(facts, requirement, course)


def _course(facts: TrainingFacts, requirement: Required, course: CourseFacts) -> Iterator[Finding]:
    taken = [one for one in course.modules if one.completed_on]
    # A certificate that nobody has confirmed is told of as a document.
    lacking = [one for one in course.modules if not (one.completed_on or one.has_unconfirmed)]
    if lacking and _has_equivalent(facts):
        yield found(
            FindingCode.COURSE_EQUIVALENT,
            Severity.CLARIFY,
            requirement,
            who=(AUTHORITY,),
            fix=Fix(FixKind.COURSES),
            numbers=tuple(one.number for one in lacking),
        )
    elif lacking:
        yield found(
            FindingCode.MODULES_MISSING,
            Severity.MISSING,
            requirement,
            fix=Fix(FixKind.COURSES),
            numbers=tuple(one.number for one in lacking),
            count=len(taken),
            title=course.title,
        )
    if taken:
        yield found(
            FindingCode.MODULES_TAKEN,
            Severity.IN_ORDER,
            requirement,
            numbers=tuple(one.number for one in taken),
        )
    out_of_order = _out_of_order(course)
    if out_of_order:
        yield found(
            FindingCode.MODULES_OUT_OF_ORDER,
            Severity.CLARIFY,
            requirement,
            fix=Fix(FixKind.COURSES),
            numbers=out_of_order,
        )


def _has_equivalent(facts: TrainingFacts) -> bool:
    """A confirmed certificate of a whole course elsewhere, such as the Nordic one."""
    certificates = facts.documents_of(DocumentKind.COURSE_CERTIFICATE)
    return any(one.module is None and one.is_confirmed for one in certificates)


def _out_of_order(course: CourseFacts) -> tuple[int, ...]:
    """Modules taken before one that should come first."""
    if not course.in_order:
        return ()
    days = {one.number: one.completed_on or dt.date.max for one in course.modules}
    return tuple(
        number
        for number, day in days.items()
        if day != dt.date.max and any(earlier < number and days[earlier] > day for earlier in days)
    )


# --- Checklist, evaluation, plans ----------------------------------------------------------------


def _checklist(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.CHECKLIST)
    if requirement is None:
        return
    if facts.confirmed(DocumentKind.CHECKLIST):
        yield found(FindingCode.CHECKLIST_UPLOADED, Severity.IN_ORDER, requirement)
    elif not facts.documents_of(DocumentKind.CHECKLIST):  # else to be clarified, as a document
        yield found(
            FindingCode.CHECKLIST_MISSING,
            Severity.MISSING,
            requirement,
            who=(YOU, WhoToAsk(Role.EDUCATIONAL_SUPERVISOR, facts.guide_today)),
            fix=Fix(FixKind.UPLOAD, key=DocumentKind.CHECKLIST),
        )


def _evaluation(facts: TrainingFacts) -> Iterator[Finding]:
    """How often the sources do not say; a year without an assessment is told."""
    requirement = facts.requirement(RequirementCode.EVALUATION)
    if requirement is None:
        return
    count = facts.assessments_last_year
    yield found(
        FindingCode.EVALUATED if count else FindingCode.EVALUATION_MISSING,
        Severity.IN_ORDER if count else Severity.MISSING,
        requirement,
        fix=None if count else Fix(FixKind.ASSESSMENT),
        count=count,
    )


def _plans(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.PLAN)
    if requirement is None:
        return
    agreed = {one.kind: one for one in facts.plans}
    guide = WhoToAsk(Role.EDUCATIONAL_SUPERVISOR, facts.guide_today)
    if PlanKind.INDIVIDUAL not in agreed:
        yield found(
            FindingCode.PLAN_MISSING,
            Severity.MISSING,
            requirement,
            who=(YOU, guide),
            fix=Fix(FixKind.PLAN),
            key=PlanKind.INDIVIDUAL,
        )
    for kind, plan in agreed.items():
        over = plan.valid_until is not None and plan.valid_until < facts.today
        in_order = {
            PlanKind.INDIVIDUAL: FindingCode.PLAN_AGREED,
            PlanKind.IMPLEMENTATION: FindingCode.IMPLEMENTATION_PLAN,
        }
        yield found(
            FindingCode.PLAN_EXPIRED if over else in_order[kind],
            Severity.CLARIFY if over else Severity.IN_ORDER,
            requirement,
            who=(YOU, guide if kind == PlanKind.INDIVIDUAL else WhoToAsk(Role.DEPARTMENT_HEAD)),
            fix=Fix(FixKind.PLAN) if over else None,
            key=kind,
            on=plan.agreed_on,
            until=plan.valid_until,
        )


# --- Documents -----------------------------------------------------------------------------------


def _documents(facts: TrainingFacts) -> Iterator[Finding]:
    for document in facts.documents:
        if document.faults:
            yield found(
                FindingCode.DOCUMENT_UNREADABLE,
                Severity.CLARIFY,
                ERROR_LIST,
                fix=Fix(FixKind.DOCUMENT, id=document.id),
                title=document.title,
                key=document.kind,
                numbers=(document.module,) if document.module else (),
                faults=document.faults,
            )
    # One that cannot be read is first to be uploaded anew.
    waiting = [facts.waiting_original(one) for one in facts.services]
    unconfirmed = [
        one for one in facts.documents if not (one.is_confirmed or one.faults or one in waiting)
    ]
    if unconfirmed:
        yield found(
            FindingCode.DOCUMENT_UNCONFIRMED,
            Severity.CLARIFY,
            OUR_RULE,
            who=tuple(dict.fromkeys(_confirmer(facts, one) for one in unconfirmed)),
            fix=Fix(FixKind.DOCUMENT, id=unconfirmed[0].id if len(unconfirmed) == 1 else None),
            count=len(unconfirmed),
            title=unconfirmed[0].title,
            key=unconfirmed[0].kind,
        )
    if facts.suspected_texts:
        yield found(
            FindingCode.PATIENT_DATA_SUSPECTED,
            Severity.CLARIFY,
            PATIENT_SECRECY,
            fix=Fix(FixKind.ACTIVITIES),
            count=facts.suspected_texts,
        )


def _confirmer(facts: TrainingFacts, document: DocumentFacts) -> WhoToAsk:
    """An attestation of service tells of absence, which the head alone may know."""
    if document.kind == DocumentKind.SERVICE_ATTESTATION:
        return head_today(facts)
    return WhoToAsk(Role.EDUCATIONAL_SUPERVISOR, facts.guide_today)


# --- Deadlines -----------------------------------------------------------------------------------


def _deadline(facts: TrainingFacts) -> Iterator[Finding]:
    """Two years from entry into force, to be said also while that day is not decided."""
    requirement = facts.requirement(RequirementCode.APPLICATION_WINDOW)
    if requirement is None:
        return
    if facts.in_force_from is None:
        if facts.decides_goals:
            yield found(
                FindingCode.DEADLINE_UNKNOWN, Severity.CLARIFY, requirement, who=(AUTHORITY,)
            )
        return
    until = months_later(facts.in_force_from, requirement.amount * MONTHS[requirement.unit])
    passed = facts.today > until
    yield found(
        FindingCode.DEADLINE_PASSED if passed else FindingCode.WITHIN_DEADLINE,
        Severity.MISSING if passed else Severity.IN_ORDER,
        requirement,
        who=(AUTHORITY,) if passed else (YOU,),
        fix=Fix(FixKind.MOVE) if passed else None,
        until=until,
    )


def _falls_away(facts: TrainingFacts) -> Iterator[Finding]:
    """A recommended activity that service of one's own makes superfluous."""
    own = [one for one in facts.services if one.kind == ServiceKind.OWN]
    for wish in facts.recommended:
        service = next((one for one in own if one.arena_kind in wish.falls_away_with), None)
        if service:
            yield found(
                FindingCode.FALLS_AWAY,
                Severity.IN_ORDER,
                Ground(wish.source, weight=Weight.RECOMMENDATION.value),
                title=wish.title,
                place=service.place,
            )
