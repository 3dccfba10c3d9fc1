"""«Klar for søknad?» as tables. For each pathway there is a doctor whom nothing lacks; every case
changes one thing, and must find that one thing and nothing else."""

import dataclasses
import datetime as dt
import json
from pathlib import Path

import pytest
from django.conf import settings

from curriculum.enums import RequirementCode, Unit, Weight
from institutions.enums import ArenaKind, RecognitionKind, RecognitionStatus, Role
from portfolio.enums import (
    AbsenceCause,
    AbsenceReading,
    AttestationField,
    AttestationState,
    DocumentKind,
    GoalStatus,
    PlanKind,
    PostKind,
    ScanFault,
    ServiceKind,
)
from portfolio.rules.preflight import FindingCode, FixKind, Severity, preflight
from portfolio.rules.preflight.facts import (
    Agreed,
    Asked,
    CourseFacts,
    DocumentFacts,
    GoalFacts,
    Guided,
    ModuleFacts,
    PlanFacts,
    Recognised,
    Recommended,
    Required,
    ServiceFacts,
    Span,
    TrainingFacts,
    uncovered,
)
from portfolio.rules.preflight.service import amount_in_days
from portfolio.rules.service_time import Absence, Service, TimeRules, counted_time

TODAY = dt.date(2026, 11, 19)
AUTHORISED = dt.date(2019, 6, 24)
BEGAN, ENDED = dt.date(2021, 3, 1), dt.date(2026, 10, 31)
AREA_BEGAN = dt.date(2024, 9, 1)
PATHWAYS = json.loads((Path(settings.BASE_DIR) / "fixtures" / "pathways.json").read_text())
GRANTED, PENDING = RecognitionStatus.GRANTED, RecognitionStatus.PENDING
WITHDRAWN = RecognitionStatus.WITHDRAWN
APPROVED, REGISTERED = RecognitionKind.APPROVED, RecognitionKind.REGISTERED
AREA = RecognitionKind.COMPETENCE_AREA_SITE
MISSING, CLARIFY, IN_ORDER = Severity


def requirements_of(pathway: str) -> tuple[Required, ...]:
    rows = next(one["requirements"] for one in PATHWAYS if one["code"] == pathway)
    return tuple(
        Required(
            code=RequirementCode(row["code"]),
            weight=Weight(row["weight"]),
            source=row["source"],
            amount=row.get("amount"),
            unit=Unit(row["unit"]) if "unit" in row else None,
            waived_by=row.get("waived_by", ""),
        )
        for row in rows
    )


def recognised(kind=APPROVED, status=GRANTED, starts_on=dt.date(2015, 1, 1), ends_on=None):
    return Recognised(starts_on, ends_on, kind, status)


def service(number: int, starts_on=BEGAN, ends_on=ENDED, **values) -> ServiceFacts:
    values = {
        "place": f"Sted {number}",
        "kind": ServiceKind.OWN,
        "post_kind": PostKind.DESIGNATED,
        "arena_kind": ArenaKind.PALLIATIVE_CENTRE,
        "recognitions": (recognised(),),
        "attestation": AttestationState.ATTESTED,
        "head": "Anne Demo Haugen",
        "medical_lead": "Tor Demo Nygård",
    } | values
    return ServiceFacts(starts_on, ends_on, id=number, **values)


def time_of(
    services, *, months, cap=None, absences=(), percent=100, uncounted=(), reading="excess"
):
    attested = (AttestationState.ATTESTED, AttestationState.ON_PAPER)
    return counted_time(
        [
            Service(
                one.id, one.starts_on, one.ends_on, percent, one.kind,
                one.attestation in attested, one.place,
            )
            for one in services
        ],
        absences,
        rules=TimeRules(
            required_days=months * 365 // 12,
            absence_percent=10,
            reading=AbsenceReading(reading),
            capped_days=cap,
            capped_kinds=frozenset({ServiceKind.OTHER_SPECIALTY, ServiceKind.ABROAD}),
            holiday_is_absence_in=frozenset({ServiceKind.PART_1}),
            uncounted_kinds=frozenset(uncounted),
        ),
        today=TODAY,
    )  # fmt: skip


PART_1 = service(
    1,
    dt.date(2019, 9, 1),
    dt.date(2021, 2, 28),
    kind=ServiceKind.PART_1,
    post_kind=PostKind.EMPLOYED,
    arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD,
)
GOALS = tuple(
    GoalFacts(
        number, "pal-2023", f"PAL-{number:03}", True, False, GoalStatus.APPROVED,
        assessed_on=dt.date(2026, 5, 4), approved_on=dt.date(2026, 6, 1),
        mirrored_on=dt.date(2026, 6, 2),
    )
    for number in range(1, 4)
)  # fmt: skip
GUIDE = Guided(BEGAN, None, "Per Demo Moen", "onkologi", True, True, (recognised(),))
PLAN = PlanFacts(PlanKind.INDIVIDUAL, dt.date(2026, 9, 2), None)
MODULES = tuple(ModuleFacts(number, dt.date(2025, number, 10)) for number in range(1, 5))


def specialty(services=None, *, pathway="specialty", time=None, **changes) -> TrainingFacts:
    """A doctor whom nothing lacks."""
    services = (PART_1, service(2)) if services is None else services
    facts = TrainingFacts(
        today=TODAY,
        trainee="Nora Demo Aasen",
        hpr_number="9999001",
        authorised_on=AUTHORISED,
        decides_goals=True,
        requirements=requirements_of(pathway),
        time=time or time_of(services, months=78, cap=1186),
        goals=GOALS,
        services=services,
        guides=(GUIDE,),
        courses=(CourseFacts("Kurs", True, MODULES),),
        plans=(PLAN,),
        heads=("Anne Demo Haugen",),
        in_force_from=dt.date(2026, 1, 1) if pathway == "new-specialty" else None,
    )
    return dataclasses.replace(facts, **changes)


