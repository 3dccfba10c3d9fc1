"""How the state of a goal looks. In lists of 73 goals every cell is made once and reused."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from curriculum.queries import Goal
from curriculum.rules import level_label
from pages import dates
from pages.icons import shared_icon_svg
from pages.templatetags import palmappen
from portfolio import rules
from portfolio.enums import GoalStatus, ReturnReason
from portfolio.queries.claims import Voice
from portfolio.queries.evidence import Ask, Evidence, EvidenceRow, StatementGap
from portfolio.queries.goal_list import GoalList, ListedTheme
from portfolio.queries.goals import GoalLine, ThemeLines

register = template.Library()


@dataclass(frozen=True)
class Look:
    color: str
    icon: str
    tile: str  # the tile's data-state
    outline: bool = False


LOOKS = {
    GoalStatus.NOT_STARTED: Look("neutral", "circle", "not-started", outline=True),
    GoalStatus.IN_PROGRESS: Look("neutral", "half-circle", "in-progress"),
    GoalStatus.CLAIMED: Look("info", "hourglass", "awaiting"),
    GoalStatus.RETURNED: Look("warning", "arrow-undo", "returned"),
    GoalStatus.REFUSED: Look("warning", "x-mark-octagon", "returned"),
    GoalStatus.APPROVED: Look("success", "checkmark-heavy", "approved"),
    GoalStatus.SHOWN: Look("info", "checkmark-heavy", "awaiting"),
}


@register.simple_tag
def goal_status(status: GoalStatus) -> SafeString:
    return _status(status, get_language())


@cache
def _status(status: GoalStatus, language: str) -> SafeString:
    look = LOOKS[status]
    return palmappen.tag(status.label, look.color, look.icon, look.outline)


@register.filter
def look(status: GoalStatus | None) -> Look | None:
    return LOOKS[status] if status else None


def _levels(line: GoalLine) -> tuple[tuple[int | None, int], ...]:
    return tuple(
        (gap.shown.level if gap.shown else None, gap.required)
        for gap in line.gaps
        if gap.required is not None
    )


@cache
def _cells(levels: tuple[tuple[int | None, int], ...], language: str) -> SafeString:
    """«3/3 2/3 –/2». A goal without statements has no cells."""
    if not levels:
        return mark_safe("")
    cells = (palmappen.level(shown, required) for shown, required in levels)
    return mark_safe(f'<span class="levels">{"".join(cells)}</span>')  # noqa: S308


# What follows is written for 73 goals at once. A template would resolve some 900 variables for it,
# and `format_html` escape as many values that are safe already.


@register.simple_tag
def goal_map(themes: Iterable[ThemeLines], root: str) -> SafeString:
    """The tiles of every theme; `root` is the address of the list."""
    columns = (_theme_tiles(theme, escape(root), get_language()) for theme in themes)
    return mark_safe("".join(columns))  # noqa: S308 – every part is escaped or our own


def _theme_tiles(theme: ThemeLines, root: str, language: str) -> str:
    name = escape(f"kart-{theme.theme.anchor}")
    tiles = "".join(_tile(line, root, language) for line in theme.lines)
    return f"""
    <div class="tile-theme"><p id="{name}">{escape(theme.theme.title)}</p>\
<ul class="tiles" aria-labelledby="{name}">{tiles}</ul></div>"""


def _tile(line: GoalLine, root: str, language: str) -> str:
    goal, status = line.goal, line.status
    return (
        f'<li><a class="tile" data-state="{LOOKS[status].tile}" href="{root}{_path(goal)}"'
        f' aria-label="{_escaped(goal.code)}, {_word(status, language)}">'
        f"{_escaped(goal.short_code)}{_sign(status, _levels(line))}</a></li>"
    )


@cache
def _word(status: GoalStatus, language: str) -> SafeString:
    return escape(status.label.lower())


@cache
def _sign(status: GoalStatus, levels: tuple[tuple[int | None, int], ...]) -> SafeString:
    icon = shared_icon_svg(LOOKS[status].icon, 14)
    return icon + palmappen.strokes(levels) if levels else icon


def _path(goal: Goal) -> str:
    """Below the address of the list. As `reverse`, which 146 times over is too slow."""
    return _escaped(f"{goal.curriculum_code}/{goal.code}/")


@cache
def _escaped(code: str) -> SafeString:
    return escape(code)


@register.simple_tag
def goal_rows(goals: GoalList, root: str) -> SafeString:
    """The themes, and below each a row for each of its goals; `root` is the address of the list."""
    make_row = _row_maker(escape(root), goals.overview.on)
    rows = (
        _theme_row(theme, goals.decides) + "".join(make_row(line) for line in theme.lines)
        for theme in goals.themes
    )
    return mark_safe("".join(rows))  # noqa: S308 – every part is escaped or our own


def _theme_row(theme: ListedTheme, decides: bool) -> str:
    number = f"{theme.number}&ensp;" if theme.number else ""
    count = (
        _('%(settled)s av %(total)s<span class="desktop-only"> godkjent</span>')
        if decides
        else _('%(settled)s av %(total)s<span class="desktop-only"> vist</span>')
    ) % {"settled": theme.settled, "total": theme.total}
    return f"""<tr class="table__group" id="{escape(theme.anchor)}">\
