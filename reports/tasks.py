from celery import shared_task

from reports import services


@shared_task(name=services.RENDER_TASK)
def render_report(report_id: int) -> None:
    services.render_report(report_id)


@shared_task(name="reports.tasks.sweep")
def sweep() -> None:
    services.sweep_reports()
