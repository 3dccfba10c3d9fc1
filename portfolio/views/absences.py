from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.forms.absences import AbsenceForm, stored_values
from portfolio.models import Absence
from portfolio.queries.activities import own_training
from portfolio.services.absences import add_absence, change_absence, remove_absence


@require_http_methods(["GET", "POST"])
def absence_new(request):
    training = get_object_or_404(own_training(request.user))
    if request.method == "POST":
        form = AbsenceForm(request.POST)
        if form.is_valid() and _accepted(
            form,
            lambda: add_absence(
                training=training,
                by=request.user,
                key=form.cleaned_data["key"],
                **form.content(),
            ),
        ):
            messages.success(request, _("Fraværet er lagt til."))
            return redirect("portfolio:placement_list")
    else:
        form = AbsenceForm()
    return render_page(request, "portfolio/absence_form.html", form=form)


@require_http_methods(["GET", "POST"])
def absence_edit(request, absence_id):
    absence = _own(request, absence_id)
    status = None
    if request.method == "POST":
        form = AbsenceForm(request.POST)
        try:
            if form.is_valid() and _accepted(form, lambda: _change(absence, form, request.user)):
                messages.success(request, _("Fraværet er endret."))
                return redirect("portfolio:placement_list")
        except rules.Stale:
            absence.refresh_from_db(fields=["version"])
            form.meet_newer(absence)
            status = 409
    else:
        form = AbsenceForm(initial=stored_values(absence))
    return render_page(
        request, "portfolio/absence_form.html", status=status, form=form, absence=absence
    )


def _change(absence: Absence, form: AbsenceForm, by) -> Absence:
    """A form without a version began with nothing that is known: it is too old."""
    version = form.cleaned_data["version"] or 0
    return change_absence(absence, by=by, version=version, **form.content())


def _accepted(form: AbsenceForm, act) -> bool:
    """Whether the service did it; else the form says why not."""
    try:
        act()
    except (rules.Refused, ValidationError) as refusal:
        form.refuse(refusal)
        return False
    return True


@require_http_methods(["GET", "POST"])
def absence_remove(request, absence_id):
    absence = _own(request, absence_id)
    refusal = None
    if request.method == "POST":
        try:
            remove_absence(absence, by=request.user)
        except rules.Refused as error:
            refusal = error.message
        else:
            messages.success(request, _("Fraværet er fjernet."))
            return redirect("portfolio:placement_list")
    return render_page(
        request,
        "portfolio/absence_remove.html",
        status=422 if refusal else 200,
        absence=absence,
        refusal=refusal,
    )


def _own(request, absence_id) -> Absence:
    """The trainee's alone: it holds the cause."""
    own = Absence.objects.filter(training__trainee=request.user).select_related("training")
    absence = get_object_or_404(own, pk=absence_id)
    if not permissions.can_log(request.user, absence.training):
        raise PermissionDenied
    return absence
