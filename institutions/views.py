"""Training sites for everybody; people and roles for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import AccountState
from accounts.models import User
from institutions import permissions, queries, services
from institutions.enums import CohortPlace, RecognitionKind, Region
from institutions.forms import (
    AgreementEndForm,
    AgreementForm,
    CohortForm,
    CohortPlaceForm,
    InvitationForm,
    OffersForm,
    RoleEndForm,
    RoleForm,
    SiteFilterForm,
)
from institutions.models import Agreement, Cohort, Department, Institution, RoleAssignment
from institutions.queries.general_plan import (
    department_offers,
    general_plan,
    institutions_to_plan,
)
from institutions.rules import Refused, Stale
from pages.rendering import render_page

PEOPLE_PER_PAGE = 50


@login_not_required
@require_GET
def site_list(request):
    filters = SiteFilterForm(request.GET).chosen
    regions = queries.sites_by_region(**filters)
    return render_page(
        request,
        "institutions/site_list.html",
        filters=filters,
        regions=regions,
        has_demo=any(site.has_demo for region in regions for site in region.sites),
        region_choices=Region.choices,
        kind_choices=RecognitionKind.choices,
    )


@require_GET
def person_list(request):
    _require_admin(request.user)
    search = request.GET.get("q", "").strip()[:100]
    people = Paginator(queries.people(search), PEOPLE_PER_PAGE)
    page = people.get_page(request.GET.get("side"))
    return render_page(request, "institutions/person_list.html", page=page, search=search)


@require_http_methods(["GET", "POST"])
def person_invite(request):
    _require_admin(request.user)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = {field: form.cleaned_data[field] for field in ("email", "name", "hpr_number")}
        try:
            person = services.invite_person(by=request.user, **values)
        except (Refused, ValidationError) as error:
            form.refuse(error)
        else:
            _tell_of_invitation(request, person, sent=person.state != AccountState.NOT_INVITED)
            return redirect("institutions:person_detail", person.pk)
    return render_page(request, "institutions/person_invite.html", form=form)


@require_GET
def person_detail(request, person_id):
    _require_admin(request.user)
    person = get_object_or_404(User, pk=person_id)
    return render_page(
        request,
        "institutions/person_detail.html",
        person=person,
        roles=queries.roles_of(person),
        leaderships=queries.leaderships_of(person),
        today=timezone.localdate(),
    )


@require_POST
def invitation_resend(request, person_id):
    return _change_account(request, person_id, _resend)


@require_POST
def person_deactivate(request, person_id):
    return _change_account(request, person_id, _deactivate)


@require_POST
def person_reactivate(request, person_id):
    return _change_account(request, person_id, _reactivate)


@require_http_methods(["GET", "POST"])
def role_give(request, person_id):
    _require_admin(request.user)
    person = get_object_or_404(User, pk=person_id)
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            given = services.give_role(user=person, by=request.user, **form.wanted)
        except Refused as error:
            form.refuse(error)
        else:
            text = _("%(name)s har rollen %(role)s.")
            messages.success(request, text % {"name": person.name, "role": given})
            return redirect("institutions:person_detail", person.pk)
    return render_page(request, "institutions/role_give.html", form=form, person=person)


@require_http_methods(["GET", "POST"])
def role_end(request, role_id):
    _require_admin(request.user)
    roles = RoleAssignment.objects.select_related("user", "institution", "department__institution")
    assignment = get_object_or_404(roles, pk=role_id)
    form = RoleEndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.end_role(assignment, ends_on=form.ends_on, by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("Rollen er avsluttet."))
            return redirect("institutions:person_detail", assignment.user_id)
    return render_page(request, "institutions/role_end.html", form=form, assignment=assignment)


@require_http_methods(["GET", "POST"])
def cohort_list(request):
    _require_admin(request.user)
    form = CohortForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            cohort = services.create_cohort(
                name=form.cleaned_data["name"], kind=form.cleaned_data["kind"], by=request.user
            )
        except ValidationError as error:
            form.refuse(error)
        else:
            return redirect("institutions:cohort_detail", cohort.pk)
    return render_page(
        request, "institutions/cohort_list.html", form=form, cohorts=queries.cohorts()
    )


@require_GET
def cohort_detail(request, cohort_id):
    _require_admin(request.user)
    cohort = get_object_or_404(Cohort, pk=cohort_id)
    return render_page(
        request,
        "institutions/cohort_detail.html",
        cohort=cohort,
        groups=queries.places_of(cohort),
        today=timezone.localdate(),
    )


@require_http_methods(["GET", "POST"])
def cohort_add(request, cohort_id):
    _require_admin(request.user)
    cohort = get_object_or_404(Cohort, pk=cohort_id)
    form = CohortPlaceForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        values = {field: form.cleaned_data[field] for field in CohortPlaceForm.asked}
        try:
            added = services.add_to_cohort(cohort, by=request.user, **values)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("%(name)s er lagt til.") % {"name": added.user.name})
            return redirect("institutions:cohort_detail", cohort.pk)
    return render_page(request, "institutions/cohort_add.html", form=form, cohort=cohort)


@require_POST
def cohort_remove(request, cohort_id, place, row_id):
    _require_admin(request.user)
    if place not in CohortPlace.values:
        raise Http404
    rows = services.COHORT_ROWS[CohortPlace(place)]
    row = get_object_or_404(rows, pk=row_id, cohort_id=cohort_id)
    try:
        services.remove_from_cohort(row, by=request.user)
    except Refused as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Plassen er avsluttet, og innsynet er borte."))
    return redirect("institutions:cohort_detail", cohort_id)


# --- The general plan, for education leads and administrators ------------------------------------


@require_GET
def general_plan_list(request):
    """Those the person keeps; where there is only one, straight to it."""
    institutions = institutions_to_plan()
    if not permissions.can_manage_people(request.user):
        institutions = institutions.filter(pk__in=permissions.led_institutions(request.user))
        found = list(institutions[:2])
        if not found:
            raise PermissionDenied
        if len(found) == 1:
            return redirect("institutions:general_plan", found[0].pk)
    return render_page(request, "institutions/general_plan_list.html", institutions=institutions)


@require_GET
def general_plan_detail(request, institution_id):
    institution = _kept_institution(request, institution_id)
    plan = general_plan(institution)
    shown = request.GET.get("vis", "")
    return render_page(
        request,
        "institutions/general_plan.html",
        plan=plan,
        shown=shown if shown in (plan.UNCOVERED, plan.BY_AGREEMENT) else "",
        themes=plan.by_theme(shown),
        today=timezone.localdate(),
    )


@require_http_methods(["GET", "POST"])
def offers_edit(request, institution_id, department_id):
    """One form for all that can be learnt in one department. `institution_id`: whose plan it is
    opened from; an arena may stand in several."""
    institution = get_object_or_404(Institution, pk=institution_id)
    departments = Department.objects.select_related("institution")
    department = get_object_or_404(departments, pk=department_id)
    if not permissions.can_edit_offers(request.user, department):
        raise PermissionDenied
    offered = department_offers(department)
    form = OffersForm(request.POST if request.method == "POST" else None, offered=offered)
    status = None
    if form.is_valid():
        try:
            services.set_offers(
                department,
                offers=form.offers(),
                among=offered.goals.by_id,
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
        except Stale:
            form.meet_newer(department_offers(department))
            status = 409
        else:
            messages.success(
                request, _("Planen for %(name)s er lagret.") % {"name": department.name}
            )
            return redirect("institutions:general_plan", institution_id)
    return render_page(
        request,
        "institutions/offers_edit.html",
        status=status,
        form=form,
        institution=institution,
        department=department,
    )


@require_http_methods(["GET", "POST"])
def agreement_add(request, institution_id):
    institution = _kept_institution(request, institution_id)
    form = AgreementForm(
        request.POST if request.method == "POST" else None, institution=institution
    )
    if form.is_valid():
        try:
            services.add_agreement(institution, by=request.user, **form.wanted)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("Avtalen er lagt til."))
            return redirect("institutions:general_plan", institution_id)
    return render_page(
        request, "institutions/agreement_add.html", form=form, institution=institution
    )


@require_http_methods(["GET", "POST"])
def agreement_end(request, agreement_id):
    agreements = Agreement.objects.select_related("arena", "department__institution", "institution")
    agreement = get_object_or_404(agreements, pk=agreement_id)
    if not permissions.can_keep_general_plan(request.user, agreement.institution):
        raise PermissionDenied
    form = AgreementEndForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.end_agreement(agreement, ends_on=form.cleaned_data["ends_on"], by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("Avtalen er avsluttet."))
            return redirect("institutions:general_plan", agreement.institution_id)
    return render_page(request, "institutions/agreement_end.html", form=form, agreement=agreement)


def _kept_institution(request, institution_id) -> Institution:
    institution = get_object_or_404(Institution, pk=institution_id)
    if not permissions.can_keep_general_plan(request.user, institution):
        raise PermissionDenied
    return institution


def _require_admin(user) -> None:
    if not permissions.can_manage_people(user):
        raise PermissionDenied


def _change_account(request, person_id, change):
    """What the buttons on a person's page do: act, say so, back to the page."""
    _require_admin(request.user)
    person = get_object_or_404(User, pk=person_id)
    try:
        change(request, person)
    except Refused as error:
        messages.error(request, error.message)
    return redirect("institutions:person_detail", person.pk)


def _resend(request, person):
    _tell_of_invitation(request, person, sent=services.resend_invitation(person, by=request.user))


def _deactivate(request, person):
    services.deactivate_person(person, by=request.user)
    messages.success(request, _("Kontoen er deaktivert, og innloggingen er avsluttet."))


def _reactivate(request, person):
    services.reactivate_person(person, by=request.user)
    messages.success(request, _("Kontoen er åpnet igjen."))


def _tell_of_invitation(request, person, *, sent: bool) -> None:
    if sent:
        text = _("Invitasjonen er sendt til %(email)s.")
        messages.success(request, text % {"email": person.email})
    else:
        messages.error(
            request, _("Kontoen er laget, men e-posten kom ikke av sted. Send den på nytt.")
        )
