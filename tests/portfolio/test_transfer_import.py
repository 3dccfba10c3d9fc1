"""A portfolio taken in at another installation: all of it or nothing, and only by the owner."""

import io
import shutil
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from accounts.models import User
from curriculum.models import GoalStatement, LearningGoal
from institutions.enums import Role
from institutions.models import Institution
from palmappen_verify.ledger import LedgerEvent, faults
from portfolio.enums import Registry, Verb
from portfolio.models import (
    Assessment,
    Attestation,
    Decision,
    Event,
    MirroredGoal,
    Opening,
    Placement,
    ServiceAttestation,
    Training,
)
from portfolio.models.ledger import COVERED
from portfolio.queries.attestations import attestations_of
from portfolio.services import assessments, goals, plans
from portfolio.services.applications import submit_dossier
from tests.factories import Ward, days_ago, make_assessment, make_plan, make_training, make_user
from tests.portfolio import courses
from tests.portfolio.transfers import (
    Zip,
    exported,
    make_administrator,
    owner_connection,
    rewritten,
    start_anew,
    stored_files,
)
from tests.reports.dossiers import add_signed_attestation, make_portfolio

pytestmark = pytest.mark.django_db(transaction=True)
APPLICATION = "palmappen_app"


@pytest.fixture
def run(superuser_url, transactional_db):
    """The command, as the owner role."""

    def run_as_owner(package: Zip, *more: str, **options) -> str:
        with owner_connection(superuser_url):
            return command(package, *more, **options)

    return run_as_owner


@pytest.fixture
def made(transactional_db) -> Zip:
    call_command("load_curriculum", verbosity=0)
    portfolio = make_portfolio()
    ward = portfolio.ward
    add_signed_attestation(ward, portfolio.served)
    retracted = make_assessment(ward=ward, goal=LearningGoal.objects.get(code="PAL-004"))
    assessments.retract_assessment(retracted, by=ward.supervisor, key=uuid4())
    go_on_courses(ward)
    plan = make_plan(ward=ward, goals_=[portfolio.goal])
    plans.agree_to_plan(plan, by=ward.trainee, seen=plan.stamp, key=uuid4())
    nearly_there(ward, portfolio.goal)
    change_of_mind(ward)
    return exported(ward.training)


def go_on_courses(ward: Ward) -> None:
    courses.confirm(ward, courses.session_for(ward, 1, starts_on=days_ago(90)))
    courses.signed_up(ward, courses.session_ahead(ward, 2))


def change_of_mind(ward: Ward) -> None:
    activity = ward.training.activities.filter(state="sent").first()
    Attestation.objects.create(
        activity=activity, actor=ward.supervisor, actor_role=Role.CLINICAL_SUPERVISOR
    )
    ward.training.activities.filter(pk=activity.pk).update(state="attested")
    goals.withdraw_approval(Decision.objects.get(), by=ward.head, reason="Feil mål.", key=uuid4())


def nearly_there(ward: Ward, goal: LearningGoal) -> None:
    submit_dossier(
        ward.training, number="PM-2026-000007", sha256="ab" * 32, by=ward.trainee, key=uuid4()
    )
    MirroredGoal.objects.create(
        training=ward.training, goal=goal, registry=Registry.KPHDIR, approved_on=days_ago(5)
    )
    Opening.objects.create(
        training=ward.training, user=ward.head, role=Role.DEPARTMENT_HEAD, opened_on=days_ago(1)
    )


def command(package: Zip, *more: str, **options) -> str:
    out = io.StringIO()
    options = {"sha256": package.sha256, "by": "drift@example.org"} | options
    call_command("import_portfolio", str(package.path), *more, stdout=out, **options)
    return out.getvalue()


def nothing_came_in() -> bool:
    return not (Training.objects.exists() or Event.objects.exists() or stored_files())


def chain_of(training: Training) -> list[LedgerEvent]:
    own = [name for name in LedgerEvent.__dataclass_fields__ if name not in COVERED]
    return [
        LedgerEvent(**{name: getattr(event, name) for name in own}, **event.covered)
        for event in training.events.order_by("sequence")
    ]


# --- There and back ------------------------------------------------------------------------------


