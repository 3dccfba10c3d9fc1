"""Picking goals in a form: a grid of the likely ones, and all of them behind a search."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from curriculum.queries import Goal, goal_by_code
from portfolio.enums import Refusal
from portfolio.queries.goals import matching_goals

# Words longer than a tile on a telephone; browsers do not hyphenate Norwegian.
LONG_COMPOUNDS = (
    ("legemiddel", "gjennomgang"),
    ("kommunikasjons", "utfordringer"),
    ("kommunikasjons", "ferdigheter"),
    ("beslutnings", "kompetanse"),
    ("kompetanse", "vurdering"),
    ("behandlings", "modaliteter"),
    ("intervensjons", "teknikker"),
    ("beredskaps", "situasjoner"),
)


def reference(goal: Goal) -> str:
    """How a goal is named in forms and addresses: «pal-2023/PAL-055»."""
    return f"{goal.curriculum_code}/{goal.code}"


class GoalsField(forms.Field):
    """Goals by their reference. Each that cannot be used is named."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value) -> list[Goal]:
        return [self._goal(text) for text in dict.fromkeys(value or [])]

    def _goal(self, text: str) -> Goal:
        curriculum_code, _slash, code = text.partition("/")
        goal = self.goals.by_code.get((curriculum_code, code))
        if goal:
            return goal
        if goal_by_code(curriculum_code, code):
            raise ValidationError(f"{code}: {Refusal.FOREIGN_GOAL.label}", code="foreign")
        raise ValidationError(
            _("Målet «%(code)s» finnes ikke. Velg et fra listen.") % {"code": code[:20]},
            code="unknown",
        )


@dataclass(frozen=True)
class GoalChoice:
    """One goal to tick. Those in the grid are ticked there, wherever else they are listed."""

    goal: Goal
    value: str
    chosen: bool
    grid_id: str = ""

    @property
    def keyword(self) -> str:
        """May break after a slash, and where a long compound has its seam."""
        text = self.goal.keyword.replace("/", "/\u200b")
        for seam in LONG_COMPOUNDS:
            text = text.replace("".join(seam), "\u00ad".join(seam))
        return text


@dataclass(frozen=True)
class ThemeChoices:
    title: str
    goals: tuple[GoalChoice, ...]


class GoalPicks:
    """Of a form with `goals`: the grid of likely goals, and every goal behind a search.

    The form sets `offered` (with `goals` and `likely_goals`), `search` and `in_grid`.
    """

    @property
    def chosen(self) -> list[str]:
        return list(self["goals"].value() or [])

    @property
    def grid(self) -> list[GoalChoice]:
        """Those the page began with, the likely ones, and those picked from the list since."""
        goals = self.offered.goals.by_code
        likely = [reference(goal) for goal in self.offered.likely_goals]
        began_with = list(self.initial.get("goals") or [])
        values = list(dict.fromkeys([*began_with, *likely]))[: max(len(likely), len(began_with))]
        values += [value for value in self.chosen if value not in values]
        chosen = set(self.chosen)
        return [
            GoalChoice(goals[pair(value)], value, value in chosen)
            for value in values
            if pair(value) in goals
        ]

    @property
    def themes(self) -> list[ThemeChoices]:
        """Every goal that the search finds, and those chosen, by theme."""
        found = matching_goals(self.offered.goals.goals, self.search)
        chosen = set(self.chosen)
        grid = self.in_grid or tuple(one.value for one in self.grid)
        themes = []
        for theme in self.offered.goals.themes:
            rows = tuple(
                GoalChoice(
                    goal,
                    value := reference(goal),
                    value in chosen,
                    f"id_goals_{grid.index(value)}" if value in grid else "",
                )
                for goal in theme.goals
                if goal.id in found or reference(goal) in chosen
            )
            if rows:
                themes.append(ThemeChoices(theme.title, rows))
        return themes

    @property
    def has_matches(self) -> bool:
        return bool(matching_goals(self.offered.goals.goals, self.search))


def pair(value: str) -> tuple[str, str]:
    """The curriculum and the code that a reference names."""
    curriculum_code, _slash, code = value.partition("/")
    return curriculum_code, code
