"""«Klar for søknad?»: the doctor's own page, and the same for those who follow them."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from institutions.enums import Role
from pages.rendering import render_page
from portfolio.models import Training
from portfolio.queries.activities import own_training
from portfolio.queries.hats import request_hats
from portfolio.queries.readiness import readiness_of
from portfolio.queries.readiness.page import ReadinessPage, cohort_lines
from portfolio.queries.readiness.wording import Viewer
from portfolio.services.trainings import note_opening


@require_safe
def application(request: HttpRequest) -> HttpResponse:
    training = get_object_or_404(own_training(request.user).select_related("pathway", "trainee"))
    return _page(request, training, is_own=True)


@require_safe
def application_of_doctor(request: HttpRequest, training_id: int) -> HttpResponse:
    seen = Training.objects.visible_to(request.user).with_role_of(request.user)
    training = get_object_or_404(seen.select_related("pathway", "trainee"), pk=training_id)
    if training.viewer_role == Role.TRAINEE:
        return redirect("portfolio:application")
    note_opening(training=training, user=request.user, role=training.viewer_role)
    return _page(request, training, is_own=False)


def _page(request: HttpRequest, training: Training, *, is_own: bool) -> HttpResponse:
    [readiness] = readiness_of([training], on=timezone.localdate())
    role = None if is_own else Role(training.viewer_role)
    viewer = Viewer(training.pk, training.trainee.name, is_own=is_own, role=role)
    own_url, url = reverse("portfolio:application"), "portfolio:application_of_doctor"
    return render_page(
        request,
        "portfolio/application.html",
        partial="application_summary",
        page_url=own_url if is_own else reverse(url, args=[training.pk]),
        training=training,
        is_own=is_own,
        page=ReadinessPage(readiness, viewer),
    )


@require_safe
def cohort_applications(request: HttpRequest) -> HttpResponse:
    """Who lacks what, among the doctors this person follows."""
    if not request_hats(request).leads:
        raise PermissionDenied
    followed = Training.objects.visible_to(request.user).exclude(trainee=request.user)
    running = followed.filter(ended_on__isnull=True).select_related("pathway", "trainee")
    found = readiness_of(running, on=timezone.localdate(), forecasts=False)
    return render_page(request, "portfolio/cohort_applications.html", lines=cohort_lines(found))
