from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import User
from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio.services.transfers import Refused, import_portfolio
from portfolio.transfer.package import opened
from portfolio.transfer.parsing import Unreadable


class Command(BaseCommand):
    help = "Takes in a portfolio from another installation. Run with DATABASE_OWNER_URL."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--sha256", required=True, help="of the file, as the other installation says it"
        )
        parser.add_argument("--by", required=True, help="e-mail of the administrator who does it")
        parser.add_argument("--check", action="store_true", help="only tell what would happen")

    def handle(self, *args, file: Path, sha256: str, by: str, check: bool, **options):
        using = "owner" if "owner" in connections.databases else "default"
        administrator = _administrator(by, using)
        try:
            package = opened(file, sha256=sha256)
            done = import_portfolio(package, by=administrator, using=using, only_check=check)
        except (OSError, Unreadable, Refused) as error:
            raise CommandError(f"Nothing was imported:\n{error}") from error
        for one in done.made:
            self.stdout.write(f"New here: {one}")
        for name, count in done.rows.items():
            self.stdout.write(f"{count:6} {name}")
        trainee = User.objects.using(using).filter(pk=done.training.trainee_id).first()
        self.stdout.write(
            "Nothing was written: this was a check."
            if check
            else f"Imported: {trainee}. The chain goes on after event"
            f" {package.portfolio.checkpoint.count}."
        )


def _administrator(email: str, using: str) -> User:
    held = RoleAssignment.objects.using(using).of(Role.ADMIN).in_force()
    assignment = held.filter(user__email=email.lower()).select_related("user").first()
    if assignment is None:
        raise CommandError(f"{email} is not an administrator here.")
    return assignment.user
