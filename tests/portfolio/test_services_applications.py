"""A dossier is said to be sent: once, by the trainee, and for good."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from institutions.enums import Role
from portfolio.enums import Verb
from portfolio.models import Event, Submission
from portfolio.services.applications import submit_dossier
from tests.factories import days_ago, make_ward

pytestmark = pytest.mark.django_db

NUMBER = "PM-2026-000123"
SHA256 = "ab" * 32


@pytest.fixture
def ward():
    return make_ward()


def submit(ward, *, by=None, **changes) -> Submission:
    content = {"number": NUMBER, "sha256": SHA256, "key": uuid4()} | changes
    return submit_dossier(ward.training, by=by or ward.trainee, **content)


def test_submission_is_the_trainees_and_remembered(ward):
    submission = submit(ward)

    stored = Submission.objects.get()
    event = Event.objects.get(training=ward.training, verb=Verb.DOSSIER_SUBMITTED)
    assert (stored.number, stored.sha256) == (NUMBER, SHA256)
    assert (stored.actor, stored.actor_role) == (ward.trainee, Role.TRAINEE)
    assert stored.acted_at is not None
    assert (event.actor, event.actor_role) == (ward.trainee, Role.TRAINEE)
    assert event.subject == f"submission:{submission.pk}"
    assert event.content == f'{{"number":"{NUMBER}","sha256":"{SHA256}"}}'


@pytest.mark.parametrize("same_key", [True, False])
def test_same_dossier_is_submitted_once(ward, same_key):
    key = uuid4()

    first = submit(ward, key=key)
    second = submit(ward, key=key if same_key else uuid4())

    assert first == second
    assert Submission.objects.count() == 1
    assert Event.objects.filter(verb=Verb.DOSSIER_SUBMITTED).count() == 1


def test_later_dossier_is_another_submission(ward):
    submit(ward)
    submit(ward, number="PM-2026-000124")

    assert [one.number for one in ward.training.submissions.order_by("number")] == [
        NUMBER,
        "PM-2026-000124",
    ]


def test_dossier_is_submitted_after_the_training_has_ended(ward):
    ward.training.ended_on = days_ago(1)
    ward.training.save()

    assert submit(ward).number == NUMBER


@pytest.mark.parametrize(
    "persona",
    ["guide", "head", "supervisor", "education_lead", "program_leader", "admin", "outsider"],
)
def test_nobody_else_submits(ward, persona):
    with pytest.raises(PermissionDenied):
        submit(ward, by=getattr(ward, persona))

    assert not Submission.objects.exists()


def test_number_of_another_training_is_refused(ward):
    submit(make_ward())

    with pytest.raises(IntegrityError):
        submit(ward)


# --- The database --------------------------------------------------------------------------------


def insert(ward, *, actor, role=Role.TRAINEE) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO portfolio_submission (training_id, number, sha256, actor_id, actor_role,"
            " acted_at, key) VALUES (%s, %s, %s, %s, %s, '2020-01-01', gen_random_uuid())",
            [ward.training.pk, NUMBER, SHA256, actor.pk, role],
        )


def test_trainee_is_let_through_at_the_databases_own_time(ward):
    """The control, and the clock: the date that was asked for is not the one that stands."""
    insert(ward, actor=ward.trainee)

    assert Submission.objects.get().acted_at.year > 2020


@pytest.mark.parametrize(
    ("persona", "role"),
    [
        ("guide", Role.TRAINEE),
        ("guide", Role.EDUCATIONAL_SUPERVISOR),
        ("head", Role.DEPARTMENT_HEAD),
        ("program_leader", Role.PROGRAM_LEADER),
        ("outsider", Role.TRAINEE),
        ("trainee", Role.DEPARTMENT_HEAD),
    ],
)
def test_others_are_refused_by_the_database(ward, persona, role):
    with pytest.raises(DatabaseError), transaction.atomic():
        insert(ward, actor=getattr(ward, persona), role=role)

    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE portfolio_submission SET sha256 = ''",
        "DELETE FROM portfolio_submission",
        "TRUNCATE portfolio_submission",
    ],
)
def test_submission_stays(ward, attack):
    submit(ward)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)

    assert Submission.objects.get().sha256 == SHA256
