"""«Plan»: writing it, agreeing to it, reading what was agreed."""

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.enums import PlanKind
from portfolio.forms.goal_picks import pair
from portfolio.forms.plans import (
    AgreementForm,
    ImplementationForm,
    NewPlanItemForm,
    PlanForm,
    PlanItemForm,
    PlanTextForm,
    stored_line,
    typed_values,
)
from portfolio.models import Plan, PlanItem, Training
from portfolio.queries.activities import own_training
from portfolio.queries.coverage import facts_of
from portfolio.queries.plan_page import plan_choices, plan_page
from portfolio.queries.plans import changes_of, plan_title, revisions_of
from portfolio.rules.plans import NOTHING_YET, half_years_ahead
from portfolio.services import plans as services
from portfolio.services.trainings import note_opening
from portfolio.views.acts import posted
from portfolio.views.goals import training_seen_by


@require_GET
def plan_own(request: HttpRequest) -> HttpResponse:
    training = get_object_or_404(own_training(request.user))
    return render_page(
        request,
        "portfolio/plan_page.html",
        page=plan_page(training),
        training=training,
        is_own=True,
        today=timezone.localdate(),
    )


@require_GET
def plan_of_doctor(request: HttpRequest, training_id: int) -> HttpResponse:
    """As those see it who follow the trainee: without drafts."""
    training = training_seen_by(request, training_id)
    if permissions.can_log(request.user, training):
        return redirect("portfolio:plan")
    return render_page(
        request,
        "portfolio/plan_page.html",
        page=plan_page(training, shared_only=True),
        training=training,
        is_own=False,
        today=timezone.localdate(),
    )


# --- Writing -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def plan_item_new(request: HttpRequest) -> HttpResponse:
    training = get_object_or_404(own_training(request.user))
    half_year = _asked_half_year(request)
    choices = plan_choices(training, half_year=half_year)
    if request.method == "POST" and "find" not in request.POST:
        form = NewPlanItemForm(request.POST, choices=choices)
        if form.is_valid() and _written(
            form, lambda: services.add_to_plan(training=training, by=request.user, **form.content())
        ):
            messages.success(request, _("Lagt til i planen."))
            return redirect("portfolio:plan")
        return _new_item_page(request, form)
    first = {
        "half_year": half_year,
        "department": choices.department_id,
        "goals": _known(choices, request.GET.getlist("mal")),
    }
    if request.htmx:  # somebody types in the search for a goal
        first["goals"] = request.GET.getlist("goals")
    form = NewPlanItemForm(
        initial=typed_values(request.POST) if request.method == "POST" else first,
        choices=choices,
        search=request.POST.get("sok", request.GET.get("sok", "")),
        in_grid=tuple(request.GET.getlist("in_grid")),
    )
    return _new_item_page(request, form, searching=request.method == "POST")


def _asked_half_year(request: HttpRequest) -> dt.date:
    """Of the link that led here; the next one where it names none."""
    ahead = half_years_ahead(timezone.localdate())
    asked = request.GET.get("halvar", "")
    return next((first for first in ahead if first.isoformat() == asked), ahead[0])


def _known(choices, references: list[str]) -> list[str]:
    return [one for one in references if pair(one) in choices.goals.by_code]


def _new_item_page(request, form: NewPlanItemForm, **context) -> HttpResponse:
    return render_page(
        request, "portfolio/plan_item_new.html", partial="goal_results", form=form, **context
    )


@require_http_methods(["GET", "POST"])
def plan_item_edit(request: HttpRequest, item_id: int) -> HttpResponse:
    item = _own_item(request, item_id)
    service = facts_of([item.plan.training])[item.plan.training_id].service
    own = frozenset(one.department_id for one in service if one.department_id)
    form = PlanItemForm(
        posted(request), initial=stored_line(item), own_departments=own, kept=item.half_year
    )
    if form.is_valid():
        try:
            if _written(
                form,
                lambda: services.change_plan_item(
                    item, by=request.user, seen=form.cleaned_data["seen"], **form.line()
                ),
            ):
                messages.success(request, _("Planen er endret."))
                return redirect("portfolio:plan")
        except rules.Stale:
            form.meet_newer(_latest(item.plan.training, PlanKind.INDIVIDUAL))
            return _item_page(request, item, form, status=409)
    return _item_page(request, item, form)


def _item_page(request, item: PlanItem, form: PlanItemForm, status=None) -> HttpResponse:
    return render_page(
        request, "portfolio/plan_item_edit.html", status=status, item=item, form=form
    )


@require_POST
def plan_item_remove(request: HttpRequest, item_id: int) -> HttpResponse:
    item = _own_item(request, item_id)
    try:
        services.remove_plan_item(item, by=request.user, seen=request.POST.get("seen", ""))
    except rules.Stale:
        return _plan_changed(request)
    messages.success(request, _("%(code)s er tatt ut av planen.") % {"code": item.goal.code})
    return redirect("portfolio:plan")


@require_http_methods(["GET", "POST"])
def plan_text(request: HttpRequest) -> HttpResponse:
    return _text_page(request, PlanKind.INDIVIDUAL, PlanTextForm, "portfolio/plan_text.html")


