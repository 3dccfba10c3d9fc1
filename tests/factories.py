"""Plain functions that make what a test needs. Personas have meaning; everyone is «Demo».

Dates are relative to today, because the database's clock cannot be moved by the application's role.
"""

import datetime as dt
import functools
import itertools
import json
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from curriculum.enums import Level
from curriculum.models import (
    Curriculum,
    GoalStatement,
    LearningGoal,
    Pathway,
    PathwayCurriculum,
    Theme,
)
from institutions.enums import ArenaKind, InstitutionKind, Region, Role
from institutions.models import (
    Cohort,
    CohortLeadership,
    CohortMembership,
    Department,
    Institution,
    RoleAssignment,
)
from portfolio.enums import (
    AbsenceCause,
    ActivityKind,
    ActivityState,
    OnCall,
    Outcome,
    PerformedAs,
    PostKind,
)
from portfolio.models import (
    Absence,
    Assessment,
    AssessmentRequest,
    AttestationCountersignature,
    AttestationRequest,
    Claim,
    Decision,
    EducationalSupervision,
    LearningActivity,
    Placement,
    Plan,
    Recommendation,
    ServiceAttestation,
    Training,
)
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.rules.plans import half_years_ahead
from portfolio.services import absences, activities, assessments, goals, plans
from portfolio.services import attestations as service

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "curriculum"
PASSWORD = "palmappen-demo"
number = itertools.count(1)


def today() -> dt.date:
    return timezone.localdate()


def days_ago(count: int) -> dt.date:
    return today() - dt.timedelta(days=count)


# --- People and places ---------------------------------------------------------------------------


def make_user(*, name: str = "Kari Demo Nord", **fields) -> User:
    fields.setdefault("email", f"person{next(number)}@example.org")
    return User.objects.create_user(password=PASSWORD, name=name, **fields)


def make_institution(*, name: str | None = None, **fields) -> Institution:
    name = name or f"Demosykehuset {next(number)}"
    fields.setdefault("kind", InstitutionKind.HEALTH_TRUST)
    fields.setdefault("region", Region.CENTRAL)
    return Institution.objects.create(name=name, short_name=name, **fields)


def make_department(*, institution: Institution | None = None, **fields) -> Department:
    fields.setdefault("name", f"Palliativt senter {next(number)}")
    fields.setdefault("arena_kind", ArenaKind.PALLIATIVE_CENTRE)
    return Department.objects.create(institution=institution or make_institution(), **fields)


def give_role(
    *,
    user: User,
    role: str,
    department: Department | None = None,
    institution: Institution | None = None,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
) -> RoleAssignment:
    return RoleAssignment.objects.create(
        user=user,
        role=role,
        department=department,
        institution=institution,
        starts_on=starts_on or days_ago(1000),
        ends_on=ends_on,
    )


# --- Curriculum: real goals, in the words of the fixtures ----------------------------------------

CURRICULUM_OF_PREFIX = {"PAL": "pal-2023", "LM": "fkm-2017", "FKM": "fkm-2025"}


@functools.cache
def _fixture(curriculum_code: str) -> dict:
    return json.loads((FIXTURES / f"{curriculum_code}.json").read_text(encoding="utf-8"))


def make_curriculum(*, code: str = "pal-2023") -> Curriculum:
    head = _fixture(code)["curriculum"]
    fields = ("title", "kind", "standing", "in_force_from", "repealed_from", "source")
    curriculum, _ = Curriculum.objects.get_or_create(
        code=code,
        defaults={field: head[field] for field in fields} | {"checksum": uuid4().hex},
    )
    return curriculum


