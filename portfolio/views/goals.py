"""Every goal, and one goal: where it stands, what shows it, what is next."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from curriculum.queries import Goal, PathwayGoals, Theme, goal_by_code, pathway_goals
from pages.rendering import render_page
from portfolio.models import Training
from portfolio.queries.activities import own_training
from portfolio.queries.evidence import goal_evidence
from portfolio.queries.goal_list import GoalList
from portfolio.queries.goals import goal_overview, is_touched
from portfolio.queries.hats import request_hats
from portfolio.queries.lanes import draw_lanes
from portfolio.queries.path import Path
from portfolio.services.trainings import note_opening


@require_safe
def my_goals(request: HttpRequest) -> HttpResponse:
    training = own_training(request.user).first()
    if training is None:
        raise Http404
    query = request.META["QUERY_STRING"]
    url = reverse("portfolio:goal_list", args=[training.pk])
    return redirect(f"{url}?{query}" if query else url)


@require_safe
def goal_list(request: HttpRequest, training_id: int) -> HttpResponse:
    training = training_seen_by(request, training_id)
    goals = GoalList(
        overview=goal_overview(training, timezone.localdate()),
        status=request.GET.get("status", ""),
        sought=request.GET.get("sok", "").strip()[:100],
    )
    return render_page(
        request,
        "portfolio/goal_list.html",
        training=training,
        is_own=training.trainee_id == request.user.pk,
        goals=goals,
        root=reverse("portfolio:goal_list", args=[training.pk]),
        wants_search="sok" in request.GET,
    )


@require_safe
def goal_detail(request: HttpRequest, training_id: int, curriculum: str, code: str) -> HttpResponse:
    training = training_seen_by(request, training_id)
    goal, theme = goal_to_read(training, curriculum, code)
    evidence = goal_evidence(training, goal)
    today = timezone.localdate()
    return render_page(
        request,
        "portfolio/goal_detail.html",
        training=training,
        is_own=training.trainee_id == request.user.pk,
        goal=goal,
        theme=theme,
        evidence=evidence,
        path=Path(evidence, viewer_id=request.user.pk, today=today),
        lanes=draw_lanes(evidence, today),
        root=reverse("portfolio:goal_list", args=[training.pk]),
    )


def training_seen_by(request: HttpRequest, training_id: int) -> Training:
    """The training, for one who may see it; that they have opened it is noted.

    Most often it is the doctor's own, which the menu has asked for already.
    """
    own = request_hats(request).training_id == training_id
    seen = Training.objects.of(request.user) if own else Training.objects.visible_to(request.user)
    training = get_object_or_404(seen.select_related("pathway", "trainee"), pk=training_id)
    if training.trainee_id != request.user.pk:
        note_opening(training=training, user=request.user)
    return training


def goal_to_read(training: Training, curriculum: str, code: str) -> tuple[Goal, Theme | None]:
    """A goal of the pathway and its theme; without a theme, one that an earlier pathway asked for
    and that something was done about."""
    goals = pathway_goals(training.pathway)
    for theme in goals.themes:
        for goal in theme.goals:
            if (goal.curriculum_code, goal.code) == (curriculum, code):
                return goal, theme
    left = goal_by_code(curriculum, code)
    if left is None or not is_touched(training, left.id):
        raise Http404
    return left, None


def goal_of(goals: PathwayGoals, curriculum: str, code: str) -> Goal:
    """One of the goals that the pathway requires."""
    goal = goals.by_code.get((curriculum, code))
    if goal is None:
        raise Http404
    return goal
