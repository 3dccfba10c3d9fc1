import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role

SUPERVISORS = (Role.CLINICAL_SUPERVISOR.value, Role.EDUCATIONAL_SUPERVISOR.value)


def new_key() -> uuid.UUID:
    """The idempotency key of a row whose form brought none."""
    return uuid.uuid4()


class Asking(models.Model):
    """One person is asked to sign something: when, and whether they have been told."""

    asked_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def asked_on(self) -> dt.date:
        return timezone.localdate(self.asked_at)

    @property
    def reminded_on(self) -> dt.date | None:
        return timezone.localdate(self.reminded_at) if self.reminded_at else None


class Act(models.Model):
    """Something a person put their name to, in a role. Added once, never changed."""

    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_role = models.CharField(_("Rolle"), max_length=30, choices=Role.choices)
    acted_at = models.DateTimeField(
        editable=False, help_text="Set by the database's clock, never by the application."
    )
    key = models.UUIDField(default=new_key, unique=True)

    class Meta:
        abstract = True
