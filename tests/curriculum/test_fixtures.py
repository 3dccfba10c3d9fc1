"""The fixtures are the regulation's words. Whoever changes one character must mean it."""

import hashlib
import json
from collections import Counter

import pytest

GOALS = {"pal-2023": 59, "fkm-2025": 29, "fkm-2017": 25, "other-specialties": 8}


def digest(texts) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()


@pytest.fixture
def goals(read_fixture):
    return lambda code: read_fixture(f"curriculum/{code}.json")["goals"]


@pytest.mark.parametrize(
    ("code", "field", "sha256"),
    [
        ("pal-2023", "code", "583367366bfea3a06b754e0f025c482269a562a9332b6e90b0de2e29a2d6bde9"),
        ("pal-2023", "text", "3bbb4caa387cc3b88b9c093d70bb3c3690fa8144f645989e903c66569ad819a0"),
        (
            "pal-2023",
            "elaboration",
            "d8f4d45343d8035f39667294ae3736484e6ecf96a495b91598fb7611f9062600",
        ),
        ("pal-2023", "bullets", "9b23abc564b6b9b11d46907545a623372a0582680677c6a4a89a9cba31194656"),
        (
            "pal-2023",
            "statements",
            "256abb1d4124199883b3b35488dba390cc866f4225b6bebea95a48bf8306a327",
        ),
        ("fkm-2025", "code", "25f8b46dd0a77272b5d03116b231cfc5ff35f0312bb5d3b6a6ef914962d0b6de"),
        ("fkm-2025", "text", "d59b75be8b979d403d51487fb199bb5d690e8408d3e8bb7e3339b62e92896cf9"),
        ("fkm-2025", "bullets", "108b38c0945e7a92f193cb8bc51f2d127cd104937486e3bbb086a181e0d20d6b"),
        ("fkm-2017", "code", "61e4f8b076314c8d67cbf2beb057347dad8bbb1f4ef6abf7aacb48840d135abc"),
        ("fkm-2017", "text", "ec1b1d243e65b2addad50137b4521d2ac670b5ecba28814f1c06943507779cbb"),
    ],
)
def test_wording_is_exact(goals, code, field, sha256):
    values = [json.dumps(goal[field], ensure_ascii=False) for goal in goals(code)]

    assert digest(values) == sha256


@pytest.mark.parametrize(("code", "count"), GOALS.items())
def test_number_of_goals(goals, code, count):
    assert len({goal["code"] for goal in goals(code)}) == len(goals(code)) == count


def test_pal_themes_and_statements(goals):
    themes = Counter(goal["theme_number"] for goal in goals("pal-2023"))
    statements = [part for goal in goals("pal-2023") for part in goal["statements"]]

    assert [themes[number] for number in range(1, 12)] == [8, 8, 3, 11, 2, 13, 2, 6, 4, 1, 1]
    assert len(statements) == 119


@pytest.mark.parametrize(
    ("code", "required", "reference"),
    [
        ("fkm-2025", [f"FKM-{number:03}" for number in range(1, 15)], 15),
        (
            "fkm-2017",
            [
                *("LM-04", "LM-13", "LM-19", "LM-20", "LM-21", "LM-22", "LM-23", "LM-32"),
                *("LM-33", "LM-34", "LM-41", "LM-42", "LM-43", "LM-46", "LM-47", "LM-51"),
                *("LM-55", "LM-59", "LM-60", "LM-70", "LM-71", "LM-72", "LM-73", "LM-74"),
            ],
            1,
        ),
    ],
)
def test_common_goals_that_are_required(goals, code, required, reference):
    assert [goal["code"] for goal in goals(code) if goal["required"]] == required
    assert len(goals(code)) - len(required) == reference


def test_every_statement_is_in_its_goal(goals):
    astray = [
        (goal["code"], part["order"])
        for goal in goals("pal-2023")
        for part in goal["statements"]
        if part["text"] not in goal["text"]
    ]

    assert astray == []


def test_keywords_are_verbatim_extracts(goals, read_fixture):
    astray = [
        (code, keyword)
        for curriculum, keywords in read_fixture("curriculum/keywords.json").items()
        for code, keyword in keywords.items()
        if keyword not in {goal["code"]: goal["text"] for goal in goals(curriculum)}[code]
    ]

    assert astray == []


def test_every_required_goal_in_force_or_proposed_has_a_keyword(goals, read_fixture):
    keywords = read_fixture("curriculum/keywords.json")

    for curriculum in ("pal-2023", "fkm-2025"):
        required = {goal["code"] for goal in goals(curriculum) if goal.get("required", True)}
        assert keywords[curriculum].keys() == required


