"""A service is stated by its doctor, attested by the head, countersigned by the medical lead."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from institutions.enums import Role
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.forms.attestations import (
    AttestationReturnForm,
    AttestersForm,
    AttestForm,
    CountersignForm,
    StatementForm,
    stored_values,
)
from portfolio.models import AttestationRequest, Placement, ServiceAttestation, ServiceStatement
from portfolio.queries import attestations as queries
from portfolio.queries.attested_facts import digest
from portfolio.services import attestations as services
from portfolio.services.trainings import note_opening
from portfolio.views.acts import perform, posted, too_late
from portfolio.views.placements import own_placement

PAGE = {
    Role.DEPARTMENT_HEAD: "portfolio:service_attest",
    Role.MEDICAL_LEAD: "portfolio:service_countersign",
}
SHOWN = 100  # the newest


# --- The doctor's own ----------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def service_statement(request, placement_id):
    placement = own_placement(request, placement_id)
    statement = getattr(placement, "statement", None) or ServiceStatement()
    form = StatementForm(posted(request), initial=stored_values(statement))
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            services.save_statement(
                placement, by=request.user, version=version, **form.content_of()
            )
        except rules.Stale:
            form.meet_newer(statement.version if statement.pk else 0)
            return _statement_page(request, placement, form, status=409)
        return _after_saving(request, placement)
    return _statement_page(request, placement, form)


def _statement_page(request, placement: Placement, form: StatementForm, *, status=None):
    return render_page(
        request,
        "portfolio/statement_form.html",
        status=status,
        form=form,
        standing=queries.standing_of(placement),
    )


def _after_saving(request, placement: Placement):
    """On to the asking where nothing is in its way, else back to what is missing."""
    standing = queries.standing_of(placement)
    if not standing.missing and standing.is_open_to_sign and standing.due:
        return redirect("portfolio:attestation_ask", placement.pk)
    messages.success(request, _("Lagret."))
    return redirect("portfolio:service_statement", placement.pk)


@require_http_methods(["GET", "POST"])
def attestation_ask(request, placement_id):
    placement = own_placement(request, placement_id)
    standing = queries.standing_of(placement)
    form = AttestersForm(posted(request), people=queries.who_may_sign(placement), due=standing.due)
    if form.is_valid():
        asked = perform(
            form,
            services.request_attestation,
            placement,
            by=request.user,
            key=form.cleaned_data["key"],
            **form.asked(),
        )
        if asked:
            name = asked.asked_of.name
            messages.success(request, _("%(name)s er bedt om å signere.") % {"name": name})
            return redirect("portfolio:service_statement", placement.pk)
    return render_page(request, "portfolio/attestation_ask.html", form=form, standing=standing)


@require_POST
def attestation_recall(request, placement_id):
    placement = own_placement(request, placement_id)
    try:
        services.recall_attestation_request(placement, by=request.user)
    except rules.Stale:
        messages.warning(request, _("Forespørselen er allerede besvart."))
    else:
        messages.success(request, _("Forespørselen er trukket."))
    return redirect("portfolio:service_statement", placement.pk)


@require_POST
def attestation_remind(request, request_id):
    asked = get_object_or_404(
        AttestationRequest.objects.select_related("placement__training", "asked_of"),
        pk=request_id,
        placement__training__trainee=request.user,
    )
    try:
        services.remind_attester(asked, by=request.user)
    except rules.Refused as refusal:
        messages.warning(request, refusal.message)
    except rules.Stale:
        messages.warning(request, _("Forespørselen venter ikke lenger."))
    else:
        messages.success(request, _("%(name)s er påminnet.") % {"name": asked.asked_of.name})
    return redirect("portfolio:service_statement", asked.placement_id)


# --- Those who sign ------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def service_attest(request, request_id):
    asked = _asked(request, request_id, Role.DEPARTMENT_HEAD)
    form = AttestForm(posted(request))
    if form.is_valid():
        try:
            signed = perform(
                form, services.attest_service, asked, by=request.user, **form.signature()
            )
            if signed:
                return _to_next(request, asked)
        except rules.Stale:
            return _changed(request, asked)
    if asked.closed_at:
        return _answered(request)
    return _sign_page(request, "portfolio/attestation_sign.html", asked, form)


@require_http_methods(["GET", "POST"])
def service_countersign(request, request_id):
    asked = _asked(request, request_id, Role.MEDICAL_LEAD)
    form = CountersignForm(posted(request))
    if form.is_valid():
        try:
            signed = perform(
                form, services.countersign_attestation, asked, by=request.user, **form.signature()
            )
            if signed:
                return _to_next(request, asked)
        except rules.Stale:
            return _changed(request, asked)
    if asked.closed_at:
        return _answered(request)
    return _sign_page(request, "portfolio/attestation_countersign.html", asked, form)


def _asked(request, request_id, *roles: Role) -> AttestationRequest:
    """Open and theirs to sign today; or answered, of which they are told no more than that."""
    asked = get_object_or_404(
        AttestationRequest.objects.select_related(
            "placement__training__trainee", "placement__department__institution"
        ),
        pk=request_id,
        asked_of=request.user,
        role__in=roles,
    )
    if not asked.closed_at and not permissions.can_sign_service(request.user, asked):
        raise Http404
    return asked


def _sign_page(request, template: str, asked: AttestationRequest, form):
    standing = queries.standing_of(asked.placement)
    note_opening(training=asked.placement.training, user=request.user, role=asked.role)
    shown = digest(standing.facts)
    form.initial["shown"] = shown
    return render_page(request, template, asked=asked, form=form, standing=standing, shown=shown)


def _to_next(request, asked: AttestationRequest):
    name = asked.placement.training.trainee.name
    messages.success(request, _("Signert for %(name)s.") % {"name": name})
    following = queries.next_to_sign(request.user)
    if following is None:
        return redirect("portfolio:waiting_list")
    return redirect(PAGE[Role(following.role)], following.pk)


def _changed(request, asked: AttestationRequest):
    asked.refresh_from_db(fields=["closed_at"])
    if asked.closed_at:
        return _answered(request)
    return too_late(
        request,
        title=_("Opplysningene er endret"),
        why=_(
            "Legen har endret noe mens siden sto åpen. Ingenting er signert. "
            "Åpne saken på nytt fra listen din."
        ),
    )


def _answered(request):
    return too_late(
        request,
        title=_("Dette venter ikke lenger på deg"),
        why=_("Tjenesten er signert, sendt tilbake, eller forespørselen er trukket."),
    )


@require_http_methods(["GET", "POST"])
def attestation_return(request, request_id):
    asked = _asked(request, request_id, *PAGE)
    if asked.closed_at:
        return _answered(request)
    form = AttestationReturnForm(posted(request))
    if form.is_valid():
        try:
            services.return_attestation(
                asked, by=request.user, comment=form.cleaned_data["comment"]
            )
        except rules.Stale:
            return _answered(request)
        name = asked.placement.training.trainee.name
        messages.success(request, _("Sendt tilbake til %(name)s.") % {"name": name})
        return redirect("portfolio:waiting_list")
    back = reverse(PAGE[Role(asked.role)], args=[asked.pk])
    return render_page(
        request, "portfolio/attestation_return.html", form=form, asked=asked, back=back
    )


# --- What was signed -----------------------------------------------------------------------------


@require_GET
def attestation_list(request):
    return render_page(
        request,
        "portfolio/attestation_list.html",
        attestations=queries.signed_attestations(request.user)[:SHOWN],
    )


@require_GET
def attestation_detail(request, attestation_id):
    attestation = get_object_or_404(
        ServiceAttestation.objects.visible_to(request.user).select_related(
            "placement__training__trainee", "actor", "countersignature__actor"
        ),
        pk=attestation_id,
    )
    return render_page(
        request,
        "portfolio/attestation_detail.html",
        signed=queries.signed_statement(attestation),
        is_own=attestation.placement.training.trainee_id == request.user.pk,
    )
