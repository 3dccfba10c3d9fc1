"""Public pages: what must be learnt, for anybody to read."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import condition, require_safe

from curriculum import export, queries
from curriculum.models import Curriculum
from curriculum.search import search_goals
from pages.rendering import render_page

MOST_SOUGHT = 100  # characters


@login_not_required
@require_safe
def curriculum_list(request: HttpRequest) -> HttpResponse:
    return render_page(
        request,
        "curriculum/curriculum_list.html",
        summaries=queries.curriculum_summaries(),
        pathways=queries.pathways_with_curricula(),
    )


@login_not_required
@require_safe
def curriculum_detail(request: HttpRequest, code: str) -> HttpResponse:
    curriculum = _curriculum(code)
    if curriculum is None:
        return _not_found(request, code)
    sought = request.GET.get("sok", "").strip()[:MOST_SOUGHT]
    return render_page(
        request,
        "curriculum/curriculum_detail.html",
        curriculum=curriculum,
        themes=() if sought else queries.curriculum_themes(curriculum),
        sought=sought,
        hits=search_goals(curriculum, sought),
    )


@login_not_required
@require_safe
def goal_detail(request: HttpRequest, curriculum: str, code: str) -> HttpResponse:
    found = _curriculum(curriculum)
    neighbours = queries.goal_with_neighbours(found, code) if found else None
    if neighbours is None:
        return _not_found(request, code, curriculum=found)
    return render_page(
        request, "curriculum/goal_detail.html", curriculum=found, neighbours=neighbours
    )


def _etag(request: HttpRequest, code: str) -> str | None:
    checksum = Curriculum.objects.filter(code__iexact=code).values_list("checksum", flat=True)
    return f'"{checksum.first()}"' if checksum.first() else None


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
@condition(etag_func=_etag)
def curriculum_json(request: HttpRequest, code: str) -> JsonResponse:
    """Described in docs/curriculum-json.md."""
    curriculum = _curriculum(code)
    if curriculum is None:
        raise Http404
    return JsonResponse(
        export.curriculum_json(curriculum), json_dumps_params={"ensure_ascii": False}
    )


def _curriculum(code: str) -> Curriculum | None:
    """People type codes: capital and small letters are the same."""
    return Curriculum.objects.filter(code__iexact=code).first()


def _not_found(request: HttpRequest, code: str, **context) -> HttpResponse:
    return render_page(request, "curriculum/not_found.html", status=404, code=code, **context)
