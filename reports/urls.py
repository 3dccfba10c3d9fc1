from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("rapporter/", views.report_list, name="report_list"),
    path("rapporter/ny/<int:training_id>/", views.report_order, name="report_order"),
    path("rapporter/<int:report_id>/", views.report_detail, name="report_detail"),
    path("rapporter/<int:report_id>/last-ned/", views.report_download, name="report_download"),
    path("rapporter/<int:report_id>/prov-igjen/", views.report_retry, name="report_retry"),
]
