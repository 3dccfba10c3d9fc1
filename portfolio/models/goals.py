"""From claim to decision: where a goal stands, and what the supervisors and the head say of it."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import LearningGoal
from institutions.enums import Role
from portfolio import triggers
from portfolio.enums import ClaimState, Outcome, ProgressState
from portfolio.models.acts import SUPERVISORS, Act, Asking, new_key
from portfolio.models.assessments import Assessment
from portfolio.models.training import Training, holds_supervisor_role


class GoalProgressQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: dt.date | None = None):
        """As the training; one who is asked to recommend sees it while the claim is open, and for
        good what they recommended or decided."""
        mine = self.model.objects
        asked = mine.filter(
            claims__state=ClaimState.OPEN,
            claims__recommendation_requests__asked_of=user,
            claims__recommendation_requests__withdrawn_at__isnull=True,
        ).values("pk")
        signed = mine.filter(
            Q(claims__recommendations__actor=user) | Q(claims__decision__actor=user)
        ).values("pk")
        return self.filter(
            Q(training__in=Training.objects.visible_to(user, on=on))
            | (Q(pk__in=asked) & holds_supervisor_role(user, training="training", on=on))
            | Q(pk__in=signed)
        )


class GoalProgress(models.Model):
    """Where one goal of one training stands: open → claimed → approved | returned | refused."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="progress")
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=20, choices=ProgressState.choices, default=ProgressState.OPEN
    )
    moved_on = models.DateField(null=True, help_text="The day the state last changed.")
    version = models.PositiveIntegerField(default=1)

    objects = GoalProgressQuerySet.as_manager()

    class Meta:
        ordering = ["training", "goal__curriculum__position", "goal__position"]
        constraints = [
            models.UniqueConstraint(fields=["training", "goal"], name="portfolio_progress_unique")
        ]
        indexes = [models.Index(fields=["state"])]
        triggers = [
            triggers.check_on_insert(
                "goal_of_pathway", "palmappen_require_goal(NEW.goal_id, NEW.training_id)"
            ),
            triggers.check_on_write(
                "state_has_ground", "palmappen_require_ground(NEW.id, NEW.state)"
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class ClaimQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ClaimState.OPEN)

    def awaiting_decision_by(self, user, *, on: dt.date | None = None):
        """Open claims of trainees placed under this head today, recommended or not."""
        return self.open().filter(
            progress__training__in=Training.objects.placed_under(
                user, Role.DEPARTMENT_HEAD, on=on
            ).exclude(trainee=user)
        )


class Claim(models.Model):
    """The trainee says: this goal is reached, and here is what shows it."""

    progress = models.ForeignKey(GoalProgress, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField()
    comment = models.CharField(_("Kommentar"), max_length=500, blank=True)
    assessments = models.ManyToManyField(
        Assessment, through="CitedAssessment", related_name="claims"
    )
    state = models.CharField(max_length=20, choices=ClaimState.choices, default=ClaimState.OPEN)
    claimed_at = models.DateTimeField()
    key = models.UUIDField(default=new_key, unique=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["progress", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["progress", "number"], name="portfolio_claim_number"),
            models.UniqueConstraint(
                fields=["progress"],
                condition=Q(state=ClaimState.OPEN),
                name="portfolio_claim_one_open",
            ),
        ]
        triggers = [
            triggers.check_on_insert(
                "decided_pathway", "palmappen_require_decided_pathway(NEW.progress_id)"
            ),
            pgtrigger.Protect(
                name="content_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("progress", "number", "comment", "claimed_at", "key"),
            ),
            pgtrigger.Protect(
                name="closed_stays_closed",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__state=ClaimState.OPEN.value),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]


class CitedAssessment(models.Model):
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="citations")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="citations")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "assessment"], name="portfolio_citation_unique"
            )
        ]
        triggers = [
            triggers.check_on_insert(
                "citable", "palmappen_require_citable(NEW.claim_id, NEW.assessment_id)"
            ),
            *triggers.append_only(),
        ]


class RecommendationRequestQuerySet(models.QuerySet):
    def awaiting(self, user, *, on: dt.date | None = None):
        """Asked of this person, who has not yet answered and still has the role to."""
        return (
            self.filter(asked_of=user, withdrawn_at__isnull=True, claim__state=ClaimState.OPEN)
            .filter(holds_supervisor_role(user, training="claim__progress__training", on=on))
            .exclude(claim__recommendations__actor=user)
        )


class RecommendationRequest(Asking):
    """The trainee asks one person, in one role, to recommend this claim (§26)."""

    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, related_name="recommendation_requests"
    )
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recommendation_requests"
    )
    role = models.CharField(
        max_length=30, choices=[(role, Role(role).label) for role in SUPERVISORS]
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RecommendationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "asked_of", "role"], name="portfolio_recommendationrequest_once"
            )
        ]
        indexes = [models.Index(fields=["asked_of"])]
        triggers = [
            triggers.check_on_write(
                "not_oneself",
                "palmappen_forbid_self(NEW.asked_of_id, palmappen_training_of_claim(NEW.claim_id))",
            )
        ]


class Recommendation(Act):
    """What a supervisor says of one claim before the head decides (§26)."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recommendations")
    recommends = models.BooleanField(_("Anbefaler"))
    comment = models.CharField(_("Begrunnelse"), max_length=500, blank=True)

    class Meta:
        ordering = ["acted_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "actor", "actor_role"], name="portfolio_recommendation_once"
            ),
            models.CheckConstraint(
                condition=Q(actor_role__in=SUPERVISORS), name="portfolio_recommendation_role"
            ),
            models.CheckConstraint(
                condition=Q(recommends=True) | ~Q(comment=""),
                name="portfolio_recommendation_against_has_reason",
            ),
        ]
        triggers = [
            triggers.signed_act("palmappen_training_of_claim(NEW.claim_id)"),
            triggers.check_on_insert("open_claim", "palmappen_require_open_claim(NEW.claim_id)"),
            *triggers.append_only(),
        ]


class Decision(Act):
    """The head's answer to one claim. Only after both recommendations (§26)."""

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(_("Avgjørelse"), max_length=20, choices=Outcome.choices)
    reason = models.CharField(_("Begrunnelse"), max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role=Role.DEPARTMENT_HEAD), name="portfolio_decision_role"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVED) | ~Q(reason=""),
                name="portfolio_decision_has_reason",
            ),
        ]
        triggers = [
            triggers.signed_act("palmappen_training_of_claim(NEW.claim_id)"),
            triggers.check_on_insert("open_claim", "palmappen_require_open_claim(NEW.claim_id)"),
            triggers.check_on_insert(
                "recommended",
                "palmappen_require_recommended(NEW.claim_id, NEW.outcome, NEW.reason)",
            ),
            *triggers.append_only(),
        ]


class ApprovalWithdrawal(Act):
    """An approval taken back, with its reason. The goal is open again."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="withdrawal")
    reason = models.CharField(_("Begrunnelse"), max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role=Role.DEPARTMENT_HEAD), name="portfolio_withdrawal_role"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="portfolio_withdrawal_has_reason"),
        ]
        triggers = [
            triggers.signed_act(
                "palmappen_training_of_claim("
                "(SELECT claim_id FROM portfolio_decision WHERE id = NEW.decision_id))"
            ),
            triggers.check_on_insert("approved", "palmappen_require_approval(NEW.decision_id)"),
            *triggers.append_only(),
        ]
