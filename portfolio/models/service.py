"""What is deducted from service, and who attests it (domain.md §§6–7)."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role
from institutions.models import Period, RoleAssignment
from portfolio import triggers
from portfolio.enums import AbsenceCause, OnCall
from portfolio.models.acts import Act, Asking, new_key
from portfolio.models.training import Placement, Training

ATTESTERS = (Role.DEPARTMENT_HEAD.value, Role.MEDICAL_LEAD.value)


class Absence(Period):
    """Away from work from–to. The cause is a health matter: only the trainee and those who attest
    see it; others see the days (domain.md §3)."""

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="absences")
    cause = models.CharField(_("Årsak"), max_length=20, choices=AbsenceCause.choices)
    percent = models.PositiveSmallIntegerField(
        _("Hvor mye borte (prosent av stillingen)"), default=100
    )
    version = models.PositiveIntegerField(default=1)
    key = models.UUIDField(default=new_key, unique=True)

    class Meta(Period.Meta):
        ordering = ["starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(percent__gte=1, percent__lte=100),
                name="portfolio_absence_percent",
                violation_error_message=_("Fraværet er fra 1 til 100 prosent."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_cause_display()} {self.percent} %"


class ServiceStatement(models.Model):
    """The trainee's draft of what is to be attested for one service: what dates cannot tell."""

    placement = models.OneToOneField(Placement, on_delete=models.CASCADE, related_name="statement")
    content = models.TextField(_("Hva tjenesten besto i"), blank=True)
    teaching = models.TextField(_("Undervisning du deltok i"), blank=True)
    on_call = models.CharField(_("Vakt"), max_length=20, choices=OnCall.choices, blank=True)
    on_call_text = models.TextField(_("Vaktordningen og din del i den"), blank=True)
    version = models.PositiveIntegerField(default=1)


class AttestationRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def whose_turn_it_is(self):
        """The second signature waits for the first, which says that all was satisfactory."""
        of_this = Q(placement=OuterRef("placement"))
        signed = ServiceAttestation.objects.filter(
            of_this, satisfactory=True, countersignature__isnull=True
        )
        first = self.model.objects.open().filter(of_this, role=Role.DEPARTMENT_HEAD)
        return self.open().filter(Q(role=Role.DEPARTMENT_HEAD) | Exists(signed) & ~Exists(first))

    def awaiting(self, user, *, on: dt.date | None = None):
        """This person's turn, who holds the role there that day; nobody signs for themselves."""
        held = RoleAssignment.objects.in_force(on=on).filter(user=user, role=OuterRef("role"))
        held = held.filter(
            Q(department=OuterRef("placement__department"))
            | Q(institution=OuterRef("placement__department__institution"))
        )
        return (
            self.whose_turn_it_is()
            .filter(Exists(held), asked_of=user)
            .exclude(placement__training__trainee=user)
        )


class AttestationRequest(Asking):
    """Somebody is asked to sign for a service, in a role. Open until they have, or it is recalled.

    It gives sight of the statement alone, also when the service is over (domain.md §3).
    """

    placement = models.ForeignKey(
        Placement, on_delete=models.PROTECT, related_name="attestation_requests"
    )
    asked_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attestation_requests"
    )
    role = models.CharField(_("Rolle"), max_length=30, choices=Role.choices)
    closed_at = models.DateTimeField(null=True, blank=True)
    return_comment = models.TextField(_("Hva må rettes"), blank=True)
    key = models.UUIDField(default=new_key, unique=True)

    objects = AttestationRequestQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "role"],
                condition=Q(closed_at__isnull=True),
                name="portfolio_attestationrequest_open_once",
                violation_error_message=_("Du har allerede bedt om denne signaturen."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=ATTESTERS), name="portfolio_attestationrequest_role"
            ),
        ]
        triggers = [
            triggers.check_on_insert(
                "not_oneself",
                "palmappen_forbid_self("
                "NEW.asked_of_id, palmappen_training_of_placement(NEW.placement_id))",
            )
        ]


class ServiceAttestationQuerySet(models.QuerySet):
    def latest_of(self, placements):
        """The newest attestation of each: that is the one that stands, or is void."""
        return (
            self.filter(placement__in=placements)
            .order_by("placement_id", "-pk")
            .distinct("placement_id")
        )

    def signed_by(self, user):
        return self.filter(Q(actor=user) | Q(countersignature__actor=user))

    def visible_to(self, user):
        """To the trainee, for good to who signed, and to who is asked to countersign. Not with the
        portfolio: it tells causes of absence (domain.md §3)."""
        asked = AttestationRequest.objects.awaiting(user).filter(role=Role.MEDICAL_LEAD)
        return self.filter(
            Q(placement__training__trainee=user)
            | Q(actor=user)
            | Q(countersignature__actor=user)
            | Q(placement__in=asked.values("placement"))
        )


class ServiceAttestation(Act):
    """The head attests a service. `facts` is what was shown, as canonical JSON: what has changed
    since then voids it, and can be told field by field. The latest of a placement stands."""

    placement = models.ForeignKey(Placement, on_delete=models.PROTECT, related_name="attestations")
    facts = models.TextField()
    satisfactory = models.BooleanField(_("Tjenesten er tilfredsstillende utført"))
    comment = models.TextField(_("Merknad"), blank=True)

    objects = ServiceAttestationQuerySet.as_manager()

    class Meta:
        ordering = ["placement", "-acted_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(satisfactory=True) | ~Q(comment=""),
                name="portfolio_serviceattestation_says_why_not",
            ),
        ]
        triggers = [
            *triggers.append_only(),
            triggers.act_for_placement("NEW.placement_id", Role.DEPARTMENT_HEAD),
        ]


class AttestationCountersignature(Act):
    """The senior doctor with medical responsibility signs the same attestation."""

    attestation = models.OneToOneField(
        ServiceAttestation, on_delete=models.PROTECT, related_name="countersignature"
    )

    class Meta:
        triggers = [
            *triggers.append_only(),
            triggers.act_for_placement(
                "(SELECT placement_id FROM portfolio_serviceattestation"
                " WHERE id = NEW.attestation_id)",
                Role.MEDICAL_LEAD,
            ),
            triggers.check_on_insert(
                "by_another", "palmappen_require_second_signer(NEW.attestation_id, NEW.actor_id)"
            ),
        ]
