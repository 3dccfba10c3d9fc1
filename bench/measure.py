"""Measures in the process of its own: `python -m bench.measure` prints figures as JSON.

Each page is asked for through the whole stack of middleware, as the application role, in turn
with the bare view, so that both meet the same machine.
"""

import gzip
import json
import statistics
import sys
import time
from pathlib import Path
from uuid import uuid4

import django
from django.conf import settings

ROUNDS = 40
WARM_UP = 5


def main() -> None:
    django.setup()
    settings.ROOT_URLCONF = "bench.urls"
    figures = {"pages": measure_pages()}
    if "--all" in sys.argv:
        figures["report"] = measure_report()
        figures["static_bytes"] = static_bytes()
    json.dump(figures, sys.stdout)


def measure_pages() -> list[dict]:
    from bench.pages import pages  # models are there after setup

    browser = Browser()
    return [measure(browser, name, user, url) for name, user, url in pages()]


def measure(browser: "Browser", name: str, user, url: str) -> dict:
    from bench.urls import SENT

    page, bare = [], []
    session = browser.session_of(user)
    for _ in range(WARM_UP):
        body = browser.get(url, session)
    SENT.append(body)
    queries = browser.count_queries(url, session)
    for _ in range(ROUNDS):
        page.append(timed(lambda: browser.get(url, session)))
        bare.append(timed(lambda: browser.get("/bare/", session)))
    return {
        "name": name,
        "p50": statistics.median(page),
        "p95": statistics.quantiles(page, n=20)[-1],
        "bare": statistics.median(bare),
        "queries": queries,
        "bytes": len(body),
    }


def timed(act) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


class Browser:
    """Speaks WSGI to the application, without a network between."""

    def __init__(self):
        from django.core.wsgi import get_wsgi_application
        from django.test import RequestFactory

        self.application = get_wsgi_application()
        self.requests = RequestFactory(SERVER_NAME="localhost")

    def session_of(self, user) -> str:
        from django.test import Client

        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        return client.session.session_key

    def get(self, url: str, session: str) -> bytes:
        statuses = []
        cookie = f"{settings.SESSION_COOKIE_NAME}={session}"
        environ = self.requests.get(url, headers={"Cookie": cookie}).environ
        response = self.application(environ, lambda status, headers: statuses.append(status))
        body = b"".join(response)
        response.close()
        if statuses != ["200 OK"]:
            raise SystemExit(f"{url} answers {statuses}")
        return body

    def count_queries(self, url: str, session: str) -> int:
        from django.db import connection

        asked = []

        def count(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            self.get(url, session)
        return len(asked)


def measure_report() -> dict:
    """One report, by the worker's own service; the share that is WeasyPrint's."""
    from portfolio.models import Training
    from reports import paper, services

    training = Training.objects.first()
    inside = []
    lay_out = paper.pdf_of

    def watched(*args, **kwargs):
        began = time.perf_counter()
        try:
            return lay_out(*args, **kwargs)
        finally:
            inside.append((time.perf_counter() - began) * 1000)

    paper.pdf_of = watched
    for _ in range(2):  # the first warms up
        report = services.order_report(training=training, by=training.trainee, key=uuid4())
        whole = timed(lambda: services.render_report(report.pk))  # noqa: B023
    report.refresh_from_db()
    return {
        "whole": whole,
        "weasyprint": inside[-1],
        "pages": report.page_count,
        "bytes": report.size_bytes,
    }


def static_bytes() -> int:
    """All CSS and JavaScript that any page loads, gzipped."""
    import django_htmx

    static = settings.BASE_DIR / "static"
    sent = [
        *static.glob("vendor/designsystemet-*/*.css"),
        *(sheet for sheet in static.glob("*.css") if sheet.name != "print.css"),
        *static.glob("*.js"),
        Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js",
    ]
    return sum(len(gzip.compress(one.read_bytes(), 9)) for one in sent)


if __name__ == "__main__":
    main()
