"""Courses: who can sign up, and when attendance can be confirmed. Pure.

No source sets these days; they are ours.
"""

import datetime as dt
from dataclasses import dataclass

from portfolio.enums import Refusal


@dataclass(frozen=True)
class SessionDays:
    """When a session is held, and the last day to sign up for it; both ends included."""

    starts_on: dt.date
    ends_on: dt.date
    sign_up_until: dt.date | None = None

    @property
    def last_sign_up_on(self) -> dt.date:
        """Without a deadline, the day before it starts; never later than that."""
        day_before = self.starts_on - dt.timedelta(days=1)
        return min(self.sign_up_until or day_before, day_before)

    def has_begun(self, today: dt.date) -> bool:
        return today >= self.starts_on

    def is_confirmable(self, today: dt.date) -> bool:
        return today >= self.ends_on

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Mark:
    """Whether one doctor attended, and the last day they did."""

    attended: bool
    completed_on: dt.date


def sign_up_refusal(
    days: SessionDays,
    *,
    today: dt.date,
    has_course: bool,
    is_for_cohort: bool,
    is_taken: bool,
) -> Refusal | None:
    """Why this doctor cannot sign up; None where they can."""
    if not has_course:
        return Refusal.NO_SUCH_COURSE
    if not is_for_cohort:
        return Refusal.NOT_FOR_YOUR_COHORT
    if is_taken:
        return Refusal.MODULE_TAKEN
    return Refusal.SIGN_UP_CLOSED if today > days.last_sign_up_on else None


def cancel_refusal(days: SessionDays, *, today: dt.date) -> Refusal | None:
    """Until the first day: afterwards it is for the programme leader to say who was there."""
    return Refusal.SESSION_BEGUN if days.has_begun(today) else None


def attendance_refusal(
    days: SessionDays, *, completed_on: dt.date, today: dt.date
) -> Refusal | None:
    """Nobody has attended what is not over."""
    if not days.is_confirmable(today):
        return Refusal.NOT_HELD_YET
    return None if days.covers(completed_on) else Refusal.OUTSIDE_SESSION
