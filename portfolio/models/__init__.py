"""What a trainee has done, and what others say of it.

Evidence (everything that inherits `Act`, and the ledger) is append-only: a correction is a new row.
"""

from portfolio.models.activities import ActivityGoal, Attachment, LearningActivity, Reflection
from portfolio.models.acts import Act
from portfolio.models.applications import MirroredGoal, PathwayMove, Submission
from portfolio.models.assessments import (
    WHOLE_GOAL,
    Assessment,
    AssessmentRequest,
    AssessmentRetraction,
    Attestation,
)
from portfolio.models.courses import CourseAttendance, CourseSignUp
from portfolio.models.documents import Document, DocumentConfirmation
from portfolio.models.goals import (
    ApprovalWithdrawal,
    CitedAssessment,
    Claim,
    Decision,
    GoalProgress,
    Recommendation,
    RecommendationRequest,
)
from portfolio.models.ledger import Event, Opening
from portfolio.models.plans import Plan, PlanAgreement, PlanItem
from portfolio.models.service import (
    Absence,
    AttestationCountersignature,
    AttestationRequest,
    ServiceAttestation,
    ServiceStatement,
)
from portfolio.models.training import EducationalSupervision, Placement, Training

__all__ = [
    "WHOLE_GOAL",
    "Absence",
    "Act",
    "ActivityGoal",
    "ApprovalWithdrawal",
    "Assessment",
    "AssessmentRequest",
    "AssessmentRetraction",
    "Attachment",
    "Attestation",
    "AttestationCountersignature",
    "AttestationRequest",
    "CitedAssessment",
    "Claim",
    "CourseAttendance",
    "CourseSignUp",
    "Decision",
    "Document",
    "DocumentConfirmation",
    "EducationalSupervision",
    "Event",
    "GoalProgress",
    "LearningActivity",
    "MirroredGoal",
    "Opening",
    "PathwayMove",
    "Placement",
    "Plan",
    "PlanAgreement",
    "PlanItem",
    "Recommendation",
    "RecommendationRequest",
    "Reflection",
    "ServiceAttestation",
    "ServiceStatement",
    "Submission",
    "Training",
]
