import datetime as dt

import pytest
from django.core.management import CommandError, call_command

from curriculum.documents.pathways import ARENA_KINDS
from curriculum.enums import RequirementCode
from curriculum.models import (
    Course,
    CourseModule,
    Curriculum,
    GoalStatement,
    GoalSuccession,
    LearningGoal,
    Pathway,
    PathwayCurriculum,
    RecommendedActivity,
    Requirement,
)
from institutions.enums import ArenaKind
from institutions.models import CourseSession
from tests.factories import make_training

PAL = "curriculum/pal-2023.json"


@pytest.fixture
def load(fixtures_copy, db):
    return lambda: call_command("load_curriculum", fixtures=fixtures_copy, verbosity=0)


@pytest.fixture
def evidence():
    """Puts a goal into somebody's portfolio."""

    def carry(code: str):
        training = make_training(pathway=Pathway.objects.get(code="specialty", version="2026"))
        return training.progress.create(goal=LearningGoal.objects.get(code=code))

    return carry


def refusal(load) -> list[str]:
    with pytest.raises(CommandError) as caught:
        load()
    return str(caught.value).splitlines()


def everything():
    return [
        list(model.objects.order_by("pk").values())
        for model in (
            *(Curriculum, LearningGoal, GoalStatement, Pathway, PathwayCurriculum),
            *(Requirement, Course, CourseModule, Course.pathways.through, RecommendedActivity),
            GoalSuccession,
        )
    ]


def goal_of(data, code):
    return next(goal for goal in data["goals"] if goal["code"] == code)


def test_load_of_everything(loaded):
    assert [
        (row.code, row.position, row.standing, row.goals.count())
        for row in Curriculum.objects.order_by("position")
    ] == [
        ("pal-2023", 1, "proposed", 59),
        ("fkm-2025", 2, "in_force", 29),
        ("fkm-2017", 3, "repealed", 25),
        ("other-specialties", 4, "in_force", 8),
    ]
    assert GoalStatement.objects.count() == 119
    assert Curriculum.objects.get(code="fkm-2017").repealed_from == dt.date(2026, 3, 1)
    assert [
        (path.code, [link.curriculum.code for link in path.pathwaycurriculum_set.all()])
        for path in Pathway.objects.all()
    ] == [
        ("competence-area", ["pal-2023"]),
        ("specialty", ["pal-2023", "fkm-2025"]),
        ("new-specialty", ["pal-2023", "fkm-2025"]),
        ("specialty", ["pal-2023", "fkm-2017"]),
    ]


def test_machine_file_names_are_not_shown_to_readers(loaded):
    shown = " ".join(row.source + row.note + row.levels_source for row in Curriculum.objects.all())

    assert ".txt" not in shown


def test_second_load_changes_nothing(loaded, load):
    before = everything()

    load()

    assert everything() == before


def test_checksum_follows_the_keywords(loaded, load, change):
    before = dict(Curriculum.objects.values_list("code", "checksum"))
    change("curriculum/keywords.json", lambda data: data["pal-2023"].update({"PAL-055": "pumpe"}))

    load()

    after = dict(Curriculum.objects.values_list("code", "checksum"))
    assert [code for code in after if after[code] != before[code]] == ["pal-2023"]


def test_wording_without_evidence_may_be_corrected(loaded, load, change):
    change(PAL, lambda data: goal_of(data, "PAL-055").update(text="Ny ordlyd.", statements=[]))
    change("curriculum/keywords.json", lambda data: data["pal-2023"].pop("PAL-055"))

    load()

    goal = LearningGoal.objects.get(code="PAL-055")
    assert (goal.text, goal.statements.count()) == ("Ny ordlyd.", 0)


def test_two_goals_may_change_places(loaded, load, change):
    def swap(data):
        data["goals"][0], data["goals"][1] = data["goals"][1], data["goals"][0]

    change(PAL, swap)

    load()

    first_two = LearningGoal.objects.filter(curriculum__code="pal-2023").order_by("position")[:2]
    assert [goal.code for goal in first_two] == ["PAL-002", "PAL-001"]


def test_goal_nobody_uses_may_go(loaded, load, change):
    change("curriculum/fkm-2017.json", lambda data: data["goals"].pop())

    load()

    assert not LearningGoal.objects.filter(code="LM-56").exists()


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (lambda goal: goal.update(text=goal["text"] + " Og mer."), "text"),
        (lambda goal: goal["statements"][1].update(level="middle"), "statements"),
        (lambda goal: goal["statements"][1].update(in_team=True), "statements"),
        (lambda goal: goal["statements"].pop(), "statements"),
        (lambda goal: goal.update(bullets=["Et punkt"]), "bullets"),
    ],
)
def test_wording_with_evidence_is_refused(loaded, load, change, evidence, edit, field):
    evidence("PAL-055")
    before = everything()
    change(PAL, lambda data: edit(goal_of(data, "PAL-055")))
    change("pathways.json", lambda data: data[0].update(title="Et annet navn"))

    lines = refusal(load)

    assert lines == [
        "Nothing was loaded:",
        f"pal-2023: PAL-055: {field}: carries evidence and cannot be changed; "
        "a new wording needs a curriculum with a new code",
    ]
    assert everything() == before


