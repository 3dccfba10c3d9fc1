"""Uploaded originals: what is signed on paper, and what was earned elsewhere."""

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from curriculum.models import CourseModule, LearningGoal
from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio import triggers
from portfolio.enums import DocumentKind
from portfolio.models.acts import Act, new_key
from portfolio.models.service import ATTESTERS, AttestationRequest
from portfolio.models.training import Placement, Training


class DocumentQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def confirmed(self):
        return self.filter(confirmation__isnull=False)

    def unconfirmed(self):
        return self.filter(confirmation__isnull=True)

    def attesting(self):
        """Attestations of service on paper that somebody has confirmed, as the service stood."""
        return self.standing().confirmed().filter(kind=DocumentKind.SERVICE_ATTESTATION)

    def visible_to(self, user, *, on: dt.date | None = None):
        """With the portfolio; what was withdrawn only to its owner and to whoever confirmed it."""
        seen = _seen_with_portfolio(user, on) | _attested_by(user, on)
        return self.filter(
            Q(training__trainee=user)
            | (seen & Q(withdrawn_at__isnull=True))
            | Q(confirmation__actor=user)
        )

    def awaiting_confirmation_by(self, user, *, on: dt.date | None = None):
        """Whoever sees it with the portfolio, but the doctor, may hold it against the original."""
        waiting = self.standing().unconfirmed().exclude(training__trainee=user)
        return waiting.filter(_seen_with_portfolio(user, on))


def _seen_with_portfolio(user, on: dt.date | None) -> Q:
    """An attestation of service tells of absence and its causes, which only those who attest may
    know (domain.md §3). The doctor's head sees one while it waits to be confirmed, whoever wrote
    it; a confirmed one is no more theirs to see than the attestations of other employers."""
    seen = Training.objects.visible_to(user, on=on)
    headed = Training.objects.placed_under(user, Role.DEPARTMENT_HEAD, on=on)
    is_attestation = Q(kind=DocumentKind.SERVICE_ATTESTATION)
    waits = is_attestation & Q(confirmation__isnull=True)
    return (Q(training__in=seen) & ~is_attestation) | (Q(training__in=headed) & waits)


def _attested_by(user, on: dt.date | None) -> Q:
    """Attestations of the service that somebody signs for: while it lasts, or while they are
    asked to."""
    held = RoleAssignment.objects.filter(user=user, role__in=ATTESTERS).in_force(on=on)
    running = Placement.objects.in_force(on=on).filter(
        Q(department__in=held.values("department"))
        | Q(department__institution__in=held.values("institution"))
    )
    asked = AttestationRequest.objects.awaiting(user, on=on)
    return Q(kind=DocumentKind.SERVICE_ATTESTATION) & (
        Q(placement__in=running.values("pk")) | Q(placement__in=asked.values("placement"))
    )


class Document(models.Model):
    """One original, as the trainee gave it. The file never changes: a better scan is a new row,
    and the old one is withdrawn. «Oppgitt av legen» until somebody confirms it."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(_("Slag"), max_length=30, choices=DocumentKind.choices)
    title = models.CharField(_("Tittel"), max_length=150)
    issued_on = models.DateField(_("Dato på dokumentet"), null=True, blank=True)
    issuer = models.CharField(_("Utstedt av"), max_length=150, blank=True)
    specialty = models.CharField(_("Spesialitet"), max_length=80, blank=True)
    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    module = models.ForeignKey(
        CourseModule, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    cited_goal = models.ForeignKey(
        LearningGoal,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="A goal of another specialty (vedlegg 5). It approves nothing by itself.",
    )
    name = models.CharField(_("Filnavn"), max_length=120)
    file = models.FileField(upload_to="documents/", max_length=200)
    content_type = models.CharField(max_length=40)
    size_bytes = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    page_count = models.PositiveSmallIntegerField()
    scan_faults = models.JSONField(default=list, blank=True)  # ScanFault values, with pages
    uploaded_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(default=new_key, unique=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["training", "kind", "issued_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(page_count__gte=1), name="portfolio_document_has_pages"
            )
        ]
        triggers = [
            pgtrigger.Protect(
                name="original_is_fixed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["withdrawn_at"]),
            ),
            pgtrigger.Protect(
                name="withdrawn_stays_withdrawn",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__withdrawn_at__isnull=False),
            ),
            pgtrigger.Protect(name="no_delete", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def awaits_confirmation(self) -> bool:
        return self.withdrawn_at is None and not hasattr(self, "confirmation")

    @property
    def attests_service(self) -> bool:
        """Whether confirming it makes a service count, as the portfolio tells of that service."""
        return self.kind == DocumentKind.SERVICE_ATTESTATION and self.placement_id is not None


class DocumentConfirmation(Act):
    """Somebody who may has seen the original, and confirms what the row says of it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="confirmation")

    class Meta:
        triggers = [
            *triggers.append_only(),
            triggers.signed_act(
                "(SELECT training_id FROM portfolio_document WHERE id = NEW.document_id)"
            ),
        ]