def new_specialty(services=None, **changes) -> TrainingFacts:
    return specialty(services, pathway="new-specialty", **changes)


def area_service(number: int, **values) -> ServiceFacts:
    values = {"recognitions": (recognised(AREA),), "post_kind": PostKind.EMPLOYED} | values
    return service(number, AREA_BEGAN, None, **values)


def document(number, kind, **values) -> DocumentFacts:
    values = {"title": "Dokument", "is_confirmed": True} | values
    return DocumentFacts(number, kind, **values)


SPECIALIST = document(
    1, DocumentKind.SPECIALIST_APPROVAL, specialty="onkologi", issued_on=dt.date(2022, 3, 4)
)
CHECKLIST = document(2, DocumentKind.CHECKLIST)


def competence_area(services=None, *, time=None, **changes) -> TrainingFacts:
    services = (area_service(1),) if services is None else services
    others = (ServiceKind.PART_1, ServiceKind.OTHER_SPECIALTY, ServiceKind.ABROAD)
    facts = TrainingFacts(
        today=TODAY,
        trainee="Ola Demo Nes",
        hpr_number="9999002",
        authorised_on=AUTHORISED,
        decides_goals=False,
        requirements=requirements_of("competence-area"),
        time=time or time_of(services, months=24, uncounted=others),
        services=services,
        guides=(dataclasses.replace(GUIDE, starts_on=AREA_BEGAN),),
        courses=(
            CourseFacts(
                "Kurs",
                False,
                tuple(ModuleFacts(number, dt.date(2026, number, 3)) for number in range(1, 7)),
            ),
        ),
        documents=(SPECIALIST, CHECKLIST),
        plans=(PLAN,),
        assessments_last_year=9,
    )
    return dataclasses.replace(facts, **changes)


def open_of(facts: TrainingFacts) -> list[tuple[FindingCode, Severity]]:
    return [(one.code, one.severity) for one in preflight(facts).open]


def the_one(facts: TrainingFacts, code: FindingCode):
    [finding] = [one for one in preflight(facts).findings if one.code == code]
    return finding


def goal(number=1, **changes) -> tuple[GoalFacts, ...]:
    """The goals with one of them changed."""
    return tuple(
        dataclasses.replace(one, **changes) if one.goal_id == number else one for one in GOALS
    )


# --- Nothing lacks: the control of every case below ----------------------------------------------


@pytest.mark.parametrize("doctor", [specialty, new_specialty, competence_area])
def test_doctor_whom_nothing_lacks_is_ready(doctor):
    verdict = preflight(doctor())

    assert open_of(doctor()) == []
    assert verdict.is_ready
    assert verdict.on == TODAY


def test_what_is_in_order_in_the_specialty():
    assert [one.code for one in preflight(specialty()).in_order] == [
        FindingCode.GOALS_APPROVED,
        FindingCode.AUTHORISED,
        FindingCode.PART_1_DONE,
        FindingCode.GUIDED,
        FindingCode.PLAN_AGREED,
        FindingCode.SITE_RECOGNISED,
        FindingCode.POST_DESIGNATED,
        FindingCode.TIME_SERVED,
        FindingCode.SERVICE_ATTESTED,
        FindingCode.WITHIN_FULL_TIME,
        FindingCode.MODULES_TAKEN,
        FindingCode.ARENA_SERVED,
        FindingCode.ARENA_SERVED,
        FindingCode.MIRRORED,
    ]


def test_what_is_in_order_in_the_competence_area():
    assert [one.code for one in preflight(competence_area()).in_order] == [
        FindingCode.SPECIALIST_APPROVED,
        FindingCode.GUIDED,
        FindingCode.PLAN_AGREED,
        FindingCode.SITE_RECOGNISED,
        FindingCode.TIME_SERVED,
        FindingCode.SERVICE_ATTESTED,
        FindingCode.MODULES_TAKEN,
        FindingCode.CHECKLIST_UPLOADED,
        FindingCode.EVALUATED,
    ]


# --- Goals ---------------------------------------------------------------------------------------

CLAIMED = {"status": GoalStatus.CLAIMED, "approved_on": None, "mirrored_on": None}
HILDE = Asked("Hilde Demo Vik", Role.CLINICAL_SUPERVISOR, dt.date(2026, 11, 12))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            {"status": GoalStatus.IN_PROGRESS, "mirrored_on": None},
            [(FindingCode.GOALS_NOT_APPROVED, MISSING)],
        ),
        (
            CLAIMED | {"missing_roles": (Role.CLINICAL_SUPERVISOR,)},
            [
                (FindingCode.RECOMMENDATION_MISSING, MISSING),
                (FindingCode.GOALS_NOT_APPROVED, MISSING),
            ],
        ),
        (
            CLAIMED | {"missing_roles": (Role.EDUCATIONAL_SUPERVISOR, Role.CLINICAL_SUPERVISOR)},
            [
                (FindingCode.RECOMMENDATION_MISSING, MISSING),
                (FindingCode.RECOMMENDATION_MISSING, MISSING),
                (FindingCode.GOALS_NOT_APPROVED, MISSING),
            ],
        ),
        (CLAIMED, [(FindingCode.GOALS_NOT_APPROVED, MISSING)]),
        (
            {
                "status": GoalStatus.IN_PROGRESS,
                "withdrawn_on": dt.date(2026, 7, 1),
                "mirrored_on": None,
            },
            [
                (FindingCode.APPROVAL_WITHDRAWN, MISSING),
                (FindingCode.GOALS_NOT_APPROVED, MISSING),
            ],
        ),
        ({"withdrawn_on": dt.date(2026, 5, 1)}, []),  # approved anew since
        ({"unshown": 2}, [(FindingCode.LEVEL_NEVER_SHOWN, CLARIFY)]),
        (
            CLAIMED | {"unshown": 2},  # before the head has approved it is nothing to clarify
            [(FindingCode.GOALS_NOT_APPROVED, MISSING)],
        ),
        (
            {"returned_on": dt.date(2026, 5, 20)},
            [(FindingCode.ASSESSED_BEFORE_RETURN, CLARIFY)],
        ),
        ({"returned_on": dt.date(2026, 5, 4)}, []),  # assessed the day it came back
        (
            {"returned_on": dt.date(2026, 5, 20), "assessed_on": None},
            [(FindingCode.ASSESSED_BEFORE_RETURN, CLARIFY)],
        ),
        ({"mirrored_on": None}, [(FindingCode.NOT_MIRRORED, CLARIFY)]),
        (
            {"status": GoalStatus.IN_PROGRESS},
            [
                (FindingCode.GOALS_NOT_APPROVED, MISSING),
                (FindingCode.MIRRORED_NOT_APPROVED, CLARIFY),
            ],
        ),
    ],
)
def test_goal(change, found):
    assert open_of(specialty(goals=goal(**change))) == found


