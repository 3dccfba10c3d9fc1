"""Absence: entered by the trainee, its cause nobody else's business."""

import json
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from portfolio import rules
from portfolio.enums import AbsenceCause, Refusal, Verb
from portfolio.models import Absence, Event
from portfolio.queries.absences import DaysAway, days_away, days_within
from portfolio.services.absences import add_absence, change_absence, remove_absence, sealed
from tests.factories import days_ago, make_absence, make_placement, make_training, make_ward

pytestmark = pytest.mark.django_db

NEW = reverse("portfolio:absence_new")
LIST = reverse("portfolio:placement_list")


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def trainee(client, ward):
    client.force_login(ward.trainee)
    return client


def address(name: str, absence: Absence) -> str:
    return reverse(f"portfolio:{name}", args=[absence.pk])


def typed(**changes) -> dict:
    form = {
        "key": str(uuid4()),
        "cause": "parental",
        "percent": "100",
        "starts_on": days_ago(60).isoformat(),
        "ends_on": days_ago(31).isoformat(),
    }
    return form | changes


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


def facts_of(absence: Absence) -> tuple:
    return (absence.cause, absence.percent, absence.starts_on, absence.ends_on)


# --- Writing -------------------------------------------------------------------------------------


def test_absence_is_added_once_however_often_the_form_is_sent(trainee, ward):
    form = typed(percent="50")

    answers = [trainee.post(NEW, form).url for _ in range(2)]

    added = Absence.objects.get()
    assert (answers, added.training) == ([LIST, LIST], ward.training)
    assert facts_of(added) == ("parental", 50, days_ago(60), days_ago(31))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"cause": ""}, {"cause": ["Velg hva slags fravær det er."]}),
        (
            {"cause": "hangover"},
            {"cause": ["Valget under «Hva slags fravær?» finnes ikke lenger. Velg på nytt."]},
        ),
        ({"percent": "0"}, {"percent": ["«Hvor mye borte» er fra 1 til 100."]}),
        ({"percent": "101"}, {"percent": ["«Hvor mye borte» er fra 1 til 100."]}),
        ({"starts_on": ""}, {"starts_on": ["Fyll ut «Fra og med»."]}),
        (
            {"ends_on": days_ago(61).isoformat()},
            {"ends_on": ["«Til og med» er før «Fra og med». Rett en av dem."]},
        ),
        (
            {"starts_on": days_ago(900).isoformat(), "ends_on": days_ago(800).isoformat()},
            {"starts_on": [str(Refusal.OUTSIDE_SERVICE.label)]},
        ),
    ],
)
def test_refused_form_names_the_field_and_keeps_everything(trainee, changes, expected):
    form = typed(**changes)

    response = trainee.post(NEW, form)

    kept = {name: response.context["form"][name].value() for name in form}
    assert (response.status_code, errors(response), kept) == (422, expected, form)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(("percent", "saved"), [("50", 2), ("51", 1)])
def test_two_at_once_are_never_more_than_the_whole_post(trainee, ward, percent, saved):
    make_absence(training=ward.training, percent=50, starts_on=days_ago(60), ends_on=days_ago(40))

    response = trainee.post(NEW, typed(percent=percent))

    assert Absence.objects.count() == saved
    if saved == 1:
        assert errors(response) == {"percent": [str(Refusal.OVER_ABSENT.label)]}


def test_absence_is_changed_with_its_version(trainee, ward):
    absence = make_absence(training=ward.training)
    assert trainee.get(address("absence_edit", absence)).context["form"].initial == {
        "cause": "sick",
        "percent": 100,
        "starts_on": days_ago(120),
        "ends_on": days_ago(91),
        "version": 1,
    }

    trainee.post(address("absence_edit", absence), typed(version="1", ends_on=""))

    absence.refresh_from_db()
    assert facts_of(absence) == ("parental", 100, days_ago(60), None)


def test_form_of_an_older_tab_changes_nothing_and_keeps_what_was_typed(trainee, ward):
    absence = make_absence(training=ward.training)
    trainee.post(address("absence_edit", absence), typed(version="1", percent="80"))

    late = trainee.post(address("absence_edit", absence), typed(version="1", percent="40"))

    absence.refresh_from_db()
    form = late.context["form"]
    assert (late.status_code, absence.percent) == (409, 80)
    assert (form["percent"].value(), form["version"].value()) == ("40", "2")


def test_absence_is_removed_after_asking(trainee, ward):
    absence = make_absence(training=ward.training)

    asked = trainee.get(address("absence_remove", absence))
    assert (asked.status_code, Absence.objects.count()) == (200, 1)
    response = trainee.post(address("absence_remove", absence))

    assert (response.url, Absence.objects.count()) == (LIST, 0)


