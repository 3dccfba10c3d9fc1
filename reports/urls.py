from django.http import HttpResponse
from django.urls import path


def page(request, **kwargs):
    return HttpResponse()


app_name = "reports"
urlpatterns = [
    path("rapporter/", page, name="report_list"),
    path("rapporter/ny/<int:training_id>/", page, name="report_order"),
    path("rapporter/<int:report_id>/", page, name="report_detail"),
    path("rapporter/<int:report_id>/last-ned/", page, name="report_download"),
    path("rapporter/<int:report_id>/prov-igjen/", page, name="report_retry"),
]
