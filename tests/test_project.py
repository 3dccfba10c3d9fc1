"""What holds for the project as a whole."""

from io import StringIO

from django.core.management import call_command
from django.db import connection

from config.checks import ledger_is_out_of_reach


def test_models_and_migrations_agree(db):
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_tests_run_as_the_application_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, mode FROM portfolio_installation")

        assert cursor.fetchall() == [("palmappen_app", "test")]


def test_deploy_check_accepts_the_application_role(db):
    assert ledger_is_out_of_reach(databases=["default"]) == []
