"""Rows in bulk: as many portfolios as a country has, in a minute or two, past the services."""

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from accounts.models import User
from bench.copies import copy_all
from curriculum.enums import Level
from curriculum.models import LearningGoal, Pathway
from institutions.enums import ArenaKind, CohortKind, InstitutionKind, Region, Role
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
    ClaimState,
    Outcome,
    PerformedAs,
    PostKind,
    ProgressState,
    RequestState,
    Verb,
)
from portfolio.models import (
    Absence,
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    Attestation,
    CitedAssessment,
    Claim,
    Decision,
    EducationalSupervision,
    Event,
    GoalProgress,
    LearningActivity,
    Placement,
    Recommendation,
    RecommendationRequest,
    Training,
)

PER_DEPARTMENT = 10  # trainees; a leader's page is as long with ten in all as with a hundred
PEOPLE = 60  # without a role, so that the list of people fills its page however few are trainees
STARTED = dt.timedelta(days=1000)


@dataclass(frozen=True)
class Size:
    """What a portfolio holds. Goals in the order of the pathway; each activity is for one."""

    activities: int
    waiting: int  # of the activities; the rest are assessed
    unprompted: int  # assessments of no activity
    approved: int
    ready: int  # claimed, and recommended by both
    asked: int  # claimed, and waiting for recommendations


ORDINARY = Size(activities=103, waiting=3, unprompted=0, approved=40, ready=3, asked=2)
LARGEST = Size(activities=300, waiting=0, unprompted=100, approved=83, ready=0, asked=0)
SMALL = Size(activities=10, waiting=0, unprompted=0, approved=0, ready=0, asked=0)
GUARDED = [  # their triggers set the time to now, and ask row by row what is right by construction
    LearningActivity,
    ActivityGoal,
    AssessmentRequest,
    Assessment,
    Attestation,
    GoalProgress,
    Claim,
    CitedAssessment,
    RecommendationRequest,
    Recommendation,
    Decision,
]
COPIED = [
    Institution,
    Department,
    User,
    RoleAssignment,
    Cohort,
    CohortLeadership,
    CohortMembership,
    Training,
    Placement,
    EducationalSupervision,
    Absence,
    *GUARDED,
    Event,
]


