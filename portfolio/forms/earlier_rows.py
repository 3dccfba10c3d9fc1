"""One row of what a doctor brings along: a service, a module, an approval, a cited goal."""

from collections.abc import Callable, Iterable, Mapping

from django import forms
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms import DayField, PageForm
from portfolio.enums import DocumentKind, PostKind, Refusal, ServiceKind
from portfolio.forms.activities import PickField
from portfolio.queries.documents import goal_label, module_label
from portfolio.queries.earlier import EarlierChoices
from portfolio.services import kept_files
from portfolio.services.earlier import EarlierCompetence, EarlierService

APPROVALS = (
    DocumentKind.SPECIALIST_APPROVAL,
    DocumentKind.PART_1,
    DocumentKind.COMPETENCE_AREA,
    DocumentKind.ADVANCE_APPROVAL,
    DocumentKind.EXEMPTION,
)


class TokenField(forms.CharField):
    """Of a file that waits. A type of its own: it is not what somebody writes."""

    widget = forms.HiddenInput


class OneOfField(forms.ChoiceField):
    """One of a few rows, each called by `text`."""

    def offer(self, rows: Iterable[Model], text: Callable[[Model], str], *, blank: str) -> None:
        self.rows = {str(row.pk): row for row in rows}
        self.choices = [("", blank), *((pk, text(row)) for pk, row in self.rows.items())]

    def clean(self, value) -> Model | None:
        return self.rows.get(super().clean(value))


