import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from curriculum.queries import pathway_goals
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.enums import ActivityState, RequestState, ReturnReason
from portfolio.forms.assessments import (
    AssessmentForm,
    AttestForm,
    ReturnForm,
    UnaskedAssessmentForm,
    as_signed,
)
from portfolio.models import Assessment, AssessmentRequest, LearningActivity
from portfolio.queries import assessments as queries
from portfolio.queries import signed as records
from portfolio.queries.hats import request_hats
from portfolio.queries.waiting import waiting_for
from portfolio.services import activities, assessments
from portfolio.views.acts import perform, posted, to_next, too_late

SIGNED_PER_PAGE = 25


@require_GET
def waiting_list(request):
    hats = request_hats(request)
    return render_page(
        request,
        "portfolio/waiting_list.html",
        waiting=waiting_for(request.user, signs=hats.signs_service or hats.leads),
        hats=hats,
        today=timezone.localdate(),
        signed=records.just_signed(request.user, request.GET.get("signert")),
    )


# --- A request -----------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def assess(request, request_id):
    asked = _addressed(request, request_id)
    queue = queries.request_queue(request.user)
    goal = queries.goal_of(asked)
    form = AssessmentForm(posted(request), **_form_of(goal, asked.training))
    if form.is_valid():
        try:
            if signed := _sign(request, asked, form):
                return _next_request(request, queue, done=asked, signed=signed)
        except rules.Stale:
            return _request_closed(request, asked)
    if asked.pk not in queue:
        return _request_closed(request, asked)
    return render_page(
        request,
        "portfolio/assess.html",
        asked=asked,
        activity=queries.activity_facts(asked.activity),
        place_in_queue=queue.index(asked.pk) + 1,
        queue_length=len(queue),
        **_sheet(request, form, goal, asked.training),
    )


def _sign(request, asked: AssessmentRequest, form) -> Assessment | None:
    signature = form.signature()
    return perform(form, assessments.sign_assessment, asked, by=request.user, **signature)


def _addressed(request, request_id) -> AssessmentRequest:
    """Addressed to this person. One that is seen but addressed to another is 403."""
    asked = queries.requests_addressed_to(request.user).filter(pk=request_id).first()
    if asked is None:
        get_object_or_404(AssessmentRequest.objects.visible_to(request.user), pk=request_id)
        raise PermissionDenied
    return asked


def _form_of(goal, training) -> dict:
    return {"goal": goal, "decides_goals": training.pathway.decides_goals}


def _sheet(request, form, goal, training) -> dict:
    """What every page with the levels of a goal shows around them."""
    return {
        "form": form,
        "goal": goal,
        "training": training,
        "role_label": queries.signing_role(request_hats(request)).label.lower(),
        "signed": records.just_signed(request.user, request.GET.get("signert")),
    }


def _next_request(request, queue, *, done: AssessmentRequest, signed: Assessment):
    if hasattr(signed, "retraction"):  # an old tab, whose signature was taken back meanwhile
        messages.warning(request, _("Du trakk tilbake den forrige signaturen. Signer på nytt."))
        return redirect("portfolio:assess", done.pk)
    following = queries.next_request(request.user, queue, done=done.pk)
    return to_next("portfolio:assess", following, signert=signed.pk)


def _request_closed(request, asked: AssessmentRequest):
    asked.refresh_from_db(fields=["state"])
    titles = {
        RequestState.ANSWERED: _("Dette er allerede signert"),
        RequestState.RETURNED: _("Dette er allerede sendt tilbake"),
        RequestState.RECALLED: _("Forespørselen er trukket"),
    }
    reasons = {
        RequestState.ANSWERED: _("Du finner vurderingen under Signert."),
        RequestState.RETURNED: _("Legen kan be om en ny vurdering når det er klart."),
        RequestState.RECALLED: _(
            "Legen har tatt den tilbake, kanskje for å rette noe. Du får en ny når den er klar."
        ),
    }
    return too_late(
        request,
        title=titles.get(asked.state, _("Forespørselen er utløpt")),
        why=reasons.get(
            asked.state,
            _("Den måtte besvares innen 30 dager. Du kan vurdere legen uten forespørsel."),
        ),
    )