def make_goal(*, code: str = "PAL-055", curriculum_code: str | None = None) -> LearningGoal:
    """One real goal with its statements; the same row when asked for again."""
    curriculum = make_curriculum(code=curriculum_code or CURRICULUM_OF_PREFIX[code.split("-")[0]])
    goals_of_fixture = _fixture(curriculum.code)["goals"]
    position, source = next(
        (place, goal) for place, goal in enumerate(goals_of_fixture) if goal["code"] == code
    )
    themes = list(dict.fromkeys(goal["theme"] for goal in goals_of_fixture))
    theme, _ = Theme.objects.get_or_create(
        curriculum=curriculum,
        number=themes.index(source["theme"]) + 1,
        defaults={"title": source["theme"]},
    )
    goal, new = LearningGoal.objects.get_or_create(
        curriculum=curriculum,
        code=code,
        defaults={
            "theme": theme,
            "position": position,
            "text": source["text"],
            "elaboration": source.get("elaboration", ""),
            "bullets": source.get("bullets", []),
            "bullets_belong_to": source.get("bullets_belong_to"),
        },
    )
    if new:
        GoalStatement.objects.bulk_create(
            GoalStatement(
                goal=goal,
                order=one["order"],
                kind=one["kind"],
                level=Level[one["level"].upper()],
                supervised=one["supervised"],
                in_team=one["in_team"],
                text=one["text"],
                level_basis=one["level_basis"],
                focus=one.get("focus", ""),
            )
            for one in source.get("statements", [])
        )
    return goal


def make_pathway(*, decides_goals: bool = True) -> Pathway:
    """The specialty pathway, or the competence area where goals are a voluntary map."""
    code = "specialty" if decides_goals else "competence-area"
    pathway, new = Pathway.objects.get_or_create(
        code=code,
        version="test",
        defaults={
            "title": "Spesialitet i palliativ medisin" if decides_goals else "Kompetanseområdet",
            "short_title": "Spesialitet" if decides_goals else "Kompetanseområde",
            "standing": "proposed" if decides_goals else "in_force",
            "doctor_title": "LIS" if decides_goals else "lege under utdanning",
            "decides_goals": decides_goals,
            "source": "Test",
            "position": 2 if decides_goals else 1,
        },
    )
    if new:
        codes = ["pal-2023", "fkm-2025"] if decides_goals else ["pal-2023"]
        for position, curriculum_code in enumerate(codes, start=1):
            PathwayCurriculum.objects.create(
                pathway=pathway,
                curriculum=make_curriculum(code=curriculum_code),
                position=position,
            )
    return pathway


# --- Training ------------------------------------------------------------------------------------


def make_training(
    *, trainee: User | None = None, pathway: Pathway | None = None, **fields
) -> Training:
    fields.setdefault("authorised_on", days_ago(2000))
    fields.setdefault("started_on", days_ago(1000))
    return Training.objects.create(
        trainee=trainee or make_user(name=f"Nora Demo Aasen {next(number)}"),
        pathway=pathway or make_pathway(),
        **fields,
    )


def make_placement(
    *, training: Training, department: Department | None = None, **fields
) -> Placement:
    fields.setdefault("post_kind", PostKind.DESIGNATED)
    fields.setdefault("starts_on", days_ago(400))
    return Placement.objects.create(
        training=training, department=department or make_department(), **fields
    )


def make_absence(*, training: Training, **fields) -> Absence:
    """Through the service: it must lie within the training's service."""
    content = {
        "cause": AbsenceCause.SICK,
        "percent": 100,
        "starts_on": days_ago(120),
        "ends_on": days_ago(91),
    } | fields
    return absences.add_absence(training=training, by=training.trainee, key=uuid4(), **content)


def make_supervision(*, training: Training, supervisor: User, **fields) -> EducationalSupervision:
    fields.setdefault("starts_on", days_ago(900))
    fields.setdefault("specialty", "onkologi")
    return EducationalSupervision.objects.create(training=training, supervisor=supervisor, **fields)


@dataclass(frozen=True)
class Ward:
    """One trainee at one department, with everyone who stands around them."""

    training: Training
    department: Department
    trainee: User
    supervisor: User  # clinical supervisor at the department
    guide: User  # the trainee's educational supervisor
    head: User  # head of the department
    medical_lead: User  # countersigns service there
    education_lead: User  # of the institution
    program_leader: User  # of the trainee's cohort
    admin: User
    outsider: User  # a supervisor and head somewhere else