OLD = GoalFacts(
    90, "fkm-2017", "LM-04", False, True, GoalStatus.APPROVED,
    mirrored_on=dt.date(2025, 1, 1), successors=("FKM-001",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("old", "found"),
    [
        (OLD, [(FindingCode.REPEALED_CURRICULUM, CLARIFY)]),
        (dataclasses.replace(OLD, succeeded=True), []),
        (dataclasses.replace(OLD, is_repealed=False), []),
        (dataclasses.replace(OLD, status=GoalStatus.IN_PROGRESS, mirrored_on=None), []),
    ],
)
def test_goal_of_a_repealed_curriculum(old, found):
    assert open_of(specialty(goals=(*GOALS, old))) == found


def test_many_goals_are_one_finding():
    goals = (
        dataclasses.replace(GOALS[0], status=GoalStatus.RETURNED, mirrored_on=None),
        dataclasses.replace(GOALS[1], status=GoalStatus.IN_PROGRESS, mirrored_on=None),
        dataclasses.replace(GOALS[2], status=GoalStatus.IN_PROGRESS, mirrored_on=None),
    )

    finding = the_one(specialty(goals=goals), FindingCode.GOALS_NOT_APPROVED)

    assert finding.subject.count == 3
    assert finding.subject.statuses == {GoalStatus.RETURNED: 1, GoalStatus.IN_PROGRESS: 2}
    assert finding.fix.kind == FixKind.GOALS


def test_who_is_asked_for_a_recommendation():
    goals = goal(**CLAIMED, missing_roles=(Role.CLINICAL_SUPERVISOR,), asked=(HILDE,))

    finding = the_one(specialty(goals=goals), FindingCode.RECOMMENDATION_MISSING)

    assert [(one.role, one.name) for one in finding.who] == [
        (Role.CLINICAL_SUPERVISOR, "Hilde Demo Vik")
    ]
    assert (finding.subject.on, finding.subject.goals) == (HILDE.on, ("PAL-001",))
    assert finding.ground.source == "Spesialistforskriften § 26"
    assert (finding.fix.kind, finding.fix.key) == (FixKind.GOAL, "pal-2023/PAL-001")


def test_goals_never_block_the_competence_area():
    goals = goal(
        status=GoalStatus.IN_PROGRESS, unshown=3, missing_roles=(Role.CLINICAL_SUPERVISOR,)
    )

    assert open_of(competence_area(goals=goals)) == []


# --- Attestations --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "fields", "code", "asked"),
    [
        (AttestationState.NOT_ASKED, (), FindingCode.ATTESTATION_MISSING, Role.DEPARTMENT_HEAD),
        (AttestationState.ASKED, (), FindingCode.ATTESTATION_UNSIGNED, Role.DEPARTMENT_HEAD),
        (
            AttestationState.COUNTERSIGNATURE_MISSING,
            (),
            FindingCode.ATTESTATION_UNSIGNED,
            Role.MEDICAL_LEAD,
        ),
        (
            AttestationState.AWAITING_COUNTERSIGNATURE,
            (),
            FindingCode.ATTESTATION_UNSIGNED,
            Role.MEDICAL_LEAD,
        ),
        (AttestationState.RETURNED, (), FindingCode.ATTESTATION_RETURNED, Role.TRAINEE),
        (AttestationState.VOID, (), FindingCode.ATTESTATION_VOID, Role.DEPARTMENT_HEAD),
        (
            AttestationState.UNSATISFACTORY,
            (),
            FindingCode.ATTESTATION_UNSATISFACTORY,
            Role.DEPARTMENT_HEAD,
        ),
        (
            AttestationState.ASKED,
            (AttestationField.CONTENT,),
            FindingCode.ATTESTATION_FIELD_MISSING,
            Role.TRAINEE,
        ),
        (
            AttestationState.ATTESTED,
            (AttestationField.TEACHING,),
            FindingCode.ATTESTATION_FIELD_MISSING,
            Role.TRAINEE,
        ),
        (AttestationState.ON_PAPER, (AttestationField.TEACHING,), None, None),
        (AttestationState.ATTESTED, (), None, None),
    ],
)
def test_attestation(state, fields, code, asked):
    services = (PART_1, service(2, attestation=state, missing_fields=fields))

    found = open_of(specialty(services))

    assert found == ([(code, MISSING)] if code else [])
    if code:
        finding = the_one(specialty(services), code)
        assert [one.role for one in finding.who] == [asked]
        assert (finding.subject.place, finding.fix.id) == ("Sted 2", 2)
        assert finding.subject.fields == fields


