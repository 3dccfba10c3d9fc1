"""Who may do what with an ordered document. Who sees it is the queryset's (`visible_to`)."""

from reports.enums import ReportState
from reports.models import Report


def can_download(user, report: Report) -> bool:
    return user.pk == report.ordered_by_id and report.state == ReportState.DONE


def can_retry(user, report: Report) -> bool:
    return user.pk == report.ordered_by_id and report.state == ReportState.FAILED
