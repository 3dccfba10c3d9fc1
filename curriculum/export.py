"""A curriculum as JSON, with the keys of its fixture. docs/curriculum-json.md describes it."""

import datetime as dt
from typing import Any

from curriculum.enums import CurriculumKind, Level
from curriculum.models import Curriculum, GoalStatement, LearningGoal

_OF_STATEMENTS = ("focus", "collaboration", "note")


def curriculum_json(curriculum: Curriculum) -> dict[str, Any]:
    """The source and the note are those readers see; all else is as it was loaded."""
    goals = curriculum.goals.order_by("position").select_related("theme")
    goals = list(goals.prefetch_related("statements"))
    head = {
        name: _plain(getattr(curriculum, name))
        for name in (
            *("code", "title", "kind", "standing"),
            *("in_force_from", "repealed_from", "source", "note"),
        )
    }
    levels = {"levels_source": curriculum.levels_source} if curriculum.levels_source else {}
    used = _used_fields(goals)
    is_specialty = curriculum.kind == CurriculumKind.SPECIALTY
    return {
        "curriculum": head,
        **levels,
        "goals": [_goal(goal, used, numbered=is_specialty) for goal in goals],
    }


def _used_fields(goals: list[LearningGoal]) -> set[str]:
    """A key that no goal of the curriculum uses is left out of all of them."""
    fields = ("part", "arena", "elaboration", "bullets", "bullets_belong_to", "in_force_from")
    used = {name for name in fields if any(getattr(goal, name) for goal in goals)}
    if any(goal.statements.all() for goal in goals):
        used.add("statements")
    return used


def _goal(goal: LearningGoal, used: set[str], *, numbered: bool) -> dict[str, Any]:
    everything = {
        "code": goal.code,
        "theme_number": goal.theme.number,
        "theme": goal.theme.title,
        "part": goal.part,
        "arena": goal.arena or None,
        "text": goal.text,
        "elaboration": goal.elaboration,
        "bullets": goal.bullets,
        "bullets_belong_to": goal.bullets_belong_to,
        "in_force_from": _plain(goal.in_force_from),
        "required": goal.required,
        "statements": [_statement(statement) for statement in goal.statements.all()],
        "note": goal.note,
    }
    wanted = {"code", "theme", "text", *used}
    wanted |= {"theme_number"} if numbered else {"required"}
    wanted |= {"required"} if not goal.required else set()
    wanted |= {"note"} if goal.note else set()
    return {name: value for name, value in everything.items() if name in wanted}


def _statement(statement: GoalStatement) -> dict[str, Any]:
    return {
        "order": statement.order,
        "kind": statement.kind,
        "level": Level(statement.level).name.lower(),
        "supervised": statement.supervised,
        "in_team": statement.in_team,
        "text": statement.text,
        "level_basis": statement.level_basis,
        **{name: getattr(statement, name) for name in _OF_STATEMENTS if getattr(statement, name)},
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
