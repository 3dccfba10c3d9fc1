"""One doctor's goals are counted alike on every page that counts them."""

from collections import Counter

import pytest

from curriculum.models import LearningGoal, PathwayCurriculum
from portfolio.enums import ActivityState, GoalStatus
from portfolio.models import LearningActivity, Training
from portfolio.queries.doctors import cohort_of
from portfolio.queries.goals import goal_overview
from portfolio.queries.readiness import readiness_of
from portfolio.services import goals
from tests.factories import (
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_goal,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


def training_of(ward) -> Training:
    return Training.objects.select_related("trainee", "pathway").get(pk=ward.training.pk)


def judged(ward) -> Counter:
    [found] = readiness_of(Training.objects.filter(pk=ward.training.pk).select_related("pathway"))
    return Counter(one.status for one in found.facts.goals if one.is_required)


def counted_by_leader(ward) -> tuple[int, int, int]:
    (line,) = cohort_of(ward.head, on=today()).lines
    return line.settled, line.claimed, line.total


def counted_by_owner(ward) -> tuple[int, int, int]:
    overview = goal_overview(training_of(ward), today())
    return overview.settled, overview.counts[GoalStatus.CLAIMED], overview.total


def test_goal_left_by_a_move_is_counted_by_nobody(ward):
    make_approved(ward=ward, goal=make_goal(code="PAL-055"))
    make_claim(ward=ward, goal=make_goal(code="PAL-020"))
    make_goal(code="FKM-001", curriculum_code="fkm-2025")
    assert counted_by_leader(ward) == counted_by_owner(ward) == (1, 1, 3)

    PathwayCurriculum.objects.filter(curriculum__code="pal-2023").delete()

    assert counted_by_leader(ward) == counted_by_owner(ward) == (0, 0, 1)


def test_goal_that_is_not_required_is_counted_by_nobody(ward):
    make_approved(ward=ward, goal=make_goal(code="PAL-055"))
    make_goal(code="PAL-020")
    LearningGoal.objects.filter(code="PAL-055").update(required=False)

    assert counted_by_leader(ward) == counted_by_owner(ward) == (0, 0, 1)


def test_what_is_begun_is_begun_on_every_page(ward):
    codes = ("PAL-001", "PAL-002", "PAL-003", "PAL-004", "PAL-005")
    shown, sent, returned, recalled, drafted = (make_goal(code=code) for code in codes)
    make_goal(code="PAL-020")
    make_assessment(ward=ward, goal=shown)
    make_activity(ward=ward, goals_=[sent], sent=True)
    sent_back = make_activity(ward=ward, goals_=[returned], sent=True)
    LearningActivity.objects.filter(pk=sent_back.pk).update(state=ActivityState.RETURNED)
    goals.recall_claim(make_claim(ward=ward, goal=recalled), by=ward.trainee)
    make_activity(ward=ward, goals_=[drafted])

    expected = Counter({GoalStatus.IN_PROGRESS: 4, GoalStatus.NOT_STARTED: 2})
    assert Counter(goal_overview(training_of(ward), today()).counts) == expected
    assert judged(ward) == expected
