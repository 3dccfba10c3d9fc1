"""Tjenester, and who has opened the portfolio."""

from uuid import uuid4

import pytest
from django.urls import reverse

from institutions.enums import Role
from pages.dates import long_day, numeric_day
from portfolio.models import Opening, Placement
from portfolio.queries.placements import timeline
from tests.factories import (
    days_ago,
    make_activity,
    make_department,
    make_placement,
    make_training,
    make_user,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

LIST = reverse("portfolio:placement_list")
NEW = reverse("portfolio:placement_new")
OPENINGS = reverse("portfolio:opening_list")


@pytest.fixture
def training():
    return make_training()


@pytest.fixture
def trainee(client, training):
    client.force_login(training.trainee)
    return client


def typed(**changes) -> dict:
    form = {
        "key": str(uuid4()),
        "department": str(make_department().pk),
        "post_kind": "designated",
        "percent": "100",
        "starts_on": days_ago(30).isoformat(),
        "ends_on": "",
    }
    return form | changes


def make_elsewhere(*, training, **fields) -> Placement:
    """Earlier service abroad, at a place of which only the name is known."""
    values = {
        "place_name": "Hospice i utlandet",
        "service_kind": "abroad",
        "post_kind": "employed",
        "starts_on": days_ago(900),
        "ends_on": days_ago(600),
    } | fields
    return Placement.objects.create(training=training, **values)


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


# --- Adding --------------------------------------------------------------------------------------


def test_form_is_filled_in_for_a_beginner(trainee):
    form = trainee.get(NEW).context["form"]

    assert form.initial == {"post_kind": "designated", "percent": 100}


def test_form_is_filled_in_like_the_last_post(trainee, training):
    make_placement(training=training, post_kind="employed", percent=60)

    form = trainee.get(NEW).context["form"]

    assert form.initial == {"post_kind": "employed", "percent": 100}


def test_placement_is_added(trainee, training):
    form = typed(percent="80")

    response = trainee.post(NEW, form)

    added = Placement.objects.get()
    assert (response.url, added.training, added.percent, added.starts_on, added.ends_on) == (
        LIST,
        training,
        80,
        days_ago(30),
        None,
    )


def test_same_form_twice_is_one_placement(trainee):
    form = typed()

    trainee.post(NEW, form)
    trainee.post(NEW, form)

    assert Placement.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"department": ""}, {"department": ["Velg tjenestested."]}),
        (
            {"department": "999999"},
            {"department": ["Valget under «Tjenestested» finnes ikke lenger. Velg på nytt."]},
        ),
        ({"post_kind": ""}, {"post_kind": ["Velg noe under «Stilling»."]}),
        ({"percent": ""}, {"percent": ["Fyll ut «Stillingsprosent»."]}),
        ({"percent": "halv"}, {"percent": ["Skriv «Stillingsprosent» som et tall."]}),
        ({"percent": "0"}, {"percent": ["«Stillingsprosent» er fra 1 til 100."]}),
        ({"percent": "101"}, {"percent": ["«Stillingsprosent» er fra 1 til 100."]}),
        ({"starts_on": ""}, {"starts_on": ["Fyll ut «Fra og med»."]}),
        (
            {"ends_on": days_ago(31).isoformat()},
            {"ends_on": ["«Til og med» er før «Fra og med». Rett en av dem."]},
        ),
    ],
)
def test_refused_form_names_the_field_and_keeps_everything(trainee, changes, expected):
    form = typed(**changes)

    response = trainee.post(NEW, form)

    kept = {name: response.context["form"][name].value() for name in form}
    assert (response.status_code, errors(response), kept) == (422, expected, form)
    assert not Placement.objects.exists()


def test_start_before_authorisation_is_refused(trainee, training):
    response = trainee.post(NEW, typed(starts_on="1926-01-01"))

    day = long_day(training.authorised_on)
    assert errors(response) == {
        "starts_on": [f"«Fra og med» er før autorisasjonen din ({day}). Rett datoen."]
    }


