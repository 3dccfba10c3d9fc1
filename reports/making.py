"""How each kind of document is made: gathered, written, laid out."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portfolio.transfer import CONTENTS
from portfolio.transfer.writing import StoredFile, portfolio_of
from reports import archive, bundle, paper, parcels, queries, seal, snapshot
from reports.enums import ReportKind
from reports.models import Report
from reports.queries.dossier import dossier
from reports.queries.originals import Original
from reports.rules import NobodyLeft, NoOriginals, OriginalChanged, ServiceRemoved

FROZEN = (ReportKind.DOSSIER, ReportKind.BUNDLE)


class Progress(Protocol):
    """Is told how far the work has come, and may stop it by raising."""

    def gathered(self, *, expected_pages: int) -> None: ...
    def written(self) -> None: ...
    def page(self, number: int) -> None: ...


def make(report: Report, progress: Progress) -> paper.Document | parcels.Parcel:
    return MAKERS[ReportKind(report.kind)](report, progress)


def _progress_report(report: Report, progress: Progress) -> paper.Document:
    content = queries.progress_report(report)
    progress.gathered(expected_pages=content.expected_pages)
    html = paper.progress_report_html(content)
    progress.written()
    return paper.pdf_of(html, on_page=progress.page)


def _service_statement(report: Report, progress: Progress) -> paper.Document:
    if report.placement is None:
        raise ServiceRemoved
    content = queries.statement_on_paper(report)
    progress.gathered(expected_pages=1)
    html = paper.statement_html(content)
    progress.written()
    return paper.pdf_of(html, on_page=progress.page)


def snapshot_of(report: Report) -> str:
    """What a frozen kind of document is made from. Call in a transaction that sees one moment."""
    return snapshot.freeze_dossier(dossier(report), report.training)


def _dossier(report: Report, progress: Progress) -> paper.Document:
    """From the frozen snapshot alone: made anew, it is the same to the byte before the seal."""
    content = snapshot.thaw_dossier(report.snapshot)
    progress.gathered(expected_pages=content.expected_pages)
    html = paper.dossier_html(content)
    progress.written()
    printed = archive.archive_pdf_of(
        html,
        attachments=[_snapshot_file(report), *map(_embedded, content.originals)],
        identifier=report.number,
        made_at=content.cover.made_at,
        on_page=progress.page,
    )
    return replace(printed, content=seal.seal(printed.content, seal.load_key()))


def _snapshot_file(report: Report) -> archive.Embedded:
    return archive.snapshot_file(
        json.loads(report.snapshot), description=_("Alt som står i mappen, som JSON")
    )


def _embedded(original: Original) -> archive.Embedded:
    return archive.Embedded(
        name=original.name,
        content=stored(original),
        description=f"{original.kind}: {original.title}",
        relationship=archive.Relationship.SUPPLEMENT,
        media_type=original.media_type,
    )


def stored(original: Original) -> bytes:
    """The file as it was uploaded. Raises OriginalChanged."""
    try:
        with default_storage.open(original.stored_as) as file:
            content = file.read()
    except FileNotFoundError as error:
        raise OriginalChanged(original.name) from error
    if hashlib.sha256(content).hexdigest() != original.sha256:
        raise OriginalChanged(original.name)
    return content


def _bundle(report: Report, progress: Progress) -> paper.Document:
    content = snapshot.thaw_dossier(report.snapshot)
    if not content.originals:
        raise NoOriginals
    progress.gathered(expected_pages=len(content.originals))
    return bundle.bundle(
        lambda sections: paper.bundle_contents_html(content, report.number, sections),
        [
            bundle.Original(
                title=one.title, kind=one.kind, content=stored(one), media_type=one.media_type
            )
            for one in content.originals
        ],
    )


def _export(report: Report, progress: Progress) -> parcels.Parcel:
    """The dossiers that were made, and a list of them and of those that were not."""
    rows = list(report.dossiers.select_related("training__trainee"))
    made = [one for one in rows if one.is_done]
    if not made:
        raise NobodyLeft
    progress.gathered(expected_pages=len(made))
    return parcels.parcel(
        [parcels.Item(f"{one.number}{one.suffix}", one.file.path, one.sha256) for one in made],
        listing=parcels.listing([_listed(one) for one in rows]),
        on_item=progress.page,
    )


def _portfolio(report: Report, progress: Progress) -> parcels.Parcel:
    with one_moment():
        written = portfolio_of(report.training, made_at=timezone.now())
    progress.gathered(expected_pages=max(len(written.files), 1))
    return parcels.parcel(
        [_kept(one) for one in written.files],
        listing=written.text.encode(),
        listed_in=CONTENTS,
        on_item=progress.page,
    )


def _kept(file: StoredFile) -> parcels.Item:
    if not default_storage.exists(file.stored_as):
        raise OriginalChanged(file.name)
    return parcels.Item(file.name, default_storage.path(file.stored_as), file.sha256)


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is as it was when the first of it was read."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _listed(dossier: Report) -> parcels.Listed:
    return parcels.Listed(
        name=dossier.training.trainee.name,
        number=dossier.number,
        file=f"{dossier.number}{dossier.suffix}" if dossier.is_done else "",
        sha256=dossier.sha256 if dossier.is_done else "",
        remark=dossier.left_out_because,
    )


MAKERS: dict[ReportKind, Callable[[Report, Progress], paper.Document | parcels.Parcel]] = {
    ReportKind.PROGRESS: _progress_report,
    ReportKind.SERVICE_STATEMENT: _service_statement,
    ReportKind.DOSSIER: _dossier,
    ReportKind.BUNDLE: _bundle,
    ReportKind.EXPORT: _export,
    ReportKind.PORTFOLIO: _portfolio,
}
