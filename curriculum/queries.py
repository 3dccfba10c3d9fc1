"""The goals as pages read them, built once per process and version."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db import connection
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from curriculum import rules
from curriculum.enums import CurriculumKind, Standing
from curriculum.models import Curriculum, GoalStatement, LearningGoal, Pathway, PathwayCurriculum

_WRAP = {
    rules.Mark.PLAIN: "{}",
    rules.Mark.TERM: '<span class="wording__term">{}</span>',
    rules.Mark.KEYWORD: "<b>{}</b>",
}


@dataclass(frozen=True)
class Statement:
    order: int
    kind: str
    kind_label: str
    level: int
    level_label: str
    level_name: str
    in_team: bool
    supervised: bool
    team_meaning: rules.TeamMeaning
    is_our_reading: bool  # of the level: the wording is not in Tabell 1 (PAL-056.6)
    text: str
    focus: str  # the half that is meant, where two statements share a text (PAL-014)
    bullets: tuple[str, ...]  # those its text ends in: «…, herunder:»
    wording_html: SafeString


@dataclass(frozen=True)
class Part:
    """A statement's share of a sentence. Order 0: the goal has no statements."""

    order: int
    segments: tuple[rules.Segment, ...]

    @cached_property
    def html(self) -> SafeString:
        return html_of(self.segments)


@dataclass(frozen=True)
class Passage:
    """A whole sentence of the goal with its bullets, and the statements it makes."""

    parts: tuple[Part, ...]
    bullets: tuple[str, ...]
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Goal:
    id: int
    curriculum_code: str
    code: str
    short_code: str  # «001»
    position: int
    theme_number: int
    theme_title: str
    keyword: str
    text: str
    elaboration: str
    bullets: tuple[str, ...]
    part: str
    arena: str
    required: bool
    in_force_from: dt.date | None
    standing: str
    is_common: bool
    statements: tuple[Statement, ...]
    passages: tuple[Passage, ...]
    summary_html: SafeString  # one whole sentence of it, for lists

    @property
    def full_text(self) -> str:
        """The bullets of FKMS-004 stand only beside its text; elsewhere this is the text."""
        missing = [f"- {bullet}" for bullet in self.bullets if f"- {bullet}" not in self.text]
        return "\n".join([self.text, *missing])

    @cached_property
    def wording_html(self) -> SafeString:
        """All of it; bullets are lines that begin with «- » (set white-space: pre-line)."""
        return html_of(rules.wording(self.full_text, self.keyword))

    @property
    def is_proposal(self) -> bool:
        return self.standing == Standing.PROPOSED

    @cached_property
    def levels(self) -> dict[int, int]:
        """The required level by statement order; empty for a goal without statements."""
        return {statement.order: statement.level for statement in self.statements}


@dataclass(frozen=True)
class Theme:
    """Common goals are one theme without a number in a pathway («Felles kompetansemål»)."""

    number: int | None
    title: str
    curriculum_code: str
    goals: tuple[Goal, ...]

    @property
    def anchor(self) -> str:
        return f"{self.curriculum_code}-{self.number}" if self.number else self.curriculum_code


@dataclass(frozen=True)
class PathwayGoals:
    """The goals a pathway requires, in order."""

    themes: tuple[Theme, ...]
    by_id: dict[int, Goal] = field(repr=False)

    @cached_property
    def goals(self) -> tuple[Goal, ...]:
        return tuple(self.by_id.values())

    @cached_property
    def by_code(self) -> dict[tuple[str, str], Goal]:
        return {(goal.curriculum_code, goal.code): goal for goal in self.goals}

    def __len__(self) -> int:
        return len(self.by_id)


def pathway_goals(pathway: Pathway) -> PathwayGoals:
    """One query when nothing has changed since the last call in this process."""
    versions = _versions(Curriculum.objects.filter(pathwaycurriculum__pathway=pathway))
    return goals_of_versions(pathway.pk, versions.order_by("pathwaycurriculum__position"))


