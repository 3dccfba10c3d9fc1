"""The rules of evidence and decision. Pure: plain values in, typed findings out.

Sources: spesialistforskriften §26 (assessment and decision) as quoted in the project's domain
notes; what is our own reading says so. Days are calendar days in Oslo.
"""

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from institutions.enums import Role
from portfolio.enums import GoalStatus, Need, Outcome, ProgressState, Refusal

REQUEST_OPEN_DAYS = 30  # ours: an unanswered request runs out
RETRACTABLE_FOR = dt.timedelta(minutes=15)  # ours: a slip of the finger, not a change of mind
REFUSALS_BEFORE_WAIT = 2  # §26: refused again …
MONTHS_AFTER_SECOND_REFUSAL = 6  # … a further assessment after at least six months' activity


class Refused(Exception):
    """The rules say no; `code` says why, the message is for the person who asked."""

    def __init__(self, code: Refusal):
        self.code = code
        super().__init__(code.label)

    @property
    def message(self) -> str:
        return str(self.code.label)


class Stale(Exception):
    """Somebody was first, or the page is old: what is shown no longer holds."""


def require(condition: bool, code: Refusal) -> None:
    if not condition:
        raise Refused(code)


# --- Requests and signatures ---------------------------------------------------------------------


def request_expires_on(asked_on: dt.date) -> dt.date:
    """The last day a request can be answered."""
    return asked_on + dt.timedelta(days=REQUEST_OPEN_DAYS)


def retractable_until(acted_at: dt.datetime) -> dt.datetime:
    return acted_at + RETRACTABLE_FOR


def retraction_refusal(
    *, acted_at: dt.datetime, now: dt.datetime, built_on: bool
) -> Refusal | None:
    """Why a signed assessment cannot be retracted now; None where it can."""
    if built_on:
        return Refusal.BUILT_ON
    return Refusal.TOO_LATE if now >= retractable_until(acted_at) else None


def may_remind(*, asked_on: dt.date, reminded_on: dt.date | None, today: dt.date) -> bool:
    """At most once a day, and not on the day of asking: then there is nothing to remind of."""
    return max(asked_on, reminded_on or asked_on) < today


def levels_refusal(levels: Mapping[int, int], statement_orders: Iterable[int]) -> Refusal | None:
    """At least one level, each 1–3 and of a statement of the goal (0: a goal that has none)."""
    allowed = set(statement_orders) or {0}
    if not levels:
        return Refusal.NO_LEVEL
    if not set(levels) <= allowed or not set(levels.values()) <= {1, 2, 3}:
        return Refusal.FOREIGN_LEVEL
    return None


@dataclass(frozen=True)
class Signature:
    """What an assessment says, apart from who, when and of what."""

    levels: Mapping[int, int]
    feedback: str
    recommends: bool


def correction_refusal(*, earlier: Signature, corrected: Signature) -> Refusal | None:
    """A correction that says the same corrects nothing, and would only hide the first."""
    return Refusal.NOTHING_CHANGED if corrected == earlier else None


# --- What has been shown -------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One statement seen at one level, by whom and when."""

    level: int
    seen_on: dt.date
    assessor: str
    assessment_id: int


@dataclass(frozen=True)
class Gap:
    """One statement: what is required, and the highest level shown so far.

    Highest, not latest: Tabell 1 is ordinal, and a level once shown is not unlearnt by a later
    assessment of something easier. `required` is None for a goal without statements.
    """

    order: int
    required: int | None
    shown: Shown | None

    @property
    def reached(self) -> bool:
        return self.shown is not None and (
            self.required is None or self.shown.level >= self.required
        )

    @property
    def missing_levels(self) -> int:
        if self.required is None or self.reached:
            return 0
        return self.required - (self.shown.level if self.shown else 0)


def best_shown(shown: Iterable[Shown]) -> Shown | None:
    """The highest level, and the first time it was seen."""
    return min(shown, key=lambda one: (-one.level, one.seen_on, one.assessment_id), default=None)


def goal_status(state: str | None, *, has_evidence: bool, reached: bool = False) -> GoalStatus:
    """The status in the trainee's list: the decision's state, else how far the evidence has come.

    `reached`: shown in full where no decision will come (the competence area).
    """
    if state and state != ProgressState.OPEN:
        return GoalStatus(state)
    if reached:
        return GoalStatus.SHOWN
    return GoalStatus.IN_PROGRESS if has_evidence else GoalStatus.NOT_STARTED


# --- Claim, recommendation, decision (§26) -------------------------------------------------------

CLAIMABLE = (ProgressState.OPEN, ProgressState.RETURNED, ProgressState.REFUSED)


