"""A whole page, or the part of it that htmx asked for."""

from django import forms
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_page(request, template, partial=None, status=None, **context):
    """Render ``template``, or only its partial when htmx asks and the view allows one.

    The status is 422 when a bound form in the context has errors, so that htmx and tests can
    tell a refused form from a page.
    """
    has_errors = any(_has_errors(value) for value in context.values())
    if status is None:
        status = 422 if has_errors else 200
    if partial and _wants_partial(request):
        template = f"{template}#{partial}"
    response = render(request, template, {"page_has_errors": has_errors, **context}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _wants_partial(request) -> bool:
    """Going back asks for the whole page again, since nothing is kept on the computer."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def _has_errors(value) -> bool:
    if isinstance(value, forms.BaseFormSet):
        return value.is_bound and not value.is_valid()
    return isinstance(value, forms.BaseForm) and bool(value.errors)