@require_http_methods(["GET", "POST"])
def implementation_plan(request: HttpRequest) -> HttpResponse:
    return _text_page(
        request,
        PlanKind.IMPLEMENTATION,
        ImplementationForm,
        "portfolio/plan_implementation.html",
    )


def _text_page(
    request: HttpRequest, kind: PlanKind, form_of: type[PlanTextForm], template: str
) -> HttpResponse:
    training = get_object_or_404(own_training(request.user))
    latest = _latest(training, kind)
    form = form_of(posted(request), initial=_first_text(latest))
    status = None
    if form.is_valid():
        try:
            if _written(form, lambda: _write_text(request, training, form)):
                messages.success(request, _("Lagret."))
                return redirect("portfolio:plan")
        except rules.Stale:
            form.meet_newer(_latest(training, kind))
            status = 409
    return render_page(request, template, status=status, form=form, latest=latest)


def _write_text(request: HttpRequest, training: Training, form: PlanTextForm) -> Plan:
    return services.write_plan_text(
        training=training, by=request.user, seen=form.cleaned_data["seen"], **form.content()
    )


def _first_text(latest: Plan | None) -> dict:
    """A renewed implementation plan begins when the last one ends, or today."""
    today = timezone.localdate()
    if latest is None:
        return {"valid_from": today, "seen": NOTHING_YET}
    after = latest.valid_until and max(latest.valid_until + dt.timedelta(days=1), today)
    is_over = bool(latest.valid_until) and latest.valid_until < today
    begins = after if is_over else latest.valid_from
    return {"text": latest.text, "valid_from": begins, "seen": latest.stamp}


# --- Agreeing and reading ------------------------------------------------------------------------


@require_GET
def plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = _visible_plan(request, plan_id)
    return _plan_detail_page(request, plan, AgreementForm())


def _plan_detail_page(request, plan: Plan, form: AgreementForm) -> HttpResponse:
    is_own = request.user.pk == plan.training.trainee_id
    if not is_own:
        note_opening(training=plan.training, user=request.user)
    revisions = revisions_of(plan.training, shared_only=not is_own)[PlanKind(plan.kind)]
    revision = next(one for one in revisions.all if one.pk == plan.pk)
    earlier = revisions.before(revision) if plan.portfolio_in_sight else None
    return render_page(
        request,
        "portfolio/plan_detail.html",
        training=plan.training,
        revision=revision,
        title=plan_title(revision.kind, revision.number),
        earlier=earlier,
        changes=changes_of(revision, earlier),
        is_latest=revision == revisions.latest,
        role=_role_to_agree(request, plan, is_latest=revision == revisions.latest),
        form=form,
        is_own=is_own,
    )


def _role_to_agree(request: HttpRequest, plan: Plan, *, is_latest: bool):
    return permissions.agreeing_role(request.user, plan) if is_latest else None


@require_POST
def plan_agree(request: HttpRequest, plan_id: int) -> HttpResponse:
    plan = _visible_plan(request, plan_id)
    form = AgreementForm(request.POST)
    form.is_valid()
    try:
        agreement = services.agree_to_plan(
            plan,
            by=request.user,
            seen=form.cleaned_data.get("seen", ""),
            key=form.cleaned_data["key"],
        )
    except rules.Refused as refusal:
        form.refuse(refusal)
        return _plan_detail_page(request, plan, form)
    except rules.Stale:
        return _plan_changed(request)
    messages.success(request, _("Du har sagt deg enig i planen."))
    is_own = agreement.actor_id == plan.training.trainee_id
    return redirect("portfolio:plan" if is_own else "portfolio:waiting_list")


# --- What these have in common -------------------------------------------------------------------


def _written(form: PlanForm, act: Callable[[], Plan]) -> bool:
    """Whether the service did it; else the form says why not."""
    try:
        act()
    except rules.Refused as refusal:
        form.refuse(refusal)
        return False
    return True


def _plan_changed(request: HttpRequest) -> HttpResponse:
    return render_page(
        request,
        "portfolio/plan_changed.html",
        status=409,
        is_own=own_training(request.user).exists(),
    )


def _latest(training: Training, kind: PlanKind) -> Plan | None:
    return training.plans.filter(kind=kind).order_by("-number").first()


def _visible_plan(request: HttpRequest, plan_id: int) -> Plan:
    """What one only agreed to is seen alone, without what the portfolio said before it."""
    in_sight = Training.objects.visible_to(request.user).filter(pk=OuterRef("training"))
    plans = Plan.objects.visible_to(request.user).annotate(portfolio_in_sight=Exists(in_sight))
    return get_object_or_404(
        plans.select_related("training__trainee", "training__pathway"), pk=plan_id
    )


def _own_item(request: HttpRequest, item_id: int) -> PlanItem:
    """Found by who may see the plan; written by the trainee alone."""
    items = PlanItem.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    item = get_object_or_404(
        items.select_related("plan__training__pathway", "goal__curriculum"), pk=item_id
    )
    if not permissions.can_log(request.user, item.plan.training):
        raise PermissionDenied
    return item
