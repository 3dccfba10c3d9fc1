from django.urls import path

from portfolio.views import decisions as views

urlpatterns = [
    path("anbefal/<int:claim_id>/", views.recommend, name="recommend"),
    path("godkjenn/", views.decision_list, name="decision_list"),
    path("godkjenn/<int:claim_id>/", views.decide, name="decide"),
    path("avgjorelser/<int:decision_id>/trekk/", views.approval_withdraw, name="approval_withdraw"),
]
