"""«Speil»: the same goals in the official registry, so that nothing is entered twice blindly."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.enums import RequirementCode
from pages.rendering import render_page
from portfolio.enums import Registry
from portfolio.forms.mirror import MirrorForm
from portfolio.models import Training
from portfolio.queries.activities import own_training
from portfolio.queries.mirror import Mirror, mirror_of
from portfolio.services.mirror import mirror_goals, remove_mirrored
from portfolio.views.acts import perform


@require_http_methods(["GET", "POST"])
def mirror(request: HttpRequest) -> HttpResponse:
    training = _own_with_registry(request)
    found = mirror_of(training)
    today = timezone.localdate()
    form = MirrorForm(
        _chosen(request, found),
        goals={one.goal.id: one.goal.code for one in found.lines},
        today=today,
        initial={"approved_on": today, "registry": Registry.KOMPETANSEPORTALEN},
    )
    if form.is_valid():
        chosen = {name: form.cleaned_data[name] for name in ("goals", "registry", "approved_on")}
        noted = perform(form, mirror_goals, training=training, by=request.user, **chosen)
        if noted is not None:
            messages.success(request, _told(len(chosen["goals"])))
            return redirect("portfolio:mirror")
    return render_page(request, "portfolio/mirror.html", training=training, mirror=found, form=form)


def _chosen(request: HttpRequest, found: Mirror) -> QueryDict | None:
    """What was sent; «Merk alle» stands for every goal that is approved here alone."""
    if request.method != "POST":
        return None
    chosen = request.POST.copy()
    if chosen.get("everything"):
        chosen.setlist("goals", [str(one.goal.id) for one in found.here_alone])
    return chosen


def _told(count: int) -> str:
    words = ngettext("%(count)s mål er merket.", "%(count)s mål er merket.", count)
    return words % {"count": count}


@require_POST
def mirror_remove(request: HttpRequest) -> HttpResponse:
    training = _own_with_registry(request)
    chosen = request.POST.get("goal", "")
    if chosen.isdecimal():
        remove_mirrored(training=training, by=request.user, goal_id=int(chosen))
    return redirect("portfolio:mirror")


def _own_with_registry(request: HttpRequest) -> Training:
    """The registry is for a specialty; nothing says that it covers the competence area."""
    training = get_object_or_404(own_training(request.user))
    if not training.pathway.requirements.filter(code=RequirementCode.REGISTRY).exists():
        raise Http404
    return training