@require_http_methods(["GET", "POST"])
def assess_return(request, request_id):
    asked = _addressed(request, request_id)
    queue = queries.request_queue(request.user)
    # The link here says «Har ikke sett dette».
    form = ReturnForm(posted(request), initial={"reason": ReturnReason.NOT_SEEN})
    if form.is_valid():
        try:
            assessments.return_request(asked, by=request.user, **form.answer())
        except rules.Stale:
            return _request_closed(request, asked)
        messages.success(request, _("Sendt tilbake til %(name)s.") % {"name": _first_name(asked)})
        following = queries.next_request(request.user, queue, done=asked.pk)
        return to_next("portfolio:assess", following)
    if asked.pk not in queue:
        return _request_closed(request, asked)
    return render_page(
        request, "portfolio/assess_return.html", form=form, asked=asked, training=asked.training
    )


def _first_name(row) -> str:
    return row.training.trainee.first_name


# --- Beginning unasked ---------------------------------------------------------------------------


@require_GET
def assess_choose(request):
    """First the doctor, then the goal; each step is a link."""
    chosen = request.GET.get("lege", "")
    words = request.GET.get("sok", "")
    training = None
    if chosen:
        training = get_object_or_404(
            queries.assessable_by(request.user), pk=chosen if chosen.isdecimal() else 0
        )
    return render_page(
        request,
        "portfolio/assess_choose.html",
        doctors=[] if training else queries.assessable_by(request.user),
        training=training,
        themes=queries.goals_by_theme(training, words) if training else [],
        words=words,
    )


@require_http_methods(["GET", "POST"])
def assess_unasked(request, training_id, curriculum, code):
    training = get_object_or_404(queries.known_trainings(request.user), pk=training_id)
    if not permissions.can_assess_unasked(request.user, training):
        raise PermissionDenied
    goal = pathway_goals(training.pathway).by_code.get((curriculum, code))
    if goal is None:
        raise Http404
    form = UnaskedAssessmentForm(posted(request), **_form_of(goal, training))
    if form.is_valid() and (signed := _sign_unasked(request, training, form)):
        return to_next("portfolio:waiting_list", None, signert=signed.pk)
    return render_page(
        request, "portfolio/assess_unasked.html", **_sheet(request, form, goal, training)
    )


def _sign_unasked(request, training, form) -> Assessment | None:
    return perform(
        form,
        assessments.assess_unasked,
        training=training,
        goal=queries.goal_row(form.goal),
        by=request.user,
        **form.signature(),
    )


# --- Attesting an activity -----------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def attest(request, activity_id):
    activity = _sent_activity(request, activity_id)
    form = AttestForm(posted(request))
    if form.is_valid():
        try:
            activities.attest_activity(activity, by=request.user, key=form.cleaned_data["key"])
        except rules.Stale:
            return _activity_closed(request)
        messages.success(request, _("Aktiviteten er bekreftet."))
        return to_next("portfolio:attest", queries.next_activity(request.user))
    if activity.state != ActivityState.SENT:
        return _activity_closed(request)
    return render_page(
        request,
        "portfolio/attest.html",
        form=form,
        activity=activity,
        facts=queries.activity_facts(activity),
        training=activity.training,
    )


@require_http_methods(["GET", "POST"])
def attest_return(request, activity_id):
    activity = _sent_activity(request, activity_id)
    form = ReturnForm(posted(request))
    if form.is_valid():
        try:
            activities.return_activity(activity, by=request.user, **form.answer())
        except rules.Stale:
            return _activity_closed(request)
        messages.success(
            request, _("Sendt tilbake til %(name)s.") % {"name": _first_name(activity)}
        )
        return to_next("portfolio:attest", queries.next_activity(request.user))
    if activity.state != ActivityState.SENT:
        return _activity_closed(request)
    return render_page(
        request,
        "portfolio/attest_return.html",
        form=form,
        activity=activity,
        training=activity.training,
    )


