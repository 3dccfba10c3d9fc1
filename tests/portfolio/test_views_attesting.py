"""The veileder attests an activity, where the institution leaves it to them."""

import pytest

from portfolio.enums import ActivityState
from portfolio.models import Attestation
from portfolio.services import activities
from tests.factories import (
    make_activity,
    make_ward,
)
from tests.portfolio.visits import as_, make_guided_ward, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def guided():
    return make_guided_ward()


@pytest.mark.parametrize(
    ("who", "opened", "attested"),
    [
        ("guide", 200, 302),
        ("supervisor", 403, 403),
        ("head", 403, 403),
        ("trainee", 403, 403),
        ("outsider", 404, 404),
    ],
)
def test_attest_by_role(guided, who, opened, attested):
    activity = make_activity(ward=guided, sent=True)
    client = as_(getattr(guided, who))
    page = url("attest", activity.pk)

    assert (client.get(page).status_code, client.post(page, {}).status_code) == (opened, attested)
    assert Attestation.objects.count() == (attested == 302)


def test_the_veileder_attests_only_where_the_institution_says_so(ward):
    activity = make_activity(ward=ward, sent=True)
    client = as_(ward.guide)

    statuses = [
        client.post(url("attest", activity.pk), {}).status_code,
        client.post(url("attest_return", activity.pk), {"reason": "not_seen"}).status_code,
    ]

    assert statuses == [403, 403]
    activity.refresh_from_db()
    assert activity.state == ActivityState.SENT


def test_attest_in_an_old_tab(guided):
    activity = make_activity(ward=guided, sent=True)
    activities.recall_activity(activity, by=guided.trainee)
    client = as_(guided.guide)

    returned = client.post(
        url("attest_return", activity.pk), {"reason": "needs_change", "comment": "Si mer."}
    )

    assert client.post(url("attest", activity.pk), {}).status_code == 409
    assert returned.status_code == 409
    assert "Si mer." in returned.content.decode()


def test_attest_return_goes_on_to_the_next(guided):
    first = make_activity(ward=guided, sent=True)
    second = make_activity(ward=guided, sent=True)

    response = as_(guided.guide).post(
        url("attest_return", first.pk), {"reason": "needs_change", "comment": "Si mer."}
    )

    assert response.url == url("attest", second.pk)
    first.refresh_from_db()
    assert (first.state, first.returned_comment) == (ActivityState.RETURNED, "Si mer.")
