"""What a portfolio consists of. Each table stands after those that its rows point at."""

from dataclasses import dataclass

from django.db import models

from accounts.models import User
from curriculum.models import (
    Course,
    CourseModule,
    Curriculum,
    GoalStatement,
    LearningGoal,
    Pathway,
)
from institutions.models import CourseSession, Department, Institution
from portfolio import models as portfolio
from portfolio.models import Training


@dataclass(frozen=True)
class Table:
    """`to_training` is the path from a row to whose portfolio it is in."""

    model: type[models.Model]
    to_training: str = "training"
    only: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    @property
    def fields(self) -> list[models.Field]:
        """Those that the file has: the key is its own, and the training is understood."""
        return [field for field in self.model._meta.concrete_fields if self._has(field)]

    def _has(self, field: models.Field) -> bool:
        if self.only:
            return field.name in self.only
        return not field.primary_key and field.related_model is not Training


# What the portfolio points at and does not own. Named by what it is called everywhere.
OUTSIDE = (
    Table(User, only=("hpr_number", "email", "name")),
    Table(Institution, only=("organisation_number", "name", "short_name", "kind", "region")),
    Table(Department, only=("institution", "name", "arena_kind")),
    Table(Curriculum, only=("code",)),
    Table(LearningGoal, only=("curriculum", "code", "text", "bullets")),
    Table(GoalStatement, only=("goal", "order", "kind", "level", "supervised", "in_team", "text")),
    Table(Course, only=("code",)),
    Table(CourseModule, only=("course", "number")),
    Table(
        CourseSession,
        only=("module", "starts_on", "ends_on", "place", "organiser", "sign_up_until"),
    ),
    Table(Pathway, only=("code", "version")),
)

TRAINING = Table(Training, only=("trainee", "pathway", "authorised_on", "started_on", "ended_on"))

OWN = (
    Table(portfolio.Placement),
    Table(portfolio.EducationalSupervision),
    Table(portfolio.Absence),
    Table(portfolio.ServiceStatement, "placement__training"),
    Table(portfolio.AttestationRequest, "placement__training"),
    Table(portfolio.ServiceAttestation, "placement__training"),
    Table(portfolio.AttestationCountersignature, "attestation__placement__training"),
    Table(portfolio.LearningActivity),
    Table(portfolio.ActivityGoal, "activity__training"),
    Table(portfolio.Reflection, "activity__training"),
    Table(portfolio.Attachment, "activity__training"),
    Table(portfolio.AssessmentRequest),
    Table(portfolio.Assessment),
    Table(portfolio.AssessmentRetraction, "assessment__training"),
    Table(portfolio.Attestation, "activity__training"),
    Table(portfolio.GoalProgress),
    Table(portfolio.Claim, "progress__training"),
    Table(portfolio.CitedAssessment, "claim__progress__training"),
    Table(portfolio.RecommendationRequest, "claim__progress__training"),
    Table(portfolio.Recommendation, "claim__progress__training"),
    Table(portfolio.Decision, "claim__progress__training"),
    Table(portfolio.ApprovalWithdrawal, "decision__claim__progress__training"),
    Table(portfolio.Document),
    Table(portfolio.DocumentConfirmation, "document__training"),
    Table(portfolio.CourseSignUp),
    Table(portfolio.CourseAttendance),
    Table(portfolio.Plan),
    Table(portfolio.PlanItem, "plan__training"),
    Table(portfolio.PlanAgreement, "plan__training"),
    Table(portfolio.MirroredGoal),
    Table(portfolio.PathwayMove),
    Table(portfolio.Submission),
    Table(portfolio.Opening),
    Table(portfolio.Event),
)
