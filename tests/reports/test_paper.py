"""What the paper fetches (nothing of others), and what the PDF says to a screen reader."""

import io
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path

import pikepdf
import pypdf
import pytest
from weasyprint import HTML

from reports import paper
from tests.factories import (
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_goal,
    make_ward,
)
from tests.reports.factories import content_of, make_finished

SECRET = "hemmelig-innhold-fra-serveren"


# --- Resources -----------------------------------------------------------------------------------


@pytest.fixture
def secret_file(tmp_path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text(SECRET)
    return path


@pytest.fixture
def visited():
    """Addresses asked for at a server of ours, and its own address."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *args):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield asked, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


EMBEDDING = [
    '<a rel="attachment" href="file://{path}">x</a>',
    '<link rel="attachment" href="file://{path}">',
    '<p><a rel="attachment" href="file://localhost{path}">x</a></p>',
]
FETCHING = [
    '<img src="{url}/1" alt="">',
    '<img srcset="{url}/2 1x" src="{url}/2" alt="">',
    '<link rel="stylesheet" href="{url}/3">',
    '<style>@import "{url}/4";</style>',
    "<style>body {{ background: url({url}/5) }}</style>",
    '<p style="background: url({url}/6)">x</p>',
    '<style>@font-face {{ font-family: x; src: url("{url}/7") }} p {{ font: 9pt x }}</style><p>',
    '<object data="{url}/8">x</object>',
    '<embed src="{url}/9">',
    '<a rel="attachment" href="{url}/10">x</a>',
    '<svg width="9" height="9"><image href="{url}/11" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><use href="{url}/12#x"/></svg>',
    '<style>li {{ list-style-image: url("{url}/13") }}</style><ul><li>x</li></ul>',
    '<style>p::before {{ content: url("{url}/14") }}</style><p>x</p>',
    '<base href="{url}/"><img src="15" alt="">',
    '<img src="data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%229%22'
    ' height=%229%22%3E%3Cimage href=%22{url}/16%22 width=%229%22 height=%229%22/%3E%3C/svg%3E"'
    ' alt="">',
]


def embedded_text(content: bytes) -> str:
    """Every stream of the PDF, unpacked."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [one for one in pdf.objects if isinstance(one, pikepdf.Stream)]
        return " ".join(_unpacked(stream).decode("latin-1") for stream in streams)


def _unpacked(stream: pikepdf.Stream) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError:
        return stream.read_raw_bytes()


@pytest.mark.parametrize("snippet", EMBEDDING)
def test_local_file_is_never_embedded(secret_file, snippet):
    html = f"<!doctype html><html lang=nb><title>x</title>{snippet.format(path=secret_file)}"

    content = paper.pdf_of(html).content

    assert SECRET not in embedded_text(content)
    assert pypdf.PdfReader(io.BytesIO(content)).attachments == {}


@pytest.mark.parametrize("snippet", FETCHING)
def test_nothing_is_fetched_from_others(visited, snippet):
    asked, url = visited

    paper.pdf_of(f"<!doctype html><html lang=nb><title>x</title>{snippet.format(url=url)}")

    assert asked == []


def test_controls_show_that_the_default_fetcher_leaks(secret_file, visited):
    """Were the guard gone, the tests above would fail."""
    asked, url = visited

    leaking = HTML(string=EMBEDDING[0].format(path=secret_file)).write_pdf()
    HTML(string=FETCHING[0].format(url=url)).write_pdf()

    assert SECRET in embedded_text(leaking)
    assert asked == ["/1"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "http://static.invalid/site.css",
        "http://static.invalid/../config/settings.py",
        "http://static.invalid/vendor/inter-5.3.0/../../print.css",
        "https://example.org/",
        "ftp://example.org/",
    ],
)
def test_fetcher_knows_a_few_names_and_refuses_the_rest(url):
    with pytest.raises(paper.Forbidden):
        paper.OwnFilesOnly().fetch(url)


def test_every_allowed_name_is_a_file_of_ours():
    sizes = {
        name: len(paper.OwnFilesOnly().fetch(url).read()) for url, name in paper.ALLOWED.items()
    }

    assert all(size > 1000 for size in sizes.values())


def test_work_stops_when_the_listener_raises():
    class Stop(Exception):
        pass

    def stop(page):
        raise Stop

    with pytest.raises(Stop):
        paper.pdf_of("<!doctype html><html lang=nb><title>x</title><p>x", on_page=stop)


def test_listener_hears_of_every_page():
    pages = []

    paper.pdf_of(
        "<!doctype html><html lang=nb><title>x</title><p>1<p style='break-before: page'>2",
        on_page=pages.append,
    )

    assert set(pages) == {1, 2}


# --- The document, read back ---------------------------------------------------------------------


@pytest.fixture
def ward(db):
    return make_ward()


@pytest.fixture
def finished(ward):
    """A portfolio with one goal approved, one claimed and one that has no statements."""
    make_approved(ward=ward, goal=make_goal(code="PAL-055"))
    make_assessment(ward=ward, goal=make_goal(code="PAL-014"), levels={1: 1}, feedback="Les mer.")
    make_claim(ward=ward, goal=make_goal(code="PAL-014"), comment="Klar for vurdering.")
    make_goal(code="FKM-001")
    return make_finished(ward=ward)


def text_of(report) -> str:
    reader = pypdf.PdfReader(io.BytesIO(content_of(report)))
    return " ".join(" ".join(page.extract_text().split()) for page in reader.pages)


