from django import forms

from accounts.models import User
from pages.forms import PageModelForm


class ProfileForm(PageModelForm):
    class Meta:
        model = User
        fields = ["name", "hpr_number"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "hpr_number": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        }
