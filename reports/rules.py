"""What may happen to a job. The row is the truth; a bell only says «look».

Numbers are ours: a lease outlives the longest single step many times over, and three attempts
are enough to tell a killed worker from a report that kills workers.
"""

import datetime as dt
import errno
from enum import Enum

from reports.enums import ReportFailure, ReportState

LEASE = dt.timedelta(minutes=3)
MAX_ATTEMPTS = 3
BELL_PATIENCE = dt.timedelta(
    seconds=20
)  # a row queued longer than this: nobody rang, or it was lost
POLLED = (ReportState.QUEUED, ReportState.RUNNING)


class Turn(Enum):
    """What a worker does with the row it is pointed at."""

    TAKE = "take"
    LEAVE = "leave"  # done, failed, or in other hands
    GIVE_UP = "give up"  # its workers have died too often


def turn(*, state: str, leased_until: dt.datetime | None, attempts: int, now: dt.datetime) -> Turn:
    abandoned = state == ReportState.RUNNING and leased_until is not None and leased_until <= now
    if state != ReportState.QUEUED and not abandoned:
        return Turn.LEAVE
    return Turn.TAKE if attempts < MAX_ATTEMPTS else Turn.GIVE_UP


def document_number(year: int, serial: int) -> str:
    """«PM-2026-000123»: unique, and rising; not without holes."""
    return f"PM-{year}-{serial:06d}"


def failure_of(error: Exception) -> ReportFailure:
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return ReportFailure.NO_SPACE if full else ReportFailure.UNWRITABLE
    return ReportFailure.BROKEN
