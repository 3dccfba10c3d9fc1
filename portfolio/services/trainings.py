"""A training begins, its placements, and who guides."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from curriculum.models import Pathway
from institutions.enums import Role
from institutions.models import Department, Institution
from portfolio import permissions, rules
from portfolio.enums import Refusal, ServiceKind, Verb
from portfolio.models import EducationalSupervision, Opening, Placement, Training
from portfolio.services.ledger import once, record

PLACE_FIELDS = {"department", "place_name", "service_kind", "specialty"}


@transaction.atomic
def start_training(
    *, trainee, pathway: Pathway, authorised_on: dt.date, started_on: dt.date, by
) -> Training:
    if not permissions.is_admin(by):
        raise PermissionDenied
    training = Training(
        trainee=trainee, pathway=pathway, authorised_on=authorised_on, started_on=started_on
    )
    training.full_clean()
    training.save()
    record(
        training,
        actor=by,
        role=Role.ADMIN,
        verb=Verb.TRAINING_STARTED,
        subject=training,
        content={
            "pathway": pathway.code,
            "version": pathway.version,
            "authorised_on": authorised_on,
            "started_on": started_on,
        },
    )
    return training


@once(Placement, owner="training.trainee_id")
def add_placement(
    *,
    training: Training,
    by,
    post_kind: str,
    percent: int,
    starts_on: dt.date,
    ends_on: dt.date | None,
    key: UUID,
    department: Department | None = None,
    place_name: str = "",
    service_kind: str = ServiceKind.OWN,
    specialty: str = "",
) -> Placement:
    """Service at a department, or at a place elsewhere that is only named."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    placement = Placement(
        training=training,
        department=department,
        place_name=place_name,
        service_kind=service_kind,
        specialty=specialty,
        post_kind=post_kind,
        percent=percent,
        starts_on=starts_on,
        ends_on=ends_on,
        key=key,
    )
    _save_placement(placement)
    _record_placement(placement, by=by, verb=Verb.PLACEMENT_ADDED)
    return placement


@transaction.atomic
def change_placement(
    placement: Placement,
    *,
    by,
    version: int,
    post_kind: str,
    percent: int,
    starts_on: dt.date,
    ends_on: dt.date | None,
    **place: object,
) -> Placement:
    """`place`: department, place_name, service_kind, specialty; what is not named is as before."""
    placement = _locked(placement, version=version)
    if not permissions.can_change_placement(by, placement):
        raise PermissionDenied
    rules.require(not placement.documents.attesting().exists(), Refusal.ATTESTED_ON_PAPER)
    for name in PLACE_FIELDS & place.keys():
        setattr(placement, name, place[name])
    placement.post_kind = post_kind
    placement.percent = percent
    placement.starts_on = starts_on
    placement.ends_on = ends_on
    placement.version += 1
    _save_placement(placement)
    _record_placement(placement, by=by, verb=Verb.PLACEMENT_CHANGED)
    return placement


@transaction.atomic
def remove_placement(placement: Placement, *, by) -> None:
    """The row goes; the ledger remembers what it said. What somebody has signed for stays."""
    placement = _locked(placement)
    if not permissions.can_change_placement(by, placement):
        raise PermissionDenied
    rules.require(not placement.attestations.exists(), Refusal.ATTESTED_SERVICE)
    _record_placement(placement, by=by, verb=Verb.PLACEMENT_REMOVED)
    placement.attestation_requests.all().delete()
    try:
        placement.delete()
    except ProtectedError as error:
        raise rules.Refused(Refusal.ATTESTED_SERVICE) from error


def _locked(placement: Placement, *, version: int | None = None) -> Placement:
    placement = (
        Placement.objects.select_for_update(of=["self"])
        .select_related("training", "department__institution")
        .get(pk=placement.pk)
    )
    if version not in (None, placement.version):
        raise rules.Stale
    return placement


def _save_placement(placement: Placement) -> None:
    placement.full_clean()
    others = Placement.objects.filter(training=placement.training).exclude(pk=placement.pk)
    overlapping = [
        rules.Post(max(one.percent, 0), max(one.starts_on, placement.starts_on), one.ends_on)
        for one in others
        if (one.ends_on is None or one.ends_on >= placement.starts_on)
        and (placement.ends_on is None or one.starts_on <= placement.ends_on)
    ]
    this = rules.Post(placement.percent, placement.starts_on, placement.ends_on)
    rules.require(rules.highest_percent([this, *overlapping]) <= 100, Refusal.OVER_FULL_TIME)
    placement.save()


