"""What lies before the training, or beside it: entered in one sitting, all of it or nothing."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from curriculum.models import CourseModule, LearningGoal
from institutions.models import Department
from portfolio import permissions
from portfolio.enums import DocumentKind
from portfolio.models import Document, Training
from portfolio.rules import Refused
from portfolio.services import kept_files
from portfolio.services.documents import add_document
from portfolio.services.trainings import add_placement


@dataclass(frozen=True)
class EarlierService:
    """One service, and the token of its attestation where there is one on paper."""

    key: UUID
    department: Department | None
    place_name: str
    service_kind: str
    specialty: str
    post_kind: str
    percent: int
    starts_on: dt.date
    ends_on: dt.date | None
    kept: str = ""


@dataclass(frozen=True)
class EarlierCompetence:
    """A course module, an approval, or a goal of another specialty: its document, kept aside."""

    key: UUID
    kind: str
    title: str
    kept: str
    issued_on: dt.date | None = None
    issuer: str = ""
    specialty: str = ""
    module: CourseModule | None = None
    cited_goal: LearningGoal | None = None


class SomeRefused(Exception):
    """Nothing was saved; `rows` says why, by the key of the row."""

    def __init__(self, rows: dict[UUID, tuple[str, ...]]):
        self.rows = rows
        super().__init__(f"{len(rows)} rows")


@transaction.atomic
def add_earlier(
    *,
    training: Training,
    by,
    services: Sequence[EarlierService],
    competences: Sequence[EarlierCompetence],
) -> list[Document]:
    """Raises SomeRefused, with every row that fails, and has then saved nothing."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    sitting = _Sitting(training, by)
    for row in services:
        sitting.attempt(row.key, partial(sitting.add_service, row))
    for row in competences:
        sitting.attempt(row.key, partial(sitting.add_document, row.kept, **_facts(row)))
    if sitting.refused:
        sitting.clear_disk()
        raise SomeRefused(sitting.refused)
    for row in (*services, *competences):
        transaction.on_commit(partial(kept_files.forget, row.kept, owner=by), robust=True)
    return sitting.documents


@dataclass
class _Sitting:
    """What has been made so far, and what was refused."""

    training: Training
    by: object
    documents: list[Document] = field(default_factory=list)
    refused: dict[UUID, tuple[str, ...]] = field(default_factory=dict)

    def attempt(self, key: UUID, add: Callable[[], None]) -> None:
        """One row that fails does not hide what is wrong with the next."""
        try:
            with transaction.atomic():
                add()
        except Refused as refusal:
            self.refused[key] = (refusal.message,)
        except ValidationError as error:
            self.refused[key] = tuple(error.messages)

    def add_service(self, row: EarlierService) -> None:
        placement = add_placement(training=self.training, by=self.by, **_facts(row))
        if row.kept:
            self.add_document(
                row.kept,
                key=uuid5(row.key, "attestation"),
                kind=DocumentKind.SERVICE_ATTESTATION,
                title=str(DocumentKind.SERVICE_ATTESTATION.label),
                placement=placement,
            )

    def add_document(self, kept: str, *, key: UUID, **facts: object) -> None:
        if Document.objects.filter(key=key).exists():
            return  # the second of a double submit
        with kept_files.reopened(kept, owner=self.by) as file:
            document = add_document(
                training=self.training, by=self.by, key=key, upload=file, **facts
            )
        self.documents.append(document)

    def clear_disk(self) -> None:
        """It knows nothing of a rollback."""
        for document in self.documents:
            document.file.storage.delete(document.file.name)


def _facts(row: EarlierService | EarlierCompetence) -> dict[str, object]:
    """All but the file. As they are: `dataclasses.asdict` would copy rows of the database."""
    return {one.name: getattr(row, one.name) for one in fields(row) if one.name != "kept"}
