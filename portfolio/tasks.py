from celery import shared_task
from django.utils import timezone

from portfolio.enums import RequestState
from portfolio.models import AssessmentRequest
from portfolio.services import notices


@shared_task(name=notices.NOTIFY_TASK)
def notify(user_id: int) -> None:
    notices.notify(user_id)


@shared_task(name="portfolio.tasks.sweep")
def sweep() -> None:
    """What no bell was rung for: unsent notices, and requests that have run out."""
    for user_id in notices.people_to_notify():
        notices.notify(user_id)
    AssessmentRequest.objects.expired(on=timezone.localdate()).update(state=RequestState.EXPIRED)
