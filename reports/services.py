"""Ordering a document, and the life of its job: leased, made, finished or failed, tried again."""

import uuid
from collections.abc import Iterable
from contextlib import suppress

import structlog
from celery import current_app
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from institutions.enums import Role
from institutions.models import Cohort
from portfolio import permissions as portfolio_permissions
from portfolio.enums import Verb
from portfolio.models import Placement, Training
from portfolio.services.ledger import once, record
from reports import files, making, paper, parcels, permissions, rules
from reports.enums import ReportFailure, ReportKind, ReportState
from reports.models import Report

RENDER_TASK = "reports.tasks.render_report"
GATHERED, WRITTEN, LAID_OUT = 10, 15, 90  # percent of the work that is done by then

logger = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """Somebody else has the job by now: stop, and touch nothing."""


# --- Ordering ------------------------------------------------------------------------------------


@once(Report, owner="ordered_by_id")
def order_report(
    *,
    training: Training,
    by,
    key: uuid.UUID,
    kind: str = ReportKind.PROGRESS,
    role: Role | None = None,
    **about,
) -> Report:
    """Puts a document in the queue, in the role the orderer sees the portfolio in; with `role`, in
    that one, if they hold it.

    `about`: what else of the row the kind of document needs, such as the service it attests.
    """
    role = _ordering_role(by, training, role)
    report = _enqueue(kind=kind, training=training, by=by, role=role, key=key, **about)
    record(
        training,
        actor=by,
        role=role,
        verb=Verb.PORTFOLIO_EXPORTED if kind == ReportKind.PORTFOLIO else Verb.REPORT_ORDERED,
        subject=report,
        content={"number": report.number, "kind": report.kind},
    )
    return report


def _ordering_role(by, training: Training, role: Role | None) -> Role:
    if role is None and portfolio_permissions.can_order_report(by, training):
        return portfolio_permissions.role_for(by, training)
    if role is None or not portfolio_permissions.holds_role(by, role, training):
        raise PermissionDenied
    return role


def _enqueue(*, by, role: Role, **row) -> Report:
    serial = _next_serial()
    report = Report.objects.create(
        **row,
        pk=serial,
        ordered_by=by,
        ordered_in_role=role,
        number=rules.document_number(timezone.localdate().year, serial),
    )
    ring(report.pk)
    return report


def order_statement(*, placement: Placement, by, key: uuid.UUID) -> Report:
    """The attestation of one service, for ink. The trainee's alone: it tells causes of absence."""
    if not portfolio_permissions.can_state_service(by, placement):
        raise PermissionDenied
    return order_report(
        training=placement.training,
        by=by,
        key=key,
        kind=ReportKind.SERVICE_STATEMENT,
        placement=placement,
    )


def order_dossier(*, training: Training, by, key: uuid.UUID, **about) -> Report:
    """A dossier with the code that is printed on every page."""
    code = rules.new_code()
    return order_report(
        training=training, by=by, key=key, kind=ReportKind.DOSSIER, code=code, **about
    )


def order_portfolio(*, training: Training, by, key: uuid.UUID) -> Report:
    """All there is, private thoughts too: the trainee's own, and nobody else's."""
    if not permissions.can_take_along(by, training):
        raise PermissionDenied
    return order_report(training=training, by=by, key=key, kind=ReportKind.PORTFOLIO)


@once(Report, owner="ordered_by_id")
def order_export(*, cohort: Cohort, trainings: Iterable[Training], by, key: uuid.UUID) -> Report:
    """A dossier of each doctor, and one file with them all. Each is a job of its own, so that
    workers share them; the one that gathers them waits for the others."""
    if not permissions.can_export(by, cohort):
        raise PermissionDenied
    role = Role.PROGRAM_LEADER
    export = _enqueue(kind=ReportKind.EXPORT, cohort=cohort, by=by, role=role, key=key)
    for training in trainings:
        own_key = uuid.uuid5(key, str(training.pk))
        order_dossier(training=training, by=by, key=own_key, role=role, export=export)
    return export


