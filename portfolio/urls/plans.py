from django.urls import path

from portfolio.views import plans as views

urlpatterns = [
    path("plan/", views.plan_own, name="plan"),
    path("plan/mal/ny/", views.plan_item_new, name="plan_item_new"),
    path("plan/mal/<int:item_id>/", views.plan_item_edit, name="plan_item_edit"),
    path("plan/mal/<int:item_id>/fjern/", views.plan_item_remove, name="plan_item_remove"),
    path("plan/tekst/", views.plan_text, name="plan_text"),
    path("plan/gjennomforing/", views.implementation_plan, name="implementation_plan"),
    path("planer/<int:plan_id>/", views.plan_detail, name="plan_detail"),
    path("planer/<int:plan_id>/enig/", views.plan_agree, name="plan_agree"),
    path("leger/<int:training_id>/plan/", views.plan_of_doctor, name="plan_of_doctor"),
]
