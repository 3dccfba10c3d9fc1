"""Logging an activity: three taps for the ordinary, everything else within reach."""

import datetime as dt

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.models import LearningGoal
from curriculum.queries import Goal
from pages.dates import long_day
from pages.forms import DayField, FreeTextArea, PageForm
from portfolio.attachments import MAX_FILES
from portfolio.enums import ActivityKind, PerformedAs, Refusal
from portfolio.forms.goal_picks import GoalPicks, GoalsField, pair, reference
from portfolio.models import LearningActivity
from portfolio.queries.activities import ActivityChoices, reflection_of
from portfolio.rules import Refused

# In these one does something oneself, and so did it in some way.
HANDS_ON = (
    ActivityKind.SUPERVISED_PRACTICE,
    ActivityKind.AMBULATORY_SERVICE,
    ActivityKind.ON_CALL,
    ActivityKind.SIMULATION,
)
FIELD_OF_REFUSAL = {
    Refusal.NO_GOAL: "goals",
    Refusal.FOREIGN_GOAL: "goals",
    Refusal.NO_SUPERVISOR: "supervisor",
    Refusal.NOT_SUPERVISOR: "supervisor",
    Refusal.ONESELF: "supervisor",
    Refusal.FUTURE: "starts_on",
}


class PickField(forms.ChoiceField):
    """One of the given rows, offered in groups."""

    def offer(self, groups, *, blank: str) -> None:
        self.rows = {str(row.pk): row for _group, rows in groups for row in rows}
        self.choices = [
            ("", blank),
            *((group, [(str(row.pk), row.name) for row in rows]) for group, rows in groups),
        ]

    def clean(self, value):
        return self.rows.get(super().clean(value))


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once. What is in them is looked at when they are stored."""

    widget = FilesInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"})

    def clean(self, data, initial=None) -> list:
        files = [super(FilesField, self).clean(one) for one in data or []]
        if len(files) > MAX_FILES:
            raise ValidationError(_("Velg høyst ti filer under «Vedlegg»."), code="too_many")
        return files


class ActivityForm(GoalPicks, PageForm):
    """`sending` asks for what an assessor needs; without it, whatever has been typed is kept."""

    goals = GoalsField(
        label=gettext_lazy("Hvilke mål gjaldt det?"),
        error_messages={"required": gettext_lazy("Velg minst ett læringsmål")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("Type"), choices=ActivityKind.choices)
    performed_as = forms.ChoiceField(
        label=gettext_lazy("Hvordan gjorde du det?"),
        choices=PerformedAs.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    starts_on = DayField(label=gettext_lazy("Når"))
    department = PickField(label=gettext_lazy("Hvor"), required=False)
    supervisor = PickField(
        label=gettext_lazy("Vurderes av"),
        required=False,
        error_messages={"invalid_choice": Refusal.NOT_SUPERVISOR.label},
    )
    note = FreeTextArea(
        label=gettext_lazy("Notat"),
        max_length=2000,
        rows=2,
        required=False,
        help_text=gettext_lazy("Skriv ikke noe som kan avsløre hvem pasienten er."),
    )
    ends_on = DayField(label=gettext_lazy("Til og med"), required=False)
    reflection = FreeTextArea(
        label=gettext_lazy("Privat refleksjon"),
        max_length=4000,
        rows=3,
        required=False,
        help_text=gettext_lazy("Bare du ser den."),
    )
    attachments = FilesField(
        label=gettext_lazy("Vedlegg"),
        required=False,
        help_text=gettext_lazy("PDF, PNG eller JPEG, høyst 10 MB hver."),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    FURTHER = ("kind", "ends_on", "reflection", "attachments")
    GIVEN = (
        *("goals", "kind", "performed_as", "starts_on", "ends_on", "department", "supervisor"),
        *("note", "reflection", "attachments"),
    )

    def __init__(
        self,
        *args,
        choices: ActivityChoices,
        sending: bool = False,
        search: str = "",
        in_grid: tuple[str, ...] = (),
        **kwargs,
    ):
        super().__init__(*args, **kwargs)
        self.offered, self.sending, self.search = choices, sending, search
        self.in_grid = in_grid
        self.fields["goals"].goals = choices.goals
        self.fields["goals"].required = sending
        self.fields["department"].offer(choices.departments, blank=_("Ikke oppgitt"))
        self.fields["supervisor"].offer(choices.supervisors, blank=_("Velg person"))
        self.fields["starts_on"].widget.attrs["max"] = timezone.localdate().isoformat()
        self.fields["ends_on"].widget.attrs["max"] = timezone.localdate().isoformat()

    def clean_starts_on(self) -> dt.date:
        day = self.cleaned_data["starts_on"]
        authorised_on = self.offered.training.authorised_on
        if day < authorised_on:
            raise ValidationError(
                _("«Når» er før autorisasjonen din (%(day)s). Rett året.")
                % {"day": long_day(authorised_on)}
            )
        return self._past(day, _("Når"))

    def clean_ends_on(self) -> dt.date | None:
        day = self.cleaned_data["ends_on"]
        starts_on = self.cleaned_data.get("starts_on")
        if day and starts_on and day < starts_on:
            raise ValidationError(_("«Til og med» er før «Når». Rett en av dem."))
        if day is None or day == starts_on:
            return None
        return self._past(day, _("Til og med"))

    @staticmethod
    def _past(day: dt.date, label: str) -> dt.date:
        if day > timezone.localdate():
            raise ValidationError(
                _("«%(label)s» er i framtiden. Velg i dag eller en tidligere dag.")
                % {"label": label}
            )
        return day

    def clean_performed_as(self) -> str:
        performed_as = self.cleaned_data["performed_as"]
        is_needed = self.sending and self.cleaned_data.get("kind") in HANDS_ON
        if is_needed and not performed_as:
            raise ValidationError(_("Velg hvordan du gjorde det"))
        return performed_as

    def clean_supervisor(self):
        supervisor = self.cleaned_data["supervisor"]
        if self.sending and not supervisor:
            raise ValidationError(Refusal.NO_SUPERVISOR.label)
        return supervisor

    @property
    def is_untouched(self) -> bool:
        """A new form in which nothing of the activity is given yet."""
        if self.cleaned_data["version"] is not None:
            return False
        usual = first_values(self.offered)
        for name in self.GIVEN:
            value = self.cleaned_data[name]
            if (getattr(value, "pk", value) or None) != (usual.get(name) or None):
                return False
        return True

    def holds_something(self) -> bool:
        """Whether there is anything to save; else the form asks for it."""
        if self.is_untouched:
            self.add_error("note", _("Skriv et notat eller velg et mål først."))
            return False
        return True

    def content(self) -> dict:
        """What the service takes."""
        picked = [goal.id for goal in self.cleaned_data["goals"]]
        names = (
            "key version kind starts_on ends_on department performed_as note reflection supervisor"
        )
        return {
            **{name: self.cleaned_data[name] for name in names.split()},
            "goals": list(LearningGoal.objects.filter(pk__in=picked)),
        }

    def refuse(self, refusal: Refused | ValidationError) -> None:
        """What the service would not do, at the field it concerns."""
        if isinstance(refusal, Refused):
            self.add_error(FIELD_OF_REFUSAL.get(refusal.code), refusal.message)
        else:
            self.add_error("attachments", refusal.messages)

    def meet_newer(self, activity: LearningActivity) -> None:
        """Another tab was first: what is typed here stays, and can be saved on top knowingly.

        That comes before anything that is missing here; the other tab may have given it.
        """
        self.errors.clear()
        self.add_error(
            None,
            _(
                "Aktiviteten er endret i en annen fane. Det du skrev, står her. "
                "Lagre på nytt for å bruke det."
            ),
        )
        self.data = self.data.copy()
        self.data["version"] = str(activity.version)

    # --- What the page shows ---

    @property
    def shows_further(self) -> bool:
        """Whether the folded part holds something to look at: an error, or what is not usual."""
        unusual = self["kind"].value() not in ("", None, ActivityKind.SUPERVISED_PRACTICE)
        filled = any(self[name].value() for name in ("ends_on", "reflection"))
        return unusual or filled or any(name in self.errors for name in self.FURTHER)

    @property
    def lost_files(self) -> bool:
        """A browser never sends a file twice by itself."""
        return bool(self.files and self.files.getlist("attachments"))


def first_values(choices: ActivityChoices, *, goal: str = "") -> dict:
    """A new form: today, where one serves, with the assessor one uses."""
    known = pair(goal) in choices.goals.by_code
    return {
        "goals": [goal] if known else [],
        "starts_on": timezone.localdate(),
        "department": choices.department_id,
        "supervisor": choices.supervisor_id,
        "kind": ActivityKind.SUPERVISED_PRACTICE.value,
    }


def stored_values(activity: LearningActivity, goals: list[Goal]) -> dict:
    return {
        "goals": [reference(goal) for goal in goals],
        "performed_as": activity.performed_as,
        "starts_on": activity.starts_on,
        "ends_on": activity.ends_on,
        "department": activity.department_id,
        "supervisor": activity.supervisor_id,
        "note": activity.note,
        "kind": activity.kind,
        "reflection": reflection_of(activity),
        "version": activity.version,
        "key": activity.key,
    }


def typed_values(data) -> dict:
    """What stands in a form that is not to be judged yet: somebody only searches for a goal."""
    return {name: data.get(name) for name in ActivityForm.base_fields} | {
        "goals": data.getlist("goals"),
        "key": data.get("key"),
    }
