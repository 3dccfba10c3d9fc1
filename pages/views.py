"""The pages that belong to no app: what we do with people's data, and for whom the pages work."""

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_safe

from pages.rendering import render_page


@login_not_required
@require_safe
def privacy(request):
    return render_page(request, "pages/privacy.html")


@login_not_required
@require_safe
def accessibility(request):
    return render_page(request, "pages/accessibility.html")
