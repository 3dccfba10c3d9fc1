"""The core loop through the services, and what each verb refuses."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from institutions.enums import AttestedBy
from portfolio import rules
from portfolio.enums import (
    ActivityState,
    Outcome,
    ProgressState,
    Refusal,
    RequestState,
    ReturnReason,
    Verb,
)
from portfolio.models import Assessment, Event
from portfolio.services import activities, assessments, goals
from tests.factories import (
    days_ago,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db


def verbs(training) -> list[str]:
    return list(
        Event.objects.filter(training=training).order_by("sequence").values_list("verb", flat=True)
    )


def test_core_loop_from_log_to_approval():
    ward = make_ward()
    goal = make_goal(code="PAL-055")

    activity = make_activity(ward=ward, goals_=[goal], sent=True)
    request = activity.assessment_requests.get()
    assessments.sign_assessment(
        request,
        by=ward.supervisor,
        levels={1: 3, 2: 3, 3: 2},
        feedback="Trygg i bruk av pumper.",
        recommends=True,
        key=uuid4(),
    )
    claim = make_claim(ward=ward, goal=goal)
    goals.request_recommendations(
        claim, by=ward.trainee, clinical_supervisors=[], educational_supervisor=ward.guide
    )
    goals.recommend(
        claim,
        by=ward.guide,
        role="educational_supervisor",
        recommends=True,
        comment="",
        key=uuid4(),
    )
    decision = make_decision(ward=ward, claim=claim)

    activity.refresh_from_db()
    assert activity.state == ActivityState.ATTESTED
    assert decision.acted_at is not None
    assert ward.training.progress.get(goal=goal).state == ProgressState.APPROVED
    assert verbs(ward.training) == [
        Verb.ACTIVITY_SENT,
        Verb.ASSESSED,
        Verb.ACTIVITY_ATTESTED,
        Verb.GOAL_CLAIMED,
        Verb.RECOMMENDATION_REQUESTED,
        Verb.RECOMMENDED,
        Verb.GOAL_DECIDED,
    ]


# --- Activities ----------------------------------------------------------------------------------


def test_save_activity_with_same_key_is_one_activity():
    ward = make_ward()
    key = uuid4()
    content = {
        "kind": "supervised_practice",
        "starts_on": days_ago(1),
        "ends_on": None,
        "department": ward.department,
        "goals": [make_goal()],
        "performed_as": "supervised",
        "reflection": "Bare for meg.",
        "supervisor": ward.supervisor,
    }

    first = activities.save_activity(
        training=ward.training, by=ward.trainee, key=key, note="En.", **content
    )
    second = activities.save_activity(
        training=ward.training, by=ward.trainee, key=key, note="To.", **content
    )

    assert first.pk == second.pk
    assert [one.note for one in ward.training.activities.all()] == ["To."]


def test_save_activity_from_an_old_tab_is_stale():
    ward = make_ward()
    activity = make_activity(ward=ward)

    with pytest.raises(rules.Stale):
        activities.save_activity(
            training=ward.training,
            by=ward.trainee,
            key=activity.key,
            activity=activity,
            version=activity.version - 1,
            kind=activity.kind,
            starts_on=activity.starts_on,
            ends_on=None,
            department=ward.department,
            goals=[make_goal()],
            performed_as="",
            note="Fra en gammel fane.",
            reflection="",
            supervisor=None,
        )

    activity.refresh_from_db()
    assert activity.note == "Familiesamtale om overgang til lindring."


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"starts_on": days_ago(-1)}, Refusal.FUTURE),
        ({"ends_on": days_ago(-1)}, Refusal.FUTURE),
    ],
)
def test_save_activity_refuses_the_future(change, refusal):
    with pytest.raises(rules.Refused) as refused:
        make_activity(ward=make_ward(), **change)

    assert refused.value.code == refusal


def test_save_activity_refuses_a_goal_of_another_pathway():
    ward = make_ward(decides_goals=False)

    with pytest.raises(rules.Refused) as refused:
        make_activity(ward=ward, goals_=[make_goal(code="FKM-001")])

    assert refused.value.code == Refusal.FOREIGN_GOAL
    assert ward.training.activities.count() == 0


@pytest.mark.parametrize(
    ("persona", "refusal"),
    [
        (None, Refusal.NO_SUPERVISOR),
        ("trainee", Refusal.ONESELF),
        ("education_lead", Refusal.NOT_SUPERVISOR),
    ],
)
def test_send_activity_needs_a_supervisor_in_force(persona, refusal):
    ward = make_ward()
    supervisor = getattr(ward, persona) if persona else None

    with pytest.raises(rules.Refused) as refused:
        make_activity(ward=ward, supervisor=supervisor, sent=True)

    assert refused.value.code == refusal


def test_send_activity_twice_asks_once():
    ward = make_ward()
    activity = make_activity(ward=ward, goals_=[make_goal(), make_goal(code="PAL-020")])

    activities.send_activity(activity, by=ward.trainee)
    activities.send_activity(activity, by=ward.trainee)

    assert activity.assessment_requests.count() == 2  # one per goal


def test_recall_closes_requests_and_frees_the_text():
    ward = make_ward()
    activity = make_activity(ward=ward, sent=True)
    request = activity.assessment_requests.get()

    activities.recall_activity(activity, by=ward.trainee)

    request.refresh_from_db()
    activity.refresh_from_db()
    assert (activity.state, request.state) == (ActivityState.DRAFT, RequestState.RECALLED)
    with pytest.raises(rules.Stale):
        assessments.sign_assessment(
            request, by=ward.supervisor, levels={1: 3}, feedback="", recommends=False, key=uuid4()
        )


def test_return_request_sends_the_activity_back_with_the_reason():
    ward = make_ward()
    activity = make_activity(ward=ward, goals_=[make_goal(), make_goal(code="PAL-020")], sent=True)
    request = activity.assessment_requests.first()

    assessments.return_request(
        request, by=ward.supervisor, reason=ReturnReason.NOT_SEEN, comment="Var på kurs."
    )

    activity.refresh_from_db()
    assert (activity.state, activity.returned_comment) == (ActivityState.RETURNED, "Var på kurs.")
    assert set(activity.assessment_requests.values_list("state", flat=True)) == {
        RequestState.RETURNED
    }


def test_where_the_veileder_attests_a_signature_does_not():
    ward = make_ward()
    ward.department.institution.activities_attested_by = AttestedBy.EDUCATIONAL_SUPERVISOR
    ward.department.institution.save()
    activity = make_activity(ward=ward, sent=True)

    assessments.sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 3},
        feedback="",
        recommends=False,
        key=uuid4(),
    )
    activity.refresh_from_db()
    state_after_signature = activity.state
    attestation = activities.attest_activity(activity, by=ward.guide, key=uuid4())

    activity.refresh_from_db()
    assert state_after_signature == ActivityState.SENT
    assert activity.state == ActivityState.ATTESTED
    assert attestation.actor_role == "educational_supervisor"


# --- Assessments ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "refusal"),
    [
        ({}, Refusal.NO_LEVEL),
        ({9: 1}, Refusal.FOREIGN_LEVEL),
        ({1: 4}, Refusal.FOREIGN_LEVEL),
        ({0: 2}, Refusal.FOREIGN_LEVEL),
    ],
)
def test_sign_refuses_levels_that_are_not_of_the_goal(levels, refusal):
    ward = make_ward()

    with pytest.raises(rules.Refused) as refused:
        assessments.sign_assessment(
            make_request(ward=ward),
            by=ward.supervisor,
            levels=levels,
            feedback="",
            recommends=False,
            key=uuid4(),
        )

    assert refused.value.code == refusal
    assert Assessment.objects.count() == 0


def test_goal_without_statements_has_one_level_for_the_whole():
    ward = make_ward()

    assessment = make_assessment(ward=ward, goal=make_goal(code="FKM-001"), levels={0: 2})

    assert assessment.levels == {"0": 2}


def test_sign_twice_with_the_same_key_is_one_signature():
    ward = make_ward()
    request = make_request(ward=ward)
    sign = {"levels": {1: 3}, "feedback": "", "recommends": False, "key": uuid4()}

    first = assessments.sign_assessment(request, by=ward.supervisor, **sign)
    second = assessments.sign_assessment(request, by=ward.supervisor, **sign)

    assert first.pk == second.pk


def test_a_key_taken_from_somebody_else_signs_nothing():
    ward = make_ward()
    theirs = make_assessment(ward=ward)
    mine = make_request(ward=ward, asked_of=ward.guide)

    with pytest.raises(PermissionDenied):
        assessments.sign_assessment(
            mine, by=ward.guide, levels={1: 3}, feedback="", recommends=False, key=theirs.key
        )


def test_sign_again_with_another_key_is_stale():
    ward = make_ward()
    request = make_request(ward=ward)
    sign = {"levels": {1: 3}, "feedback": "", "recommends": False}
    assessments.sign_assessment(request, by=ward.supervisor, key=uuid4(), **sign)

    with pytest.raises(rules.Stale):
        assessments.sign_assessment(request, by=ward.supervisor, key=uuid4(), **sign)


@pytest.mark.parametrize("persona", ["trainee", "guide", "head", "outsider", "admin"])
def test_only_the_one_asked_signs(persona):
    ward = make_ward()
    request = make_request(ward=ward)

    with pytest.raises(PermissionDenied):
        assessments.sign_assessment(
            request,
            by=getattr(ward, persona),
            levels={1: 3},
            feedback="",
            recommends=False,
            key=uuid4(),
        )


def test_sign_after_the_role_has_ended_is_denied():
    ward = make_ward()
    request = make_request(ward=ward)
    ward.supervisor.role_assignments.update(ends_on=days_ago(1))

    with pytest.raises(PermissionDenied):
        assessments.sign_assessment(
            request, by=ward.supervisor, levels={1: 3}, feedback="", recommends=False, key=uuid4()
        )


def test_expired_request_is_stale_and_can_be_asked_anew():
    ward = make_ward()
    request = make_request(ward=ward)
    type(request).objects.update(expires_on=days_ago(1))

    with pytest.raises(rules.Stale):
        assessments.sign_assessment(
            request, by=ward.supervisor, levels={1: 3}, feedback="", recommends=False, key=uuid4()
        )
    again = make_request(ward=ward)

    request.refresh_from_db()
    assert (request.state, again.state) == (RequestState.EXPIRED, RequestState.OPEN)


def test_retract_reopens_the_request():
    ward = make_ward()
    assessment = make_assessment(ward=ward)

    assessments.retract_assessment(assessment, by=ward.supervisor, key=uuid4())

    assessment.request.refresh_from_db()
    assert assessment.request.state == RequestState.OPEN
    assert Assessment.objects.standing().count() == 0


def test_retract_leaves_the_request_when_the_trainee_has_asked_anew():
    ward = make_ward()
    assessment = make_assessment(ward=ward)
    anew = make_request(ward=ward)

    assessments.retract_assessment(assessment, by=ward.supervisor, key=uuid4())

    assert list(ward.training.assessment_requests.open()) == [anew]


def test_retract_leaves_the_request_of_an_activity_that_was_taken_back():
    ward = make_ward()
    ward.department.institution.activities_attested_by = AttestedBy.EDUCATIONAL_SUPERVISOR
    ward.department.institution.save()
    activity = make_activity(ward=ward, sent=True)
    assessment = assessments.sign_assessment(
        activity.assessment_requests.get(),
        by=ward.supervisor,
        levels={1: 2},
        feedback="",
        recommends=False,
        key=uuid4(),
    )
    activities.recall_activity(activity, by=ward.trainee)

    assessments.retract_assessment(assessment, by=ward.supervisor, key=uuid4())

    assert not ward.training.assessment_requests.open().exists()


def test_retract_is_refused_once_a_claim_cites_it():
    ward = make_ward()
    assessment = make_assessment(ward=ward)
    make_claim(ward=ward)

    with pytest.raises(rules.Refused) as refused:
        assessments.retract_assessment(assessment, by=ward.supervisor, key=uuid4())

    assert refused.value.code == Refusal.BUILT_ON


def test_correction_is_a_new_row_and_the_old_one_stands_beside_it():
    ward = make_ward()
    wrong = make_assessment(ward=ward, levels={1: 3})

    right = assessments.correct_assessment(
        wrong,
        by=ward.supervisor,
        levels={1: 2},
        feedback="Rettet.",
        recommends=False,
        key=uuid4(),
    )

    assert list(Assessment.objects.standing()) == [right]
    assert Assessment.objects.get(pk=wrong.pk).levels == {"1": 3}


def test_supervisor_begins_unasked_for_those_who_serve_with_them():
    ward = make_ward()

    made = assessments.assess_unasked(
        training=ward.training,
        goal=make_goal(),
        by=ward.supervisor,
        seen_on=today(),
        levels={2: 2},
        feedback="",
        recommends=False,
        key=uuid4(),
    )

    assert made.request is None
    with pytest.raises(PermissionDenied):
        assessments.assess_unasked(
            training=ward.training,
            goal=make_goal(),
            by=ward.outsider,
            seen_on=today(),
            levels={2: 2},
            feedback="",
            recommends=False,
            key=uuid4(),
        )


# --- Claims, recommendations, decisions ----------------------------------------------------------


def test_decision_waits_for_both_recommendations():
    ward = make_ward()
    make_assessment(ward=ward)
    claim = make_claim(ward=ward)

    with pytest.raises(rules.Refused) as refused:
        make_decision(ward=ward, claim=claim)

    assert refused.value.code == Refusal.NOT_RECOMMENDED


def test_approving_against_a_recommendation_needs_a_reason():
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim, recommends=False)

    with pytest.raises(rules.Refused) as refused:
        make_decision(ward=ward, claim=claim)
    decision = make_decision(ward=ward, claim=claim, reason="Kollegiet så mer.")

    assert refused.value.code == Refusal.AGAINST_NEEDS_REASON
    assert decision.outcome == Outcome.APPROVED


def test_a_claim_in_the_competence_area_is_refused():
    ward = make_ward(decides_goals=False)

    with pytest.raises(rules.Refused) as refused:
        make_claim(ward=ward)

    assert refused.value.code == Refusal.VOLUNTARY_MAP


def test_recalled_claim_can_be_made_anew():
    ward = make_ward()
    first = make_claim(ward=ward)

    goals.recall_claim(first, by=ward.trainee)
    second = make_claim(ward=ward)

    assert (first.number, second.number) == (1, 2)
    with pytest.raises(rules.Stale):
        goals.recall_claim(first, by=ward.trainee)


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.REFUSED])
def test_recall_goes_back_to_what_the_last_decision_said(outcome):
    ward = make_ward()
    first = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=first)
    make_decision(ward=ward, claim=first, outcome=outcome)

    goals.recall_claim(make_claim(ward=ward), by=ward.trainee)

    assert ward.training.progress.get().state == outcome
    assert make_claim(ward=ward).number == 3


def test_recall_after_a_withdrawn_approval_leaves_the_goal_open():
    ward = make_ward()
    first = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=first)
    make_decision(ward=ward, claim=first, outcome=Outcome.RETURNED)
    goals.withdraw_approval(make_approved(ward=ward), by=ward.head, reason="Feil.", key=uuid4())

    goals.recall_claim(make_claim(ward=ward), by=ward.trainee)

    assert ward.training.progress.get().state == ProgressState.OPEN


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.REFUSED])
def test_after_return_or_refusal_a_new_claim_is_possible(outcome):
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)

    make_decision(ward=ward, claim=claim, outcome=outcome)
    again = make_claim(ward=ward)

    assert again.number == 2


def test_second_refusal_makes_the_trainee_wait_six_months():
    ward = make_ward()
    for _ in range(2):
        claim = make_claim(ward=ward)
        make_recommendations(ward=ward, claim=claim)
        make_decision(ward=ward, claim=claim, outcome=Outcome.REFUSED)

    with pytest.raises(rules.Refused) as refused:
        make_claim(ward=ward)

    assert refused.value.code == Refusal.WAIT_AFTER_REFUSAL


def test_withdrawn_approval_opens_the_goal_again():
    ward = make_ward()
    decision = make_approved(ward=ward)

    goals.withdraw_approval(decision, by=ward.head, reason="Feil lege.", key=uuid4())

    progress = ward.training.progress.get()
    assert progress.state == ProgressState.OPEN
    assert make_claim(ward=ward).number == 2


@pytest.mark.parametrize("persona", ["trainee", "supervisor", "guide", "outsider", "admin"])
def test_only_the_head_of_the_placement_decides(persona):
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    claim.progress.refresh_from_db()

    with pytest.raises(PermissionDenied):
        goals.decide_goal(
            claim,
            by=getattr(ward, persona),
            outcome=Outcome.APPROVED,
            reason="",
            key=uuid4(),
            version=claim.progress.version,
        )


def test_deciding_from_an_old_page_is_stale():
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)

    with pytest.raises(rules.Stale):
        goals.decide_goal(
            claim, by=ward.head, outcome=Outcome.APPROVED, reason="", key=uuid4(), version=1
        )
