"""«Tidligere tjeneste og kompetanse»: as many rows of each kind as there is to tell."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django import forms
from django.http import QueryDict

from portfolio.forms.earlier_rows import (
    ApprovalRow,
    CitedGoalRow,
    EarlierRow,
    ModuleRow,
    ServiceRow,
)
from portfolio.queries.earlier import EarlierChoices
from portfolio.services.earlier import EarlierCompetence, EarlierService

MAX_ROWS = 15  # of each kind, in one sitting
ROWS = {
    "services": ServiceRow,
    "modules": ModuleRow,
    "approvals": ApprovalRow,
    "goals": CitedGoalRow,
}


@dataclass(frozen=True)
class RowChange:
    """A row more («services»), or one less («services-2»), while all that is typed stays."""

    section: str
    dropped: int | None = None


def asked_change(data: QueryDict) -> RowChange | None:
    if data.get("add") in ROWS:
        return RowChange(data["add"])
    section, _dash, place = data.get("drop", "").partition("-")
    if section in ROWS and place.isdecimal():
        return RowChange(section, int(place))
    return None


class EarlierForms:
    """All rows of the page. Judged where `data` is given; else blank, or as typed."""

    def __init__(
        self,
        choices: EarlierChoices,
        *,
        owner,
        data: QueryDict | None = None,
        refused: Mapping[str, list[str]] | None = None,
        change: RowChange | None = None,
    ):
        given = {"choices": choices, "owner": owner, "refused": refused or {}}
        self.opened = change.section if change else ""
        self.sections = {
            name: _rows(name, row, given, data=data, change=change) for name, row in ROWS.items()
        }

    def is_valid(self) -> bool:
        """Every section is looked at, so that all that is wrong is told at once."""
        verdicts = [formset.is_valid() for formset in self.sections.values()]
        return all(verdicts)

    def _filled(self, *names: str) -> list[EarlierRow]:
        rows = (row for name in names for row in self.sections[name].forms)
        return [row for row in rows if row.has_changed()]

    @property
    def is_untouched(self) -> bool:
        return not self._filled(*ROWS)

    def services(self) -> list[EarlierService]:
        return [row.content() for row in self._filled("services")]

    def competences(self) -> list[EarlierCompetence]:
        return [row.content() for row in self._filled("modules", "approvals", "goals")]

    def refuse(self, messages_by_key: Mapping[UUID, Iterable[str]]) -> None:
        for row in self._filled(*ROWS):
            if messages := messages_by_key.get(row.cleaned_data["key"]):
                row.refuse(messages)


class RowSet(forms.BaseFormSet):
    @property
    def is_begun(self) -> bool:
        """Something stands in it, or it has just been given a row."""
        return len(self.forms) > 1 or any(_holds_text(row) for row in self.forms)


def _holds_text(row: EarlierRow) -> bool:
    if row.is_bound:
        return row.has_changed()
    usual = {name: str(one.initial) for name, one in row.base_fields.items()}
    return any(
        text and name != "key" and text != usual.get(name) for name, text in row.initial.items()
    )


def _rows(
    name: str,
    row: type[EarlierRow],
    given: dict,
    *,
    data: QueryDict | None,
    change: RowChange | None,
) -> RowSet:
    typed = _typed(name, row, data) if data is not None else [{}]
    if data is None or change:
        if change and change.section == name:
            typed = _changed(typed, change)
        made = forms.formset_factory(row, formset=RowSet, extra=0)
        return made(prefix=name, initial=typed, form_kwargs=given)
    made = forms.formset_factory(row, formset=RowSet)
    counted = data.copy()
    counted.update({f"{name}-TOTAL_FORMS": str(len(typed)), f"{name}-INITIAL_FORMS": "0"})
    return made(counted, prefix=name, form_kwargs=given)


def _typed(name: str, row: type[EarlierRow], data: QueryDict) -> list[dict[str, str]]:
    count = data.get(f"{name}-TOTAL_FORMS", "1")
    rows = min(max(int(count), 1), MAX_ROWS) if count.isdecimal() else 1
    fields = (*row.base_fields, "key")
    return [
        {
            field: data[f"{name}-{place}-{field}"]
            for field in fields
            if f"{name}-{place}-{field}" in data
        }
        for place in range(rows)
    ]


def _changed(typed: list[dict[str, str]], change: RowChange) -> list[dict[str, str]]:
    if change.dropped is None:
        return [*typed, {}][:MAX_ROWS]
    return [row for place, row in enumerate(typed) if place != change.dropped] or [{}]
