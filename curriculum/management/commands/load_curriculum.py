from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum.documents import read_fixtures
from curriculum.services import LoadRefused, load_curricula


class Command(BaseCommand):
    help = (
        "Loads curricula, keywords, pathways and successions. Can be run again; never changes the "
        "wording of a goal that carries evidence."
    )

    def add_arguments(self, parser):
        parser.add_argument("--fixtures", type=Path, default=settings.BASE_DIR / "fixtures")

    def handle(self, *args, fixtures, verbosity, **options):
        found = read_fixtures(fixtures)
        if found.problems:
            raise CommandError("\n".join(["Nothing was loaded:", *map(str, found.problems)]))
        try:
            loaded = load_curricula(found)
        except LoadRefused as refusal:
            raise CommandError("\n".join(["Nothing was loaded:", *refusal.reasons])) from refusal
        if verbosity:
            for result in loaded:
                self.stdout.write(
                    f"{result.code}: {result.total} goals ({result.added} added, "
                    f"{result.changed} changed, {result.removed} removed)"
                )
            self.stdout.write(f"{len(found.pathways)} pathways")
