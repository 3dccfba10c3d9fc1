"""What is shown to somebody logged in is kept nowhere."""

import pytest
from django.urls import reverse

from tests.factories import make_ward

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["portfolio:home", "portfolio:activity_list", "start"])
def test_answers_to_somebody_logged_in_are_not_stored(client, name):
    client.force_login(make_ward().trainee)

    assert client.get(reverse(name)).headers["Cache-Control"] == "no-store, private"


def test_public_pages_may_be_stored(client):
    response = client.get(reverse("pages:privacy"))

    assert "no-store" not in response.headers.get("Cache-Control", "")
