from django.urls import path

from portfolio.views import placements as views

urlpatterns = [
    path("tjenester/", views.placement_list, name="placement_list"),
    path("tjenester/ny/", views.placement_new, name="placement_new"),
    path("tjenester/<int:placement_id>/rediger/", views.placement_edit, name="placement_edit"),
    path("tjenester/<int:placement_id>/fjern/", views.placement_remove, name="placement_remove"),
    path("innsyn/", views.opening_list, name="opening_list"),
]
