"""Who may do what with an ordered document. Who sees it is the queryset's (`visible_to`)."""

from institutions.enums import Role
from institutions.models import Cohort, CohortLeadership
from portfolio import permissions as portfolio_permissions
from portfolio.models import Training
from reports.enums import ReportKind, ReportState
from reports.models import Report


def can_download(user, report: Report) -> bool:
    return user.pk == report.ordered_by_id and report.state == ReportState.DONE


def can_retry(user, report: Report) -> bool:
    return user.pk == report.ordered_by_id and report.may_be_tried_again


def can_submit(user, report: Report) -> bool:
    """A finished dossier that the trainee made: one that a leader made lacks what only the trainee
    may print."""
    return (
        report.kind == ReportKind.DOSSIER
        and report.is_done
        and report.ordered_in_role == Role.TRAINEE
        and portfolio_permissions.can_submit(user, report.training)
    )


def can_take_along(user, training: Training) -> bool:
    return user.pk == training.trainee_id


def can_export(user, cohort: Cohort) -> bool:
    """Its programme leader, today."""
    return CohortLeadership.objects.in_force().filter(user=user, cohort=cohort).exists()


def holds_ordering_role(report: Report) -> bool:
    """Whether who ordered it may still have it, in the role they ordered it in."""
    if report.is_export:
        return can_export(report.ordered_by, report.cohort)
    return portfolio_permissions.holds_role(
        report.ordered_by, report.ordered_in_role, report.training
    )
