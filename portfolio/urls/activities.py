from django.urls import path

from portfolio.views import activities as views

urlpatterns = [
    path("aktiviteter/", views.activity_list, name="activity_list"),
    path("aktiviteter/ny/", views.activity_new, name="activity_new"),
    path("aktiviteter/kladd/", views.activity_autosave, name="activity_autosave"),
    path("aktiviteter/<int:activity_id>/", views.activity_detail, name="activity_detail"),
    path("aktiviteter/<int:activity_id>/rediger/", views.activity_edit, name="activity_edit"),
    path("aktiviteter/<int:activity_id>/trekk/", views.activity_recall, name="activity_recall"),
    path("aktiviteter/<int:activity_id>/slett/", views.activity_delete, name="activity_delete"),
    path("vedlegg/<int:attachment_id>/", views.attachment_download, name="attachment_download"),
    path("vedlegg/<int:attachment_id>/fjern/", views.attachment_remove, name="attachment_remove"),
]
