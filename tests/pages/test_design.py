"""The promises of the design that a machine can hold."""

import gzip
import re
from pathlib import Path

import django_htmx
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import RequestFactory

from tests.pages.kitchen_sink import kitchen_sink

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.html"))
PAGES = ["hjem", "ny_aktivitet", "vurder", "laeringsmal", "ett_mal", "kohort", "komponenter"]
BUDGET = 75_000


def gzipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes(), 9))


def test_css_and_javascript_fit_the_budget():
    static = settings.BASE_DIR / "static"
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    sent = [
        *static.glob("vendor/designsystemet-*/*.css"),
        *(path for path in static.glob("*.css") if path.name != "print.css"),
        *static.glob("*.js"),
        htmx,
    ]

    assert static / "site.css" in sent
    assert htmx.exists()
    assert sum(gzipped(path) for path in sent) < BUDGET


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_asks_for_nothing_the_policy_refuses(path):
    if "reports/pdf" in str(path):
        pytest.skip("paper has no content security policy")
    source = path.read_text(encoding="utf-8")

    assert (
        re.findall(
            r"""\s(?:style|on[a-z]+|hx-on[^=]*)=["']|<style|<script(?![^>]*\ssrc=)|\|safe\b""",
            source,
        )
        == []
    )


def test_colours_in_our_css_are_tokens():
    source = (settings.BASE_DIR / "static/site.css").read_text(encoding="utf-8")

    assert re.findall(r":[^;{]*#[0-9a-fA-F]{3,8}\b(?![^{]*\{)", source.replace("#fff; }", "")) == []


@pytest.mark.parametrize("name", PAGES)
def test_kitchen_sink_renders(settings, name):
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], Path(__file__).parent]}]
    request = RequestFactory().get("/")

    html = render_to_string(f"kitchen_sink/{name}.html", kitchen_sink(request, name), request)

    assert html.count("<h1>") == 1
    assert len(re.findall(r'\sid="([^"]+)"', html)) == len(set(re.findall(r'\sid="([^"]+)"', html)))
