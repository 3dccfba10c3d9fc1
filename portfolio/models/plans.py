"""Where, when and how each goal is to be reached, and who has agreed to it (domain.md §5)."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import LearningGoal
from institutions.enums import Role
from institutions.models import Department
from portfolio import triggers
from portfolio.enums import PlanKind
from portfolio.models.acts import Act, new_key
from portfolio.models.training import Training


class PlanQuerySet(models.QuerySet):
    def agreed_to_by(self, role: str):
        return self.filter(
            Exists(PlanAgreement.objects.filter(plan=OuterRef("pk"), actor_role=role))
        )

    def not_agreed_to_by(self, role: str):
        return self.filter(
            ~Exists(PlanAgreement.objects.filter(plan=OuterRef("pk"), actor_role=role))
        )

    def latest(self):
        """The last revision of each plan."""
        later = Plan.objects.filter(
            training=OuterRef("training"), kind=OuterRef("kind"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))

    def visible_to(self, user, *, on: dt.date | None = None):
        """A draft is the trainee's alone; for good what one agreed to."""
        agreed = PlanAgreement.objects.filter(plan=OuterRef("pk"))
        shared = Q(training__in=Training.objects.visible_to(user, on=on)) & Exists(agreed)
        mine = Q(training__trainee=user) | Exists(agreed.filter(actor=user))
        return self.filter(mine | shared)

    def awaiting(self, user, *, on: dt.date | None = None):
        """The trainee has agreed to the last revision, and this person is who has not yet."""
        others = Training.objects.filter(ended_on__isnull=True).exclude(trainee=user)
        asked = self.latest().agreed_to_by(Role.TRAINEE)
        guided = asked.filter(
            kind=PlanKind.INDIVIDUAL, training__in=others.guided_by(user, on=on)
        ).not_agreed_to_by(Role.EDUCATIONAL_SUPERVISOR)
        placed = asked.filter(
            kind=PlanKind.IMPLEMENTATION,
            training__in=others.placed_under(user, Role.DEPARTMENT_HEAD, on=on),
        ).not_agreed_to_by(Role.DEPARTMENT_HEAD)
        return self.filter(Q(pk__in=guided.values("pk")) | Q(pk__in=placed.values("pk")))


class Plan(models.Model):
    """One revision of a plan. Open until somebody has agreed to it; then a change is a new one."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(_("Slag"), max_length=20, choices=PlanKind.choices)
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("Hva dere er enige om"), blank=True)
    valid_from = models.DateField(_("Gjelder fra"))
    valid_until = models.DateField(_("Gjelder til"), null=True, blank=True)
    written_at = models.DateTimeField(auto_now_add=True)
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(default=new_key, unique=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["training", "kind", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "kind", "number"], name="portfolio_plan_number"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=models.F("valid_from")),
                name="portfolio_plan_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(kind=PlanKind.IMPLEMENTATION) | Q(valid_until__isnull=False),
                name="portfolio_implementation_plan_runs_out",
            ),
        ]
        triggers = [
            triggers.check_on_write("not_agreed", "palmappen_require_unagreed(NEW.id)"),
            pgtrigger.Protect(
                name="no_delete",
                operation=pgtrigger.Delete,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"

    @property
    def stamp(self) -> str:
        """What a page that shows this revision was made from; another stamp means it is old."""
        return f"{self.number}.{self.version}"


class PlanItem(models.Model):
    """In one half-year: this goal, there, in this way, for so long."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    half_year = models.DateField(_("Halvår"), help_text="Its first day: 1 January or 1 July.")
    goal = models.ForeignKey(LearningGoal, on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    activity = models.CharField(_("Hvordan"), max_length=200, blank=True)
    weeks = models.PositiveSmallIntegerField(_("Uker"), null=True, blank=True)

    class Meta:
        ordering = ["plan", "half_year", "goal__curriculum__position", "goal__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "half_year", "goal"], name="portfolio_planitem_once"
            ),
            models.CheckConstraint(
                condition=Q(half_year__day=1, half_year__month__in=[1, 7]),
                name="portfolio_planitem_half_year",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_when_agreed",
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                when=pgtrigger.Before,
                func="""
                    PERFORM palmappen_require_unagreed(coalesce(NEW.plan_id, OLD.plan_id));
                    IF TG_OP = 'DELETE' THEN
                        RETURN OLD;
                    END IF;
                    RETURN NEW;
                """,
            )
        ]


class PlanAgreement(Act):
    """The trainee, or the one on the other side, agrees to this revision."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="agreements")

    class Meta:
        ordering = ["plan", "acted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "actor_role"], name="portfolio_planagreement_once"
            )
        ]
        triggers = [
            *triggers.append_only(),
            triggers.party_act("(SELECT training_id FROM portfolio_plan WHERE id = NEW.plan_id)"),
            triggers.check_on_insert(
                "right_party", "palmappen_require_plan_party(NEW.plan_id, NEW.actor_role)"
            ),
        ]
