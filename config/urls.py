from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView
from health_check.views import HealthCheckView

from config.navigation import start

healthy = login_not_required(
    HealthCheckView.as_view(checks=["health_check.checks.Database", "health_check.checks.Storage"])
)

urlpatterns = [
    path("", login_not_required(start), name="start"),
    path("helse/", healthy, name="health"),
    # An address is changed by the administrator: whoever owns the mailbox owns the signature.
    path("konto/email/", RedirectView.as_view(pattern_name="accounts:profile")),
    path("konto/", include("allauth.account.urls")),
    path("konto/", include("accounts.urls")),
    path("", include("pages.urls")),
    path("", include("curriculum.urls")),
    path("", include("institutions.urls")),
    path("", include("portfolio.urls")),
    path("", include("reports.urls")),
]