def make_ward(
    *,
    decides_goals: bool = True,
    pathway: Pathway | None = None,
    department: Department | None = None,
) -> Ward:
    department = department or make_department()
    training = make_training(pathway=pathway or make_pathway(decides_goals=decides_goals))
    make_placement(training=training, department=department)
    supervisor = make_user(name="Hilde Demo Vik")
    give_role(user=supervisor, role=Role.CLINICAL_SUPERVISOR, department=department)
    guide = make_user(name="Per Demo Moen")
    make_supervision(training=training, supervisor=guide)
    head = make_user(name="Anne Demo Haugen")
    give_role(user=head, role=Role.DEPARTMENT_HEAD, department=department)
    medical_lead = make_user(name="Mona Demo Ås")
    give_role(user=medical_lead, role=Role.MEDICAL_LEAD, department=department)
    education_lead = make_user(name="Tor Demo Nygård")
    give_role(user=education_lead, role=Role.EDUCATION_LEAD, institution=department.institution)
    program_leader = make_user(name="Eva Demo Solberg")
    make_cohort(members=[training.trainee], leaders=[program_leader])
    admin = make_user(name="Ada Demo Admin")
    give_role(user=admin, role=Role.ADMIN)
    outsider = make_user(name="Odd Demo Utenfor")
    elsewhere = make_department()
    give_role(user=outsider, role=Role.CLINICAL_SUPERVISOR, department=elsewhere)
    give_role(user=outsider, role=Role.DEPARTMENT_HEAD, department=elsewhere)
    return Ward(
        training=training,
        department=department,
        trainee=training.trainee,
        supervisor=supervisor,
        guide=guide,
        head=head,
        medical_lead=medical_lead,
        education_lead=education_lead,
        program_leader=program_leader,
        admin=admin,
        outsider=outsider,
    )


def make_cohort(*, members: list[User], leaders: list[User]) -> Cohort:
    cohort = Cohort.objects.create(name=f"Kull {next(number)}", kind="year")
    for member in members:
        CohortMembership.objects.create(cohort=cohort, user=member, starts_on=days_ago(900))
    for leader in leaders:
        CohortLeadership.objects.create(cohort=cohort, user=leader, starts_on=days_ago(900))
    return cohort


# --- The core loop, through the services ---------------------------------------------------------


def make_activity(
    *, ward: Ward, goals_: list[LearningGoal] | None = None, sent: bool = False, **fields
) -> LearningActivity:
    content = {
        "kind": ActivityKind.SUPERVISED_PRACTICE,
        "starts_on": days_ago(3),
        "ends_on": None,
        "department": ward.department,
        "goals": goals_ or [make_goal()],
        "performed_as": PerformedAs.SUPERVISED,
        "note": "Familiesamtale om overgang til lindring.",
        "reflection": "",
        "supervisor": ward.supervisor,
    } | fields
    activity = activities.save_activity(
        training=ward.training, by=ward.trainee, key=uuid4(), **content
    )
    return activities.send_activity(activity, by=ward.trainee) if sent else activity


def make_request(
    *, ward: Ward, goal: LearningGoal | None = None, asked_of: User | None = None
) -> AssessmentRequest:
    return assessments.request_assessment(
        training=ward.training,
        goal=goal or make_goal(),
        asked_of=asked_of or ward.supervisor,
        by=ward.trainee,
        key=uuid4(),
    )


def make_assessment(
    *,
    ward: Ward,
    goal: LearningGoal | None = None,
    assessor: User | None = None,
    levels: dict[int, int] | None = None,
    recommends: bool = False,
    feedback: str = "",
) -> Assessment:
    """Asked for and signed. Without `levels` every statement is shown at the required level."""
    goal = goal or make_goal()
    required = {one.order: one.level for one in goal.statements.all()} or {0: Level.MIDDLE}
    assessor = assessor or ward.supervisor
    return assessments.sign_assessment(
        make_request(ward=ward, goal=goal, asked_of=assessor),
        by=assessor,
        levels=levels or required,
        feedback=feedback,
        recommends=recommends,
        key=uuid4(),
    )