class EarlierRow(PageForm):
    """One row. Untouched it asks for nothing; once begun, its original may be needed."""

    mark = "required"
    file_is_needed = True
    refused_at = "file"  # where a refusal of the service is told

    file = forms.FileField(
        label=gettext_lazy("Dokument"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    kept = TokenField(required=False)

    def __init__(
        self, *args, choices: EarlierChoices, owner, refused: Mapping[str, list[str]], **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.owner, self.refused_files = owner, refused
        self.offer(choices)

    def offer(self, choices: EarlierChoices) -> None:
        """Fills the lists to choose from."""

    def has_changed(self) -> bool:
        """A key is made anew each time, and says nothing."""
        return any(name not in ("key", "file") for name in self.changed_data) or bool(
            self.refused_files.get(self.add_prefix("file"))
        )

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(Refusal.FUTURE.label)
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        if messages := self.refused_files.get(self.add_prefix("file")):
            self.add_error("file", messages)
        elif self.file_is_needed and not self.kept_name:
            self.add_error("file", _("Velg filen med dokumentet."))
        return cleaned

    @property
    def kept_name(self) -> str:
        """What has been uploaded for this row already."""
        token = self["kept"].value()
        return kept_files.name_of(token, owner=self.owner) if token else ""

    def refuse(self, messages: Iterable[str]) -> None:
        self.add_error(self.refused_at, list(messages))


class ServiceRow(EarlierRow):
    file_is_needed = False
    refused_at = "percent"
    field_order = (
        *("department", "place_name", "service_kind", "specialty", "post_kind", "percent"),
        *("starts_on", "ends_on", "file"),
    )

    department = PickField(label=gettext_lazy("Tjenestested"), required=False)
    place_name = forms.CharField(
        label=gettext_lazy("Eller navnet på stedet"), max_length=150, required=False
    )
    service_kind = forms.ChoiceField(
        label=gettext_lazy("Teller som"), choices=ServiceKind.choices, initial=ServiceKind.OWN
    )
    specialty = forms.CharField(
        label=gettext_lazy("Spesialitet"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For tjeneste i annen spesialitet."),
    )
    post_kind = forms.ChoiceField(
        label=gettext_lazy("Stilling"), choices=PostKind.choices, initial=PostKind.EMPLOYED
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Stillingsprosent"),
        min_value=1,
        max_value=100,
        initial=100,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": gettext_lazy("«Stillingsprosent» er fra 1 til 100."),
            "max_value": gettext_lazy("«Stillingsprosent» er fra 1 til 100."),
        },
    )
    starts_on = DayField(label=gettext_lazy("Fra og med"))
    ends_on = DayField(
        label=gettext_lazy("Til og med"),
        required=False,
        help_text=gettext_lazy("La stå tomt hvis du fortsatt er der."),
    )

    def offer(self, choices: EarlierChoices) -> None:
        self.fields["file"].label = _("Tjenestebekreftelse")
        self.fields["department"].offer(choices.departments, blank=_("Står ikke i listen"))

    def clean(self) -> dict:
        cleaned = super().clean()
        self._judge_place(cleaned)
        self._judge_period(cleaned)
        is_other = cleaned.get("service_kind") == ServiceKind.OTHER_SPECIALTY
        if is_other and not cleaned.get("specialty") and "specialty" not in self.errors:
            self.add_error("specialty", _("Skriv hvilken spesialitet."))
        return cleaned

    def _judge_place(self, cleaned: dict) -> None:
        if {"department", "place_name"} & self.errors.keys():
            return
        if not (cleaned["department"] or cleaned["place_name"]):
            self.add_error("department", _("Velg tjenestested, eller skriv navnet på det."))
        elif cleaned["department"] and cleaned["place_name"]:
            self.add_error("place_name", _("Velg fra listen eller skriv navnet, ikke begge."))

    def _judge_period(self, cleaned: dict) -> None:
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and starts_on > timezone.localdate():
            self.add_error(
                "starts_on",
                _("«Fra og med» er i framtiden. Planlagt tjeneste legger du inn under Tjenester."),
            )
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("«Til og med» er før «Fra og med». Rett en av dem."))

    def content(self) -> EarlierService:
        names = (
            *("key", "department", "place_name", "service_kind", "specialty", "post_kind"),
            *("percent", "starts_on", "ends_on", "kept"),
        )
        return EarlierService(**{name: self.cleaned_data[name] for name in names})


class ModuleRow(EarlierRow):
    field_order = ("module", "title", "issued_on", "issuer", "file")

    module = OneOfField(label=gettext_lazy("Kursmodul"), required=False)
    title = forms.CharField(
        label=gettext_lazy("Eller navnet på kurset"), max_length=150, required=False
    )
    issued_on = DayField(label=gettext_lazy("Fullført"), required=False)
    issuer = forms.CharField(label=gettext_lazy("Arrangør"), max_length=150, required=False)

    def offer(self, choices: EarlierChoices) -> None:
        self.fields["file"].label = _("Kursbevis")
        self.fields["module"].offer(choices.modules, module_label, blank=_("Annet kurs"))

    def clean(self) -> dict:
        cleaned = super().clean()
        named = cleaned.get("module") or cleaned.get("title")
        if not named and not {"module", "title"} & self.errors.keys():
            self.add_error("module", _("Velg kursmodul, eller skriv navnet på kurset."))
        return cleaned

    def content(self) -> EarlierCompetence:
        cleaned = self.cleaned_data
        label = str(DocumentKind.COURSE_CERTIFICATE.label)
        return EarlierCompetence(
            key=cleaned["key"],
            kind=DocumentKind.COURSE_CERTIFICATE,
            title=cleaned["title"] or f"{label}, {cleaned['module']}"[:150],
            kept=cleaned["kept"],
            issued_on=cleaned["issued_on"],
            issuer=cleaned["issuer"],
            module=cleaned["module"],
        )


class ApprovalRow(EarlierRow):
    field_order = ("kind", "specialty", "issued_on", "issuer", "file")

    kind = forms.ChoiceField(
        label=gettext_lazy("Godkjenning"),
        choices=[("", gettext_lazy("Velg …")), *((one.value, one.label) for one in APPROVALS)],
        error_messages={"required": gettext_lazy("Velg hva slags godkjenning.")},
    )
    specialty = forms.CharField(
        label=gettext_lazy("Spesialitet eller sted"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("For spesialistgodkjenning og forhåndsgodkjenning."),
    )
    issued_on = DayField(label=gettext_lazy("Dato"), required=False)
    issuer = forms.CharField(label=gettext_lazy("Utstedt av"), max_length=150, required=False)

    def clean(self) -> dict:
        cleaned = super().clean()
        named = cleaned.get("specialty") or "specialty" in self.errors
        if cleaned.get("kind") == DocumentKind.SPECIALIST_APPROVAL and not named:
            self.add_error("specialty", _("Skriv hvilken spesialitet."))
        if cleaned.get("kind") == DocumentKind.ADVANCE_APPROVAL and not named:
            self.add_error("specialty", _("Skriv hvilket sted."))
        return cleaned

    def content(self) -> EarlierCompetence:
        cleaned = self.cleaned_data
        kind, of_what = DocumentKind(cleaned["kind"]), cleaned["specialty"]
        is_specialty = kind == DocumentKind.SPECIALIST_APPROVAL
        return EarlierCompetence(
            key=cleaned["key"],
            kind=kind,
            title=f"{kind.label}, {of_what}" if of_what else str(kind.label),
            kept=cleaned["kept"],
            issued_on=cleaned["issued_on"],
            issuer=cleaned["issuer"],
            specialty=of_what if is_specialty else "",
        )


class CitedGoalRow(EarlierRow):
    field_order = ("cited_goal", "issued_on", "issuer", "file")

    cited_goal = OneOfField(
        label=gettext_lazy("Læringsmål"),
        error_messages={"required": gettext_lazy("Velg læringsmål.")},
    )
    issued_on = DayField(label=gettext_lazy("Godkjent"), required=False)
    issuer = forms.CharField(label=gettext_lazy("Godkjent ved"), max_length=150, required=False)

    def offer(self, choices: EarlierChoices) -> None:
        self.fields["cited_goal"].offer(choices.cited_goals, goal_label, blank=_("Velg …"))

    def content(self) -> EarlierCompetence:
        cleaned = self.cleaned_data
        return EarlierCompetence(
            key=cleaned["key"],
            kind=DocumentKind.OTHER_GOAL,
            title=goal_label(cleaned["cited_goal"]),
            kept=cleaned["kept"],
            issued_on=cleaned["issued_on"],
            issuer=cleaned["issuer"],
            cited_goal=cleaned["cited_goal"],
        )
