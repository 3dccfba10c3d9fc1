"""A cohort as a spreadsheet, for its programme leader."""

import io

from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from institutions.enums import Role
from pages.rendering import render_page
from portfolio.queries.hats import request_hats
from portfolio.services.trainings import note_openings
from reports import spreadsheets
from reports.queries import cohorts


@require_safe
def cohort_export(request):
    if not request_hats(request).is_program_leader:
        raise PermissionDenied
    return render_page(
        request, "reports/cohort_export.html", cohorts=cohorts.cohorts_to_export(request.user)
    )


@require_safe
def cohort_spreadsheet(request, cohort_id):
    """Made while one waits, and not kept. Every doctor in it sees that it was made."""
    cohort = get_object_or_404(cohorts.cohorts_to_export(request.user), pk=cohort_id)
    sheet = cohorts.cohort_sheet(cohort, request.user, on=timezone.localdate())
    note_openings(
        trainings=[one.training for one in sheet.doctors],
        user=request.user,
        role=Role.PROGRAM_LEADER,
    )
    response = FileResponse(
        io.BytesIO(spreadsheets.cohort_workbook(sheet, made_by=request.user.name)),
        as_attachment=True,
        filename=f"Kull {sheet.on.isoformat()}.xlsx",
        content_type=spreadsheets.CONTENT_TYPE,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
