"""Who may do what. What a person may see is decided by the querysets (`visible_to`)."""

from django.db.models import Q

from institutions.enums import Role
from institutions.models import (
    Cohort,
    CohortLeadership,
    CourseSession,
    Department,
    RoleAssignment,
)
from portfolio.enums import ActivityState, ClaimState, DocumentKind, Outcome, PlanKind, RequestState
from portfolio.models import (
    Assessment,
    AssessmentRequest,
    AttestationRequest,
    Claim,
    Decision,
    Document,
    EducationalSupervision,
    LearningActivity,
    Placement,
    Plan,
    Training,
)
from portfolio.rules.plans import OTHER_PARTY

EDITABLE = (ActivityState.DRAFT, ActivityState.RETURNED)


def holds_role(user, role: str, training: Training) -> bool:
    """Whether the user holds the role for this training today. The same as the database asks."""
    if user.pk == training.trainee_id:
        return role == Role.TRAINEE
    if role == Role.EDUCATIONAL_SUPERVISOR:
        return Training.objects.guided_by(user).filter(pk=training.pk).exists()
    if role == Role.CLINICAL_SUPERVISOR:
        return RoleAssignment.objects.filter(user=user, role=role).in_force().exists()
    if role in (Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD):
        return Training.objects.placed_under(user, role).filter(pk=training.pk).exists()
    if role == Role.PROGRAM_LEADER:
        return Training.objects.in_cohort_of(user).filter(pk=training.pk).exists()
    return False


def role_for(user, training: Training) -> Role | None:
    """The hat in which this person looks at this portfolio. One query."""
    if user.pk == training.trainee_id:
        return Role.TRAINEE
    seen = Training.objects.filter(pk=training.pk).with_role_of(user)
    return Role(role) if (role := seen.values_list("viewer_role", flat=True).get()) else None


def assessing_role(user, training: Training) -> Role | None:
    """The role an assessment is signed in: daily supervision first, then guidance."""
    for role in (Role.CLINICAL_SUPERVISOR, Role.EDUCATIONAL_SUPERVISOR):
        if user.pk != training.trainee_id and holds_role(user, role, training):
            return role
    return None


def _is_trainee(user, training: Training) -> bool:
    return user.pk == training.trainee_id


def can_log(user, training: Training) -> bool:
    return _is_trainee(user, training) and training.ended_on is None


def can_edit(user, activity: LearningActivity) -> bool:
    return _is_trainee(user, activity.training) and activity.state in EDITABLE


def can_delete(user, activity: LearningActivity) -> bool:
    """Only what nobody has been shown."""
    return _is_trainee(user, activity.training) and activity.sent_at is None


def can_recall(user, activity: LearningActivity) -> bool:
    return _is_trainee(user, activity.training) and activity.state == ActivityState.SENT


def can_attest(user, activity: LearningActivity) -> bool:
    return LearningActivity.objects.awaiting_attestation(user).filter(pk=activity.pk).exists()


def can_assess(user, request: AssessmentRequest) -> bool:
    return AssessmentRequest.objects.awaiting(user).filter(pk=request.pk).exists()


def can_assess_unasked(user, training: Training) -> bool:
    return Training.objects.assessable_by(user).filter(pk=training.pk).exists()


def can_recall_request(user, request: AssessmentRequest) -> bool:
    return _is_trainee(user, request.training) and request.state == RequestState.OPEN


def can_retract(user, assessment: Assessment) -> bool:
    """Whose signature it is, in the role it was given in; whether it is too late is a rule with a
    message of its own."""
    return (
        assessment.actor_id == user.pk
        and not hasattr(assessment, "retraction")
        and holds_role(user, assessment.actor_role, assessment.training)
    )


def can_correct(user, assessment: Assessment) -> bool:
    return (
        assessment.actor_id == user.pk
        and Assessment.objects.standing().filter(pk=assessment.pk).exists()
        and assessing_role(user, assessment.training) is not None
    )


def can_recall_claim(user, claim: Claim) -> bool:
    return _is_trainee(user, claim.progress.training) and claim.state == ClaimState.OPEN


def can_decide(user, claim: Claim) -> bool:
    return Claim.objects.awaiting_decision_by(user).filter(pk=claim.pk).exists()


