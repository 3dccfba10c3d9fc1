"""The evidence ledger, and who has opened a portfolio."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from curriculum.models import Curriculum
from institutions.enums import Role
from portfolio import triggers
from portfolio.enums import Verb
from portfolio.models.training import Training

COVERED = ("training_id", "actor_id", "curriculum_id", "subject")


class Event(models.Model):
    """One act in the ledger, chained per training by the database.

    `content` is canonical JSON of what was shown when the act was made. The chain holds only its
    salted digest, so that personal text can be erased by rule without breaking the chain.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="events")
    sequence = models.PositiveIntegerField(editable=False)
    acted_at = models.DateTimeField(editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    actor_role = models.CharField(_("Rolle"), max_length=30, choices=Role.choices)
    verb = models.CharField(_("Handling"), max_length=40, choices=Verb.choices)
    subject = models.CharField(max_length=60, help_text="Such as «assessment:12».")
    curriculum = models.ForeignKey(
        Curriculum, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    salt = models.CharField(max_length=64)
    content = models.TextField(null=True)  # noqa: DJ001 – erased is not the same as empty
    digest = models.CharField(max_length=64, editable=False)
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)
    hashed_as = models.JSONField(
        null=True,
        editable=False,
        help_text="The ids and the subject that the hash covers, where the act was done at another"
        " installation. Empty: those of this row.",
    )

    class Meta:
        ordering = ["training", "sequence"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "sequence"], name="portfolio_event_sequence"
            )
        ]
        triggers = [triggers.CHAIN_EVENT, *triggers.append_only()]

    def __str__(self) -> str:
        return f"{self.training_id}/{self.sequence}: {self.verb}"

    @property
    def covered(self) -> dict:
        """What the hash covers of what another installation numbers otherwise."""
        return self.hashed_as or {name: getattr(self, name) for name in COVERED}


class Opening(models.Model):
    """Somebody opened a trainee's portfolio that day. The trainee sees who (domain.md §3)."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role.choices)
    opened_on = models.DateField()

    class Meta:
        ordering = ["-opened_on", "user__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "user", "role", "opened_on"], name="portfolio_opening_daily"
            )
        ]
