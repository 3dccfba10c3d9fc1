"""The goals of the report: wording, what is required, what was shown, and what was said of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils import timezone
from django.utils.translation import gettext as _

from curriculum.queries import Goal, Part, Statement
from curriculum.rules import level_label
from institutions.enums import Role
from portfolio.enums import ClaimState, GoalStatus
from portfolio.models import Claim
from portfolio.queries.goals import GoalLine, Overview, ThemeLines
from portfolio.rules import Gap
from reports.queries.people import People, Signer

TAG = {
    GoalStatus.APPROVED: ("success", "✓"),
    GoalStatus.SHOWN: ("reached", "✓"),
    GoalStatus.CLAIMED: ("info", ""),
    GoalStatus.RETURNED: ("warning", ""),
    GoalStatus.REFUSED: ("danger", ""),
    GoalStatus.IN_PROGRESS: ("neutral", ""),
    GoalStatus.NOT_STARTED: ("outline", ""),
}


@dataclass(frozen=True)
class Mark:
    """A level cell with the words beside it: shown of required, by whom and when."""

    order: int  # 0: the goal as a whole
    state: str  # reached, below or none
    cell: str  # «2/3», «–/3»; for a goal without statements only the level
    title: str
    required: str  # the required level in words, where it is not what was shown
    seen_on: dt.date | None
    assessor: str


@dataclass(frozen=True)
class Wording:
    """One sentence of the goal, whole, with the cells of the statements it makes."""

    parts: tuple[Part, ...]
    bullets: tuple[str, ...]
    marks: tuple[Mark, ...]

    @property
    def numbers(self) -> str:
        return ", ".join(str(one.order) for one in self.marks if one.order)

    @property
    def has_several(self) -> bool:
        return len(self.marks) > 1


@dataclass(frozen=True)
class Step:
    """One act between claim and decision."""

    title: str
    on: dt.date
    by: Signer
    said: str
    quote: str


@dataclass(frozen=True)
class PrintedGoal:
    code: str
    status: str
    tag: str
    sign: str
    decided_on: dt.date | None
    gap: str
    has_statements: bool
    wordings: tuple[Wording, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class PrintedTheme:
    anchor: str
    number: int | None
    title: str
    total: int
    standing: str  # said once, at the curriculum's first theme
    goals: tuple[PrintedGoal, ...]
    untouched: str  # codes of goals that are not printed: only where they are a voluntary map


@dataclass(frozen=True)
class StatusRow:
    """One theme in the table of status: a count per column."""

    title: str
    total: int
    counts: tuple[int, ...]
    statements_reached: int
    statements: int


@dataclass(frozen=True)
class StatusTable:
    columns: tuple[str, ...]
    rows: tuple[StatusRow, ...]
    total: StatusRow


# --- Status by theme -----------------------------------------------------------------------------

SELDOM = (GoalStatus.RETURNED, GoalStatus.REFUSED)  # a column only where there are any


def status_table(overview: Overview) -> StatusTable:
    statuses = shown_statuses(overview)
    return StatusTable(
        columns=tuple(str(status.label) for status in statuses),
        rows=tuple(_status_row(heading(theme), theme.lines, statuses) for theme in overview.themes),
        total=_status_row(_("Alle mål"), overview.lines, statuses),
    )


def shown_statuses(overview: Overview) -> list[GoalStatus]:
    """In the competence area nothing is decided, and no column says so."""
    if overview.training.pathway.decides_goals:
        order = [GoalStatus.APPROVED, GoalStatus.CLAIMED, *SELDOM]
    else:
        order = [GoalStatus.SHOWN]
    order += [GoalStatus.IN_PROGRESS, GoalStatus.NOT_STARTED]
    return [one for one in order if one not in SELDOM or overview.counts[one]]


def heading(theme: ThemeLines) -> str:
    number = theme.theme.number
    return f"{number}. {theme.theme.title}" if number else theme.theme.title


def _status_row(title: str, lines: Iterable[GoalLine], statuses: Iterable[GoalStatus]) -> StatusRow:
    lines = list(lines)
    gaps = [gap for line in lines for gap in line.gaps if gap.required]
    return StatusRow(
        title=title,
        total=len(lines),
        counts=tuple(sum(line.status == status for line in lines) for status in statuses),
        statements_reached=sum(gap.reached for gap in gaps),
        statements=len(gaps),
    )


# --- Each goal -----------------------------------------------------------------------------------


def printed_themes(
    overview: Overview,
    claims: Mapping[int, list[Claim]],
    standings: Mapping[str, str],
    people: People,
) -> tuple[PrintedTheme, ...]:
    unsaid = dict(standings)
    themes = []
    for theme in overview.themes:
        untouched = _untouched(theme, overview)
        themes.append(
            PrintedTheme(
                anchor=theme.theme.anchor,
                number=theme.theme.number,
                title=theme.theme.title,
                total=len(theme.lines),
                standing=unsaid.pop(theme.theme.curriculum_code, ""),
                goals=tuple(
                    _printed_goal(line, claims.get(line.goal.id, []), people)
                    for line in theme.lines
                    if line not in untouched
                ),
                untouched=", ".join(line.goal.code for line in untouched),
            )
        )
    return tuple(themes)


def _untouched(theme: ThemeLines, overview: Overview) -> list[GoalLine]:
    """Where goals are required all are printed. In the competence area twenty pages of goals that
    nobody has asked for would hide the few that were worked with."""
    if overview.training.pathway.decides_goals:
        return []
    return [line for line in theme.lines if line.status == GoalStatus.NOT_STARTED]


def _printed_goal(line: GoalLine, claims: list[Claim], people: People) -> PrintedGoal:
    tag, sign = TAG[line.status]
    return PrintedGoal(
        code=line.goal.code,
        status=str(line.status.label),
        tag=tag,
        sign=sign,
        decided_on=line.last_on if line.status == GoalStatus.APPROVED else None,
        gap=_gap_in_words(line),
        has_statements=bool(line.goal.statements),
        wordings=_wordings(line),
        steps=tuple(step for claim in claims for step in _steps(claim, people)),
    )


def _gap_in_words(line: GoalLine) -> str:
    """«2 av 3 utsagn på krevd nivå»; nothing for a goal without statements, or untouched."""
    if not line.goal.statements or line.status == GoalStatus.NOT_STARTED:
        return ""
    reached = sum(gap.reached for gap in line.gaps)
    return _("%(reached)s av %(count)s utsagn på krevd nivå") % {
        "reached": reached,
        "count": len(line.gaps),
    }


def _wordings(line: GoalLine) -> tuple[Wording, ...]:
    """Fragments stand inside their sentence; a goal without statements is one cell beside its
    first sentence."""
    gaps = {gap.order: gap for gap in line.gaps}
    rows = [
        Wording(
            parts=passage.parts,
            bullets=passage.bullets,
            marks=tuple(_mark(one, gaps[one.order]) for one in passage.statements),
        )
        for passage in line.goal.passages
    ]
    if not line.goal.statements:
        rows[0] = replace(rows[0], marks=(_mark_of_whole(line.goal, line.gaps[0]),))
    return tuple(rows)


def _mark(statement: Statement, gap: Gap) -> Mark:
    if gap.shown is None:
        state, title = "none", _("Ikke vist")
    else:
        state = "reached" if gap.reached else "below"
        title = level_label(statement.kind, gap.shown.level, statement.in_team)
    return Mark(
        order=statement.order,
        state=state,
        cell=f"{gap.shown.level if gap.shown else '–'}/{gap.required}",
        title=title,
        required="" if title == statement.level_label else statement.level_label,
        seen_on=gap.shown and gap.shown.seen_on,
        assessor=gap.shown.assessor if gap.shown else "",
    )


def _mark_of_whole(goal: Goal, gap: Gap) -> Mark:
    return Mark(
        order=0,
        state="reached" if gap.shown else "none",
        cell=str(gap.shown.level) if gap.shown else "–",
        title=level_label(None, gap.shown.level) if gap.shown else _("Ikke vurdert"),
        required="",
        seen_on=gap.shown and gap.shown.seen_on,
        assessor=gap.shown.assessor if gap.shown else "",
    )


# --- From claim to decision ----------------------------------------------------------------------


def _steps(claim: Claim, people: People) -> list[Step]:
    """In the order they came. On the same day: the claim, what was said of it, the decision."""
    steps = [_claimed(claim, people), *_opinions(claim, people), *_decided(claim, people)]
    return sorted(steps, key=lambda step: step.on)


def _claimed(claim: Claim, people: People) -> Step:
    recalled = claim.state == ClaimState.RECALLED
    return Step(
        title=_("Meldt som nådd, trukket") if recalled else _("Meldt som nådd"),
        on=timezone.localdate(claim.claimed_at),
        by=people.meet(people.trainee, Role.TRAINEE),
        said="",
        quote=claim.comment,
    )


def _decided(claim: Claim, people: People) -> Iterable[Step]:
    decision = getattr(claim, "decision", None)
    if decision is None:
        return
    yield Step(
        title=_("Avgjørelse"),
        on=timezone.localdate(decision.acted_at),
        by=people.meet(decision.actor, decision.actor_role),
        said=f"{decision.get_outcome_display()}.",
        quote=decision.reason,
    )
    if withdrawal := getattr(decision, "withdrawal", None):
        yield Step(
            title=_("Godkjenningen trukket tilbake"),
            on=timezone.localdate(withdrawal.acted_at),
            by=people.meet(withdrawal.actor, withdrawal.actor_role),
            said="",
            quote=withdrawal.reason,
        )


def _opinions(claim: Claim, people: People) -> Iterable[Step]:
    answers = claim.recommendations.all()
    for answer in answers:
        yield Step(
            title=_("Anbefaling"),
            on=timezone.localdate(answer.acted_at),
            by=people.meet(answer.actor, answer.actor_role),
            said=_("Anbefaler.") if answer.recommends else _("Anbefaler ikke."),
            quote=answer.comment,
        )
    answered = {answer.actor_id for answer in answers}
    for assessment in claim.ticked:
        if assessment.actor_id not in answered:
            yield Step(
                title=_("Anbefaling i vurdering"),
                on=timezone.localdate(assessment.acted_at),
                by=people.meet(assessment.actor, assessment.actor_role),
                said=_("Anbefaler."),
                quote=assessment.feedback,
            )
