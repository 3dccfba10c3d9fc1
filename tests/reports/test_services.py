"""The life of a job: ordered once, leased by one, finished whole or failed with a reason."""

import errno
import hashlib
import os
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import OperationalError as DatabaseGone
from django.db import transaction
from kombu.exceptions import OperationalError

from config.celery import app as celery_app
from institutions.enums import Role
from portfolio.enums import Verb
from portfolio.models import Event
from reports import rules, services
from reports.enums import ReportFailure, ReportState
from reports.models import Report
from tests.factories import days_ago, make_goal, make_ward
from tests.reports.factories import (
    content_of,
    files_of,
    in_state,
    make_finished,
    make_report,
    minutes_ago,
    rendered,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    make_goal()
    return make_ward()


# --- Ordering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "role"),
    [
        ("trainee", Role.TRAINEE),
        ("guide", Role.EDUCATIONAL_SUPERVISOR),
        ("head", Role.DEPARTMENT_HEAD),
        ("education_lead", Role.EDUCATION_LEAD),
        ("program_leader", Role.PROGRAM_LEADER),
    ],
)
def test_order_names_the_role_and_is_remembered(ward, persona, role):
    report = make_report(ward=ward, by=getattr(ward, persona))

    event = Event.objects.get(training=ward.training, verb=Verb.REPORT_ORDERED)
    assert report.ordered_in_role == role
    assert report.state == ReportState.QUEUED
    assert (event.actor, event.actor_role) == (getattr(ward, persona), role)
    assert event.subject == f"report:{report.pk}"
    assert event.content == f'{{"kind":"progress","number":"{report.number}"}}'


@pytest.mark.parametrize("persona", ["supervisor", "admin", "outsider"])
def test_order_refused_to_who_does_not_see_the_portfolio(ward, persona):
    with pytest.raises(PermissionDenied):
        make_report(ward=ward, by=getattr(ward, persona))

    assert not Report.objects.exists()
    assert not Event.objects.filter(verb=Verb.REPORT_ORDERED).exists()


def test_same_key_is_the_same_order(ward):
    key = uuid4()

    first = services.order_report(training=ward.training, by=ward.trainee, key=key)
    second = services.order_report(training=ward.training, by=ward.trainee, key=key)

    assert first == second
    assert Report.objects.count() == 1
    assert Event.objects.filter(verb=Verb.REPORT_ORDERED).count() == 1


def test_numbers_rise_and_follow_the_row(ward):
    first, second = make_report(ward=ward), make_report(ward=ward)

    assert first.number == rules.document_number(first.ordered_at.year, first.pk)
    assert second.pk > first.pk


# --- A job that goes well ------------------------------------------------------------------------


def test_finished_report_is_one_whole_file(ward):
    report = make_finished(ward=ward)

    content = content_of(report)
    assert report.state == ReportState.DONE
    assert report.progress_percent == 100
    assert (report.attempts, report.failure, report.lease_id) == (1, "", None)
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.size_bytes == len(content)
    assert report.page_count >= 6
    assert files_of(report) == [f"{report.number}.pdf"]
    assert Path(report.file.path).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("state", [ReportState.DONE, ReportState.RUNNING, ReportState.FAILED])
def test_bell_for_a_row_that_is_not_waiting_does_nothing(ward, state):
    report = in_state(make_report(ward=ward), state)
    before = Report.objects.values().get(pk=report.pk)

    services.render_report(report.pk)

    assert Report.objects.values().get(pk=report.pk) == before


def test_bell_for_a_row_that_is_gone_does_nothing():
    assert services.lease_report(0) is None


def test_progress_rises_and_keeps_the_lease(ward):
    report = services.lease_report(make_report(ward=ward).pk)
    Report.objects.update(leased_until=minutes_ago(-0.1))

    services.renew_lease(report, percent=40)

    stored = Report.objects.get()
    assert stored.progress_percent == 40
    assert stored.leased_until > minutes_ago(-2)


# --- Leases --------------------------------------------------------------------------------------


def test_lease_is_taken_once(ward):
    report = make_report(ward=ward)

    assert services.lease_report(report.pk) is not None
    assert services.lease_report(report.pk) is None