@pytest.mark.parametrize("state", [AttestationState.ONGOING, AttestationState.AHEAD])
def test_service_that_is_not_over_needs_no_attestation_yet(state):
    ongoing = service(3, dt.date(2026, 11, 1), None, attestation=state)

    assert open_of(specialty((PART_1, service(2), ongoing))) == []


def test_days_that_hang_on_a_signature():
    services = (PART_1, service(2, attestation=AttestationState.ASKED))

    finding = the_one(specialty(services), FindingCode.ATTESTATION_UNSIGNED)

    assert finding.subject.days == (ENDED - BEGAN).days + 1


# --- Time ----------------------------------------------------------------------------------------


def test_time_short_by_days():
    short = service(2, BEGAN, dt.date(2026, 1, 31))
    facts = specialty((PART_1, short))
    expected = 2372 - 547 - ((short.ends_on - short.starts_on).days + 1)

    assert open_of(facts) == [(FindingCode.TIME_SHORT, MISSING)]
    assert the_one(facts, FindingCode.TIME_SHORT).subject.days == expected


@pytest.mark.parametrize(
    ("cap", "found"), [(1186, []), (2000, []), (100, [(FindingCode.OVER_CAP, CLARIFY)])]
)
def test_cap_on_other_service(cap, found):
    elsewhere = service(
        2, BEGAN, dt.date(2022, 2, 28), kind=ServiceKind.OTHER_SPECIALTY,
        arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD,
    )  # fmt: skip
    services = (PART_1, elsewhere, service(3, dt.date(2022, 3, 1), ENDED))
    time = time_of(services, months=50, cap=cap)

    assert open_of(specialty(services, time=time)) == found


def test_overlap_over_full_time_is_told():
    services = (PART_1, service(2), service(3, BEGAN, dt.date(2021, 6, 30)))

    assert open_of(specialty(services)) == [(FindingCode.OVER_FULL_TIME, CLARIFY)]


@pytest.mark.parametrize(
    ("days", "found"), [(30, []), (400, [(FindingCode.READINGS_DIFFER, CLARIFY)])]
)
def test_readings_of_absence(days, found):
    services = (PART_1, service(2))
    away = Absence(BEGAN, BEGAN + dt.timedelta(days - 1), 100, AbsenceCause.PARENTAL)
    time = time_of(services, months=50, cap=1186, absences=[away])
    facts = specialty(services, time=time)

    assert open_of(facts) == found
    if found:
        subject = the_one(facts, FindingCode.READINGS_DIFFER).subject
        assert (subject.days < subject.other_days, subject.other_days) == (True, days)
        assert subject.places == (("Sted 2", Span(BEGAN, ENDED)),)


@pytest.mark.parametrize(
    ("services", "documents", "lacks"),
    [
        ((PART_1,), (), False),
        ((), (document(5, DocumentKind.PART_1),), False),
        ((), (), True),
        ((dataclasses.replace(PART_1, attestation=AttestationState.ONGOING),), (), True),
        ((dataclasses.replace(PART_1, ends_on=dt.date(2021, 2, 27)),), (), True),
    ],
)
def test_part_1(services, documents, lacks):
    ward = service(9, BEGAN, ENDED, arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD)
    centre = service(8, dt.date(2026, 11, 1), None, attestation=AttestationState.ONGOING)
    services = (*services, ward, centre)
    facts = specialty(services, time=time_of(services, months=40), documents=documents)

    assert open_of(facts) == ([(FindingCode.PART_1_MISSING, MISSING)] if lacks else [])


@pytest.mark.parametrize(
    ("amount", "unit", "days"),
    [
        (78, Unit.MONTHS, 2373),
        (39, Unit.MONTHS, 1186),
        (24, Unit.MONTHS, 730),
        (2, Unit.YEARS, 730),
        (14, Unit.DAYS, 14),
    ],
)
def test_amounts_in_days(amount, unit, days):
    required = Required(RequirementCode.SERVICE_TIME, Weight.REQUIREMENT, "§ 2", amount, unit)

    assert amount_in_days(required) == days


# --- Places --------------------------------------------------------------------------------------

AGREEMENT = Agreed(dt.date(2020, 1, 1), None, "St. Olavs hospital")
ENDED_EARLY = recognised(ends_on=dt.date(2023, 1, 1))
AFTERWARDS = Agreed(dt.date(2023, 1, 2), None, "St. Olavs hospital")


def lapsed(day: dt.date) -> Agreed:
    return dataclasses.replace(AGREEMENT, ends_on=day)


@pytest.mark.parametrize(
    ("recognitions", "agreements", "found"),
    [
        ((recognised(),), (), []),
        ((recognised(REGISTERED),), (), []),
        ((), (AGREEMENT,), []),
        ((ENDED_EARLY,), (AFTERWARDS,), []),
        ((), (), [(FindingCode.SITE_NOT_RECOGNISED, MISSING)]),
        ((recognised(AREA),), (), [(FindingCode.SITE_NOT_RECOGNISED, MISSING)]),
        ((ENDED_EARLY,), (), [(FindingCode.SITE_NOT_RECOGNISED, MISSING)]),
        ((recognised(status=PENDING),), (), [(FindingCode.SITE_PENDING, CLARIFY)]),
        ((recognised(status=WITHDRAWN),), (), [(FindingCode.SITE_WITHDRAWN, MISSING)]),
        ((), (lapsed(dt.date(2025, 1, 1)),), [(FindingCode.AGREEMENT_LAPSED, MISSING)]),
    ],
)  # fmt: skip
def test_site(recognitions, agreements, found):
    post = PostKind.DESIGNATED
    place = service(2, recognitions=recognitions, agreements=agreements, post_kind=post)

    assert open_of(specialty((PART_1, place))) == found


