"""A person's own account."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.forms import ProfileForm
from accounts.models import User
from pages.rendering import render_page


@require_http_methods(["GET", "POST"])
def profile(request):
    person = User.objects.get(pk=request.user.pk)  # a refused form must not rename the menu
    form = ProfileForm(request.POST if request.method == "POST" else None, instance=person)
    if form.is_valid():
        services.change_profile(
            person, name=form.cleaned_data["name"], hpr_number=form.cleaned_data["hpr_number"]
        )
        messages.success(request, _("Profilen er lagret."))
        return redirect("accounts:profile")
    return render_page(request, "accounts/profile.html", form=form, person=person)
