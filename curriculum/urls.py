from django.urls import path

from curriculum import views

app_name = "curriculum"

urlpatterns = [
    path("laeringsmal/", views.curriculum_list, name="curriculum_list"),
    path("laeringsmal/<slug:code>.json", views.curriculum_json, name="curriculum_json"),
    path("laeringsmal/<slug:code>/", views.curriculum_detail, name="curriculum_detail"),
    path("laeringsmal/<slug:curriculum>/<str:code>/", views.goal_detail, name="goal_detail"),
]