def test_lease_that_ran_out_is_taken_over_and_the_first_worker_stops(ward):
    slow = services.lease_report(make_report(ward=ward).pk)
    Report.objects.update(leased_until=minutes_ago(1))
    quick = rendered(Report.objects.get())

    with pytest.raises(services.LeaseLost):
        services.renew_lease(slow, percent=50)
    with pytest.raises(services.LeaseLost):
        services.finish_report(slow, services.paper.Document(b"%PDF-late", 1))
    with pytest.raises(services.LeaseLost):
        services.fail_report(slow, ReportFailure.BROKEN)

    stored = Report.objects.get()
    assert (stored.state, stored.attempts, stored.sha256) == (ReportState.DONE, 2, quick.sha256)
    assert files_of(stored) == [f"{stored.number}.pdf"]
    assert hashlib.sha256(content_of(stored)).hexdigest() == stored.sha256


def test_lease_lost_while_rendering_leaves_the_row_to_its_new_owner(ward, monkeypatch):
    report = make_report(ward=ward)
    render = services.paper.HTML.render

    def taken_meanwhile(self, **options):
        Report.objects.update(lease_id=uuid4(), leased_until=minutes_ago(-3))
        return render(self, **options)

    monkeypatch.setattr(services.paper.HTML, "render", taken_meanwhile)
    services.render_report(report.pk)

    stored = Report.objects.get()
    assert (stored.state, stored.failure) == (ReportState.RUNNING, "")
    assert files_of(stored) == []


def test_role_that_ended_before_the_job_is_not_served(ward):
    report = make_report(ward=ward, by=ward.guide)
    ward.training.supervisions.update(ends_on=days_ago(1))

    report = rendered(report)

    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.ROLE_ENDED)


# --- A job that goes wrong -----------------------------------------------------------------------


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), ReportFailure.NO_SPACE),
        (OSError(errno.EROFS, "Read-only file system"), ReportFailure.UNWRITABLE),
    ],
)
def test_disk_that_takes_nothing_fails_with_a_reason_and_leaves_nothing(
    ward, monkeypatch, error, failure
):
    report = make_report(ward=ward)
    monkeypatch.setattr(os, "fsync", raising(error))

    report = rendered(report)

    assert (report.state, report.failure) == (ReportState.FAILED, failure)
    assert "PAL-mappen" in report.failure_message
    assert files_of(report) == []


def test_fault_of_our_own_fails_at_once_and_can_be_tried_again(ward, monkeypatch):
    report = make_report(ward=ward)
    with monkeypatch.context() as broken:
        broken.setattr(services.paper.HTML, "render", raising(ValueError("broken")))
        report = rendered(report)
    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.BROKEN)

    services.retry_report(report, by=ward.trainee)
    report = rendered(report)

    assert (report.state, report.failure, report.attempts) == (ReportState.DONE, "", 1)


def test_database_that_goes_away_leaves_the_row_to_the_sweeper(ward, monkeypatch):
    report = make_report(ward=ward)
    monkeypatch.setattr(services.paper.HTML, "render", raising(DatabaseGone("gone")))

    with pytest.raises(DatabaseGone):
        services.render_report(report.pk)

    report.refresh_from_db()
    assert (report.state, report.failure) == (ReportState.RUNNING, "")


@pytest.mark.parametrize("state", [ReportState.QUEUED, ReportState.RUNNING])
def test_retry_of_what_is_under_way_changes_nothing(ward, state):
    report = in_state(make_report(ward=ward), state)
    before = Report.objects.values().get()

    services.retry_report(report, by=ward.trainee)

    assert Report.objects.values().get() == before


def test_retry_refused_for_a_finished_report_and_to_others(ward):
    done = in_state(make_report(ward=ward), ReportState.DONE)
    failed = in_state(make_report(ward=ward), ReportState.FAILED)

    with pytest.raises(PermissionDenied):
        services.retry_report(done, by=ward.trainee)
    with pytest.raises(PermissionDenied):
        services.retry_report(failed, by=ward.guide)


# --- The sweeper ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "fields", "found"),
    [
        (ReportState.QUEUED, {"queued_at": minutes_ago(1)}, True),
        (ReportState.QUEUED, {}, False),
        (ReportState.RUNNING, {"leased_until": minutes_ago(1)}, True),
        (ReportState.RUNNING, {}, False),
        (ReportState.DONE, {"queued_at": minutes_ago(1)}, False),
        (ReportState.FAILED, {"queued_at": minutes_ago(1)}, False),
    ],
)
def test_sweeper_finds_only_what_nobody_works_on(
    ward, django_capture_on_commit_callbacks, state, fields, found
):
    report = in_state(make_report(ward=ward), state, **fields)

    with django_capture_on_commit_callbacks() as bells:
        services.sweep_reports()

    report.refresh_from_db()
    assert len(bells) == (1 if found else 0)
    assert report.state == (ReportState.QUEUED if found else state)