def test_days_a_site_was_not_recognised():
    place = service(2, recognitions=(recognised(starts_on=dt.date(2021, 4, 1)),))

    subject = the_one(specialty((PART_1, place)), FindingCode.SITE_NOT_RECOGNISED).subject

    assert (subject.days, subject.span) == (31, Span(BEGAN, dt.date(2021, 3, 31)))


def test_place_that_is_only_named_is_unknown():
    place = service(2, arena_kind=None, recognitions=())
    centre = service(3, dt.date(2026, 11, 1), None, attestation=AttestationState.ONGOING)

    assert open_of(specialty((PART_1, place, centre))) == [(FindingCode.SITE_UNKNOWN, CLARIFY)]


def test_service_of_another_kind_is_not_asked_for_a_recognised_site():
    elsewhere = dataclasses.replace(PART_1, recognitions=(), arena_kind=None)
    ward = service(3, dt.date(2026, 11, 1), None, attestation=AttestationState.ONGOING,
                   arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD)  # fmt: skip

    assert open_of(specialty((elsewhere, service(2), ward))) == []


@pytest.mark.parametrize(
    ("recognitions", "found"),
    [
        ((recognised(AREA),), []),
        ((recognised(),), [(FindingCode.SITE_NOT_RECOGNISED, MISSING)]),
        ((recognised(AREA, PENDING),), [(FindingCode.SITE_PENDING, CLARIFY)]),
        ((recognised(AREA, WITHDRAWN),), [(FindingCode.SITE_WITHDRAWN, MISSING)]),
    ],
)
def test_site_of_the_competence_area(recognitions, found):
    assert open_of(competence_area((area_service(1, recognitions=recognitions),))) == found


@pytest.mark.parametrize(
    ("agreement_ends", "service_ends", "found"),
    [
        (dt.date(2026, 12, 31), dt.date(2027, 3, 31), True),
        (dt.date(2027, 3, 31), dt.date(2027, 3, 31), False),
        (None, dt.date(2027, 3, 31), False),
        (dt.date(2026, 12, 31), None, True),  # within two months
        (dt.date(2027, 6, 30), None, False),
    ],
)
def test_agreement_that_ends_before_the_service(agreement_ends, service_ends, found):
    arena = service(
        3, dt.date(2026, 7, 1), service_ends, attestation=AttestationState.ONGOING,
        recognitions=(), agreements=(lapsed(agreement_ends),), post_kind=PostKind.BY_AGREEMENT,
    )  # fmt: skip
    before = service(2, BEGAN, dt.date(2026, 6, 30))
    facts = specialty((PART_1, before, arena), program_leaders=("Eva Demo Solberg",))

    assert open_of(facts) == ([(FindingCode.AGREEMENT_EXPIRING, CLARIFY)] if found else [])
    if found:
        finding = the_one(facts, FindingCode.AGREEMENT_EXPIRING)
        assert finding.subject.until == agreement_ends
        assert [(one.role, one.name) for one in finding.who] == [
            (Role.PROGRAM_LEADER, "Eva Demo Solberg")
        ]


@pytest.mark.parametrize(
    ("recognitions", "post", "found"),
    [
        ((recognised(),), PostKind.DESIGNATED, []),
        ((recognised(),), PostKind.EMPLOYED, [(FindingCode.POST_NOT_DESIGNATED, MISSING)]),
        ((recognised(REGISTERED),), PostKind.EMPLOYED, []),  # Tabell 3: no such demand
    ],
)
def test_designated_post(recognitions, post, found):
    place = service(2, recognitions=recognitions, post_kind=post)

    assert open_of(specialty((PART_1, place))) == found


@pytest.mark.parametrize("arena", [ArenaKind.NURSING_HOME, ArenaKind.MUNICIPAL_UNIT])
@pytest.mark.parametrize(
    ("documents", "found"),
    [
        ((), [(FindingCode.ADVANCE_APPROVAL_MISSING, CLARIFY)]),
        ((document(3, DocumentKind.ADVANCE_APPROVAL, placement_id=1),), []),
        ((document(3, DocumentKind.ADVANCE_APPROVAL),), []),
        (
            (document(3, DocumentKind.ADVANCE_APPROVAL, placement_id=99),),
            [(FindingCode.ADVANCE_APPROVAL_MISSING, CLARIFY)],
        ),
    ],
)
def test_nursing_home_needs_advance_approval(arena, documents, found):
    home = area_service(1, arena_kind=arena, recognitions=())

    assert open_of(competence_area((home,), documents=(SPECIALIST, CHECKLIST, *documents))) == found


def test_arenas_the_note_presupposes_are_to_clarify():
    clinic = service(2, arena_kind=ArenaKind.PAIN_CLINIC)
    part_1 = dataclasses.replace(PART_1, arena_kind=ArenaKind.OTHER)
    facts = specialty((part_1, clinic))

    assert open_of(facts) == [(FindingCode.ARENA_MISSING, CLARIFY)] * 2
    assert {one.subject.key for one in preflight(facts).open} == {
        ArenaKind.INTERNAL_MEDICINE_WARD,
        ArenaKind.PALLIATIVE_CENTRE,
    }


@pytest.mark.parametrize(
    ("begins", "opened"),
    [
        (TODAY, []),
        (TODAY + dt.timedelta(days=1), [(FindingCode.ARENA_PLANNED, CLARIFY)]),
    ],
)
def test_an_arena_is_served_from_the_day_it_begins(begins, opened):
    clinic = service(2, arena_kind=ArenaKind.PAIN_CLINIC)
    planned = service(3, begins, None, arena_kind=ArenaKind.PALLIATIVE_CENTRE)
    later = dataclasses.replace(planned, starts_on=begins + dt.timedelta(days=90))

    verdict = preflight(specialty((PART_1, clinic, later, planned)))
    arenas = (FindingCode.ARENA_PLANNED, FindingCode.ARENA_MISSING)

    found = [one for one in verdict.open if one.code in arenas]
    assert [(one.code, one.severity) for one in found] == opened
    assert [one.subject.on for one in found] == [begins] * len(opened)


