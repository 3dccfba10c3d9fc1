from celery import shared_task

from portfolio.services import assessments, notices


@shared_task(name=notices.NOTIFY_TASK)
def notify(user_id: int) -> None:
    notices.notify(user_id)


@shared_task(name="portfolio.tasks.sweep")
def sweep() -> None:
    """What no bell was rung for: unsent notices, and requests that have run out."""
    notices.notify_everyone()
    assessments.expire_requests()
