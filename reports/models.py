"""Paper, and the jobs that make it. The row is the job store; Celery only rings the bell."""

import datetime as dt
import uuid

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role
from institutions.models import Cohort, CohortLeadership
from portfolio.models import Placement, Submission, Training
from reports import rules
from reports.enums import ReportFailure, ReportKind, ReportState


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The one who ordered it, as long as they see the portfolio in the role they ordered in:
        a report holds what that role may see."""
        trainings = Training.objects
        return self.filter(ordered_by=user).filter(
            Q(ordered_in_role=Role.TRAINEE, training__trainee=user)
            | Q(
                ordered_in_role=Role.EDUCATIONAL_SUPERVISOR,
                training__in=trainings.guided_by(user),
            )
            | Q(
                ordered_in_role=Role.DEPARTMENT_HEAD,
                training__in=trainings.placed_under(user, Role.DEPARTMENT_HEAD),
            )
            | Q(
                ordered_in_role=Role.EDUCATION_LEAD,
                training__in=trainings.placed_under(user, Role.EDUCATION_LEAD),
            )
            | Q(
                ordered_in_role=Role.PROGRAM_LEADER,
                training__in=trainings.in_cohort_of(user),
            )
            | _whole_export_of(user)
        )

    def ordered_by_hand(self):
        """Without the dossiers that stand under the export they were made for."""
        return self.filter(export=None)

    def with_submission(self):
        """Each with `submitted_at`: when the dossier was said to be sent, if ever; and the number
        of the training's `latest_submitted`, which has taken the place of those before it."""
        submissions = Submission.objects.filter(
            training=OuterRef("training"), number=OuterRef("number"), sha256=OuterRef("sha256")
        )
        latest = Submission.objects.filter(training=OuterRef("training"))
        latest = latest.order_by("-acted_at", "-pk").values("number")
        return self.annotate(
            submitted_at=Subquery(submissions.values("acted_at")),
            latest_submitted=Subquery(latest[:1]),
        )

    def unattended(self, *, now: dt.datetime):
        """Queued without a bell being heard, or left by a worker that is gone."""
        unmade = Report.objects.filter(export=OuterRef("pk"), state__in=rules.POLLED)
        return self.filter(
            Q(state=ReportState.QUEUED, queued_at__lte=now - rules.BELL_PATIENCE)
            | Q(state=ReportState.RUNNING, leased_until__lte=now)
        ).exclude(Exists(unmade))

    def leased_as(self, lease_id: uuid.UUID):
        """The row, if the lease still holds it."""
        return self.filter(state=ReportState.RUNNING, lease_id=lease_id)


def _whole_export_of(user) -> Q:
    """Still the leader of the cohort, and of every doctor whose dossier is in it."""
    led = CohortLeadership.objects.in_force().filter(user=user).values("cohort")
    made = Report.objects.filter(export=OuterRef("pk"), state=ReportState.DONE)
    out_of_sight = made.exclude(training__in=Training.objects.in_cohort_of(user))
    return Q(kind=ReportKind.EXPORT, cohort__in=led) & ~Q(Exists(out_of_sight))