def goals_of_versions(pathway_id: int, versions: "Iterable[Version]") -> PathwayGoals:
    """As `pathway_goals`, where somebody has read the versions already; in the pathway's order."""
    key = tuple(versions)
    kept = _PATHWAYS.get(pathway_id)
    if kept and kept[0] == key:
        return kept[1]
    themes = tuple(theme for version in key for theme in _required_themes(version))
    goals = PathwayGoals(themes, {goal.id: goal for theme in themes for goal in theme.goals})
    if all(version[1] for version in key):
        _PATHWAYS[pathway_id] = (key, goals)
    return goals


def curriculum_themes(curriculum: Curriculum) -> tuple[Theme, ...]:
    """All goals of a curriculum by theme, those not required included."""
    return _themes(_versions(Curriculum.objects.filter(pk=curriculum.pk)).get())


def goal_by_code(curriculum_code: str, code: str) -> Goal | None:
    """Capital and small letters are the same: people type codes."""
    curriculum = Curriculum.objects.filter(code__iexact=curriculum_code)
    version = _versions(curriculum).first()
    goals = (goal for theme in _themes(version) for goal in theme.goals) if version else ()
    return next((goal for goal in goals if goal.code.lower() == code.lower()), None)


# A version is (id, checksum, newest goal). Loading another file and then the first one again gives
# the same checksum but may give new rows, so the newest goal's id is part of it.
Version = tuple[int, str, int | None]
_THEMES: dict[int, tuple[Version, tuple[Theme, ...]]] = {}
_PATHWAYS: dict[int, tuple[tuple[Version, ...], PathwayGoals]] = {}


def _versions(curricula: QuerySet) -> QuerySet:
    newest = curricula.annotate(newest=Max("goals__id"))
    return newest.values_list("pk", "checksum", "newest")


# The same for a pathway, on nearly every page, so in SQL: Django takes longer to put it together
# than the database to answer.
_OF_PATHWAY = """
SELECT curriculum.id, checksum,
       (SELECT max(id) FROM curriculum_learninggoal WHERE curriculum_id = curriculum.id)
  FROM curriculum_pathwaycurriculum AS part
  JOIN curriculum_curriculum AS curriculum ON curriculum.id = part.curriculum_id
 WHERE part.pathway_id = %s
 ORDER BY part.position
"""


def _versions_of(pathway: Pathway) -> tuple[Version, ...]:
    with connection.cursor() as cursor:
        cursor.execute(_OF_PATHWAY, [pathway.pk])
        return tuple(cursor.fetchall())


def _themes(version: Version) -> tuple[Theme, ...]:
    kept = _THEMES.get(version[0])
    if kept and kept[0] == version:
        return kept[1]
    themes = _read_themes(version[0])
    if version[1]:  # rows that were not loaded by load_curricula have no checksum: not kept
        _THEMES[version[0]] = (version, themes)
    return themes


def _required_themes(version: Version) -> Iterable[Theme]:
    """The common goals are few and spread over many themes: in a pathway they are one."""
    themes = _themes(version)
    required = tuple(goal for theme in themes for goal in theme.goals if goal.required)
    if required and required[0].is_common:
        title = _("Felles kompetansemål, del 2–3")
        return [Theme(None, title, required[0].curriculum_code, required)]
    return [
        replace(theme, goals=tuple(goal for goal in theme.goals if goal.required))
        for theme in themes
    ]


def _read_themes(curriculum_id: int) -> tuple[Theme, ...]:
    goals = LearningGoal.objects.filter(curriculum=curriculum_id).order_by("position")
    rows = goals.select_related("curriculum", "theme").prefetch_related("statements")
    by_theme: dict[int, list[LearningGoal]] = {}
    for row in rows:
        by_theme.setdefault(row.theme_id, []).append(row)
    return tuple(
        Theme(
            number=rows[0].theme.number,
            title=rows[0].theme.title,
            curriculum_code=rows[0].curriculum.code,
            goals=tuple(_goal(row) for row in rows),
        )
        for rows in sorted(by_theme.values(), key=lambda rows: rows[0].theme.number)
    )


