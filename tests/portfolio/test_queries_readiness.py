"""What is gathered for pre-flight, and the words its findings are told in."""

import dataclasses
import datetime as dt
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from curriculum.enums import RequirementCode
from curriculum.models import CourseModule, LearningGoal, Pathway
from institutions.enums import RecognitionKind, RecognitionStatus, Role
from institutions.models import Agreement, CohortLeadership, CohortMembership, Recognition
from portfolio.enums import (
    AttestationState,
    DocumentKind,
    GoalStatus,
    PostKind,
    Registry,
    ServiceKind,
)
from portfolio.models import CourseAttendance, MirroredGoal, Training
from portfolio.queries.readiness import Readiness, readiness_of
from portfolio.queries.readiness.bar import draw_bar
from portfolio.queries.readiness.page import ReadinessPage, cohort_lines, duration
from portfolio.queries.readiness.wording import WORDS, Viewer, answer_of, told, told_all
from portfolio.queries.readiness.wording.waived import TITLES
from portfolio.rules.preflight import (
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Ground,
    Severity,
    Subject,
    Verdict,
    WhoToAsk,
)
from portfolio.rules.preflight.facts import Span
from portfolio.services import documents, goals
from tests import factories
from tests.factories import days_ago, make_goal, make_ward
from tests.world import picture


@pytest.fixture
def loaded(db):
    call_command("load_curriculum", verbosity=0)


@pytest.fixture
def ward(loaded):
    return make_ward(pathway=Pathway.objects.get(code="specialty", version="2026"))


def judged(ward) -> Readiness:
    trainings = Training.objects.select_related("trainee", "pathway")
    [found] = readiness_of(trainings.filter(pk=ward.training.pk))
    return found


def codes(ward, severity: Severity | None = None) -> list[FindingCode]:
    return [one.code for one in judged(ward).verdict.findings if severity in (None, one.severity)]


def goal_facts(ward, code: str):
    return next(one for one in judged(ward).facts.goals if one.code == code)


# --- Goals ---------------------------------------------------------------------------------------


def test_every_required_goal_is_judged(ward):
    facts = judged(ward).facts

    assert len(facts.goals) == 73
    assert {one.status for one in facts.goals} == {GoalStatus.NOT_STARTED}


def test_approved_goal(ward):
    factories.make_approved(ward=ward, goal=make_goal(code="PAL-055"))

    found = goal_facts(ward, "PAL-055")

    assert (found.status, found.approved_on, found.missing_roles) == (
        GoalStatus.APPROVED,
        timezone.localdate(),
        (),
    )
    assert found.unshown == 0


def test_approved_goal_with_a_statement_never_shown(ward):
    goal = make_goal(code="PAL-012")
    factories.make_assessment(ward=ward, goal=goal, levels={1: 3})
    claim = factories.make_claim(ward=ward, goal=goal)
    factories.make_recommendations(ward=ward, claim=claim)
    factories.make_decision(ward=ward, claim=claim)

    assert goal_facts(ward, "PAL-012").unshown == goal.statements.count() - 1
    assert FindingCode.LEVEL_NEVER_SHOWN in codes(ward, Severity.CLARIFY)


def test_withdrawn_approval(ward):
    decision = factories.make_approved(ward=ward, goal=make_goal(code="PAL-055"))
    goals.withdraw_approval(decision, by=ward.head, reason="Gitt ved en feil.", key=uuid4())

    assert goal_facts(ward, "PAL-055").withdrawn_on == timezone.localdate()
    assert FindingCode.APPROVAL_WITHDRAWN in codes(ward, Severity.MISSING)


def test_who_has_not_recommended(ward):
    goal = make_goal(code="PAL-055")
    factories.make_assessment(ward=ward, goal=goal)
    claim = factories.make_claim(ward=ward, goal=goal)
    goals.request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )
    goals.recommend(
        claim, by=ward.guide, role=Role.EDUCATIONAL_SUPERVISOR, recommends=True, comment="",
        key=uuid4(),
    )  # fmt: skip

    found = goal_facts(ward, "PAL-055")

    assert found.missing_roles == (Role.CLINICAL_SUPERVISOR,)
    assert [(one.name, one.role) for one in found.asked] == [
        ("Hilde Demo Vik", Role.CLINICAL_SUPERVISOR)
    ]


