from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.enums import ActivityState, Refusal
from portfolio.forms.activities import ActivityForm, first_values, stored_values, typed_values
from portfolio.models import Attachment, LearningActivity
from portfolio.queries.activities import (
    activities_with_facts,
    activity_choices,
    activity_page,
    own_activities,
    own_training,
    years_of,
)
from portfolio.services.activities import (
    delete_draft,
    recall_activity,
    remove_attachment,
)
from portfolio.services.logbook import log_activity
from portfolio.services.trainings import note_opening

PER_PAGE = 50
DOWNLOAD_POLICY = "sandbox; default-src 'none'"


@require_GET
def activity_list(request):
    training = get_object_or_404(own_training(request.user))
    state = request.GET.get("status", "")
    state = state if state in ActivityState.values else ""
    page = Paginator(own_activities(training, state), PER_PAGE).get_page(request.GET.get("side"))
    return render_page(
        request,
        "portfolio/activity_list.html",
        years=years_of(page.object_list),
        page=page,
        states=ActivityState.choices,
        state=state,
    )


# --- Logging -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def activity_new(request):
    training = get_object_or_404(own_training(request.user))
    if not permissions.can_log(request.user, training):
        raise PermissionDenied
    choices = activity_choices(training)
    if request.method == "POST":
        return _log(request, choices)
    first = first_values(choices, goal=request.GET.get("mal", ""))
    if request.htmx:  # somebody types in the search for a goal
        first["goals"] = request.GET.getlist("goals")
    form = ActivityForm(
        initial=first,
        choices=choices,
        search=request.GET.get("sok", ""),
        in_grid=tuple(request.GET.getlist("in_grid")),
    )
    return _form_page(request, form, partial="goal_results")


@require_http_methods(["GET", "POST"])
def activity_edit(request, activity_id):
    activity = get_object_or_404(
        activities_with_facts().visible_to(request.user).select_related("reflection"),
        pk=activity_id,
    )
    if not permissions.can_log(request.user, activity.training):
        raise PermissionDenied
    choices = activity_choices(activity.training)
    if request.method == "POST":
        return _log(request, choices, activity)
    if not permissions.can_edit(request.user, activity):
        raise PermissionDenied
    goals = [choices.goals.by_id[pk] for pk in activity.goal_ids if pk in choices.goals.by_id]
    form = ActivityForm(initial=stored_values(activity, goals), choices=choices)
    return _form_page(request, form, activity=activity)


def _log(request, choices, activity=None):
    """Saves, or shows the form again with everything typed."""
    if "find" in request.POST:
        form = ActivityForm(
            initial=typed_values(request.POST),
            choices=choices,
            search=request.POST.get("sok", ""),
        )
        return _form_page(request, form, activity=activity, searching=True)
    sending = "only_save" not in request.POST
    form = ActivityForm(request.POST, request.FILES, choices=choices, sending=sending)
    is_valid = form.is_valid()
    if newer := _newer(request, form):
        return _conflict(request, form, newer)
    if is_valid and (sending or form.holds_something()):
        return _save(request, form, activity)
    return _form_page(request, form, activity=activity)


def _save(request, form, activity):
    try:
        saved = log_activity(
            training=form.offered.training,
            by=request.user,
            send=form.sending,
            uploads=form.cleaned_data["attachments"],
            **form.content(),
        )
    except rules.Stale:
        newer = LearningActivity.objects.get(key=form.cleaned_data["key"])
        return _conflict(request, form, newer)
    except (rules.Refused, ValidationError) as refusal:
        form.refuse(refusal)
        is_late = getattr(refusal, "code", None) == Refusal.NOT_DRAFT
        return _form_page(request, form, activity=activity, status=409 if is_late else None)
    messages.success(request, _done(saved))
    return redirect("portfolio:activity_detail", saved.pk)


def _conflict(request, form, newer: LearningActivity):
    form.meet_newer(newer)
    return _form_page(request, form, activity=newer, status=409)


def _newer(request, form) -> LearningActivity | None:
    """The activity as another tab has saved it, where this form began with an older one."""
    key, version = (form.cleaned_data.get(name) for name in ("key", "version"))
    if version is None:
        return None
    stored = LearningActivity.objects.filter(key=key, training=form.offered.training)
    newer = stored.exclude(version=version).select_related("training").first()
    return newer if newer and permissions.can_edit(request.user, newer) else None


