"""«Kontroller dokument»: for whoever holds a document of ours. Needs no login, tells no name."""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from pages.rendering import render_page
from reports import fingerprint
from reports.forms import CodeForm, FileForm, too_large_form
from reports.queries import check

# Ours: a hospital is one address, and a code of 60 bits is not found by trying.
TRIES = {"check": "30/m/ip,600/d/ip"}


@login_not_required
@require_safe
def check_document(request: HttpRequest) -> HttpResponse:
    """A typed code leads to the page of that code, the same that a scanned one leads to."""
    form = CodeForm(request.GET if "kode" in request.GET else None)
    if form.is_valid():
        return redirect("reports:check_code", form.cleaned_data["kode"])
    return _page(request, code_form=form)


@login_not_required
@require_safe
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    if not _may_try(request):
        return _too_many(request)
    return _page(request, answer=check.answer_to_code(code, viewer=request.user))


@csrf_exempt  # until a handler that keeps no file is in place: reading the token reads the file
@login_not_required
@require_POST
def check_file(request: HttpRequest) -> HttpResponse:
    if not _may_try(request):
        return _too_many(request)
    if fingerprint.is_too_large(request.headers.get("Content-Length", "")):
        return _page(request, file_form=too_large_form())
    request.upload_handlers = [fingerprint.ReadOnly(request)]
    return _check_file(request)


@csrf_protect
def _check_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, file_form=form)
    found = check.answer_to_file(
        form.cleaned_data["sha256"], number=form.cleaned_data["number"], viewer=request.user
    )
    return _page(request, answer=found)


@login_not_required
@require_safe
def certificate(request: HttpRequest) -> HttpResponse:
    """For `palmappen_verify --certificate`. It is public; the key is not here."""
    found = check.certificate()
    if found is None:
        raise Http404
    return HttpResponse(
        found.pem,
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="palmappen-segl.pem"'},
    )


def _may_try(request: HttpRequest) -> bool:
    used = ratelimit.consume(request, app="reports", action="check", config=TRIES, limit_get=True)
    return used is not None


def _too_many(request: HttpRequest) -> HttpResponse:
    return _page(request, status=429, is_too_many=True)


def _page(request: HttpRequest, status: int | None = None, **shown) -> HttpResponse:
    forms = {"code_form": CodeForm(), "file_form": FileForm()}
    return render_page(
        request, "reports/check.html", status=status, **(forms | shown), seal=check.certificate()
    )
