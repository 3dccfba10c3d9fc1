"""Learning activities, and what hangs on them."""

import datetime as dt

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import LearningGoal
from institutions.enums import AttestedBy
from institutions.models import Department
from portfolio import triggers
from portfolio.enums import ActivityKind, ActivityState, PerformedAs
from portfolio.models.acts import new_key
from portfolio.models.training import Training, holds_supervisor_role


class LearningActivityQuerySet(models.QuerySet):
    def visible_to(self, user, *, on: dt.date | None = None):
        """Drafts are the trainee's alone; the one it is sent to sees it while it waits, and for
        good what they signed."""
        shared = Q(state__in=[ActivityState.SENT, ActivityState.ATTESTED])
        seen = Q(training__in=Training.objects.visible_to(user, on=on))
        return self.filter(self._concerning(user, on) | (shared & seen))

    def told_to(self, user, *, on: dt.date | None = None):
        """Of the visible ones, those whose note and files the person may read: what was said in
        guidance is not for head and leaders (domain.md §3)."""
        guided = Q(training__in=Training.objects.guided_by(user, on=on))
        return self.visible_to(user, on=on).filter(
            ~Q(kind=ActivityKind.GUIDANCE) | guided | self._concerning(user, on)
        )

    def _concerning(self, user, on: dt.date | None) -> Q:
        """The person's own, sent to them, or signed by them."""
        return (
            Q(training__trainee=user)
            | (
                Q(state=ActivityState.SENT, supervisor=user)
                & holds_supervisor_role(user, training="training", on=on)
            )
            | Q(attestation__actor=user)
            | Q(pk__in=self.model.objects.filter(assessments__actor=user).values("pk"))
        )

    def awaiting_attestation(self, user, *, on: dt.date | None = None):
        """Sent, where the institution leaves it to the veileder to attest, and this is theirs.

        Elsewhere an activity is attested in the same act as the assessment is signed.
        """
        return self.filter(
            state=ActivityState.SENT,
            department__institution__activities_attested_by=AttestedBy.EDUCATIONAL_SUPERVISOR,
            training__in=Training.objects.guided_by(user, on=on),
        )


class LearningActivity(models.Model):
    """Something the trainee did that they may learn from. Draft → sent → attested | returned."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="activities")
    kind = models.CharField(
        _("Hva slags aktivitet"),
        max_length=30,
        choices=ActivityKind.choices,
        default=ActivityKind.SUPERVISED_PRACTICE,
    )
    starts_on = models.DateField(_("Når"))
    ends_on = models.DateField(_("Til og med"), null=True, blank=True)
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("Hvor")
    )
    goals = models.ManyToManyField(
        LearningGoal, through="ActivityGoal", related_name="activities", verbose_name=_("Mål")
    )
    performed_as = models.CharField(
        _("Hvordan gjorde du det?"), max_length=20, choices=PerformedAs.choices, blank=True
    )
    note = models.TextField(_("Notat"), blank=True)
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supervised_activities",
        verbose_name=_("Vurderes av"),
    )
    state = models.CharField(
        max_length=20, choices=ActivityState.choices, default=ActivityState.DRAFT
    )
    sent_at = models.DateTimeField(null=True, blank=True)
    returned_comment = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(default=new_key, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = LearningActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="portfolio_activity_ends_after_start",
                violation_error_message=_("Sluttdatoen er før startdatoen. Rett en av dem."),
            ),
            models.CheckConstraint(
                condition=Q(state=ActivityState.DRAFT) | Q(sent_at__isnull=False),
                name="portfolio_activity_sent_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActivityState.SENT) | Q(supervisor__isnull=False),
                name="portfolio_activity_sent_has_supervisor",
            ),
        ]
        indexes = [models.Index(fields=["training", "-starts_on"])]
        triggers = [
            pgtrigger.Protect(
                name="attested_is_fixed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state=ActivityState.ATTESTED.value),
            ),
            pgtrigger.Protect(
                name="sent_content_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__state=ActivityState.SENT.value, new__state=ActivityState.SENT.value
                )
                & (
                    pgtrigger.Q(old__kind__df=pgtrigger.F("new__kind"))
                    | pgtrigger.Q(old__starts_on__df=pgtrigger.F("new__starts_on"))
                    | pgtrigger.Q(old__ends_on__df=pgtrigger.F("new__ends_on"))
                    | pgtrigger.Q(old__department__df=pgtrigger.F("new__department"))
                    | pgtrigger.Q(old__performed_as__df=pgtrigger.F("new__performed_as"))
                    | pgtrigger.Q(old__note__df=pgtrigger.F("new__note"))
                ),
            ),
            pgtrigger.Trigger(
                name="attested_has_signature",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__state=ActivityState.ATTESTED.value),
                func="PERFORM palmappen_require_attestation(NEW.id); RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def heading(self) -> str:
        """The note's first sentence, else the kind: what the activity is called in lists.

        Of guidance the kind alone: lists are read by those who are not told what was said.
        """
        if self.kind == ActivityKind.GUIDANCE:
            return str(self.get_kind_display())
        first_line = self.note.strip().split("\n", 1)[0]
        sentence = first_line.split(". ", 1)[0].rstrip(".")
        if not sentence:
            return str(self.get_kind_display())
        return sentence if len(sentence) <= 70 else f"{sentence[:69].rstrip()}…"


class ActivityGoal(models.Model):
    activity = models.ForeignKey(
        LearningActivity, on_delete=models.CASCADE, related_name="activity_goals"
    )
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "goal"], name="portfolio_activitygoal_unique"
            )
        ]
        triggers = [
            triggers.check_on_insert(
                "goal_of_pathway",
                "palmappen_require_goal_of_activity(NEW.goal_id, NEW.activity_id)",
            ),
            triggers.fixed_when_sent(),
        ]


class Reflection(models.Model):
    """The trainee's private thought. A table of its own, so that nobody else's query touches it."""

    activity = models.OneToOneField(
        LearningActivity, on_delete=models.CASCADE, related_name="reflection"
    )
    text = models.TextField(_("Privat refleksjon"))


class Attachment(models.Model):
    """A file as it was stored: re-encoded or opened and found harmless (trust.md 10)."""

    activity = models.ForeignKey(
        LearningActivity, on_delete=models.CASCADE, related_name="attachments"
    )
    name = models.CharField(_("Filnavn"), max_length=120)
    file = models.FileField(upload_to="attachments/", max_length=200)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        triggers = [triggers.fixed_when_sent()]