# --- Guidance ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("guides", "found"),
    [
        ((GUIDE,), []),
        ((), [(FindingCode.GUIDANCE_MISSING, MISSING)]),
        (
            (dataclasses.replace(GUIDE, starts_on=dt.date(2021, 3, 11)),),
            [(FindingCode.GUIDANCE_MISSING, MISSING)],
        ),
        (
            (dataclasses.replace(GUIDE, employer_recognitions=()),),
            [(FindingCode.GUIDE_NOT_QUALIFIED, MISSING)],
        ),
        (
            (dataclasses.replace(GUIDE, employer_recognitions=(recognised(REGISTERED),)),),
            [(FindingCode.GUIDE_NOT_QUALIFIED, MISSING)],
        ),
        (
            (dataclasses.replace(GUIDE, has_employer=False, employer_recognitions=()),),
            [(FindingCode.GUIDE_UNKNOWN, CLARIFY)],
        ),
        ((dataclasses.replace(GUIDE, specialty=""),), [(FindingCode.GUIDE_UNKNOWN, CLARIFY)]),
    ],
)
def test_guidance(guides, found):
    assert open_of(specialty(guides=guides)) == found


def test_days_without_a_guide():
    guides = (dataclasses.replace(GUIDE, starts_on=dt.date(2021, 3, 11)),)

    subject = the_one(specialty(guides=guides), FindingCode.GUIDANCE_MISSING).subject

    assert (subject.days, subject.span) == (10, Span(BEGAN, dt.date(2021, 3, 10)))


def test_guide_at_a_registered_institution_need_not_be_employed_there():
    place = service(2, recognitions=(recognised(REGISTERED),))
    guides = (dataclasses.replace(GUIDE, employer_recognitions=()),)

    assert open_of(specialty((PART_1, place), guides=guides)) == []


def test_exemption_of_paragraphs_22_and_25():
    guides = (dataclasses.replace(GUIDE, specialty=""),)
    exemption = document(7, DocumentKind.EXEMPTION)

    assert open_of(specialty(guides=guides, documents=(exemption,))) == []


@pytest.mark.parametrize(
    ("holds", "found"), [(True, []), (False, [(FindingCode.GUIDE_NOT_QUALIFIED, MISSING)])]
)
def test_guide_in_the_competence_area_holds_it(holds, found):
    guide = dataclasses.replace(GUIDE, starts_on=AREA_BEGAN, holds_competence_area=holds)

    assert open_of(competence_area(guides=(guide,))) == found


# --- § 29 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"guides": ()}, FindingCode.GUIDANCE_MISSING),
        (
            {"services": (PART_1, service(2, post_kind=PostKind.EMPLOYED))},
            FindingCode.POST_NOT_DESIGNATED,
        ),
        ({"services": (PART_1, service(2, recognitions=()))}, FindingCode.SITE_NOT_RECOGNISED),
        (
            {
                "services": (
                    service(2, dt.date(2019, 9, 1)),
                    dataclasses.replace(
                        PART_1, kind=ServiceKind.OTHER_SPECIALTY, ends_on=PART_1.starts_on
                    ),
                ),
                "guides": (dataclasses.replace(GUIDE, starts_on=dt.date(2019, 9, 1)),),
            },
            FindingCode.PART_1_MISSING,
        ),
    ],
)
def test_what_paragraph_29_waives_is_no_obstacle(changes, code):
    services = changes.pop("services", None)
    time = time_of(services or (PART_1, service(2)), months=60)
    usual = specialty(services, time=time, **changes)
    new = new_specialty(services, time=time, **changes)
    changes["services"] = services

    assert (code, MISSING) in open_of(usual)
    assert code not in [found for found, _severity in open_of(new)]
    assert the_one(new, code).severity == IN_ORDER
    assert the_one(new, code).ground.waived_by == "§ 29"


def test_paragraph_29_never_waives_goals_or_time():
    goals = goal(status=GoalStatus.IN_PROGRESS, mirrored_on=None)
    short = (PART_1, service(2, BEGAN, dt.date(2026, 1, 31)))

    assert open_of(new_specialty(short, goals=goals)) == [
        (FindingCode.GOALS_NOT_APPROVED, MISSING),
        (FindingCode.TIME_SHORT, MISSING),
    ]


@pytest.mark.parametrize(
    ("in_force_from", "found"),
    [
        (None, [(FindingCode.DEADLINE_UNKNOWN, CLARIFY)]),
        (dt.date(2024, 11, 19), []),  # the last day
        (dt.date(2024, 11, 18), [(FindingCode.DEADLINE_PASSED, MISSING)]),
        (dt.date(2027, 1, 1), []),
    ],
)
def test_window_of_paragraph_29(in_force_from, found):
    assert open_of(new_specialty(in_force_from=in_force_from)) == found


@pytest.mark.parametrize(
    ("in_force_from", "found"),
    [(None, []), (dt.date(2024, 11, 18), [(FindingCode.DEADLINE_PASSED, MISSING)])],
)
def test_competence_area_closes_two_years_after(in_force_from, found):
    assert open_of(competence_area(in_force_from=in_force_from)) == found


def test_competence_area_counts_as_evidence_for_the_specialty():
    held = document(8, DocumentKind.COMPETENCE_AREA, issued_on=dt.date(2020, 5, 5))

    finding = the_one(new_specialty(documents=(held,)), FindingCode.HOLDS_COMPETENCE_AREA)

    assert (finding.severity, finding.subject.on) == (IN_ORDER, held.issued_on)


