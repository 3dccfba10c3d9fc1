"""Recommending a claim, deciding it, and taking an approval back (§26)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from pages.forms import FreeTextArea, PageForm
from portfolio.enums import Outcome, Refusal

REASON_LENGTH = 500


class RecommendationForm(PageForm):
    FOR, AGAINST = "for", "against"

    answer = forms.ChoiceField(
        label=_("Hva sier du?"),
        choices=[(FOR, _("Jeg anbefaler")), (AGAINST, _("Jeg anbefaler ikke"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg om du anbefaler eller ikke.")},
    )
    comment = FreeTextArea(label=_("Begrunnelse"), max_length=REASON_LENGTH, rows=3, required=False)

    def clean(self):
        cleaned = super().clean()
        unsaid = not cleaned.get("comment") and "comment" not in self.errors
        if cleaned.get("answer") == self.AGAINST and unsaid:
            self.add_error("comment", _("Skriv hvorfor du ikke anbefaler."))
        return cleaned

    def opinion(self) -> dict:
        return {
            "recommends": self.cleaned_data["answer"] == self.FOR,
            "comment": self.cleaned_data["comment"],
            "key": self.cleaned_data["key"],
        }


class DecisionForm(PageForm):
    """The outcome is the button that was pressed."""

    outcome = forms.ChoiceField(
        label=_("Avgjørelse"),
        choices=Outcome.choices,
        widget=forms.HiddenInput,
        error_messages={"required": _("Velg hva du avgjør.")},
    )
    reason = FreeTextArea(label=_("Begrunnelse"), max_length=REASON_LENGTH, rows=3, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, has_opposition: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.has_opposition = has_opposition

    def clean(self):
        cleaned = super().clean()
        unsaid = not cleaned.get("reason") and "reason" not in self.errors
        if unsaid and (message := self._reason_missing(cleaned.get("outcome"))):
            self.add_error("reason", message)
        return cleaned

    def _reason_missing(self, outcome: str | None) -> str | None:
        if outcome == Outcome.APPROVED:
            return Refusal.AGAINST_NEEDS_REASON.label if self.has_opposition else None
        return {
            Outcome.RETURNED: _("Skriv hva som må til før målet kan godkjennes."),
            Outcome.REFUSED: _("Skriv hvorfor målet ikke godkjennes."),
        }.get(outcome)

    def decision(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("outcome", "reason", "version", "key")}


class WithdrawalForm(PageForm):
    reason = FreeTextArea(
        label=_("Begrunnelse"),
        max_length=REASON_LENGTH,
        rows=3,
        error_messages={"required": _("Skriv hvorfor godkjenningen trekkes tilbake.")},
    )