def months_later(day: dt.date, months: int) -> dt.date:
    """The same day so many months on, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last_day = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last_day))


def claim_refusal(
    *, decides_goals: bool, state: str, refused_on: Iterable[dt.date], today: dt.date
) -> Refusal | None:
    """Why the goal cannot be claimed now; None where it can. `refused_on`: days of refusals."""
    if not decides_goals:
        return Refusal.VOLUNTARY_MAP
    if state not in CLAIMABLE:
        return Refusal.NOT_CLAIMABLE
    refusals = sorted(refused_on)
    if len(refusals) >= REFUSALS_BEFORE_WAIT and today < months_later(
        refusals[-1], MONTHS_AFTER_SECOND_REFUSAL
    ):
        return Refusal.WAIT_AFTER_REFUSAL
    return None


@dataclass(frozen=True)
class Opinion:
    """What one person, in one role, says of a claim. `by_tick`: in an assessment that it cites."""

    person_id: int
    role: Role
    recommends: bool
    by_tick: bool = False


@dataclass(frozen=True)
class Readiness:
    """Whether §26 lets the head decide, and what is still missing.

    Our reading: the two recommendations come from two different people, even where one person
    holds both roles.
    """

    opinions: tuple[Opinion, ...]

    @property
    def ready(self) -> bool:
        guides = {one.person_id for one in self._in(Role.EDUCATIONAL_SUPERVISOR)}
        clinicians = {one.person_id for one in self._in(Role.CLINICAL_SUPERVISOR)}
        return bool(guides and clinicians and len(guides | clinicians) > 1)

    @property
    def missing(self) -> tuple[Role, ...]:
        """The roles that have not spoken yet."""
        roles = (Role.EDUCATIONAL_SUPERVISOR, Role.CLINICAL_SUPERVISOR)
        return tuple(role for role in roles if not self._in(role))

    @property
    def stands(self) -> tuple[tuple[Role, bool], ...]:
        """(role, recommends), each said once: the veileder first, and who is for before who is
        against."""
        return tuple(
            (role, recommends)
            for role in (Role.EDUCATIONAL_SUPERVISOR, Role.CLINICAL_SUPERVISOR)
            for recommends in (True, False)
            if any(one.recommends == recommends for one in self._in(role))
        )

    @property
    def has_opposition(self) -> bool:
        return any(not one.recommends for one in self.opinions)

    def _in(self, role: Role) -> list[Opinion]:
        return [one for one in self.opinions if one.role == role]


def readiness(answers: Iterable[Opinion], ticks: Iterable[Opinion]) -> Readiness:
    """A person's own answer to the claim outweighs the tick in an assessment it cites."""
    answers = tuple(dict.fromkeys(answers))
    answered = {one.person_id for one in answers}
    kept = tuple(dict.fromkeys(one for one in ticks if one.person_id not in answered))
    return Readiness(opinions=answers + kept)


def decision_refusal(*, outcome: str, reason: str, ready: Readiness) -> Refusal | None:
    """Why the head cannot decide so; None where they can."""
    if not ready.ready:
        return Refusal.NOT_RECOMMENDED
    if outcome == Outcome.APPROVED:
        return Refusal.AGAINST_NEEDS_REASON if ready.has_opposition and not reason else None
    return None if reason else Refusal.NO_REASON


# --- Placements ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Post:
    """A post from–to, both days included; no end means still going."""

    percent: int
    starts_on: dt.date
    ends_on: dt.date | None

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def highest_percent(posts: Iterable[Post]) -> int:
    """The most that is worked on any one day. It is reached on some post's first day."""
    posts = list(posts)
    return max(
        (sum(one.percent for one in posts if one.covers(post.starts_on)) for post in posts),
        default=0,
    )


# --- Who lags ------------------------------------------------------------------------------------

# Ours, all three: what a leader wants to be told of. No source gives a number.
OLD_WAIT_DAYS = 14
QUIET_DAYS = 60
GUIDANCE_NOTICE_DAYS = 30


def needs_of(
    *,
    oldest_wait_days: int | None,
    quiet_days: int,
    is_guided: bool,
    guided_until: dt.date | None,
    decisions_waiting: int,
    on: dt.date,
) -> tuple[Need, ...]:
    """Why a leader should look at this doctor; the more, the higher in the list."""
    notice = on + dt.timedelta(days=GUIDANCE_NOTICE_DAYS)
    found = {
        Need.OLD_WAIT: oldest_wait_days is not None and oldest_wait_days > OLD_WAIT_DAYS,
        Need.QUIET: quiet_days > QUIET_DAYS,
        Need.GUIDANCE: not is_guided or (guided_until is not None and guided_until <= notice),
        Need.DECISION: decisions_waiting > 0,
    }
    return tuple(need for need, holds in found.items() if holds)
