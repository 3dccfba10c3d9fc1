from django.urls import path

from portfolio.views import absences as views

urlpatterns = [
    path("tjenester/fravaer/nytt/", views.absence_new, name="absence_new"),
    path("tjenester/fravaer/<int:absence_id>/rediger/", views.absence_edit, name="absence_edit"),
    path("tjenester/fravaer/<int:absence_id>/fjern/", views.absence_remove, name="absence_remove"),
]
