from django.urls import path

from portfolio.views import doctors as views

urlpatterns = [
    path("leger/", views.cohort, name="cohort"),
    path("leger/<int:training_id>/", views.doctor, name="doctor"),
    path("leger/<int:training_id>/veileder/", views.supervisor_appoint, name="supervisor_appoint"),
    path("veilederoppdrag/<int:supervision_id>/", views.supervision_edit, name="supervision_edit"),
    path("administrasjon/utdanning/<int:user_id>/", views.training_admin, name="training_admin"),
    path("leger/ny/", views.training_start, name="training_start"),
]
