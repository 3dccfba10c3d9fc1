"""Public pages, and the pages of errors."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["pages:privacy", "pages:accessibility"])
def test_public_page_open_to_everyone(client, name):
    response = client.get(reverse(name))

    assert response.status_code == 200
    assert response.content.decode().count("<h1>") == 1


@pytest.mark.parametrize("name", ["pages:privacy", "pages:accessibility"])
def test_public_page_only_reads(client, name):
    assert client.post(reverse(name)).status_code == 405


def test_titles_are_unique(client):
    titles = {
        client.get(reverse(name)).content.decode().split("<title>")[1].split("</title>")[0]
        for name in ["pages:privacy", "pages:accessibility", "account_login"]
    }

    assert titles == {
        "Personvern – PAL-mappen",
        "Tilgjengelighet – PAL-mappen",
        "Logg inn – PAL-mappen",
    }


def test_stale_form_is_explained():
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"))

    assert response.status_code == 403
    assert "Siden har stått åpen for lenge" in response.content.decode()


def test_login_page_with_errors_says_so_first(client):
    response = client.post(reverse("account_login"), {"login": "", "password": ""})
    html = response.content.decode()

    assert "<title>Feil: Logg inn – PAL-mappen</title>" in html
    assert "Rett opp 2 feil for å logge inn" in html