def test_removed_twice_is_one_event(ward):
    absence = make_absence(training=ward.training)

    for _ in range(2):
        remove_absence(absence, by=ward.trainee)

    removed = Event.objects.filter(training=ward.training, verb=Verb.ABSENCE_REMOVED)
    assert removed.count() == 1


def test_absence_is_the_trainees_to_write(ward):
    absence = make_absence(training=ward.training)
    content = {"cause": "sick", "percent": 10, "starts_on": days_ago(9), "ends_on": None}

    for person in (ward.head, ward.guide, ward.admin):
        with pytest.raises(PermissionDenied):
            add_absence(training=ward.training, by=person, key=uuid4(), **content)
        with pytest.raises(PermissionDenied):
            change_absence(absence, by=person, version=1, **content)
        with pytest.raises(PermissionDenied):
            remove_absence(absence, by=person)
    changed = change_absence(absence, by=ward.trainee, version=1, **content)  # the control

    assert facts_of(changed) == ("sick", 10, days_ago(9), None)


def test_service_refuses_what_lies_outside_service(ward):
    with pytest.raises(rules.Refused) as refusal:
        make_absence(training=ward.training, starts_on=days_ago(900), ends_on=days_ago(850))

    assert refusal.value.code == Refusal.OUTSIDE_SERVICE


# --- Who learns why ------------------------------------------------------------------------------


def test_ledger_tells_the_days_and_seals_the_cause(ward):
    absence = make_absence(training=ward.training, cause=AbsenceCause.SICK)

    content = Event.objects.get(verb=Verb.ABSENCE_ADDED).content
    assert json.loads(content) == {
        "percent": 100,
        "starts_on": days_ago(120).isoformat(),
        "ends_on": days_ago(91).isoformat(),
        "cause_seal": sealed(absence.key, "sick"),
    }
    assert "sick" not in content
    assert sealed(absence.key, "sick") != sealed(absence.key, "parental")  # it does prove it


def test_only_the_trainee_reads_the_cause(client, ward):
    make_absence(training=ward.training, cause=AbsenceCause.PARENTAL)

    def page(person, url: str) -> str:
        client.force_login(person)
        return client.get(url).content.decode()

    doctor = reverse("portfolio:doctor", args=[ward.training.pk])
    for person in (ward.head, ward.guide, ward.education_lead, ward.program_leader):
        shown = page(person, doctor)
        assert ("30 dager" in shown, "Foreldrepermisjon" in shown) == (True, False)
    assert "Foreldrepermisjon" in page(ward.trainee, LIST)  # the control


@pytest.mark.parametrize("person", ["head", "guide", "education_lead", "program_leader", "admin"])
@pytest.mark.parametrize("name", ["absence_edit", "absence_remove"])
def test_nobody_else_opens_an_absence(client, ward, name, person):
    absence = make_absence(training=ward.training)
    client.force_login(getattr(ward, person))

    assert client.get(address(name, absence)).status_code == 404


# --- Days ----------------------------------------------------------------------------------------


def test_days_away_leave_out_holiday_and_courses():
    training = make_training()
    make_placement(training=training)
    make_absence(training=training, cause=AbsenceCause.HOLIDAY)
    make_absence(
        training=training, cause=AbsenceCause.COURSE, starts_on=days_ago(50), ends_on=days_ago(46)
    )
    make_absence(
        training=training, cause=AbsenceCause.LEAVE, starts_on=days_ago(40), ends_on=days_ago(31)
    )

    assert days_away(training) == (DaysAway(days_ago(40), days_ago(31)),)


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        (DaysAway(days_ago(20), days_ago(11)), 10),
        (DaysAway(days_ago(200), days_ago(91)), 10),  # from the first day of the service
        (DaysAway(days_ago(5), None), 6),  # until today
        (DaysAway(days_ago(300), days_ago(200)), 0),
        (DaysAway(days_ago(0), days_ago(0)), 1),
    ],
)
def test_days_within_a_service(absence, expected):
    service = DaysAway(days_ago(100), None)

    assert days_within([absence], service, until=days_ago(0)) == expected


def test_days_with_two_absences_at_once_are_counted_once():
    service = DaysAway(days_ago(100), days_ago(10))
    absences = [DaysAway(days_ago(30), days_ago(21)), DaysAway(days_ago(25), days_ago(16))]

    assert days_within(absences, service, until=days_ago(0)) == 15


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_form(trainee, ward, django_assert_num_queries, count):
    for at in range(count):
        day = days_ago(100 - at)
        make_absence(training=ward.training, starts_on=day, ends_on=day)

    with django_assert_num_queries(4):
        trainee.get(NEW)
