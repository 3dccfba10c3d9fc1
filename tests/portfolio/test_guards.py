"""The database is the last guard: what it refuses whatever the application says.

Each guard has its control in the same table or beside it: the same write, without the fault,
goes through. Everything here runs as the application role, except where a test says otherwise.
"""

import datetime as dt
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from portfolio.enums import ActivityState, ProgressState, RequestState, Verb
from portfolio.models import (
    ApprovalWithdrawal,
    Assessment,
    AssessmentRetraction,
    Attestation,
    CitedAssessment,
    Claim,
    Decision,
    EducationalSupervision,
    Event,
    GoalProgress,
    Opening,
    Placement,
    Recommendation,
)
from portfolio.services.ledger import record
from tests.factories import (
    days_ago,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_placement,
    make_recommendations,
    make_request,
    make_training,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

APPEND_ONLY = [
    Event,
    Assessment,
    AssessmentRetraction,
    Attestation,
    CitedAssessment,
    Recommendation,
    Decision,
    ApprovalWithdrawal,
]


def assessment_row(ward, **fields) -> dict:
    return {
        "training": ward.training,
        "goal": make_goal(),
        "actor": ward.supervisor,
        "actor_role": "clinical_supervisor",
        "seen_on": today(),
        "levels": {"1": 3},
        "key": uuid4(),
    } | fields


# --- Append-only ---------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [*APPEND_ONLY, Opening], ids=lambda model: model.__name__)
@pytest.mark.parametrize("right", ["UPDATE", "DELETE", "TRUNCATE"])
def test_application_role_has_no_right_to_change_evidence(model, right):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_table_privilege(current_user, %s, %s), "
            "has_table_privilege(current_user, %s, 'INSERT')",
            [model._meta.db_table, right, model._meta.db_table],
        )
        may_change, may_add = cursor.fetchone()

    assert (may_change, may_add) == (False, True)


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model.__name__)
def test_application_role_owns_nothing(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tableowner = current_user FROM pg_tables WHERE tablename = %s",
            [model._meta.db_table],
        )
        (owns,) = cursor.fetchone()

    assert owns is False


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_event SET content = '{}'",
        "DELETE FROM portfolio_event",
        "TRUNCATE portfolio_event",
        "ALTER TABLE portfolio_event DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "UPDATE portfolio_installation SET mode = 'test'",
        "DROP TABLE portfolio_event",
    ],
)
def test_application_role_cannot_touch_the_ledger(attack):
    make_activity(ward=make_ward(), sent=True)

    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_event SET content = '{}'",
        "DELETE FROM portfolio_event",
        "TRUNCATE portfolio_event CASCADE",
    ],
)
@pytest.mark.django_db(transaction=True)
def test_the_trigger_stops_even_the_owner(attack, connect_as):
    make_activity(ward=make_ward(), sent=True)

    with pytest.raises(psycopg.Error):
        connect_as("palmappen_owner").execute(attack)

    assert Event.objects.count() == 1


# --- The database's clock ------------------------------------------------------------------------


def test_application_cannot_choose_the_time_of_a_signature():
    ward = make_ward()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('palmappen.now', '2020-01-01T12:00:00+00', true)")
        cursor.execute("SELECT clock_timestamp()")
        (before,) = cursor.fetchone()

    made = Assessment.objects.create(
        **assessment_row(ward), acted_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    )

    made.refresh_from_db()
    assert made.acted_at >= before


@pytest.mark.django_db(transaction=True)
def test_owner_moves_the_clock_only_in_a_marked_installation(connect_as):
    owner = connect_as("palmappen_owner")
    owner.execute("SELECT set_config('palmappen.now', '2020-01-01T12:00:00+00', false)")
    year = "SELECT extract(year FROM palmappen_now())::int"

    (marked,) = owner.execute(year).fetchone()
    owner.execute("UPDATE portfolio_installation SET mode = 'production'")
    try:
        (production,) = owner.execute(year).fetchone()
    finally:
        owner.execute("UPDATE portfolio_installation SET mode = 'test'")

    assert (marked, production) == (2020, today().year)


