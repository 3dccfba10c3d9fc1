"""What a trainee has done, and what others say of it.

Evidence (everything that inherits `Act`, and the ledger) is append-only: a correction is a new row.
"""

from portfolio.models.activities import ActivityGoal, Attachment, LearningActivity, Reflection
from portfolio.models.acts import Act
from portfolio.models.assessments import (
    WHOLE_GOAL,
    Assessment,
    AssessmentRequest,
    AssessmentRetraction,
    Attestation,
)
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
from portfolio.models.training import EducationalSupervision, Placement, Training

__all__ = [
    "WHOLE_GOAL",
    "Act",
    "ActivityGoal",
    "ApprovalWithdrawal",
    "Assessment",
    "AssessmentRequest",
    "AssessmentRetraction",
    "Attachment",
    "Attestation",
    "CitedAssessment",
    "Claim",
    "Decision",
    "EducationalSupervision",
    "Event",
    "GoalProgress",
    "LearningActivity",
    "Opening",
    "Placement",
    "Recommendation",
    "RecommendationRequest",
    "Reflection",
    "Training",
]