def test_mirrored_goal(ward):
    goal = make_goal(code="PAL-055")
    factories.make_approved(ward=ward, goal=goal)
    MirroredGoal.objects.create(
        training=ward.training,
        goal=goal,
        registry=Registry.KOMPETANSEPORTALEN,
        approved_on=days_ago(3),
    )

    assert goal_facts(ward, "PAL-055").mirrored_on == days_ago(3)
    assert FindingCode.MIRRORED in codes(ward, Severity.IN_ORDER)


# --- Service, sites, guidance --------------------------------------------------------------------


def recognise(ward, **fields) -> Recognition:
    values = {
        "institution": ward.department.institution,
        "kind": RecognitionKind.APPROVED,
        "status": RecognitionStatus.GRANTED,
        "starts_on": days_ago(3000),
    } | fields
    return Recognition.objects.create(**values)


def test_site_of_the_service(ward):
    before = codes(ward)
    recognise(ward)

    assert FindingCode.SITE_NOT_RECOGNISED in before
    assert FindingCode.SITE_RECOGNISED in codes(ward)
    assert FindingCode.POST_DESIGNATED in codes(ward)


def test_recognition_of_another_department_is_none(ward):
    elsewhere = factories.make_department(institution=ward.department.institution)
    recognise(ward, department=elsewhere)

    assert FindingCode.SITE_NOT_RECOGNISED in codes(ward)


def test_agreement_makes_a_learning_arena(ward):
    Agreement.objects.create(
        arena=ward.department.institution,
        institution=factories.make_institution(),
        starts_on=days_ago(3000),
        ends_on=days_ago(-20),
    )

    assert FindingCode.SITE_RECOGNISED in codes(ward)
    assert FindingCode.AGREEMENT_EXPIRING in codes(ward, Severity.CLARIFY)


def test_leaders_named_lead_today_the_cohort_of_today(ward):
    today, over = [ward.program_leader.name], {"ends_on": days_ago(1)}
    assert judged(ward).facts.program_leaders == tuple(today)
    [leadership] = CohortLeadership.objects.filter(user=ward.program_leader)
    [membership] = CohortMembership.objects.filter(user=ward.trainee)

    for row in (leadership, membership):
        type(row).objects.filter(pk=row.pk).update(**over)
        assert judged(ward).facts.program_leaders == ()
        type(row).objects.filter(pk=row.pk).update(ends_on=days_ago(0))
        assert judged(ward).facts.program_leaders == tuple(today)


def test_guide_by_tabell_3(ward):
    recognise(ward)
    before = codes(ward)
    supervision = ward.training.supervisions.get()
    supervision.employer = ward.department.institution
    supervision.save()

    assert FindingCode.GUIDE_UNKNOWN in before
    assert FindingCode.GUIDED in codes(ward)


def test_service_over_without_signature(ward):
    served = factories.make_served(ward=ward, starts_on=days_ago(700), ends_on=days_ago(500))

    facts = judged(ward).facts
    finding = next(
        one
        for one in judged(ward).verdict.missing
        if one.code in (FindingCode.ATTESTATION_MISSING, FindingCode.ATTESTATION_FIELD_MISSING)
    )
    assert finding.fix.id == served.pk
    assert next(one for one in facts.services if one.id == served.pk).head == "Anne Demo Haugen"
    assert facts.time.required == 2373


def test_service_elsewhere_is_only_named(ward):
    factories.Placement.objects.create(
        training=ward.training,
        place_name="Legevakten i Vik",
        service_kind=ServiceKind.OTHER_SPECIALTY,
        post_kind=PostKind.EMPLOYED,
        starts_on=days_ago(900),
        ends_on=days_ago(600),
    )

    service = next(one for one in judged(ward).facts.services if one.place == "Legevakten i Vik")

    assert (service.arena_kind, service.recognitions) == (None, ())
    assert service.attestation == AttestationState.NOT_ASKED


