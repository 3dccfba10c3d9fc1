"""A placement: where, in what post, how much, from when."""

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from institutions.queries import departments_by_institution
from pages.dates import long_day, numeric_day
from pages.forms import DayField, PageForm
from portfolio.enums import PostKind, Refusal
from portfolio.forms.activities import PickField
from portfolio.models import Placement, Training
from portfolio.queries.placements import overlapping
from portfolio.rules import Refused


class PlacementForm(PageForm):
    """Of a place that is only named, the name stands where the choice of departments would."""

    department = PickField(
        label=gettext_lazy("Tjenestested"),
        error_messages={"required": gettext_lazy("Velg tjenestested.")},
    )
    place_name = forms.CharField(label=gettext_lazy("Tjenestested"), max_length=150)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    post_kind = forms.ChoiceField(
        label=gettext_lazy("Stilling"), choices=PostKind.choices, widget=forms.RadioSelect
    )
    percent = forms.IntegerField(
        label=gettext_lazy("Stillingsprosent"),
        min_value=1,
        max_value=100,
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

    def __init__(self, *args, training: Training, changing: Placement | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.training, self.changing = training, changing
        if changing and changing.department_id is None:
            del self.fields["department"]
            return
        del self.fields["place_name"]
        groups = [
            (str(institution), tuple(departments))
            for institution, departments in departments_by_institution()
        ]
        self.fields["department"].offer(groups, blank=_("Velg tjenestested"))

    def clean(self) -> dict:
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and starts_on < self.training.authorised_on:
            self.add_error(
                "starts_on",
                _("«Fra og med» er før autorisasjonen din (%(day)s). Rett datoen.")
                % {"day": long_day(self.training.authorised_on)},
            )
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("«Til og med» er før «Fra og med». Rett en av dem."))
        return cleaned

    def content(self) -> dict:
        names = ("department", "place_name", "post_kind", "percent", "starts_on", "ends_on")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def meet_newer(self, placement: Placement) -> None:
        """Another tab was first: what is typed here stays, and can be saved on top knowingly."""
        self.add_error(
            None,
            _(
                "Tjenesten er endret i en annen fane. Det du skrev, står her. "
                "Lagre på nytt for å bruke det."
            ),
        )
        self.data = self.data.copy()
        self.data["version"] = str(placement.version)

    def refuse(self, refusal: Refused | ValidationError) -> None:
        """What the service would not do, at the field it concerns."""
        if isinstance(refusal, ValidationError):
            self.add_error(None, refusal.message_dict.get(NON_FIELD_ERRORS, refusal.messages))
        elif refusal.code == Refusal.OVER_FULL_TIME:
            self.add_error("percent", self._collision() or refusal.message)
        else:
            self.add_error(None, refusal.message)

    def _collision(self) -> str:
        """Which posts fill the time already: «Du har 100 % ved Lindrende enhet fra 1.7.2026.»"""
        others = overlapping(
            self.training,
            starts_on=self.cleaned_data["starts_on"],
            ends_on=self.cleaned_data["ends_on"],
            besides=self.changing,
        )
        posts = _(" og ").join(map(_post, others))
        return posts and _("Du har %(posts)s. Endre prosenten eller datoene.") % {"posts": posts}


def _post(placement: Placement) -> str:
    facts = {
        "percent": placement.percent,
        "place": placement.name,
        "first": numeric_day(placement.starts_on),
    }
    if placement.ends_on is None:
        return _("%(percent)s %% ved %(place)s fra %(first)s") % facts
    facts["last"] = numeric_day(placement.ends_on)
    return _("%(percent)s %% ved %(place)s fra %(first)s til %(last)s") % facts


def first_values(training: Training, last: Placement | None) -> dict:
    """A new post is most often like the last one; a specialty has designated ones."""
    usual = PostKind.DESIGNATED if training.pathway.decides_goals else PostKind.EMPLOYED
    return {"post_kind": last.post_kind if last else usual, "percent": 100}


def stored_values(placement: Placement) -> dict:
    return {
        "department": placement.department_id,
        "place_name": placement.place_name,
        "version": placement.version,
        "post_kind": placement.post_kind,
        "percent": placement.percent,
        "starts_on": placement.starts_on,
        "ends_on": placement.ends_on,
    }
