from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from institutions.enums import Role
from pages.rendering import render_page
from portfolio import permissions, rules
from portfolio.forms.documents import (
    DocumentConfirmForm,
    DocumentForm,
    first_values,
    stored_values,
)
from portfolio.models import Document, Training
from portfolio.queries.activities import own_training
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.queries.documents import (
    document_choices,
    document_groups,
    document_line,
    documents_awaiting,
    documents_of,
    documents_with_facts,
    next_to_confirm,
)
from portfolio.services.documents import add_document, confirm_document, withdraw_document
from portfolio.services.trainings import note_opening
from portfolio.views.activities import DOWNLOAD_POLICY
from portfolio.views.acts import posted, too_late

# --- What there is -------------------------------------------------------------------------------


@require_GET
def document_list(request):
    training = get_object_or_404(own_training(request.user))
    return _list_page(request, training)


@require_GET
def training_documents(request, training_id):
    """The same list for those who see the portfolio."""
    visible = Training.objects.visible_to(request.user).select_related("trainee", "pathway")
    training = get_object_or_404(visible, pk=training_id)
    note_opening(training=training, user=request.user)
    return _list_page(request, training)


def _list_page(request, training: Training):
    groups = document_groups(documents_of(training).visible_to(request.user))
    documents = [one for group in groups for one in group.documents]
    return render_page(
        request,
        "portfolio/document_list.html",
        training=training,
        groups=groups,
        count=len(documents),
        unconfirmed=sum(1 for one in documents if not one.confirmed_by),
        faulty=sum(1 for one in documents if one.faults),
        is_own=training.trainee_id == request.user.pk,
        may_add=permissions.can_log(request.user, training),
    )


@require_GET
def document_detail(request, document_id):
    document = _visible(request, document_id)
    role = permissions.role_for(request.user, document.training)
    _note_opening(request, document, role)
    return render_page(
        request,
        "portfolio/document_detail.html",
        document=document_line(document),
        training=document.training,
        is_own=role == Role.TRAINEE,
        sees_portfolio=role is not None,
        may_withdraw=permissions.can_withdraw_document(request.user, document),
        may_confirm=permissions.can_confirm_document(request.user, document),
    )


@require_GET
def document_download(request, document_id):
    """As a file to keep, never as a page."""
    document = _visible(request, document_id)
    _note_opening(request, document, permissions.role_for(request.user, document.training))
    return FileResponse(
        document.file.open(),
        as_attachment=True,
        filename=document.name,
        content_type=document.content_type,
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": DOWNLOAD_POLICY,
            "Cache-Control": "private, no-store",
        },
    )


def _note_opening(request, document: Document, role: Role | None) -> None:
    """One who signs for a service sees its attestation without seeing the portfolio; the trainee
    is told of both."""
    role = role or permissions.signing_role(request.user, document)
    note_opening(training=document.training, user=request.user, role=role)


# --- The trainee ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def document_new(request):
    training = get_object_or_404(own_training(request.user))
    choices = document_choices(training)
    if request.method == "POST":
        form = DocumentForm(request.POST, request.FILES, choices=choices)
        return _add(request, form, training)
    first = first_values(
        kind=request.GET.get("slag", ""), belongs_to=request.GET.get("gjelder", "")
    )
    form = DocumentForm(initial=first, choices=choices)
    return render_page(request, "portfolio/document_form.html", form=form)


@require_http_methods(["GET", "POST"])
def document_replace(request, document_id):
    """A better scan, or other facts: a new row, and the old one is withdrawn."""
    document = _own(request, document_id)
    choices = document_choices(document.training)
    if document.withdrawn_at:
        return _withdrawn(request)
    if request.method == "POST":
        form = DocumentForm(request.POST, request.FILES, choices=choices, replaces=document)
        return _add(request, form, document.training)
    form = DocumentForm(initial=stored_values(document), choices=choices, replaces=document)
    return render_page(request, "portfolio/document_form.html", form=form, replaces=document)


def _add(request, form: DocumentForm, training: Training):
    if form.is_valid():
        try:
            document = add_document(
                training=training, by=request.user, replaces=form.replaces, **form.content()
            )
        except rules.Stale:
            return _withdrawn(request)
        except (rules.Refused, ValidationError) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Dokumentet er lagret."))
            return redirect("portfolio:document_detail", document.pk)
    return render_page(request, "portfolio/document_form.html", form=form, replaces=form.replaces)


@require_http_methods(["GET", "POST"])
def document_withdraw(request, document_id):
    document = _own(request, document_id)
    if document.withdrawn_at:
        return _withdrawn(request)
    if request.method == "POST":
        try:
            withdraw_document(document, by=request.user)
        except rules.Stale:
            return _withdrawn(request)
        messages.success(request, _("Dokumentet er trukket tilbake."))
        return redirect("portfolio:document_list")
    return render_page(
        request, "portfolio/document_withdraw.html", document=document_line(document)
    )


# --- Those who confirm ---------------------------------------------------------------------------


@require_GET
def document_queue(request):
    """All that this person may confirm, whoever's it is."""
    return render_page(
        request, "portfolio/document_queue.html", waiting=documents_awaiting(request.user)
    )


@require_http_methods(["GET", "POST"])
def document_confirm(request, document_id):
    document = _visible(request, document_id)
    role = permissions.confirming_role(request.user, document)
    if role is None:
        raise PermissionDenied
    if not document.awaits_confirmation:
        return _settled(request)
    standing = standing_of(document.placement) if document.attests_service else None
    shown = digest(standing.facts) if standing else ""
    form = DocumentConfirmForm(posted(request), initial={"shown": shown})
    if form.is_valid():
        try:
            confirm_document(document, by=request.user, **form.signature())
        except rules.Stale:
            return _not_as_shown(request, document)
        messages.success(request, _("«%(title)s» er bekreftet.") % {"title": document.title})
        return _to_next(request.user, document.training)
    note_opening(training=document.training, user=request.user, role=role)
    return render_page(
        request,
        "portfolio/document_confirm.html",
        form=form,
        document=document_line(document),
        training=document.training,
        role=role,
        service=[row for row in standing.rows if row.lines] if standing else [],
    )


def _to_next(user, training: Training):
    """The doctor's next document, else the list of them."""
    if following := next_to_confirm(user, training):
        return redirect("portfolio:document_confirm", following)
    return redirect("portfolio:training_documents", training.pk)


def _visible(request, document_id) -> Document:
    visible = documents_with_facts().visible_to(request.user)
    return get_object_or_404(visible, pk=document_id)


def _own(request, document_id) -> Document:
    """Found by who may see it; acted on by the trainee alone."""
    document = _visible(request, document_id)
    if not permissions.can_log(request.user, document.training):
        raise PermissionDenied
    return document


def _withdrawn(request):
    messages.warning(request, _("Dokumentet er allerede trukket tilbake eller erstattet."))
    return redirect("portfolio:document_list")


def _not_as_shown(request, document: Document):
    if not permissions.can_confirm_document(request.user, document):
        return _settled(request)
    return too_late(
        request,
        title=_("Opplysningene er endret"),
        why=_(
            "Legen har endret noe om tjenesten mens siden sto åpen. Ingenting er bekreftet. "
            "Åpne dokumentet på nytt fra listen din."
        ),
    )


def _settled(request):
    return too_late(
        request,
        title=_("Dokumentet venter ikke lenger på deg"),
        why=_("Det er allerede bekreftet, eller legen har trukket det tilbake."),
    )
