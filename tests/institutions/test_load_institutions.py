"""The file of institutions, and the command that loads it."""

import copy
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from institutions.management.commands.load_institutions import FILE
from institutions.models import Department, Institution, Recognition
from institutions.reference_file import DEMO_SOURCE, MalformedFile, read_institutions

TRUST = {
    "name": "St. Olavs hospital HF",
    "short_name": "St. Olavs hospital",
    "kind": "health_trust",
    "organisation_number": "883974832",
    "region": "central",
    "source": "Høringsnotatet",
    "departments": [{"name": "Palliativt senter", "arena_kind": "palliative_centre"}],
    "recognitions": [
        {
            "department": "Palliativt senter",
            "kind": "competence_area_site",
            "status": "granted",
            "starts_on": "2016-09-01",
            "source": "Helsedirektoratets liste",
        }
    ],
}


def rows() -> tuple[int, int, int]:
    return Institution.objects.count(), Department.objects.count(), Recognition.objects.count()


@pytest.mark.django_db
def test_fixture_without_demo_says_of_no_place_that_it_is_recognised():
    call_command("load_institutions", verbosity=0)

    assert rows() == (11, 1, 0)


@pytest.mark.django_db
def test_fixture_with_demo_marks_every_recognition_as_such():
    call_command("load_institutions", demo=True, verbosity=0)

    assert set(Recognition.objects.values_list("source", flat=True)) == {DEMO_SOURCE}
    assert Department.objects.filter(institution__short_name="St. Olavs hospital").count() == 4


@pytest.mark.django_db
def test_loading_twice_changes_nothing():
    call_command("load_institutions", demo=True, verbosity=0)
    before = rows()

    call_command("load_institutions", demo=True, verbosity=0)

    assert rows() == before


@pytest.mark.django_db
def test_loading_updates_and_leaves_the_institutions_own_setting():
    call_command("load_institutions", verbosity=0)
    Institution.objects.filter(name="Trondheim kommune").update(
        short_name="Feil", activities_attested_by="educational_supervisor"
    )

    call_command("load_institutions", verbosity=0)

    municipality = Institution.objects.get(name="Trondheim kommune")
    assert municipality.short_name == "Trondheim kommune"
    assert municipality.activities_attested_by == "educational_supervisor"


def test_fixture_has_the_four_regional_health_authorities():
    entries = read_institutions(FILE.read_text(encoding="utf-8"))

    assert {entry.region for entry in entries if entry.kind == "health_authority"} == {
        "north",
        "central",
        "west",
        "south_east",
    }


def _with(change) -> str:
    trust = copy.deepcopy(TRUST)
    change(trust)
    return json.dumps({"institutions": [trust]})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda trust: trust.pop("region"), "St. Olavs hospital HF, field «region»: is missing."),
        (
            lambda trust: trust.update(region="midt"),
            "St. Olavs hospital HF, field «region»: 'midt' is not one of "
            "north, central, west, south_east.",
        ),
        (
            lambda trust: trust.update(organisation_number="883974833"),
            "St. Olavs hospital HF, field «organisation_number»: "
            "'883974833' is not a valid organisation number.",
        ),
        (lambda trust: trust.update(name=" "), "Institution number 1, field «name»: is empty."),
        (
            lambda trust: trust.update(town="Trondheim"),
            "St. Olavs hospital HF, field «town»: is not known.",
        ),
        (
            lambda trust: trust["departments"][0].update(arena_kind="ward"),
            "St. Olavs hospital HF, department «Palliativt senter», field «arena_kind»: "
            "'ward' is not one of ",
        ),
        (
            lambda trust: trust["departments"].append(trust["departments"][0]),
            "St. Olavs hospital HF, field «departments»: "
            "«Palliativt senter» stands there more than once.",
        ),
        (
            lambda trust: trust["recognitions"][0].update(starts_on="1.9.2016"),
            "St. Olavs hospital HF, a recognition, field «starts_on»: "
            "'1.9.2016' is not a date such as 2026-11-19.",
        ),
        (
            lambda trust: trust["recognitions"][0].update(ends_on="2016-08-31"),
            "St. Olavs hospital HF, a recognition, field «ends_on»: "
            "2016-08-31 is before starts_on 2016-09-01.",
        ),
        (
            lambda trust: trust["recognitions"][0].update(department="Smerteteam"),
            "St. Olavs hospital HF, a recognition, field «department»: "
            "«Smerteteam» is not among the departments.",
        ),
        (
            lambda trust: trust["recognitions"][0].update(kind="registered", status="withdrawn"),
            "St. Olavs hospital HF, a recognition, field «status»: "
            "a registration cannot be withdrawn.",
        ),
        (
            lambda trust: trust["recognitions"][0].pop("source"),
            "St. Olavs hospital HF, a recognition, field «source»: is missing.",
        ),
    ],
)
def test_malformed_file_names_entry_and_field(change, message):
    with pytest.raises(MalformedFile) as refused:
        read_institutions(_with(change))

    assert str(refused.value).startswith(message)


def test_same_institution_twice_is_refused():
    with pytest.raises(MalformedFile) as refused:
        read_institutions(json.dumps({"institutions": [TRUST, TRUST]}))

    assert str(refused.value) == (
        "The file, field «name»: «St. Olavs hospital HF» stands there more than once."
    )


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["{", "[]", '{"institutions": [7]}', '{"institusjoner": []}'])
def test_command_explains_a_malformed_file_and_loads_nothing(tmp_path, text):
    file = tmp_path / "sites.json"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=r"sites\.json: "):
        call_command("load_institutions", file)

    assert rows() == (0, 0, 0)


def test_command_explains_a_missing_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_institutions", tmp_path / "none.json")
