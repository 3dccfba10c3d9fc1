import re
from html import unescape

import pytest
from django.urls import reverse

from curriculum.models import Curriculum, LearningGoal

PAL = "/laeringsmal/pal-2023/"


def page(client, url, status=200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


INLINE = re.compile(r"</?(?:a|b|mark|span|strong|sup)\b[^>]*>")
TAG = re.compile(r"<[^>]+>")


def words_of(html: str) -> str:
    """What a reader sees, with one space between words and blocks."""
    return " ".join(unescape(TAG.sub(" ", INLINE.sub("", html))).split())


def test_list_shows_standing_and_source(client, loaded):
    shown = words_of(page(client, "/laeringsmal/"))

    assert "59 mål i 11 temaer, 119 utsagn med krevd nivå." in shown
    assert "Forslag (høring 2023). Målene er ikke vedtatt forskrift." in shown
    assert "Gjelder fra 1. mars 2026." in shown
    assert "Opphevet fra 1. mars 2026." in shown
    assert "vedlegg 1. Sak 21/35111." in shown


def test_urls():
    assert reverse("curriculum:curriculum_list") == "/laeringsmal/"
    assert reverse("curriculum:curriculum_detail", args=["pal-2023"]) == PAL
    assert reverse("curriculum:goal_detail", args=["pal-2023", "PAL-055"]) == f"{PAL}PAL-055/"
    assert reverse("curriculum:curriculum_json", args=["pal-2023"]) == "/laeringsmal/pal-2023.json"


def test_curriculum_shows_each_goal_once(client, loaded):
    shown = words_of(page(client, PAL))

    for goal in LearningGoal.objects.filter(curriculum__code="pal-2023"):
        text = " ".join(goal.text.replace("\n- ", " ").split())
        if not goal.bullets:
            assert shown.count(text) == 1, goal.code


def test_bullets_are_shown_once(client, loaded):
    assert page(client, PAL).count("Gastrointestinal kreft") == 1
    assert page(client, f"{PAL}PAL-013/").count("Gastrointestinal kreft") == 1


@pytest.mark.parametrize("code", ["PAL-055", "pal-055"])
def test_goal_shows_its_levels(client, loaded, code):
    shown = words_of(page(client, f"{PAL}{code}/"))

    assert "PAL-055 sprøytepumper" in shown
    assert "3 God kunnskap" in shown
    assert "3 Selvstendig" in shown
    assert "2 Under supervisjon" in shown
    assert "Selvstendig kunne …" in shown  # Tabell 1


@pytest.mark.parametrize("code", ["PAL-001", "PAL-014", "PAL-056", "PAL-059"])
def test_goal_of_the_proposal_says_so(client, loaded, code):
    shown = words_of(page(client, f"{PAL}{code}/"))

    assert "Forslag (høring 2023). Målene er ikke vedtatt forskrift." in shown
    assert "forslag (høring 2023)" in shown


def test_fragment_stands_inside_its_sentence(client, loaded):
    html = page(client, f"{PAL}PAL-015/")

    mark = '<sup class="statement-mark">2</sup>'
    assert f"{mark}samt selvstendig kunne håndtere" in html
    assert html.count("samt selvstendig kunne håndtere") == 1


def test_level_that_is_our_reading_is_marked(client, loaded):
    note = "Ordlyden står ikke i tabell 1. Nivået er vår lesning."

    assert page(client, f"{PAL}PAL-056/").count(note) == 1
    assert note not in page(client, f"{PAL}PAL-055/")


@pytest.mark.parametrize(
    ("code", "note"),
    [
        ("PAL-004", "Både alene og sammen med teamet (kap. 4.3)"),
        ("PAL-007", "Skal ikke utøves alene (kap. 4.3)"),
    ],
)
def test_skill_in_a_team_is_explained(client, loaded, code, note):
    shown = words_of(page(client, f"{PAL}{code}/"))

    assert "Selvstendig og i team" in shown
    assert note in shown


def test_elaboration_is_not_regulation(client, loaded):
    shown = words_of(page(client, f"{PAL}PAL-007/"))

    assert "Utdypende tekst Ikke forskrift Gjelder eksempelvis økonomi" in shown
    assert "Utdypende tekst" not in words_of(page(client, f"{PAL}PAL-052/"))


def test_goal_without_statements_is_assessed_as_a_whole(client, loaded):
    shown = words_of(page(client, "/laeringsmal/fkm-2025/FKM-008/"))

    assert "Målet vurderes som helhet." in shown
    assert "gjelder fra 1. mars 2026" in shown


def test_date_of_a_goal_goes_before_that_of_its_curriculum(client, loaded):
    shown = words_of(page(client, "/laeringsmal/fkm-2025/FKMS-004/"))

    assert "gjelder fra 1. september 2025" in shown
    assert "1. mars 2026" not in shown


def test_repealed_goal_says_so(client, loaded):
    shown = words_of(page(client, "/laeringsmal/fkm-2017/LM-04/"))

    assert "Opphevet fra 1. mars 2026." in shown


def test_goals_beside(client, loaded):
    first = page(client, f"{PAL}PAL-001/")
    middle = page(client, f"{PAL}PAL-009/")
    last = page(client, f"{PAL}PAL-059/")

    assert ('rel="prev"' in first, 'rel="next"' in first) == (False, True)
    assert f'href="{PAL}PAL-008/" rel="prev"' in middle
    assert f'href="{PAL}PAL-010/" rel="next"' in middle
    assert ('rel="prev"' in last, 'rel="next"' in last) == (True, False)


def test_search_shows_hits(client, loaded):
    html = page(client, f"{PAL}?sok=lindring")

    assert "8 mål med «lindring»" in html
    assert "symptom<mark>lindring</mark>" in html
    assert html.count(f'href="{PAL}PAL-') == 8


def test_search_without_hits_is_kind(client, loaded):
    shown = words_of(page(client, f"{PAL}?sok=xyz"))

    assert "Ingen mål inneholder «xyz» Prøv et kortere ord" in shown


def test_search_text_is_escaped(client, loaded):
    html = page(client, f"{PAL}?sok=<script>alert(1)</script>")

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


@pytest.mark.parametrize("sought", ["", "%20", "%00", "a" * 1000])
def test_odd_search_is_answered(client, loaded, sought):
    page(client, f"{PAL}?sok={sought}")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"{PAL}PAL-099/", "Vi fant ikke målet «PAL-099»"),
        (f"{PAL}<b>/", "Vi fant ikke målet «<b>»"),
        ("/laeringsmal/pal-2030/", "Vi fant ikke læreplanen «pal-2030»"),
        ("/laeringsmal/pal-2030/PAL-001/", "Vi fant ikke læreplanen"),
    ],
)
def test_unknown_code_is_a_kind_404(client, loaded, url, words):
    assert words in words_of(page(client, url, status=404))


