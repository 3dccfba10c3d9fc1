"""E-mails that say something waits. No names, no content: a mail is a bell, not a letter."""

from celery import current_app
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from portfolio.models import AssessmentRequest, RecommendationRequest

NOTIFY_TASK = "portfolio.tasks.notify"


def ring(user_id: int) -> None:
    """After commit, asks a worker to write the mail. With the broker down the sweeper does."""
    transaction.on_commit(
        lambda: current_app.send_task(NOTIFY_TASK, [user_id], retry=False), robust=True
    )


def _unnotified() -> tuple:
    return (
        AssessmentRequest.objects.open().filter(notified_at__isnull=True),
        RecommendationRequest.objects.filter(
            notified_at__isnull=True, withdrawn_at__isnull=True, claim__state="open"
        ),
    )


def people_to_notify() -> list[int]:
    """Whom the sweeper finds: asked, and not yet told."""
    return sorted({pk for rows in _unnotified() for pk in rows.values_list("asked_of", flat=True)})


@transaction.atomic
def notify(user_id: int) -> bool:
    """One e-mail for all that was asked since the last; False where there was nothing to tell."""
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
