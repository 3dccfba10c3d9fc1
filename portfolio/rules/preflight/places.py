"""Where the service was, in what post, and who guided."""

import datetime as dt
from collections.abc import Iterable, Iterator

from curriculum.enums import RequirementCode
from institutions.enums import ArenaKind, RecognitionKind, RecognitionStatus, Role
from portfolio.enums import AttestationState, DocumentKind, PostKind
from portfolio.rules.preflight.facts import (
    Guided,
    Recognised,
    Required,
    ServiceFacts,
    Span,
    TrainingFacts,
    days_of,
    uncovered,
)
from portfolio.rules.preflight.findings import (
    AUTHORITY,
    YOU,
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Severity,
    WhoToAsk,
    found,
    head_today,
)

WARNED_BEFORE_DAYS = 60  # ours: time to renew an agreement
# «Sykehjem og distriktsmedisinske sentre»; a municipal palliative unit is in one. Our reading.
NEEDS_ADVANCE_APPROVAL = (ArenaKind.NURSING_HOME, ArenaKind.MUNICIPAL_UNIT)
IN_SPECIALTY = (RecognitionKind.APPROVED, RecognitionKind.REGISTERED)
IN_COMPETENCE_AREA = (RecognitionKind.COMPETENCE_AREA_SITE,)
ARENAS = {
    RequirementCode.INTERNAL_MEDICINE: ArenaKind.INTERNAL_MEDICINE_WARD,
    RequirementCode.PALLIATIVE_CENTRE: ArenaKind.PALLIATIVE_CENTRE,
}
EDUCATION_LEAD = WhoToAsk(Role.EDUCATION_LEAD)


def place_findings(facts: TrainingFacts) -> Iterator[Finding]:
    yield from _sites(facts)
    yield from _agreements(facts)
    yield from _advance_approvals(facts)
    yield from _posts(facts)
    yield from _arenas(facts)
    yield from _guidance(facts)


# --- Sites ---------------------------------------------------------------------------------------


def _kinds(facts: TrainingFacts) -> tuple[RecognitionKind, ...]:
    return IN_SPECIALTY if facts.decides_goals else IN_COMPETENCE_AREA


def _granted(rows: Iterable[Recognised], *kinds: RecognitionKind) -> list[Recognised]:
    return [one for one in rows if one.kind in kinds and one.status == RecognitionStatus.GRANTED]


def _needs_advance_approval(facts: TrainingFacts, service: ServiceFacts) -> bool:
    asked = facts.requirement(RequirementCode.ADVANCE_APPROVAL) is not None
    return asked and service.arena_kind in NEEDS_ADVANCE_APPROVAL


def _sites(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.RECOGNISED_SITE)
    if requirement is None:
        return
    judged = [one for one in facts.own_services if not _needs_advance_approval(facts, one)]
    lacking = [finding for one in judged for finding in _site(facts, requirement, one)]
    yield from lacking
    if judged and not lacking:
        places = tuple(dict.fromkeys(one.place for one in judged))
        yield found(
            FindingCode.SITE_RECOGNISED,
            Severity.IN_ORDER,
            requirement,
            place=places[0],
            count=len(places),
        )


def _site(facts: TrainingFacts, requirement: Required, service: ServiceFacts) -> Iterator[Finding]:
    """Recognised, or under agreement, on every day of the service until today."""
    span = service.until(facts.today)
    granted = _granted(service.recognitions, *_kinds(facts))
    agreements = service.agreements if facts.decides_goals else ()
    gaps = uncovered(span, [*granted, *agreements])
    if not gaps:
        return
    code = _why_not(facts, service, gaps)
    by_authority = code in (FindingCode.SITE_PENDING, FindingCode.SITE_WITHDRAWN)
    yield found(
        code,
        Severity.CLARIFY
        if code in (FindingCode.SITE_PENDING, FindingCode.SITE_UNKNOWN)
        else Severity.MISSING,
        requirement,
        who=(AUTHORITY,) if by_authority else (EDUCATION_LEAD,),
        fix=Fix(FixKind.PLACES, id=service.id),
        place=service.place,
        span=Span(gaps[0].starts_on, gaps[-1].ends_on),
        days=days_of(gaps),
    )


