from django.urls import path

from reports.views import check, cohorts, exports, reports

app_name = "reports"

urlpatterns = [
    path("kontroller/", check.check_document, name="check_document"),
    path("kontroller/fil/", check.check_file, name="check_file"),
    path("kontroller/sertifikat/", check.certificate, name="certificate"),
    path("kontroller/<str:code>/", check.check_code, name="check_code"),
    path("leger/eksport/", exports.export_order, name="export_order"),
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/ny/<int:training_id>/", reports.report_order, name="report_order"),
    path(
        "rapporter/tjenestebekreftelse/<int:placement_id>/",
        reports.service_statement_order,
        name="service_statement_order",
    ),
    path("rapporter/kull/", cohorts.cohort_export, name="cohort_export"),
    path(
        "rapporter/kull/<int:cohort_id>/regneark/",
        cohorts.cohort_spreadsheet,
        name="cohort_spreadsheet",
    ),
    path("rapporter/<int:report_id>/", reports.report_detail, name="report_detail"),
    path("rapporter/<int:report_id>/last-ned/", reports.report_download, name="report_download"),
    path("rapporter/<int:report_id>/sendt/", reports.report_submit, name="report_submit"),
    path("rapporter/<int:report_id>/prov-igjen/", reports.report_retry, name="report_retry"),
]
