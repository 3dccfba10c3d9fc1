"""Logging in as allauth does it under our settings."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = reverse("account_login")


def log_in(client, user, password=PASSWORD):
    return client.post(LOGIN, {"login": user.email, "password": password})


def is_logged_in(client) -> bool:
    return client.get(reverse("accounts:profile")).status_code == 200


def test_login_with_email_in_any_letters(client):
    user = make_user(email="kari@example.org")

    client.post(LOGIN, {"login": "Kari@Example.org", "password": PASSWORD})

    assert client.session["_auth_user_id"] == str(user.pk)


def test_wrong_password_is_said_plainly(client):
    page = log_in(client, make_user(), password="feil").content.decode()

    assert "E-postadressen eller passordet er feil." in page


def test_login_makes_a_new_session(client):
    user = make_user()
    client.get(reverse("institutions:site_list"))
    client.session.save()
    preset = client.session.session_key

    log_in(client, user)

    assert client.session.session_key != preset


def test_sixth_try_is_refused_even_with_the_right_password(client):
    user = make_user()

    for _ in range(5):
        log_in(client, user, password="feil")
    sixth = log_in(client, user)

    assert sixth.status_code != 302
    assert not is_logged_in(client)


def test_fifth_try_with_the_right_password_succeeds(client):
    user = make_user()

    for _ in range(4):
        log_in(client, user, password="feil")
    log_in(client, user)

    assert is_logged_in(client)


def test_nobody_signs_up(client):
    form = {
        "email": "ny@example.org",
        "password1": "et-langt-passord",
        "password2": "et-langt-passord",
    }

    page = client.get(reverse("account_signup"))
    client.post(reverse("account_signup"), form)

    assert b"password1" not in page.content
    assert not User.objects.exists()


def test_stranger_is_sent_no_mail(client):
    client.post(reverse("account_reset_password"), {"email": "ukjent@example.org"})

    assert mail.outbox == []


def test_deactivated_person_cannot_log_in(client):
    user = make_user(is_active=False)

    log_in(client, user)

    assert not is_logged_in(client)


def test_open_session_ends_when_the_person_is_deactivated(client):
    user = make_user()
    log_in(client, user)
    assert is_logged_in(client)

    User.objects.filter(pk=user.pk).update(is_active=False)

    assert not is_logged_in(client)