class Report(models.Model):
    """One ordered document: state, lease, attempts, progress, and the finished file's digest."""

    kind = models.CharField(max_length=20, choices=ReportKind.choices)
    training = models.ForeignKey(
        Training,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        help_text="Empty for an export, which is of a cohort.",
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    export = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="dossiers",
        help_text="The export that a dossier is made for.",
    )
    placement = models.ForeignKey(
        Placement,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        help_text="The service that a service statement is of.",
    )
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports"
    )
    ordered_in_role = models.CharField(max_length=30, choices=Role.choices)
    ordered_at = models.DateTimeField(auto_now_add=True)
    number = models.CharField(_("Dokumentnummer"), max_length=20, unique=True)
    code = models.CharField(
        _("Kode"), max_length=12, blank=True, help_text="What is printed with the QR code."
    )
    snapshot = models.TextField(
        blank=True, help_text="Canonical JSON that a frozen document is made from, once."
    )
    state = models.CharField(max_length=20, choices=ReportState.choices, default=ReportState.QUEUED)
    queued_at = models.DateTimeField(default=timezone.now)
    progress_percent = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_id = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=20, blank=True)  # a ReportFailure
    file = models.FileField(upload_to="reports/", max_length=200, blank=True)
    page_count = models.PositiveIntegerField(null=True, blank=True)
    size_bytes = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-ordered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~Q(code=""), name="reports_code_unique"
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.DOSSIER) | ~Q(code=""), name="reports_dossier_has_code"
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.DONE) | (~Q(sha256="") & ~Q(file="")),
                name="reports_done_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.RUNNING)
                | Q(leased_until__isnull=False, lease_id__isnull=False),
                name="reports_running_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.FAILED) | ~Q(failure=""),
                name="reports_failed_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(progress_percent__lte=100), name="reports_progress_percent"
            ),
            models.CheckConstraint(
                condition=Q(placement__isnull=True) | Q(kind=ReportKind.SERVICE_STATEMENT),
                name="reports_placement_of_statement",
            ),
            models.CheckConstraint(
                condition=Q(kind=ReportKind.EXPORT, training=None, export=None)
                & Q(cohort__isnull=False)
                | ~Q(kind=ReportKind.EXPORT) & Q(training__isnull=False, cohort=None),
                name="reports_export_of_cohort",
            ),
            models.CheckConstraint(
                condition=Q(export=None) | Q(kind=ReportKind.DOSSIER),
                name="reports_dossier_of_export",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__snapshot__df=pgtrigger.F("new__snapshot"))
                & ~pgtrigger.Q(old__snapshot=""),
            ),
            pgtrigger.Protect(
                name="finished",
                operation=pgtrigger.Update,
                condition=~pgtrigger.Q(old__sha256="")
                & (
                    pgtrigger.Q(old__sha256__df=pgtrigger.F("new__sha256"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__code__df=pgtrigger.F("new__code"))
                    | pgtrigger.Q(old__training__df=pgtrigger.F("new__training"))
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "leased_until"]),
            models.Index(fields=["ordered_by", "-ordered_at"]),
            models.Index(fields=["sha256"], condition=~Q(sha256=""), name="reports_by_sha256"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def readable_code(self) -> str:
        """«7H3N Q8RT 2VFA»."""
        return " ".join(self.code[at : at + 4] for at in range(0, len(self.code), 4))

    @property
    def is_under_way(self) -> bool:
        return self.state in rules.POLLED

    @property
    def is_done(self) -> bool:
        return self.state == ReportState.DONE

    @property
    def may_be_tried_again(self) -> bool:
        """Not what was finished once: it would be another document under the same number."""
        return self.has_failed and not self.sha256

    @property
    def has_failed(self) -> bool:
        return self.state == ReportState.FAILED

    @property
    def failure_message(self) -> str:
        return str(ReportFailure(self.failure).label) if self.failure else ""

    @property
    def is_export(self) -> bool:
        return self.kind == ReportKind.EXPORT

    @property
    def is_parcel(self) -> bool:
        """A ZIP of files, not a document of pages."""
        return self.kind in (ReportKind.EXPORT, ReportKind.PORTFOLIO)

    @property
    def suffix(self) -> str:
        return ".zip" if self.is_parcel else ".pdf"

    @property
    def content_type(self) -> str:
        return "application/zip" if self.is_parcel else "application/pdf"

    @property
    def fingerprint(self) -> str:
        """In groups that can be read aloud."""
        return " ".join(self.sha256[at : at + 4] for at in range(0, len(self.sha256), 4))

    @property
    def about(self) -> str:
        """Whom it is of: a doctor, or a cohort."""
        return str(self.cohort if self.is_export else self.training.trainee)

    @property
    def left_out_because(self) -> str:
        """Why a dossier is not in the export it was made for."""
        if self.failure == ReportFailure.ROLE_ENDED:
            return _("Ikke med: legen er ikke lenger i kullet ditt.")
        return _("Ikke med: %(why)s") % {"why": self.failure_message} if self.has_failed else ""

    @property
    def file_name(self) -> str:
        """What the file is called where it is saved. No name of a person."""
        return f"{self.get_kind_display()} {self.number}{self.suffix}"
