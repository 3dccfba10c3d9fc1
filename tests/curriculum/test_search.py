import pytest

from curriculum.models import Curriculum
from curriculum.search import search_goals

LINDRING = {
    *("PAL-016", "PAL-019", "PAL-033", "PAL-038", "PAL-044", "PAL-049", "PAL-051", "PAL-052"),
}


@pytest.fixture
def pal(loaded):
    return Curriculum.objects.get(code="pal-2023")


def codes(hits) -> list[str]:
    return [hit.goal.code for hit in hits]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("lindring", LINDRING),  # symptomlindring too
        ("LINDRING", LINDRING),
        ("legemiddel", {"PAL-016", "PAL-019", "PAL-044", "PAL-055"}),  # only in compounds
        ("sprøytepumpe", {"PAL-055"}),
        ("pumpe intratekal", {"PAL-055"}),
        ("pal-055", {"PAL-055"}),
        ("sædavkastning", set()),
        ("%", set()),
        ("_", set()),
        ("a'b & | ! \\", set()),
        ("\0", set()),
        ("", set()),
        ("   ", set()),
    ],
)
def test_what_is_found(pal, sought, found):
    assert set(codes(search_goals(pal, sought))) == found


def test_inflected_word_finds_its_other_forms(pal):
    """Not as a part of a word: «pasienters» stands nowhere, «pasienter» does."""
    assert "PAL-040" in codes(search_goals(pal, "pasientene"))


def test_word_itself_comes_before_part_of_a_word(pal):
    assert codes(search_goals(pal, "lindring"))[:3] == ["PAL-051", "PAL-052", "PAL-049"]


def test_code_comes_first(pal):
    assert codes(search_goals(pal, "PAL-03"))[0] == "PAL-030"
    assert codes(search_goals(pal, "pal-039"))[0] == "PAL-039"


def test_what_was_found_is_marked(pal):
    [hit] = [hit for hit in search_goals(pal, "lindring") if hit.goal.code == "PAL-033"]

    assert hit.passages[0].text_html == (
        "Beherske samarbeid med andre medlemmer av det tverrfaglige teamet i utarbeidelse av "
        "behandlingsplaner for smerte- og symptom<mark>lindring</mark>."
    )


def test_marked_text_is_escaped(pal):
    pal.goals.filter(code="PAL-052").update(text="Ha kunnskap om <b>lindring</b>.")
    Curriculum.objects.update(checksum="")

    [hit] = [hit for hit in search_goals(pal, "lindring") if hit.goal.code == "PAL-052"]

    assert hit.passages[0].text_html == "Ha kunnskap om &lt;b&gt;<mark>lindring</mark>&lt;/b&gt;."


def test_bullets_of_a_hit_stand_in_a_list(pal):
    [hit] = search_goals(pal, "terminal uro")

    bullets = [bullet for passage in hit.passages for bullet in passage.bullets_html]
    assert "<mark>Terminal</mark> <mark>uro</mark>" in bullets
    assert not any(passage.text_html.startswith("-") for passage in hit.passages)


def test_bullets_beside_the_text_are_found(loaded):
    fkm = Curriculum.objects.get(code="fkm-2025")

    assert set(codes(search_goals(fkm, "smittevern"))) == {"FKMS-004", "FKMK-007"}


def test_search_makes_three_queries(pal, django_assert_num_queries):
    search_goals(pal, "smerte")

    with django_assert_num_queries(3):
        search_goals(pal, "lindring")
