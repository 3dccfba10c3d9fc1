"""What the pages that sign something have in common."""

from collections.abc import Callable
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from pages.rendering import render_page
from portfolio import rules

Made = TypeVar("Made")
TYPED = ("feedback", "comment", "reason")  # the fields whose text is worth keeping


def perform(form, act: Callable[..., Made], *args, **fields) -> Made | None:
    """Does one verb. What the rules refuse becomes an error on the form, and None is returned.

    Raises Stale where somebody was first: two acts at the same moment meet in a constraint.
    """
    try:
        return act(*args, **fields)
    except rules.Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    except IntegrityError as error:
        raise rules.Stale from error


def too_late(request: HttpRequest, *, title: str, why: str) -> HttpResponse:
    """Kindly says that this can no longer be answered. What was typed in the old tab is kept.

    409 for an answer that came too late; 404 for a link to something that is gone.
    """
    typed = [text for name in TYPED if (text := request.POST.get(name, "").strip())]
    status = 409 if request.method == "POST" else 404
    return render_page(
        request, "portfolio/too_late.html", status=status, title=title, why=why, typed=typed
    )


def to_next(view: str, pk: int | None, **query: object) -> HttpResponse:
    """The next thing to answer, else the list of what waits."""
    url = reverse(view, args=[pk]) if pk else reverse("portfolio:waiting_list")
    return redirect(f"{url}?{urlencode(query)}" if query else url)


def posted(request: HttpRequest):
    """A form's data: None on GET, so that it is unbound."""
    return request.POST if request.method == "POST" else None
