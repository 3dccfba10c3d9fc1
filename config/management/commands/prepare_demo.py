from io import StringIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Migrates, loads the reference data and makes the demo people. Run as the owner role."

    def handle(self, *args, **options):
        call_command("migrate", verbosity=0)
        mark_as_demo()
        call_command("load_curriculum", verbosity=0)
        call_command("load_institutions", demo=True, verbosity=0)
        if not settings.SEAL_KEY_FILE.exists():
            call_command("make_seal_key", stdout=StringIO())
        call_command("make_demo")


def mark_as_demo() -> None:
    """Lets the owner set the clock; so never where real people already keep their portfolios."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT mode FROM portfolio_installation")
        (mode,) = cursor.fetchone()
        if mode != "demo" and get_user_model().objects.exists():
            raise CommandError("This database has people in it and is not marked as a demo.")
        cursor.execute("UPDATE portfolio_installation SET mode = 'demo'")
