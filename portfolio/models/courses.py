"""A doctor's way through a course."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import CourseModule
from institutions.enums import Role
from institutions.models import CourseSession
from portfolio import triggers
from portfolio.models.acts import Act, new_key
from portfolio.models.training import Training


class CourseSignUp(models.Model):
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="sign_ups")
    session = models.ForeignKey(CourseSession, on_delete=models.PROTECT, related_name="sign_ups")
    signed_up_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=new_key, unique=True)

    class Meta:
        ordering = ["session", "signed_up_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "session"],
                condition=Q(cancelled_at__isnull=True),
                name="portfolio_signup_once",
                violation_error_message=_("Du er allerede påmeldt."),
            )
        ]


class CourseAttendance(Act):
    """The programme leader says whether the doctor attended a module. The latest word stands."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="attendances")
    module = models.ForeignKey(CourseModule, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        CourseSession, on_delete=models.PROTECT, null=True, blank=True, related_name="attendances"
    )
    attended = models.BooleanField(_("Deltok"), default=True)
    completed_on = models.DateField(_("Siste dag"))

    class Meta:
        ordering = ["training", "module", "-acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(actor_role=Role.PROGRAM_LEADER),
                name="portfolio_attendance_by_program_leader",
            )
        ]
        triggers = [
            *triggers.append_only(),
            triggers.signed_act("NEW.training_id"),
            triggers.check_on_insert(
                "of_its_session",
                "palmappen_require_session(NEW.session_id, NEW.module_id, NEW.completed_on)",
            ),
        ]
