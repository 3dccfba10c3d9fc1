from django.urls import include, path

app_name = "portfolio"

urlpatterns = [
    path("", include("portfolio.urls.home")),
    path("", include("portfolio.urls.activities")),
    path("", include("portfolio.urls.placements")),
    path("", include("portfolio.urls.absences")),
    path("", include("portfolio.urls.attestations")),
    path("", include("portfolio.urls.documents")),
    path("", include("portfolio.urls.earlier")),
    path("", include("portfolio.urls.plans")),
    path("", include("portfolio.urls.courses")),
    path("", include("portfolio.urls.goals")),
    path("", include("portfolio.urls.claims")),
    path("", include("portfolio.urls.assessments")),
    path("", include("portfolio.urls.decisions")),
    path("", include("portfolio.urls.doctors")),
    path("", include("portfolio.urls.moves")),
    path("", include("portfolio.urls.application")),
]