def make_claim(*, ward: Ward, goal: LearningGoal | None = None, comment: str = "") -> Claim:
    goal = goal or make_goal()
    progress = ward.training.progress.filter(goal=goal).first()
    return goals.claim_goal(
        training=ward.training,
        goal=goal,
        by=ward.trainee,
        comment=comment,
        key=uuid4(),
        version=progress.version if progress else 1,
    )


def make_recommendations(
    *, ward: Ward, claim: Claim, recommends: bool = True
) -> list[Recommendation]:
    """Both kinds of supervisor are asked, and answer."""
    goals.request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )
    return [
        goals.recommend(
            claim,
            by=person,
            role=role,
            recommends=recommends,
            comment="" if recommends else "Bør vise mer.",
            key=uuid4(),
        )
        for person, role in (
            (ward.supervisor, Role.CLINICAL_SUPERVISOR),
            (ward.guide, Role.EDUCATIONAL_SUPERVISOR),
        )
    ]


def make_decision(
    *, ward: Ward, claim: Claim, outcome: str = Outcome.APPROVED, reason: str = ""
) -> Decision:
    claim.progress.refresh_from_db()
    return goals.decide_goal(
        claim,
        by=ward.head,
        outcome=outcome,
        reason=reason or ("" if outcome == Outcome.APPROVED else "Vis mer først."),
        key=uuid4(),
        version=claim.progress.version,
    )


def make_approved(*, ward: Ward, goal: LearningGoal | None = None) -> Decision:
    """The whole way: assessed, claimed, recommended by both, approved."""
    goal = goal or make_goal()
    make_assessment(ward=ward, goal=goal)
    claim = make_claim(ward=ward, goal=goal)
    make_recommendations(ward=ward, claim=claim)
    return make_decision(ward=ward, claim=claim)


# --- Service, stated and attested ----------------------------------------------------------------


def make_served(*, ward: Ward, stated: bool = True, **fields) -> Placement:
    """Service at the ward that is over, before the one that goes on; all its fields told."""
    served = {"starts_on": days_ago(800), "ends_on": days_ago(501)} | fields
    placement = make_placement(training=ward.training, department=ward.department, **served)
    if stated:
        service.save_statement(
            placement,
            by=ward.trainee,
            version=0,
            content="Kliniske konsultasjoner og tilsyn.",
            teaching="Internundervisning hver uke.",
            on_call=OnCall.TAKES_PART,
            on_call_text="Hjemmevakt hver sjette uke.",
        )
    return placement


def make_attestation_request(*, ward: Ward, placement: Placement) -> AttestationRequest:
    """Head and medical lead are asked; the request is the head's."""
    return service.request_attestation(
        placement, by=ward.trainee, head=ward.head, medical_lead=ward.medical_lead, key=uuid4()
    )


def make_attestation(
    *, ward: Ward, placement: Placement, satisfactory: bool = True, comment: str = ""
) -> ServiceAttestation:
    """Asked for, and signed by the head."""
    return service.attest_service(
        make_attestation_request(ward=ward, placement=placement),
        by=ward.head,
        shown=digest(standing_of(placement).facts),
        satisfactory=satisfactory,
        comment=comment,
        key=uuid4(),
    )


def make_countersignature(*, ward: Ward, placement: Placement) -> AttestationCountersignature:
    """The whole way: asked for, signed by the head, then by the medical lead."""
    make_attestation(ward=ward, placement=placement)
    return service.countersign_attestation(
        placement.attestation_requests.open().get(),
        by=ward.medical_lead,
        shown=digest(standing_of(placement).facts),
        key=uuid4(),
    )


def attested(activity: LearningActivity) -> bool:
    activity.refresh_from_db()
    return activity.state == ActivityState.ATTESTED


def make_plan(*, ward: Ward, goals_: list[LearningGoal] | None = None, **fields) -> Plan:
    """A draft of the individual plan with goals in the next half-year."""
    content = {
        "half_year": half_years_ahead(today())[0],
        "department": ward.department,
        "activity": "Tilsyn",
        "weeks": 4,
    } | fields
    return plans.add_to_plan(
        training=ward.training, by=ward.trainee, goals=goals_ or [make_goal()], **content
    )
