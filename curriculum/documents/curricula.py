"""Curricula as values: read, checked, and every fault named by goal code and field."""

import datetime as dt
import hashlib
import json
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from curriculum.enums import CurriculumKind, Level, Standing, StatementKind
from curriculum.reading import Problem, Source

LEVELS = {level.name.lower(): level.value for level in Level}


@dataclass(frozen=True)
class StatementDocument:
    order: int
    kind: str
    level: int
    supervised: bool
    in_team: bool
    text: str
    level_basis: str
    focus: str
    collaboration: str
    note: str


@dataclass(frozen=True)
class GoalDocument:
    code: str
    theme_number: int
    theme: str
    text: str
    elaboration: str
    bullets: tuple[str, ...]
    bullets_belong_to: int | None
    part: str
    arena: str
    required: bool
    in_force_from: dt.date | None
    note: str
    keyword: str
    statements: tuple[StatementDocument, ...]


@dataclass(frozen=True)
class CurriculumDocument:
    code: str
    title: str
    kind: str
    standing: str
    in_force_from: dt.date | None
    repealed_from: dt.date | None
    source: str
    note: str
    levels_source: str
    goals: tuple[GoalDocument, ...]

    @property
    def themes(self) -> dict[int, str]:
        return {goal.theme_number: goal.theme for goal in self.goals}

    @property
    def checksum(self) -> str:
        """SHA-256 of all that is loaded, keywords included."""
        canonical = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()


def read_curriculum(
    data: Any, entry: dict, keywords: dict[str, str], file: str, problems: list[Problem]
) -> CurriculumDocument:
    """`entry` is the catalogue's: how readers see the source, in Norwegian."""
    document = Source(data, file, "", problems)
    head = document.within(
        "curriculum", document.value("curriculum", dict, default={}, required=True)
    )
    levels_source = document.text("levels_source", required=False)
    goals = document.value("goals", list, default=[], required=True)
    if not goals:
        document.report("goals", "is empty")
    document.done()
    source, note = head.text("source"), head.text("note", required=False)
    curriculum = CurriculumDocument(
        code=head.text("code", limit=40),
        title=head.text("title", limit=200),
        kind=head.choice("kind", CurriculumKind.values),
        standing=head.choice("standing", Standing.values),
        in_force_from=head.day("in_force_from"),
        repealed_from=head.day("repealed_from"),
        source=entry.get("source") or source,
        note=entry.get("note") or note,
        levels_source=entry.get("levels_source") or levels_source,
        goals=_read_goals(goals, keywords, file, problems),
    )
    head.done()
    _check_curriculum(curriculum, head, file)
    for code in keywords.keys() - {goal.code for goal in curriculum.goals}:
        problems.append(Problem("keywords.json", code, "", f"is no goal of {curriculum.code}"))
    return curriculum


def _check_curriculum(curriculum: CurriculumDocument, head: Source, file: str) -> None:
    if f"{curriculum.code}.json" != file:
        head.report("code", f"must be the name of the file, not {curriculum.code!r}")
    if curriculum.standing == Standing.PROPOSED and curriculum.in_force_from:
        head.report("in_force_from", "a proposal is not in force")
    begins, ends = curriculum.in_force_from, curriculum.repealed_from
    if begins and ends and ends <= begins:
        head.report("repealed_from", "must be after in_force_from")
    codes = Counter(goal.code for goal in curriculum.goals)
    for code in [code for code, count in codes.items() if count > 1]:
        head.problems.append(Problem(file, code, "code", "is used by more than one goal"))


def _read_goals(
    goals: list, keywords: dict[str, str], file: str, problems: list[Problem]
) -> tuple[GoalDocument, ...]:
    """Themes without a number are numbered as they appear."""
    numbers: dict[str, int] = {}
    documents = []
    for position, data in enumerate(goals, start=1):
        code = data.get("code") if isinstance(data, dict) else None
        source = Source(data, file, str(code or f"goal number {position}"), problems)
        theme = source.text("theme", limit=200)
        number = source.value("theme_number", int) or numbers.get(theme) or len(numbers) + 1
        numbers.setdefault(theme, number)
        if numbers[theme] != number or list(numbers.values()).count(number) > 1:
            source.report("theme_number", f"{number} does not go with the theme {theme!r}")
        documents.append(_read_goal(source, theme, number, keywords))
    return tuple(documents)


def _read_goal(
    source: Source, theme: str, theme_number: int, keywords: dict[str, str]
) -> GoalDocument:
    goal = GoalDocument(
        code=source.text("code", limit=20),
        theme_number=theme_number,
        theme=theme,
        text=source.text("text"),
        elaboration=source.text("elaboration", required=False),
        bullets=source.texts("bullets"),
        bullets_belong_to=source.value("bullets_belong_to", int),
        part=source.text("part", limit=20, required=False),
        arena=source.text("arena", limit=20, required=False),
        required=source.value("required", bool, default=True),
        in_force_from=source.day("in_force_from"),
        note=source.text("note", required=False),
        keyword=keywords.get(source.place, ""),
        statements=tuple(
            _read_statement(source.within(f"statements[{number}]", data))
            for number, data in enumerate(source.value("statements", list, default=[]), start=1)
        ),
    )
    source.done()
    _check_goal(goal, source)
    return goal


def _read_statement(source: Source) -> StatementDocument:
    level = source.choice("level", LEVELS)
    statement = StatementDocument(
        order=source.value("order", int, default=0, required=True),
        kind=source.choice("kind", StatementKind.values),
        level=LEVELS.get(level, 0),
        supervised=source.value("supervised", bool, default=False, required=True),
        in_team=source.value("in_team", bool, default=False, required=True),
        text=source.text("text"),
        level_basis=source.text("level_basis", limit=20),
        focus=source.text("focus", limit=200, required=False),
        collaboration=source.text("collaboration", limit=200, required=False),
        note=source.text("note", required=False),
    )
    source.done()
    if statement.focus not in statement.text:
        source.report("focus", "is not in the statement's text")
    return statement


def _check_goal(goal: GoalDocument, source: Source) -> None:
    if not goal.text:
        return  # said already
    if goal.keyword not in goal.text:
        source.problems.append(
            Problem("keywords.json", goal.code, "", f"{goal.keyword!r} is not in the goal's text")
        )
    if len(goal.keyword) > 80:
        source.problems.append(
            Problem("keywords.json", goal.code, "", "is longer than 80 characters")
        )
    orders = [statement.order for statement in goal.statements]
    if orders != list(range(1, len(orders) + 1)):
        source.report("statements", f"must be numbered 1, 2, 3 …, not {orders}")
    for number, statement in enumerate(goal.statements, start=1):
        if statement.text not in goal.text:
            source.report(f"statements[{number}].text", "is not in the goal's text")
    if goal.bullets_belong_to is not None and goal.bullets_belong_to not in orders:
        source.report("bullets_belong_to", f"there is no statement {goal.bullets_belong_to}")
