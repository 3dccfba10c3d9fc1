"""Paper, and the jobs that make it. The row is the job store; Celery only rings the bell."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role
from portfolio.models import Training
from reports.enums import ReportKind, ReportState


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one who ordered it, as long as they may see the portfolio."""
        return self.filter(ordered_by=user, training__in=Training.objects.visible_to(user))


class Report(models.Model):
    """One ordered document: state, lease, attempts, progress, and the finished file's digest."""

    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="reports")
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports"
    )
    ordered_in_role = models.CharField(max_length=30, choices=Role.choices)
    ordered_at = models.DateTimeField(auto_now_add=True)
    number = models.CharField(_("Dokumentnummer"), max_length=20, unique=True)
    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.QUEUED)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_id = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    file = models.FileField(upload_to="reports/", max_length=200, blank=True)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    size_bytes = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ReportState.DONE) | (~Q(sha256="") & ~Q(file="")),
                name="reports_done_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RUNNING) | Q(leased_until__isnull=False),
                name="reports_running_has_lease",
            ),
            models.CheckConstraint(
                condition=Q(progress_percent__lte=100), name="reports_progress_percent"
            ),
        ]
        indexes = [models.Index(fields=["state", "leased_until"])]

    def __str__(self) -> str:
        return self.number
