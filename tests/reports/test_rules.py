"""What a worker does with a row, over every state."""

import datetime as dt
import errno

import pytest

from reports import rules
from reports.enums import ReportFailure, ReportState
from reports.rules import Turn

NOW = dt.datetime(2026, 11, 19, 12, 0, tzinfo=dt.UTC)
EARLIER = NOW - dt.timedelta(seconds=1)
LATER = NOW + dt.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("state", "leased_until", "attempts", "expected"),
    [
        (ReportState.QUEUED, None, 0, Turn.TAKE),
        (ReportState.QUEUED, None, 2, Turn.TAKE),
        (ReportState.QUEUED, None, 3, Turn.GIVE_UP),
        (ReportState.RUNNING, LATER, 1, Turn.LEAVE),
        (ReportState.RUNNING, NOW, 1, Turn.TAKE),
        (ReportState.RUNNING, EARLIER, 2, Turn.TAKE),
        (ReportState.RUNNING, EARLIER, 3, Turn.GIVE_UP),
        (ReportState.RUNNING, LATER, 3, Turn.LEAVE),
        (ReportState.DONE, None, 1, Turn.LEAVE),
        (ReportState.DONE, EARLIER, 1, Turn.LEAVE),
        (ReportState.FAILED, None, 1, Turn.LEAVE),
        (ReportState.FAILED, None, 3, Turn.LEAVE),
    ],
)
def test_turn(state, leased_until, attempts, expected):
    assert (
        rules.turn(state=state, leased_until=leased_until, attempts=attempts, now=NOW) == expected
    )


def test_document_number():
    assert rules.document_number(2026, 123) == "PM-2026-000123"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(errno.ENOSPC, "full"), ReportFailure.NO_SPACE),
        (OSError(errno.EDQUOT, "quota"), ReportFailure.NO_SPACE),
        (PermissionError(errno.EACCES, "no"), ReportFailure.UNWRITABLE),
        (OSError(errno.EROFS, "read-only"), ReportFailure.UNWRITABLE),
        (ValueError("broken"), ReportFailure.BROKEN),
    ],
)
def test_failure_names_what_the_doctor_can_do(error, expected):
    assert rules.failure_of(error) == expected