def _record_placement(placement: Placement, *, by, verb: Verb) -> None:
    record(
        placement.training,
        actor=by,
        role=Role.TRAINEE,
        verb=verb,
        subject=placement,
        content={
            **_place(placement),
            "service_kind": placement.service_kind,
            "specialty": placement.specialty,
            "post_kind": placement.post_kind,
            "percent": placement.percent,
            "starts_on": placement.starts_on,
            "ends_on": placement.ends_on,
        },
    )


def _place(placement: Placement) -> dict:
    if placement.department_id is None:
        return {"place": placement.place_name}
    department = placement.department
    return {"department": department.name, "institution": department.institution.name}


@transaction.atomic
def appoint_supervisor(
    *,
    training: Training,
    supervisor,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    specialty: str = "",
    holds_competence_area: bool = False,
    employer: Institution | None = None,
    by,
) -> EducationalSupervision:
    """One veileder at a time: a running appointment ends the day before the new one starts."""
    if not permissions.can_appoint_supervisor(by, training):
        raise PermissionDenied
    rules.require(supervisor.pk != training.trainee_id, Refusal.ONESELF)
    running = training.supervisions.filter(ends_on__isnull=True, starts_on__lt=starts_on).first()
    if running:
        end_supervision(running, by=by, ends_on=starts_on - dt.timedelta(days=1))
    supervision = EducationalSupervision(
        training=training,
        supervisor=supervisor,
        starts_on=starts_on,
        ends_on=ends_on,
        specialty=specialty,
        holds_competence_area=holds_competence_area,
        employer=employer,
    )
    supervision.full_clean(validate_constraints=False)
    try:
        with transaction.atomic():
            supervision.save()
    except IntegrityError as error:
        raise rules.Refused(Refusal.SUPERVISED_ALREADY) from error
    _record_supervision(supervision, by=by, verb=Verb.SUPERVISION_STARTED)
    return supervision


@transaction.atomic
def describe_supervision(
    supervision: EducationalSupervision,
    *,
    by,
    specialty: str,
    holds_competence_area: bool,
    employer: Institution | None,
) -> EducationalSupervision:
    """What attestations tell of who guided; the period is another matter."""
    if not permissions.can_describe_supervisor(by, supervision):
        raise PermissionDenied
    supervision.specialty = specialty
    supervision.holds_competence_area = holds_competence_area
    supervision.employer = employer
    supervision.full_clean(validate_constraints=False)
    supervision.save()
    _record_supervision(supervision, by=by, verb=Verb.SUPERVISION_CHANGED)
    return supervision


@transaction.atomic
def end_supervision(supervision: EducationalSupervision, *, by, ends_on: dt.date) -> None:
    if not permissions.can_appoint_supervisor(by, supervision.training):
        raise PermissionDenied
    supervision.ends_on = ends_on
    supervision.full_clean(validate_constraints=False)
    supervision.save()
    _record_supervision(supervision, by=by, verb=Verb.SUPERVISION_ENDED)


def _record_supervision(supervision: EducationalSupervision, *, by, verb: Verb) -> None:
    role = permissions.role_for(by, supervision.training) or Role.ADMIN
    record(
        supervision.training,
        actor=by,
        role=role,
        verb=verb,
        subject=supervision,
        content={
            "supervisor": supervision.supervisor.name,
            "supervisor_hpr_number": supervision.supervisor.hpr_number,
            "specialty": supervision.specialty,
            "holds_competence_area": supervision.holds_competence_area,
            "employer": supervision.employer.name if supervision.employer_id else "",
            "starts_on": supervision.starts_on,
            "ends_on": supervision.ends_on,
        },
    )


def note_opening(*, training: Training, user, role: str | None = None) -> None:
    """The trainee may see who has opened their portfolio, day by day (domain.md §3)."""
    role = role or permissions.role_for(user, training)
    if role not in (None, Role.TRAINEE):
        note_openings(trainings=[training], user=user, role=role)


def note_openings(*, trainings: Iterable[Training], user, role: str) -> None:
    """Several portfolios in one look, such as a spreadsheet of a cohort."""
    today = timezone.localdate()
    Opening.objects.bulk_create(
        [Opening(training=one, user=user, role=role, opened_on=today) for one in trainings],
        ignore_conflicts=True,
    )
