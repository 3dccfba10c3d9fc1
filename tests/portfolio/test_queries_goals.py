"""What the pages of goals are drawn from."""

import pytest

from curriculum.queries import curriculum_themes, pathway_goals
from curriculum.search import search_goals
from institutions.enums import Role
from portfolio.enums import ClaimState, GoalStatus, Outcome, RequestState
from portfolio.queries.evidence import goal_evidence
from portfolio.queries.goals import goal_overview, matching_goals
from tests.factories import (
    days_ago,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db


def statuses(ward) -> dict[str, GoalStatus]:
    return {line.goal.code: line.status for line in goal_overview(ward.training, today()).lines}


def evidence(ward, goal):
    return goal_evidence(ward.training, pathway_goals(ward.training.pathway).by_id[goal.pk])


def test_overview_status_of_each_goal():
    ward = make_ward()
    codes = ["PAL-001", "PAL-002", "PAL-003", "PAL-004", "PAL-005", "PAL-006", "FKM-001"]
    goals = {code: make_goal(code=code) for code in codes}
    make_activity(ward=ward, goals_=[goals["PAL-002"]], sent=True)
    make_activity(ward=ward, goals_=[goals["PAL-001"]])  # a draft: nobody else knows of it
    make_approved(ward=ward, goal=goals["PAL-003"])
    make_assessment(ward=ward, goal=goals["PAL-004"])
    make_claim(ward=ward, goal=goals["PAL-004"])
    for code, outcome in (("PAL-005", Outcome.RETURNED), ("PAL-006", Outcome.REFUSED)):
        claim = make_claim(ward=ward, goal=goals[code])
        make_recommendations(ward=ward, claim=claim)
        make_decision(ward=ward, claim=claim, outcome=outcome)
    make_assessment(ward=ward, goal=goals["FKM-001"])

    assert statuses(ward) == {
        "PAL-001": GoalStatus.NOT_STARTED,
        "PAL-002": GoalStatus.IN_PROGRESS,
        "PAL-003": GoalStatus.APPROVED,
        "PAL-004": GoalStatus.CLAIMED,
        "PAL-005": GoalStatus.RETURNED,
        "PAL-006": GoalStatus.REFUSED,
        "FKM-001": GoalStatus.IN_PROGRESS,
    }


def test_overview_in_the_competence_area_is_shown_when_every_statement_is():
    ward = make_ward(decides_goals=False)
    make_assessment(ward=ward, goal=make_goal(code="PAL-002"))
    make_assessment(ward=ward, goal=make_goal(code="PAL-055"), levels={1: 3})
    make_goal(code="PAL-003")

    overview = goal_overview(ward.training, today())

    assert statuses(ward) == {
        "PAL-002": GoalStatus.SHOWN,
        "PAL-003": GoalStatus.NOT_STARTED,
        "PAL-055": GoalStatus.IN_PROGRESS,
    }
    assert (overview.settled, overview.total) == (1, 3)


def test_overview_gap_is_the_highest_level_shown():
    ward = make_ward()
    goal = make_goal(code="PAL-055")
    make_assessment(ward=ward, goal=goal, levels={1: 3, 2: 1})
    make_assessment(ward=ward, goal=goal, levels={1: 2, 2: 2})

    [line] = goal_overview(ward.training, today()).lines

    shown = [(gap.required, gap.shown and gap.shown.level, gap.reached) for gap in line.gaps]
    assert shown == [(3, 3, True), (3, 2, False), (2, None, False)]
    assert line.last_on == today()


def test_overview_takes_three_queries_for_one_goal_and_for_three(django_assert_num_queries):
    ward = make_ward()
    make_approved(ward=ward, goal=make_goal(code="PAL-001"))
    goal_overview(ward.training, today())  # the goals are read once per process
    with django_assert_num_queries(3):
        goal_overview(ward.training, today())
    for code in ("PAL-002", "PAL-003"):
        make_approved(ward=ward, goal=make_goal(code=code))
    goal_overview(ward.training, today())

    with django_assert_num_queries(3):
        goal_overview(ward.training, today())


def test_evidence_tells_the_whole_story():
    ward = make_ward()
    goal = make_goal(code="PAL-055")
    activity = make_activity(ward=ward, goals_=[goal], sent=True)
    first = make_assessment(ward=ward, goal=goal, recommends=True, feedback="Trygg.")
    claim = make_claim(ward=ward, goal=goal, comment="Alt er vist.")
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim, outcome=Outcome.RETURNED, reason="Vis mer.")
    claim = make_claim(ward=ward, goal=goal)

    found = evidence(ward, goal)

    assert found.status == GoalStatus.CLAIMED
    assert found.missing == ()
    assert [(row.on, row.activity_id, row.assessment_id) for row in found.rows] == [
        (today(), None, first.pk),
        (days_ago(3), activity.pk, None),
    ]
    assert found.rows[1].heading == "Familiesamtale om overgang til lindring"
    assert [(one.state, one.asked_of) for one in found.asks] == [
        (RequestState.OPEN, "Hilde Demo Vik")
    ]
    newest, oldest = found.claims
    assert (newest.id, newest.state) == (claim.pk, ClaimState.OPEN)
    assert [(one.role, one.by_tick) for one in newest.voices] == [(Role.CLINICAL_SUPERVISOR, True)]
    assert newest.readiness.missing == (Role.EDUCATIONAL_SUPERVISOR,)
    assert [(one.name, one.recommends) for one in oldest.voices] == [
        ("Per Demo Moen", True),
        ("Hilde Demo Vik", True),
    ]
    assert oldest.readiness.ready
    assert (oldest.verdict.outcome, oldest.verdict.reason) == (Outcome.RETURNED, "Vis mer.")
    assert [one.name for one in found.heads] == ["Anne Demo Haugen"]
    assert [one.department for one in found.services] == [ward.department.name]


def test_evidence_of_an_untouched_goal():
    ward = make_ward()

    found = evidence(ward, make_goal(code="FKM-001"))

    assert (found.status, found.version) == (GoalStatus.NOT_STARTED, 1)
    assert [(one.statement, one.gap.required) for one in found.statements] == [(None, None)]
    assert (found.rows, found.asks, found.claims) == ((), (), ())


def test_evidence_takes_three_queries_for_one_assessment_and_for_three(django_assert_num_queries):
    ward = make_ward()
    goal = make_goal()
    make_approved(ward=ward, goal=goal)
    seen = pathway_goals(ward.training.pathway).by_id[goal.pk]
    with django_assert_num_queries(3):
        goal_evidence(ward.training, seen)
    for _ in range(2):
        make_activity(ward=ward, goals_=[goal], sent=True)
        make_assessment(ward=ward, goal=goal)

    with django_assert_num_queries(3):
        goal_evidence(ward.training, seen)


def test_search_reads_the_elaboration_as_the_public_search_does():
    codes = ["016", "019", "033", "038", "044", "049", "051", "052", "055"]
    for code in codes:
        curriculum = make_goal(code=f"PAL-{code}").curriculum
    goals = [goal for theme in curriculum_themes(curriculum) for goal in theme.goals]

    found = matching_goals(goals, "lindring")

    assert found == {hit.goal.id for hit in search_goals(curriculum, "lindring")}
    assert any("lindring" not in goal.text.lower() for goal in goals if goal.id in found)
