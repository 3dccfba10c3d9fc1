"""From the trainee's statement to a signed service: asked, attested by the head, countersigned."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import AttestationState, Refusal, Verb
from portfolio.models import (
    AttestationCountersignature,
    AttestationRequest,
    Placement,
    ServiceAttestation,
    ServiceStatement,
)
from portfolio.queries.attestations import ServiceStanding, standing_of
from portfolio.queries.attested_facts import as_text, digest, told_to_the_ledger
from portfolio.services import notices
from portfolio.services.absences import sealed
from portfolio.services.ledger import once, record


@transaction.atomic
def save_statement(
    placement: Placement,
    *,
    by,
    version: int,
    content: str,
    teaching: str,
    on_call: str,
    on_call_text: str,
) -> ServiceStatement:
    """The trainee's own words of the service. A draft until somebody signs; `version` 0 is none."""
    placement = _locked(placement)
    if not permissions.can_state_service(by, placement):
        raise PermissionDenied
    statement = ServiceStatement.objects.filter(placement=placement).first()
    if version != (statement.version if statement else 0):
        raise rules.Stale
    statement = statement or ServiceStatement(placement=placement, version=0)
    statement.content, statement.teaching = content, teaching
    statement.on_call, statement.on_call_text = on_call, on_call_text
    statement.version += 1
    statement.full_clean()
    statement.save()
    return statement


# --- Asking --------------------------------------------------------------------------------------


@once(AttestationRequest, owner="placement.training.trainee_id")
def request_attestation(
    placement: Placement, *, by, key: UUID, head=None, medical_lead=None
) -> AttestationRequest:
    """Asks those whose turn it is or will be. The medical lead hears of it when the head has
    signed; where the head already has, only the medical lead is asked."""
    placement = _locked(placement)
    if not permissions.can_state_service(by, placement):
        raise PermissionDenied
    standing = standing_of(placement)
    asked = {Role.DEPARTMENT_HEAD: head, Role.MEDICAL_LEAD: medical_lead}
    asked = {role: person for role, person in asked.items() if person is not None}
    rules.require(standing.state != AttestationState.ATTESTED, Refusal.ATTESTED_ALREADY)
    rules.require(asked.keys() <= set(standing.due), Refusal.ATTESTATION_ASKED)
    rules.require(bool(asked), Refusal.NOT_ATTESTER)
    _require_ready(standing)
    for role, person in asked.items():
        _require_attester(person, role, placement)
    _require_two_people(standing, asked)
    first, *others = [
        AttestationRequest(placement=placement, asked_of=person, role=role, asked_at=timezone.now())
        for role, person in asked.items()
    ]
    first.key = key
    for request in (first, *others):
        request.save()
    _record(
        first,
        placement,
        by=by,
        role=Role.TRAINEE,
        verb=Verb.ATTESTATION_REQUESTED,
        asked_of={str(role): person.name for role, person in asked.items()},
    )
    notices.ring(first.asked_of_id)
    return first


def _require_ready(standing: ServiceStanding) -> None:
    rules.require(not standing.missing, Refusal.STATEMENT_INCOMPLETE)
    rules.require(standing.is_open_to_sign, Refusal.TOO_EARLY_TO_ATTEST)


def _require_attester(person, role: Role, placement: Placement) -> None:
    rules.require(person.pk != placement.training.trainee_id, Refusal.ONESELF)
    holds = permissions.holds_role_at(person, role, placement.department)
    rules.require(holds, Refusal.NOT_ATTESTER)


def _require_two_people(standing: ServiceStanding, asked: dict) -> None:
    """Who signs second is another than who signs, or has signed, first."""
    second = asked.get(Role.MEDICAL_LEAD)
    if second is None:
        return
    signed = standing.attestation.actor_id if standing.holds else None
    head = asked.get(Role.DEPARTMENT_HEAD)
    rules.require(second.pk not in {signed, head and head.pk}, Refusal.SECOND_SIGNER)


@transaction.atomic
def recall_attestation_request(placement: Placement, *, by) -> None:
    """The trainee asks no more, of anybody."""
    placement = _locked(placement)
    if not permissions.can_state_service(by, placement):
        raise PermissionDenied
    request = placement.attestation_requests.open().first()
    if request is None:
        raise rules.Stale
    placement.attestation_requests.open().update(closed_at=timezone.now())
    _record(request, placement, by=by, role=Role.TRAINEE, verb=Verb.ATTESTATION_RECALLED)


@transaction.atomic
def remind_attester(request: AttestationRequest, *, by) -> None:
    if not permissions.can_state_service(by, request.placement):
        raise PermissionDenied
    if not AttestationRequest.objects.whose_turn_it_is().filter(pk=request.pk).exists():
        raise rules.Stale
    notices.remind(request)


