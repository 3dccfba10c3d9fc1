"""A worker that is killed: `python -m tests.reports.dying_worker REPORT_ID POINT`.

A process of its own, killed by the system's own signal: nothing is tidied up, no exception is
raised, the database finds the line cut. At the point «never» it lives, and does the job.
"""

import os
import signal
import sys
from pathlib import Path

import django

LEASED, FREEZING, LAYING_OUT = "leased", "freezing", "laying out"
BEFORE_RENAME, BEFORE_STATE = "before rename", "before state"
NEVER = "never"
POINTS = (LEASED, FREEZING, LAYING_OUT, BEFORE_RENAME, BEFORE_STATE)


def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


def dies_at(point: str) -> None:
    from reports import making, services
    from reports.models import Report

    save = Report.save
    owner, name, deadly = {
        LEASED: (services, "_make", die),
        FREEZING: (making.snapshot, "freeze_dossier", die),
        LAYING_OUT: (services.paper.HTML, "render", die),
        BEFORE_RENAME: (Path, "replace", die),
        BEFORE_STATE: (
            Report,
            "save",
            lambda row, **options: die() if row.state == "done" else save(row, **options),
        ),
    }[point]
    setattr(owner, name, deadly)


def main() -> None:
    report_id, point = sys.argv[1:]
    django.setup()
    from reports import services

    if point != NEVER:
        dies_at(point)
    services.render_report(int(report_id))


if __name__ == "__main__":
    main()
