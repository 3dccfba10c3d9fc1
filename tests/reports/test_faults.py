"""A dossier's job meets what happens: killed workers, a broker that is down, a full disk.

The kills and the full disk are the system's own; each has a control beside it.
"""

import hashlib
import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.urls import reverse
from kombu.exceptions import OperationalError

from config.celery import app as celery_app
from config.database import APPLICATION, with_parts
from palmappen_verify.dossier import Outcome, verify
from reports import services
from reports.enums import ReportFailure, ReportKind, ReportState
from reports.models import Report
from reports.tasks import render_report
from tests.factories import make_activity, make_goal, make_ward
from tests.portfolio.originals import make_document
from tests.reports.dossiers import embedded_in, lay_seal_key, order_dossier, our_certificate
from tests.reports.dying_worker import (
    BEFORE_RENAME,
    BEFORE_STATE,
    FREEZING,
    LAYING_OUT,
    LEASED,
    NEVER,
    POINTS,
)
from tests.reports.factories import content_of, files_of, minutes_ago, rendered
from tests.reports.test_services import _forget_connections, dead_broker  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ward():
    lay_seal_key()
    make_goal()
    ward = make_ward(decides_goals=False)
    make_document(ward=ward)
    return ward


def is_whole(report: Report) -> bool:
    content = content_of(report)
    return (
        files_of(report) == [f"{report.number}.pdf"]
        and hashlib.sha256(content).hexdigest() == report.sha256
        and verify(content, certificate=our_certificate()).outcome == Outcome.GENUINE
    )


# --- Killed --------------------------------------------------------------------------------------


@pytest.fixture
def worker(superuser_url):
    """Lets a worker in a process of its own come for a report, and returns how it ended."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": with_parts(superuser_url, user=APPLICATION, password="test"),
        "PRIVATE_ROOT": str(django_settings.PRIVATE_ROOT),
    }

    def come_for(report: Report, *, dies: str) -> int:
        command = [sys.executable, "-m", "tests.reports.dying_worker", str(report.pk), dies]
        return subprocess.run(command, env=environment, capture_output=True).returncode

    return come_for


def left_by(report: Report) -> list[str]:
    """What the dead left on disk: drafts as «.part»."""
    return sorted({".part" if name.endswith(".part") else name for name in files_of(report)})


@pytest.mark.parametrize("point", POINTS)
def test_killed_worker_leaves_one_whole_file_in_the_end(ward, worker, point):
    report = order_dossier(ward)

    ended = worker(report, dies=point)
    report.refresh_from_db()
    frozen = report.snapshot
    make_activity(ward=ward, note="Skrevet mens ingen arbeidet.", sent=True)

    assert ended == -signal.SIGKILL
    assert (report.state, report.attempts, report.sha256) == (ReportState.RUNNING, 1, "")
    assert bool(frozen) == (point not in (LEASED, FREEZING))
    assert left_by(report) == {
        LEASED: [],
        FREEZING: [],
        LAYING_OUT: [],
        BEFORE_RENAME: [".part"],
        BEFORE_STATE: [f"{report.number}.pdf"],
    }.get(point)

    Report.objects.update(leased_until=minutes_ago(1))
    services.sweep_reports()
    report = rendered(report)

    assert (report.state, report.attempts) == (ReportState.DONE, 2)
    assert is_whole(report)
    if frozen:
        assert embedded_in(content_of(report))["mappe.json"].decode() == frozen


def test_control_shows_that_the_worker_that_lives_does_the_job(ward, worker):
    report = order_dossier(ward)

    ended = worker(report, dies=NEVER)

    report.refresh_from_db()
    assert (ended, report.state, report.attempts) == (0, ReportState.DONE, 1)
    assert is_whole(report)


def test_control_shows_that_nobody_comes_before_the_lease_is_out(ward, worker):
    report = order_dossier(ward)
    worker(report, dies=LAYING_OUT)

    assert services.sweep_reports() == 0
    assert rendered(report).state == ReportState.RUNNING


def test_half_a_file_would_be_seen(ward):
    """The control of `is_whole`."""
    report = rendered(order_dossier(ward))
    assert is_whole(report)

    with open(report.file.path, "r+b") as file:
        file.truncate(report.size_bytes // 2)

    assert not is_whole(report)


# --- The broker is down --------------------------------------------------------------------------


def order_on_page(client, ward) -> Report:
    client.force_login(ward.trainee)
    response = client.post(
        reverse("reports:report_order", args=[ward.training.pk]),
        {"kind": ReportKind.DOSSIER, "key": uuid4()},
    )
    report = Report.objects.get()
    assert response.status_code == 302
    assert response.url == reverse("reports:report_detail", args=[report.pk])
    return report


def test_page_answers_though_the_broker_is_down_and_the_job_is_done_after_its_return(
    client,
    ward,
    dead_broker,  # noqa: F811
):
    report = order_on_page(client, ward)
    assert (report.state, report.kind) == (ReportState.QUEUED, ReportKind.DOSSIER)
    with pytest.raises(OperationalError):  # the control: it is really down
        celery_app.send_task(services.RENDER_TASK, [report.pk], retry=False)

    with broker_back():
        heard()  # what other tests left
        Report.objects.update(queued_at=minutes_ago(1))
        services.sweep_reports()
        rung = heard()

    assert rung == [(render_report.name, [report.pk])]
    render_report(*rung[0][1])
    report.refresh_from_db()
    assert report.state == ReportState.DONE
    assert is_whole(report)


@contextmanager
def broker_back():
    os.environ["CELERY_BROKER_URL"], down = "memory://", os.environ["CELERY_BROKER_URL"]
    _forget_connections()
    try:
        yield
    finally:
        os.environ["CELERY_BROKER_URL"] = down
        _forget_connections()


def heard() -> list[tuple[str, list]]:
    """The bells that lie in the queue, taken out of it."""
    rung = []
    with celery_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("celery")
        while len(queue):
            message = queue.get_nowait()
            rung.append((message.headers["task"], message.payload[0]))
            message.ack()
        queue.close()
    return rung


# --- The disk is full ----------------------------------------------------------------------------


@contextmanager
def room_for(size_bytes: int):
    """No file of this process may grow larger: the system refuses, as it does on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_full_disk_fails_clearly_and_leaves_nothing_half_written(ward):
    whole = rendered(order_dossier(ward))  # the control: with room it is made
    assert is_whole(whole)

    report = order_dossier(ward)
    with room_for(whole.size_bytes // 2):
        report = rendered(report)

    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.NO_SPACE)
    assert report.failure_message == str(ReportFailure.NO_SPACE.label)
    assert (files_of(report), report.file.name, report.sha256) == ([], "", "")


def test_with_room_again_the_job_is_done_from_the_same_snapshot(ward):
    report = order_dossier(ward)
    with room_for(20_000):
        report = rendered(report)
    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.NO_SPACE)
    frozen = report.snapshot

    services.retry_report(report, by=ward.trainee)
    report = rendered(report)

    assert (report.state, report.snapshot) == (ReportState.DONE, frozen)
    assert is_whole(report)
