from django.http import HttpResponse
from django.urls import path


def page(request, **kwargs):
    return HttpResponse()


app_name = "curriculum"
urlpatterns = [
    path("laeringsmal/", page, name="curriculum_list"),
    path("laeringsmal/<slug:code>.json", page, name="curriculum_json"),
    path("laeringsmal/<slug:code>/", page, name="curriculum_detail"),
    path("laeringsmal/<slug:curriculum>/<str:code>/", page, name="goal_detail"),
]
