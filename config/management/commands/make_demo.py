from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from config.demo.people import LOGINS
from portfolio.models import AssessmentRequest, AttestationRequest, RecommendationRequest


class Command(BaseCommand):
    help = "Makes the demo people and their history. Run as the owner role, in a demo installation."

    def handle(self, *args, **options):
        if settings.MODE != "demo":
            raise CommandError("make_demo runs only with PALMAPPEN_MODE=demo.")
        if User.objects.exists():
            self.stdout.write("The demo people are there already.")
            return
        from config.demo.build import Demo  # needs time-machine, which production does not have

        with transaction.atomic():
            Demo(timezone.localdate()).build()
            connection.run_on_commit.clear()  # nobody is told by e-mail of what is years old
            for asked in (AssessmentRequest, RecommendationRequest, AttestationRequest):
                asked.objects.update(notified_at=F("asked_at"))
        self.stdout.write(
            f"{User.objects.count()} demo people, {len(LOGINS)} of them can be tried."
        )
