from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from pages.rendering import render_page
from portfolio.queries.activities import own_training
from portfolio.queries.home import home_of
from portfolio.queries.home.plans import with_plans


@require_GET
def home(request):
    """«Dette gjenstår» of one who is under training."""
    training = get_object_or_404(with_plans(own_training(request.user)))
    return render_page(
        request,
        "portfolio/home.html",
        home=home_of(training, show_all=request.GET.get("alle", "")),
        training=training,
        today=timezone.localdate(),
    )
