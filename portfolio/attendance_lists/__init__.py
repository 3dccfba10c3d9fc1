"""Lists of who attended a course: read from a file, and judged row by row. Nothing is stored.

Pure: bytes and plain values in, typed findings out.
"""

from portfolio.attendance_lists.faults import ListFault, ListRefused, RowFault
from portfolio.attendance_lists.judging import (
    Accepted,
    Doctor,
    Judgement,
    Rejected,
    SessionFacts,
    judge,
)
from portfolio.attendance_lists.reading import MAX_BYTES, MAX_ROWS, Line, read_list

__all__ = [
    "MAX_BYTES",
    "MAX_ROWS",
    "Accepted",
    "Doctor",
    "Judgement",
    "Line",
    "ListFault",
    "ListRefused",
    "Rejected",
    "RowFault",
    "SessionFacts",
    "judge",
    "read_list",
]