def _why_not(facts: TrainingFacts, service: ServiceFacts, gaps: tuple[Span, ...]) -> FindingCode:
    if service.arena_kind is None:
        return FindingCode.SITE_UNKNOWN
    statuses = {one.status for one in service.recognitions if one.kind in _kinds(facts)}
    if RecognitionStatus.WITHDRAWN in statuses:
        return FindingCode.SITE_WITHDRAWN
    if facts.decides_goals and service.agreements:
        return FindingCode.AGREEMENT_LAPSED
    if RecognitionStatus.PENDING in statuses:
        return FindingCode.SITE_PENDING
    return FindingCode.SITE_NOT_RECOGNISED


def _agreements(facts: TrainingFacts) -> Iterator[Finding]:
    """An agreement that holds today, and ends before the service does."""
    requirement = facts.requirement(RequirementCode.RECOGNISED_SITE)
    if requirement is None or not facts.decides_goals:
        return
    for service in facts.services:
        ahead = _ahead(service, facts.today)
        if ahead is None or not service.agreements:
            continue
        granted = _granted(service.recognitions, *_kinds(facts))
        gaps = uncovered(ahead, [*granted, *service.agreements])
        until = max(one.ends_on or dt.date.max for one in service.agreements)
        if gaps and until >= facts.today:
            yield found(
                FindingCode.AGREEMENT_EXPIRING,
                Severity.CLARIFY,
                requirement,
                who=_agreement_keepers(facts),
                fix=Fix(FixKind.PLACES, id=service.id),
                place=service.place,
                until=until,
                on=service.ends_on,
            )


def _agreement_keepers(facts: TrainingFacts) -> tuple[WhoToAsk, ...]:
    return tuple(WhoToAsk(Role.PROGRAM_LEADER, name) for name in facts.program_leaders[:1]) or (
        WhoToAsk(Role.EDUCATION_LEAD),
    )


def _ahead(service: ServiceFacts, today: dt.date) -> Span | None:
    """What is left of the service, as far as it is agreed; open service for two months."""
    last = service.ends_on or today + dt.timedelta(days=WARNED_BEFORE_DAYS)
    first = max(service.starts_on, today)
    return Span(first, last) if first <= last else None


def _advance_approvals(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.ADVANCE_APPROVAL)
    answers = facts.documents_of(DocumentKind.ADVANCE_APPROVAL)
    for service in facts.own_services:
        if not _needs_advance_approval(facts, service):
            continue
        own = [one for one in answers if one.placement_id in (None, service.id)]
        if any(one.is_confirmed for one in own):
            yield found(
                FindingCode.ADVANCE_APPROVED, Severity.IN_ORDER, requirement, place=service.place
            )
        elif not own:
            yield found(
                FindingCode.ADVANCE_APPROVAL_MISSING,
                Severity.CLARIFY,
                requirement,
                who=(AUTHORITY,),
                fix=Fix(FixKind.UPLOAD, key=DocumentKind.ADVANCE_APPROVAL),
                place=service.place,
            )


# --- Posts and arenas ----------------------------------------------------------------------------


def _posts(facts: TrainingFacts) -> Iterator[Finding]:
    """At an approved institution the service is in a designated post (kap. 5.2)."""
    requirement = facts.requirement(RequirementCode.DESIGNATED_POST)
    if requirement is None:
        return
    at_approved = [one for one in facts.own_services if _is_at_approved(one, facts.today)]
    lacking = [one for one in at_approved if one.post_kind != PostKind.DESIGNATED]
    for service in lacking:
        yield found(
            FindingCode.POST_NOT_DESIGNATED,
            Severity.MISSING,
            requirement,
            who=(YOU, EDUCATION_LEAD),
            fix=Fix(FixKind.PLACES, id=service.id),
            place=service.place,
            span=Span(service.starts_on, service.ends_on),
        )
    if at_approved and not lacking:
        yield found(FindingCode.POST_DESIGNATED, Severity.IN_ORDER, requirement)


def _is_at_approved(service: ServiceFacts, today: dt.date) -> bool:
    span = service.until(today)
    granted = _granted(service.recognitions, RecognitionKind.APPROVED)
    return any(one.overlaps(span) for one in granted)


def _arenas(facts: TrainingFacts) -> Iterator[Finding]:
    """Service that the note presupposes (kap. 3.4): in order once it has begun."""
    for code, arena in ARENAS.items():
        requirement = facts.requirement(code)
        if requirement is not None:
            starts = [one.starts_on for one in facts.services if one.arena_kind == arena]
            yield _arena(requirement, arena, min(starts, default=None), today=facts.today)


