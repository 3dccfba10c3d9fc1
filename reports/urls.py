from django.urls import path

from reports import views, views_cohorts

app_name = "reports"

urlpatterns = [
    path("rapporter/", views.report_list, name="report_list"),
    path("rapporter/ny/<int:training_id>/", views.report_order, name="report_order"),
    path("rapporter/kull/", views_cohorts.cohort_export, name="cohort_export"),
    path(
        "rapporter/kull/<int:cohort_id>/regneark/",
        views_cohorts.cohort_spreadsheet,
        name="cohort_spreadsheet",
    ),
    path("rapporter/<int:report_id>/", views.report_detail, name="report_detail"),
    path("rapporter/<int:report_id>/last-ned/", views.report_download, name="report_download"),
    path("rapporter/<int:report_id>/prov-igjen/", views.report_retry, name="report_retry"),
]
