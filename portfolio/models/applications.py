"""On the way to the authority: the registry mirrored, another pathway, the dossier sent."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import LearningGoal, Pathway
from institutions.enums import Role
from portfolio import triggers
from portfolio.enums import Registry
from portfolio.models.acts import Act
from portfolio.models.training import Training


class MirroredGoal(models.Model):
    """The trainee's note that a goal is approved in the official registry too, and since when."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="mirrored_goals")
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")
    registry = models.CharField(_("Register"), max_length=20, choices=Registry.choices)
    approved_on = models.DateField(_("Godkjent der"))
    noted_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["training", "goal__curriculum__position", "goal__position"]
        constraints = [
            models.UniqueConstraint(fields=["training", "goal"], name="portfolio_mirror_once")
        ]


class PathwayMove(Act):
    """A training goes on under another pathway or version. Evidence stays where it was given."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="moves")
    from_pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+")
    to_pathway = models.ForeignKey(Pathway, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(_("Begrunnelse"))

    class Meta:
        ordering = ["training", "acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_pathway=F("to_pathway")), name="portfolio_move_to_another"
            ),
            models.CheckConstraint(
                condition=Q(actor_role=Role.PROGRAM_LEADER),
                name="portfolio_move_by_program_leader",
            ),
        ]
        triggers = [*triggers.append_only(), triggers.signed_act("NEW.training_id")]


class Submission(Act):
    """The trainee says that a dossier has been sent. The latest supersedes the ones before."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="submissions")
    number = models.CharField(_("Dokumentnummer"), max_length=20)
    sha256 = models.CharField(max_length=64, help_text="Of the sealed file.")

    class Meta:
        ordering = ["training", "-acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role=Role.TRAINEE), name="portfolio_submission_by_trainee"
            ),
            # Another installation, which a portfolio came from, has numbers of its own.
            models.UniqueConstraint(
                fields=["number", "sha256"], name="portfolio_submission_of_dossier"
            ),
        ]
        triggers = [*triggers.append_only(), triggers.party_act("NEW.training_id")]
