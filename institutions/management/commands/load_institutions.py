from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from institutions.reference_file import MalformedFile, read_institutions
from institutions.services import load_institutions

FILE = settings.BASE_DIR / "fixtures" / "institutions.json"


class Command(BaseCommand):
    help = (
        "Loads institutions, their departments and recognitions from a file. May be run again: "
        "rows are updated, none is removed, and the settings of an institution are left alone."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, default=FILE)
        parser.add_argument("--demo", action="store_true", help="Also the rows marked as made up.")

    def handle(self, *args, file: Path, demo: bool, verbosity: int, **options):
        try:
            entries = read_institutions(file.read_text(encoding="utf-8"))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        except MalformedFile as error:
            raise CommandError(f"{file.name}: {error}") from error
        load_institutions(entries, with_demo=demo)
        if verbosity:
            self.stdout.write(f"{len(entries)} institutions loaded from {file.name}.")
