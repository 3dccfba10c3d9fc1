import dataclasses

import pytest
from django.core.management import call_command

from curriculum import queries
from curriculum.models import LearningGoal, Pathway


@pytest.fixture
def specialty(loaded):
    return Pathway.objects.get(code="specialty", version="2026")


def test_goals_of_the_specialty_in_order(specialty):
    goals = queries.pathway_goals(specialty)

    assert [goal.code for goal in goals.goals] == [
        *(f"PAL-{number:03}" for number in range(1, 60)),
        *(f"FKM-{number:03}" for number in range(1, 15)),
    ]
    assert [(theme.number, len(theme.goals)) for theme in goals.themes] == [
        *zip(range(1, 12), [8, 8, 3, 11, 2, 13, 2, 6, 4, 1, 1], strict=True),
        (None, 14),
    ]
    assert goals.themes[-1].title == "Felles kompetansemål, del 2–3"


def test_goals_of_the_competence_area(loaded):
    goals = queries.pathway_goals(Pathway.objects.get(code="competence-area"))

    assert {goal.curriculum_code for goal in goals.goals} == {"pal-2023"}
    assert len(goals) == 59


def test_goals_are_found_by_id_and_by_code(specialty):
    goals = queries.pathway_goals(specialty)
    row = LearningGoal.objects.get(code="PAL-055")

    assert goals.by_id[row.pk] is goals.by_code["pal-2023", "PAL-055"]


def test_goal_in_the_words_of_the_source(specialty):
    goal = queries.pathway_goals(specialty).by_code["pal-2023", "PAL-015"]

    assert (
        goal.summary_html
        == goal.wording_html
        == (
            '<span class="wording__term">Ha god kunnskap om</span> generelle indikasjoner og '
            "retningslinjer for <b>transfusjon av blodprodukter</b>, samt selvstendig kunne "
            "håndtere de viktigste transfusjonsreaksjonene."
        )
    )
    assert [(part.order, part.level, part.level_label) for part in goal.statements] == [
        (1, 3, "God kunnskap"),
        (2, 3, "Selvstendig"),
    ]
    assert goal.levels == {1: 3, 2: 3}
    assert (goal.short_code, goal.standing, goal.is_proposal) == ("015", "proposed", True)


def test_statement_carries_the_bullets_its_text_ends_in(specialty):
    goal = queries.pathway_goals(specialty).by_code["pal-2023", "PAL-011"]

    assert [len(statement.bullets) for statement in goal.statements] == [4, 0]


def test_common_goal_has_no_statements(specialty):
    goal = queries.pathway_goals(specialty).by_code["fkm-2025", "FKM-008"]

    assert (goal.statements, goal.levels, goal.is_proposal) == ((), {}, False)
    assert [part.order for passage in goal.passages for part in passage.parts] == [0]


def test_wording_is_escaped(specialty):
    row = LearningGoal.objects.select_related("curriculum", "theme").get(code="PAL-052")
    row.text = "Ha kunnskap om <script> & mer."

    assert queries._goal(row).summary_html == (
        '<span class="wording__term">Ha kunnskap om</span> &lt;script&gt; &amp; mer.'
    )


def test_warm_call_makes_one_query(specialty, django_assert_num_queries):
    first = queries.pathway_goals(specialty)

    with django_assert_num_queries(1):
        assert queries.pathway_goals(specialty) is first


def test_load_of_new_content_is_seen_at_once(specialty, fixtures_copy, change):
    queries.pathway_goals(specialty)
    change("curriculum/keywords.json", lambda data: data["pal-2023"].update({"PAL-055": "pumpe"}))

    call_command("load_curriculum", fixtures=fixtures_copy, verbosity=0)

    goal = queries.pathway_goals(specialty).by_code["pal-2023", "PAL-055"]
    assert goal.keyword == "pumpe"


@pytest.mark.parametrize(
    ("curriculum", "code", "found"),
    [
        ("pal-2023", "PAL-055", "PAL-055"),
        ("PAL-2023", "pal-055", "PAL-055"),
        ("fkm-2025", "FKMS-004", "FKMS-004"),
        ("fkm-2025", "PAL-055", None),
        ("pal-2030", "PAL-055", None),
    ],
)
def test_goal_by_code(loaded, curriculum, code, found):
    goal = queries.goal_by_code(curriculum, code)

    assert (goal.code if goal else None) == found


def test_goals_cannot_be_changed(specialty):
    goal = queries.pathway_goals(specialty).goals[0]

    with pytest.raises(dataclasses.FrozenInstanceError):
        goal.text = "noe annet"
