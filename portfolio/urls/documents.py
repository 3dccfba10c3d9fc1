from django.urls import path

from portfolio.views import documents as views

urlpatterns = [
    path("dokumenter/", views.document_list, name="document_list"),
    path("dokumenter/ny/", views.document_new, name="document_new"),
    path("dokumenter/<int:document_id>/", views.document_detail, name="document_detail"),
    path("dokumenter/<int:document_id>/fil/", views.document_download, name="document_download"),
    path("dokumenter/<int:document_id>/rett/", views.document_replace, name="document_replace"),
    path("dokumenter/<int:document_id>/trekk/", views.document_withdraw, name="document_withdraw"),
    path("dokumenter/<int:document_id>/bekreft/", views.document_confirm, name="document_confirm"),
    path("bekreft/dokumenter/", views.document_queue, name="document_queue"),
    path(
        "utdanning/<int:training_id>/dokumenter/",
        views.training_documents,
        name="training_documents",
    ),
]
