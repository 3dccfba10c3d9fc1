from collections.abc import Sequence

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms import PageForm
from palmappen_verify.dossier import MAX_BYTES
from portfolio.models import Training
from reports import rules
from reports.enums import ReportKind

ORDERED_HERE = (
    ReportKind.PROGRESS,
    ReportKind.DOSSIER,
    ReportKind.BUNDLE,
    ReportKind.PORTFOLIO,
)


class OrderForm(PageForm):
    """Nothing to fill in: what is ordered, and the key, so that twice pressed is once ordered."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.label) for kind in ORDERED_HERE],
        required=False,
    )


class SubmitForm(PageForm):
    """Nothing to fill in here either."""


class ExportForm(PageForm):
    """Nobody is chosen beforehand: what is ordered is told to each doctor."""

    doctors = forms.MultipleChoiceField(
        label=gettext_lazy("Leger"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg minst én lege.")},
    )

    def __init__(self, *args, trainings: Sequence[Training], **kwargs):
        super().__init__(*args, **kwargs)
        self.trainings = {str(one.pk): one for one in trainings}
        self.fields["doctors"].choices = [
            (key, one.trainee.name) for key, one in self.trainings.items()
        ]

    def clean_doctors(self) -> list[Training]:
        return [self.trainings[key] for key in self.cleaned_data["doctors"]]


class CodeField(forms.CharField):
    """Not free text: no patient hides in a code, whatever its digits look like."""


class CodeForm(PageForm):
    kode = CodeField(
        label=gettext_lazy("Kode fra dokumentet"),
        max_length=100,
        error_messages={"required": gettext_lazy("Skriv koden som står ved QR-koden.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_kode(self) -> str:
        typed = self.cleaned_data["kode"]
        if rules.DOCUMENT_NUMBER.search(typed.upper()):
            raise ValidationError(
                _("Dette er dokumentnummeret. Koden har tolv tegn, og står ved QR-koden.")
            )
        code = rules.read_code(typed)
        if not code:
            raise ValidationError(_("Skriv koden som står ved QR-koden."))
        return code


class FileForm(PageForm):
    """The file, or what the browser has read of it: then the file never leaves the machine."""

    file = forms.FileField(
        label=gettext_lazy("PDF-filen"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={"empty": gettext_lazy("Filen er tom. Velg en annen.")},
    )
    sha256 = forms.RegexField(rules.SHA256, required=False, widget=forms.HiddenInput)
    number = forms.RegexField(rules.DOCUMENT_NUMBER, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict:
        data = super().clean()
        upload = data.get("file")
        if upload:
            return {"sha256": upload.sha256, "number": upload.number}
        if not self.errors and not data["sha256"]:
            self.add_error("file", _("Velg PDF-filen du vil kontrollere."))
        return data


TOO_LARGE = gettext_lazy("Filen er større enn %(limit)d MB. Ingen av våre dokumenter er det.")


def too_large_form() -> FileForm:
    """The page again, for a file that was not read at all."""
    form = FileForm({})
    form.errors.clear()
    form.add_error("file", TOO_LARGE % {"limit": MAX_BYTES // 1024**2})
    return form
