"""The trainee's courses: what is confirmed, what comes, and signing up for it."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pages.dates import long_day
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.queries.activities import own_training
from portfolio.queries.courses import courses_of, own_sign_ups, sessions_open_to
from portfolio.services import courses


@require_GET
def course_list(request: HttpRequest) -> HttpResponse:
    training = get_object_or_404(own_training(request.user))
    return render_page(
        request,
        "portfolio/course_list.html",
        training=training,
        courses=courses_of(training, on=timezone.localdate()),
        may_sign_up=permissions.can_log(request.user, training),
    )


@require_POST
def course_sign_up(request: HttpRequest, session_id: int) -> HttpResponse:
    training = get_object_or_404(own_training(request.user))
    session = get_object_or_404(sessions_open_to(training), pk=session_id)
    key = forms.UUIDField(required=False)
    try:
        courses.sign_up(
            session, training=training, by=request.user, key=_key(key, request.POST.get("key"))
        )
    except rules.Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        told = _("Du er påmeldt %(module)s fra %(day)s.")
        day = long_day(session.starts_on)
        messages.success(request, told % {"module": session.module, "day": day})
    return redirect("portfolio:course_list")


def _key(field: forms.UUIDField, given: str | None):
    """A key that is none can repeat nothing: one is made."""
    try:
        return field.clean(given) or uuid4()
    except forms.ValidationError:
        return uuid4()


@require_POST
def course_cancel(request: HttpRequest, sign_up_id: int) -> HttpResponse:
    sign_up = get_object_or_404(own_sign_ups(request.user), pk=sign_up_id)
    if not permissions.can_log(request.user, sign_up.training):
        raise PermissionDenied
    try:
        courses.cancel_sign_up(sign_up, by=request.user)
    except rules.Refused as refusal:
        messages.warning(request, refusal.message)
    except rules.Stale:
        messages.warning(request, _("Du er allerede meldt av."))
    else:
        messages.success(request, _("Du er meldt av."))
    return redirect("portfolio:course_list")