# --- Courses, checklist, evaluation, plans -------------------------------------------------------


def modules(*taken: int, of: int) -> tuple[CourseFacts, ...]:
    return (
        CourseFacts(
            "Kurs",
            True,
            tuple(
                ModuleFacts(number, dt.date(2025, number, 10) if number in taken else None)
                for number in range(1, of + 1)
            ),
        ),
    )


def test_modules_missing_in_the_competence_area():
    facts = competence_area(courses=modules(1, 2, 3, of=6))

    assert open_of(facts) == [(FindingCode.MODULES_MISSING, MISSING)]
    assert the_one(facts, FindingCode.MODULES_MISSING).subject.numbers == (4, 5, 6)
    assert the_one(facts, FindingCode.MODULES_TAKEN).subject.numbers == (1, 2, 3)


def test_modules_that_are_only_recommended_never_lack():
    assert open_of(specialty(courses=modules(1, 2, of=4))) == [
        (FindingCode.MODULES_MISSING, CLARIFY)
    ]


def test_module_with_an_unconfirmed_certificate_is_told_of_as_a_document():
    [course] = modules(1, 2, 3, 4, 5, of=6)
    uploaded = dataclasses.replace(course.modules[5], has_unconfirmed=True)
    course = dataclasses.replace(course, modules=(*course.modules[:5], uploaded))
    certificate = document(3, DocumentKind.COURSE_CERTIFICATE, module=6, is_confirmed=False)
    facts = competence_area(courses=(course,), documents=(SPECIALIST, CHECKLIST, certificate))

    assert open_of(facts) == [(FindingCode.DOCUMENT_UNCONFIRMED, CLARIFY)]


@pytest.mark.parametrize(
    ("confirmed", "found"),
    [
        (True, [(FindingCode.COURSE_EQUIVALENT, CLARIFY)]),
        (
            False,
            [(FindingCode.MODULES_MISSING, MISSING), (FindingCode.DOCUMENT_UNCONFIRMED, CLARIFY)],
        ),
    ],
)
def test_equivalent_course(confirmed, found):
    nordic = document(9, DocumentKind.COURSE_CERTIFICATE, is_confirmed=confirmed)
    facts = competence_area(courses=modules(of=6), documents=(SPECIALIST, CHECKLIST, nordic))

    assert open_of(facts) == found


@pytest.mark.parametrize(
    ("days", "in_order", "out_of_order"),
    [
        ((1, 2, 3, 4), True, ()),
        ((1, 3, 2, 4), True, (3,)),
        ((1, 3, 2, 4), False, ()),
        ((None, 3, None, 4), True, (2, 4)),
    ],
)
def test_modules_out_of_order(days, in_order, out_of_order):
    taken = tuple(
        ModuleFacts(number, day and dt.date(2025, day, 10))
        for number, day in enumerate(days, start=1)
    )
    verdict = preflight(specialty(courses=(CourseFacts("Kurs", in_order, taken),)))

    found = [
        one.subject.numbers for one in verdict.open if one.code == FindingCode.MODULES_OUT_OF_ORDER
    ]
    assert found == ([out_of_order] if out_of_order else [])


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"documents": (CHECKLIST,)}, (FindingCode.SPECIALIST_APPROVAL_MISSING, MISSING)),
        ({"documents": (SPECIALIST,)}, (FindingCode.CHECKLIST_MISSING, MISSING)),
        ({"assessments_last_year": 0}, (FindingCode.EVALUATION_MISSING, MISSING)),
        ({"plans": ()}, (FindingCode.PLAN_MISSING, MISSING)),
        ({"hpr_number": ""}, (FindingCode.HPR_NUMBER_MISSING, MISSING)),
    ],
)
def test_other_requirements_of_the_competence_area(changes, found):
    assert open_of(competence_area(**changes)) == [found]


@pytest.mark.parametrize(
    ("valid_until", "found"),
    [
        (dt.date(2027, 1, 15), []),
        (TODAY, []),
        (dt.date(2026, 11, 18), [(FindingCode.PLAN_EXPIRED, CLARIFY)]),
    ],
)
def test_implementation_plan(valid_until, found):
    plan = PlanFacts(PlanKind.IMPLEMENTATION, dt.date(2026, 1, 16), valid_until)

    assert open_of(specialty(plans=(PLAN, plan))) == found


def test_individual_plan_that_has_run_out():
    over = dataclasses.replace(PLAN, valid_until=dt.date(2026, 11, 1))

    assert open_of(specialty(plans=(over,))) == [(FindingCode.PLAN_EXPIRED, CLARIFY)]


def test_implementation_plan_is_no_requirement():
    assert FindingCode.IMPLEMENTATION_PLAN not in [
        one.code for one in preflight(specialty()).findings
    ]


# --- Documents -----------------------------------------------------------------------------------


@pytest.mark.parametrize("confirmed", [True, False])
def test_checklist_is_in_order_once_it_is_confirmed(confirmed):
    uploaded = document(2, DocumentKind.CHECKLIST, is_confirmed=confirmed)
    facts = competence_area(documents=(SPECIALIST, uploaded))
    in_order = [one.code for one in preflight(facts).in_order]

    assert (FindingCode.CHECKLIST_UPLOADED in in_order) is confirmed
    assert open_of(facts) == ([] if confirmed else [(FindingCode.DOCUMENT_UNCONFIRMED, CLARIFY)])


def test_document_that_cannot_be_read():
    scan = document(
        4, DocumentKind.COURSE_CERTIFICATE, module=2, faults=(ScanFault.EVERY_OTHER_BLANK,)
    )
    facts = specialty(documents=(scan,))

    assert open_of(facts) == [(FindingCode.DOCUMENT_UNREADABLE, CLARIFY)]
    assert the_one(facts, FindingCode.DOCUMENT_UNREADABLE).subject.faults == (
        ScanFault.EVERY_OTHER_BLANK,
    )