def _goal(row: LearningGoal) -> Goal:
    statements = tuple(_statement(part, row) for part in row.statements.all())
    return Goal(
        id=row.pk,
        curriculum_code=row.curriculum.code,
        code=row.code,
        short_code=row.code.rpartition("-")[2],
        position=row.position,
        theme_number=row.theme.number,
        theme_title=row.theme.title,
        keyword=row.keyword,
        text=row.text,
        elaboration=row.elaboration,
        bullets=tuple(row.bullets),
        part=row.part,
        arena=row.arena,
        required=row.required,
        in_force_from=row.in_force_from,
        standing=row.curriculum.standing,
        is_common=row.curriculum.kind == CurriculumKind.COMMON,
        statements=statements,
        passages=_passages(row, statements),
        summary_html=html_of(rules.wording(rules.summary(row.text, row.keyword), row.keyword)),
    )


def _statement(row: GoalStatement, goal: LearningGoal) -> Statement:
    return Statement(
        order=row.order,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        level=row.level,
        level_name=row.get_level_display(),
        level_label=rules.level_label(row.kind, row.level, row.in_team),
        in_team=row.in_team,
        supervised=row.supervised,
        team_meaning=rules.team_meaning(row.text, row.in_team),
        is_our_reading=row.level_basis != "tabell1",
        text=row.text,
        focus=row.focus,
        bullets=tuple(goal.bullets) if goal.bullets_belong_to == row.order else (),
        wording_html=html_of(rules.wording(row.text, goal.keyword, row.focus)),
    )


def _passages(row: LearningGoal, statements: tuple[Statement, ...]) -> tuple[Passage, ...]:
    by_order = {statement.order: statement for statement in statements}
    return tuple(
        Passage(
            parts=tuple(Part(order, tuple(segments)) for order, segments in passage.parts),
            bullets=passage.bullets,
            statements=tuple(by_order[order] for order in passage.orders),
        )
        for passage in rules.passages(row.text, row.bullets, row.statements.all(), row.keyword)
    )


def html_of(segments: Iterable[rules.Segment]) -> SafeString:
    """Escapes every piece; only our own tags are added."""
    pieces = (_WRAP[segment.mark].format(escape(segment.text)) for segment in segments)
    return mark_safe("".join(pieces))  # noqa: S308


@dataclass(frozen=True)
class CurriculumSummary:
    curriculum: Curriculum
    themes: int
    goals: int
    required: int
    statements: int


def pathways_with_curricula() -> QuerySet[Pathway]:
    links = PathwayCurriculum.objects.select_related("curriculum").order_by("position")
    return Pathway.objects.prefetch_related(Prefetch("pathwaycurriculum_set", queryset=links))


def curriculum_summaries() -> list[CurriculumSummary]:
    counted = Curriculum.objects.annotate(
        theme_count=Count("goals__theme", distinct=True),
        goal_count=Count("goals", distinct=True),
        required_count=Count("goals", distinct=True, filter=Q(goals__required=True)),
        statement_count=Count("goals__statements"),
    )
    return [
        CurriculumSummary(
            curriculum=row,
            themes=row.theme_count,
            goals=row.goal_count,
            required=row.required_count,
            statements=row.statement_count,
        )
        for row in counted
    ]


@dataclass(frozen=True)
class Neighbours:
    goal: Goal
    previous: Goal | None
    next: Goal | None


def goal_with_neighbours(curriculum: Curriculum, code: str) -> Neighbours | None:
    goals = [goal for theme in curriculum_themes(curriculum) for goal in theme.goals]
    place = next(
        (place for place, goal in enumerate(goals) if goal.code.lower() == code.lower()), None
    )
    if place is None:
        return None
    return Neighbours(
        goal=goals[place],
        previous=goals[place - 1] if place else None,
        next=goals[place + 1] if place + 1 < len(goals) else None,
    )
