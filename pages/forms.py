"""The form every page builds on: idempotency key, Norwegian errors, identity number guard."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pages.identity_numbers import find_identity_number


class FreeTextArea(forms.CharField):
    """Free text over several lines."""

    def __init__(self, *, label, max_length, rows=3, **kwargs):
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(label=label, max_length=max_length, **kwargs)


class DayField(forms.DateField):
    """A day, picked in the browser's own calendar or typed."""

    def __init__(self, **kwargs):
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **kwargs)


class _PageFormBehaviour:
    """What PageForm and PageModelForm share.

    ``mark`` names the few: "optional" writes «Valgfritt» at fields that may be left empty,
    "required" writes «Må fylles ut» at those that may not, and None marks nothing.
    """

    use_required_attribute = False
    mark = "optional"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["key"] = forms.UUIDField(
            required=False, initial=uuid.uuid4, widget=forms.HiddenInput
        )
        for name, field in self.fields.items():
            _dress(field, name)

    def clean_key(self):
        """A key that was not sent can repeat nothing, so it is simply made here."""
        return self.cleaned_data["key"] or uuid.uuid4()

    def _clean_fields(self):
        super()._clean_fields()
        for name, value in list(self.cleaned_data.items()):
            try:
                _guard(self.fields[name], value)
            except ValidationError as error:
                self.add_error(name, error)


class PageForm(_PageFormBehaviour, forms.Form):
    """A form on a page of ours."""


class PageModelForm(_PageFormBehaviour, forms.ModelForm):
    """A form on a page of ours, over a model. It validates; services write."""


def _guard(field, value) -> None:
    """Look through what people write freely: plain text fields and the names of files."""
    if isinstance(field, forms.FileField):
        uploads = value if isinstance(value, list) else [value]
        for upload in uploads:
            if upload and find_identity_number(upload.name):
                raise ValidationError(
                    _("Gi filen et navn uten fødselsnummer, og last den opp på nytt."),
                    code="identity_number",
                )
    elif isinstance(value, str) and _is_free_text(field) and find_identity_number(value):
        # The message never repeats the number.
        raise ValidationError(
            _(
                "Ta bort fødselsnummeret i «%(label)s». "
                "Skriv ikke noe som kan avsløre hvem pasienten er."
            ),
            code="identity_number",
            params={"label": field.label},
        )


def _is_free_text(field) -> bool:
    """Not addresses, choices and other fields with a form of their own."""
    is_password = isinstance(field.widget, forms.PasswordInput)
    return type(field) in (forms.CharField, FreeTextArea) and not is_password


def _dress(field, name: str) -> None:
    """Give the widget the design system's class and the field its Norwegian messages."""
    if field.label is None:
        field.label = name.replace("_", " ").capitalize()
    if not isinstance(field.widget, forms.HiddenInput):
        field.widget.attrs.setdefault("class", "ds-input")
    if getattr(field, "empty_label", None) == "---------":  # Django's own
        field.empty_label = _("Velg …")
    for code, message in _messages(field).items():
        standard = _standard_messages(field).get(code)
        if code not in field.error_messages or field.error_messages[code] == standard:
            field.error_messages[code] = message


def _messages(field) -> dict[str, str]:
    label = str(field.label)
    if isinstance(field, (forms.ChoiceField, forms.ModelChoiceField)):
        return {
            "required": _("Velg noe under «%(label)s».") % {"label": label},
            "invalid_choice": _("Valget under «%(label)s» finnes ikke lenger. Velg på nytt.")
            % {"label": label},
        }
    if isinstance(field, forms.DateField):
        return {
            "required": _("Fyll ut «%(label)s».") % {"label": label},
            "invalid": _("Skriv «%(label)s» som dag.måned.år, for eksempel 19.11.2026.")
            % {"label": label},
        }
    if isinstance(field, (forms.IntegerField, forms.DecimalField)):
        return {
            "required": _("Fyll ut «%(label)s».") % {"label": label},
            "invalid": _("Skriv «%(label)s» som et tall.") % {"label": label},
        }
    if isinstance(field, forms.FileField):
        return {
            "required": _("Velg en fil under «%(label)s».") % {"label": label},
            "empty": _("Filen under «%(label)s» er tom. Velg en annen.") % {"label": label},
        }
    return {
        "required": _("Fyll ut «%(label)s».") % {"label": label},
        "max_length": _(
            "Kort ned «%(label)s» til %%(limit_value)d tegn. Nå er det %%(show_value)d."
        )
        % {"label": label},
    }


def _standard_messages(field) -> dict[str, str]:
    standard = {}
    for ancestor in reversed(type(field).__mro__):
        standard.update(getattr(ancestor, "default_error_messages", {}))
    return standard
