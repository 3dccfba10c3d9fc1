"""One original: the file, and what it is."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms import DayField, PageForm
from portfolio.enums import DocumentKind, Refusal
from portfolio.forms.attestations import DigestField
from portfolio.models import Document
from portfolio.queries.documents import (
    DocumentChoices,
    goal_label,
    module_label,
    placement_label,
)
from portfolio.rules import Refused

# What a document of a kind must belong to: without it nobody can tell what it proves.
BELONGS_TO = {
    DocumentKind.SERVICE_ATTESTATION: ("placement", gettext_lazy("Velg hvilken tjeneste.")),
    DocumentKind.OTHER_GOAL: ("cited_goal", gettext_lazy("Velg hvilket læringsmål.")),
}
OF_A_SPECIALTY = (DocumentKind.SPECIALIST_APPROVAL,)


class BelongsField(forms.ChoiceField):
    """A service, a module or a goal, in one list. The value names both: «placement:12»."""

    def offer(self, choices: DocumentChoices) -> None:
        groups = (
            (_("Tjenester"), "placement", choices.placements, placement_label),
            (_("Kursmoduler"), "module", choices.modules, module_label),
            (_("Mål i andre spesialiteter"), "cited_goal", choices.cited_goals, goal_label),
        )
        self.rows = {
            f"{name}:{row.pk}": (name, row) for _label, name, rows, _text in groups for row in rows
        }
        self.choices = [
            ("", _("Ikke noe av dette")),
            *(
                (label, [(f"{name}:{row.pk}", text(row)) for row in rows])
                for label, name, rows, text in groups
                if rows
            ),
        ]

    def clean(self, value) -> tuple[str, Model] | None:
        return self.rows.get(super().clean(value))


class DocumentForm(PageForm):
    mark = "required"

    kind = forms.ChoiceField(
        label=gettext_lazy("Hva slags dokument"),
        choices=[("", gettext_lazy("Velg …")), *DocumentKind.choices],
        error_messages={"required": gettext_lazy("Velg hva slags dokument det er.")},
    )
    file = forms.FileField(
        label=gettext_lazy("Fil"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        help_text=gettext_lazy("PDF, PNG eller JPEG, høyst 10 MB og 200 sider."),
        error_messages={"required": gettext_lazy("Velg filen du vil laste opp.")},
    )
    double_sided = forms.BooleanField(
        label=gettext_lazy("Originalen har tekst på begge sider av arket"), required=False
    )
    belongs_to = BelongsField(label=gettext_lazy("Gjelder"), required=False)
    issued_on = DayField(label=gettext_lazy("Dato på dokumentet"), required=False)
    issuer = forms.CharField(label=gettext_lazy("Utstedt av"), max_length=150, required=False)
    specialty = forms.CharField(
        label=gettext_lazy("Spesialitet"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For spesialistgodkjenning."),
    )
    title = forms.CharField(
        label=gettext_lazy("Tittel"),
        max_length=150,
        required=False,
        help_text=gettext_lazy("La stå tomt for å bruke navnet på slaget."),
    )

    def __init__(self, *args, choices: DocumentChoices, replaces: Document | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.replaces = replaces
        self.fields["belongs_to"].offer(choices)
        self.fields["issued_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        if replaces:
            self.fields["file"].required = False

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day and day > timezone.localdate():
            raise ValidationError(Refusal.FUTURE.label)
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if "belongs_to" in cleaned and kind in BELONGS_TO:
            name, message = BELONGS_TO[kind]
            belongs_to = cleaned["belongs_to"]
            if belongs_to is None or belongs_to[0] != name:
                self.add_error("belongs_to", message)
        if kind in OF_A_SPECIALTY and not cleaned.get("specialty"):
            self.add_error("specialty", _("Skriv hvilken spesialitet."))
        return cleaned

    def content(self) -> dict:
        """What the service takes."""
        cleaned = self.cleaned_data
        name, row = cleaned["belongs_to"] or ("placement", None)
        plain = ("key", "kind", "double_sided", "issued_on", "issuer", "specialty")
        return {
            **{field: cleaned[field] for field in plain},
            "title": cleaned["title"] or str(DocumentKind(cleaned["kind"]).label),
            "upload": cleaned["file"],
            name: row,
        }

    def refuse(self, refusal: Refused | ValidationError) -> None:
        """What the service would not take is most often the file."""
        if isinstance(refusal, Refused):
            self.add_error("issued_on", refusal.message)
        else:
            self.add_error("file", refusal.messages)

    @property
    def lost_file(self) -> bool:
        """A browser never sends a file twice by itself."""
        return bool(self.files.get("file")) and "file" not in self.errors


class DocumentConfirmForm(PageForm):
    seen = forms.BooleanField(
        label=gettext_lazy("Jeg har sett originalen, og filen og opplysningene stemmer med den"),
        error_messages={"required": gettext_lazy("Kryss av for at du har sett originalen.")},
    )
    shown = DigestField()  # of a service on paper, what the page told of it

    def signature(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("shown", "key")}


def first_values(*, kind: str, belongs_to: str) -> dict:
    """From the address, where another page asks for a document of one thing."""
    return {"kind": kind, "belongs_to": belongs_to}


def stored_values(document: Document) -> dict:
    belongs = ((name, getattr(document, f"{name}_id")) for name in _LINKS)
    return {
        "kind": document.kind,
        "belongs_to": next((f"{name}:{pk}" for name, pk in belongs if pk), ""),
        "issued_on": document.issued_on,
        "issuer": document.issuer,
        "specialty": document.specialty,
        "title": document.title,
    }


_LINKS = ("placement", "module", "cited_goal")
