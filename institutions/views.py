"""Training sites for everybody; people and roles for administrators."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import AccountState
from accounts.models import User
from institutions import permissions, queries, services
from institutions.enums import RecognitionKind, Region
from institutions.forms import InvitationForm, RoleEndForm, RoleForm, SiteFilterForm
from institutions.models import RoleAssignment
from institutions.rules import Refused
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
