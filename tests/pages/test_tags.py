"""What the templates' tags and filters write."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django import forms
from django.template import Context, Template

from pages.forms import FreeTextArea, PageForm


def render(source: str, **context) -> str:
    return Template("{% load palmappen %}" + source).render(Context(context))


@time_machine.travel(datetime(2026, 11, 19, 12, tzinfo=UTC), tick=False)
@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("day", date(2026, 11, 12), "12. nov."),
        ("day", date(2025, 11, 12), "12. nov. 2025"),
        ("day", None, ""),
        ("day_year", date(2026, 3, 1), "1. mars 2026"),
        ("day_long", date(2026, 11, 9), "9. november 2026"),
        ("day_numeric", date(2026, 7, 1), "1.7.2026"),
        ("weekday", date(2026, 11, 19), "Torsdag 19. november"),
        ("month_year", date(2024, 1, 31), "jan. 2024"),
        ("since_days", date(2026, 11, 19), "i dag"),
        ("since_days", date(2026, 11, 18), "i går"),
        ("since_days", date(2026, 11, 16), "for 3 dager siden"),
        ("since_days", date(2026, 11, 20), "i morgen"),
        ("since_days", date(2026, 11, 22), "om 3 dager"),
        ("day", datetime(2026, 11, 11, 23, 30, tzinfo=UTC), "12. nov."),
        ("clock", datetime(2026, 11, 19, 13, 32, tzinfo=UTC), "14.32"),
        ("initials", "Nora Demo Aasen", "NA"),
        ("initials", "Åse", "Å"),
        ("initials", "", ""),
        ("thousands", 2373, "2\u202f373"),
        ("thousands", 0, "0"),
        ("thousands", None, ""),
        ("file_size", 12, "1\u00a0kB"),
        ("file_size", 441_200, "441\u00a0kB"),
        ("file_size", 999_700, "1,0\u00a0MB"),
        ("file_size", 1_440_000, "1,4\u00a0MB"),
    ],
)
def test_filter(source, value, expected):
    assert render("{{ value|" + source + " }}", value=value) == expected


@pytest.mark.parametrize(
    ("shown", "state", "text", "read"),
    [
        (3, "reached", "3/3", "vist 3 av krav 3"),
        (2, "below", "2/3", "vist 2 av krav 3"),
        (None, "none", "–/3", "vist ingenting av krav 3"),
    ],
)
def test_level_reads_as_a_sentence(shown, state, text, read):
    assert render("{% level shown 3 %}", shown=shown) == (
        f'<span class="level" data-state="{state}"><span aria-hidden="true">{text}</span>'
        f'<span class="ds-sr-only">{read}</span></span>'
    )


@pytest.mark.parametrize(
    ("required", "read"), [(3, "2 av krav 3"), (0, "nivå 2"), (None, "nivå 2")]
)
def test_level_alone_names_the_requirement_where_there_is_one(required, read):
    html = render("{% level_dot 2 required %}", required=required)

    assert re.sub("<[^>]+>", "", html) == read


def test_tag_escapes_its_label():
    assert render('{% tag label color="success" %}', label="<b>") == (
        '<span class="ds-tag status" data-color="success">&lt;b&gt;</span>'
    )


def test_icon_hidden_unless_it_has_a_label():
    assert 'aria-hidden="true"' in render('{% icon "folder" %}')
    assert 'role="img" aria-label="Lukk &amp; lagre"' in render(
        '{% icon "x-mark" label=label %}', label="Lukk & lagre"
    )


def test_icon_unknown_is_an_error():
    with pytest.raises(LookupError, match="unicorn"):
        render('{% icon "unicorn" %}')


class ReasonForm(PageForm):
    reason = forms.ChoiceField(
        label="Grunn", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect
    )
    note = FreeTextArea(label="Notat", max_length=50, help_text="Kort.")


def test_error_summary_links_each_error_to_its_field():
    html = render("{% error_summary form %}", form=ReasonForm({}))

    assert "Rett opp 2 feil for å lagre" in html
    assert '<a class="ds-link" href="#id_reason_0">Velg noe under «Grunn».</a>' in html
    assert '<a class="ds-link" href="#id_note">Fyll ut «Notat».</a>' in html


def test_error_summary_of_one_error_names_the_act():
    html = render('{% error_summary form to="signere" %}', form=ReasonForm({"reason": "a"}))

    assert "Rett opp én feil for å signere" in html


def test_error_summary_without_errors_is_empty():
    assert render("{% error_summary form %}", form=ReasonForm()).strip() == ""


def test_field_is_described_by_its_hint_and_its_error():
    html = render("{% field form.note %}", form=ReasonForm({"reason": "a"}))

    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'id="id_note_helptext"' in html
    assert 'id="id_note_error"' in html
    assert 'aria-invalid="true"' in html


def test_field_of_radios_is_a_fieldset():
    html = render("{% field form.reason %}", form=ReasonForm())

    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_field_marks_the_optional():
    class Optional(PageForm):
        note = FreeTextArea(label="Notat", max_length=9, required=False)

    assert "Valgfritt" in render("{% field form.note %}", form=Optional())
    assert "Valgfritt" not in render("{% field form.note %}", form=ReasonForm())


def test_level_radios_mark_the_requirement_and_preset_nothing():
    class LevelForm(PageForm):
        level = forms.ChoiceField(
            choices=[
                ("", "Ikke sett"),
                ("1", "Kjennskap"),
                ("2", "Kunnskap"),
                ("3", "God kunnskap"),
            ],
            required=False,
            widget=forms.RadioSelect,
        )

    html = render("{% level_radios form.level required=2 %}", form=LevelForm())

    assert html.count("krav") == 1
    assert html.index("krav") < html.index('value="2"')
    assert [part.split('"')[0] for part in html.split('value="')[1:]] == ["", "1", "2", "3"]
    assert 'value="" id="id_level_0" checked' in html
    assert html.count("checked") == 1