def can_withdraw(user, decision: Decision) -> bool:
    return (
        decision.outcome == Outcome.APPROVED
        and not hasattr(decision, "withdrawal")
        and user.pk != decision.claim.progress.training.trainee_id
        and holds_role(user, Role.DEPARTMENT_HEAD, decision.claim.progress.training)
    )


def can_change_placement(user, placement: Placement) -> bool:
    return can_log(user, placement.training)


def holds_role_at(user, role: str, department: Department | None) -> bool:
    """Whether the user holds the role at this department today. The same as the database asks."""
    if department is None:
        return False
    held = RoleAssignment.objects.in_force().filter(user=user, role=role)
    place = Q(department=department.pk) | Q(institution=department.institution_id)
    return held.filter(place).exists()


def can_state_service(user, placement: Placement) -> bool:
    """Also when the training has ended: what was served is attested afterwards."""
    return _is_trainee(user, placement.training)


def can_sign_service(user, request: AttestationRequest) -> bool:
    return AttestationRequest.objects.awaiting(user).filter(pk=request.pk).exists()


def can_appoint_supervisor(user, training: Training) -> bool:
    """The head, the education lead or an administrator; never for oneself."""
    if _is_trainee(user, training):
        return False
    return is_admin(user) or any(
        holds_role(user, role, training) for role in (Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD)
    )


def can_move(user, training: Training) -> bool:
    """To another pathway or version: the programme leader's to decide."""
    return holds_role(user, Role.PROGRAM_LEADER, training)


def can_end_training(user, training: Training) -> bool:
    return is_admin(user) and not _is_trainee(user, training)


def can_withdraw_document(user, document: Document) -> bool:
    return can_log(user, document.training) and document.withdrawn_at is None


def can_confirm_document(user, document: Document) -> bool:
    return Document.objects.awaiting_confirmation_by(user).filter(pk=document.pk).exists()


def confirming_role(user, document: Document) -> Role | None:
    """The hat in which somebody who is not the doctor would confirm it."""
    if _is_trainee(user, document.training):
        return None
    if document.kind == DocumentKind.SERVICE_ATTESTATION:
        heads = holds_role(user, Role.DEPARTMENT_HEAD, document.training)
        return Role.DEPARTMENT_HEAD if heads else None
    return role_for(user, document.training)


def signing_role(user, document: Document) -> Role:
    """The hat in which somebody sees the document without seeing the portfolio: as one who signs
    for that service, or who once confirmed it."""
    place = document.placement.department if document.placement else None
    for role in (Role.DEPARTMENT_HEAD, Role.MEDICAL_LEAD):
        if holds_role_at(user, role, place):
            return role
    return Role(document.confirmation.actor_role)


def agreeing_role(user, plan: Plan) -> Role | None:
    """In which role this person can agree to the revision now: the trainee first."""
    if plan.training.ended_on:
        return None
    if _is_trainee(user, plan.training):
        return None if plan.agreements.filter(actor_role=Role.TRAINEE).exists() else Role.TRAINEE
    is_asked = Plan.objects.awaiting(user).filter(pk=plan.pk).exists()
    return OTHER_PARTY[PlanKind(plan.kind)] if is_asked else None


def can_describe_supervisor(user, supervision: EducationalSupervision) -> bool:
    """Who appoints, and the veileder, who knows it best."""
    is_supervisor = supervision.supervisor_id == user.pk
    return is_supervisor or can_appoint_supervisor(user, supervision.training)


def can_submit(user, training: Training) -> bool:
    """The dossier is the trainee's own to send, also after the training has ended."""
    return _is_trainee(user, training)


def can_order_report(user, training: Training) -> bool:
    """Trainee, educational supervisor, head and leaders, within what they may see."""
    return role_for(user, training) is not None


def can_plan_session(user, cohort: Cohort) -> bool:
    return CohortLeadership.objects.in_force().filter(user=user, cohort=cohort).exists()


def can_change_session(user, session: CourseSession) -> bool:
    """A session for everybody belongs to nobody's cohort, and is nobody's to change here."""
    return session.cohort is not None and can_plan_session(user, session.cohort)


def is_admin(user) -> bool:
    return RoleAssignment.objects.filter(user=user, role=Role.ADMIN).in_force().exists()