def test_portfolio_comes_in_without_loss(run, made):
    before, files = made.content, made.files
    start_anew()

    run(made)

    again = exported(Training.objects.get())
    after = again.content
    events = after["own"].pop("event")
    assert events[: len(before["own"]["event"])] == before["own"].pop("event")
    assert [event["verb"] for event in events[-2:]] == ["portfolio_imported", "portfolio_exported"]
    assert after["own"] == before["own"]
    assert after["training"] == before["training"]
    importer = after["outside"]["user"].pop()
    assert importer["email"] == "drift@example.org"
    assert after["outside"] == before["outside"]
    assert again.files == files


def test_portfolio_on_its_way_has_rows_of_nearly_every_table(made):
    """Else the test above would show little."""
    empty = {name for name, rows in made.content["own"].items() if not rows}

    assert empty == {"pathwaymove"}


def test_chain_goes_on_unbroken_and_earlier_checkpoints_hold(run, made):
    start_anew()

    run(made)

    training = Training.objects.get()
    point = made.content["checkpoint"]
    chain = chain_of(training)
    assert list(faults(chain, **point)) == []
    assert len(chain) == point["count"] + 1
    imported = training.events.get(verb=Verb.PORTFOLIO_IMPORTED)
    assert made.sha256 in imported.content
    assert imported.previous_hash == point["head"]
    assert imported.hashed_as is None


def test_control_shows_that_a_changed_event_breaks_the_chain_after_the_import(run, made):
    start_anew()
    run(made)
    chain = chain_of(Training.objects.get())

    chain[1] = replace(chain[1], actor_id=chain[1].actor_id + 1)

    assert [fault.code for fault in faults(chain)] == ["hash"]


def test_signatures_keep_their_times_and_people(run, made):
    signed = list(Decision.objects.values_list("acted_at", "actor__name", "key"))
    start_anew()

    run(made)

    assert list(Decision.objects.values_list("acted_at", "actor__name", "key")) == signed


def test_what_was_attested_still_stands(run, made):
    start_anew()

    run(made)

    attested = ServiceAttestation.objects.get()
    placements = Placement.objects.filter(pk=attested.placement_id)
    standing = attestations_of(placements)[attested.placement_id]
    assert standing.changes == ()
    assert standing.is_valid


def test_what_an_event_is_about_is_found_under_its_new_key(run, made):
    start_anew()
    make_training()  # so that keys differ from those of before

    run(made)

    told = Event.objects.filter(verb=Verb.ASSESSED, training__trainee__is_active=False)
    keys = {int(event.subject.partition(":")[2]) for event in told}
    assert keys == set(Assessment.objects.values_list("pk", flat=True))


def test_who_is_not_known_is_made_deactivated_and_told(run, made):
    start_anew()

    told = run(made)

    people = User.objects.exclude(email="drift@example.org")
    assert people.exists()
    assert not people.filter(is_active=True).exists()
    assert not any(person.has_usable_password() for person in people)
    assert all(f"New here: person {person.name}, deactivated" in told for person in people)
    assert set(Institution.objects.values_list("source", flat=True)) == {"importert"}


def test_who_is_known_by_number_is_the_same_person(run, made):
    start_anew()
    known = make_user(name="Anne Ny Haugen", email="anne@example.net", hpr_number="3456789")

    told = run(made)

    assert "Anne Demo Haugen" not in told
    assert set(Decision.objects.values_list("actor", flat=True)) == {known.pk}


# --- Only told -----------------------------------------------------------------------------------


def test_check_tells_and_writes_nothing(run, made):
    start_anew()
    people = User.objects.count()

    told = run(made, "--check")

    assert "Nothing was written: this was a check." in told
    assert "New here: person Anne Demo Haugen, deactivated" in told
    assert nothing_came_in()
    assert User.objects.count() == people


# --- Refused -------------------------------------------------------------------------------------


def test_portfolio_of_who_is_under_training_is_refused(run, made):
    make_administrator()
    before = Event.objects.count(), stored_files()

    with pytest.raises(CommandError, match="is under training here already"):
        run(made)

    assert (Event.objects.count(), stored_files()) == before


def test_same_portfolio_twice_is_refused_also_when_the_training_has_ended(run, made):
    make_administrator()
    training = Training.objects.get()
    Training.objects.update(ended_on=training.started_on)

    with pytest.raises(CommandError, match="duplicate key value"):
        run(made)

    assert Training.objects.count() == 1


def test_goal_in_other_words_or_missing_is_named(run, made):
    start_anew()
    LearningGoal.objects.filter(code="PAL-004").update(text="Noe annet.")
    GoalStatement.objects.filter(goal__code="PAL-055", order=1).delete()

    with pytest.raises(CommandError) as refused:
        run(made)

    assert "goal PAL-004 (pal-2023) is worded differently here" in str(refused.value)
    assert "goal PAL-055 (pal-2023) is worded differently here" in str(refused.value)
    assert nothing_came_in()