@pytest.mark.parametrize("persona", ["supervisor", "trainee"])
def test_no_session_tells_the_guards_to_look_away(persona):
    ward = make_ward()
    row = assessment_row(ward, actor=getattr(ward, persona))
    long_ago = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true)"
            " FROM pg_trigger WHERE NOT tgisinternal"
        )

    if persona == "supervisor":
        made = Assessment.objects.create(**row, acted_at=long_ago)
        made.refresh_from_db()
        assert made.acted_at > long_ago
    else:
        with pytest.raises(IntegrityError, match="nobody acts for themselves"):
            Assessment.objects.create(**row)


def test_no_temporary_table_stands_before_the_guards():
    ward = make_ward()
    ward.supervisor.role_assignments.all().delete()
    stand_ins = """
        CREATE TEMPORARY TABLE institutions_roleassignment AS
            SELECT %s::bigint AS user_id, 'clinical_supervisor' AS role,
                   date '2020-01-01' AS starts_on, NULL::date AS ends_on
    """
    row = assessment_row(ward)
    with connection.cursor() as cursor:
        cursor.execute(stand_ins, [ward.supervisor.pk])

    with pytest.raises(IntegrityError, match="is not held"):
        Assessment.objects.create(**row)


def test_no_temporary_table_moves_the_clock():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_temp, public")
        cursor.execute("CREATE TEMPORARY TABLE portfolio_event (id int)")
        cursor.execute("CREATE TEMPORARY TABLE portfolio_installation AS SELECT 'test' AS mode")
        cursor.execute("SELECT set_config('palmappen.now', '2020-01-01T12:00:00+00', true)")
        cursor.execute("SELECT extract(year FROM palmappen_now())::int")
        (year,) = cursor.fetchone()

    assert year == today().year


# --- Who signs, and in which role ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "role", "allowed"),
    [
        ("supervisor", "clinical_supervisor", True),
        ("guide", "educational_supervisor", True),
        ("guide", "clinical_supervisor", False),
        ("supervisor", "educational_supervisor", False),
        ("head", "department_head", False),  # holds it, but it is not a role that assesses
        ("head", "clinical_supervisor", False),
        ("admin", "clinical_supervisor", False),
        ("trainee", "clinical_supervisor", False),
    ],
)
def test_assessment_takes_a_supervisors_role_held_today(persona, role, allowed):
    ward = make_ward()
    row = assessment_row(ward, actor=getattr(ward, persona), actor_role=role)

    if allowed:
        assert Assessment.objects.create(**row).pk
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.create(**row)


@pytest.mark.parametrize(("last_day", "allowed"), [(today(), True), (days_ago(1), False)])
def test_a_role_counts_to_its_last_day(last_day, allowed):
    ward = make_ward()
    ward.supervisor.role_assignments.update(ends_on=last_day)

    if allowed:
        assert Assessment.objects.create(**assessment_row(ward)).pk
    else:
        with pytest.raises(IntegrityError, match="is not held"), transaction.atomic():
            Assessment.objects.create(**assessment_row(ward))


def test_nobody_signs_for_themselves_even_with_the_role():
    ward = make_ward()
    ward.supervisor.role_assignments.update(user=ward.trainee)

    with pytest.raises(IntegrityError, match="nobody acts for themselves"), transaction.atomic():
        Assessment.objects.create(**assessment_row(ward, actor=ward.trainee))


