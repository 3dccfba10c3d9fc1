"""An ended session meets a page that asks for a part of itself."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db
GOALS = reverse("portfolio:activity_new")
LOGIN = reverse("account_login")


def test_ended_session_replaces_the_page(client):
    answer = client.get(
        f"{GOALS}?sok=pumpe",
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{GOALS}?mal=1"},
    )

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next={GOALS}%3Fmal%3D1"
    assert answer.content == b""


@pytest.mark.parametrize("current", [None, "https://elsewhere.example/side/"])
def test_page_of_another_place_is_not_returned_to(client, current):
    headers = {"HX-Request": "true"} | ({"HX-Current-URL": current} if current else {})

    answer = client.get(GOALS, headers=headers)

    assert answer.headers["HX-Redirect"] == f"{LOGIN}?next=/"


def test_whole_page_is_redirected_as_ever(client):
    answer = client.get(GOALS)

    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next={GOALS}")
