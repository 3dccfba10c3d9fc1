"""Stating a service, asking for the signatures, and giving them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role
from pages.forms import FreeTextArea, PageForm
from portfolio.enums import OnCall
from portfolio.forms.activities import PickField
from portfolio.models import ServiceStatement

TEXT_LENGTH = 2000
COMMENT_LENGTH = 500


class StatementForm(PageForm):
    """A draft may lack anything: what is missing is told beside it, and stops the asking."""

    mark = None

    content = FreeTextArea(
        label=_("Hva tjenesten besto i"),
        max_length=TEXT_LENGTH,
        rows=5,
        required=False,
        help_text=_("Oppgaver, pasientgrupper og ansvar, slik lederen kan gå god for det."),
    )
    teaching = FreeTextArea(
        label=_("Undervisning du deltok i"),
        max_length=TEXT_LENGTH,
        rows=3,
        required=False,
        help_text=_("For eksempel internundervisning hver uke, fagdager og kurs."),
    )
    on_call = forms.ChoiceField(
        label=_("Vakt"), choices=OnCall.choices, widget=forms.RadioSelect, required=False
    )
    on_call_text = FreeTextArea(
        label=_("Vaktordningen og din del i den"),
        max_length=TEXT_LENGTH,
        rows=2,
        required=False,
        help_text=_("For eksempel hjemmevakt hver sjette uke. La stå tomt hvis det ikke er vakt."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def content_of(self) -> dict:
        names = ("content", "teaching", "on_call", "on_call_text")
        return {name: self.cleaned_data[name] for name in names}

    def meet_newer(self, version: int) -> None:
        """Another tab was first: what is typed here stays, and can be saved on top knowingly."""
        self.add_error(
            None,
            _(
                "Teksten er endret i en annen fane. Det du skrev, står her. "
                "Lagre på nytt for å bruke det."
            ),
        )
        self.data = self.data.copy()
        self.data["version"] = str(version)


def stored_values(statement: ServiceStatement) -> dict:
    """`statement` may be new: version 0 is none."""
    return {
        "content": statement.content,
        "teaching": statement.teaching,
        "on_call": statement.on_call,
        "on_call_text": statement.on_call_text,
        "version": statement.version if statement.pk else 0,
    }


class AttestersForm(PageForm):
    """Who is to sign: one for each role whose signature is due."""

    head = PickField(
        label=_("Leder"), error_messages={"required": _("Velg leder ved tjenestestedet.")}
    )
    medical_lead = PickField(
        label=_("Medisinsk ansvarlig overlege"),
        error_messages={"required": _("Velg medisinsk ansvarlig overlege.")},
    )

    def __init__(self, *args, people: dict[Role, list], due: tuple[Role, ...], **kwargs):
        super().__init__(*args, **kwargs)
        for name, role in (("head", Role.DEPARTMENT_HEAD), ("medical_lead", Role.MEDICAL_LEAD)):
            if role not in due:
                del self.fields[name]
                continue
            self.fields[name].offer([("", people[role])], blank=_("Velg …"))
            if len(people[role]) == 1:
                self.fields[name].initial = str(people[role][0].pk)

    def asked(self) -> dict:
        names = ("head", "medical_lead")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


class DigestField(forms.CharField):
    """Nobody writes it, and a digest may well hold eleven digits in a row."""

    def __init__(self):
        super().__init__(max_length=64, required=False, widget=forms.HiddenInput)


class AttestForm(PageForm):
    """The head's word. `shown` names the facts that were on the page."""

    YES, NO = "yes", "no"

    satisfactory = forms.ChoiceField(
        label=_("Er tjenesten tilfredsstillende utført?"),
        choices=[(YES, _("Ja")), (NO, _("Nei"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg om tjenesten er tilfredsstillende utført.")},
    )
    comment = FreeTextArea(label=_("Merknad"), max_length=COMMENT_LENGTH, rows=2, required=False)
    shown = DigestField()

    def clean(self) -> dict:
        cleaned = super().clean()
        unsaid = not cleaned.get("comment") and "comment" not in self.errors
        if cleaned.get("satisfactory") == self.NO and unsaid:
            self.add_error("comment", _("Skriv hvorfor tjenesten ikke er tilfredsstillende."))
        return cleaned

    def signature(self) -> dict:
        return {
            "satisfactory": self.cleaned_data["satisfactory"] == self.YES,
            "comment": self.cleaned_data["comment"],
            "shown": self.cleaned_data["shown"],
            "key": self.cleaned_data["key"],
        }


class CountersignForm(PageForm):
    shown = DigestField()

    def signature(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("shown", "key")}


class AttestationReturnForm(PageForm):
    comment = FreeTextArea(
        label=_("Hva må rettes?"),
        max_length=COMMENT_LENGTH,
        rows=3,
        error_messages={"required": _("Skriv hva som må rettes før du kan signere.")},
    )