def test_sweeper_gives_up_after_three_attempts(ward, django_capture_on_commit_callbacks):
    report = in_state(
        make_report(ward=ward),
        ReportState.RUNNING,
        attempts=rules.MAX_ATTEMPTS,
        leased_until=minutes_ago(1),
    )

    with django_capture_on_commit_callbacks() as bells:
        services.sweep_reports()

    report.refresh_from_db()
    assert bells == []
    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.INTERRUPTED)


def test_sweeper_task_is_on_the_schedule(settings):
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    celery_app.loader.import_default_modules()

    assert "reports.tasks.sweep" in tasks
    assert tasks | {services.RENDER_TASK} <= set(celery_app.tasks)


# --- Killed --------------------------------------------------------------------------------------


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def kill(*args, **kwargs):
    raise Killed


def dies_at(monkeypatch, point: str) -> None:
    """The worker dies at that point, and the dead clean up nothing."""
    unlink = Path.unlink
    monkeypatch.setattr(
        Path,
        "unlink",
        lambda path, **options: path.suffix == ".part" or unlink(path, **options),
    )
    owner, name, deadly = {
        "laying out": (services.paper.HTML, "render", kill),
        "writing": (os, "fsync", kill),
        "written": (Path, "replace", kill),
        "renamed": (os, "fsync", kill_second_time(os.fsync)),
        "saving": (Report, "save", kill_on_done(Report.save)),
    }[point]
    monkeypatch.setattr(owner, name, deadly)


def kill_second_time(fsync):
    """The first is of the draft, the second of its folder after the rename."""
    calls = []

    def fsync_or_die(descriptor):
        calls.append(descriptor)
        return kill() if len(calls) == 2 else fsync(descriptor)

    return fsync_or_die


def kill_on_done(save):
    def save_or_die(self, *args, **kwargs):
        return kill() if self.state == ReportState.DONE else save(self, *args, **kwargs)

    return save_or_die


@pytest.mark.parametrize("point", ["laying out", "writing", "written", "renamed", "saving"])
def test_worker_killed_leaves_one_whole_file_in_the_end(ward, monkeypatch, point):
    report = make_report(ward=ward)
    with monkeypatch.context() as dying:
        dies_at(dying, point)
        with pytest.raises(Killed):
            services.render_report(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.RUNNING

    Report.objects.update(leased_until=minutes_ago(1))
    services.sweep_reports()
    report = rendered(report)

    assert (report.state, report.attempts) == (ReportState.DONE, 2)
    assert files_of(report) == [f"{report.number}.pdf"]
    assert hashlib.sha256(content_of(report)).hexdigest() == report.sha256


def test_worker_killed_three_times_leaves_no_file(ward, monkeypatch):
    report = make_report(ward=ward)
    for _attempt in range(rules.MAX_ATTEMPTS):
        with monkeypatch.context() as dying:
            dies_at(dying, "renamed")
            with pytest.raises(Killed):
                services.render_report(report.pk)
        Report.objects.update(leased_until=minutes_ago(1))

    services.sweep_reports()

    report.refresh_from_db()
    assert (report.state, report.failure) == (ReportState.FAILED, ReportFailure.INTERRUPTED)
    assert files_of(report) == []
    assert not default_storage.exists(f"reports/{report.number}.pdf")


# --- The bell ------------------------------------------------------------------------------------


@pytest.fixture
def dead_broker(monkeypatch):
    """A port where nobody listens. Celery reads the variable before its own settings."""
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:1/0")
    kept = celery_app.conf.broker_transport_options
    celery_app.conf.broker_transport_options = {"socket_connect_timeout": 0.5}
    _forget_connections()
    yield
    celery_app.conf.broker_transport_options = kept
    _forget_connections()


def _forget_connections() -> None:
    celery_app._pool = None
    celery_app.amqp._producer_pool = None


@pytest.mark.django_db(transaction=True)
def test_order_stands_though_the_broker_is_down(dead_broker):
    make_goal()
    ward = make_ward()

    with transaction.atomic():
        report = make_report(ward=ward)

    assert Report.objects.get(pk=report.pk).state == ReportState.QUEUED
    Report.objects.update(queued_at=minutes_ago(1))
    assert services.sweep_reports() == 1
    assert Report.objects.get(pk=report.pk).state == ReportState.QUEUED


@pytest.mark.django_db(transaction=True)
def test_broker_is_really_down(dead_broker):
    """The control: without `robust` the order would have failed."""
    with pytest.raises(OperationalError):
        celery_app.send_task(services.RENDER_TASK, [1], retry=False)
