from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pages.forms import DayField, FreeTextArea, PageForm


class MoveForm(PageForm):
    """Why the doctor goes on under another pathway."""

    reason = FreeTextArea(
        label=_("Begrunnelse"),
        max_length=500,
        error_messages={"required": _("Skriv hvorfor legen flyttes.")},
    )
    seen_pathway_id = forms.IntegerField(widget=forms.HiddenInput)


class EndTrainingForm(PageForm):
    ended_on = DayField(label=_("Siste dag"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate
