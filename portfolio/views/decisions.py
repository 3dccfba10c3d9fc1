from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions.enums import Role
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.enums import ClaimState, Outcome
from portfolio.forms.decisions import DecisionForm, RecommendationForm, WithdrawalForm
from portfolio.models import Claim, Decision, Recommendation
from portfolio.queries import decisions as queries
from portfolio.services import goals
from portfolio.services.trainings import note_opening
from portfolio.views.acts import perform, posted, to_next, too_late


@require_http_methods(["GET", "POST"])
def recommend(request, claim_id):
    claim = _asked_about(request, claim_id)
    role = _recommending_role(request.user, claim)
    form = RecommendationForm(posted(request))
    if form.is_valid():
        try:
            if said := _recommend(request, claim, role, form):
                messages.success(request, _receipt(claim, said))
                return to_next("portfolio:recommend", queries.next_to_recommend(request.user))
        except rules.Stale:
            return _claim_closed(request, claim)
    if role is None:
        return _claim_closed(request, claim)
    return render_page(
        request,
        "portfolio/recommend.html",
        form=form,
        role=role,
        sheet=queries.claim_sheet(claim, only_cited=True),
    )


def _asked_about(request, claim_id) -> Claim:
    """A claim this person is asked about. One that is only seen is 403."""
    claim = queries.claims_asking(request.user).filter(pk=claim_id).first()
    if claim is None:
        get_object_or_404(queries.claims_visible_to(request.user), pk=claim_id)
        raise PermissionDenied
    return claim


def _recommending_role(user, claim: Claim) -> Role | None:
    """The role the person is asked in and still holds; None where the claim waits no more."""
    training = claim.progress.training
    asked = queries.roles_asked(user, claim)
    return next((one for one in asked if permissions.holds_role(user, one, training)), None)


def _recommend(request, claim: Claim, role, form):
    """Without a role that still waits, only the second of a double submit gets through."""
    if role is None and not queries.is_said(claim, key=form.cleaned_data["key"]):
        raise rules.Stale
    try:
        return perform(form, goals.recommend, claim, by=request.user, role=role, **form.opinion())
    except PermissionDenied as refusal:  # asked a moment ago, so it was answered meanwhile
        raise rules.Stale from refusal


def _receipt(claim: Claim, said: Recommendation) -> str:
    if said.recommends:
        receipt = _("Signert: du anbefaler %(goal)s for %(name)s.")
    else:
        receipt = _("Signert: du anbefaler ikke %(goal)s for %(name)s.")
    progress = claim.progress
    name = progress.training.trainee.first_name
    return receipt % {"goal": progress.goal.code, "name": name}


def _claim_closed(request, claim: Claim):
    claim.refresh_from_db(fields=["state"])
    if claim.state == ClaimState.OPEN:
        why = _("Du har allerede svart på denne meldingen.")
    elif claim.state == ClaimState.RECALLED:
        why = _("Legen har trukket meldingen. Du trenger ikke gjøre noe.")
    else:
        why = _("Målet er allerede avgjort.")
    return too_late(request, title=_("Dette venter ikke lenger på deg"), why=why)


@require_GET
def decision_list(request):
    queue = queries.decision_queue(request.user)
    return render_page(
        request,
        "portfolio/decision_list.html",
        doctors=queries.by_doctor(queue),
        ready_count=sum(one.ready for one in queue),
        waiting_count=sum(not one.ready for one in queue),
        decided=queries.recently_decided(request.user),
    )


@require_http_methods(["GET", "POST"])
def decide(request, claim_id):
    claim = get_object_or_404(queries.claims_visible_to(request.user), pk=claim_id)
    sheet = queries.claim_sheet(claim)
    form = DecisionForm(
        posted(request),
        has_opposition=sheet.story.readiness.has_opposition,
        initial={"version": sheet.evidence.version},
    )
    if form.is_valid():
        try:
            if decision := perform(
                form, goals.decide_goal, claim, by=request.user, **form.decision()
            ):
                return _next_claim(request, claim, decision)
        except rules.Stale:
            return _claim_closed(request, claim)
    if claim.state != ClaimState.OPEN:
        return _claim_closed(request, claim)
    if not permissions.can_decide(request.user, claim):
        raise PermissionDenied
    note_opening(training=claim.progress.training, user=request.user, role=Role.DEPARTMENT_HEAD)
    return render_page(request, "portfolio/decide.html", form=form, sheet=sheet)


def _next_claim(request, claim: Claim, decision: Decision):
    said = {
        Outcome.APPROVED: _("%(goal)s er godkjent for %(name)s."),
        Outcome.RETURNED: _("%(goal)s er sendt tilbake til %(name)s."),
        Outcome.REFUSED: _("%(goal)s er ikke godkjent for %(name)s."),
    }[Outcome(decision.outcome)]
    progress = claim.progress
    name = progress.training.trainee.first_name
    messages.success(request, said % {"goal": progress.goal.code, "name": name})
    following = queries.ready_after(queries.decision_queue(request.user), claim)
    if following:
        return redirect("portfolio:decide", following)
    return redirect("portfolio:decision_list")


@require_http_methods(["GET", "POST"])
def approval_withdraw(request, decision_id):
    decision = get_object_or_404(queries.decisions_visible_to(request.user), pk=decision_id)
    form = WithdrawalForm(posted(request))
    if form.is_valid():
        try:
            if _withdraw(request, decision, form):
                messages.success(request, _("Godkjenningen er trukket tilbake."))
                return redirect("portfolio:goal_detail", *queries.goal_path(decision.claim))
        except rules.Stale:
            return _withdrawn_already(request)
    if hasattr(decision, "withdrawal"):
        return _withdrawn_already(request)
    if not permissions.can_withdraw(request.user, decision):
        raise PermissionDenied
    return render_page(request, "portfolio/approval_withdraw.html", form=form, decision=decision)


def _withdraw(request, decision: Decision, form):
    key = form.cleaned_data["key"]
    if hasattr(decision, "withdrawal") and decision.withdrawal.key != key:
        raise rules.Stale
    reason = form.cleaned_data["reason"]
    return perform(form, goals.withdraw_approval, decision, by=request.user, reason=reason, key=key)


def _withdrawn_already(request):
    return too_late(
        request,
        title=_("Godkjenningen er allerede trukket tilbake"),
        why=_("Målet er åpent igjen, og legen kan melde det på nytt."),
    )
