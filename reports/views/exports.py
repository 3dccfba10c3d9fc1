"""Dossiers of many doctors at once, for the programme leader of their cohort."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from institutions.models import Cohort
from pages.norwegian_order import norwegian_key
from pages.rendering import render_page
from reports import services
from reports.forms import ExportForm
from reports.queries import cohorts


@require_http_methods(["GET", "POST"])
def export_order(request: HttpRequest) -> HttpResponse:
    led = list(cohorts.cohorts_to_export(request.user))
    if not led:
        raise PermissionDenied
    cohort = _chosen(request, led)
    found = cohorts.trainings_in(cohort, request.user, on=timezone.localdate())
    trainings = sorted(
        found.select_related("trainee", "pathway"), key=lambda one: norwegian_key(one.trainee.name)
    )
    form = ExportForm(request.POST if request.method == "POST" else None, trainings=trainings)
    if form.is_valid():
        export = services.order_export(
            cohort=cohort,
            trainings=form.cleaned_data["doctors"],
            by=request.user,
            key=form.cleaned_data["key"],
        )
        return redirect("reports:report_detail", export.pk)
    return render_page(request, "reports/export_order.html", form=form, cohorts=led, cohort=cohort)


def _chosen(request: HttpRequest, led: list[Cohort]) -> Cohort:
    """`?kull=`; the first where nothing is chosen. Somebody else's is not there."""
    asked = request.GET.get("kull", "")
    if not asked.isdecimal():
        return led[0]
    return get_object_or_404(cohorts.cohorts_to_export(request.user), pk=asked)
