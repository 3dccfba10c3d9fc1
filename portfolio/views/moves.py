"""To another pathway or version: a preview goal by goal, then the programme leader decides."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.models import Pathway
from pages.rendering import render_page
from portfolio import permissions
from portfolio.forms.moves import EndTrainingForm, MoveForm
from portfolio.models import Training
from portfolio.queries.hats import request_hats
from portfolio.queries.moves import left_goals, move_of, open_pathways, other_pathways
from portfolio.services import moves
from portfolio.services.trainings import note_opening
from portfolio.views.acts import perform, posted


def _seen_by(request, training_id: int) -> Training:
    seen = Training.objects.visible_to(request.user).select_related("pathway", "trainee")
    training = get_object_or_404(seen, pk=training_id)
    note_opening(training=training, user=request.user)
    return training


@require_safe
def move_choose(request, training_id: int) -> HttpResponse:
    training = _seen_by(request, training_id)
    return render_page(
        request,
        "portfolio/move_choose.html",
        training=training,
        is_own=training.trainee_id == request.user.pk,
        pathways=other_pathways(training),
        left=left_goals(training),
    )


@require_safe
def move_preview(request, training_id: int, pathway_id: int) -> HttpResponse:
    training = _seen_by(request, training_id)
    pathway = get_object_or_404(other_pathways(training), pk=pathway_id)
    if permissions.can_move(request.user, training):
        return redirect("portfolio:move", training.pk, pathway.pk)
    return render_page(request, "portfolio/move.html", **_preview(request, training, pathway))


@require_http_methods(["GET", "POST"])
def move(request, training_id: int, pathway_id: int) -> HttpResponse:
    training = _seen_by(request, training_id)
    pathway = get_object_or_404(open_pathways(), pk=pathway_id)
    if not permissions.can_move(request.user, training):
        raise PermissionDenied
    form = MoveForm(posted(request), initial={"seen_pathway_id": training.pathway_id})
    if form.is_valid() and perform(
        form,
        moves.move_training,
        training=training,
        pathway=pathway,
        by=request.user,
        **form.cleaned_data,
    ):
        messages.success(request, _("%(name)s følger nå %(pathway)s.") % _named(training, pathway))
        return redirect("portfolio:doctor", training.pk)
    shown = _preview(request, training, pathway)
    return render_page(request, "portfolio/move.html", form=form, **shown)


def _preview(request, training: Training, pathway: Pathway) -> dict:
    return {
        "preview": move_of(training, pathway, on=timezone.localdate()),
        "is_own": training.trainee_id == request.user.pk,
    }


def _named(training: Training, pathway) -> dict:
    return {"name": training.trainee.name, "pathway": pathway.short_title}


@require_http_methods(["GET", "POST"])
def training_end(request, training_id: int) -> HttpResponse:
    if not request_hats(request).is_admin:
        raise PermissionDenied
    running = Training.objects.filter(ended_on__isnull=True).select_related("pathway", "trainee")
    training = get_object_or_404(running, pk=training_id)
    if not permissions.can_end_training(request.user, training):
        raise PermissionDenied
    form = EndTrainingForm(posted(request))
    if form.is_valid() and perform(
        form,
        moves.end_training,
        training,
        by=request.user,
        ended_on=form.cleaned_data["ended_on"],
    ):
        messages.success(request, _("Utdanningen er avsluttet."))
        return redirect("portfolio:training_admin", training.trainee_id)
    return render_page(request, "portfolio/training_end.html", form=form, training=training)