# --- Signing -------------------------------------------------------------------------------------


@once(ServiceAttestation)
def attest_service(
    request: AttestationRequest, *, by, shown: str, satisfactory: bool, comment: str, key: UUID
) -> ServiceAttestation:
    """The head signs what was shown, named by its digest: changed facts are another matter."""
    request = _locked_request(request, by=by, role=Role.DEPARTMENT_HEAD)
    placement = request.placement
    standing = standing_of(placement)
    if digest(standing.facts) != shown:
        raise rules.Stale
    _require_ready(standing)
    rules.require(satisfactory or bool(comment), Refusal.NO_REASON)
    attestation = ServiceAttestation.objects.create(
        placement=placement,
        actor=by,
        actor_role=Role.DEPARTMENT_HEAD,
        facts=as_text(standing.facts),
        satisfactory=satisfactory,
        comment=comment,
        key=key,
    )
    attestation.refresh_from_db(fields=["acted_at"])
    request.closed_at = timezone.now()
    request.save()
    _pass_on(placement, satisfactory=satisfactory)
    _record(
        attestation,
        placement,
        by=by,
        role=Role.DEPARTMENT_HEAD,
        verb=Verb.SERVICE_ATTESTED,
        facts=told_to_the_ledger(standing.facts),
        facts_seal=sealed(attestation.key, attestation.facts),
        satisfactory=satisfactory,
        comment=comment,
    )
    return attestation


def _pass_on(placement: Placement, *, satisfactory: bool) -> None:
    """Now it is the medical lead's turn, who has not waited until now."""
    second = placement.attestation_requests.open().filter(role=Role.MEDICAL_LEAD).first()
    if second is None:
        return
    if satisfactory:
        second.asked_at = timezone.now()
        notices.ring(second.asked_of_id)
    else:
        second.closed_at = timezone.now()
    second.save()


@once(AttestationCountersignature)
def countersign_attestation(
    request: AttestationRequest, *, by, shown: str, key: UUID
) -> AttestationCountersignature:
    request = _locked_request(request, by=by, role=Role.MEDICAL_LEAD)
    placement = request.placement
    standing = standing_of(placement)
    if not standing.holds or digest(standing.facts) != shown:
        raise rules.Stale
    rules.require(standing.attestation.actor_id != by.pk, Refusal.SECOND_SIGNER)
    countersignature = AttestationCountersignature.objects.create(
        attestation=standing.attestation, actor=by, actor_role=Role.MEDICAL_LEAD, key=key
    )
    countersignature.refresh_from_db(fields=["acted_at"])
    request.closed_at = timezone.now()
    request.save()
    _record(
        countersignature,
        placement,
        by=by,
        role=Role.MEDICAL_LEAD,
        verb=Verb.SERVICE_COUNTERSIGNED,
        attestation=standing.attestation.pk,
        facts_seal=sealed(standing.attestation.key, standing.attestation.facts),
    )
    return countersignature


@transaction.atomic
def return_attestation(request: AttestationRequest, *, by, comment: str) -> None:
    """Sent back unsigned, with what must be put right. The other who was asked waits no more."""
    request = _locked_request(request, by=by, role=request.role)
    rules.require(bool(comment), Refusal.NO_REASON)
    placement = request.placement
    request.closed_at, request.return_comment = timezone.now(), comment
    request.save()
    placement.attestation_requests.open().update(closed_at=timezone.now())
    _record(
        request,
        placement,
        by=by,
        role=Role(request.role),
        verb=Verb.ATTESTATION_RETURNED,
        comment=comment,
    )


# --- What they have in common --------------------------------------------------------------------


def _locked(placement: Placement) -> Placement:
    """One act at a time on one service."""
    return (
        Placement.objects.select_for_update(of=["self"])
        .select_related("training__trainee", "department__institution")
        .get(pk=placement.pk)
    )


def _locked_request(request: AttestationRequest, *, by, role: Role) -> AttestationRequest:
    """The request, open and this person's to answer; its placement locked."""
    _locked(request.placement)
    request = (
        AttestationRequest.objects.select_for_update(of=["self"])
        .select_related("placement__training__trainee", "placement__department__institution")
        .get(pk=request.pk)
    )
    if request.asked_of_id != by.pk or request.role != role:
        raise PermissionDenied
    if request.closed_at:
        raise rules.Stale
    if not permissions.can_sign_service(by, request):
        raise PermissionDenied
    return request


def _record(subject, placement: Placement, *, by, role: Role, verb: Verb, **more) -> None:
    record(
        placement.training,
        actor=by,
        role=role,
        verb=verb,
        subject=subject,
        content={
            "place": placement.place,
            "starts_on": placement.starts_on,
            "ends_on": placement.ends_on,
            **more,
        },
    )
