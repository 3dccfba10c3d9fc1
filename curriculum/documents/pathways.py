"""Pathways as values: what each asks for, its courses and its recommended activities."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from curriculum.enums import Phase, RequirementCode, Standing, Unit, Weight
from curriculum.reading import Problem, Source

# Kinds of arena as `institutions` names them; this app must not know that one. A test compares.
ARENA_KINDS = (
    "palliative_centre",
    "internal_medicine_ward",
    "ambulatory_team",
    "childrens_team",
    "municipal_unit",
    "municipal_team",
    "oncology",
    "neurology",
    "pain_clinic",
    "nursing_home",
    "other",
)


@dataclass(frozen=True)
class RequirementDocument:
    code: str
    weight: str
    amount: int | None
    unit: str
    title: str
    text: str
    source: str
    waived_by: str


@dataclass(frozen=True)
class CourseDocument:
    """`modules`: the title of each by its number; empty where the source gives none."""

    code: str
    title: str
    in_order: bool
    source: str
    modules: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class ActivityDocument:
    code: str
    title: str
    times: int | None
    weeks_each: int | None
    phases: tuple[str, ...]
    arena_kinds: tuple[str, ...]
    falls_away_with: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class PathwayDocument:
    code: str
    version: str
    title: str
    short_title: str
    standing: str
    doctor_title: str
    decides_goals: bool
    note: str
    source: str
    curricula: tuple[str, ...]
    requirements: tuple[RequirementDocument, ...]
    courses: tuple[CourseDocument, ...]
    recommended_activities: tuple[ActivityDocument, ...]


Document = TypeVar("Document")


def read_pathways(
    data: Any, curricula: set[str], file: str, problems: list[Problem]
) -> tuple[PathwayDocument, ...]:
    if not isinstance(data, list):
        problems.append(Problem(file, "", "", "must be a list"))
        return ()
    pathways = []
    for position, item in enumerate(data, start=1):
        code = item.get("code") if isinstance(item, dict) else None
        source = Source(item, file, str(code or f"pathway number {position}"), problems)
        pathways.append(_read_pathway(source, curricula))
    for code, count in Counter((pathway.code, pathway.version) for pathway in pathways).items():
        if count > 1:
            problems.append(
                Problem(file, code[0], "version", f"{code[1]!r} is there {count} times")
            )
    _check_shared_courses(pathways, file, problems)
    return tuple(pathways)


def _read_pathway(source: Source, curricula: set[str]) -> PathwayDocument:
    pathway = PathwayDocument(
        code=source.text("code", limit=40),
        version=source.text("version", limit=20),
        title=source.text("title", limit=200),
        short_title=source.text("short_title", limit=60),
        standing=source.choice("standing", Standing.values),
        doctor_title=source.text("doctor_title", limit=60),
        decides_goals=source.value("decides_goals", bool, default=False, required=True),
        note=source.text("note", required=False),
        source=source.text("source"),
        curricula=source.texts("curricula"),
        requirements=_read_each(source, "requirements", _read_requirement),
        courses=_read_each(source, "courses", _read_course),
        recommended_activities=_read_each(source, "recommended_activities", _read_activity),
    )
    source.done()
    if not pathway.curricula:
        source.report("curricula", "is empty")
    for code in set(pathway.curricula) - curricula:
        source.report("curricula", f"there is no curriculum {code!r}")
    if len(set(pathway.curricula)) < len(pathway.curricula):
        source.report("curricula", "names a curriculum twice")
    return pathway


def _read_each(
    source: Source, name: str, read: Callable[[Source], Document]
) -> tuple[Document, ...]:
    documents = tuple(
        read(source.within(f"{name}[{number}]", item))
        for number, item in enumerate(source.value(name, list, default=[]), start=1)
    )
    _report_twice(source, name, (document.code for document in documents))
    return documents


def _read_requirement(source: Source) -> RequirementDocument:
    requirement = RequirementDocument(
        code=source.choice("code", RequirementCode.values),
        weight=source.choice("weight", Weight.values),
        amount=_positive(source, "amount"),
        unit=source.choice("unit", Unit.values) if source.data.get("unit") else "",
        title=source.text("title", limit=200),
        text=source.text("text", required=False),
        source=source.text("source"),
        waived_by=source.text("waived_by", limit=100, required=False),
    )
    source.value("unit", str)
    source.done()
    if (source.data.get("amount") is None) != (not requirement.unit):
        source.report("amount", "and unit belong together: give both or none")
    return requirement


def _read_course(source: Source) -> CourseDocument:
    course = CourseDocument(
        code=source.text("code", limit=40),
        title=source.text("title", limit=200),
        in_order=source.value("in_order", bool, default=False, required=True),
        source=source.text("source"),
        modules=tuple(
            _read_module(source.within(f"{source.prefix}.modules[{number}]", item))
            for number, item in enumerate(source.value("modules", list, default=[]), start=1)
        ),
    )
    source.done()
    numbers = [number for number, _title in course.modules]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        source.report("modules", f"must be numbered 1, 2, 3 …, not {numbers}")
    return course


def _read_module(source: Source) -> tuple[int, str]:
    number = source.value("number", int, default=0, required=True)
    title = source.text("title", limit=200, required=False)
    source.done()
    return number, title


def _read_activity(source: Source) -> ActivityDocument:
    activity = ActivityDocument(
        code=source.text("code", limit=40),
        title=source.text("title", limit=200),
        times=_positive(source, "times"),
        weeks_each=_positive(source, "weeks_each"),
        phases=_among(source, "phases", Phase.values),
        arena_kinds=_among(source, "arena_kinds", ARENA_KINDS),
        falls_away_with=_among(source, "falls_away_with", ARENA_KINDS),
        source=source.text("source"),
    )
    source.done()
    if activity.phases and len(activity.phases) != activity.times:
        source.report("phases", "must be one for each of the times")
    return activity


def _positive(source: Source, name: str) -> int | None:
    number = source.value(name, int)
    if number is not None and number < 1:
        source.report(name, f"must be 1 or more, not {number}")
        return None
    return number


def _among(source: Source, name: str, allowed: Iterable[str]) -> tuple[str, ...]:
    values = source.texts(name)
    for value in values:
        if value not in allowed:
            source.report(name, f"must be among {', '.join(allowed)}, not {value!r}")
    _report_twice(source, name, values)
    return values


def _report_twice(source: Source, name: str, values: Iterable[Hashable]) -> None:
    for value, count in Counter(values).items():
        if value and count > 1:
            source.report(name, f"{value!r} is there {count} times")


def _check_shared_courses(
    pathways: Iterable[PathwayDocument], file: str, problems: list[Problem]
) -> None:
    """A course that several pathways ask for is one course: they must say the same of it."""
    first: dict[str, CourseDocument] = {}
    for pathway in pathways:
        for course in pathway.courses:
            if first.setdefault(course.code, course) != course:
                message = f"{course.code!r} is told otherwise under another pathway"
                problems.append(Problem(file, pathway.code, "courses", message))
