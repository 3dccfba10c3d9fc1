from django.urls import path

from institutions import views

app_name = "institutions"

urlpatterns = [
    path("utdanningssteder/", views.site_list, name="site_list"),
    path("administrasjon/", views.person_list, name="person_list"),
    path("administrasjon/inviter/", views.person_invite, name="person_invite"),
    path("administrasjon/<int:person_id>/", views.person_detail, name="person_detail"),
    path(
        "administrasjon/<int:person_id>/inviter/", views.invitation_resend, name="invitation_resend"
    ),
    path(
        "administrasjon/<int:person_id>/deaktiver/",
        views.person_deactivate,
        name="person_deactivate",
    ),
    path(
        "administrasjon/<int:person_id>/aktiver/",
        views.person_reactivate,
        name="person_reactivate",
    ),
    path("administrasjon/<int:person_id>/roller/ny/", views.role_give, name="role_give"),
    path("administrasjon/roller/<int:role_id>/avslutt/", views.role_end, name="role_end"),
    path("administrasjon/kull/", views.cohort_list, name="cohort_list"),
    path("administrasjon/kull/<int:cohort_id>/", views.cohort_detail, name="cohort_detail"),
    path("administrasjon/kull/<int:cohort_id>/legg-til/", views.cohort_add, name="cohort_add"),
    path(
        "administrasjon/kull/<int:cohort_id>/<str:place>/<int:row_id>/avslutt/",
        views.cohort_remove,
        name="cohort_remove",
    ),
    path("generell-plan/", views.general_plan_list, name="general_plan_list"),
    path("generell-plan/<int:institution_id>/", views.general_plan_detail, name="general_plan"),
    path(
        "generell-plan/<int:institution_id>/avdelinger/<int:department_id>/",
        views.offers_edit,
        name="offers_edit",
    ),
    path(
        "generell-plan/<int:institution_id>/avtaler/ny/",
        views.agreement_add,
        name="agreement_add",
    ),
    path(
        "generell-plan/avtaler/<int:agreement_id>/avslutt/",
        views.agreement_end,
        name="agreement_end",
    ),
]