def test_other_goals_may_change_beside_one_with_evidence(loaded, load, change, evidence):
    evidence("PAL-055")
    change(PAL, lambda data: goal_of(data, "PAL-052").update(elaboration="Mer om dette."))

    load()

    assert LearningGoal.objects.get(code="PAL-052").elaboration == "Mer om dette."


def test_goal_with_evidence_cannot_be_removed(loaded, load, change, evidence):
    evidence("PAL-059")
    change(PAL, lambda data: data["goals"].pop())
    change("curriculum/keywords.json", lambda data: data["pal-2023"].pop("PAL-059"))

    assert refusal(load)[1:] == ["pal-2023: PAL-059: carries evidence and cannot be removed"]


def test_goals_of_a_pathway_that_is_followed_are_kept(loaded, load, change):
    make_training(pathway=Pathway.objects.get(code="specialty", version="2026"))
    change("pathways.json", lambda data: data[1].update(curricula=["pal-2023"]))

    assert refusal(load)[1:] == [
        "pathways: specialty 2026: doctors follow it, so its curricula and decides_goals cannot "
        "be changed; it needs a new version"
    ]


@pytest.mark.parametrize(
    ("file", "edit", "problem"),
    [
        (
            PAL,
            lambda data: goal_of(data, "PAL-012")["statements"][1].update(level="midle"),
            "pal-2023.json: PAL-012: statements[2].level: "
            "must be one of lowest, middle, highest, not 'midle'",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-012").pop("text"),
            "pal-2023.json: PAL-012: text: is missing",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052").update(txt="feil"),
            "pal-2023.json: PAL-052: txt: is not a known field",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052")["statements"][0].update(text="Noe annet."),
            "pal-2023.json: PAL-052: statements[1].text: is not in the goal's text",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052")["statements"][0].update(order=2),
            "pal-2023.json: PAL-052: statements: must be numbered 1, 2, 3 …, not [2]",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052")["statements"][0].update(in_team="no"),
            "pal-2023.json: PAL-052: statements[1].in_team: must be true or false, not 'no'",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052").update(theme_number=3),
            "pal-2023.json: PAL-052: theme_number: 3 does not go with the theme "
            "'Behandling, pleie og omsorg i livets sluttfase'",
        ),
        (
            PAL,
            lambda data: goal_of(data, "PAL-052").update(bullets_belong_to=7),
            "pal-2023.json: PAL-052: bullets_belong_to: there is no statement 7",
        ),
        (
            PAL,
            lambda data: data["goals"].append({**goal_of(data, "PAL-059")}),
            "pal-2023.json: PAL-059: code: is used by more than one goal",
        ),
        (
            PAL,
            lambda data: data["curriculum"].update(in_force_from="2026-03-01"),
            "pal-2023.json: curriculum.in_force_from: a proposal is not in force",
        ),
        (
            "curriculum/fkm-2025.json",
            lambda data: goal_of(data, "FKM-001").update(in_force_from="1. mars"),
            "fkm-2025.json: FKM-001: in_force_from: must be a date as 2026-03-01, not '1. mars'",
        ),
        (
            "curriculum/keywords.json",
            lambda data: data["pal-2023"].update({"PAL-001": "palliasjonens filosofier"}),
            "keywords.json: PAL-001: 'palliasjonens filosofier' is not in the goal's text",
        ),
        (
            "curriculum/keywords.json",
            lambda data: data["pal-2023"].update({"PAL-060": "smerte"}),
            "keywords.json: PAL-060: is no goal of pal-2023",
        ),
        (
            "pathways.json",
            lambda data: data[0].update(curricula=["pal-2030"]),
            "pathways.json: competence-area: curricula: there is no curriculum 'pal-2030'",
        ),
        (
            "pathways.json",
            lambda data: data[1]["requirements"][1].update(unit="fortnights"),
            "pathways.json: specialty: requirements[2].unit: "
            "must be one of days, months, years, modules, percent, not 'fortnights'",
        ),
        (
            "pathways.json",
            lambda data: data[1]["requirements"][1].pop("unit"),
            "pathways.json: specialty: requirements[2].amount: "
            "and unit belong together: give both or none",
        ),
        (
            "pathways.json",
            lambda data: data[1]["requirements"][1].update(amount=0),
            "pathways.json: specialty: requirements[2].amount: must be 1 or more, not 0",
        ),
        (
            "pathways.json",
            lambda data: data[1]["requirements"][0].update(code="luck"),
            "pathways.json: specialty: requirements[1].code: "
            f"must be one of {', '.join(RequirementCode.values)}, not 'luck'",
        ),
        (
            "pathways.json",
            lambda data: data[1]["requirements"][1].update(code="part_1"),
            "pathways.json: specialty: requirements: 'part_1' is there 2 times",
        ),
        (
            "pathways.json",
            lambda data: data[0]["requirements"][0].update(waved_by="§ 29"),
            "pathways.json: competence-area: requirements[1].waved_by: is not a known field",
        ),
        (
            "pathways.json",
            lambda data: data[0]["courses"][0]["modules"].pop(0),
            "pathways.json: competence-area: courses[1].modules: "
            "must be numbered 1, 2, 3 …, not [2, 3, 4, 5, 6]",
        ),
        (
            "pathways.json",
            lambda data: data[2]["courses"][0].update(in_order=False),
            "pathways.json: new-specialty: courses: "
            "'specialty-course' is told otherwise under another pathway",
        ),
        (
            "pathways.json",
            lambda data: data[1]["recommended_activities"][0].update(falls_away_with=["town"]),
            "pathways.json: specialty: recommended_activities[1].falls_away_with: "
            f"must be among {', '.join(ARENA_KINDS)}, not 'town'",
        ),
        (
            "pathways.json",
            lambda data: data[1]["recommended_activities"][0].update(times=2),
            "pathways.json: specialty: recommended_activities[1].phases: "
            "must be one for each of the times",
        ),
        (
            "successions.json",
            lambda data: data[0]["new"].update(code="FKM-099"),
            "successions.json: succession number 1: new.code: fkm-2025 has no goal 'FKM-099'",
        ),
        (
            "successions.json",
            lambda data: data[0].update(new=data[0]["old"]),
            "successions.json: succession number 1: new: must be of another curriculum",
        ),
        (
            "successions.json",
            lambda data: data.append(data[0]),
            "successions.json: LM-04: new: is followed by 'FKM-001' 2 times",
        ),
        (
            "successions.json",
            lambda data: data[0].pop("official"),
            "successions.json: succession number 1: official: is missing",
        ),
        (
            "pathways.json",
            lambda data: data[2].update(code="specialty"),
            "pathways.json: specialty: version: '2026' is there 2 times",
        ),
    ],
)
def test_malformed_file_is_explained(load, change, file, edit, problem):
    change(file, edit)

    assert refusal(load) == ["Nothing was loaded:", problem]
    assert not Curriculum.objects.exists()


