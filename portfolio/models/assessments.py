"""Asking for an assessment, and signing one."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum.enums import Level
from curriculum.models import LearningGoal
from portfolio import triggers
from portfolio.enums import ClaimState, RequestState, ReturnReason
from portfolio.models.activities import LearningActivity
from portfolio.models.acts import SUPERVISORS, Act, Asking, new_key
from portfolio.models.training import Training, holds_supervisor_role

WHOLE_GOAL = 0  # the «statement» of a goal that has none: the goal as a whole


class AssessmentRequestQuerySet(models.QuerySet):
    def open(self, *, on: dt.date | None = None):
        """Neither answered nor run out."""
        return self.filter(state=RequestState.OPEN, expires_on__gte=on or timezone.localdate())

    def expired(self, *, on: dt.date | None = None):
        return self.filter(state=RequestState.OPEN, expires_on__lt=on or timezone.localdate())

    def awaiting(self, user, *, on: dt.date | None = None):
        """Open, addressed to this person, who still has the role to answer."""
        return (
            self.open(on=on)
            .filter(asked_of=user)
            .filter(holds_supervisor_role(user, training="training", on=on))
        )

    def visible_to(self, user, *, on: dt.date | None = None):
        return self.filter(
            Q(training__in=Training.objects.visible_to(user, on=on))
            | (
                Q(asked_of=user, state=RequestState.OPEN)
                & holds_supervisor_role(user, training="training", on=on)
            )
            | Q(pk__in=self.model.objects.filter(assessments__actor=user).values("pk"))
        )


class AssessmentRequest(Asking):
    """The trainee asks one person to assess one goal, with or without an activity behind it."""

    training = models.ForeignKey(
        Training, on_delete=models.PROTECT, related_name="assessment_requests"
    )
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(
        LearningActivity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessment_requests",
    )
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="assessment_requests",
        verbose_name=_("Vurderes av"),
    )
    comment = models.CharField(_("Melding"), max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=RequestState.choices, default=RequestState.OPEN)
    expires_on = models.DateField(_("Utløper"), help_text="The last day it can be answered.")
    return_reason = models.CharField(max_length=20, choices=ReturnReason.choices, blank=True)
    return_comment = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=new_key, unique=True)

    objects = AssessmentRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "goal", "asked_of", "activity"],
                condition=Q(state=RequestState.OPEN),
                nulls_distinct=False,
                name="portfolio_request_open_once",
                violation_error_message=_("Du har allerede bedt denne personen vurdere målet."),
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.RETURNED) | ~Q(return_reason=""),
                name="portfolio_request_return_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["asked_of", "state"])]
        triggers = [
            triggers.check_on_write(
                "not_oneself", "palmappen_forbid_self(NEW.asked_of_id, NEW.training_id)"
            ),
            triggers.check_on_insert(
                "goal_of_pathway", "palmappen_require_goal(NEW.goal_id, NEW.training_id)"
            ),
        ]


class AssessmentQuerySet(models.QuerySet):
    def standing(self):
        """Neither retracted nor replaced by a correction: what counts as shown."""
        return self.filter(retraction__isnull=True, corrected_by__isnull=True)

    def visible_to(self, user, *, on: dt.date | None = None):
        """As the training, and what one signed oneself; one who is asked to recommend a claim sees
        what it cites while the claim is open."""
        cited_for = self.model.objects.filter(
            citations__claim__state=ClaimState.OPEN,
            citations__claim__recommendation_requests__asked_of=user,
            citations__claim__recommendation_requests__withdrawn_at__isnull=True,
        ).values("pk")
        return self.filter(
            Q(training__in=Training.objects.visible_to(user, on=on))
            | Q(actor=user)
            | (Q(pk__in=cited_for) & holds_supervisor_role(user, training="training", on=on))
        )


class Assessment(Act):
    """The competence levels one person saw, per statement of one goal."""

    request = models.ForeignKey(
        AssessmentRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text="More than one only where the earlier was retracted or corrected.",
    )
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="assessments")
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")
    activity = models.ForeignKey(
        LearningActivity,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
    )
    seen_on = models.DateField(
        _("Sett dato"), help_text="The day of what was seen: the activity's, else the signing day."
    )
    levels = models.JSONField(
        help_text="{statement order: level 1–3}; order 0 is a goal without statements, as a whole."
        " What was not seen is not there."
    )
    feedback = models.CharField(_("Én setning"), max_length=300, blank=True)
    recommends = models.BooleanField(_("Jeg anbefaler godkjenning"), default=False)
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="corrected_by"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-acted_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role__in=SUPERVISORS), name="portfolio_assessment_role"
            )
        ]
        indexes = [
            models.Index(fields=["training", "goal"]),
            models.Index(fields=["actor", "-acted_at"]),
        ]
        triggers = [
            triggers.signed_act("NEW.training_id"),
            triggers.check_on_insert(
                "levels_of_goal",
                "palmappen_require_goal(NEW.goal_id, NEW.training_id),"
                " palmappen_require_levels(NEW.goal_id, NEW.levels)",
            ),
            triggers.check_on_insert("subject", "palmappen_require_assessment_subject(NEW)"),
            *triggers.append_only(),
        ]

    def level_of(self, statement_order: int) -> Level | None:
        level = self.levels.get(str(statement_order))
        return None if level is None else Level(level)


class AssessmentRetraction(Act):
    """Within 15 minutes, and before anything builds on it. Later it takes a correction."""

    assessment = models.OneToOneField(
        Assessment, on_delete=models.PROTECT, related_name="retraction"
    )

    class Meta:
        triggers = [
            triggers.signed_act(
                "(SELECT training_id FROM portfolio_assessment WHERE id = NEW.assessment_id)"
            ),
            triggers.check_on_insert("retractable", "palmappen_require_retractable(NEW)"),
            *triggers.append_only(),
        ]


class Attestation(Act):
    """Somebody confirms that a sent activity took place as described."""

    activity = models.OneToOneField(
        LearningActivity, on_delete=models.PROTECT, related_name="attestation"
    )
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attestations",
        help_text="The assessment it was given in the same act as, if any.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role__in=SUPERVISORS), name="portfolio_attestation_role"
            )
        ]
        triggers = [
            triggers.signed_act(
                "(SELECT training_id FROM portfolio_learningactivity WHERE id = NEW.activity_id)"
            ),
            triggers.check_on_insert("sent", "palmappen_require_sent(NEW.activity_id)"),
            *triggers.append_only(),
        ]