# --- Papers --------------------------------------------------------------------------------------


def test_modules_by_the_latest_word(ward):
    module = CourseModule.objects.get(course__code="specialty-course", number=1)
    for attended in (True, False):
        CourseAttendance.objects.create(
            training=ward.training,
            module=module,
            attended=attended,
            completed_on=days_ago(10),
            actor=ward.program_leader,
            actor_role=Role.PROGRAM_LEADER,
        )
        [course] = judged(ward).facts.courses
        assert (course.modules[0].completed_on is not None) is attended


def test_document_and_its_confirmation(ward):
    documents.add_document(
        training=ward.training,
        by=ward.trainee,
        key=uuid4(),
        upload=picture("del1.png"),
        kind=DocumentKind.PART_1,
        title="Godkjent del 1",
    )

    found = judged(ward)

    [document] = found.facts.documents
    assert (document.kind, document.is_confirmed) == (DocumentKind.PART_1, False)
    assert document.faults  # eight pixels wide
    assert FindingCode.DOCUMENT_UNREADABLE in codes(ward, Severity.CLARIFY)
    assert not {FindingCode.PART_1_DONE, FindingCode.PART_1_MISSING} & set(codes(ward))


@pytest.mark.parametrize(
    ("note", "suspected"),
    [("Samtale med pasient 13097248022.", 1), ("Ringte 22 33 44 55 og 99 88 77 66.", 0), ("", 0)],
)
def test_stored_text_that_holds_an_identity_number(ward, note, suspected):
    activity = factories.make_activity(ward=ward, goals_=[make_goal(code="PAL-055")])
    activity.note = note
    activity.save()

    assert judged(ward).facts.suspected_texts == suspected


def test_competence_area_is_judged_by_its_own(loaded):
    ward = make_ward(pathway=Pathway.objects.get(code="competence-area"))

    found = judged(ward)

    assert found.facts.requirement(RequirementCode.GOALS) is None
    assert found.time.required == 730
    assert not set(codes(ward)) & {FindingCode.GOALS_NOT_APPROVED, FindingCode.NOT_MIRRORED}
    assert FindingCode.CHECKLIST_MISSING in codes(ward, Severity.MISSING)


# --- Queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("doctors", [1, 3])
def test_same_queries_for_one_and_three(ward, django_assert_num_queries, doctors):
    wards = [ward, *(make_ward(pathway=ward.training.pathway) for _ in range(doctors - 1))]
    for one in wards:
        for code in ("PAL-055", "PAL-020", "PAL-041")[:doctors]:
            factories.make_approved(ward=one, goal=make_goal(code=code))
    trainings = Training.objects.filter(pk__in=[one.training.pk for one in wards])
    readiness_of(trainings.select_related("trainee", "pathway"))

    with django_assert_num_queries(6):  # the trainings, and five
        found = readiness_of(trainings.select_related("trainee", "pathway"))

    assert len(found) == doctors


def test_nobody_is_judged_by_the_rows_of_another(ward):
    other = make_ward(pathway=ward.training.pathway)
    factories.make_approved(ward=other, goal=make_goal(code="PAL-055"))

    [mine, theirs] = readiness_of(
        Training.objects.filter(pk__in=[ward.training.pk, other.training.pk])
        .select_related("trainee", "pathway")
        .order_by("pk")
    )

    assert [sum(goal.is_approved for goal in one.facts.goals) for one in (mine, theirs)] == [0, 1]


def test_cohort_is_sorted_by_days_left_then_goals(ward):
    approved = make_ward(pathway=ward.training.pathway)
    factories.make_approved(ward=approved, goal=make_goal(code="PAL-055"))
    longest = make_ward(pathway=ward.training.pathway)
    factories.make_served(ward=longest, starts_on=days_ago(700), ends_on=days_ago(500))
    trainings = Training.objects.select_related("trainee", "pathway")

    lines = cohort_lines(readiness_of(trainings, forecasts=False))

    assert [one.readiness.training for one in lines] == [
        longest.training,
        approved.training,
        ward.training,
    ]
    assert lines[0].missing > lines[2].missing  # one attestation more


