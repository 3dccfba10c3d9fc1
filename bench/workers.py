"""Forty reports, by one worker and by two: `python -m bench.workers`.

Workers are Celery's, started as the demo starts them, in processes of their own. The clock starts
when they have each made reports and wait for more, and stops when the last row says it is done.
The reports are short, as a doctor's in the competence area are, so that more of them fit.
"""

import json
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from uuid import uuid4

import django

REPORTS = 40
WARM_UP = 4  # per worker
PATIENCE = 600  # seconds
WORKER = ["-m", "celery", "--app=config", "worker", "--concurrency=1", "--loglevel=ERROR"]
WORKER += ["--without-mingle", "--without-gossip", "--without-heartbeat"]


def main() -> None:
    django.setup()
    seconds = {count: _seconds_with(count) for count in (1, 2)}
    print(json.dumps({"reports": REPORTS, "one": seconds[1], "two": seconds[2]}))


def _seconds_with(count: int) -> float:
    with ExitStack() as stack:
        for number in range(count):
            stack.enter_context(_worker(f"w{count}{number}@bench"))
        _make(WARM_UP * count)
        began = time.perf_counter()
        _make(REPORTS)
        return time.perf_counter() - began


@contextmanager
def _worker(name: str):
    process = subprocess.Popen([sys.executable, *WORKER, f"--hostname={name}"])
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def _make(count: int) -> None:
    from bench.largest import SMALL_TRAINEE
    from portfolio.models import Training
    from reports import services
    from reports.models import Report

    training = Training.objects.select_related("trainee").get(trainee__email=SMALL_TRAINEE)
    ordered = [
        services.order_report(training=training, by=training.trainee, key=uuid4()).pk
        for _ in range(count)
    ]
    began = time.perf_counter()
    while Report.objects.filter(pk__in=ordered).exclude(state="done").exists():
        if time.perf_counter() - began > PATIENCE:
            raise SystemExit("The workers did not finish.")
        time.sleep(0.02)


if __name__ == "__main__":
    main()
