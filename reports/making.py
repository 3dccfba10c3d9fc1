"""How each kind of document is made: gathered, written, laid out."""

from collections.abc import Callable
from typing import Protocol

from reports import paper, queries
from reports.enums import ReportKind
from reports.models import Report


class Progress(Protocol):
    """Is told how far the work has come, and may stop it by raising."""

    def gathered(self, *, expected_pages: int) -> None: ...
    def written(self) -> None: ...
    def page(self, number: int) -> None: ...


def make(report: Report, progress: Progress) -> paper.Document:
    return MAKERS[ReportKind(report.kind)](report, progress)


def _progress_report(report: Report, progress: Progress) -> paper.Document:
    content = queries.progress_report(report)
    progress.gathered(expected_pages=content.expected_pages)
    html = paper.progress_report_html(content)
    progress.written()
    return paper.pdf_of(html, on_page=progress.page)


MAKERS: dict[ReportKind, Callable[[Report, Progress], paper.Document]] = {
    ReportKind.PROGRESS: _progress_report,
}
