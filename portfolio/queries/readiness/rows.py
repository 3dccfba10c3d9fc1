"""All that pre-flight reads of some trainings beside their service, as columns of one query."""

import datetime as dt
import json
from collections.abc import Iterable
from functools import cache
from types import SimpleNamespace

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    BooleanField,
    CharField,
    F,
    Func,
    Max,
    OuterRef,
    Q,
    Value,
)
from django.db.models.functions import Length

from curriculum.models import (
    CourseModule,
    GoalSuccession,
    PathwayCurriculum,
    RecommendedActivity,
    Requirement,
)
from institutions.enums import Role
from institutions.models import (
    Agreement,
    CohortLeadership,
    CohortMembership,
    Recognition,
    RoleAssignment,
)
from portfolio.enums import ClaimState
from portfolio.models import (
    ActivityGoal,
    Assessment,
    CitedAssessment,
    Claim,
    CourseAttendance,
    Decision,
    Document,
    EducationalSupervision,
    GoalProgress,
    LearningActivity,
    MirroredGoal,
    Placement,
    Plan,
    PlanAgreement,
    Recommendation,
    RecommendationRequest,
    ServiceAttestation,
    ServiceStatement,
    Training,
)
from portfolio.queries.claims import json_rows
from portfolio.queries.goals import BEGUN

LENGTH_OF_IDENTITY_NUMBER = 11
OF_TRAINING = Q(training=OuterRef("pk"))
OF_PATHWAY = Q(pathway=OuterRef("pathway"))
DAYS = {"starts_on": "starts_on", "ends_on": "ends_on"}
# Stand for the day and the trainings in the kept SQL; a person's question puts its own in.
THE_DAY, THE_TRAININGS = dt.date(1, 1, 1), [-1]


class Rows(SimpleNamespace):
    """The columns of one training, each a list of objects or of texts."""


def rows_of(trainings: Iterable[int], *, on: dt.date) -> dict[int, Rows]:
    """One query, whatever the number of trainings.

    Its SQL is put together once per process: that takes Django longer than the database to answer.
    """
    names, sql, params = _kept_sql()
    given = {THE_DAY: on, tuple(THE_TRAININGS): list(trainings)}
    with connection.cursor() as cursor:
        cursor.execute(sql, [given.get(_hashable(one), one) for one in params])
        found = cursor.fetchall()
    return {
        pk: Rows(**{name: _read(name, column) for name, column in zip(names, columns, strict=True)})
        for pk, *columns in found
    }


@cache
def _kept_sql() -> tuple[tuple[str, ...], str, tuple]:
    columns = _of_pathway() | _of_goals() | _of_papers() | _of_places(THE_DAY) | _suspected_texts()
    ids = Value(THE_TRAININGS, output_field=ArrayField(BigIntegerField()))
    among = Func(
        F("pk"),
        ids,
        template="%(expressions)s)",
        arg_joiner=" = ANY(",
        output_field=BooleanField(),
    )
    trainings = Training.objects.filter(among).order_by()
    rows = trainings.annotate(**columns).values_list("pk", *columns)
    return tuple(columns), *rows.query.sql_with_params()


def _hashable(param):
    return tuple(param) if isinstance(param, list) else param


def _read(name: str, column: list) -> list:
    return [json.loads(one) for one in column] if name.endswith("_rows") else column


def _of_pathway() -> dict:
    modules = CourseModule.objects.filter(course__pathways=OuterRef("pathway"))
    curricula = PathwayCurriculum.objects.filter(OF_PATHWAY).order_by("position")
    return {
        "version_rows": json_rows(
            curricula.annotate(newest=Max("curriculum__goals__id")),
            id="curriculum",
            checksum="curriculum__checksum",
            newest="newest",
        ),
        "requirement_rows": json_rows(
            Requirement.objects.filter(OF_PATHWAY).order_by("position"),
            code="code",
            weight="weight",
            source="source",
            amount="amount",
            unit="unit",
            waived_by="waived_by",
        ),
        "module_rows": json_rows(
            modules.order_by("course__code", "number"),
            id="pk",
            number="number",
            title="course__title",
            in_order="course__in_order",
        ),
        "wish_rows": json_rows(
            RecommendedActivity.objects.filter(OF_PATHWAY).order_by("position"),
            title="title",
            source="source",
            falls_away_with="falls_away_with",
        ),
    }


def _of_goals() -> dict:
    claims = Claim.objects.filter(progress__training=OuterRef("pk"))
    open_claim = Q(claim__progress__training=OuterRef("pk"), claim__state=ClaimState.OPEN)
    asked = RecommendationRequest.objects.filter(open_claim, withdrawn_at__isnull=True)
    ticks = CitedAssessment.objects.filter(
        open_claim,
        assessment__recommends=True,
        assessment__retraction__isnull=True,
        assessment__corrected_by__isnull=True,
    )
    touched = GoalProgress.objects.filter(training=OuterRef(OuterRef("pk")))
    goal = {
        "goal_id": "goal",
        "code": "goal__code",
        "curriculum": "goal__curriculum__code",
        "repealed_from": "goal__curriculum__repealed_from",
    }
    return {
        "progress_rows": json_rows(GoalProgress.objects.filter(OF_TRAINING), **goal, state="state"),
        "decision_rows": json_rows(
            Decision.objects.filter(claim__progress__training=OuterRef("pk")).order_by(
                "claim__number"
            ),
            goal_id="claim__progress__goal",
            outcome="outcome",
            acted_at="acted_at",
            withdrawn_at="withdrawal__acted_at",
        ),
        "open_claim_rows": json_rows(
            claims.filter(state=ClaimState.OPEN), id="pk", goal_id="progress__goal"
        ),
        "asked_rows": json_rows(
            asked.order_by("asked_at", "pk"),
            claim_id="claim",
            name="asked_of__name",
            role="role",
            asked_at="asked_at",
        ),
        "said_rows": json_rows(
            Recommendation.objects.filter(open_claim),
            claim_id="claim",
            person_id="actor",
            role="actor_role",
            recommends="recommends",
        ),
        "tick_rows": json_rows(
            ticks,
            claim_id="claim",
            person_id="assessment__actor",
            role="assessment__actor_role",
        ),
        "assessment_rows": json_rows(
            Assessment.objects.standing().filter(OF_TRAINING).order_by(),
            goal_id="goal",
            levels="levels",
            acted_at="acted_at",
        ),
        "begun_goals": ArraySubquery(
            ActivityGoal.objects.filter(
                activity__training=OuterRef("pk"), activity__state__in=BEGUN
            )
            .order_by()
            .values("goal")
            .distinct()
        ),
        "mirror_rows": json_rows(
            MirroredGoal.objects.filter(OF_TRAINING), **goal, approved_on="approved_on"
        ),
        "succession_rows": json_rows(
            GoalSuccession.objects.filter(old_goal__in=touched.values("goal")),
            old_id="old_goal",
            new_id="new_goal",
            code="new_goal__code",
        ),
    }


