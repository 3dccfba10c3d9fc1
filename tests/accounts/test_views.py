"""A person's own profile."""

import pytest
from django.urls import reverse

from tests.factories import make_user

pytestmark = pytest.mark.django_db
PROFILE = reverse("accounts:profile")


def test_profile_works(client):
    person = make_user(name="Kari Demo Nord")
    client.force_login(person)

    page = client.get(PROFILE)
    saved = client.post(PROFILE, {"name": "Kari Demo Sør", "hpr_number": "9144900"})

    assert page.status_code == 200
    assert saved.status_code == 302
    person.refresh_from_db()
    assert (person.name, person.hpr_number) == ("Kari Demo Sør", "9144900")


def test_profile_is_ones_own_whatever_is_posted(client):
    person, other = make_user(), make_user(name="Ola Demo Vest")
    client.force_login(person)

    client.post(
        PROFILE,
        {"name": "Ny Demo", "hpr_number": "", "id": other.pk, "pk": other.pk}
        | {"email": "ny@example.org", "is_active": "", "invited_at": "2020-01-01"},
    )

    other.refresh_from_db()
    email = person.email
    person.refresh_from_db()
    assert other.name == "Ola Demo Vest"
    assert (person.email, person.is_active, person.invited_at) == (email, True, None)


def test_profile_refused_keeps_what_was_typed(client):
    make_user(hpr_number="9144900")
    person = make_user(name="Kari Demo Nord")
    client.force_login(person)

    answer = client.post(PROFILE, {"name": "", "hpr_number": "9144900"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "name": ["Fyll ut «Navn»."],
        "hpr_number": ["Det finnes alt en bruker med dette HPR-nummeret."],
    }
    page = answer.content.decode()
    assert 'value="9144900"' in page
    assert "Feil: Min profil" in page
    assert "Kari Demo Nord" in page  # the menu keeps the saved name
    person.refresh_from_db()
    assert person.name == "Kari Demo Nord"


def test_profile_refuses_an_identity_number_as_name(client):
    client.force_login(make_user())

    answer = client.post(PROFILE, {"name": "Kari 13075706604", "hpr_number": ""})

    assert answer.status_code == 422


def test_profile_logged_out(client):
    answer = client.get(PROFILE)

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_profile_other_methods_are_refused(client):
    client.force_login(make_user())

    assert client.delete(PROFILE).status_code == 405


def test_profile_queries(client, django_assert_max_num_queries):
    client.force_login(make_user())

    with django_assert_max_num_queries(10):
        client.get(PROFILE)