def test_nobody_signs_for_themselves_in_raw_sql():
    ward = make_ward()
    good = make_assessment(ward=ward)

    forgery = (
        "INSERT INTO portfolio_assessment (training_id, goal_id, actor_id, actor_role,"
        " acted_at, key, seen_on, levels, feedback, recommends)"
        " SELECT training_id, goal_id, %s, actor_role, acted_at, gen_random_uuid(),"
        " seen_on, levels, feedback, recommends FROM portfolio_assessment WHERE id = %s"
    )

    with (
        pytest.raises(IntegrityError, match="nobody acts for themselves"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(forgery, [ward.trainee.pk, good.pk])


def test_nobody_guides_themselves():
    training = make_training()

    with pytest.raises(IntegrityError, match="nobody acts for themselves"), transaction.atomic():
        EducationalSupervision.objects.create(
            training=training, supervisor=training.trainee, starts_on=today()
        )


# --- What an assessment can say ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("levels", "allowed"),
    [
        ({"1": 3, "2": 1}, True),
        ({}, False),
        ({"1": 4}, False),
        ({"1": 0}, False),
        ({"9": 2}, False),
        ({"0": 2}, False),
        ([], False),
    ],
)
def test_levels_are_of_the_goals_statements(levels, allowed):
    ward = make_ward()

    if allowed:
        assert Assessment.objects.create(**assessment_row(ward, levels=levels)).pk
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.create(**assessment_row(ward, levels=levels))


@pytest.mark.parametrize(("code", "allowed"), [("PAL-020", True), ("FKM-001", False)])
def test_goal_is_of_the_trainings_pathway(code, allowed):
    ward = make_ward(decides_goals=False)
    goal = make_goal(code=code)
    levels = {"1": 2} if code == "PAL-020" else {"0": 2}

    if allowed:
        assert Assessment.objects.create(**assessment_row(ward, goal=goal, levels=levels)).pk
    else:
        with pytest.raises(IntegrityError, match="another curriculum"), transaction.atomic():
            Assessment.objects.create(**assessment_row(ward, goal=goal, levels=levels))


@pytest.mark.parametrize(
    ("state", "allowed"), [(RequestState.OPEN, True), (RequestState.RECALLED, False)]
)
def test_assessment_answers_an_open_request_of_its_own(state, allowed):
    ward = make_ward()
    request = make_request(ward=ward)
    type(request).objects.update(state=state)

    if allowed:
        assert Assessment.objects.create(**assessment_row(ward, request=request)).pk
    else:
        with pytest.raises(IntegrityError, match="open request"), transaction.atomic():
            Assessment.objects.create(**assessment_row(ward, request=request))


def test_retraction_is_the_assessors_own():
    ward = make_ward()
    assessment = make_assessment(ward=ward)

    with pytest.raises(IntegrityError, match="only the assessor"), transaction.atomic():
        AssessmentRetraction.objects.create(
            assessment=assessment, actor=ward.guide, actor_role="educational_supervisor"
        )
    made = AssessmentRetraction.objects.create(
        assessment=assessment, actor=ward.supervisor, actor_role="clinical_supervisor"
    )

    assert made.pk


@pytest.mark.parametrize(("minutes", "allowed"), [(14, True), (16, False)])
@pytest.mark.django_db(transaction=True)
def test_retraction_within_fifteen_minutes(minutes, allowed, connect_as):
    ward = make_ward()
    assessment = make_assessment(ward=ward)
    owner = connect_as("palmappen_owner")
    later = assessment.acted_at + dt.timedelta(minutes=minutes)
    owner.execute("SELECT set_config('palmappen.now', %s, false)", [later.isoformat()])
    retract = (
        "INSERT INTO portfolio_assessmentretraction (assessment_id, actor_id, actor_role, key)"
        " VALUES (%s, %s, 'clinical_supervisor', gen_random_uuid())"
    )

    if allowed:
        owner.execute(retract, [assessment.pk, ward.supervisor.pk])
    else:
        with pytest.raises(psycopg.errors.CheckViolation, match="within 15 minutes"):
            owner.execute(retract, [assessment.pk, ward.supervisor.pk])

    assert AssessmentRetraction.objects.exists() is allowed


# --- Activities ----------------------------------------------------------------------------------


def test_sent_activity_keeps_its_content():
    activity = make_activity(ward=make_ward(), sent=True)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        type(activity).objects.filter(pk=activity.pk).update(note="Endret i det stille.")
    draft = make_activity(ward=make_ward())
    type(draft).objects.filter(pk=draft.pk).update(note="En kladd kan endres.")

    draft.refresh_from_db()
    assert draft.note == "En kladd kan endres."


@pytest.mark.parametrize(("sent", "allowed"), [(False, True), (True, False)])
def test_goals_of_a_sent_activity_are_fixed(sent, allowed):
    activity = make_activity(ward=make_ward(), sent=sent)

    if allowed:
        activity.activity_goals.all().delete()
    else:
        with pytest.raises(IntegrityError, match="the activity is sent"), transaction.atomic():
            activity.activity_goals.all().delete()

    assert activity.activity_goals.exists() is not allowed


@pytest.mark.parametrize(("sent", "allowed"), [(False, True), (True, False)])
def test_a_sent_activity_gets_no_more_attachments(sent, allowed):
    activity = make_activity(ward=make_ward(), sent=sent)
    row = {"name": "kurs.pdf", "content_type": "application/pdf", "size_bytes": 1}

    if allowed:
        assert activity.attachments.create(**row).pk
    else:
        with pytest.raises(IntegrityError, match="the activity is sent"), transaction.atomic():
            activity.attachments.create(**row)


def test_activity_is_attested_only_by_a_signature():
    activity = make_activity(ward=make_ward(), sent=True)

    with pytest.raises(IntegrityError, match="has an attestation"), transaction.atomic():
        type(activity).objects.filter(pk=activity.pk).update(state=ActivityState.ATTESTED)


def test_attested_activity_is_fixed():
    ward = make_ward()
    activity = make_activity(ward=ward, sent=True)
    Attestation.objects.create(
        activity=activity, actor=ward.supervisor, actor_role="clinical_supervisor"
    )
    type(activity).objects.filter(pk=activity.pk).update(state=ActivityState.ATTESTED)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        type(activity).objects.filter(pk=activity.pk).update(state=ActivityState.DRAFT)


# --- Claims and decisions ------------------------------------------------------------------------


def test_goal_is_not_approved_without_a_decision():
    ward = make_ward()
    claim = make_claim(ward=ward)

    with pytest.raises(IntegrityError, match="follows its latest decision"), transaction.atomic():
        GoalProgress.objects.filter(pk=claim.progress_id).update(state=ProgressState.APPROVED)


def test_approved_goal_is_not_opened_without_a_withdrawal():
    ward = make_ward()
    decision = make_approved(ward=ward)
    progress = GoalProgress.objects.filter(pk=decision.claim.progress_id)

    with pytest.raises(IntegrityError, match="an open goal has"), transaction.atomic():
        progress.update(state=ProgressState.OPEN)
    ApprovalWithdrawal.objects.create(
        decision=decision, actor=ward.head, actor_role="department_head", reason="Feil."
    )

    assert progress.update(state=ProgressState.OPEN) == 1


def test_new_goal_progress_cannot_start_as_approved():
    ward = make_ward()

    with pytest.raises(IntegrityError), transaction.atomic():
        GoalProgress.objects.create(
            training=ward.training, goal=make_goal(), state=ProgressState.APPROVED
        )


@pytest.mark.parametrize(
    ("answered_by", "allowed"),
    [
        ((), False),
        (("guide",), False),
        (("supervisor",), False),
        (("guide", "supervisor"), True),
    ],
)
def test_decision_comes_after_both_recommendations(answered_by, allowed):
    ward = make_ward()
    claim = make_claim(ward=ward)
    roles = {"guide": "educational_supervisor", "supervisor": "clinical_supervisor"}
    for persona in answered_by:
        Recommendation.objects.create(
            claim=claim,
            actor=getattr(ward, persona),
            actor_role=roles[persona],
            recommends=True,
        )
    row = {"claim": claim, "actor": ward.head, "actor_role": "department_head"}

    if allowed:
        assert Decision.objects.create(outcome="approved", **row).pk
    else:
        with pytest.raises(IntegrityError, match="§26"), transaction.atomic():
            Decision.objects.create(outcome="approved", **row)


def test_one_person_in_two_roles_is_one_recommendation():
    ward = make_ward()
    claim = make_claim(ward=ward)
    EducationalSupervision.objects.update(supervisor=ward.supervisor)
    for role in ("educational_supervisor", "clinical_supervisor"):
        Recommendation.objects.create(
            claim=claim, actor=ward.supervisor, actor_role=role, recommends=True
        )

    with pytest.raises(IntegrityError, match="§26"), transaction.atomic():
        Decision.objects.create(
            claim=claim, actor=ward.head, actor_role="department_head", outcome="approved"
        )


def test_head_of_another_department_does_not_decide():
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)

    with pytest.raises(IntegrityError, match="department_head is not held"), transaction.atomic():
        Decision.objects.create(
            claim=claim, actor=ward.outsider, actor_role="department_head", outcome="approved"
        )


