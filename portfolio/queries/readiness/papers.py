"""From rows to what pre-flight is told of courses, documents and plans."""

import datetime as dt

from institutions.enums import ArenaKind, Role
from pages.identity_numbers import find_identity_number
from portfolio.enums import DocumentKind, PlanKind, ScanFault
from portfolio.queries.claims import moment
from portfolio.queries.goals import local_day
from portfolio.queries.readiness.rows import Rows
from portfolio.rules.plans import OTHER_PARTY
from portfolio.rules.preflight.facts import (
    CourseFacts,
    DocumentFacts,
    ModuleFacts,
    PlanFacts,
    Recommended,
)

DAYS_OF_EVALUATION = 365


def documents_of(found: Rows) -> tuple[DocumentFacts, ...]:
    return tuple(
        DocumentFacts(
            id=one["id"],
            kind=DocumentKind(one["kind"]),
            title=one["title"],
            is_confirmed=one["confirmation"] is not None,
            issued_on=_day(one["issued_on"]),
            specialty=one["specialty"],
            placement_id=one["placement_id"],
            module=one["module"],
            faults=tuple(ScanFault(fault["fault"]) for fault in one["faults"]),
        )
        for one in found.document_rows
    )


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def courses_of(found: Rows) -> tuple[CourseFacts, ...]:
    """A module counts when the programme leader's latest word is that the doctor attended, or a
    certificate of it is confirmed."""
    attended = {one["module_id"]: one for one in found.attendance_rows}  # the latest stands
    certificates = [
        one for one in found.document_rows if one["kind"] == DocumentKind.COURSE_CERTIFICATE
    ]
    courses: dict[tuple[str, bool], list[ModuleFacts]] = {}
    for module in found.module_rows:
        own = [one for one in certificates if one["module_id"] == module["id"]]
        courses.setdefault((module["title"], module["in_order"]), []).append(
            _module(module, attended.get(module["id"]), own)
        )
    return tuple(
        CourseFacts(title, in_order, tuple(modules))
        for (title, in_order), modules in courses.items()
    )


def _module(module: dict, attended: dict | None, certificates: list[dict]) -> ModuleFacts:
    confirmed = [one for one in certificates if one["confirmation"] is not None]
    day = None
    if attended and attended["attended"]:
        day = _day(attended["completed_on"])
    elif confirmed:
        day = _day(confirmed[0]["issued_on"]) or dt.date.min
    return ModuleFacts(
        number=module["number"],
        completed_on=day,
        has_unconfirmed=len(confirmed) < len(certificates),
    )


def plans_of(found: Rows) -> tuple[PlanFacts, ...]:
    """Of each kind the latest that both parties have agreed to."""
    agreed = {}
    for plan in found.plan_rows:
        consents = {
            one["role"]: moment(one["acted_at"])
            for one in found.consent_rows
            if one["plan_id"] == plan["id"]
        }
        kind = PlanKind(plan["kind"])
        if {Role.TRAINEE, OTHER_PARTY[kind]} <= consents.keys():
            agreed_on = local_day(max(consents.values()))
            agreed[kind] = PlanFacts(kind, agreed_on, _day(plan["valid_until"]))
    return tuple(agreed.values())


def wishes_of(found: Rows) -> tuple[Recommended, ...]:
    return tuple(
        Recommended(
            title=one["title"],
            source=one["source"],
            falls_away_with=frozenset(ArenaKind(kind) for kind in one["falls_away_with"]),
        )
        for one in found.wish_rows
        if one["falls_away_with"]
    )


def assessments_last_year(found: Rows, on: dt.date) -> int:
    since = on - dt.timedelta(days=DAYS_OF_EVALUATION)
    days = [local_day(moment(one["acted_at"])) for one in found.assessment_rows]
    return sum(since < day <= on for day in days)


def suspected_texts(found: Rows) -> int:
    columns = [name for name in vars(found) if name.startswith("suspected_")]
    texts = [text for name in columns for text in getattr(found, name)]
    return sum(find_identity_number(text) is not None for text in texts)
