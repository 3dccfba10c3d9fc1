"""What the trainee does with a goal: claims it, asks for recommendations and assessments, reminds,
takes back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.queries import Goal, pathway_goals
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.enums import ClaimState, RequestState
from portfolio.forms.claims import AssessmentRequestForm, ClaimForm, RecommendationRequestForm
from portfolio.models import AssessmentRequest, Claim, RecommendationRequest, Training
from portfolio.queries.assessments import goal_row
from portfolio.queries.decisions import claims_visible_to
from portfolio.queries.evidence import Evidence, goal_evidence
from portfolio.queries.path import Path, Stage
from portfolio.queries.supervisors import supervisors_for
from portfolio.services import assessments, goals
from portfolio.views.acts import perform, posted
from portfolio.views.goals import goal_of, training_seen_by


def goal_url(training_id: int, goal) -> str:
    """`goal`: the curriculum's dataclass."""
    return reverse("portfolio:goal_detail", args=[training_id, goal.curriculum_code, goal.code])


def _own_goal(
    request: HttpRequest, training_id: int, curriculum: str, code: str
) -> tuple[Training, Goal]:
    """404 for what the person may not see, 403 for what is not theirs to do."""
    training = training_seen_by(request, training_id)
    goal = goal_of(pathway_goals(training.pathway), curriculum, code)
    if not permissions.can_log(request.user, training):
        raise PermissionDenied
    return training, goal


# --- Meld målet som nådd -------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def goal_claim(request: HttpRequest, training_id: int, curriculum: str, code: str) -> HttpResponse:
    training, goal = _own_goal(request, training_id, curriculum, code)
    if not training.pathway.decides_goals:
        raise Http404  # a voluntary map has no claims
    evidence = goal_evidence(training, goal)
    form = ClaimForm(
        posted(request), missing=bool(evidence.missing), initial={"version": evidence.version}
    )
    if form.is_valid():
        try:
            claim = _claim(request, evidence, form)
        except rules.Stale:
            return _claim_on_newer(request, training, goal, form)
        if claim:
            messages.success(request, _("Du har meldt målet som nådd."))
            return redirect("portfolio:recommendation_request", claim.pk)
    if request.method == "GET" and evidence.open_claim:
        return redirect(goal_url(training.pk, goal))
    return _claim_page(request, evidence, form)


def _claim(request: HttpRequest, evidence: Evidence, form: ClaimForm) -> Claim | None:
    return perform(
        form,
        goals.claim_goal,
        training=evidence.training,
        goal=goal_row(evidence.goal),
        by=request.user,
        **form.claim(),
    )


def _claim_on_newer(request, training: Training, goal: Goal, form: ClaimForm) -> HttpResponse:
    evidence = goal_evidence(training, goal)
    form.meet_newer(evidence.version)
    return _claim_page(request, evidence, form, status=409)


def _claim_page(request, evidence: Evidence, form: ClaimForm, status=None) -> HttpResponse:
    path = Path(evidence, viewer_id=request.user.pk, today=timezone.localdate())
    return render_page(
        request,
        "portfolio/goal_claim.html",
        status=status,
        form=form,
        goal=evidence.goal,
        evidence=evidence,
        path=path,
        is_claimable=path.stage == Stage.CLAIM and path.claimable_from is None,
        back=goal_url(evidence.training.pk, evidence.goal),
    )


