"""How far each service has come towards being attested, and what waits for whom."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from institutions.enums import Role
from institutions.models import RoleAssignment
from pages.norwegian_order import norwegian_key
from portfolio.enums import AttestationField, AttestationState, DocumentKind
from portfolio.models import (
    Absence,
    AttestationRequest,
    Document,
    EducationalSupervision,
    Placement,
    ServiceAttestation,
)
from portfolio.models.service import ATTESTERS
from portfolio.queries.attested_facts import (
    TYPED,
    Change,
    FactRow,
    changes_between,
    facts_of,
    from_text,
    rows_behind,
    rows_of,
)
from portfolio.queries.claims import json_rows, moment
from portfolio.rules.attestation import AttestationFacts, may_attest_from, missing_fields


@dataclass(frozen=True)
class Asked:
    """One request: who is asked, in which role, and what came of it."""

    id: int
    role: Role
    person: str
    asked_on: dt.date
    reminded_on: dt.date | None
    closed_at: dt.datetime | None
    comment: str  # why it was sent back

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def role_label(self) -> str:
        return str(self.role.label)

    def may_be_reminded(self, on: dt.date) -> bool:
        return max(self.asked_on, self.reminded_on or self.asked_on) < on


@dataclass(frozen=True)
class Signature:
    """Who signed, as what, when. Of an attestation: whether the service was satisfactory."""

    name: str
    hpr_number: str
    role: str
    signed_at: dt.datetime


@dataclass(frozen=True)
class Original:
    """A signed original on paper that the trainee has uploaded."""

    id: int
    title: str
    confirmed: bool


@dataclass(frozen=True)
class ServiceStanding:
    """One service, what it states of itself, and who has signed for that."""

    placement: Placement
    facts: AttestationFacts
    attestation: ServiceAttestation | None  # the newest
    changes: tuple[Change, ...]  # since it was signed: each voids it
    requests: tuple[Asked, ...]  # open, or sent back; the newest last
    originals: tuple[Original, ...]
    on: dt.date

    @property
    def missing(self) -> tuple[AttestationField, ...]:
        return missing_fields(self.facts)

    @property
    def rows(self) -> tuple[FactRow, ...]:
        return rows_of(self.facts)

    @property
    def opens_on(self) -> dt.date | None:
        """The first day it can be signed; None while the service has no end."""
        return may_attest_from(
            self.facts.ends_on, in_last_month_only=settings.ATTESTATION_IN_LAST_MONTH_ONLY
        )

    @property
    def is_open_to_sign(self) -> bool:
        return self.opens_on is not None and self.opens_on <= self.on

    @property
    def holds(self) -> bool:
        """Attested by the head, and nothing has changed since."""
        return self.attestation is not None and not self.changes

    @property
    def countersignature(self):
        return getattr(self.attestation, "countersignature", None)

    @property
    def asked(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.requests if one.is_open)

    @property
    def now_with(self) -> Asked | None:
        """Whose turn it is: the second signature waits for the first."""
        is_second = self.holds and self.attestation.satisfactory
        turn = Role.MEDICAL_LEAD if is_second else Role.DEPARTMENT_HEAD
        return next((one for one in self.asked if one.role == turn), None)

    @property
    def returned(self) -> Asked | None:
        """The last that was sent back, unless something has come of it since."""
        back = next((one for one in reversed(self.requests) if not one.is_open), None)
        if back is None or any(one.role == back.role for one in self.asked):
            return None
        if self.countersignature and self.holds:
            return None
        later = self.attestation is not None and self.attestation.acted_at > back.closed_at
        return None if later and back.role == Role.DEPARTMENT_HEAD else back

    @property
    def due(self) -> tuple[Role, ...]:
        """The roles that can be asked to sign now."""
        needed = tuple(Role(role) for role in ATTESTERS[: 2 if _needs_two() else 1])
        if self.holds and self.attestation.satisfactory:
            needed = () if self.countersignature else needed[1:]
        waiting = {one.role for one in self.asked}
        return tuple(role for role in needed if role not in waiting)

    @property
    def state(self) -> AttestationState:
        if self.holds and self._settled:
            return self._settled
        if self.now_with:
            return AttestationState.ASKED
        if self.attestation:
            return AttestationState.VOID
        if self.is_open_to_sign and any(one.confirmed for one in self.originals):
            return AttestationState.ON_PAPER
        if self.returned:
            return AttestationState.RETURNED
        if self.placement.starts_on > self.on:
            return AttestationState.AHEAD
        if not self.is_open_to_sign:
            return AttestationState.ONGOING
        return AttestationState.NOT_ASKED

    @property
    def _settled(self) -> AttestationState | None:
        if not self.attestation.satisfactory:
            return None if self.now_with else AttestationState.UNSATISFACTORY
        if self.countersignature or not _needs_two():
            return AttestationState.ATTESTED
        if self.now_with:
            return AttestationState.AWAITING_COUNTERSIGNATURE
        return AttestationState.COUNTERSIGNATURE_MISSING

    @property
    def is_valid(self) -> bool:
        """Whether the service counts as attested."""
        return self.state in (AttestationState.ATTESTED, AttestationState.ON_PAPER)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """Those that hold."""
        return signatures_of(self.attestation) if self.holds else ()


def _needs_two() -> bool:
    return settings.ATTESTATION_NEEDS_COUNTERSIGNATURE


def signatures_of(attestation: ServiceAttestation) -> tuple[Signature, ...]:
    acts = [attestation, getattr(attestation, "countersignature", None)]
    return tuple(
        Signature(
            name=act.actor.name,
            hpr_number=act.actor.hpr_number,
            role=str(act.get_actor_role_display()),
            signed_at=act.acted_at,
        )
        for act in acts
        if act
    )


@dataclass(frozen=True)
class ServiceRecords:
    """All service of some trainings, in the order asked for, and what it was read from."""

    standings: tuple[ServiceStanding, ...]
    absences: dict[int, list[Absence]]  # by training, the newest first; with their causes
    supervisions: dict[int, list[EducationalSupervision]]  # by training

    @property
    def by_placement(self) -> dict[int, ServiceStanding]:
        return {one.placement.pk: one for one in self.standings}


def service_records(
    placements: QuerySet[Placement], *, on: dt.date | None = None
) -> ServiceRecords:
    """Four queries, however many placements of however many trainings."""
    on = on or timezone.localdate()
    rows = list(_with_surroundings(placements))
    absences, guides = rows_behind(one.training_id for one in rows)
    signed = ServiceAttestation.objects.latest_of(one.pk for one in rows)
    signed = signed.select_related("actor", "countersignature__actor")
    latest = {one.placement_id: one for one in signed}
    standings = []
    for one in rows:
        facts = facts_of(one, absences[one.training_id], guides[one.training_id])
        standings.append(_standing(one, facts, latest.get(one.pk), on))
    return ServiceRecords(tuple(standings), absences, guides)


def _with_surroundings(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    of_this = Q(placement=OuterRef("pk"))
    told = AttestationRequest.objects.filter(of_this)
    told = told.filter(Q(closed_at__isnull=True) | ~Q(return_comment=""))
    originals = Document.objects.standing().filter(of_this, kind=DocumentKind.SERVICE_ATTESTATION)
    return placements.select_related(
        "training__trainee", "department__institution", "statement"
    ).annotate(
        request_rows=json_rows(
            told.order_by("asked_at", "pk"),
            id="pk",
            role="role",
            person="asked_of__name",
            asked_at="asked_at",
            reminded_at="reminded_at",
            closed_at="closed_at",
            comment="return_comment",
        ),
        original_rows=json_rows(
            originals.order_by("pk"), id="pk", title="title", confirmation="confirmation"
        ),
    )


def _standing(
    placement: Placement,
    facts: AttestationFacts,
    attestation: ServiceAttestation | None,
    on: dt.date,
) -> ServiceStanding:
    return ServiceStanding(
        placement=placement,
        facts=facts,
        attestation=attestation,
        changes=changes_between(from_text(attestation.facts), facts) if attestation else (),
        requests=tuple(_asked(row) for row in placement.request_rows),
        originals=tuple(
            Original(row["id"], row["title"], row["confirmation"] is not None)
            for row in placement.original_rows
        ),
        on=on,
    )


def _asked(row: dict) -> Asked:
    reminded_at = moment(row["reminded_at"])
    return Asked(
        id=row["id"],
        role=Role(row["role"]),
        person=row["person"],
        asked_on=timezone.localdate(moment(row["asked_at"])),
        reminded_on=timezone.localdate(reminded_at) if reminded_at else None,
        closed_at=moment(row["closed_at"]),
        comment=row["comment"],
    )


def attestations_of(
    placements: QuerySet[Placement], *, on: dt.date | None = None
) -> dict[int, ServiceStanding]:
    return service_records(placements, on=on).by_placement


def standing_of(placement: Placement, *, on: dt.date | None = None) -> ServiceStanding:
    [standing] = service_records(Placement.objects.filter(pk=placement.pk), on=on).standings
    return standing


# --- Who can sign --------------------------------------------------------------------------------


def who_may_sign(placement: Placement, *, on: dt.date | None = None) -> dict[Role, list[User]]:
    """Heads and medical leads of the placement's department that day, by name; never the trainee.
    One query."""
    found: dict[Role, dict[int, User]] = {Role(role): {} for role in ATTESTERS}
    if placement.department_id is None:
        return {role: [] for role in found}
    assignments = (
        RoleAssignment.objects.in_force(on=on)
        .filter(role__in=ATTESTERS, user__is_active=True)
        .filter(
            Q(department=placement.department_id)
            | Q(institution=placement.department.institution_id)
        )
        .exclude(user=placement.training.trainee_id)
        .select_related("user")
    )
    for one in assignments:
        found[Role(one.role)][one.user_id] = one.user
    return {
        role: sorted(people.values(), key=lambda user: norwegian_key(user.name))
        for role, people in found.items()
    }


# --- What waits, and what is signed --------------------------------------------------------------


def requests_awaiting(user) -> QuerySet[AttestationRequest]:
    """The oldest first, each with what a list tells of it."""
    return (
        AttestationRequest.objects.awaiting(user)
        .select_related(
            "placement__training__trainee",
            "placement__training__pathway",
            "placement__department__institution",
        )
        .order_by("asked_at", "pk")
    )


def next_to_sign(user) -> AttestationRequest | None:
    return requests_awaiting(user).first()


def signed_attestations(user) -> QuerySet[ServiceAttestation]:
    """What this person has signed, in either role, the newest first."""
    return (
        ServiceAttestation.objects.signed_by(user)
        .select_related("placement__training__trainee", "actor", "countersignature__actor")
        .order_by("-pk")
    )


@dataclass(frozen=True)
class SignedStatement:
    """An attestation as it was signed, whatever the service says of itself today."""

    attestation: ServiceAttestation
    facts: AttestationFacts

    @property
    def rows(self) -> tuple[FactRow, ...]:
        return rows_of(self.facts)

    @property
    def signatures(self) -> tuple[Signature, ...]:
        return signatures_of(self.attestation)


def signed_statement(attestation: ServiceAttestation) -> SignedStatement:
    return SignedStatement(attestation, from_text(attestation.facts))


def statement_fields(missing: Iterable[AttestationField]) -> tuple[AttestationField, ...]:
    """Those of the missing that are written in the statement itself."""
    return tuple(field for field in missing if field in TYPED)
