from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from pages.rendering import render_page
from portfolio import permissions
from portfolio.forms.earlier import EarlierForms, asked_change
from portfolio.models import Training
from portfolio.queries.activities import own_training
from portfolio.queries.earlier import earlier_choices, earlier_of
from portfolio.services import kept_files
from portfolio.services.earlier import SomeRefused, add_earlier


@require_http_methods(["GET", "POST"])
def earlier(request):
    training = get_object_or_404(own_training(request.user))
    choices = earlier_choices(training)
    if request.method == "GET":
        return _page(request, training, EarlierForms(choices, owner=request.user))
    if not permissions.can_log(request.user, training):
        raise PermissionDenied
    data, refused = _with_kept_files(request)
    change = asked_change(data)
    forms = EarlierForms(choices, owner=request.user, data=data, refused=refused, change=change)
    if change:
        for reasons in refused.values():
            messages.error(request, " ".join(reasons))
        return _page(request, training, forms)
    if forms.is_valid() and _saved(request, training, forms):
        return redirect("portfolio:earlier")
    return _page(request, training, forms, status=422)


def _with_kept_files(request) -> tuple[QueryDict, dict[str, list[str]]]:
    """What was typed, with a token for each file that came along; and why others cannot be kept."""
    data, refused = request.POST.copy(), {}
    for name, upload in request.FILES.items():
        prefix, _dash, field = name.rpartition("-")
        if field != "file":
            continue
        try:
            data[f"{prefix}-kept"] = kept_files.keep(upload, owner=request.user)
        except ValidationError as error:
            refused[name] = error.messages
    return data, refused


def _saved(request, training: Training, forms: EarlierForms) -> bool:
    if forms.is_untouched:
        messages.warning(request, _("Fyll ut minst én rad først."))
        return False
    try:
        documents = add_earlier(
            training=training,
            by=request.user,
            services=forms.services(),
            competences=forms.competences(),
        )
    except SomeRefused as refusal:
        forms.refuse(refusal.rows)
        return False
    messages.success(request, _("Alt er lagret, som oppgitt av deg."))
    if any(document.scan_faults for document in documents):
        messages.warning(request, _("Noen av filene bør du se på. Det står ved dem."))
    return True


def _page(request, training: Training, forms: EarlierForms, status: int = 200):
    return render_page(
        request,
        "portfolio/earlier.html",
        status=status,
        training=training,
        earlier=earlier_of(training),
        forms=forms,
        may_add=permissions.can_log(request.user, training),
        **forms.sections,
    )
