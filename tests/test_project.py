"""What holds for the project as a whole."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections

from accounts.models import User
from config.checks import ledger_is_out_of_reach
from config.logs import mask
from portfolio.models import Event
from tests.factories import make_assessment, make_ward


def test_models_and_migrations_agree(db):
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_tests_run_as_the_application_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, mode FROM portfolio_installation")

        assert cursor.fetchall() == [("palmappen_app", "test")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE portfolio_installation SET mode = 'demo'",
        "DROP TABLE portfolio_event",
        "ALTER TABLE portfolio_event DISABLE TRIGGER ALL",
        "CREATE TABLE mine (id integer)",
        "CREATE ROLE friend",
        "SET ROLE palmappen_owner",
    ],
)
def test_application_role_is_refused(db, statement):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=r"permission denied|own"),
    ):
        cursor.execute(statement)


def test_deploy_check_accepts_the_application_role(db):
    assert ledger_is_out_of_reach(databases=["default"]) == []


@pytest.mark.django_db(transaction=True)
def test_deploy_check_refuses_the_owner_role(monkeypatch):
    connection.close()
    monkeypatch.setitem(connections["default"].settings_dict, "USER", "palmappen_owner")

    findings = ledger_is_out_of_reach(databases=["default"])
    connection.close()

    assert "The application's database role may own the ledger." in [f.msg for f in findings]


def test_flush_empties_the_ledger_and_keeps_the_installation(connect_as):
    make_assessment(ward=make_ward())
    assert Event.objects.exists()

    call_command("flush", interactive=False, verbosity=0)

    assert (User.objects.count(), Event.objects.count()) == (0, 0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT mode FROM portfolio_installation")
        assert cursor.fetchall() == [("test",)]


@pytest.mark.parametrize(
    ("logged", "kept"),
    [
        ("GET /laeringsmal/pal-2023/PAL-001/", "GET /laeringsmal/pal-2023/PAL-001/"),
        (
            "GET /rapporter/0b7e6d0e-5c3f-4a52-9f0a-3c2b1a0d9e8f/",
            "GET /rapporter/0b7e6d0e-5c3f-4a52-9f0a-3c2b1a0d9e8f/",
        ),
        (
            "GET /konto/password/reset/key/3-c9v2xk-0f1e2d3c4b5a69788796a5b4/",
            "GET /konto/password/reset/key/…/",
        ),
        ("GET /laeringsmal/?q=kvinne+82+prostatakreft", "GET /laeringsmal/?…"),
        ("Er dette klart?", "Er dette klart?"),
    ],
)
def test_logged_path_keeps_no_token_and_no_search(logged, kept):
    assert mask(logged) == kept