@require_http_methods(["GET", "POST"])
def claim_recall(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The page tells what is lost: recommendations belong to this one claim."""
    claim = _own_claim(request, claim_id)
    training, goal, back = _about(claim)
    if claim.state != ClaimState.OPEN:
        return _too_late(request, goal, back, _("Meldingen er allerede avgjort eller trukket."))
    if request.method == "POST":
        try:
            goals.recall_claim(claim, by=request.user)
        except rules.Stale:
            return _too_late(request, goal, back, _("Meldingen er allerede avgjort eller trukket."))
        messages.success(request, _("Meldingen er trukket tilbake."))
        return redirect(back)
    evidence = goal_evidence(training, goal)
    return render_page(
        request, "portfolio/claim_recall.html", goal=goal, evidence=evidence, back=back
    )


# --- Be om anbefaling ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def recommendation_request(request: HttpRequest, claim_id: int) -> HttpResponse:
    claim = _own_claim(request, claim_id)
    training, goal, back = _about(claim)
    if claim.state != ClaimState.OPEN:
        return _too_late(request, goal, back, _("Meldingen er allerede avgjort eller trukket."))
    evidence = goal_evidence(training, goal)
    form = _recommendation_form(request, evidence)
    if form.is_valid():
        try:
            if _ask_for_recommendations(request, claim, form):
                return redirect(back)
        except rules.Stale:
            return _too_late(request, goal, back, _("Meldingen er allerede avgjort eller trukket."))
    return render_page(
        request,
        "portfolio/recommendation_request.html",
        form=form,
        goal=goal,
        path=Path(evidence, viewer_id=request.user.pk, today=timezone.localdate()),
        back=back,
    )


def _ask_for_recommendations(request, claim: Claim, form: RecommendationRequestForm) -> bool:
    asked = perform(form, goals.request_recommendations, claim, by=request.user, **form.asked())
    if asked:
        messages.success(request, _asked_sentence(asked))
    return bool(asked)


def _recommendation_form(request, evidence: Evidence) -> RecommendationRequestForm:
    claim = evidence.open_claim
    return RecommendationRequestForm(
        posted(request),
        supervisors=supervisors_for(evidence, timezone.localdate()),
        asked={voice.person_id for voice in claim.voices},
        assessors={row.assessor_id for row in evidence.rows if row.assessment_id in claim.cited},
    )


def _asked_sentence(asked: list[RecommendationRequest]) -> str:
    names = [one.asked_of.name for one in asked]
    if len(names) == 1:
        return _("%(name)s er bedt om anbefaling.") % {"name": names[0]}
    return _("%(names)s og %(last)s er bedt om anbefaling.") % {
        "names": ", ".join(names[:-1]),
        "last": names[-1],
    }


@require_POST
def recommendation_remind(request: HttpRequest, request_id: int) -> HttpResponse:
    visible = claims_visible_to(request.user).values("pk")
    asked = get_object_or_404(
        RecommendationRequest.objects.select_related("asked_of"), pk=request_id, claim__in=visible
    )
    claim = _own_claim(request, asked.claim_id)
    _training, goal, back = _about(claim)
    if claim.state != ClaimState.OPEN or _has_answered(asked):
        return _too_late(request, goal, back, _("Anbefalingen ventes ikke lenger."))
    _remind(request, goals.remind_recommender, asked)
    return redirect("portfolio:home" if "from_home" in request.POST else back)


def _has_answered(asked: RecommendationRequest) -> bool:
    return asked.claim.recommendations.filter(actor=asked.asked_of).exists()


# --- Be om vurdering -----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def assessment_request(
    request: HttpRequest, training_id: int, curriculum: str, code: str
) -> HttpResponse:
    training, goal = _own_goal(request, training_id, curriculum, code)
    evidence = goal_evidence(training, goal)
    today = timezone.localdate()
    form = AssessmentRequestForm(
        posted(request),
        supervisors=supervisors_for(evidence, today),
        initial={"comment": _about_statements(request.GET.get("utsagn", ""), goal)},
    )
    if form.is_valid() and _ask_for_assessment(request, evidence, form):
        return redirect(goal_url(training.pk, goal))
    return render_page(
        request,
        "portfolio/assessment_request.html",
        form=form,
        goal=goal,
        evidence=evidence,
        expires_on=rules.request_expires_on(today),
        back=goal_url(training.pk, goal),
    )


def _ask_for_assessment(request, evidence: Evidence, form: AssessmentRequestForm) -> bool:
    asked = perform(
        form,
        assessments.request_assessment,
        training=evidence.training,
        goal=goal_row(evidence.goal),
        by=request.user,
        **form.request(),
    )
    if asked:
        name = asked.asked_of.name
        messages.success(request, _("%(name)s er bedt om å vurdere målet.") % {"name": name})
    return bool(asked)


def _about_statements(asked_for: str, goal: Goal) -> str:
    """«2 og 3» of the link that led here. Only digits of the goal's own statements count."""
    words = asked_for.replace(",", " ").split()
    orders = [str(one.order) for one in goal.statements if str(one.order) in words]
    return _("Gjelder utsagn %(orders)s.") % {"orders": ", ".join(orders)} if orders else ""


@require_POST
def assessment_request_recall(request: HttpRequest, request_id: int) -> HttpResponse:
    asked = _own_request(request, request_id)
    _training, goal, back = _about(asked)
    try:
        assessments.recall_request(asked, by=request.user)
    except rules.Stale:
        return _too_late(request, goal, back, _("Forespørselen er allerede besvart eller trukket."))
    messages.success(request, _("Forespørselen er trukket tilbake."))
    return redirect(back)


@require_POST
def assessment_remind(request: HttpRequest, request_id: int) -> HttpResponse:
    asked = _own_request(request, request_id)
    _training, goal, back = _about(asked)
    if asked.state != RequestState.OPEN or asked.expires_on < timezone.localdate():
        return _too_late(request, goal, back, _("Forespørselen venter ikke lenger på svar."))
    _remind(request, assessments.remind_assessor, asked)
    return redirect("portfolio:home" if "from_home" in request.POST else back)


# --- What these have in common -------------------------------------------------------------------


def _own_claim(request: HttpRequest, claim_id: int) -> Claim:
    claim = get_object_or_404(claims_visible_to(request.user), pk=claim_id)
    if not permissions.can_log(request.user, claim.progress.training):
        raise PermissionDenied
    return claim


def _own_request(request: HttpRequest, request_id: int) -> AssessmentRequest:
    asked = get_object_or_404(
        AssessmentRequest.objects.visible_to(request.user).select_related(
            "training__pathway", "goal__curriculum", "asked_of"
        ),
        pk=request_id,
    )
    if not permissions.can_log(request.user, asked.training):
        raise PermissionDenied
    return asked


def _about(subject: Claim | AssessmentRequest) -> tuple[Training, Goal, str]:
    """The training, the goal as pages read it, and the address of its page."""
    about = subject.progress if isinstance(subject, Claim) else subject
    goal = pathway_goals(about.training.pathway).by_id[about.goal_id]
    return about.training, goal, goal_url(about.training_id, goal)


def _remind(request: HttpRequest, verb, asked) -> None:
    try:
        verb(asked, by=request.user)
    except rules.Refused as refusal:
        messages.warning(request, refusal.message)
    else:
        told = _("Påminnelse sendt til %(name)s.") % {"name": asked.asked_of.name}
        messages.success(request, told)


def _too_late(request: HttpRequest, goal: Goal, back: str, why: str) -> HttpResponse:
    return render_page(
        request, "portfolio/goal_changed.html", status=409, goal=goal, back=back, why=why
    )
