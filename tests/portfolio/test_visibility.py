"""Who sees what (domain.md §3, «Sees»), and that it ends at once."""

import pytest

from institutions.models import CohortLeadership, RoleAssignment
from portfolio.enums import ActivityKind
from portfolio.models import (
    Assessment,
    AssessmentRequest,
    Claim,
    EducationalSupervision,
    GoalProgress,
    LearningActivity,
    Placement,
    Training,
)
from portfolio.services import goals
from tests.factories import (
    days_ago,
    make_activity,
    make_assessment,
    make_claim,
    make_recommendations,
    make_request,
    make_ward,
)

pytestmark = pytest.mark.django_db

PERSONAS = (
    "trainee",
    "supervisor",
    "guide",
    "head",
    "education_lead",
    "program_leader",
    "admin",
    "outsider",
)
WHOLE_PORTFOLIO = {"trainee", "guide", "head", "education_lead", "program_leader"}


def seen_by(ward, rows) -> set[str]:
    """The personas who see any of the rows; `rows` takes the persona's user."""
    return {persona for persona in PERSONAS if rows(getattr(ward, persona)).exists()}


def test_training_is_seen_by_those_who_follow_it():
    ward = make_ward()

    assert seen_by(ward, Training.objects.visible_to) == WHOLE_PORTFOLIO


def test_draft_is_the_trainees_alone():
    ward = make_ward()
    make_activity(ward=ward)

    assert seen_by(ward, LearningActivity.objects.visible_to) == {"trainee"}


def test_sent_activity_is_seen_by_the_one_it_is_sent_to_as_well():
    ward = make_ward()
    make_activity(ward=ward, sent=True)

    assert seen_by(ward, LearningActivity.objects.visible_to) == WHOLE_PORTFOLIO | {"supervisor"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (ActivityKind.SUPERVISED_PRACTICE, WHOLE_PORTFOLIO | {"supervisor"}),
        (ActivityKind.GUIDANCE, {"trainee", "guide", "supervisor"}),
    ],
)
def test_what_was_said_in_guidance_is_not_for_head_and_leaders(kind, expected):
    ward = make_ward()
    activity = make_activity(ward=ward, kind=kind, note="Om arbeidspress.", sent=True)

    assert seen_by(ward, LearningActivity.objects.told_to) == expected
    assert seen_by(ward, LearningActivity.objects.visible_to) == WHOLE_PORTFOLIO | {"supervisor"}
    assert ("arbeidspress" in activity.heading) is (kind != ActivityKind.GUIDANCE)


def test_request_and_assessment_are_seen_by_the_supervisor_who_signed():
    ward = make_ward()
    make_assessment(ward=ward)
    expected = WHOLE_PORTFOLIO | {"supervisor"}

    assert seen_by(ward, AssessmentRequest.objects.visible_to) == expected
    assert seen_by(ward, Assessment.objects.visible_to) == expected


def test_claim_is_seen_by_the_supervisor_asked_only_once_asked():
    ward = make_ward()
    claim = make_claim(ward=ward)

    before = seen_by(ward, GoalProgress.objects.visible_to)
    goals.request_recommendations(
        claim, by=ward.trainee, clinical_supervisors=[ward.supervisor, ward.outsider]
    )
    after = seen_by(ward, GoalProgress.objects.visible_to)

    assert before == WHOLE_PORTFOLIO
    assert after == WHOLE_PORTFOLIO | {"supervisor", "outsider"}


def test_supervisor_asked_for_a_recommendation_sees_what_the_claim_cites():
    ward = make_ward()
    make_assessment(ward=ward, assessor=ward.guide)
    claim = make_claim(ward=ward)

    before = Assessment.objects.visible_to(ward.supervisor).exists()
    goals.request_recommendations(claim, by=ward.trainee, clinical_supervisors=[ward.supervisor])
    after = Assessment.objects.visible_to(ward.supervisor).exists()

    assert (before, after) == (False, True)


ENDED = {
    "guide": lambda ward: EducationalSupervision.objects.all(),
    "head": lambda ward: RoleAssignment.objects.filter(user=ward.head),
    "education_lead": lambda ward: RoleAssignment.objects.filter(user=ward.education_lead),
    "program_leader": lambda ward: CohortLeadership.objects.filter(user=ward.program_leader),
}


@pytest.mark.parametrize("persona", ENDED)
def test_sight_ends_with_the_role(persona):
    ward = make_ward()
    user = getattr(ward, persona)

    before = Training.objects.visible_to(user).exists()
    ENDED[persona](ward).update(ends_on=days_ago(1))
    after = Training.objects.visible_to(user).exists()

    assert (before, after) == (True, False)


@pytest.mark.parametrize("persona", ["head", "education_lead"])
def test_sight_ends_with_the_placement(persona):
    ward = make_ward()

    Placement.objects.update(ends_on=days_ago(1))

    assert not Training.objects.visible_to(getattr(ward, persona)).exists()


def test_role_that_begins_tomorrow_sees_nothing_today():
    ward = make_ward()
    RoleAssignment.objects.filter(user=ward.head).update(starts_on=days_ago(-1))

    assert not Training.objects.visible_to(ward.head).exists()
    assert Training.objects.visible_to(ward.head, on=days_ago(-1)).exists()


def test_open_request_is_out_of_sight_when_the_supervisors_role_ends():
    ward = make_ward()
    make_request(ward=ward)
    make_activity(ward=ward, sent=True)

    RoleAssignment.objects.filter(user=ward.supervisor).update(ends_on=days_ago(1))

    assert not AssessmentRequest.objects.visible_to(ward.supervisor).exists()
    assert not AssessmentRequest.objects.awaiting(ward.supervisor).exists()
    assert not LearningActivity.objects.visible_to(ward.supervisor).exists()


def test_what_one_signed_stays_in_sight_for_good():
    ward = make_ward()
    make_assessment(ward=ward)
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)

    RoleAssignment.objects.filter(user=ward.supervisor).update(ends_on=days_ago(1))

    assert Assessment.objects.visible_to(ward.supervisor).count() == 1
    assert GoalProgress.objects.visible_to(ward.supervisor).count() == 1
    assert not Training.objects.visible_to(ward.supervisor).exists()


def test_head_waits_for_claims_of_the_department_and_never_ones_own():
    ward = make_ward()
    make_claim(ward=ward)

    assert Claim.objects.awaiting_decision_by(ward.head).count() == 1
    assert Claim.objects.awaiting_decision_by(ward.outsider).count() == 0
    RoleAssignment.objects.filter(user=ward.head).update(user=ward.trainee)
    assert Claim.objects.awaiting_decision_by(ward.trainee).count() == 0


def test_expired_request_does_not_wait():
    ward = make_ward()
    request = make_request(ward=ward)

    waits = AssessmentRequest.objects.awaiting(ward.supervisor).count()
    type(request).objects.update(expires_on=days_ago(1))

    assert (waits, AssessmentRequest.objects.awaiting(ward.supervisor).count()) == (1, 0)
