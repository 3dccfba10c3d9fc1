"""The list of goals as somebody has asked for it: filtered, searched, and summed up."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portfolio.enums import GoalStatus
from portfolio.queries.goals import GoalLine, Overview, ThemeLines, matching_goals

Label = str | Promise
ALL = ""


@dataclass(frozen=True)
class Filter:
    """A choice that is also the legend: its word, its sign, and how many goals it holds."""

    key: str
    label: Label
    statuses: frozenset[GoalStatus]
    status: GoalStatus | None = None  # whose sign it carries, where it is one status
    count: int = 0


def _one(key: str, status: GoalStatus) -> Filter:
    return Filter(key, status.label, frozenset([status]), status)


_EVERY = Filter(ALL, _("Alle"), frozenset(GoalStatus))
_DECIDED = (
    _EVERY,
    Filter("gjenstar", _("Ikke godkjent"), frozenset(GoalStatus) - {GoalStatus.APPROVED}),
    _one("sendt-tilbake", GoalStatus.RETURNED),
    _one("avslatt", GoalStatus.REFUSED),
    _one("ikke-startet", GoalStatus.NOT_STARTED),
    _one("under-arbeid", GoalStatus.IN_PROGRESS),
    _one("til-avgjorelse", GoalStatus.CLAIMED),
    _one("godkjent", GoalStatus.APPROVED),
)
_VOLUNTARY = (
    _EVERY,
    _one("ikke-startet", GoalStatus.NOT_STARTED),
    _one("under-arbeid", GoalStatus.IN_PROGRESS),
    _one("vist", GoalStatus.SHOWN),
)
# Shown only where there are any: they ask for something.
_EXCEPTIONS = {GoalStatus.RETURNED, GoalStatus.REFUSED}


@dataclass(frozen=True)
class ListedTheme:
    number: int | None  # the common goals have none
    title: str
    anchor: str
    settled: int  # of all the theme's goals, whatever the filter hides
    total: int
    lines: tuple[GoalLine, ...]


@dataclass(frozen=True)
class GoalList:
    overview: Overview
    status: str
    sought: str

    @property
    def decides(self) -> bool:
        return self.overview.training.pathway.decides_goals

    @cached_property
    def filters(self) -> tuple[Filter, ...]:
        counts = self.overview.counts
        counted = (
            Filter(
                one.key,
                one.label,
                one.statuses,
                one.status,
                sum(counts[status] for status in one.statuses),
            )
            for one in (_DECIDED if self.decides else _VOLUNTARY)
        )
        return tuple(one for one in counted if one.count or one.status not in _EXCEPTIONS)

    @cached_property
    def chosen(self) -> Filter:
        """An unknown filter is none."""
        return next((one for one in self.filters if one.key == self.status), self.filters[0])

    @cached_property
    def themes(self) -> tuple[ListedTheme, ...]:
        """Those lines that the filter and the search leave, and the themes that hold any."""
        found = matching_goals((line.goal for line in self.overview.lines), self.sought)
        listed = (self._listed(theme, found) for theme in self.overview.themes)
        return tuple(one for one in listed if one.lines)

    def _listed(self, theme: ThemeLines, found: set[int]) -> ListedTheme:
        done = GoalStatus.APPROVED if self.decides else GoalStatus.SHOWN
        return ListedTheme(
            number=theme.theme.number,
            title=theme.theme.title,
            anchor=theme.theme.anchor,
            settled=theme.with_status(done),
            total=len(theme.lines),
            lines=tuple(
                line
                for line in theme.lines
                if line.status in self.chosen.statuses and line.goal.id in found
            ),
        )

    @property
    def first_status(self) -> Filter | None:
        """Where the legend begins."""
        return next((one for one in self.filters if one.status), None)

    @property
    def returned(self) -> int:
        return self.overview.counts[GoalStatus.RETURNED]

    @property
    def refused(self) -> int:
        return self.overview.counts[GoalStatus.REFUSED]

    @property
    def common_in_force_from(self) -> dt.date | None:
        """When the common goals took effect, where the pathway has any."""
        common = (line.goal for line in self.overview.lines if line.goal.is_common)
        return next((goal.in_force_from for goal in common), None)

    @property
    def found(self) -> int:
        return sum(len(one.lines) for one in self.themes)

    @cached_property
    def map_columns(self) -> tuple[ThemeLines, ...]:
        """Every theme, in the order that fills two columns evenly: the common goals, the longest
        row, close the first column."""
        own = [one for one in self.overview.themes if not _is_common(one)]
        common = [one for one in self.overview.themes if _is_common(one)]
        rows = (len(own) + len(common) + 1) // 2
        return (*own[: rows - len(common)], *common, *own[rows - len(common) :])


def _is_common(theme: ThemeLines) -> bool:
    return theme.theme.number is None