def _next_serial() -> int:
    """From the table's own sequence: two who order at once never meet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('reports_report', 'id'))")
        return cursor.fetchone()[0]


def ring(report_id: int) -> None:
    """After commit, asks a worker to look. With the broker down the sweeper asks again."""
    transaction.on_commit(
        lambda: current_app.send_task(RENDER_TASK, [report_id], retry=False), robust=True
    )


@transaction.atomic
def retry_report(report: Report, *, by) -> Report:
    """A failed job goes back in the queue, with all its attempts. Twice pressed is once."""
    report = Report.objects.select_for_update().get(pk=report.pk)
    if report.is_under_way:
        return report
    if not permissions.can_retry(by, report):
        raise PermissionDenied
    for failed in (report, *report.dossiers.filter(state=ReportState.FAILED)):
        failed.attempts = 0
        failed.failure = ""
        _queue(failed)
    return report


def _queue(report: Report) -> None:
    report.state = ReportState.QUEUED
    report.queued_at = timezone.now()
    report.lease_id = report.leased_until = None
    report.progress_percent = 0
    report.save()
    ring(report.pk)


# --- The worker's part ---------------------------------------------------------------------------


def render_report(report_id: int) -> None:
    """Makes the document if nobody else is at it. Every way out leaves a row that tells the truth.

    With the database gone nothing can be said: the lease runs out, and the sweeper finds the row.
    """
    report = lease_report(report_id)
    if report is None:
        return
    try:
        _make(report)
    except LeaseLost:
        logger.warning("report_lease_lost", report=report.number)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        logger.exception("report_failed", report=report.number)
        with suppress(LeaseLost):
            fail_report(report, rules.failure_of(error))


@transaction.atomic
def lease_report(report_id: int) -> Report | None:
    """Takes the job for a while; None where there is nothing to take."""
    waiting = Report.objects.select_for_update(skip_locked=True, of=["self"])
    report = (
        waiting.select_related("training__trainee", "training__pathway", "ordered_by", "cohort")
        .filter(pk=report_id)
        .first()
    )
    now = timezone.now()
    if report is None or report.dossiers.filter(state__in=rules.POLLED).exists():
        return None
    turn = _turn(report, now)
    if turn == rules.Turn.GIVE_UP:
        _fail(report, ReportFailure.INTERRUPTED)
    if turn != rules.Turn.TAKE:
        return None
    report.state = ReportState.RUNNING
    report.lease_id = uuid.uuid4()
    report.leased_until = now + rules.LEASE
    report.attempts += 1
    report.progress_percent = 0
    report.save()
    return report


def _turn(report: Report, now) -> rules.Turn:
    return rules.turn(
        state=report.state, leased_until=report.leased_until, attempts=report.attempts, now=now
    )


def _make(report: Report) -> None:
    if not permissions.holds_ordering_role(report):
        fail_report(report, ReportFailure.ROLE_ENDED)
        return
    if report.is_export:
        leave_out_those_who_left(report)
    if report.kind in making.FROZEN and not report.snapshot:
        freeze(report)
    finish_report(report, making.make(report, _Progress(report)))


def freeze(report: Report) -> None:
    """Once: a later attempt makes the same document from the same moment."""
    with making.one_moment():
        text = making.snapshot_of(report)
    held = Report.objects.leased_as(report.lease_id).update(snapshot=text)
    if not held:
        raise LeaseLost
    report.snapshot = text


def leave_out_those_who_left(export: Report) -> None:
    """A dossier of a doctor who has left the cohort since it was made: its orderer may not have it,
    and nobody else can reach it."""
    seen = Training.objects.in_cohort_of(export.ordered_by)
    made = export.dossiers.filter(state=ReportState.DONE)
    for dossier in made.exclude(training__in=seen):
        _fail(dossier, ReportFailure.ROLE_ENDED)


class _Progress:
    """What the making of a document tells: each step keeps the lease, or stops the work."""

    def __init__(self, report: Report):
        self.report = report
        self.expected_pages = 1

    def gathered(self, *, expected_pages: int) -> None:
        self.expected_pages = expected_pages
        renew_lease(self.report, percent=GATHERED)

    def written(self) -> None:
        renew_lease(self.report, percent=WRITTEN)

    def page(self, number: int) -> None:
        share = min(number / self.expected_pages, 1)
        percent = round(WRITTEN + (LAID_OUT - WRITTEN) * share)
        if percent >= self.report.progress_percent + 5:
            renew_lease(self.report, percent=percent)


def renew_lease(report: Report, *, percent: int) -> None:
    held = Report.objects.leased_as(report.lease_id).update(
        progress_percent=percent, leased_until=timezone.now() + rules.LEASE
    )
    if not held:
        raise LeaseLost
    report.progress_percent = percent


def finish_report(report: Report, document: paper.Document | parcels.Parcel) -> None:
    """The file is whole on disk before its name is; its name before the row says it is done.

    Killed in between, the row still says «under way», and the next attempt writes the same name.
    """
    draft = files.write_draft(report.number, report.lease_id, document.chunks())
    try:
        with transaction.atomic():
            held = _held(report)
            held.file = files.publish(draft, held.number, held.suffix)
            held.state = ReportState.DONE
            held.progress_percent = 100
            held.page_count = document.page_count
            held.size_bytes = draft.size
            held.sha256 = draft.sha256
            held.finished_at = timezone.now()
            held.lease_id = held.leased_until = None
            held.save()
            _ring_export(held)
    finally:
        draft.path.unlink(missing_ok=True)


@transaction.atomic
def fail_report(report: Report, failure: ReportFailure) -> None:
    _fail(_held(report), failure)


def _held(report: Report) -> Report:
    """The row, locked, if the lease still holds it."""
    held = Report.objects.select_for_update().leased_as(report.lease_id).first()
    if held is None:
        raise LeaseLost
    return held


def _fail(report: Report, failure: ReportFailure) -> None:
    report.state = ReportState.FAILED
    report.failure = failure
    report.lease_id = report.leased_until = None
    report.save()
    with suppress(OSError):
        files.discard(report.number, report.suffix)
    _ring_export(report)


def _ring_export(dossier: Report) -> None:
    """The export looks whether this was the last it waited for."""
    if dossier.export_id:
        ring(dossier.export_id)


# --- The sweeper's part --------------------------------------------------------------------------


def sweep_reports() -> int:
    """Rings again for what nobody has come for. Returns how many it found."""
    unattended = list(Report.objects.unattended(now=timezone.now()).values_list("pk", flat=True))
    for report_id in unattended:
        _requeue(report_id)
    return len(unattended)


@transaction.atomic
def _requeue(report_id: int) -> None:
    report = Report.objects.select_for_update(skip_locked=True).filter(pk=report_id).first()
    if report is None:
        return
    turn = _turn(report, timezone.now())
    if turn == rules.Turn.GIVE_UP:
        _fail(report, ReportFailure.INTERRUPTED)
    elif turn == rules.Turn.TAKE:
        _queue(report)
