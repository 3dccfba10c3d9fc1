import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.enums import AccountState
from accounts.models import User
from accounts.services import send_invitation

pytestmark = pytest.mark.django_db


def make_invitee(**fields) -> User:
    return User.objects.create_user("kari@example.org", name="Kari Demo Nord", **fields)


def mailed_link(message) -> str:
    return re.search(r"http://testserver(\S*/key/\S+)", message.body)[1]


def test_invitation_holds_a_link_and_neither_name_nor_content():
    invitee = make_invitee(hpr_number="9144900")

    sent = send_invitation(invitee)

    (message,) = mail.outbox
    assert sent
    assert (message.to, message.subject) == (["kari@example.org"], "PAL-mappen: velg passord")
    assert mailed_link(message)
    for secret in ("Kari", "Nord", "9144900", "lege", "rolle"):
        assert secret not in message.body
    assert invitee.state == AccountState.INVITED


def test_link_sets_the_password_once_and_lets_the_person_in(client):
    invitee = make_invitee()
    send_invitation(invitee)
    link = mailed_link(mail.outbox[0])

    for _ in range(3):  # a mail scanner opens the link: that changes nothing
        client.get(link)
    form_url = client.get(link).url
    chosen = {"password1": "en-lang-og-ny-setning", "password2": "en-lang-og-ny-setning"}
    client.post(form_url, chosen)
    client.post(
        reverse("account_login"), {"login": invitee.email, "password": "en-lang-og-ny-setning"}
    )

    assert client.session["_auth_user_id"] == str(invitee.pk)
    invitee.refresh_from_db()
    assert invitee.state == AccountState.ACTIVE
    client.logout()
    assert client.get(link).status_code == 200  # no redirect to a form: the link is spent


def test_link_runs_out(client, time_machine):
    send_invitation(make_invitee())
    link = mailed_link(mail.outbox[0])

    time_machine.move_to(timezone.now() + dt.timedelta(days=4))

    assert client.get(link).status_code == 200


def test_invitee_whose_link_ran_out_asks_for_a_new_one(client):
    make_invitee()

    client.post(reverse("account_reset_password"), {"email": "kari@example.org"})

    (message,) = mail.outbox
    assert "Kari" not in message.body
    assert client.get(mailed_link(message)).status_code == 302


def test_second_call_at_once_sends_nothing():
    invitee = make_invitee()

    answers = [send_invitation(invitee), send_invitation(invitee)]

    assert answers == [True, True]
    assert len(mail.outbox) == 1


def test_second_call_later_sends_again(time_machine):
    invitee = make_invitee()
    send_invitation(invitee)

    time_machine.move_to(timezone.now() + dt.timedelta(minutes=2))
    send_invitation(invitee)

    assert len(mail.outbox) == 2


def test_mail_server_that_is_down_is_told_and_leaves_nobody_invited(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    invitee = make_invitee()

    sent = send_invitation(invitee)

    invitee.refresh_from_db()
    assert not sent
    assert invitee.state == AccountState.NOT_INVITED