# --- Words ---------------------------------------------------------------------------------------

FULL = Subject(
    count=2,
    days=88,
    other_days=182,
    on=dt.date(2026, 11, 12),
    until=dt.date(2026, 12, 31),
    name="Per Demo Moen",
    title="Kursbevis modul 2",
    place="Palliativt senter",
    places=(("Palliativt senter", Span(dt.date(2025, 1, 1), dt.date(2026, 6, 30))),),
    span=Span(dt.date(2025, 1, 1), dt.date(2026, 6, 30)),
    numbers=(4, 5, 6),
    goals=("PAL-001", "PAL-055"),
    successors=("FKM-001",),
    statuses={GoalStatus.RETURNED: 1, GoalStatus.CLAIMED: 4},
    role=Role.CLINICAL_SUPERVISOR,
    key="palliative_centre",
)


@pytest.mark.parametrize("code", FindingCode)
def test_every_finding_has_words(code):
    finding = Finding(code, Severity.MISSING, Ground("Spesialistforskriften § 26"), FULL)

    row = told(finding, Viewer(1, "Nora Demo Aasen"))

    assert row.title
    assert "%(" not in row.title + row.detail
    assert row.title[0] == row.title[0].upper()
    assert not row.title.endswith(".")


@pytest.mark.parametrize("code", [code for code in FindingCode if code in TITLES])
def test_what_can_be_waived_is_not_told_as_done(code):
    ground = Ground("Spesialistforskriften § 2", waived_by="§ 29")

    row = told(Finding(code, Severity.IN_ORDER, ground, FULL), Viewer(1, "Nora Demo Aasen"))

    assert "kan fravikes" in row.title
    assert row.detail == "Etter § 29."


CODES = tuple(FindingCode)
IN_ORDER_CODES = CODES[CODES.index(FindingCode.GOALS_APPROVED) :]


@pytest.mark.parametrize("code", [*TITLES, *IN_ORDER_CODES])
def test_nothing_in_order_is_said_to_lack(code):
    subject = dataclasses.replace(FULL, key=FULL.key if "arena" in code else "")
    finding = Finding(code, Severity.IN_ORDER, Ground("§ 2", waived_by="§ 29"), subject)

    words = told(finding, Viewer(1, "Nora Demo Aasen")).title.lower().split()

    assert not {"ikke", "mangler", "uten"} & set(words) or code == FindingCode.GUIDED


def test_no_words_without_a_finding():
    assert set(WORDS) == set(FindingCode)


@pytest.mark.parametrize(
    ("missing", "clarify", "said"),
    [
        (4, 5, "Fire ting mangler, fem må avklares."),
        (1, 0, "Én ting mangler."),
        (0, 1, "Ett må avklares."),
        (13, 2, "13 ting mangler, to må avklares."),
    ],
)
def test_verdict_in_a_sentence(missing, clarify, said):
    ground = Ground("§ 26")
    findings = [Finding(FindingCode.PLAN_MISSING, Severity.MISSING, ground)] * missing
    findings += [Finding(FindingCode.OVER_CAP, Severity.CLARIFY, ground)] * clarify

    answer = answer_of(Verdict(dt.date(2026, 11, 19), tuple(findings)), None)

    assert (answer.is_ready, answer.lead, answer.rest) == (False, "Ikke ennå.", said)


def test_ready_in_a_sentence():
    answer = answer_of(Verdict(dt.date(2026, 11, 19), ()), None)

    assert (answer.is_ready, answer.lead) == (True, "Klar for søknad.")


