from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Migrates as the owner role and loads the reference data. Safe to run at every start."

    def handle(self, *args, **options):
        call_command("migrate", database="owner")
        call_command("createcachetable", database="owner")
        call_command("load_curriculum")
        call_command("load_institutions")
