from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from pages.rendering import render_page
from portfolio import permissions as portfolio_permissions
from portfolio.models import Placement, Training
from reports import permissions, services
from reports.forms import OrderForm
from reports.models import Report

SHOWN = 50  # the newest; older ones are found by ordering anew


@require_safe
def report_list(request):
    reports = Report.objects.visible_to(request.user).select_related("training__trainee")
    return render_page(
        request,
        "reports/report_list.html",
        reports=reports[:SHOWN],
        training=Training.objects.of(request.user).filter(ended_on=None).first(),
    )


@require_POST
def report_order(request, training_id):
    training = get_object_or_404(
        Training.objects.visible_to(request.user).select_related("trainee"), pk=training_id
    )
    if not portfolio_permissions.can_order_report(request.user, training):
        raise PermissionDenied
    report = services.order_report(training=training, by=request.user, key=_key(request))
    return redirect("reports:report_detail", report.pk)


@require_POST
def service_statement_order(request, placement_id):
    """The trainee's own service; for everybody else it is not there."""
    placement = get_object_or_404(
        Placement.objects.filter(training__trainee=request.user).select_related("training"),
        pk=placement_id,
    )
    report = services.order_statement(placement=placement, by=request.user, key=_key(request))
    return redirect("reports:report_detail", report.pk)


def _key(request) -> UUID:
    """A key that is not one can repeat nothing: the order counts all the same."""
    form = OrderForm(request.POST)
    return form.cleaned_data["key"] if form.is_valid() else form.fields["key"].initial()


@require_safe
def report_detail(request, report_id):
    return render_page(
        request,
        "reports/report_detail.html",
        partial="status",
        report=_visible(request.user, report_id),
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
            content_type="application/pdf",
        )
    except FileNotFoundError as error:
        raise Http404 from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def _visible(user, report_id: int) -> Report:
    return get_object_or_404(
        Report.objects.visible_to(user).select_related("training__trainee", "training__pathway"),
        pk=report_id,
    )
