from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pages.rendering import render_page
from portfolio import permissions as portfolio_permissions
from portfolio.models import Placement, Training
from portfolio.services.applications import submit_dossier
from reports import permissions, services
from reports.enums import ReportKind
from reports.forms import OrderForm, SubmitForm
from reports.models import Report
from reports.queries.exports import parts_of
from reports.queries.submissions import fate_of, latest_submission, unsettled_in

SHOWN = 50  # the newest; older ones are found by ordering anew


@require_safe
def report_list(request):
    reports = Report.objects.visible_to(request.user).ordered_by_hand().with_submission()
    latest = Training.objects.of(request.user).order_by("-started_on", "-pk").first()
    return render_page(
        request,
        "reports/report_list.html",
        reports=reports.select_related("training__trainee", "cohort")[:SHOWN],
        training=latest if latest and latest.ended_on is None else None,
        portfolio=latest,
    )


@require_POST
def report_order(request, training_id):
    training = get_object_or_404(
        Training.objects.visible_to(request.user).select_related("trainee"), pk=training_id
    )
    if not portfolio_permissions.can_order_report(request.user, training):
        raise PermissionDenied
    ordered = _ordered(request)
    if ordered["kind"] == ReportKind.DOSSIER:
        del ordered["kind"]
        report = services.order_dossier(training=training, by=request.user, **ordered)
    elif ordered["kind"] == ReportKind.PORTFOLIO:
        del ordered["kind"]
        report = services.order_portfolio(training=training, by=request.user, **ordered)
    else:
        report = services.order_report(training=training, by=request.user, **ordered)
    return redirect("reports:report_detail", report.pk)


@require_POST
def service_statement_order(request, placement_id):
    """The trainee's own service; for everybody else it is not there."""
    placement = get_object_or_404(
        Placement.objects.filter(training__trainee=request.user).select_related("training"),
        pk=placement_id,
    )
    key = _ordered(request)["key"]
    report = services.order_statement(placement=placement, by=request.user, key=key)
    return redirect("reports:report_detail", report.pk)


def _ordered(request) -> dict:
    """A key that is not one can repeat nothing: the order counts all the same."""
    form = OrderForm(request.POST)
    form.is_valid()
    return {
        "kind": form.cleaned_data.get("kind") or ReportKind.PROGRESS,
        "key": form.cleaned_data.get("key") or form.fields["key"].initial(),
    }


@require_safe
def report_detail(request, report_id):
    report = _visible(request.user, report_id)
    return render_page(
        request,
        "reports/report_detail.html",
        partial="status",
        report=report,
        fate=fate_of(report),
        parts=parts_of(report) if report.is_export else None,
        may_submit=permissions.can_submit(request.user, report),
    )


@require_http_methods(["GET", "POST"])
def report_submit(request, report_id):
    """PAL-mappen sends nothing: the doctor says that they have."""
    report = _visible(request.user, report_id)
    if not permissions.can_submit(request.user, report):
        raise PermissionDenied
    form = SubmitForm(request.POST if request.method == "POST" else None)
    fate = fate_of(report)
    if form.is_valid():
        submit_dossier(
            report.training,
            number=report.number,
            sha256=report.sha256,
            by=request.user,
            key=form.cleaned_data["key"],
        )
    if form.is_bound or fate.submitted_at:
        return redirect("reports:report_detail", report.pk)
    return render_page(
        request,
        "reports/report_submit.html",
        report=report,
        form=form,
        unsettled=unsettled_in(report),
        superseded=latest_submission(report.training),
    )


@require_POST
def report_retry(request, report_id):
    report = _visible(request.user, report_id)
    services.retry_report(report, by=request.user)
    return redirect("reports:report_detail", report.pk)


@require_safe
def report_download(request, report_id):
    """The file itself, to its orderer alone, and never as something the browser would run."""
    report = _visible(request.user, report_id)
    if not permissions.can_download(request.user, report):
        raise Http404
    try:
        response = FileResponse(
            report.file.open("rb"),
            as_attachment=True,
            filename=report.file_name,
            content_type=report.content_type,
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _visible(user, report_id: int) -> Report:
    return get_object_or_404(
        Report.objects.visible_to(user).select_related(
            "training__trainee", "training__pathway", "cohort"
        ),
        pk=report_id,
    )
