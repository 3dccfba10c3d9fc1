from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.enums import AccountState
from accounts.services import send_invitation
from institutions.rules import Refused
from institutions.services import appoint_first_admin


class Command(BaseCommand):
    help = "Invites the first administrator, who invites everybody else."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *args, email: str, name: str, **options):
        try:
            person = appoint_first_admin(email=email, name=name)
        except Refused as error:
            raise CommandError("There is an administrator already.") from error
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        send_invitation(person)
        if person.state == AccountState.NOT_INVITED:
            raise CommandError("The e-mail could not be sent: check EMAIL_URL and run this again.")
        self.stdout.write(f"An invitation is on its way to {person.email}.")
