"""From rows to what pre-flight is told of service, sites and guidance."""

import datetime as dt
from collections.abc import Iterable, Sequence

from institutions.enums import ArenaKind, RecognitionKind, RecognitionStatus, Role
from portfolio.enums import AttestationState, PostKind, ServiceKind
from portfolio.models import EducationalSupervision, Placement
from portfolio.queries.attestations import ServiceStanding
from portfolio.queries.readiness.rows import Rows
from portfolio.rules.preflight.facts import Agreed, Guided, Recognised, ServiceFacts


def services_of(found: Rows, standings: Iterable[ServiceStanding]) -> tuple[ServiceFacts, ...]:
    return tuple(_service(found, one) for one in standings)


def _service(found: Rows, standing: ServiceStanding) -> ServiceFacts:
    placement = standing.placement
    department = placement.department
    asked = {one.role: one.person for one in standing.asked}
    return ServiceFacts(
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        id=placement.pk,
        place=placement.place,
        kind=ServiceKind(placement.service_kind),
        post_kind=PostKind(placement.post_kind),
        arena_kind=ArenaKind(department.arena_kind) if department else None,
        recognitions=_recognitions(
            found, department and department.institution_id, placement.department_id
        ),
        agreements=_agreements(found, placement),
        attestation=standing.state,
        missing_fields=() if standing.state == AttestationState.AHEAD else standing.missing,
        head=_signer(found, placement, Role.DEPARTMENT_HEAD, asked),
        medical_lead=_signer(found, placement, Role.MEDICAL_LEAD, asked),
    )


def _recognitions(
    found: Rows, institution_id: int | None, department_id: int | None
) -> tuple[Recognised, ...]:
    """Those of the whole institution, and those of the department."""
    return tuple(
        Recognised(*_days(one), RecognitionKind(one["kind"]), RecognitionStatus(one["status"]))
        for one in found.recognition_rows
        if one["institution_id"] == institution_id and one["department_id"] in (None, department_id)
    )


def _agreements(found: Rows, placement: Placement) -> tuple[Agreed, ...]:
    if placement.department is None:
        return ()
    arena_id = placement.department.institution_id
    return tuple(
        Agreed(*_days(one), one["institution"])
        for one in found.agreement_rows
        if one["arena_id"] == arena_id and one["department_id"] in (None, placement.department_id)
    )


def _days(row: dict) -> tuple[dt.date, dt.date | None]:
    ends_on = row["ends_on"]
    return (
        dt.date.fromisoformat(row["starts_on"]),
        dt.date.fromisoformat(ends_on) if ends_on else None,
    )


def _signer(found: Rows, placement: Placement, role: Role, asked: dict[Role, str]) -> str:
    """Who is asked; else who holds the role there, where that is one person."""
    if role in asked or placement.department is None:
        return asked.get(role, "")
    names = {
        one["name"]
        for one in found.signer_rows
        if one["role"] == role
        and (
            one["department_id"] == placement.department_id
            or one["institution_id"] == placement.department.institution_id
        )
    }
    return names.pop() if len(names) == 1 else ""


def guides_of(found: Rows, supervisions: Sequence[EducationalSupervision]) -> tuple[Guided, ...]:
    return tuple(
        Guided(
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            name=one.supervisor.name,
            specialty=one.specialty,
            holds_competence_area=one.holds_competence_area,
            has_employer=one.employer_id is not None,
            employer_recognitions=_recognitions(found, one.employer_id, None)
            if one.employer_id
            else (),
        )
        for one in sorted(supervisions, key=lambda one: one.starts_on)
    )


def heads_of(services: Iterable[ServiceFacts], on: dt.date) -> tuple[str, ...]:
    """Whoever heads the places of today's service."""
    today = [one.head for one in services if one.covers(on) and one.head]
    return tuple(dict.fromkeys(today))
