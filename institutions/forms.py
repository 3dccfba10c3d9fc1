"""Forms of the administrator's pages. They validate; services write."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User, validate_hpr_number
from curriculum.queries import Goal, Theme
from institutions.enums import (
    ASSIGNABLE_ROLES,
    CohortKind,
    CohortPlace,
    RecognitionKind,
    Refusal,
    Region,
    Role,
)
from institutions.models import Department, Institution
from institutions.queries import institutions_with_departments
from institutions.queries.general_plan import DepartmentOffers
from institutions.rules import Refused
from pages.forms import DayField, PageForm
from pages.norwegian_order import NorwegianOrder


class PersonChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, person: User) -> str:
        return f"{person.name} ({person.email})"  # two may share a name


class RefusableForm(PageForm):
    """Shows what a service refused, at the field it is about."""

    field_of: dict[Refusal, str] = {}

    def refuse(self, error: Refused | ValidationError) -> None:
        if isinstance(error, Refused):
            self.add_error(self.field_of.get(error.code), error.message)
        else:
            self.add_error(None, error)


class PlaceField(forms.ChoiceField):
    """A whole institution or one department."""

    def offer(self, *, besides: Institution | None = None) -> None:
        self.places: dict[str, Institution | Department] = {}
        self.choices = [("", _("Velg sted")), *self._groups(besides)]

    def _groups(self, besides: Institution | None):
        for institution in institutions_with_departments():
            if institution == besides:
                continue
            group = [(f"i{institution.pk}", _("Hele %(name)s") % {"name": institution})]
            self.places[f"i{institution.pk}"] = institution
            for department in institution.departments.all():
                self.places[f"d{department.pk}"] = department
                group.append((f"d{department.pk}", f"{department.name}, {institution}"))
            yield institution.name, group


class InvitationForm(RefusableForm):
    name = forms.CharField(label=_("Navn"), max_length=150)
    email = forms.EmailField(
        label=_("E-post"),
        max_length=254,
        help_text=_("Invitasjonen sendes hit, og adressen brukes til å logge inn."),
        error_messages={
            "invalid": _("Skriv «E-post» som en adresse, for eksempel navn@sykehus.no.")
        },
    )
    hpr_number = forms.CharField(
        label=_("HPR-nummer"),
        max_length=9,
        required=False,
        validators=[validate_hpr_number],
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    field_of = {Refusal.IS_DEACTIVATED: "email", Refusal.IN_USE: "email"}

    def clean_email(self) -> str:
        return self.cleaned_data["email"].lower()


class RoleForm(RefusableForm):
    role = forms.ChoiceField(
        label=_("Rolle"),
        error_messages={"required": _("Velg rolle.")},
        choices=[(role.value, role.label) for role in ASSIGNABLE_ROLES],
        widget=forms.RadioSelect,
    )
    place = PlaceField(
        label=_("Sted"),
        required=False,
        help_text=_("En administrator gjelder for hele PAL-mappen. Da står stedet tomt."),
    )
    starts_on = DayField(label=_("Fra og med"), initial=timezone.localdate)
    ends_on = DayField(label=_("Til og med"), required=False)

    field_of = {
        Refusal.UNKNOWN_ROLE: "role",
        Refusal.ALREADY_HELD: "role",
        Refusal.PLACE_MISSING: "place",
        Refusal.PLACE_TOO_MUCH: "place",
        Refusal.ADMIN_HAS_NO_PLACE: "place",
        Refusal.WHOLE_INSTITUTION: "place",
        Refusal.ENDS_BEFORE_START: "ends_on",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].offer()

    @property
    def wanted(self) -> dict:
        """What `services.give_role` asks for."""
        place = self.fields["place"].places.get(self.cleaned_data["place"])
        return {
            "role": Role(self.cleaned_data["role"]),
            "institution": place if isinstance(place, Institution) else None,
            "department": place if isinstance(place, Department) else None,
            "starts_on": self.cleaned_data["starts_on"],
            "ends_on": self.cleaned_data["ends_on"],
        }


class RoleEndForm(RefusableForm):
    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=_("Når slutter rollen?"),
        error_messages={"required": _("Velg når rollen slutter.")},
        choices=[
            (NOW, _("Nå. Innsynet er borte med en gang.")),
            (LATER, _("Etter en bestemt dag")),
        ],
        widget=forms.RadioSelect,
    )
    last_day = DayField(
        label=_("Siste dag med rollen"),
        required=False,
        help_text=_("Fylles ut når rollen slutter etter en bestemt dag."),
    )
    mark = None

    field_of = {Refusal.ENDS_BEFORE_START: "last_day", Refusal.LAST_ADMIN: "when"}

    def clean(self):
        data = super().clean()
        is_missing = not data.get("last_day") and "last_day" not in self.errors
        if data.get("when") == self.LATER and is_missing:
            self.add_error("last_day", _("Fyll ut «Siste dag med rollen»."))
        return data

    @property
    def ends_on(self) -> dt.date:
        """Yesterday is the last day of what ends now."""
        if self.cleaned_data["when"] == self.NOW:
            return timezone.localdate() - dt.timedelta(days=1)
        return self.cleaned_data["last_day"]


class CohortForm(RefusableForm):
    name = forms.CharField(label=_("Navn på kullet"), max_length=100)
    kind = forms.ChoiceField(
        label=_("Hva samler kullet?"),
        choices=[("", _("Velg …")), *CohortKind.choices],
        error_messages={"required": _("Velg hva kullet samler.")},
    )


class CohortPlaceForm(RefusableForm):
    user = PersonChoiceField(
        label=_("Person"),
        queryset=User.objects.none(),
        empty_label=_("Velg …"),
        error_messages={"required": _("Velg person.")},
    )
    place = forms.ChoiceField(
        label=_("Plass i kullet"),
        choices=CohortPlace.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg plass i kullet.")},
    )
    starts_on = DayField(label=_("Fra og med"), initial=timezone.localdate)
    ends_on = DayField(label=_("Til og med"), required=False)

    asked = ("user", "place", "starts_on", "ends_on")
    field_of = {
        Refusal.ALREADY_IN_COHORT: "user",
        Refusal.IS_DEACTIVATED: "user",
        Refusal.OWN_ROLE: "user",
        Refusal.ENDS_BEFORE_START: "ends_on",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        active = User.objects.filter(is_active=True)
        self.fields["user"].queryset = active.order_by(NorwegianOrder("name"), "pk")


class SiteFilterForm(forms.Form):
    """What to show of the training sites. An unknown value in the address shows everything."""

    q = forms.CharField(required=False, max_length=100)
    region = forms.ChoiceField(required=False, choices=[("", ""), *Region.choices])
    kind = forms.ChoiceField(required=False, choices=[("", ""), *RecognitionKind.choices])

    @property
    def chosen(self) -> dict[str, str]:
        self.is_valid()
        data = self.cleaned_data
        return {
            "search": data.get("q", ""),
            "region": data.get("region", ""),
            "kind": data.get("kind", ""),
        }


# --- The general plan ----------------------------------------------------------------------------


class AgreementForm(RefusableForm):
    place = PlaceField(
        label=_("Læringsarena"),
        help_text=_("Stedet som avtalen er inngått med: hele virksomheten eller ett tjenestested."),
        error_messages={"required": _("Velg læringsarena.")},
    )
    starts_on = DayField(label=_("Fra og med"), initial=timezone.localdate)
    ends_on = DayField(label=_("Til og med"), required=False)
    source = forms.CharField(
        label=_("Hvor avtalen finnes"),
        max_length=200,
        required=False,
        help_text=_("For eksempel saksnummeret i arkivet."),
    )

    field_of = {
        Refusal.SAME_INSTITUTION: "place",
        Refusal.FOREIGN_DEPARTMENT: "place",
        Refusal.ALREADY_AGREED: "place",
        Refusal.ENDS_BEFORE_START: "ends_on",
    }

    def __init__(self, *args, institution: Institution, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].offer(besides=institution)

    @property
    def wanted(self) -> dict:
        """What `services.add_agreement` asks for."""
        place = self.fields["place"].places[self.cleaned_data["place"]]
        is_department = isinstance(place, Department)
        return {
            "arena": place.institution if is_department else place,
            "department": place if is_department else None,
            "starts_on": self.cleaned_data["starts_on"],
            "ends_on": self.cleaned_data["ends_on"],
            "source": self.cleaned_data["source"],
        }


class AgreementEndForm(RefusableForm):
    ends_on = DayField(label=_("Siste dag avtalen gjelder"), initial=timezone.localdate)

    field_of = {Refusal.ENDS_BEFORE_START: "ends_on", Refusal.AGREEMENT_ENDED: "ends_on"}


@dataclass(frozen=True)
class OfferRow:
    goal: Goal
    is_offered: forms.BoundField
    how: forms.BoundField


class OffersForm(RefusableForm):
    """Every goal, whether it can be reached in the department, and how."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)
    mark = None

    def __init__(self, *args, offered: DepartmentOffers, **kwargs):
        self.goals = offered.goals
        self.base_fields = type(self).base_fields | self._fields_of_goals()
        super().__init__(*args, initial=self._stored(offered), **kwargs)

    def _fields_of_goals(self) -> dict[str, forms.Field]:
        fields = {}
        for goal in self.goals.goals:
            fields[f"goal_{goal.id}"] = forms.BooleanField(label=goal.code, required=False)
            fields[f"how_{goal.id}"] = forms.CharField(
                label=_("Hvordan, %(code)s") % {"code": goal.code}, max_length=200, required=False
            )
        return fields

    @staticmethod
    def _stored(offered: DepartmentOffers) -> dict:
        chosen = {f"goal_{pk}": True for pk in offered.offers}
        how = {f"how_{pk}": text for pk, text in offered.offers.items()}
        return chosen | how | {"seen": offered.stamp}

    def offers(self) -> dict[int, str]:
        """What `services.set_offers` asks for."""
        data = self.cleaned_data
        chosen = (goal.id for goal in self.goals.goals if data[f"goal_{goal.id}"])
        return {pk: data[f"how_{pk}"] for pk in chosen}

    def themes(self) -> list[tuple[Theme, list[OfferRow]]]:
        return [(theme, [self._row(goal) for goal in theme.goals]) for theme in self.goals.themes]

    def _row(self, goal: Goal) -> OfferRow:
        return OfferRow(goal, self[f"goal_{goal.id}"], self[f"how_{goal.id}"])

    def meet_newer(self, offered: DepartmentOffers) -> None:
        """Another was first: what is ticked here stays, and can be saved on top knowingly."""
        self.add_error(
            None,
            _(
                "Planen er endret av noen andre. Det du valgte, står her. Lagre på nytt om det "
                "fortsatt stemmer."
            ),
        )
        self.data = self.data.copy()
        self.data["seen"] = offered.stamp
