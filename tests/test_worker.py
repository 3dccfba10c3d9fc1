"""The worker beside a real Redis: what the demo's filesystem transport cannot show."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings
from kombu import Connection

from config import celery_app
from config.database import APPLICATION, with_parts
from reports.enums import ReportState
from reports.services import RENDER_TASK, order_report
from tests.factories import make_assessment, make_ward

pytestmark = pytest.mark.skipif(
    not shutil.which("redis-server"),
    reason="redis-server is missing (apt-get install redis-server)",
)

SECONDS = 60


@contextmanager
def running(command, **options):
    process = subprocess.Popen(command, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(SECONDS)


@pytest.fixture
def redis_url(tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with running(["redis-server", *options], stdout=subprocess.DEVNULL):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture
def worker(redis_url, superuser_url, transactional_db, tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_parts(superuser_url, user=APPLICATION, password="test"),
        "CELERY_BROKER_URL": redis_url,
        "PRIVATE_ROOT": str(settings.PRIVATE_ROOT),
    }
    options = ["--concurrency=1", "--loglevel=INFO", "--hostname=test@worker"]
    log = (tmp_path / "worker.log").open("w")
    command = [sys.executable, "-m", "celery", "--app=config", "worker", *options]
    with log, running(command, env=environment, stdout=log, stderr=log):
        yield tmp_path / "worker.log"


def eventually(condition, *, log):
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.2)
    pytest.fail(log.read_text())


def test_worker_makes_the_report_it_is_rung_for(worker, redis_url):
    ward = make_ward()
    make_assessment(ward=ward)
    report = order_report(training=ward.training, by=ward.trainee, key=uuid4())

    with Connection(redis_url) as redis:
        celery_app.send_task(RENDER_TASK, [report.pk], connection=redis)

    def finished():
        report.refresh_from_db()
        return report.state not in {ReportState.QUEUED, ReportState.RUNNING}

    eventually(finished, log=worker)
    assert report.state == ReportState.DONE, worker.read_text()
    with report.file.open() as file:
        assert file.read(5) == b"%PDF-"
