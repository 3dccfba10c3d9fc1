"""The rules, over every statement there is."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings

from curriculum import rules
from curriculum.rules import Mark, Segment, TeamMeaning

FOLDER = Path(settings.BASE_DIR) / "fixtures" / "curriculum"
KEYWORDS = json.loads((FOLDER / "keywords.json").read_text())
ALL_GOALS = [
    pytest.param(goal, KEYWORDS.get(code, {}).get(goal["code"], ""), id=goal["code"])
    for code in ("pal-2023", "fkm-2025", "fkm-2017")
    for goal in json.loads((FOLDER / f"{code}.json").read_text())["goals"]
]
ALL_STATEMENTS = [
    pytest.param(part, id=f"{goal['code']}.{part['order']}")
    for goal in json.loads((FOLDER / "pal-2023.json").read_text())["goals"]
    for part in goal["statements"]
]
LEVELS = {"lowest": 1, "middle": 2, "highest": 3}


@dataclass(frozen=True)
class StatementOfTest:
    order: int
    text: str
    focus: str = ""


def statements_of(goal):
    return [
        StatementOfTest(part["order"], part["text"], part.get("focus", ""))
        for part in goal.get("statements", [])
    ]


def joined(segments) -> str:
    return "".join(segment.text for segment in segments)


def marked(segments, mark) -> list[str]:
    return [segment.text for segment in segments if segment.mark == mark]


@pytest.mark.parametrize(
    ("kind", "level", "in_team", "label"),
    [
        ("knowledge", 1, False, "Kjennskap"),
        ("knowledge", 2, False, "Kunnskap"),
        ("knowledge", 3, False, "God kunnskap"),
        ("skill", 1, False, "Kjennskap"),
        ("skill", 2, False, "Under supervisjon"),
        ("skill", 3, False, "Selvstendig"),
        ("skill", 1, True, "Kjennskap"),
        ("skill", 2, True, "Under supervisjon"),
        ("skill", 3, True, "Selvstendig og i team"),
        (None, 1, False, "Laveste nivå"),
        (None, 2, False, "Mellomste nivå"),
        (None, 3, False, "Høyeste nivå"),
    ],
)
def test_level_label(kind, level, in_team, label):
    assert rules.level_label(kind, level, in_team) == label


# Tabell 1: the term a statement begins with, and the kind and level it stands for.
TABLE_1 = [
    ("Ha god kunnskap om", "knowledge", 3),
    ("Ha kunnskap om", "knowledge", 2),
    ("Ha kjennskap til", "knowledge", 1),
    ("Kjenne til", "knowledge", 1),
    ("Beherske", "skill", 3),
    ("Under supervisjon", "skill", 2),
    ("selvstendig", "skill", 3),
]


@pytest.mark.parametrize("statement", ALL_STATEMENTS)
def test_term_of_a_statement_is_the_one_of_its_level(statement):
    terms = marked(rules.wording(statement["text"], "", statement.get("focus", "")), Mark.TERM)

    if statement["level_basis"] == "inferred":
        assert terms == []
        return
    [term] = terms
    kind, level = next(
        (kind, level) for words, kind, level in TABLE_1 if words.lower() in term.lower()
    )
    assert (kind, level) == (statement["kind"], LEVELS[statement["level"]])


@pytest.mark.parametrize(("goal", "keyword"), ALL_GOALS)
def test_wording_changes_no_character(goal, keyword):
    segments = rules.wording(goal["text"], keyword)

    assert joined(segments) == goal["text"]
    assert all(segment.text for segment in segments)


@pytest.mark.parametrize(("goal", "keyword"), ALL_GOALS)
def test_keyword_is_marked_in_the_summary(goal, keyword):
    summary = rules.summary(goal["text"], keyword)

    assert summary in goal["text"]
    assert marked(rules.wording(summary, keyword), Mark.KEYWORD) == ([keyword] if keyword else [])


@pytest.mark.parametrize(("goal", "keyword"), ALL_GOALS)
def test_passages_hold_the_whole_text_once(goal, keyword):
    passages = rules.passages(goal["text"], goal.get("bullets", []), statements_of(goal), keyword)

    shown = [line for passage in passages for line in (passage.text, *passage.bullets)]
    bullets_beside = [b for b in goal.get("bullets", []) if b not in goal["text"]]
    words = f"{goal['text'].replace(chr(10) + '- ', ' ')} {' '.join(bullets_beside)}"
    assert " ".join(shown).split() == words.split()


@pytest.mark.parametrize(("goal", "keyword"), ALL_GOALS)
def test_parts_of_a_passage_are_the_passage(goal, keyword):
    for passage in rules.passages(goal["text"], [], statements_of(goal), keyword):
        assert "".join(joined(segments) for _, segments in passage.parts) == passage.text


@pytest.mark.parametrize(("goal", "keyword"), ALL_GOALS)
def test_every_statement_stands_in_one_passage(goal, keyword):
    passages = rules.passages(goal["text"], [], statements_of(goal), keyword)

    orders = [order for passage in passages for order in passage.orders]
    assert orders == [part["order"] for part in goal.get("statements", [])]


@pytest.mark.parametrize(
    ("code", "orders"),
    [
        ("PAL-014", (1, 2)),
        ("PAL-015", (1, 2)),
        ("PAL-027", (2, 3)),
        ("PAL-046", (2, 3)),
        ("PAL-056", (5, 6)),
    ],
)
def test_a_fragment_shares_the_passage_of_its_sentence(code, orders):
    goal = next(param.values[0] for param in ALL_GOALS if param.id == code)

    passages = rules.passages(goal["text"], [], statements_of(goal))

    assert orders in [passage.orders for passage in passages]


def test_halves_of_a_sentence_are_parted_by_their_focus():
    text = "Ha god kunnskap om og selvstendig kunne diagnostisere det."
    halves = [
        StatementOfTest(1, text, "Ha god kunnskap om"),
        StatementOfTest(2, text, "selvstendig kunne diagnostisere"),
    ]

    [passage] = rules.passages(text, [], halves)

    assert [(order, joined(segments)) for order, segments in passage.parts] == [
        (1, "Ha god kunnskap om og "),
        (2, "selvstendig kunne diagnostisere det."),
    ]


def test_keyword_is_marked_as_whole_words_only():
    assert rules.wording("Ha kunnskap om smerter og smerte.", "smerte") == (
        Segment("Ha kunnskap om", Mark.TERM),
        Segment(" smerter og "),
        Segment("smerte", Mark.KEYWORD),
        Segment("."),
    )


@pytest.mark.parametrize("statement", ALL_STATEMENTS)
def test_team_meaning_is_said_only_where_the_note_says_it(statement):
    meaning = rules.team_meaning(statement["text"], statement["in_team"])

    text = statement["text"]
    expected = TeamMeaning.NONE
    if text.startswith("I samarbeid med det tverrfaglige teamet selvstendig kunne"):
        expected = TeamMeaning.NOT_ALONE
    elif statement["in_team"] and text.startswith(("Selvstendig,", "Selvstendig og i samspill")):
        expected = TeamMeaning.BOTH
    assert meaning == expected
