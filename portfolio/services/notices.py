"""E-mails that say something waits. No names, no content: a mail is a bell, not a letter."""

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from portfolio import rules
from portfolio.enums import ClaimState, Refusal
from portfolio.models import AssessmentRequest, AttestationRequest, RecommendationRequest

logger = structlog.get_logger(__name__)

NOTIFY_TASK = "portfolio.tasks.notify"


def ring(user_id: int) -> None:
    """After commit, asks a worker to write the mail. With the broker down the sweeper does."""
    transaction.on_commit(
        lambda: current_app.send_task(NOTIFY_TASK, [user_id], retry=False), robust=True
    )


def remind(request: AssessmentRequest | RecommendationRequest | AttestationRequest) -> None:
    """One more e-mail, at most once a day."""
    allowed = rules.may_remind(
        asked_on=request.asked_on, reminded_on=request.reminded_on, today=timezone.localdate()
    )
    rules.require(allowed, Refusal.REMINDED_TODAY)
    request.reminded_at = timezone.now()
    request.notified_at = None
    request.save(update_fields=["reminded_at", "notified_at"])
    ring(request.asked_of_id)


def _unnotified() -> tuple:
    return (
        AssessmentRequest.objects.open().filter(notified_at__isnull=True),
        RecommendationRequest.objects.filter(
            notified_at__isnull=True, withdrawn_at__isnull=True, claim__state=ClaimState.OPEN
        ),
        AttestationRequest.objects.whose_turn_it_is().filter(notified_at__isnull=True),
    )


def notify_everyone() -> None:
    """Whom the sweeper finds: asked, and not yet told."""
    waiting = {pk for rows in _unnotified() for pk in rows.values_list("asked_of", flat=True)}
    for user_id in sorted(waiting):
        notify(user_id)


def notify(user_id: int) -> bool:
    """One e-mail for all that was asked since the last; False where there was nothing to tell, or
    the mail server said no: then the sweeper tries again, and nobody else's e-mail is stopped."""
    try:
        return _notify(user_id)
    except OSError as error:  # its text names the address
        logger.error("notice_not_sent", user_id=user_id, error=type(error).__name__)
        return False


@transaction.atomic
def _notify(user_id: int) -> bool:
    user = User.objects.select_for_update().get(pk=user_id)
    marked = [
        rows.filter(asked_of=user).update(notified_at=timezone.now()) for rows in _unnotified()
    ]
    if not any(marked) or not user.is_active:
        return False
    send_mail(
        subject=_("Noe venter på deg i PAL-mappen"),
        message=_("Logg inn for å se hva det gjelder:\n%(url)s\n") % {"url": settings.SITE_URL},
        from_email=None,
        recipient_list=[user.email],
    )
    return True
