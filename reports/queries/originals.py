"""The uploaded originals behind a dossier, in the order the authority asks for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from pages.dates import numeric_day
from portfolio.enums import ActivityKind, ActivityState, DocumentKind
from portfolio.models import Attachment, Document, LearningActivity, Training
from reports.queries.people import People, Signer


@dataclass(frozen=True)
class Original:
    """An uploaded original: it lies unchanged inside the sealed file, under `name`."""

    name: str
    stored_as: str
    kind: str
    title: str
    issued_on: dt.date | None
    issuer: str
    media_type: str
    pages: int | None
    sha256: str
    confirmed_by: Signer | None
    confirmed_on: dt.date | None


def originals_of(
    training: Training, people: People, *, seen_by: User, shows_causes: bool
) -> tuple[Original, ...]:
    """Documents in the order the authority asks for, then what hangs on activities.

    A signed attestation tells causes of absence: it is in no leader's dossier, also where the
    leader may see it in another role. What hangs on guidance stays between two.
    """
    documents = training.documents.standing().visible_to(seen_by)
    if not shows_causes:
        documents = documents.exclude(kind=DocumentKind.SERVICE_ATTESTATION)
    documents = documents.select_related("confirmation__actor")
    attachments = Attachment.objects.filter(
        activity__training=training,
        activity__state__in=(ActivityState.SENT, ActivityState.ATTESTED),
    ).exclude(activity__kind=ActivityKind.GUIDANCE)
    rows: Iterable = (
        *sorted(documents, key=_as_the_authority_sorts),
        *attachments.select_related("activity").order_by("activity__starts_on", "pk"),
    )
    return tuple(_original(number, row, people) for number, row in enumerate(rows, start=1))


def _as_the_authority_sorts(document: Document) -> tuple:
    return (
        DocumentKind.values.index(document.kind),
        document.issued_on or dt.date.min,
        document.pk,
    )


def _original(number: int, row: Document | Attachment, people: People) -> Original:
    confirmation = getattr(row, "confirmation", None)
    is_document = isinstance(row, Document)
    suffix = PurePath(row.name).suffix.lower()
    return Original(
        name=f"{number:02d} {_safe(row.name.removesuffix(PurePath(row.name).suffix))}{suffix}",
        stored_as=row.file.name,
        kind=str(row.get_kind_display()) if is_document else _("Vedlegg til aktivitet"),
        title=row.title if is_document else _activity_title(row.activity),
        issued_on=row.issued_on if is_document else row.activity.starts_on,
        issuer=row.issuer if is_document else "",
        media_type=row.content_type,
        pages=row.page_count if is_document else None,
        sha256=row.sha256,
        confirmed_by=(
            people.meet(confirmation.actor, confirmation.actor_role) if confirmation else None
        ),
        confirmed_on=timezone.localdate(confirmation.acted_at) if confirmation else None,
    )


def _activity_title(activity: LearningActivity) -> str:
    return f"{activity.heading}, {numeric_day(activity.starts_on)}"


def _safe(name: str) -> str:
    """A file name that every system can save: no path, no control characters, no colon."""
    return "".join(
        letter if letter.isalnum() or letter in " -_.,()" else "_" for letter in name
    ).strip()[:80]
