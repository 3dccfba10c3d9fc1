from django.urls import path

from portfolio.views import application as views
from portfolio.views import mirror

urlpatterns = [
    path("soknad/", views.application, name="application"),
    path(
        "leger/<int:training_id>/soknad/", views.application_of_doctor, name="application_of_doctor"
    ),
    path("leger/soknad/", views.cohort_applications, name="cohort_applications"),
    path("soknad/speil/", mirror.mirror, name="mirror"),
    path("soknad/speil/fjern/", mirror.mirror_remove, name="mirror_remove"),
]