def test_all_faults_are_told_at_once(load, change):
    change(PAL, lambda data: goal_of(data, "PAL-001").update(text=" "))
    change("curriculum/fkm-2017.json", lambda data: goal_of(data, "LM-04").update(required="ja"))

    lines = refusal(load)

    assert "pal-2023.json: PAL-001: text: begins or ends with a space or a line break" in lines
    assert "fkm-2017.json: LM-04: required: must be true or false, not 'ja'" in lines


def test_file_that_is_not_json_is_explained(load, fixtures_copy):
    (fixtures_copy / PAL).write_text('{"curriculum": {},\n "goals": [}')

    assert "pal-2023.json: line 2, column 12: is not JSON (Expecting value)" in refusal(load)


def test_file_that_is_missing_is_named(load, fixtures_copy):
    (fixtures_copy / PAL).unlink()

    assert f"pal-2023.json: is missing in {fixtures_copy / 'curriculum'}" in refusal(load)


def test_requirements_courses_and_activities_follow_the_file(loaded, load, change):
    def edit(data):
        del data[0]["requirements"][0]
        data[0]["requirements"][0].update(amount=36)
        data[0]["courses"][0]["modules"][0].update(title="Etikk")
        data[0]["courses"][0]["modules"].pop()
        for pathway in data[1:]:
            del pathway["recommended_activities"][0]

    change("pathways.json", edit)

    load()

    path = Pathway.objects.get(code="competence-area")
    first = path.requirements.values_list("position", "code", "amount").first()
    modules = CourseModule.objects.filter(course__pathways=path).values_list("number", "title")
    assert first == (1, "service_time", 36)
    assert list(modules) == [(1, "Etikk"), (2, ""), (3, ""), (4, ""), (5, "")]
    assert not RecommendedActivity.objects.filter(code="municipal-hospitering").exists()


def test_module_that_is_held_cannot_be_removed(loaded, load, change):
    CourseSession.objects.create(
        module=CourseModule.objects.get(course__code="competence-area-course", number=6),
        place="Trondheim",
        organiser="NTNU",
        starts_on=dt.date(2026, 1, 26),
        ends_on=dt.date(2026, 1, 30),
    )
    before = everything()
    change("pathways.json", lambda data: data[0]["courses"][0]["modules"].pop())

    lines = refusal(load)

    assert lines == [
        "Nothing was loaded:",
        "pathways: competence-area-course: module 6: is in use and cannot be removed",
    ]
    assert everything() == before


def test_course_that_is_gone_from_the_file_stays_on_no_pathway(loaded, load, change):
    change("pathways.json", lambda data: data[0].update(courses=[]))

    load()

    course = Course.objects.get(code="competence-area-course")
    assert (course.pathways.count(), course.modules.count()) == (0, 6)


def test_succession_that_is_gone_from_the_file_goes(loaded, load, change):
    change("successions.json", lambda data: data.clear())

    load()

    assert not GoalSuccession.objects.exists()


def test_kinds_of_arena_are_those_of_the_institutions():
    assert set(ARENA_KINDS) == set(ArenaKind.values)