@pytest.mark.parametrize("code", ["pal-2023", "fkm-2025", "fkm-2017", "other-specialties"])
def test_json_is_the_fixture(client, loaded, read_fixture, code):
    fixture = read_fixture(f"curriculum/{code}.json")

    answer = client.get(f"/laeringsmal/{code}.json")

    curriculum = Curriculum.objects.get(code=code)
    ours = {"source": curriculum.source, "note": curriculum.note}
    expected = {**fixture, "curriculum": {**fixture["curriculum"], **ours}}
    if curriculum.levels_source:
        expected["levels_source"] = curriculum.levels_source
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json() == expected


def test_json_is_kept_until_it_changes(client, loaded):
    answer = client.get("/laeringsmal/pal-2023.json")
    again = client.get("/laeringsmal/pal-2023.json", headers={"If-None-Match": answer["ETag"]})
    Curriculum.objects.update(checksum="changed")
    changed = client.get("/laeringsmal/pal-2023.json", headers={"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"] == "public, max-age=3600"
    assert (again.status_code, changed.status_code) == (304, 200)


def test_json_of_an_unknown_curriculum_is_not_kept(client, loaded):
    answer = client.get("/laeringsmal/pal-2030.json")

    assert answer.status_code == 404
    assert "public" not in answer.get("Cache-Control", "")


@pytest.mark.parametrize(
    "url", ["/laeringsmal/", PAL, f"{PAL}PAL-055/", "/laeringsmal/pal-2023.json"]
)
def test_pages_are_read_only(client, loaded, url):
    assert client.post(url).status_code == 405


@pytest.mark.parametrize(
    ("url", "queries"),
    [
        ("/laeringsmal/", 3),
        (PAL, 2),
        (f"{PAL}?sok=lindring", 4),
        (f"{PAL}PAL-055/", 2),
    ],
)
def test_number_of_queries(client, loaded, django_assert_num_queries, url, queries):
    client.get(url)

    with django_assert_num_queries(queries):
        client.get(url)
