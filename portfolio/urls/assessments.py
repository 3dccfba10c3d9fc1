from django.urls import path

from portfolio.views import assessments as views

urlpatterns = [
    path("venter/", views.waiting_list, name="waiting_list"),
    path("vurder/ny/", views.assess_choose, name="assess_choose"),
    path(
        "vurder/ny/<int:training_id>/<slug:curriculum>/<str:code>/",
        views.assess_unasked,
        name="assess_unasked",
    ),
    path("vurder/<int:request_id>/", views.assess, name="assess"),
    path("vurder/<int:request_id>/send-tilbake/", views.assess_return, name="assess_return"),
    path("bekreft/<int:activity_id>/", views.attest, name="attest"),
    path("bekreft/<int:activity_id>/send-tilbake/", views.attest_return, name="attest_return"),
    path("signert/", views.signed_list, name="signed_list"),
    path("vurderinger/<int:assessment_id>/", views.assessment_detail, name="assessment_detail"),
    path(
        "vurderinger/<int:assessment_id>/trekk/",
        views.assessment_retract,
        name="assessment_retract",
    ),
    path(
        "vurderinger/<int:assessment_id>/rett/", views.assessment_correct, name="assessment_correct"
    ),
]