def test_pdf_is_tagged_named_and_in_norwegian(finished):
    with pikepdf.open(io.BytesIO(content_of(finished))) as pdf:
        root = pdf.Root
        metadata = pdf.open_metadata()

        assert bool(root.MarkInfo.Marked)
        assert str(root.Lang) == "nb"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == str(pdf.docinfo.Title)
        assert str(pdf.docinfo.Title) == (
            f"Framdriftsrapport {finished.number}, {finished.training.trainee.name}"
        )
        assert len(pdf.pages) == finished.page_count


def test_pdf_conforms_to_pdf_ua(finished):
    """Every machine-checkable rule of PDF/UA-1, by a validator of its own."""
    page = pytest.importorskip("page", reason="page-validation is not installed")

    report = page.validate_pdf_bytes(content_of(finished), profile=page.ValidationProfile.PDF_UA_1)

    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant


def structure(content: bytes) -> list[tuple[str, str]]:
    """Every structure element as (tag, alternative text), in reading order."""
    found = []
    with pikepdf.open(io.BytesIO(content)) as pdf:
        waiting = [pdf.Root.StructTreeRoot.K]
        while waiting:
            one = waiting.pop()
            if isinstance(one, pikepdf.Array):
                waiting.extend(reversed(list(one)))
            elif isinstance(one, pikepdf.Dictionary):
                if "/S" in one:
                    found.append((str(one.S), str(one.get("/Alt", ""))))
                if "/K" in one:
                    waiting.append(one.K)
    return found


def test_tags_carry_headings_tables_and_described_figures(finished):
    tags = structure(content_of(finished))

    names = [name for name, _alt in tags]
    headings = [name for name in names if name in ("/H1", "/H2", "/H3", "/H4")]
    assert headings[0] == "/H1"
    assert headings.count("/H1") == 1
    assert all(int(b[2]) <= int(a[2]) + 1 for a, b in pairwise(headings))
    assert {"/Table", "/TR", "/TH", "/TD", "/Sect", "/P"} <= set(names)
    assert [alt for name, alt in tags if name == "/Figure" and not alt] == []


def test_bookmarks_lead_to_sections_themes_and_goals(finished):
    outline = pypdf.PdfReader(io.BytesIO(content_of(finished))).outline

    sections = [one.title for one in outline if not isinstance(one, list)]
    assert sections == [
        "Innhold",
        "1 Status etter tema",
        "2 Hva venter på hvem",
        "3 Tjenester og veiledere",
        "4 Læringsmål",
        "5 Aktiviteter",
        "6 Vurderinger",
        "7 Navn, roller og HPR-numre",
        "8 Om rapporten og hendelsesloggen",
    ]
    titles = [getattr(one, "title", None) for one in outline]
    themes = outline[titles.index("4 Læringsmål") + 1]
    assert [one.title for one in themes if not isinstance(one, list)] == [
        "2. Generell medisin",
        "9. Praktiske prosedyrer og ferdigheter",
        "Felles kompetansemål, del 2–3",
    ]
    goals = [one.title for part in themes if isinstance(part, list) for one in part]
    assert goals == ["PAL-014", "PAL-055", "FKM-001"]


def test_every_page_but_the_cover_carries_number_name_standing_and_page(finished):
    pages = pypdf.PdfReader(io.BytesIO(content_of(finished))).pages
    name = finished.training.trainee.name

    for number, page in enumerate(pages[1:], start=2):
        text = " ".join(page.extract_text().split())
        assert f"Side {number} av {len(pages)}" in text
        assert f"{name} · forslag (høring 2023)" in text
        assert finished.number in text


def test_text_says_what_was_shown_asked_and_decided(finished, ward):
    text = text_of(finished)

    assert "1 av 3 læringsmål er godkjent." in text
    assert "1/2 Kjennskap krav: " in text or "1/3 Kjennskap krav: " in text
    assert "Godkjent" in text
    assert "Anne Demo Haugen, leder" in text
    assert "«Klar for vurdering.»" in text
    assert "«Les mer.»" in text
    assert "Anbefaling i vurdering" not in text  # nobody ticked it
    assert "Avgjørelse av PAL-014" not in text  # nobody has recommended it yet
    assert "Be om anbefaling av PAL-014" in text


def test_checkpoint_of_the_ledger_is_printed(finished, ward):
    events = ward.training.events.order_by("sequence")
    text = text_of(finished)

    assert f"hadde loggen {events.count()} hendelser" in text
    head = events.last().hash
    assert all(head[at : at + 8] in text for at in range(0, 64, 8))


def test_voluntary_map_has_no_word_of_decisions(db):
    ward = make_ward(decides_goals=False)
    make_goal(code="PAL-014")
    make_assessment(ward=ward, goal=make_goal(code="PAL-055"), recommends=True)

    text = text_of(make_finished(ward=ward))

    assert "1 av 2 læringsmål er vist på krevd nivå." in text
    assert "Ikke startet: PAL-014" in text
    without_posts = text.replace("Godkjent LIS-stilling", "")
    words = ("Godkjent", "er godkjent", "Til avgjørelse", "Anbefal", "Meldt", "Avgjørelse")
    assert [word for word in words if word in without_posts] == []


def test_hostile_text_is_only_text(ward, secret_file):
    hostile = f'<a rel="attachment" href="file://{secret_file}">last ned</a> <b>{{{{ 7 }}}}</b>'
    make_activity(ward=ward, note=hostile, sent=True)

    report = make_finished(ward=ward)

    content = content_of(report)
    assert f'<a rel="attachment" href="file://{secret_file}">'.replace(" ", "") in text_of(
        report
    ).replace(" ", "")
    assert SECRET not in embedded_text(content)
    assert pypdf.PdfReader(io.BytesIO(content)).attachments == {}
