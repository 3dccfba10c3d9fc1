from django.urls import path

from portfolio.views import courses as views
from portfolio.views import sessions

urlpatterns = [
    path("kurs/", views.course_list, name="course_list"),
    path("kurs/samlinger/<int:session_id>/meld-pa/", views.course_sign_up, name="course_sign_up"),
    path("kurs/pameldinger/<int:sign_up_id>/meld-av/", views.course_cancel, name="course_cancel"),
    path("samlinger/", sessions.session_list, name="session_list"),
    path("samlinger/ny/", sessions.session_new, name="session_new"),
    path("samlinger/<int:session_id>/", sessions.session_detail, name="session_detail"),
    path("samlinger/<int:session_id>/rediger/", sessions.session_edit, name="session_edit"),
    path(
        "samlinger/<int:session_id>/oppmote/",
        sessions.session_attendance,
        name="session_attendance",
    ),
    path("samlinger/<int:session_id>/importer/", sessions.session_import, name="session_import"),
    path(
        "samlinger/<int:session_id>/importer/bekreft/",
        sessions.session_import_confirm,
        name="session_import_confirm",
    ),
]