def _sent_activity(request, activity_id) -> LearningActivity:
    """The veileder's, also when it is no longer sent: an old tab is told so."""
    activity = queries.activities_guided_by(request.user).filter(pk=activity_id).first()
    if activity is None:
        get_object_or_404(LearningActivity.objects.visible_to(request.user), pk=activity_id)
        raise PermissionDenied
    if activity.state == ActivityState.SENT and not permissions.can_attest(request.user, activity):
        raise PermissionDenied
    return activity


def _activity_closed(request):
    return too_late(
        request,
        title=_("Aktiviteten venter ikke lenger på deg"),
        why=_("Den er allerede bekreftet, trukket eller sendt tilbake."),
    )


# --- What was signed -----------------------------------------------------------------------------


@require_GET
def signed_list(request):
    page = Paginator(records.signed_by(request.user), SIGNED_PER_PAGE).get_page(
        request.GET.get("side")
    )
    return render_page(
        request,
        "portfolio/signed_list.html",
        page=page,
        rows=records.signed_rows(page, request.user),
    )


def _signed(request, assessment_id) -> Assessment:
    visible = Assessment.objects.visible_to(request.user)
    return get_object_or_404(records.with_subject(visible), pk=assessment_id)


@require_GET
def assessment_detail(request, assessment_id):
    assessment = _signed(request, assessment_id)
    return render_page(
        request,
        "portfolio/assessment_detail.html",
        record=records.signed_record(assessment, request.user),
        is_mine=assessment.actor_id == request.user.pk,
        may_retract=permissions.can_retract(request.user, assessment),
        may_correct=permissions.can_correct(request.user, assessment),
    )


@require_POST
def assessment_retract(request, assessment_id):
    assessment = _signed(request, assessment_id)
    if assessment.actor_id != request.user.pk:
        raise PermissionDenied
    try:
        # One retraction per assessment, so its key follows from the assessment's.
        key = uuid.uuid5(assessment.key, "retraction")
        assessments.retract_assessment(assessment, by=request.user, key=key)
    except rules.Refused as refusal:
        messages.warning(request, refusal.message)
        return redirect("portfolio:assessment_detail", assessment.pk)
    messages.success(request, _("Vurderingen er trukket tilbake."))
    asked = assessment.request
    if asked and asked.state == RequestState.OPEN:
        return redirect("portfolio:assess", asked.pk)
    return redirect("portfolio:assessment_detail", assessment.pk)


@require_http_methods(["GET", "POST"])
def assessment_correct(request, assessment_id):
    earlier = _signed(request, assessment_id)
    if earlier.actor_id != request.user.pk:
        raise PermissionDenied
    goal, training = queries.goal_of(earlier), earlier.training
    form = AssessmentForm(posted(request), initial=as_signed(earlier), **_form_of(goal, training))
    if form.is_valid():
        try:
            if corrected := _correct(request, earlier, form):
                messages.success(request, _("Rettelsen er signert. Den første står fortsatt."))
                return redirect("portfolio:assessment_detail", corrected.pk)
        except rules.Stale:
            return _corrected_already(request)
    if records.is_replaced(earlier):
        return _corrected_already(request)
    if not permissions.can_correct(request.user, earlier):
        raise PermissionDenied
    context = _sheet(request, form, goal, training)
    return render_page(request, "portfolio/assessment_correct.html", earlier=earlier, **context)


def _correct(request, earlier: Assessment, form) -> Assessment | None:
    if records.is_replaced(earlier, except_key=form.cleaned_data["key"]):
        raise rules.Stale
    return perform(
        form, assessments.correct_assessment, earlier, by=request.user, **form.signature()
    )


def _corrected_already(request):
    return too_late(
        request,
        title=_("Vurderingen står ikke lenger"),
        why=_("Den er allerede trukket eller rettet. Du finner den siste under Signert."),
    )
