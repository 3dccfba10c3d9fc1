from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.forms.placements import PlacementForm, first_values, stored_values
from portfolio.models import Placement, Training
from portfolio.queries.activities import own_training
from portfolio.queries.placements import (
    DESKTOP_WIDTH,
    PHONE_WIDTH,
    openings_of,
    own_placements,
    timeline,
)
from portfolio.queries.service_time import service_page
from portfolio.services.trainings import add_placement, change_placement, remove_placement

OPENINGS_PER_PAGE = 50


@require_GET
def placement_list(request):
    training = get_object_or_404(own_training(request.user))
    page = service_page(training, on=timezone.localdate())
    placements = [line.placement for line in page.lines]
    return render_page(
        request,
        "portfolio/placement_list.html",
        training=training,
        page=page,
        desktop=timeline(placements, width=DESKTOP_WIDTH),
        phone=timeline(placements, width=PHONE_WIDTH),
    )


@require_http_methods(["GET", "POST"])
def placement_new(request):
    training = get_object_or_404(own_training(request.user))
    if request.method == "POST":
        form = PlacementForm(request.POST, training=training)
        if form.is_valid() and _accepted(
            form,
            lambda: add_placement(
                training=training,
                by=request.user,
                key=form.cleaned_data["key"],
                **form.content(),
            ),
        ):
            messages.success(request, _("Tjenesten er lagt til."))
            return redirect("portfolio:placement_list")
    else:
        last = own_placements(training).first()
        form = PlacementForm(initial=first_values(training, last), training=training)
    return render_page(request, "portfolio/placement_form.html", form=form)


@require_http_methods(["GET", "POST"])
def placement_edit(request, placement_id):
    placement = _placement_to_change(request, placement_id)
    if request.method == "POST":
        form = PlacementForm(request.POST, training=placement.training, changing=placement)
        try:
            if form.is_valid() and _accepted(form, lambda: _change(placement, form, request.user)):
                messages.success(request, _("Tjenesten er endret."))
                return redirect("portfolio:placement_list")
        except rules.Stale:
            placement.refresh_from_db(fields=["version"])
            form.meet_newer(placement)
            return _edit_page(request, form, placement, status=409)
    else:
        form = PlacementForm(
            initial=stored_values(placement), training=placement.training, changing=placement
        )
    return _edit_page(request, form, placement)


def _change(placement: Placement, form: PlacementForm, by) -> Placement:
    """A form without a version began with nothing that is known: it is too old."""
    version = form.cleaned_data["version"] or 0
    return change_placement(placement, by=by, version=version, **form.content())


def _edit_page(request, form, placement: Placement, *, status=None):
    return render_page(
        request,
        "portfolio/placement_form.html",
        status=status,
        form=form,
        placement=placement,
    )


@require_http_methods(["GET", "POST"])
def placement_remove(request, placement_id):
    placement = _placement_to_change(request, placement_id)
    refusal = None
    if request.method == "POST":
        try:
            remove_placement(placement, by=request.user)
        except rules.Refused as error:
            refusal = error.message
        else:
            messages.success(request, _("Tjenesten er fjernet."))
            return redirect("portfolio:placement_list")
    return render_page(
        request,
        "portfolio/placement_remove.html",
        status=422 if refusal else 200,
        placement=placement,
        refusal=refusal,
    )


def _accepted(form, act) -> bool:
    """Whether the service did it; else the form says why not."""
    try:
        act()
    except (rules.Refused, ValidationError) as refusal:
        form.refuse(refusal)
        return False
    return True


def own_placement(request, placement_id) -> Placement:
    """Found by who may see the training; the trainee's alone to write about."""
    placement = get_object_or_404(
        Placement.objects.filter(
            training__in=Training.objects.visible_to(request.user)
        ).select_related(
            "training__pathway", "training__trainee", "department__institution", "statement"
        ),
        pk=placement_id,
    )
    if not permissions.can_state_service(request.user, placement):
        raise PermissionDenied
    return placement


def _placement_to_change(request, placement_id) -> Placement:
    placement = own_placement(request, placement_id)
    if not permissions.can_change_placement(request.user, placement):
        raise PermissionDenied
    return placement


@require_GET
def opening_list(request):
    """The trainee sees who has opened the portfolio (domain.md §3)."""
    training = get_object_or_404(own_training(request.user))
    paginator = Paginator(openings_of(training), OPENINGS_PER_PAGE)
    return render_page(
        request,
        "portfolio/opening_list.html",
        page=paginator.get_page(request.GET.get("side")),
    )
