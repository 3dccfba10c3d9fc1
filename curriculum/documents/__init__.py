"""The fixtures as values: read, checked, and every fault named by file, code and field.

A document is what a file says; nothing here knows the database.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curriculum.documents.curricula import (
    CurriculumDocument,
    GoalDocument,
    StatementDocument,
    read_curriculum,
)
from curriculum.documents.pathways import (
    ActivityDocument,
    CourseDocument,
    PathwayDocument,
    RequirementDocument,
    read_pathways,
)
from curriculum.documents.successions import SuccessionDocument, read_successions
from curriculum.reading import Problem, read_json

__all__ = [
    "ActivityDocument",
    "CourseDocument",
    "CurriculumDocument",
    "Fixtures",
    "GoalDocument",
    "PathwayDocument",
    "RequirementDocument",
    "StatementDocument",
    "SuccessionDocument",
    "read_fixtures",
]


@dataclass(frozen=True)
class Fixtures:
    """All of `fixtures/` that this app loads. With problems nothing may be loaded."""

    curricula: tuple[CurriculumDocument, ...]
    pathways: tuple[PathwayDocument, ...]
    successions: tuple[SuccessionDocument, ...]
    problems: tuple[Problem, ...]


def read_fixtures(folder: Path) -> Fixtures:
    """Curricula stand in the order of the catalogue."""
    problems: list[Problem] = []

    def read(name: str, empty: Any) -> Any:
        path = folder / name
        if path.is_file():
            return read_json(path.read_text(), path.name, problems)
        problems.append(Problem(path.name, "", "", f"is missing in {path.parent}"))
        return empty

    keywords = read("curriculum/keywords.json", {}) or {}
    curricula = tuple(
        read_curriculum(
            read(f"curriculum/{entry['code']}.json", {}),
            entry,
            keywords.get(entry["code"], {}),
            f"{entry['code']}.json",
            problems,
        )
        for entry in read("curriculum/catalogue.json", []) or []
    )
    codes = {curriculum.code for curriculum in curricula}
    goals = {(curriculum.code, goal.code) for curriculum in curricula for goal in curriculum.goals}
    return Fixtures(
        curricula=curricula,
        pathways=read_pathways(read("pathways.json", []), codes, "pathways.json", problems),
        successions=read_successions(read("successions.json", []), goals, problems),
        problems=tuple(problems),
    )