def test_pathways(read_fixture):
    pathways = {
        f"{pathway['code']} {pathway['version']}": (
            pathway["standing"],
            pathway["doctor_title"],
            pathway["decides_goals"],
            pathway["curricula"],
        )
        for pathway in read_fixture("pathways.json")
    }

    assert pathways == {
        "competence-area 2023": ("in_force", "lege under utdanning", False, ["pal-2023"]),
        "specialty 2026": ("proposed", "LIS", True, ["pal-2023", "fkm-2025"]),
        "new-specialty 2026": ("proposed", "LIS", True, ["pal-2023", "fkm-2025"]),
        "specialty 2023": ("repealed", "LIS", True, ["pal-2023", "fkm-2017"]),
    }


def requirements_of(pathways, pathway: str) -> dict:
    found = next(one for one in pathways if one["code"] == pathway)
    return {row["code"]: row for row in found["requirements"]}


@pytest.mark.parametrize(
    ("pathway", "amounts"),
    [
        (
            "competence-area",
            {
                "service_time": (24, "months"),
                "absence_threshold": (10, "percent"),
                "course": (6, "modules"),
                "application_window": (2, "years"),
            },
        ),
        (
            "specialty",
            {
                "part_1": (18, "months"),
                "service_time": (78, "months"),
                "absence_threshold": (10, "percent"),
                "other_service_cap": (39, "months"),
                "course": (4, "modules"),
            },
        ),
        (
            "new-specialty",
            {
                "part_1": (18, "months"),
                "service_time": (78, "months"),
                "absence_threshold": (10, "percent"),
                "other_service_cap": (39, "months"),
                "course": (4, "modules"),
                "application_window": (2, "years"),
            },
        ),
    ],
)
def test_legal_numbers(read_fixture, pathway, amounts):
    rows = requirements_of(read_fixture("pathways.json"), pathway)

    assert {
        code: (row["amount"], row["unit"]) for code, row in rows.items() if "amount" in row
    } == amounts


def test_competence_area_asks_for_no_goals(read_fixture):
    rows = requirements_of(read_fixture("pathways.json"), "competence-area")

    assert rows.keys() & {"goals", "recommendations", "registry"} == set()


def test_waivers_are_those_of_paragraph_29(read_fixture):
    pathways = read_fixture("pathways.json")

    waived = {
        pathway["code"]: [row["code"] for row in pathway["requirements"] if row.get("waived_by")]
        for pathway in pathways
    }

    assert waived == {
        "competence-area": [],
        "specialty": [],
        "new-specialty": ["part_1", "recognised_site", "designated_post", "guidance"],
    }


def test_every_requirement_says_its_ground(read_fixture):
    grounds = ("Spesialistforskriften §", "kap. ", "Tidsskr Nor Legeforen", "Helsedirektoratet")
    astray = [
        (pathway["code"], row["code"])
        for pathway in read_fixture("pathways.json")
        for row in pathway["requirements"]
        if not any(ground in row["source"] for ground in grounds)
    ]

    assert astray == []


def test_what_the_note_only_recommends_is_no_requirement(read_fixture):
    rows = requirements_of(read_fixture("pathways.json"), "specialty")

    assert [code for code, row in rows.items() if row["weight"] == "recommendation"] == [
        "internal_medicine",
        "palliative_centre",
        "course",
    ]


def test_modules_without_a_title_in_the_source_have_none(read_fixture):
    courses = {
        course["code"]: [module.get("title", "") for module in course["modules"]]
        for pathway in read_fixture("pathways.json")
        for course in pathway["courses"]
    }

    assert courses["competence-area-course"] == [""] * 6
    assert len(courses["specialty-course"]) == 4
    assert all(courses["specialty-course"])


def test_recommended_weeks(read_fixture):
    specialty = read_fixture("pathways.json")[1]

    weeks = {
        row["code"]: (row.get("times"), row.get("weeks_each"), row.get("phases", []))
        for row in specialty["recommended_activities"]
    }

    assert weeks == {
        "municipal-hospitering": (3, 1, ["early", "midway", "late"]),
        "childrens-team-hospitering": (2, 1, ["early", "late"]),
        "ambulatory-service": (None, None, []),
        "on-call": (None, None, []),
        "teaching": (None, None, []),
    }


def test_goals_of_other_specialties_are_quoted_and_required_of_nobody(goals, read_fixture):
    quoted = goals("other-specialties")

    assert [goal["code"] for goal in quoted] == [
        *("KLK-029", "GER-054", "GER-055", "GER-063", "GAK-022", "KIR-022", "ONC-003", "ONC-004"),
    ]
    assert not any(goal["required"] for goal in quoted)
    assert all(
        "other-specialties" not in pathway["curricula"] for pathway in read_fixture("pathways.json")
    )
    assert digest(goal["text"] for goal in quoted) == (
        "fda12563e055530a24d9bd2b7881da8f1e4788dfc07a80a9af755abc1fc8a3c6"
    )


def test_no_succession_is_official_yet(read_fixture):
    assert not any(row["official"] for row in read_fixture("successions.json"))
