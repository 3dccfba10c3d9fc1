"""Originals are added by the trainee, replaced or withdrawn, and confirmed by whoever may."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils import timezone

from curriculum.models import CourseModule, LearningGoal
from institutions.enums import Role
from portfolio import attachments, permissions, rules, scans
from portfolio.enums import Refusal, Verb
from portfolio.models import Document, DocumentConfirmation, Placement, Training
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import as_text, digest, without_causes
from portfolio.services.absences import sealed
from portfolio.services.ledger import once, record


@once(Document, owner="training.trainee_id")
def add_document(
    *,
    training: Training,
    by,
    key: UUID,
    upload: File | None,
    kind: str,
    title: str,
    issued_on: dt.date | None = None,
    issuer: str = "",
    specialty: str = "",
    placement: Placement | None = None,
    module: CourseModule | None = None,
    cited_goal: LearningGoal | None = None,
    double_sided: bool = False,
    replaces: Document | None = None,
) -> Document:
    """Faults of the scan are kept with it and warn; a file that cannot be kept raises
    ValidationError. Without `upload` the file of the one it replaces is used again."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    rules.require(issued_on is None or issued_on <= timezone.localdate(), Refusal.FUTURE)
    _require_own(training, placement, replaces)
    document = Document(
        training=training,
        key=key,
        kind=kind,
        title=title,
        issued_on=issued_on,
        issuer=issuer,
        specialty=specialty,
        placement=placement,
        module=module,
        cited_goal=cited_goal,
    )
    with _file_of(document, upload, replaces, double_sided=double_sided):
        document.full_clean(exclude=["key"])
        document.save()
        record_document(document, by=by, verb=Verb.DOCUMENT_ADDED, replaces=_pk(replaces))
        if replaces:
            withdraw_document(replaces, by=by)
    return document


def _require_own(
    training: Training, placement: Placement | None, replaces: Document | None
) -> None:
    for row in (placement, replaces):
        if row and row.training_id != training.pk:
            raise PermissionDenied


def _pk(row) -> int | None:
    return row.pk if row else None


@contextmanager
def _file_of(
    document: Document, upload: File | None, replaces: Document | None, *, double_sided: bool
) -> Iterator[None]:
    """The disk knows nothing of a rollback: what was put there goes again if the row does."""
    if upload is None:
        _take_over(document, replaces)
        yield
        return
    _put(document, upload, replaces, double_sided=double_sided)
    try:
        yield
    except BaseException:
        document.file.storage.delete(document.file.name)
        raise


def _take_over(document: Document, replaced: Document) -> None:
    for name in ("file", "name", "content_type", "size_bytes", "sha256", "page_count"):
        setattr(document, name, getattr(replaced, name))
    document.scan_faults = replaced.scan_faults


def _put(
    document: Document, upload: File, replaces: Document | None, *, double_sided: bool
) -> None:
    attachments.require_harmless_name(upload.name)
    content, content_type = attachments.harmless(upload, name=upload.name)
    attachments.require_room(document.training, len(content), instead_of=replaces)
    found = scans.inspect(content, content_type, double_sided=double_sided)
    document.name = attachments.safe_name(upload.name, content_type)
    document.content_type = content_type
    document.size_bytes = len(content)
    document.sha256 = hashlib.sha256(content).hexdigest()
    document.page_count = found.page_count
    document.scan_faults = found.as_data()
    attachments.put(document.file, content, content_type)


@transaction.atomic
def withdraw_document(document: Document, *, by) -> Document:
    """The row stays, as does what was confirmed of it; it counts no more."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if not permissions.can_log(by, document.training):
        raise PermissionDenied
    if not permissions.can_withdraw_document(by, document):
        raise rules.Stale
    document.withdrawn_at = timezone.now()
    document.save(update_fields=["withdrawn_at"])
    record_document(document, by=by, verb=Verb.DOCUMENT_WITHDRAWN)
    return document


@once(DocumentConfirmation)
def confirm_document(document: Document, *, by, key: UUID, shown: str = "") -> DocumentConfirmation:
    """Somebody who may has held the row and the file against the original. Of a service on paper
    `shown` is the digest of what the page told of it: that is what counts from now on."""
    document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
    role = permissions.confirming_role(by, document)
    if role is None:
        raise PermissionDenied
    if not permissions.can_confirm_document(by, document):
        raise rules.Stale
    service = _service_as_shown(document, shown, key)
    confirmation = DocumentConfirmation.objects.create(
        document=document, actor=by, actor_role=role, key=key
    )
    record_document(document, by=by, role=role, verb=Verb.DOCUMENT_CONFIRMED, **service)
    return confirmation


def _service_as_shown(document: Document, shown: str, key: UUID) -> dict:
    """What the ledger remembers of the service that counts now. Locks it: nothing of it changes
    between the look and the signature."""
    if not document.attests_service:
        return {}
    placement = Placement.objects.select_for_update().get(pk=document.placement_id)
    facts = standing_of(placement).facts
    if digest(facts) != shown:
        raise rules.Stale
    return {
        "facts": json.loads(as_text(without_causes(facts))),
        "facts_seal": sealed(key, as_text(facts)),
    }


def record_document(
    document: Document, *, by, verb: Verb, role: str = Role.TRAINEE, **more: object
) -> None:
    """The ledger remembers what the row said, and the file by its fingerprint."""
    record(
        document.training,
        actor=by,
        role=role,
        verb=verb,
        subject=document,
        content={**document_content(document), **more},
    )


def document_content(document: Document) -> dict:
    return {
        "kind": document.kind,
        "title": document.title,
        "issued_on": document.issued_on,
        "issuer": document.issuer,
        "specialty": document.specialty,
        "placement": str(document.placement) if document.placement else "",
        "module": str(document.module) if document.module else "",
        "cited_goal": document.cited_goal.code if document.cited_goal else "",
        "name": document.name,
        "sha256": document.sha256,
        "page_count": document.page_count,
        "scan_faults": document.scan_faults,
    }
