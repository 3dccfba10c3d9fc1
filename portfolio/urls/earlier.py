from django.urls import path

from portfolio.views import earlier as views

urlpatterns = [path("tidligere/", views.earlier, name="earlier")]