def test_curriculum_and_pathway_that_are_not_here_are_named(run, made, tmp_path):
    start_anew()

    def of_tomorrow(content):
        content["outside"]["curriculum"][0]["code"] = "pal-2031"
        content["outside"]["pathway"][0]["version"] = "2031"

    with pytest.raises(CommandError) as refused:
        run(rewritten(made, tmp_path, change=of_tomorrow))

    assert "curriculum pal-2031 is not here" in str(refused.value)
    assert "2031 is not here" in str(refused.value).split("pathway", 1)[1]
    assert nothing_came_in()


def test_two_people_who_are_one_here_are_refused(run, made, tmp_path):
    """Else the second signature would be the first one's."""
    start_anew()

    def as_one(content):
        first, second = content["outside"]["user"][1:3]
        second["email"] = first["email"]
        second["hpr_number"] = ""

    with pytest.raises(CommandError, match="two people of the file are one here"):
        run(rewritten(made, tmp_path, change=as_one))

    assert nothing_came_in()


def test_what_a_constraint_or_a_guard_refuses_takes_all_back(run, made, tmp_path):
    start_anew()

    def of_no_statement(content):
        content["own"]["assessment"][0]["levels"] = {"99": 3}

    def over_full_time(content):
        for row in content["own"]["placement"]:
            row |= {"percent": 100, "starts_on": "2024-01-01", "ends_on": None}

    def without_reason(content):
        content["own"]["decision"][0] |= {"outcome": "refused", "reason": ""}

    for change, told in (
        (of_no_statement, "a level belongs to a statement of the goal"),
        (over_full_time, "placements overlap to more than 100 %"),
        (without_reason, "portfolio_decision_has_reason"),
    ):
        with pytest.raises(CommandError, match=told):
            run(rewritten(made, tmp_path, change=change))

    assert nothing_came_in()


def test_disk_that_fails_leaves_no_file_and_no_row(run, made):
    """Attachments are written before documents: they are taken back."""
    start_anew()
    folder = Path(default_storage.path("documents"))
    shutil.rmtree(folder)
    folder.write_text("no folder")

    with pytest.raises(CommandError, match="Nothing was imported"):
        run(made)

    folder.unlink()
    assert nothing_came_in()


def test_control_shows_that_the_same_files_are_written_else(run, made):
    start_anew()

    run(made)

    assert len(stored_files()) == len(made.files) > 0


def test_only_an_administrator_of_today_can_be_who_does_it(run, made):
    start_anew()

    with pytest.raises(CommandError, match="is not an administrator here"):
        run(made, by="ukjent@example.org")

    assert nothing_came_in()


# --- The application's role cannot ---------------------------------------------------------------


def test_application_cannot_take_in_a_portfolio(made):
    """Without DATABASE_OWNER_URL the command is as any request: the tables are not its own."""
    start_anew()

    with pytest.raises(CommandError, match="must be owner of table"):
        command(made)

    assert nothing_came_in()


def test_application_cannot_lift_the_triggers_and_the_owner_can(made, connect_as):
    lift = "ALTER TABLE portfolio_decision DISABLE TRIGGER USER"

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as(APPLICATION).execute(lift)

    owner = connect_as("palmappen_owner")
    with owner.transaction(force_rollback=True):
        owner.execute(lift)


def test_triggers_hold_again_after_the_import(run, made):
    start_anew()
    run(made)
    decision = Decision.objects.get()

    with pytest.raises(IntegrityError, match="is not held on"):
        Assessment.objects.create(
            training=Training.objects.get(),
            goal=LearningGoal.objects.get(code="PAL-055"),
            actor=decision.actor,
            actor_role="clinical_supervisor",
            seen_on=decision.acted_at.date(),
            levels={"1": 3},
        )


def test_application_cannot_claim_that_an_event_was_hashed_elsewhere(made):
    training = Training.objects.get()

    forged = Event.objects.create(
        training=training,
        actor=training.trainee,
        actor_role="trainee",
        verb=Verb.REPORT_ORDERED,
        subject="report:1",
        salt="00",
        content="{}",
        hashed_as={"training_id": 1, "actor_id": 1, "curriculum_id": None, "subject": ""},
    )

    forged.refresh_from_db()
    assert forged.hashed_as is None