@pytest.mark.parametrize(
    ("code", "role", "has_way"),
    [
        (FindingCode.GUIDANCE_MISSING, Role.DEPARTMENT_HEAD, True),
        (FindingCode.GUIDANCE_MISSING, Role.EDUCATIONAL_SUPERVISOR, False),
        (FindingCode.AGREEMENT_LAPSED, Role.EDUCATION_LEAD, True),
        (FindingCode.AGREEMENT_LAPSED, Role.DEPARTMENT_HEAD, False),
        (FindingCode.ATTESTATION_UNCONFIRMED, Role.DEPARTMENT_HEAD, True),
        (FindingCode.ATTESTATION_UNCONFIRMED, Role.PROGRAM_LEADER, False),
        (FindingCode.CHECKLIST_MISSING, Role.EDUCATIONAL_SUPERVISOR, False),
    ],
)
def test_ways_of_those_who_follow(code, role, has_way):
    who = (WhoToAsk(Role.DEPARTMENT_HEAD),)
    finding = Finding(code, Severity.MISSING, Ground("§ 25"), FULL, who, Fix(FixKind.PLACES))

    row = told(finding, Viewer(1, "Nora Demo Aasen", is_own=False, role=role))

    assert bool(row.way) is has_way


def test_others_are_told_the_doctors_name_and_open_the_goals(ward):
    findings = judged(ward).verdict.missing

    own = told_all(findings, Viewer(ward.training.pk, "Nora Demo Aasen"))
    led = told_all(findings, Viewer(ward.training.pk, "Nora Demo Aasen", is_own=False))

    assert any(one.who == "Du" for one in own)
    assert not any("Du" in one.who.split() for one in led)
    assert any(one.way for one in own)
    assert {one.way.label for one in led if one.way} == {
        "Vis målene",
        "Se utregningen",
        "Åpne planen",
    }


@pytest.mark.parametrize(
    ("days", "said"),
    [(1816, "4 år 11 md. 21 d"), (469, "1 år 3 md. 12 d"), (88, "2 md. 27 d"), (730, "2 år"),
     (0, "0 d"), (2373, "6 år 6 md.")],
)  # fmt: skip
def test_duration(days, said):
    assert duration(days) == said


# --- The bar -------------------------------------------------------------------------------------


def test_bar_is_to_scale(ward):
    time = judged(ward).time
    places = {line.service.id: "Palliativt senter" for line in time.lines}

    bar = draw_bar(time, places, width=1000, required="Krav")

    assert [one.kind for one in bar.segments] == ["ongoing", "left"]
    assert bar.required_x == 999
    assert bar.segments[0].width == pytest.approx(1000 * time.total / time.required - 2, abs=0.1)
    assert bar.brackets[0].label.endswith("pågår")
    assert bar.segments[0].label == f"{time.total} pågår"
    assert bar.segments[1].label == ""


def test_page_adds_up(ward):
    factories.make_served(ward=ward, starts_on=days_ago(700), ends_on=days_ago(500))
    found = judged(ward)

    sheet = ReadinessPage(found, Viewer(ward.training.pk, "Nora")).sheet

    assert sum(row.line.days for row in sheet.rows) == found.time.total
    assert (
        found.time.calendar_days - found.time.deducted_days
        == found.time.total
        == found.time.confirmed + found.time.awaiting
    )


def test_goal_left_behind_is_told(ward):
    old = LearningGoal.objects.get(curriculum__code="fkm-2017", code="LM-04")
    MirroredGoal.objects.create(
        training=ward.training,
        goal=old,
        registry=Registry.KOMPETANSEPORTALEN,
        approved_on=days_ago(400),
    )

    found = goal_facts(ward, "LM-04")

    assert (found.is_required, found.is_repealed) == (False, True)


@pytest.mark.parametrize(
    ("kind", "is_own", "title"),
    [
        (DocumentKind.SERVICE_ATTESTATION, False, DocumentKind.SERVICE_ATTESTATION.label),
        (DocumentKind.SERVICE_ATTESTATION, True, "Med foreldrepermisjon"),
        (DocumentKind.OTHER, False, "Med foreldrepermisjon"),
    ],
)
def test_leader_is_not_told_what_an_attestation_is_called(kind, is_own, title):
    subject = Subject(title="Med foreldrepermisjon", key=kind, count=1)
    finding = Finding(FindingCode.DOCUMENT_UNCONFIRMED, Severity.CLARIFY, Ground(""), subject)

    assert told(finding, Viewer(1, "Nora", is_own=is_own)).title == f"{title} er ikke bekreftet"
