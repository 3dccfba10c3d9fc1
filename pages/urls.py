from django.urls import path

from pages import views

app_name = "pages"
urlpatterns = [
    path("personvern/", views.privacy, name="privacy"),
    path("tilgjengelighet/", views.accessibility, name="accessibility"),
]
