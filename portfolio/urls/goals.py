from django.urls import path

from portfolio.views import goals as views

urlpatterns = [
    path("mal/", views.my_goals, name="my_goals"),
    path("utdanning/<int:training_id>/mal/", views.goal_list, name="goal_list"),
    path(
        "utdanning/<int:training_id>/mal/<slug:curriculum>/<str:code>/",
        views.goal_detail,
        name="goal_detail",
    ),
]