def _of_papers() -> dict:
    return {
        "document_rows": json_rows(
            Document.objects.standing().filter(OF_TRAINING).order_by("kind", "issued_on", "pk"),
            id="pk",
            kind="kind",
            title="title",
            confirmation="confirmation",
            issued_on="issued_on",
            specialty="specialty",
            placement_id="placement",
            module_id="module",
            module="module__number",
            faults="scan_faults",
        ),
        "attendance_rows": json_rows(
            CourseAttendance.objects.filter(OF_TRAINING).order_by("acted_at", "pk"),
            module_id="module",
            attended="attended",
            completed_on="completed_on",
        ),
        "plan_rows": json_rows(
            Plan.objects.filter(OF_TRAINING).order_by("number"),
            id="pk",
            kind="kind",
            valid_until="valid_until",
        ),
        "consent_rows": json_rows(
            PlanAgreement.objects.filter(plan__training=OuterRef("pk")),
            plan_id="plan",
            role="actor_role",
            acted_at="acted_at",
        ),
    }


def _of_places(on: dt.date) -> dict:
    """Recognitions, agreements and signers of every place the training has to do with."""
    placements = Placement.objects.filter(training=OuterRef(OuterRef("pk")))
    departments = placements.values("department")
    institutions = placements.values("department__institution")
    guides = EducationalSupervision.objects.filter(training=OuterRef(OuterRef("pk")))
    signers = (
        RoleAssignment.objects.in_force(on=on)
        .filter(
            Q(department__in=departments) | Q(institution__in=institutions),
            role__in=[Role.DEPARTMENT_HEAD, Role.MEDICAL_LEAD],
            user__is_active=True,
        )
        .exclude(user=OuterRef("trainee"))
    )
    cohorts = CohortMembership.objects.in_force(on=on).filter(user=OuterRef(OuterRef("trainee")))
    leaders = CohortLeadership.objects.in_force(on=on).filter(cohort__in=cohorts.values("cohort"))
    return {
        "recognition_rows": json_rows(
            Recognition.objects.filter(
                Q(institution__in=institutions) | Q(institution__in=guides.values("employer"))
            ).order_by("starts_on"),
            institution_id="institution",
            department_id="department",
            kind="kind",
            status="status",
            **DAYS,
        ),
        "agreement_rows": json_rows(
            Agreement.objects.filter(arena__in=institutions).order_by("starts_on"),
            arena_id="arena",
            department_id="department",
            institution="institution__short_name",
            **DAYS,
        ),
        "signer_rows": json_rows(
            signers.order_by("user__name"),
            role="role",
            name="user__name",
            department_id="department",
            institution_id="institution",
        ),
        "leaders": ArraySubquery(leaders.order_by("user__name").values("user__name").distinct()),
    }


def _suspected_texts() -> dict:
    """Texts with as many digits as an identity number has, to be looked at again in Python.

    Not the private reflection: it never leaves the portfolio.
    """
    of_claim = {"claim__progress__training": OuterRef("pk")}
    of_placement = {"placement__training": OuterRef("pk")}
    sources = {
        "notes": (LearningActivity, "note", {"training": OuterRef("pk")}),
        "feedback": (Assessment, "feedback", {"training": OuterRef("pk")}),
        "claims": (Claim, "comment", {"progress__training": OuterRef("pk")}),
        "recommendations": (Recommendation, "comment", of_claim),
        "decisions": (Decision, "reason", of_claim),
        "contents": (ServiceStatement, "content", of_placement),
        "teaching": (ServiceStatement, "teaching", of_placement),
        "on_call": (ServiceStatement, "on_call_text", of_placement),
        "attestations": (ServiceAttestation, "comment", of_placement),
        "plans": (Plan, "text", {"training": OuterRef("pk")}),
        "titles": (Document, "title", {"training": OuterRef("pk")}),
    }
    return {
        f"suspected_{name}": ArraySubquery(
            model.objects.filter(**of_training)
            .order_by()
            .annotate(digit_count=_digit_count(text))
            .filter(digit_count__gte=LENGTH_OF_IDENTITY_NUMBER)
            .values(text)
        )
        for name, (model, text, of_training) in sources.items()
    }


def _digit_count(text: str) -> Length:
    """Counts digits of every script, as the guard of free text does."""
    digits = Func(
        F(text),
        Value(r"[^[:digit:]]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=CharField(),
    )
    return Length(digits)