def _arena(
    requirement: Required, arena: ArenaKind, first: dt.date | None, *, today: dt.date
) -> Finding:
    if first is not None and first <= today:
        return found(FindingCode.ARENA_SERVED, Severity.IN_ORDER, requirement, key=arena)
    return found(
        FindingCode.ARENA_PLANNED if first else FindingCode.ARENA_MISSING,
        Severity.CLARIFY,
        requirement,
        fix=Fix(FixKind.PLACES),
        key=arena,
        on=first,
    )


# --- Guidance ------------------------------------------------------------------------------------


def _guidance(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.GUIDANCE)
    if requirement is None or not facts.own_services:
        return
    spans = [one.until(facts.today) for one in facts.own_services]
    on_paper = [one for one in facts.own_services if one.attestation == AttestationState.ON_PAPER]
    papers = [gap for one in on_paper for gap in _unguided(facts, one)]
    gaps = [
        gap for one in facts.own_services if one not in on_paper for gap in _unguided(facts, one)
    ]
    head = head_today(facts)
    lacking = list(_guides(facts, requirement, head))
    yield from lacking
    if gaps:
        yield found(
            FindingCode.GUIDANCE_MISSING,
            Severity.MISSING,
            requirement,
            who=(head,),
            fix=Fix(FixKind.GUIDE),
            days=days_of(gaps),
            span=Span(gaps[0].starts_on, gaps[-1].ends_on),
        )
    yield from _guides_on_paper(facts, requirement, on_paper)
    if not (gaps or lacking or papers):
        first = min(span.starts_on for span in spans)
        area = "" if facts.decides_goals else RecognitionKind.COMPETENCE_AREA_SITE
        yield found(FindingCode.GUIDED, Severity.IN_ORDER, requirement, on=first, key=area)


def _unguided(facts: TrainingFacts, service: ServiceFacts) -> tuple[Span, ...]:
    return uncovered(service.until(facts.today), facts.guides)


def _guides_on_paper(
    facts: TrainingFacts, requirement: Required, services: Iterable[ServiceFacts]
) -> Iterator[Finding]:
    """The confirmed original names the guide, whom nobody has entered here."""
    for service in services:
        gaps = _unguided(facts, service)
        original = facts.original_of(service, is_confirmed=True)
        if gaps:
            yield found(
                FindingCode.GUIDE_ON_PAPER,
                Severity.CLARIFY,
                requirement,
                who=(head_today(facts),),
                fix=Fix(FixKind.DOCUMENT, id=original.id) if original else Fix(FixKind.GUIDE),
                place=service.place,
                days=days_of(gaps),
                span=Span(gaps[0].starts_on, gaps[-1].ends_on),
            )


def _guides(facts: TrainingFacts, requirement: Required, head: WhoToAsk) -> Iterator[Finding]:
    """Tabell 3 in a specialty; in the competence area a holder of it. Exempt by §§ 22 and 25."""
    if facts.decides_goals and facts.confirmed(DocumentKind.EXEMPTION):
        return
    for guide in facts.guides:
        code = _guide_lacks(facts, guide)
        if code:
            yield found(
                code,
                Severity.MISSING if code == FindingCode.GUIDE_NOT_QUALIFIED else Severity.CLARIFY,
                requirement,
                who=(head,),
                fix=Fix(FixKind.GUIDE),
                name=guide.name,
                span=Span(guide.starts_on, guide.ends_on),
            )


def _guide_lacks(facts: TrainingFacts, guide: Guided) -> FindingCode | None:
    if not facts.decides_goals:
        return None if guide.holds_competence_area else FindingCode.GUIDE_NOT_QUALIFIED
    if not _guided_at_approved(facts, guide):
        return None
    if not guide.specialty or not guide.has_employer:
        return FindingCode.GUIDE_UNKNOWN
    span = Span(guide.starts_on, min(guide.ends_on or facts.today, facts.today))
    granted = _granted(guide.employer_recognitions, RecognitionKind.APPROVED)
    return FindingCode.GUIDE_NOT_QUALIFIED if uncovered(span, granted) else None


def _guided_at_approved(facts: TrainingFacts, guide: Guided) -> bool:
    return any(
        guide.overlaps(one) and _is_at_approved(one, facts.today) for one in facts.own_services
    )
