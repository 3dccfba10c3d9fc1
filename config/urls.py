from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from health_check.views import HealthCheckView

healthy = login_not_required(
    HealthCheckView.as_view(checks=["health_check.checks.Database", "health_check.checks.Storage"])
)

urlpatterns = [
    path("helse/", healthy, name="health"),
    path("konto/", include("allauth.account.urls")),
]
