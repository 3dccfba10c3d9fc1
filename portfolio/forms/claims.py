"""The trainee's acts on a goal: claiming it, and asking others about it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.forms import FreeTextArea, PageForm
from portfolio.enums import Refusal
from portfolio.forms.activities import PickField
from portfolio.queries.supervisors import Supervisors


class ClaimForm(PageForm):
    """`missing`: something is not shown at its level; then the claim gives its reason."""

    comment = FreeTextArea(
        label=gettext_lazy("Kommentar"),
        max_length=500,
        rows=3,
        required=False,
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, missing: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if missing:
            comment = self.fields["comment"]
            comment.required = True
            comment.label = _("Begrunnelse")
            comment.error_messages["required"] = _("Skriv hvorfor du melder målet før alt er vist.")

    def claim(self) -> dict:
        """What the service takes. Without a version the page is as good as old."""
        return {
            "comment": self.cleaned_data["comment"],
            "key": self.cleaned_data["key"],
            "version": self.cleaned_data["version"] or 0,
        }

    def meet_newer(self, version: int) -> None:
        """Somebody was first: what is typed stays, and can be sent knowingly."""
        self.add_error(
            None,
            _("Målet er endret i mellomtiden. Teksten din står her. Se over og meld igjen."),
        )
        self.data = self.data.copy()
        self.data["version"] = str(version)


class AlsoAsked:
    """Who was asked already is not offered again, but the second of a double submit is no error."""

    also: frozenset[str] = frozenset()

    def valid_value(self, value) -> bool:
        return super().valid_value(value) or str(value) in self.also


class AssessorsField(AlsoAsked, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class AnotherField(AlsoAsked, PickField):
    pass


class RecommendationRequestForm(PageForm):
    """The veileder, those who have assessed the goal, and anyone else."""

    asks_guide = forms.BooleanField(label=gettext_lazy("Veileder"), required=False)
    clinical = AssessorsField(
        label=gettext_lazy("Supervisører som har vurdert målet"),
        required=False,
        error_messages={"invalid_choice": Refusal.NOT_SUPERVISOR.label},
    )
    another = AnotherField(
        label=gettext_lazy("En annen supervisør"),
        required=False,
        error_messages={"invalid_choice": Refusal.NOT_SUPERVISOR.label},
    )
    mark = None

    def __init__(
        self, *args, supervisors: Supervisors, asked: set[int], assessors: set[int], **kwargs
    ):
        """`asked`: who is asked, or has spoken, already."""
        has_clinical = bool(asked - {supervisors.guide.pk if supervisors.guide else None})
        super().__init__(*args, **kwargs)
        self.guide = supervisors.guide
        self.people = supervisors.clinical_by_id()
        self.offers_guide = bool(self.guide) and self.guide.pk not in asked
        self.known = [pk for pk in self.people if pk in assessors and pk not in asked]
        self.fields["asks_guide"].label = self.guide.name if self.guide else ""
        self.fields["clinical"].choices = [(str(pk), self.people[pk].name) for pk in self.known]
        unknown = {pk for pk in self.people if pk not in asked and pk not in self.known}
        self.fields["another"].offer(
            [
                (place, few)
                for place, people in supervisors.clinical
                if (few := [one for one in people if one.pk in unknown])
            ],
            blank=_("Velg person") if not self.known else _("Ingen andre"),
        )
        if not self.known:
            self.fields["another"].label = _("Supervisør")
        for name in ("clinical", "another"):
            self.fields[name].also = frozenset(str(pk) for pk in asked if pk in self.people)
        self.initial = {
            "asks_guide": self.offers_guide,
            # Where a supervisor is asked or has spoken, another is a choice, not the rule.
            "clinical": [] if has_clinical else [str(pk) for pk in self.known],
            **self.initial,
        }

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.errors and not any(self.asked().values()):
            first = next(name for name in ("asks_guide", "clinical", "another") if self.shows(name))
            self.add_error(first, _("Velg minst én å be om anbefaling."))
        return cleaned

    def shows(self, name: str) -> bool:
        return {"asks_guide": self.offers_guide, "clinical": bool(self.known)}.get(name, True)

    def asked(self) -> dict:
        """What the service takes."""
        chosen = [*self.cleaned_data.get("clinical", ()), self.data.get("another", "")]
        asks_guide = self.guide and self.cleaned_data.get("asks_guide")
        return {
            "clinical_supervisors": [self.people[int(pk)] for pk in chosen if pk],
            "educational_supervisor": self.guide if asks_guide else None,
        }


class AssessmentRequestForm(PageForm):
    asked_of = PickField(
        label=gettext_lazy("Hvem skal vurdere?"),
        error_messages={
            "required": Refusal.NO_SUPERVISOR.label,
            "invalid_choice": Refusal.NOT_SUPERVISOR.label,
        },
    )
    comment = forms.CharField(
        label=gettext_lazy("Melding"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Skriv ikke noe som kan avsløre hvem pasienten er."),
    )

    def __init__(self, *args, supervisors: Supervisors, **kwargs):
        super().__init__(*args, **kwargs)
        guide = supervisors.guide
        groups = [(_("Din veileder"), (guide,))] if guide else []
        self.fields["asked_of"].offer([*supervisors.clinical, *groups], blank=_("Velg person"))

    def request(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("asked_of", "comment", "key")}
