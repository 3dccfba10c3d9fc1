"""Goals into a half-year, and what the parties agree on."""

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.models import LearningGoal
from institutions.models import Department
from institutions.queries import departments_by_institution
from pages.forms import DayField, FreeTextArea, PageForm
from portfolio.enums import PlanKind, Refusal
from portfolio.forms.activities import PickField
from portfolio.forms.goal_picks import GoalPicks, GoalsField
from portfolio.models import Plan, PlanItem
from portfolio.queries.plan_page import PlanChoices
from portfolio.queries.plans import half_year_label
from portfolio.rules import Refused
from portfolio.rules.plans import NOTHING_YET, half_years_ahead

LONGEST_TEXT = 4000
FIELD_OF_REFUSAL = {
    Refusal.NO_GOAL: "goals",
    Refusal.FOREIGN_GOAL: "goals",
    Refusal.ALREADY_PLANNED: "half_year",
    Refusal.HALF_YEAR_OVER: "half_year",
    Refusal.NO_PLAN_TEXT: "text",
}


class PlanForm(PageForm):
    """What the forms of a plan have in common: they know which plan was on the page."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=20)

    def refuse(self, refusal: Refused) -> None:
        name = FIELD_OF_REFUSAL.get(refusal.code)
        self.add_error(name if name in self.fields else None, refusal.message)

    def meet_newer(self, plan: Plan | None) -> None:
        """Another tab was first: what is typed stays, and can be saved on top knowingly."""
        self.add_error(
            None,
            _(
                "Planen er endret i en annen fane. Det du skrev, står her. Lagre på nytt om det "
                "fortsatt stemmer."
            ),
        )
        self.data = self.data.copy()
        self.data["seen"] = plan.stamp if plan else NOTHING_YET


class PlanItemForm(PlanForm):
    """One line of the plan."""

    half_year = forms.TypedChoiceField(label=gettext_lazy("Halvår"), coerce=dt.date.fromisoformat)
    department = PickField(label=gettext_lazy("Hvor"), required=False)
    activity = forms.CharField(
        label=gettext_lazy("Hvordan"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For eksempel tilsyn, hospitering eller kurs."),
    )
    weeks = forms.IntegerField(
        label=gettext_lazy("Uker"),
        min_value=1,
        max_value=26,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": gettext_lazy("«Uker» er fra 1 til 26."),
            "max_value": gettext_lazy("«Uker» er fra 1 til 26."),
        },
    )

    def __init__(
        self, *args, own_departments: frozenset[int], kept: dt.date | None = None, **kwargs
    ):
        """`kept`: the half-year in which the line already stands, over or not."""
        super().__init__(*args, **kwargs)
        ahead = {*half_years_ahead(timezone.localdate()), *([kept] if kept else [])}
        self.fields["half_year"].choices = [
            (first.isoformat(), half_year_label(first)) for first in sorted(ahead)
        ]
        self.fields["department"].offer(_places(own_departments), blank=_("Ikke bestemt"))

    def line(self) -> dict:
        """What the services take."""
        names = ("half_year", "department", "activity", "weeks")
        return {name: self.cleaned_data[name] for name in names}


class NewPlanItemForm(GoalPicks, PlanItemForm):
    """Goals picked from a grid, for one half-year."""

    goals = GoalsField(
        label=gettext_lazy("Hvilke mål?"),
        error_messages={"required": Refusal.NO_GOAL.label},
    )
    field_order = ("goals", "half_year", "department", "activity", "weeks")

    def __init__(
        self,
        *args,
        choices: PlanChoices,
        search: str = "",
        in_grid: tuple[str, ...] = (),
        **kwargs,
    ):
        super().__init__(*args, own_departments=choices.own_departments, **kwargs)
        self.offered, self.search, self.in_grid = choices, search, in_grid
        self.fields["goals"].goals = choices.goals

    def content(self) -> dict:
        """What `add_to_plan` takes."""
        picked = [goal.id for goal in self.cleaned_data["goals"]]
        return {**self.line(), "goals": list(LearningGoal.objects.filter(pk__in=picked))}


class PlanTextForm(PlanForm):
    """What the parties agree on beside the goals."""

    text = FreeTextArea(
        label=gettext_lazy("Hva dere er enige om"),
        max_length=LONGEST_TEXT,
        rows=6,
        required=False,
        help_text=gettext_lazy("Ikke noe om pasienter."),
    )
    mark = None

    def content(self) -> dict:
        """What `write_plan_text` takes."""
        return {"text": self.cleaned_data["text"], "kind": PlanKind.INDIVIDUAL}


class ImplementationForm(PlanTextForm):
    valid_from = DayField(
        label=gettext_lazy("Gjelder fra"), help_text=gettext_lazy("Planen gjelder i tolv måneder.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        text = self.fields["text"]
        text.required = True
        text.error_messages["required"] = Refusal.NO_PLAN_TEXT.label

    def content(self) -> dict:
        values = {name: self.cleaned_data[name] for name in ("text", "valid_from")}
        return values | {"kind": PlanKind.IMPLEMENTATION}


class AgreementForm(PlanForm):
    """Only a button: which revision was read, and the key."""


def _places(own: frozenset[int]) -> list[tuple[str, tuple[Department, ...]]]:
    """Where the trainee serves or is to serve first, then every other place."""
    groups = [
        (str(institution), tuple(departments))
        for institution, departments in departments_by_institution()
    ]
    mine = tuple(one for _group, rows in groups for one in rows if one.pk in own)
    others = [
        (name, left)
        for name, rows in groups
        if (left := tuple(one for one in rows if one.pk not in own))
    ]
    return [(_("Tjenestene dine"), mine), *others] if mine else others


def stored_line(item: PlanItem) -> dict:
    return {
        "half_year": item.half_year,
        "department": item.department_id,
        "activity": item.activity,
        "weeks": item.weeks,
        "seen": item.plan.stamp,
    }


def typed_values(data) -> dict:
    """What stands in a form that is not to be judged yet: somebody only searches for a goal."""
    return {name: data.get(name) for name in NewPlanItemForm.base_fields} | {
        "goals": data.getlist("goals"),
        "key": data.get("key"),
    }
