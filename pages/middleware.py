"""What every answer needs: nothing kept on the computer, and login as a page of its own."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRedirect


def keep_nothing(get_response):
    """What somebody sees logged in stays on no computer: ward computers are shared.

    Going back after logging out then asks the server, which asks for a login.
    """

    def middleware(request):
        response = get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response

    return middleware


def login_as_a_page(get_response):
    """When the session has ended, the login page replaces the page, not the part asked for.

    A redirect would be followed by htmx itself, and the login form put where the part belongs.
    """

    def middleware(request):
        response = get_response(request)
        if request.htmx and _leads_to_login(response):
            here = request.htmx.current_url_abs_path or resolve_url(settings.LOGIN_REDIRECT_URL)
            return HttpResponseClientRedirect(redirect_to_login(here).url)
        return response

    return middleware


def _leads_to_login(response) -> bool:
    to = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and to == resolve_url(settings.LOGIN_URL)
