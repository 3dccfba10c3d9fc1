"""The form every page builds on."""

import uuid

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from curriculum.models import Curriculum
from pages.forms import FreeTextArea, PageForm

NUMBER = "010101 12345"


class NoteForm(PageForm):
    title = forms.CharField(label="Tittel", max_length=20)
    note = FreeTextArea(label="Notat", max_length=50, required=False)
    other = forms.CharField(label="Sted", required=False)
    where = forms.ChoiceField(label="Hvor", choices=[("a", "A")], required=False)
    happened_on = forms.DateField(label="Når", required=False)
    file = forms.FileField(label="Vedlegg", required=False)


def bound(files=None, **data) -> NoteForm:
    return NoteForm({"title": "Samtale", **data}, files or {})


def test_key_unbound_is_a_new_uuid():
    first, second = NoteForm()["key"].value(), NoteForm()["key"].value()

    assert uuid.UUID(str(first)) != uuid.UUID(str(second))


def test_key_posted_is_kept_when_the_form_returns_with_errors():
    key = str(uuid.uuid4())
    form = NoteForm({"key": key, "title": ""})

    assert form["key"].value() == key
    assert form.errors == {"title": ["Fyll ut «Tittel»."]}


def test_key_not_sent_is_made():
    form = bound()

    assert form.is_valid()
    assert isinstance(form.cleaned_data["key"], uuid.UUID)


def test_key_of_another_kind_is_refused():
    assert "key" in bound(key="1 or 1=1").errors


def test_identity_number_in_free_text_is_refused_without_repeating_it():
    form = bound(note=f"Snakket med {NUMBER}.")

    assert form.errors == {
        "note": [
            "Ta bort fødselsnummeret i «Notat». Skriv ikke noe som kan avsløre hvem pasienten er."
        ]
    }
    assert NUMBER not in str(form.errors)
    assert form["note"].value() == f"Snakket med {NUMBER}."


def test_identity_number_in_any_plain_text_field_is_refused():
    assert bound(other=NUMBER).errors["other"] == [
        "Ta bort fødselsnummeret i «Sted». Skriv ikke noe som kan avsløre hvem pasienten er."
    ]


def test_identity_number_in_a_file_name_is_refused():
    form = bound(files={"file": SimpleUploadedFile(f"epikrise {NUMBER}.pdf", b"%PDF")})

    assert form.errors["file"] == ["Gi filen et navn uten fødselsnummer, og last den opp på nytt."]


def test_messages_name_the_field():
    form = bound(title="x" * 21, where="b", happened_on="i går")

    assert form.errors == {
        "title": ["Kort ned «Tittel» til 20 tegn. Nå er det 21."],
        "where": ["Valget under «Hvor» finnes ikke lenger. Velg på nytt."],
        "happened_on": ["Skriv «Når» som dag.måned.år, for eksempel 19.11.2026."],
    }


def test_message_of_ones_own_stays():
    class Own(PageForm):
        goals = forms.CharField(error_messages={"required": "Velg minst ett læringsmål"})

    assert Own({}).errors["goals"] == ["Velg minst ett læringsmål"]


def test_inputs_carry_the_design_systems_class_and_no_required():
    assert NoteForm()["title"].as_widget() == (
        '<input type="text" name="title" maxlength="20" class="ds-input" id="id_title">'
    )


def test_choice_among_rows_begins_with_words():
    class Choice(PageForm):
        row = forms.ModelChoiceField(Curriculum.objects.none(), label="Læreplan")

    assert '<option value="" selected>Velg …</option>' in str(Choice()["row"])
