"""Letting somebody in, and what people change about themselves."""

import structlog
from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import INVITATION_PAUSE

logger = structlog.get_logger(__name__)


def send_invitation(user: User) -> bool:
    """E-mails a link to choose the first password. False when it could not be sent.

    The mail holds neither name nor content: it lies in a mailbox for years. A second call within
    INVITATION_PAUSE sends nothing, so that a double click is one e-mail.
    """
    invited_before, now = user.invited_at, timezone.now()
    is_due = Q(invited_at=None) | Q(invited_at__lte=now - INVITATION_PAUSE)
    if not User.objects.filter(is_due, pk=user.pk).update(invited_at=now):
        return True
    user.invited_at = now
    try:
        send_mail(
            settings.ACCOUNT_EMAIL_SUBJECT_PREFIX + _("velg passord"),
            render_to_string("accounts/email/invitation.txt", _mail_context(user)),
            from_email=None,
            recipient_list=[user.email],
        )
    except OSError as error:  # its text names the address
        logger.error("invitation_not_sent", user_id=user.pk, error=type(error).__name__)
        User.objects.filter(pk=user.pk, invited_at=now).update(invited_at=invited_before)
        user.invited_at = invited_before
        return False
    return True


def _mail_context(user: User) -> dict:
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return {
        "link": settings.SITE_URL + path,
        "site": settings.SITE_URL,
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }


def change_profile(user: User, *, name: str, hpr_number: str) -> None:
    user.name = name
    user.hpr_number = hpr_number
    user.save(update_fields=["name", "hpr_number"])
