from django.urls import path

from portfolio.views import claims as views

urlpatterns = [
    path(
        "utdanning/<int:training_id>/mal/<slug:curriculum>/<str:code>/meld/",
        views.goal_claim,
        name="goal_claim",
    ),
    path("meldinger/<int:claim_id>/trekk/", views.claim_recall, name="claim_recall"),
    path(
        "meldinger/<int:claim_id>/be-om-anbefaling/",
        views.recommendation_request,
        name="recommendation_request",
    ),
    path(
        "anbefalinger/<int:request_id>/paminn/",
        views.recommendation_remind,
        name="recommendation_remind",
    ),
    path(
        "utdanning/<int:training_id>/mal/<slug:curriculum>/<str:code>/be-om-vurdering/",
        views.assessment_request,
        name="assessment_request",
    ),
    path(
        "foresporsler/<int:request_id>/trekk/",
        views.assessment_request_recall,
        name="assessment_request_recall",
    ),
    path(
        "foresporsler/<int:request_id>/paminn/", views.assessment_remind, name="assessment_remind"
    ),
]
