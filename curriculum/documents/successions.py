"""Which goal follows which in a later curriculum: decided, or only our suggestion."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from curriculum.reading import Problem, Source

FILE = "successions.json"
GoalKey = tuple[str, str]  # (curriculum, code)


@dataclass(frozen=True)
class SuccessionDocument:
    old: GoalKey
    new: GoalKey
    official: bool
    note: str
    source: str


def read_successions(
    data: Any, goals: set[GoalKey], problems: list[Problem]
) -> tuple[SuccessionDocument, ...]:
    if not isinstance(data, list):
        problems.append(Problem(FILE, "", "", "must be a list"))
        return ()
    documents = tuple(
        _read_succession(Source(item, FILE, f"succession number {number}", problems), goals)
        for number, item in enumerate(data, start=1)
    )
    pairs = Counter((document.old, document.new) for document in documents)
    for (old, new), count in pairs.items():
        if count > 1:
            message = f"is followed by {new[1]!r} {count} times"
            problems.append(Problem(FILE, old[1], "new", message))
    return documents


def _read_succession(source: Source, goals: set[GoalKey]) -> SuccessionDocument:
    succession = SuccessionDocument(
        old=_read_goal(source, "old", goals),
        new=_read_goal(source, "new", goals),
        official=source.value("official", bool, default=False, required=True),
        note=source.text("note", required=False),
        source=source.text("source"),
    )
    source.done()
    if succession.old[0] and succession.old[0] == succession.new[0]:
        source.report("new", "must be of another curriculum")
    return succession


def _read_goal(source: Source, name: str, goals: set[GoalKey]) -> GoalKey:
    part = source.within(name, source.value(name, dict, default={}, required=True))
    key = (part.text("curriculum"), part.text("code"))
    part.done()
    if all(key) and key not in goals:
        part.report("code", f"{key[0]} has no goal {key[1]!r}")
    return key