def test_more_than_full_time_is_refused_at_the_percentage_naming_the_posts(trainee, training):
    ward, clinic = make_department(name="Lindrende enhet"), make_department(name="Kreftklinikken")
    started, ended = days_ago(60), days_ago(20)
    make_placement(training=training, department=ward, percent=60, starts_on=started)
    make_placement(
        training=training, department=clinic, percent=40, starts_on=started, ends_on=ended
    )
    make_placement(training=training, percent=90, starts_on=days_ago(90), ends_on=days_ago(70))

    response = trainee.post(NEW, typed(percent="50"))

    message = (
        f"Du har 60 % ved Lindrende enhet fra {numeric_day(started)} og 40 % ved Kreftklinikken "
        f"fra {numeric_day(started)} til {numeric_day(ended)}. Endre prosenten eller datoene."
    )
    assert (response.status_code, errors(response)) == (422, {"percent": [message]})


def test_changed_post_does_not_collide_with_itself(trainee, training):
    ward = make_department(name="Lindrende enhet")
    make_placement(training=training, department=ward, percent=60, starts_on=days_ago(60))
    placement = make_placement(training=training, percent=40, starts_on=days_ago(30))

    response = trainee.post(address("placement_edit", placement), typed(percent="50", version="1"))

    first = numeric_day(days_ago(60))
    assert errors(response) == {
        "percent": [f"Du har 60 % ved Lindrende enhet fra {first}. Endre prosenten eller datoene."]
    }


# --- Changing and removing -----------------------------------------------------------------------


@pytest.fixture
def placement(training):
    return make_placement(training=training)


def address(name: str, placement) -> str:
    return reverse(f"portfolio:{name}", args=[placement.pk])


def test_placement_is_changed(trainee, placement):
    ended = days_ago(1)

    trainee.post(
        address("placement_edit", placement),
        typed(
            percent="50",
            starts_on=days_ago(300).isoformat(),
            ends_on=ended.isoformat(),
            version="1",
        ),
    )

    placement.refresh_from_db()
    assert (placement.percent, placement.starts_on, placement.ends_on, placement.version) == (
        50,
        days_ago(300),
        ended,
        2,
    )


def test_form_of_an_older_tab_changes_nothing_and_keeps_what_was_typed(trainee, placement):
    trainee.post(address("placement_edit", placement), typed(percent="80", version="1"))
    late = typed(percent="50", version="1")

    response = trainee.post(address("placement_edit", placement), late)

    form = response.context["form"]
    placement.refresh_from_db()
    assert (response.status_code, placement.percent) == (409, 80)
    assert (form["percent"].value(), form["version"].value()) == ("50", "2")  # once more will do


def test_place_that_is_only_named_is_shown_changed_and_removed(trainee, training):
    elsewhere = make_elsewhere(training=training, place_name="Hospice i utlandet")
    page = trainee.get(LIST).content.decode()
    assert "Hospice i utlandet" in page

    form = typed(place_name="Hospice i Danmark", version="1") | {"department": ""}
    trainee.post(address("placement_edit", elsewhere), form)
    elsewhere.refresh_from_db()
    assert (elsewhere.place_name, elsewhere.department, elsewhere.service_kind) == (
        "Hospice i Danmark",
        None,
        "abroad",
    )

    asked = trainee.get(address("placement_remove", elsewhere)).content.decode()
    trainee.post(address("placement_remove", elsewhere))
    assert "Vil du fjerne tjenesten ved Hospice i Danmark?" in asked
    assert not Placement.objects.exists()


def test_leaders_pages_bear_a_place_that_is_only_named(client):
    ward = make_ward()
    Placement.objects.filter(department=ward.department).update(percent=50)
    make_elsewhere(training=ward.training, ends_on=None, percent=50)
    client.force_login(ward.head)

    pages = [
        client.get(reverse("portfolio:doctor", args=[ward.training.pk])),
        client.get(reverse("portfolio:cohort")),
    ]

    assert ["Hospice i utlandet" in page.content.decode() for page in pages] == [True, True]


def test_edit_form_holds_what_is_stored(trainee, placement):
    form = trainee.get(address("placement_edit", placement)).context["form"]

    assert form.initial == {
        "department": placement.department_id,
        "place_name": "",
        "version": 1,
        "post_kind": "designated",
        "percent": 100,
        "starts_on": days_ago(400),
        "ends_on": None,
    }


def test_asking_to_remove_removes_nothing(trainee, placement):
    page = trainee.get(address("placement_remove", placement)).content.decode()

    assert f"Vil du fjerne tjenesten ved {placement.department}?" in page
    assert Placement.objects.count() == 1


def test_placement_is_removed(trainee, placement):
    response = trainee.post(address("placement_remove", placement))

    assert (response.url, Placement.objects.count()) == (LIST, 0)


