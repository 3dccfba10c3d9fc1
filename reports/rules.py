"""What may happen to a job. The row is the truth; a bell only says «look».

Numbers are ours: a lease outlives the longest single step many times over, and three attempts
are enough to tell a killed worker from a report that kills workers.
"""

import datetime as dt
import errno
import re
import secrets
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


class OriginalChanged(Exception):
    """An uploaded original is gone from the store, or is not the file that was uploaded."""


class NoOriginals(Exception):
    """There is nothing to put in a bundle."""


class NobodyLeft(Exception):
    """No doctor's dossier could be put in the export."""


class ServiceRemoved(Exception):
    """The service that was to be stated is gone."""


class NoSealKey(Exception):
    """There is no usable key. The message says where it was looked for and what to do."""


FAILURES = {
    OriginalChanged: ReportFailure.ORIGINAL_CHANGED,
    NoOriginals: ReportFailure.NO_ORIGINALS,
    ServiceRemoved: ReportFailure.SERVICE_REMOVED,
    NobodyLeft: ReportFailure.NOBODY_LEFT,
    NoSealKey: ReportFailure.NO_SEAL_KEY,
}


def failure_of(error: Exception) -> ReportFailure:
    if type(error) in FAILURES:
        return FAILURES[type(error)]
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return ReportFailure.NO_SPACE if full else ReportFailure.UNWRITABLE
    return ReportFailure.BROKEN


# Crockford's: without I, L, O and U, which are taken for something else.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12  # 60 bits: nobody comes upon one by trying


def new_code() -> str:
    """What a dossier is asked for by. Says nothing of whose it is."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


MISREAD = str.maketrans("OIL", "011")  # Crockford's too: none of the three is in a code


def read_code(typed: str) -> str:
    """A code as it is stored, from how somebody typed it: spaces, hyphens and case say nothing."""
    return "".join(CODE_CHARACTER.findall(typed.upper().translate(MISREAD)))[:LONGEST_CODE]


CODE_CHARACTER = re.compile(r"[0-9A-Z]")
LONGEST_CODE = 40  # of what is typed: room for a mistake to be seen
DOCUMENT_NUMBER = re.compile(r"PM-[0-9]{4}-[0-9]{6,12}")
SHA256 = re.compile(r"\A[0-9a-f]{64}\Z")