def test_decided_claim_is_closed_for_good():
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim)

    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(state="open")


def test_evidence_of_a_claim_is_fixed_once_somebody_is_asked():
    ward = make_ward()
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    later = make_assessment(ward=ward)

    with pytest.raises(IntegrityError, match="evidence is fixed"), transaction.atomic():
        CitedAssessment.objects.create(claim=claim, assessment=later)


def test_only_the_latest_approval_is_withdrawn():
    ward = make_ward()
    decision = make_approved(ward=ward)
    row = {"actor": ward.head, "actor_role": "department_head", "reason": "Feil."}

    ApprovalWithdrawal.objects.create(decision=decision, **row)
    GoalProgress.objects.filter(pk=decision.claim.progress_id).update(state=ProgressState.OPEN)
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    returned = make_decision(ward=ward, claim=claim, outcome="returned")

    with pytest.raises(IntegrityError, match="only the latest approval"), transaction.atomic():
        ApprovalWithdrawal.objects.create(decision=returned, **row)


# --- Placements and guidance ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("percent", "starts_on", "allowed"),
    [(50, days_ago(10), True), (51, days_ago(10), False), (100, days_ago(99), True)],
)
def test_placements_never_exceed_full_time(percent, starts_on, allowed):
    training = make_training()
    make_placement(training=training, percent=50, starts_on=days_ago(20))
    ends_on = days_ago(21) if starts_on == days_ago(99) else None

    if allowed:
        make_placement(training=training, percent=percent, starts_on=starts_on, ends_on=ends_on)
    else:
        with pytest.raises(IntegrityError, match="more than 100"), transaction.atomic():
            make_placement(training=training, percent=percent, starts_on=starts_on)

    assert Placement.objects.count() == (2 if allowed else 1)


def test_one_educational_supervisor_at_a_time():
    ward = make_ward()

    with pytest.raises(IntegrityError), transaction.atomic():
        EducationalSupervision.objects.create(
            training=ward.training, supervisor=ward.head, starts_on=days_ago(5)
        )
    other = make_training()
    made = EducationalSupervision.objects.create(
        training=other, supervisor=ward.head, starts_on=days_ago(5)
    )

    assert made.pk


# --- The chain -----------------------------------------------------------------------------------


def test_events_are_chained_per_training():
    first, second = make_training(), make_training()
    for training in (first, second, first):
        record(
            training,
            actor=training.trainee,
            role="trainee",
            verb=Verb.REPORT_ORDERED,
            subject=training,
            content={"n": 1},
        )

    chain = list(Event.objects.filter(training=first).order_by("sequence"))
    assert [one.sequence for one in chain] == [1, 2]
    assert [one.previous_hash for one in chain] == ["0" * 64, chain[0].hash]
    assert Event.objects.get(training=second).sequence == 1