def _done(activity):
    if activity.state == ActivityState.SENT:
        return _("Sendt til %(name)s.") % {"name": activity.supervisor.name}
    return _("Lagret. Aktiviteten er ikke sendt ennå.")


def _form_page(request, form, *, activity=None, partial=None, status=None, **context):
    return render_page(
        request,
        "portfolio/activity_form.html",
        partial=partial,
        status=status,
        form=form,
        activity=activity,
        may_delete=activity is not None and permissions.can_delete(request.user, activity),
        **context,
    )


@require_POST
def activity_autosave(request):
    """The draft as it is typed. What cannot be kept is not kept, and the answer says why."""
    training = get_object_or_404(own_training(request.user))
    form = ActivityForm(request.POST, choices=activity_choices(training))
    if not form.is_valid():
        message = next(iter(form.errors.values()))[0]
        return JsonResponse({"message": message}, status=422)
    if form.is_untouched:
        return JsonResponse({})  # a row without anything in it would only be in the way
    try:
        saved = log_activity(training=training, by=request.user, send=False, **form.content())
    except rules.Stale:
        message = _("Endret i en annen fane. Last siden på nytt for å se det nyeste.")
        return JsonResponse({"message": message}, status=409)
    except rules.Refused as refusal:
        return JsonResponse({"message": refusal.message}, status=409)
    return JsonResponse({"version": saved.version})


# --- One activity --------------------------------------------------------------------------------


@require_GET
def activity_detail(request, activity_id):
    activity = get_object_or_404(activities_with_facts().visible_to(request.user), pk=activity_id)
    role = permissions.role_for(request.user, activity.training)
    if role:  # one who is only asked to assess sees the activity, not the portfolio
        note_opening(training=activity.training, user=request.user, role=role)
    return render_page(
        request,
        "portfolio/activity_detail.html",
        page=activity_page(activity, request.user),
        activity=activity,
        is_own=permissions.can_log(request.user, activity.training),
        sees_portfolio=role is not None,
        may_edit=permissions.can_edit(request.user, activity),
        may_recall=permissions.can_recall(request.user, activity),
        may_delete=permissions.can_delete(request.user, activity),
    )


@require_POST
def activity_recall(request, activity_id):
    activity = _own_activity(request, activity_id)
    try:
        recall_activity(activity, by=request.user)
    except rules.Stale:
        messages.warning(
            request, _("Aktiviteten er allerede besvart. Den kan ikke trekkes tilbake.")
        )
    else:
        messages.success(request, _("Trukket tilbake. Du kan endre den og sende på nytt."))
    return redirect("portfolio:activity_detail", activity_id)


@require_POST
def activity_delete(request, activity_id):
    delete_draft(_own_activity(request, activity_id), by=request.user)
    messages.success(request, _("Kladden er slettet."))
    return redirect("portfolio:activity_list")


def _own_activity(request, activity_id):
    """Found by who may see it; acted on by the trainee alone."""
    visible = LearningActivity.objects.visible_to(request.user).select_related("training")
    activity = get_object_or_404(visible, pk=activity_id)
    if not permissions.can_log(request.user, activity.training):
        raise PermissionDenied
    return activity


@require_GET
def attachment_download(request, attachment_id):
    """As a file to keep, never as a page: whoever may read the note may see what is attached."""
    attachment = get_object_or_404(_readable_attachments(request.user), pk=attachment_id)
    return FileResponse(
        attachment.file.open(),
        as_attachment=True,
        filename=attachment.name,
        content_type=attachment.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": DOWNLOAD_POLICY,
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
def attachment_remove(request, attachment_id):
    attachment = get_object_or_404(
        _readable_attachments(request.user).select_related("activity__training"), pk=attachment_id
    )
    remove_attachment(attachment, by=request.user)
    messages.success(request, _("Vedlegget er fjernet."))
    return redirect("portfolio:activity_detail", attachment.activity_id)


def _readable_attachments(user):
    return Attachment.objects.filter(activity__in=LearningActivity.objects.told_to(user))
