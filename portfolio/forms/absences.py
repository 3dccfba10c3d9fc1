"""Absence: why, how much, from when."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms import DayField, PageForm
from portfolio.enums import AbsenceCause, Refusal
from portfolio.models import Absence
from portfolio.rules import Refused

FIELD_OF_REFUSAL = {Refusal.OUTSIDE_SERVICE: "starts_on", Refusal.OVER_ABSENT: "percent"}


class AbsenceForm(PageForm):
    cause = forms.ChoiceField(
        label=gettext_lazy("Hva slags fravær?"),
        choices=AbsenceCause.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva slags fravær det er.")},
    )
    starts_on = DayField(label=gettext_lazy("Fra og med"))
    ends_on = DayField(
        label=gettext_lazy("Til og med"),
        required=False,
        help_text=gettext_lazy("La stå tomt hvis du fortsatt er borte."),
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Hvor mye borte"),
        min_value=1,
        max_value=100,
        initial=100,
        help_text=gettext_lazy("I prosent av stillingen. 100 er hele."),
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": gettext_lazy("«Hvor mye borte» er fra 1 til 100."),
            "max_value": gettext_lazy("«Hvor mye borte» er fra 1 til 100."),
        },
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        cleaned = super().clean()
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("«Til og med» er før «Fra og med». Rett en av dem."))
        return cleaned

    def content(self) -> dict:
        names = ("cause", "percent", "starts_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names}

    def refuse(self, refusal: Refused | ValidationError) -> None:
        """What the service would not do, at the field it concerns."""
        if isinstance(refusal, ValidationError):
            self.add_error(None, refusal.message_dict.get(NON_FIELD_ERRORS, refusal.messages))
        else:
            self.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal.message)

    def meet_newer(self, absence: Absence) -> None:
        """Another tab was first: what is typed here stays, and can be saved on top knowingly."""
        self.add_error(
            None,
            _(
                "Fraværet er endret i en annen fane. Det du skrev, står her. "
                "Lagre på nytt for å bruke det."
            ),
        )
        self.data = self.data.copy()
        self.data["version"] = str(absence.version)


def stored_values(absence: Absence) -> dict:
    names = ("cause", "percent", "starts_on", "ends_on", "version")
    return {name: getattr(absence, name) for name in names}
