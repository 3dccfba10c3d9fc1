"""Measures in a process of its own, beside one database: `python -m bench.measure`.

Takes one order per line on standard input and answers each with one line of JSON, so that the
caller can let two databases take turns and both meet the same machine. Each page is asked for
through the whole stack of middleware, as the application role.
"""

import gzip
import json
import sys
import time
from pathlib import Path
from uuid import uuid4

import django
from django.conf import settings

WARM_UP = 5


def main() -> None:
    django.setup()
    settings.ROOT_URLCONF = "bench.urls"
    from bench.pages import pages  # models are there after setup
    from bench.preflight import time_preflight

    found = []

    def all_pages() -> list[dict]:
        found[:] = [Measured(*page) for page in pages()]
        return [page.facts() for page in found]

    orders = {
        "pages": all_pages,
        "time": lambda number: found[int(number)].time(),
        "preflight": time_preflight,
        "report": time_report,
        "static": static_bytes,
    }
    for line in sys.stdin:
        order, *arguments = line.split()
        print(json.dumps(orders[order](*arguments)), flush=True)


class Measured:
    """One page as one person, over WSGI, without a network between."""

    def __init__(self, name: str, user, url: str):
        from django.core.wsgi import get_wsgi_application
        from django.test import Client, RequestFactory

        self.name = name
        self.application = get_wsgi_application()
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.session.session_key}"
        requests = RequestFactory(SERVER_NAME="localhost", HTTP_COOKIE=cookie)
        self.page, self.bare = (requests.get(path).environ for path in (url, "/bare/"))

    def get(self, environ: dict) -> bytes:
        statuses = []
        response = self.application(environ.copy(), lambda status, headers: statuses.append(status))
        body = b"".join(response)
        response.close()
        if statuses != ["200 OK"]:
            raise SystemExit(f"{self.name} answers {statuses}")
        return body

    def facts(self) -> dict:
        for _ in range(WARM_UP):
            self.body = self.get(self.page)
        queries = queries_in(lambda: self.get(self.page))
        return {"name": self.name, "queries": queries, "bytes": len(self.body)}

    def time(self) -> list[float]:
        from bench.urls import SENT

        SENT.append(self.body)
        return [timed(lambda: self.get(self.page)), timed(lambda: self.get(self.bare))]


def queries_in(act) -> int:
    from django.db import connection

    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        act()
    return len(asked)


def timed(act) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


def time_report() -> dict:
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
