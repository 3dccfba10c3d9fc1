"""JSON read field by field: every fault is noted with its place, and reading goes on."""

import datetime as dt
import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

_KINDS = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    list: "a list",
    dict: "an object",
}


@dataclass(frozen=True)
class Problem:
    """One fault of a file. `place` is a goal's code, or what else the fault is in."""

    file: str
    place: str
    field: str
    message: str

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.file, self.place, self.field) if part)
        return f"{where}: {self.message}"


@dataclass
class Source:
    """One object of a file, read field by field. A fault is noted and reading goes on."""

    data: Any
    file: str
    place: str
    problems: list[Problem]
    prefix: str = ""
    _read: set[str] = field(default_factory=set)

    def __post_init__(self):
        if not isinstance(self.data, dict):
            self.report("", "must be an object")
            self.data = {}

    def report(self, name: str, message: str) -> None:
        path = ".".join(part for part in (self.prefix, name) if part)
        self.problems.append(Problem(self.file, self.place, path, message))

    def within(self, name: str, data: Any) -> "Source":
        return Source(data, self.file, self.place, self.problems, prefix=name)

    def value(self, name: str, kind: type, *, default: Any = None, required: bool = False) -> Any:
        self._read.add(name)
        found = self.data.get(name)
        if found is None:
            if required:
                self.report(name, "is missing")
            return default
        if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
            self.report(name, f"must be {_KINDS[kind]}, not {found!r}")
            return default
        return found

    def text(self, name: str, *, limit: int = 0, required: bool = True) -> str:
        text = self.value(name, str, default="", required=required)
        if required and self.data.get(name) == "":
            self.report(name, "is empty")
        if text != text.strip():
            self.report(name, "begins or ends with a space or a line break")
        if limit and len(text) > limit:
            self.report(name, f"is longer than {limit} characters")
        return text

    def choice(self, name: str, choices: Collection[str]) -> str:
        text = self.text(name)
        if text and text not in choices:
            self.report(name, f"must be one of {', '.join(choices)}, not {text!r}")
        return text

    def day(self, name: str) -> dt.date | None:
        text = self.text(name, required=False)
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.report(name, f"must be a date as 2026-03-01, not {text!r}")
            return None

    def texts(self, name: str) -> tuple[str, ...]:
        items = self.value(name, list, default=[])
        if not all(isinstance(item, str) and item.strip() == item != "" for item in items):
            self.report(name, "must be a list of texts without space around them")
            return ()
        return tuple(items)

    def done(self) -> None:
        """Refuses what nobody read: a misspelt name must not pass for a missing value."""
        for name in self.data.keys() - self._read:
            self.report(str(name), "is not a known field")


def read_json(text: str, file: str, problems: list[Problem]) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        problems.append(Problem(file, place, "", f"is not JSON ({error.msg})"))
        return None
