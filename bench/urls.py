"""The product's URLs, and beside them a bare view to compare with."""

from django.db import connection
from django.http import HttpResponse
from django.urls import path

from config.urls import urlpatterns as product

SENT: list[bytes] = []  # what the bare view sends: the body of the page it stands beside


def bare(request) -> HttpResponse:
    """One query, and the same bytes, through the same middleware."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse(SENT[-1])


urlpatterns = [path("bare/", bare, name="bare"), *product]
