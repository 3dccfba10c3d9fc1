"""What the levels are called, and how a goal's wording is taken apart without changing it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from curriculum.enums import KnowledgeLevel, Level, SkillLevel, StatementKind, TeamSkillLevel


def level_label(kind: str | None, level: int, in_team: bool = False) -> str:
    """The level in the words of Tabell 1. No kind: a goal without statements, as a whole."""
    if kind == StatementKind.KNOWLEDGE:
        return str(KnowledgeLevel(level).label)
    if kind == StatementKind.SKILL:
        return str((TeamSkillLevel if in_team else SkillLevel)(level).label)
    return str(Level(level).label)


class TeamMeaning(StrEnum):
    """How «i team» is to be read."""

    NONE = ""
    BOTH = "both"  # «Selvstendig, og i samarbeid med …»: alone and in the team (kap. 4.3)
    NOT_ALONE = "not_alone"  # «I samarbeid med … selvstendig»: PAL-007 (kap. 4.3)


_BOTH = re.compile(r"Selvstendig,? og (?:i samarbeid|i samspill|sammen) med ")


def team_meaning(text: str, in_team: bool) -> TeamMeaning:
    """Only what kap. 4.3 says; other wordings speak for themselves."""
    if in_team and _BOTH.match(text):
        return TeamMeaning.BOTH
    if in_team and text.startswith("I samarbeid med det tverrfaglige teamet selvstendig"):
        return TeamMeaning.NOT_ALONE
    return TeamMeaning.NONE


class Mark(StrEnum):
    PLAIN = "plain"
    TERM = "term"
    KEYWORD = "keyword"


@dataclass(frozen=True)
class Segment:
    """A piece of a wording; the pieces put together are the wording, to the character."""

    text: str
    mark: Mark = Mark.PLAIN


class StatementWording(Protocol):
    @property
    def order(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def focus(self) -> str: ...


@dataclass(frozen=True)
class Passage:
    """A sentence of a goal with the bullets that follow it and the statements it makes.

    `parts` are (statement order, segments): a sentence with two statements has two parts, and the
    order says which begins where. Outside any statement the order is 0.
    """

    text: str
    parts: tuple[tuple[int, tuple[Segment, ...]], ...]
    bullets: tuple[str, ...]
    orders: tuple[int, ...]


# The competence terms of Tabell 1, with what stands between their words («Selvstendig, og i
# samarbeid med det tverrfaglige teamet, kunne»).
_KNOWLEDGE = r"Ha god kunnskap om|Ha kunnskap om|Ha kjennskap til|Kjenne til"
_SKILL = r"Beherske|(?:Selvstendig|Under supervisjon)\b.*?\bkunne\b|Under supervisjon"
_TERM = re.compile(
    rf"(?:{_KNOWLEDGE})(?: og selvstendig kunne)?"
    rf"|{_SKILL}"
    r"|I samarbeid med det tverrfaglige teamet selvstendig kunne"
)
# A statement may be the second half of a sentence.
_TERM_OF_FRAGMENT = re.compile(
    r"(?<=\Asamt )selvstendig.*?kunne|(?<=\Aherunder )selvstendig.*?kunne"
)
_TERM_OF_FOCUS = re.compile(rf"{_KNOWLEDGE}|selvstendig kunne")
_SENTENCE = re.compile(r".+?(?:\. (?=[A-ZÆØÅ])|\n|\Z)", re.DOTALL)
_BULLET = "- "


def wording(text: str, keyword: str = "", focus: str = "") -> tuple[Segment, ...]:
    """Marks the competence term, and in each sentence the keyword once.

    `focus` is the half that is meant where two statements share a sentence (PAL-014).
    """
    if focus:
        return tuple(_marked(text, keyword, focus))
    return tuple(segment for part in _sentences(text) for segment in _marked(part, keyword))


def summary(text: str, keyword: str = "") -> str:
    """The sentence a list shows: the one with the keyword, else the first. Without its bullets."""
    sentences = [part.rstrip() for part in _sentences(text) if not part.startswith(_BULLET)]
    return next((part for part in sentences if _position(part, keyword) >= 0), sentences[0])


def passages(
    text: str,
    bullets: Iterable[str],
    statements: Iterable[StatementWording],
    keyword: str = "",
) -> tuple[Passage, ...]:
    """The whole text, a sentence at a time, so that a fragment never stands alone.

    Bullets stand in `text` too and are shown once; where they do not (FKMS-004), they follow the
    last sentence.
    """
    grouped: list[tuple[str, list[str]]] = []
    for sentence in _sentences(text):
        if sentence.startswith(_BULLET):
            grouped[-1][1].append(sentence.removeprefix(_BULLET).rstrip())
        else:
            grouped.append((sentence.rstrip(), []))
    grouped[-1][1].extend(bullet for bullet in bullets if f"{_BULLET}{bullet}" not in text)
    statements = list(statements)
    return tuple(_passage(sentence, items, statements, keyword) for sentence, items in grouped)


def _sentences(text: str) -> list[str]:
    """Each with the space or line break after it."""
    return _SENTENCE.findall(text)


def _marked(sentence: str, keyword: str, focus: str = "") -> list[Segment]:
    before, after = _term(sentence, focus)
    begin = _position(sentence, keyword, after)
    cuts = [(before, after, Mark.TERM)]
    if begin >= 0:
        cuts.append((begin, begin + len(keyword), Mark.KEYWORD))
    return _cut(sentence, cuts)


def _term(sentence: str, focus: str) -> tuple[int, int]:
    if focus:
        start = sentence.index(focus)
        term = _TERM_OF_FOCUS.match(focus)
        return (start, start + term.end()) if term else (start, start)
    term = _TERM.match(sentence) or _TERM_OF_FRAGMENT.search(sentence)
    return term.span() if term else (0, 0)


def _cut(sentence: str, cuts: list[tuple[int, int, Mark]]) -> list[Segment]:
    segments, reached = [], 0
    for begin, end, mark in cuts:
        segments += [Segment(sentence[reached:begin]), Segment(sentence[begin:end], mark)]
        reached = end
    segments.append(Segment(sentence[reached:]))
    return [segment for segment in segments if segment.text]


def _position(sentence: str, keyword: str, start: int = 0) -> int:
    """Where the keyword begins as whole words, or -1."""
    if not keyword:
        return -1
    found = re.compile(rf"(?<!\w){re.escape(keyword)}(?!\w)").search(sentence, start)
    return found.start() if found else -1


def _passage(
    sentence: str, bullets: list[str], statements: list[StatementWording], keyword: str
) -> Passage:
    made_here = [statement for statement in statements if statement.text in sentence]
    starts = sorted((sentence.index(part.focus or part.text), part.order) for part in made_here)
    segments = wording(sentence, keyword)
    return Passage(
        text=sentence,
        parts=_split(segments, starts or [(0, 0)]),
        bullets=tuple(bullets),
        orders=tuple(order for _, order in starts),
    )


def _split(
    segments: tuple[Segment, ...], starts: list[tuple[int, int]]
) -> tuple[tuple[int, tuple[Segment, ...]], ...]:
    """Divides the segments where a statement begins, cutting a segment in two where needed."""
    if starts[0][0] > 0:
        starts = [(0, 0), *starts]
    ends = [start for start, _ in starts[1:]] + [sum(len(part.text) for part in segments)]
    return tuple(
        (order, _between(segments, start, end))
        for (start, order), end in zip(starts, ends, strict=True)
    )


def _between(segments: tuple[Segment, ...], start: int, end: int) -> tuple[Segment, ...]:
    inside, position = [], 0
    for segment in segments:
        text = segment.text[max(start - position, 0) : max(end - position, 0)]
        position += len(segment.text)
        if text:
            inside.append(Segment(text, segment.mark))
    return tuple(inside)