@pytest.mark.parametrize(
    ("is_confirmed", "attestation", "code"),
    [
        (False, AttestationState.NOT_ASKED, FindingCode.ATTESTATION_UNCONFIRMED),
        (False, AttestationState.ASKED, FindingCode.ATTESTATION_UNSIGNED),
        (True, AttestationState.ON_PAPER, None),
    ],
)
def test_uploaded_original_of_a_service(is_confirmed, attestation, code):
    services = (PART_1, service(2, attestation=attestation))
    kind = DocumentKind.SERVICE_ATTESTATION
    original = document(7, kind, is_confirmed=is_confirmed, placement_id=2)
    facts = specialty(services, documents=(original,), heads=("Anne Demo Haugen",))
    told = [one for one in preflight(facts).open if one.code != FindingCode.TIME_SHORT]

    service_codes = [one.code for one in told if one.code != FindingCode.DOCUMENT_UNCONFIRMED]
    assert service_codes == ([code] if code else [])
    assert all(one.who[0].name == "Anne Demo Haugen" for one in told)
    if code == FindingCode.ATTESTATION_UNCONFIRMED:
        assert [(one.fix.kind, one.fix.id) for one in told] == [(FixKind.DOCUMENT, 7)]


def test_documents_name_those_who_can_confirm_them():
    attestation = document(4, DocumentKind.SERVICE_ATTESTATION, is_confirmed=False)
    other = document(5, DocumentKind.OTHER, is_confirmed=False)
    facts = specialty(documents=(attestation, other), heads=("Anne Demo Haugen",))

    found = the_one(facts, FindingCode.DOCUMENT_UNCONFIRMED)

    assert [one.name for one in found.who] == ["Anne Demo Haugen", "Per Demo Moen"]


@pytest.mark.parametrize(
    ("attestation", "found"),
    [
        (AttestationState.ON_PAPER, (FindingCode.GUIDE_ON_PAPER, CLARIFY)),
        (AttestationState.ATTESTED, (FindingCode.GUIDANCE_MISSING, MISSING)),
    ],
)
def test_guide_stands_in_the_confirmed_original(attestation, found):
    services = (PART_1, service(2, attestation=attestation))
    original = document(7, DocumentKind.SERVICE_ATTESTATION, placement_id=2)

    assert open_of(specialty(services, guides=(), documents=(original,))) == [found]


def test_documents_nobody_has_confirmed_are_one_finding():
    unconfirmed = tuple(
        document(number, DocumentKind.OTHER, is_confirmed=False) for number in (4, 5)
    )

    facts = specialty(documents=unconfirmed)

    assert open_of(facts) == [(FindingCode.DOCUMENT_UNCONFIRMED, CLARIFY)]
    assert the_one(facts, FindingCode.DOCUMENT_UNCONFIRMED).subject.count == 2


@pytest.mark.parametrize(
    ("kind", "in_order"),
    [
        (DocumentKind.PART_1, FindingCode.PART_1_DONE),
        (DocumentKind.COMPETENCE_AREA, FindingCode.HOLDS_COMPETENCE_AREA),
    ],
)
@pytest.mark.parametrize("confirmed", [True, False])
def test_what_is_only_claimed_is_not_in_order(kind, in_order, confirmed):
    ward = service(9, BEGAN, ENDED, arena_kind=ArenaKind.INTERNAL_MEDICINE_WARD)
    centre = service(8, dt.date(2026, 11, 1), None, attestation=AttestationState.ONGOING)
    services = (ward, centre)
    papers = (document(5, kind, is_confirmed=confirmed),)
    facts = specialty(services, time=time_of(services, months=40), documents=papers)
    codes = [one.code for one in preflight(facts).findings]

    assert (in_order in codes) is confirmed
    assert (FindingCode.DOCUMENT_UNCONFIRMED in codes) is not confirmed


def test_patient_data_suspected():
    facts = specialty(suspected_texts=1)

    assert open_of(facts) == [(FindingCode.PATIENT_DATA_SUSPECTED, CLARIFY)]


def test_municipal_hospitering_falls_away_with_municipal_service():
    wish = Recommended("Hospitering", "kap. 4.4.2", frozenset({ArenaKind.MUNICIPAL_UNIT}))
    home = service(3, dt.date(2026, 11, 1), None, arena_kind=ArenaKind.MUNICIPAL_UNIT,
                   attestation=AttestationState.ONGOING)  # fmt: skip
    without, with_home = (PART_1, service(2)), (PART_1, service(2), home)

    codes = [
        [one.code for one in preflight(specialty(services, recommended=(wish,))).in_order]
        for services in (without, with_home)
    ]

    assert [FindingCode.FALLS_AWAY in found for found in codes] == [False, True]


# --- Spans ---------------------------------------------------------------------------------------


def span(first: int, last: int | None) -> Span:
    return Span(dt.date(2026, 1, first), last and dt.date(2026, 1, last))


@pytest.mark.parametrize(
    ("covers", "gaps"),
    [
        ((), (span(5, 20),)),
        ((span(1, None),), ()),
        ((span(5, 20),), ()),
        ((span(6, 19),), (span(5, 5), span(20, 20))),
        ((span(1, 8), span(7, 12), span(14, 31)), (span(13, 13),)),
        ((span(1, 4), span(21, 31)), (span(5, 20),)),
        ((span(10, 12), span(1, 6)), (span(7, 9), span(13, 20))),
    ],
)
def test_uncovered(covers, gaps):
    assert uncovered(span(5, 20), covers) == gaps
