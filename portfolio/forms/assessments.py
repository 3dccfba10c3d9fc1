"""Signing what was seen, and sending back what was not."""

from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from curriculum.enums import Level
from curriculum.queries import Goal, Passage, Statement
from curriculum.rules import level_label
from pages.forms import DayField, FreeTextArea, PageForm
from portfolio.enums import Refusal, ReturnReason
from portfolio.models import WHOLE_GOAL, Assessment

NOT_SEEN = ("", _("Ikke sett"))


@dataclass(frozen=True)
class LevelQuestion:
    """The four radios of one statement, or of a goal that has none (`statement` is None)."""

    statement: Statement | None
    field: forms.BoundField


@dataclass(frozen=True)
class QuestionedPassage:
    """A sentence of the goal, and what is asked of it: two questions where it says two things."""

    passage: Passage
    questions: tuple[LevelQuestion, ...]


class AssessmentForm(PageForm):
    """No level is preset; at least one is chosen. What was not seen is not guessed."""

    feedback = FreeTextArea(label=_("Setningen"), max_length=300, rows=2, required=False)
    recommends = forms.BooleanField(label=_("Jeg anbefaler godkjenning"), required=False)

    def __init__(self, *args, goal: Goal, decides_goals: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.goal = goal
        for statement in goal.statements or (None,):
            self.fields[_field_name(statement)] = _level_field(statement)
        if not decides_goals:
            del self.fields["recommends"]

    @property
    def passages(self) -> list[QuestionedPassage]:
        return [
            QuestionedPassage(one, tuple(map(self._question, one.statements)))
            for one in self.goal.passages
        ]

    @property
    def whole(self) -> LevelQuestion | None:
        return None if self.goal.statements else self._question(None)

    def _question(self, statement: Statement | None) -> LevelQuestion:
        return LevelQuestion(statement, self[_field_name(statement)])

    @property
    def _level_names(self) -> list[str]:
        return [_field_name(statement) for statement in self.goal.statements or (None,)]

    def clean(self):
        cleaned = super().clean()
        names = self._level_names
        if not any(cleaned.get(name) or name in self.errors for name in names):
            self.add_error(names[0], Refusal.NO_LEVEL.label)
        return cleaned

    def signature(self) -> dict:
        """What the services take."""
        chosen = {name: self.cleaned_data[name] for name in self._level_names}
        return {
            "levels": {_order(name): int(level) for name, level in chosen.items() if level},
            "feedback": self.cleaned_data["feedback"],
            "recommends": self.cleaned_data.get("recommends", False),
            "key": self.cleaned_data["key"],
        }


class UnaskedAssessmentForm(AssessmentForm):
    seen_on = DayField(label=_("Når"), initial=timezone.localdate)

    def clean_seen_on(self):
        seen_on = self.cleaned_data["seen_on"]
        if seen_on > timezone.localdate():
            raise forms.ValidationError(Refusal.FUTURE.label, code="future")
        return seen_on

    def signature(self) -> dict:
        return super().signature() | {"seen_on": self.cleaned_data["seen_on"]}


def as_signed(assessment: Assessment) -> dict:
    """The form's first values where one's own assessment is corrected."""
    levels = {f"level_{order}": str(level) for order, level in assessment.levels.items()}
    return levels | {"feedback": assessment.feedback, "recommends": assessment.recommends}


def _field_name(statement: Statement | None) -> str:
    return f"level_{statement.order if statement else WHOLE_GOAL}"


def _order(field_name: str) -> int:
    return int(field_name.removeprefix("level_"))


def _level_field(statement: Statement | None) -> forms.ChoiceField:
    kind, in_team = (statement.kind, statement.in_team) if statement else (None, False)
    levels = [(str(level.value), level_label(kind, level, in_team)) for level in Level]
    return forms.ChoiceField(
        label=_("Nivå"),
        choices=[NOT_SEEN, *levels],
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": Refusal.FOREIGN_LEVEL.label},
    )


class ReturnForm(PageForm):
    reason = forms.ChoiceField(
        label=_("Hvorfor sender du tilbake?"),
        choices=ReturnReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor du sender tilbake.")},
    )
    comment = forms.CharField(label=_("Beskjed"), max_length=300, required=False)

    def clean(self):
        cleaned = super().clean()
        unsaid = not cleaned.get("comment") and "comment" not in self.errors
        if cleaned.get("reason") == ReturnReason.NEEDS_CHANGE and unsaid:
            self.add_error("comment", _("Skriv hva som må rettes eller utdypes."))
        return cleaned

    def answer(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("reason", "comment")}


class AttestForm(PageForm):
    """Nothing to fill in: the key alone."""
