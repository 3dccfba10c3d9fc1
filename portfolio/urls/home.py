from django.urls import path

from portfolio.views import home as views

urlpatterns = [
    path("gjenstar/", views.home, name="home"),
]
