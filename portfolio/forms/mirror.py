"""Marking goals as approved in the registry, several at once."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.forms import DayField, PageForm
from portfolio.enums import Refusal, Registry


class MirrorForm(PageForm):
    mark = None

    goals = forms.TypedMultipleChoiceField(
        label=_("Mål"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": Refusal.NO_GOAL.label},
    )
    registry = forms.ChoiceField(label=_("Register"), choices=Registry.choices)
    approved_on = DayField(label=_("Godkjent der"))

    def __init__(self, *args, goals: dict[int, str], today: dt.date, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["goals"].choices = list(goals.items())

    def clean_approved_on(self) -> dt.date:
        day = self.cleaned_data["approved_on"]
        if day > self.today:
            raise forms.ValidationError(Refusal.FUTURE.label)
        return day