<th scope="colgroup" colspan="6"><span>{number}{escape(theme.title)}</span> \
<small>{count}</small></th></tr>
"""


def _row_maker(root: str, today: dt.date) -> Callable[[GoalLine], str]:
    """Makes the row of one goal; what is the same in all rows is asked for once."""
    language, label = get_language(), escape(_("Vist / krav"))
    chevron = shared_icon_svg("chevron-right", 20)

    def row(line: GoalLine) -> str:
        goal = line.goal
        return f"""<tr><td class="cell-code">\
<a class="stretched code" href="{root}{_path(goal)}">{_escaped(goal.code)}</a></td>\
<td class="cell-wording"><p class="wording wording--list">{goal.summary_html}</p></td>\
<td class="cell-levels" data-label="{label}">{_cells(_levels(line), language)}</td>\
<td class="cell-status">{_status(line.status, language)}</td>\
<td class="cell-date">{escape(last_day(line, today))}</td>\
<td class="cell-chevron">{chevron}</td></tr>
"""

    return row


def last_day(line: GoalLine, today: dt.date) -> str:
    """«i dag», «12. nov.», and the month where it is longer ago or settled: «jan. 2024»."""
    day = line.last_on
    if day is None:
        return ""
    if day == today:
        return dates.days_since(day, today=today)
    if day.year != today.year or line.status == GoalStatus.APPROVED:
        return dates.month_and_year(day)
    return dates.short_day(day, today=today)


NUMBERS = (
    "",
    "ett",
    "to",
    "tre",
    "fire",
    "fem",
    "seks",
    "sju",
    "åtte",
    "ni",
    "ti",
    "elleve",
    "tolv",
)


@register.filter
def in_words(count: int) -> str:
    """«Ett», «To», and digits above twelve: how a sentence begins with a number."""
    return NUMBERS[count].capitalize() if count < len(NUMBERS) else str(count)


# --- One goal ------------------------------------------------------------------------------------


@register.filter
def shown_label(one: StatementGap) -> str:
    """The level shown, in the words of Tabell 1."""
    return _label(one, one.gap.shown.level) if one.gap.shown else ""


@register.filter
def required_label(one: StatementGap) -> str:
    return _label(one, one.gap.required) if one.gap.required else ""


def _label(one: StatementGap, level: int) -> str:
    statement = one.statement
    return level_label(statement and statement.kind, level, bool(statement and statement.in_team))


@register.filter
def statement_numbers(several: Iterable[StatementGap]) -> str:
    """«3», «2 og 3», «1, 2 og 3»."""
    orders = [str(one.gap.order) for one in several]
    if len(orders) < 2:
        return "".join(orders)
    return _("%(several)s og %(last)s") % {"several": ", ".join(orders[:-1]), "last": orders[-1]}


@register.filter
def may_remind(one: Ask | Voice) -> bool:
    reminded_on = timezone.localdate(one.reminded_at) if one.reminded_at else None
    return rules.may_remind(
        asked_on=one.asked_on, reminded_on=reminded_on, today=timezone.localdate()
    )


@register.filter
def gap_of(evidence: Evidence, order: int) -> StatementGap:
    return next(one for one in evidence.statements if one.gap.order == order)


@register.filter
def level_in(row: EvidenceRow, order: int) -> int | None:
    return row.levels.get(order)


@register.simple_tag
def waiting_tag(since: dt.date) -> SafeString:
    """«Venter 7 dager»: petrol, because it lies with somebody else."""
    days = (timezone.localdate() - since).days
    label = ngettext("Venter %(days)d dag", "Venter %(days)d dager", days) % {"days": days}
    return palmappen.tag(label if days else _("Bedt i dag"), "info", "hourglass")


@register.filter
def return_reason(value: str) -> str:
    return ReturnReason(value).label


@register.simple_tag
def level_word(row: EvidenceRow, one: StatementGap) -> str:
    """What one assessment says of a goal without statements."""
    return _label(one, row.levels[one.gap.order])
