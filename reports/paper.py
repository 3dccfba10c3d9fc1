"""HTML on the way to paper. The only place that lets WeasyPrint work.

By default it fetches whatever a document points at, files of the server included. Here it gets
the print stylesheet and the fonts, by name, and nothing else (and `data:`, which points nowhere).
"""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from weasyprint import CSS, HTML
from weasyprint.logger import LOGGER, PROGRESS_LOGGER
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

PREFIX = "http://static.invalid/"  # never asked for: a name that relative addresses resolve under
STYLESHEET = "print.css"
CONTENT_TYPE = {"css": "text/css", "ttf": "font/ttf"}
ALLOWED = {
    f"{PREFIX}{name}": name
    for name in (
        STYLESHEET,
        "vendor/inter-5.3.0/inter-400.ttf",
        "vendor/inter-5.3.0/inter-500.ttf",
        "vendor/inter-5.3.0/inter-650.ttf",
    )
}

LOGGER.setLevel(logging.ERROR)  # it warns of every property that it does not know


class Forbidden(ValueError):
    """The document points at something that is not ours to print."""


class OwnFilesOnly(URLFetcher):
    def fetch(self, url: str, headers=None) -> URLFetcherResponse:
        if url.startswith("data:"):
            return super().fetch(url, headers)
        if url not in ALLOWED:
            raise Forbidden(url.partition(":")[0])
        name = ALLOWED[url]
        path = finders.find(name)
        if path is None:
            raise FileNotFoundError(name)
        with open(path, "rb") as file:
            content_type = CONTENT_TYPE[name.rpartition(".")[2]]
            return URLFetcherResponse(url, file.read(), {"Content-Type": content_type})


@dataclass(frozen=True)
class Document:
    content: bytes
    page_count: int

    def chunks(self) -> Iterator[bytes]:
        yield self.content


def progress_report_html(report) -> str:
    return render_to_string(
        "reports/pdf/progress.html", {"report": report, "is_demo": settings.MODE == "demo"}
    )


def dossier_html(dossier) -> str:
    return render_to_string("reports/pdf/dossier.html", {"dossier": dossier})


def statement_html(statement) -> str:
    return render_to_string(
        "reports/pdf/statement.html", {"statement": statement, "is_demo": settings.MODE == "demo"}
    )


def bundle_contents_html(dossier, number: str, sections) -> str:
    context = {"dossier": dossier, "number": number, "sections": sections}
    return render_to_string("reports/pdf/bundle.html", context)


def pdf_of(html: str, *, on_page: Callable[[int], None] = lambda page: None) -> Document:
    """A tagged PDF/UA-1. `on_page` is told of each page as it is laid out, and may stop the work
    by raising."""
    return printed(html, options={"pdf_variant": "pdf/ua-1", "pdf_tags": True}, on_page=on_page)


def printed(
    html: str,
    *,
    options: dict,
    on_page: Callable[[int], None] = lambda page: None,
    finisher: Callable | None = None,
) -> Document:
    """With WeasyPrint's own options. The `finisher` gets the PDF's objects before they are
    written."""
    fetcher = OwnFilesOnly()
    fonts = FontConfiguration()
    stylesheet = CSS(url=f"{PREFIX}{STYLESHEET}", url_fetcher=fetcher, font_config=fonts)
    with _told_of_pages(on_page):
        laid_out = HTML(string=html, url_fetcher=fetcher).render(
            font_config=fonts, stylesheets=[stylesheet], **options
        )
        content = laid_out.write_pdf(finisher=finisher, **options)
    return Document(content=content, page_count=len(laid_out.pages))


class _PageHandler(logging.Handler):
    """WeasyPrint tells of its progress in a log: «Step 5 - Creating layout - Page 7»."""

    def __init__(self, on_page: Callable[[int], None]):
        super().__init__(level=logging.INFO)
        self.on_page = on_page
        self.thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        is_page = record.args and "Creating layout - Page" in str(record.msg)
        if is_page and record.thread == self.thread:
            self.on_page(record.args[0])


@contextmanager
def _told_of_pages(on_page: Callable[[int], None]) -> Iterator[None]:
    handler = _PageHandler(on_page)
    level, propagate = PROGRESS_LOGGER.level, PROGRESS_LOGGER.propagate
    PROGRESS_LOGGER.addHandler(handler)
    PROGRESS_LOGGER.setLevel(logging.INFO)
    PROGRESS_LOGGER.propagate = False  # no line per page in the log
    try:
        yield
    finally:
        PROGRESS_LOGGER.removeHandler(handler)
        PROGRESS_LOGGER.setLevel(level)
        PROGRESS_LOGGER.propagate = propagate