@pytest.mark.parametrize("name", ["placement_edit", "placement_remove"])
@pytest.mark.parametrize(
    ("person", "status"), [("head", 403), ("guide", 403), ("outsider", 404), ("admin", 404)]
)
def test_placement_is_the_trainees_to_change(client, name, person, status):
    ward = make_ward()
    placement = ward.training.placements.get()
    client.force_login(getattr(ward, person))

    statuses = {
        client.get(address(name, placement)).status_code,
        client.post(address(name, placement), typed()).status_code,
    }

    assert (statuses, Placement.objects.count()) == ({status}, 1)


# --- The list and its drawing --------------------------------------------------------------------


def test_empty_list_says_what_to_do(trainee):
    assert "Ingen tjenester ennå" in trainee.get(LIST).content.decode()


def test_drawing_is_explained_and_stands_beside_its_table(trainee, training):
    make_placement(training=training)

    page = trainee.get(LIST).content.decode()

    assert page.count('<svg class="chart') == page.count("<desc") == 2  # wide and narrow
    assert "<caption" in page


def test_bars_follow_time_and_percentage():
    department = make_department(name="Lindrende enhet")
    half = Placement(
        pk=1, department=department, percent=50, starts_on=days_ago(1000), ends_on=days_ago(501)
    )
    whole = Placement(
        pk=2, department=department, percent=100, starts_on=days_ago(500), ends_on=None
    )

    drawn = timeline([whole, half], width=1000)

    assert [(one.x, one.width, one.height, one.state) for one in drawn.bars] == [
        (0.0, 497.0, 18.0, "past"),
        (500.0, 498.0, 36, "current"),
    ]


@pytest.mark.parametrize(("days", "callout"), [(20, (989, "Lindrende enhet", "end")), (500, None)])
def test_newest_post_has_its_name_also_where_the_bar_is_short(days, callout):
    department = make_department(name="Lindrende enhet")
    before = Placement(
        pk=1, department=department, percent=50, starts_on=days_ago(1000), ends_on=days_ago(501)
    )
    newest = Placement(pk=2, department=department, percent=100, starts_on=days_ago(days))

    drawn = timeline([newest, before], width=1000)

    out = drawn.callout
    assert (out and (round(out.x), out.label, out.anchor)) == callout
    assert out is None or out.bottom == drawn.bars[1].y > out.top


def test_overlapping_posts_lie_in_lanes():
    department = make_department()
    both = [
        Placement(pk=1, department=department, percent=50, starts_on=days_ago(100)),
        Placement(pk=2, department=department, percent=50, starts_on=days_ago(50)),
    ]

    drawn = timeline(both, width=1000)

    assert len({one.y for one in drawn.bars}) == 2


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_list(trainee, training, django_assert_num_queries, count):
    for _ in range(count):
        make_placement(training=training, percent=20)

    with django_assert_num_queries(9):
        trainee.get(LIST)


def test_queries_of_the_form(trainee, django_assert_num_queries):
    with django_assert_num_queries(6):
        trainee.get(NEW)


# --- Hvem har åpnet mappen -----------------------------------------------------------------------


def test_trainee_sees_who_has_opened(trainee, training):
    opened = make_user(name="Anne Demo Haugen")
    Opening.objects.create(
        training=training, user=opened, role=Role.DEPARTMENT_HEAD, opened_on=today()
    )

    page = trainee.get(OPENINGS).content.decode()

    assert ("Anne Demo Haugen" in page, "Ingen har åpnet" in page) == (True, False)


def test_opening_an_activity_is_remembered(client):
    ward = make_ward()
    activity = make_activity(ward=ward, sent=True)
    client.force_login(ward.guide)

    client.get(reverse("portfolio:activity_detail", args=[activity.pk]))

    assert [(one.user, one.role) for one in Opening.objects.all()] == [
        (ward.guide, Role.EDUCATIONAL_SUPERVISOR)
    ]


def test_nobody_elses_openings(trainee):
    Opening.objects.create(
        training=make_training(), user=make_user(), role=Role.DEPARTMENT_HEAD, opened_on=today()
    )

    assert "Ingen har åpnet mappen ennå" in trainee.get(OPENINGS).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_openings(trainee, training, django_assert_num_queries, count):
    for days in range(count):
        Opening.objects.create(
            training=training,
            user=make_user(),
            role=Role.DEPARTMENT_HEAD,
            opened_on=days_ago(days),
        )

    with django_assert_num_queries(6):
        trainee.get(OPENINGS)