def set_triggers(what: str) -> None:
    """The owner's right. What is put off is settled first, else the table cannot be altered."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in GUARDED:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} {what} TRIGGER USER")


def load(trainees: int) -> None:
    """Trainees with 73 goals and 203 activities and assessments each, ten to a department."""
    pathway = Pathway.objects.get(code="specialty", version="2026")
    goals = goals_of(pathway)
    ward = Ward(1)
    for place in range(PER_DEPARTMENT):
        load_portfolio(ward.trainee(place, pathway), ward, goals, ORDINARY)
    copy_all(COPIED, copies=trainees // PER_DEPARTMENT - 1)
    admin = ward.person("admin")
    RoleAssignment.objects.create(user=admin, role=Role.ADMIN, starts_on=ward.started_on)
    User.objects.bulk_create(
        User(email=f"person-{number}@example.com", name=f"Person Demo {number}", password="!")
        for number in range(PEOPLE)
    )


def goals_of(pathway: Pathway) -> list[LearningGoal]:
    goals = (
        LearningGoal.objects.filter(required=True, curriculum__in=pathway.curricula.all())
        .order_by("curriculum__pathwaycurriculum__position", "position")
        .distinct()
        .prefetch_related("statements")
        .select_related("curriculum")
    )
    return list(dict.fromkeys(goals))


class Ward:
    """A department with its people, and a cohort of its trainees."""

    def __init__(self, number: int):
        self.number = number
        self.started_on = timezone.localdate() - STARTED
        institution = Institution.objects.create(
            name=f"Demosykehuset {number}",
            short_name=f"Demo {number}",
            kind=InstitutionKind.HEALTH_TRUST,
            region=Region.CENTRAL,
        )
        self.department = Department.objects.create(
            institution=institution,
            name=f"Palliativt senter {number}",
            arena_kind=ArenaKind.PALLIATIVE_CENTRE,
        )
        self.supervisor = self.person("supervisor", Role.CLINICAL_SUPERVISOR)
        self.head = self.person("head", Role.DEPARTMENT_HEAD)
        self.medical_lead = self.person("lead", Role.MEDICAL_LEAD)
        self.guide = self.person("guide")
        self.leader = self.person("leader")
        self.cohort = Cohort.objects.create(name=f"Kull {number}", kind=CohortKind.YEAR)
        CohortLeadership.objects.create(
            cohort=self.cohort, user=self.leader, starts_on=self.started_on
        )

    def person(self, kind: str, role: str = "") -> User:
        person = User.objects.create(
            email=f"{kind}-{self.number}@example.org",
            name=f"{kind.title()} Demo {self.number:03}",
            password="!",  # nobody logs in
        )
        if role:
            RoleAssignment.objects.create(
                user=person, role=role, department=self.department, starts_on=self.started_on
            )
        return person

    def trainee(self, place: int, pathway: Pathway) -> Training:
        trainee = self.person(f"trainee-{place}")
        training = Training.objects.create(
            trainee=trainee,
            pathway=pathway,
            authorised_on=self.started_on,
            started_on=self.started_on,
        )
        Placement.objects.create(
            training=training,
            department=self.department,
            post_kind=PostKind.DESIGNATED,
            starts_on=self.started_on,
        )
        EducationalSupervision.objects.create(
            training=training,
            supervisor=self.guide,
            specialty="onkologi",
            starts_on=self.started_on,
        )
        CohortMembership.objects.create(cohort=self.cohort, user=trainee, starts_on=self.started_on)
        return training


def load_portfolio(training: Training, ward: Ward, goals: list[LearningGoal], size: Size) -> None:
    at = moments()
    load_absences(training)
    activities = LearningActivity.objects.bulk_create(
        LearningActivity(
            training=training,
            kind=ActivityKind.SUPERVISED_PRACTICE,
            starts_on=timezone.localdate(moment),
            department=ward.department,
            performed_as=PerformedAs.SUPERVISED,
            note=f"Oppgave {place} ved sengen. Planla videre lindring sammen med teamet.",
            supervisor=ward.supervisor,
            state=ActivityState.ATTESTED if place >= size.waiting else ActivityState.SENT,
            sent_at=moment,
        )
        for place, moment in enumerate(itertools.islice(at, size.activities))
    )
    chosen = [goals[place % len(goals)] for place in range(size.activities)]
    ActivityGoal.objects.bulk_create(
        ActivityGoal(activity=activity, goal=goal)
        for activity, goal in zip(activities, chosen, strict=True)
    )
    asked = [*zip(activities, chosen, strict=True)]
    asked += [(None, goals[place % len(goals)]) for place in range(size.unprompted)]
    requests = AssessmentRequest.objects.bulk_create(
        AssessmentRequest(
            training=training,
            goal=goal,
            activity=activity,
            asked_of=ward.supervisor,
            asked_at=activity.sent_at if activity else next(at),
            expires_on=timezone.localdate() + dt.timedelta(days=30),
            state=RequestState.OPEN if place < size.waiting else RequestState.ANSWERED,
        )
        for place, (activity, goal) in enumerate(asked)
    )
    load_assessments(training, ward, requests[size.waiting :])
    load_claims(training, ward, goals, size)


def load_absences(training: Training) -> None:
    today = timezone.localdate()
    Absence.objects.bulk_create(
        Absence(
            training=training,
            cause=cause,
            starts_on=today - dt.timedelta(days=first),
            ends_on=today - dt.timedelta(days=first - days),
        )
        for cause, first, days in ((AbsenceCause.SICK, 700, 40), (AbsenceCause.PARENTAL, 400, 150))
    )


def load_assessments(training: Training, ward: Ward, requests: list[AssessmentRequest]) -> None:
    assessments = Assessment.objects.bulk_create(
        Assessment(
            request=request,
            training=training,
            goal=request.goal,
            activity=request.activity,
            seen_on=timezone.localdate(request.asked_at),
            levels=levels_of(request.goal, lower=place % 4 == 0),
            feedback="Tydelig og rolig. Ta mer plass i samtalen neste gang.",
            acted_at=request.asked_at,
            **signed_by(ward.supervisor, Role.CLINICAL_SUPERVISOR),
        )
        for place, request in enumerate(requests)
    )
    Attestation.objects.bulk_create(
        Attestation(
            activity=one.activity,
            assessment=one,
            acted_at=one.acted_at,
            **signed_by(one.actor, one.actor_role),
        )
        for one in assessments
        if one.activity
    )
    Event.objects.bulk_create(
        Event(
            training=training,
            verb=Verb.ASSESSED,
            subject=f"assessment:{one.pk}",
            curriculum=one.goal.curriculum,
            salt="0" * 64,
            content="{}",
            actor=one.actor,
            actor_role=one.actor_role,
        )
        for one in assessments
    )


def load_claims(training: Training, ward: Ward, goals: list[LearningGoal], size: Size) -> None:
    claimed = goals[: size.approved + size.ready + size.asked]
    states = [ProgressState.APPROVED] * size.approved
    states += [ProgressState.CLAIMED] * (size.ready + size.asked)
    progress = GoalProgress.objects.bulk_create(
        GoalProgress(training=training, goal=goal, state=state, moved_on=timezone.localdate(moment))
        for goal, state, moment in zip(claimed, states, moments(), strict=False)
    )
    claims = Claim.objects.bulk_create(
        Claim(
            progress=one,
            number=1,
            state=ClaimState.DECIDED if place < size.approved else ClaimState.OPEN,
            claimed_at=moment,
        )
        for place, (one, moment) in enumerate(zip(progress, moments(), strict=False))
    )
    cited = {}
    for assessment in Assessment.objects.filter(training=training).order_by("pk"):
        cited[assessment.goal_id] = assessment
    CitedAssessment.objects.bulk_create(
        CitedAssessment(claim=claim, assessment=cited[claim.progress.goal_id])
        for claim in claims
        if claim.progress.goal_id in cited
    )
    advisers = [
        (ward.supervisor, Role.CLINICAL_SUPERVISOR),
        (ward.guide, Role.EDUCATIONAL_SUPERVISOR),
    ]
    RecommendationRequest.objects.bulk_create(
        RecommendationRequest(claim=claim, asked_of=who, role=role, asked_at=claim.claimed_at)
        for claim in claims
        for who, role in advisers
    )
    Recommendation.objects.bulk_create(
        Recommendation(
            claim=claim, recommends=True, acted_at=claim.claimed_at, **signed_by(who, role)
        )
        for claim in claims[: size.approved + size.ready]
        for who, role in advisers
    )
    Decision.objects.bulk_create(
        Decision(
            claim=claim,
            outcome=Outcome.APPROVED,
            acted_at=claim.claimed_at,
            **signed_by(ward.head, Role.DEPARTMENT_HEAD),
        )
        for claim in claims[: size.approved]
    )


def moments() -> Iterator[dt.datetime]:
    """Backwards from yesterday, two days apart, so that the largest portfolio is within service."""
    yesterday = timezone.now() - dt.timedelta(days=1)
    return (yesterday - dt.timedelta(days=2 * step) for step in itertools.count())


def levels_of(goal: LearningGoal, *, lower: bool) -> dict[str, int]:
    required = {str(one.order): one.level for one in goal.statements.all()} or {"0": Level.MIDDLE}
    return {order: max(1, level - lower) for order, level in required.items()}


def signed_by(person: User, role: str) -> dict:
    return {"actor": person, "actor_role": role}
