from django.urls import path

from portfolio.views import moves as views

urlpatterns = [
    path("utdanning/<int:training_id>/lop/", views.move_choose, name="move_choose"),
    path(
        "utdanning/<int:training_id>/lop/<int:pathway_id>/", views.move_preview, name="move_preview"
    ),
    path("utdanning/<int:training_id>/lop/<int:pathway_id>/bytt/", views.move, name="move"),
    path("utdanning/<int:training_id>/avslutt/", views.training_end, name="training_end"),
]
