"""Agreements, and what can be learnt where: rules, services, and their pages."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.models import LearningGoal
from institutions.enums import RecognitionKind, RecognitionStatus, Refusal, Role
from institutions.models import Agreement, GoalOffer, Recognition
from institutions.permissions import can_edit_offers, can_keep_general_plan
from institutions.queries import sites_by_region
from institutions.queries.general_plan import general_plan
from institutions.rules import (
    AgreementPeriod,
    Refused,
    Stale,
    agreement_end_refusal,
    agreement_refusal,
    offers_stamp,
)
from institutions.services import add_agreement, end_agreement, set_offers
from tests.factories import (
    days_ago,
    give_role,
    make_department,
    make_goal,
    make_institution,
    make_pathway,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db

QUERIES_OF_THE_PLAN = 10
QUERIES_OF_THE_OFFERS = 9
HOSPITAL, TOWN, UNIT = 1, 2, 20
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
DAY = dt.timedelta(days=1)


# --- Rules ---------------------------------------------------------------------------------------


def period(**changes) -> AgreementPeriod:
    fields = {
        "institution_id": HOSPITAL,
        "arena_id": TOWN,
        "department_id": UNIT,
        "starts_on": FIRST,
        "ends_on": LAST,
    }
    return AgreementPeriod(**(fields | changes))


@pytest.mark.parametrize(
    ("wanted", "department_of", "refusal"),
    [
        (period(), TOWN, Refusal.ALREADY_AGREED),
        (period(starts_on=LAST, ends_on=None), TOWN, Refusal.ALREADY_AGREED),
        (period(starts_on=LAST + DAY, ends_on=None), TOWN, None),
        (period(ends_on=FIRST - DAY), TOWN, Refusal.ENDS_BEFORE_START),
        (period(starts_on=FIRST - DAY, ends_on=FIRST - DAY), TOWN, None),
        (period(department_id=21), TOWN, None),
        (period(department_id=None), None, None),
        (period(arena_id=HOSPITAL), HOSPITAL, Refusal.SAME_INSTITUTION),
        (period(), 3, Refusal.FOREIGN_DEPARTMENT),
    ],
)
def test_agreement_refusal(wanted, department_of, refusal):
    assert agreement_refusal(wanted, [period()], department_of=department_of) == refusal


@pytest.mark.parametrize(
    ("ends_on", "last_day", "refusal"),
    [
        (None, dt.date(2026, 6, 1), None),
        (None, FIRST, None),
        (None, FIRST - DAY, Refusal.ENDS_BEFORE_START),
        (dt.date(2026, 5, 31), dt.date(2026, 6, 1), Refusal.AGREEMENT_ENDED),
        (dt.date(2026, 6, 1), dt.date(2026, 6, 2), None),
    ],
)
def test_agreement_end_refusal(ends_on, last_day, refusal):
    found = agreement_end_refusal(
        starts_on=FIRST, ends_on=ends_on, last_day=last_day, today=dt.date(2026, 6, 1)
    )

    assert found == refusal


def test_agreement_that_has_not_begun_can_end_before_it_does():
    today_ = FIRST - DAY

    found = agreement_end_refusal(starts_on=FIRST, ends_on=None, last_day=FIRST - DAY, today=today_)

    assert found is None


def test_stamp_is_of_the_content():
    stamps = [
        offers_stamp(offers)
        for offers in ({1: "", 2: "Vakt"}, {2: "Vakt", 1: ""}, {1: "", 2: ""}, {1: ""}, {})
    ]

    assert (stamps[0] == stamps[1], len(set(stamps))) == (True, 4)


# --- Who may -------------------------------------------------------------------------------------


@pytest.fixture
def hospital():
    return make_institution(name="St. Demo")


@pytest.fixture
def town():
    return make_institution(name="Demo kommune", kind="municipality")


@pytest.fixture
def lead(hospital):
    person = make_user(name="Tor Demo Nygård")
    give_role(user=person, role=Role.EDUCATION_LEAD, institution=hospital)
    return person


@pytest.fixture
def admin():
    person = make_user(name="Ada Demo Admin")
    give_role(user=person, role=Role.ADMIN)
    return person


def agree(hospital, town, **fields) -> Agreement:
    fields.setdefault("starts_on", days_ago(100))
    return Agreement.objects.create(institution=hospital, arena=town, **fields)


def test_its_lead_and_administrators_keep_the_plan(hospital, town, lead, admin):
    head = make_user()
    give_role(user=head, role=Role.DEPARTMENT_HEAD, institution=hospital)

    assert [can_keep_general_plan(one, hospital) for one in (lead, admin, head)] == [
        True,
        True,
        False,
    ]
    assert [can_keep_general_plan(one, town) for one in (lead, admin)] == [False, True]


def test_role_that_has_ended_opens_nothing(hospital):
    person = make_user()
    give_role(user=person, role=Role.EDUCATION_LEAD, institution=hospital, ends_on=days_ago(1))

    assert not can_keep_general_plan(person, hospital)


@pytest.mark.parametrize(
    ("fields", "may"),
    [
        ({}, True),
        ({"starts_on": days_ago(-1)}, False),
        ({"ends_on": days_ago(1)}, False),
        (None, False),
    ],
    ids=["in force", "later", "ended", "none"],
)
def test_offers_of_an_arena_are_kept_by_whom_it_has_an_agreement_with(
    hospital, town, lead, fields, may
):
    unit, other = make_department(institution=town), make_department(institution=town)
    if fields is not None:
        agree(hospital, town, department=unit, **fields)

    assert (can_edit_offers(lead, unit), can_edit_offers(lead, other)) == (may, False)


def test_agreement_with_a_whole_arena_covers_its_departments(hospital, town, lead):
    unit = make_department(institution=town)
    agree(hospital, town)

    assert can_edit_offers(lead, unit)


# --- Agreements ----------------------------------------------------------------------------------


def add(hospital, town, by, **changes) -> Agreement:
    fields = {"arena": town, "department": None, "starts_on": today(), "by": by} | changes
    return add_agreement(hospital, **fields)


def test_agreement_is_added_once(hospital, town, lead):
    agreements = {add(hospital, town, lead) for _ in range(2)}

    (agreement,) = agreements
    assert (agreement.arena, agreement.institution, agreement.ends_on) == (town, hospital, None)
    assert Agreement.objects.count() == 1


def test_second_agreement_at_the_same_time_is_refused(hospital, town, lead):
    add(hospital, town, lead)

    with pytest.raises(Refused) as refused:
        add(hospital, town, lead, source="Sak 2")

    assert (refused.value.code, Agreement.objects.count()) == (Refusal.ALREADY_AGREED, 1)


@pytest.mark.parametrize("person", ["outsider", "other lead"])
def test_others_add_no_agreement(hospital, town, person):
    by = make_user()
    if person == "other lead":
        give_role(user=by, role=Role.EDUCATION_LEAD, institution=town)

    with pytest.raises(PermissionDenied):
        add(hospital, town, by)


def test_agreement_ends(hospital, town, lead):
    agreement = agree(hospital, town)

    for _ in range(2):
        end_agreement(agreement, ends_on=today(), by=lead)

    agreement.refresh_from_db()
    assert agreement.ends_on == today()


def test_agreement_that_has_not_begun_is_taken_away(hospital, town, lead):
    agreement = agree(hospital, town, starts_on=days_ago(-10))

    end_agreement(agreement, ends_on=today(), by=lead)

    assert not Agreement.objects.exists()


def test_agreement_that_has_ended_is_not_ended_again(hospital, town, lead):
    agreement = agree(hospital, town, ends_on=days_ago(5))

    with pytest.raises(Refused) as refused:
        end_agreement(agreement, ends_on=today(), by=lead)

    assert refused.value.code == Refusal.AGREEMENT_ENDED


def test_others_end_no_agreement(hospital, town):
    agreement = agree(hospital, town)

    with pytest.raises(PermissionDenied):
        end_agreement(agreement, ends_on=today(), by=make_user())


def test_database_refuses_an_agreement_with_oneself(hospital, town):
    agree(hospital, town)

    with pytest.raises(IntegrityError), transaction.atomic():
        agree(hospital, hospital)


# --- Offers --------------------------------------------------------------------------------------


@pytest.fixture
def ward(hospital):
    return make_department(institution=hospital, name="Medisinsk avdeling")


@pytest.fixture
def goals():
    return [make_goal(code=code) for code in ("PAL-010", "PAL-011", "PAL-012")]


def offer(ward, by, goals, offers: dict, seen: dict | None = None) -> None:
    set_offers(
        ward,
        offers=offers,
        among=[goal.pk for goal in goals],
        seen=offers_stamp(seen or {}),
        by=by,
    )


def offered(ward) -> dict[int, str]:
    return dict(GoalOffer.objects.filter(department=ward).values_list("goal", "how"))


def test_offers_are_set_as_a_whole(ward, lead, goals):
    first, second, third = (goal.pk for goal in goals)
    offer(ward, lead, goals, {first: "Vakt", second: ""})

    offer(ward, lead, goals, {second: "Tilsyn", third: ""}, seen={first: "Vakt", second: ""})

    assert offered(ward) == {second: "Tilsyn", third: ""}


def test_same_offers_twice_are_set_once(ward, lead, goals):
    for _ in range(2):
        offer(ward, lead, goals, {goals[0].pk: "Vakt"})

    assert offered(ward) == {goals[0].pk: "Vakt"}


def test_offers_of_an_old_page_are_stale(ward, lead, goals):
    offer(ward, lead, goals, {goals[0].pk: "Vakt"})

    with pytest.raises(Stale):
        offer(ward, lead, goals, {goals[1].pk: ""})

    assert offered(ward) == {goals[0].pk: "Vakt"}


def test_goals_that_were_not_on_the_page_are_left_alone(ward, lead, goals):
    kept = make_goal(code="PAL-055")
    GoalOffer.objects.create(department=ward, goal=kept, how="Rolig")

    offer(ward, lead, goals, {goals[0].pk: ""})

    assert offered(ward) == {goals[0].pk: "", kept.pk: "Rolig"}


def test_goal_that_is_not_on_the_page_cannot_be_offered(ward, lead, goals):
    with pytest.raises(Refused) as refused:
        offer(ward, lead, goals, {make_goal(code="PAL-055").pk: ""})

    assert (refused.value.code, offered(ward)) == (Refusal.UNKNOWN_GOAL, {})


def test_others_set_no_offers(ward, goals):
    with pytest.raises(PermissionDenied):
        offer(ward, make_user(), goals, {})


# --- The plan ------------------------------------------------------------------------------------


@pytest.fixture
def pathway(goals):
    return make_pathway()


def test_plan_tells_what_is_covered_and_how(hospital, town, ward, goals, pathway):
    unit = make_department(institution=town, name="Lindrende enhet")
    agree(hospital, town, department=unit)
    make_department(institution=make_institution())
    GoalOffer.objects.create(department=ward, goal=goals[0], how="Vakt")
    GoalOffer.objects.create(department=unit, goal=goals[0])
    GoalOffer.objects.create(department=unit, goal=goals[1])

    plan = general_plan(hospital)

    assert [place.department for place in plan.places] == [ward, unit]
    assert [
        (
            row.goal.code,
            [cell.is_offered for cell in row.cells],
            row.is_covered,
            row.is_by_agreement,
        )
        for row in plan.rows
    ] == [
        ("PAL-010", [True, True], True, False),
        ("PAL-011", [False, True], True, True),
        ("PAL-012", [False, False], False, False),
    ]


def test_plan_is_about_the_goals_that_hold(hospital, curriculum):
    codes = {row.goal.code.split("-")[0] for row in general_plan(hospital).rows}

    assert (codes, len(general_plan(hospital).rows)) == ({"PAL", "FKM"}, 73)


@pytest.mark.parametrize("fields", [{"ends_on": days_ago(1)}, {"starts_on": days_ago(-1)}])
def test_agreement_that_is_not_in_force_covers_nothing(hospital, town, goals, pathway, fields):
    unit = make_department(institution=town)
    agree(hospital, town, **fields)
    GoalOffer.objects.create(department=unit, goal=goals[0])

    plan = general_plan(hospital)

    assert (plan.places, len(plan.uncovered), len(plan.agreements)) == ((), 3, 1)


# --- Pages ---------------------------------------------------------------------------------------


def url(name: str, *args) -> str:
    return reverse(f"institutions:{name}", args=args)


@pytest.fixture
def visitor(client, lead):
    client.force_login(lead)
    return client


def test_lead_of_one_institution_comes_straight_to_its_plan(visitor, hospital):
    assert visitor.get(url("general_plan_list")).url == url("general_plan", hospital.pk)


def test_administrator_sees_every_institution(client, admin, hospital, town):
    client.force_login(admin)

    page = client.get(url("general_plan_list")).content.decode()

    assert ("St. Demo" in page, "Demo kommune" in page) == (True, True)


@pytest.mark.parametrize(
    ("shown", "codes"),
    [
        ("", ["PAL-010", "PAL-011", "PAL-012"]),
        ("udekket", ["PAL-011", "PAL-012"]),
        ("avtale", []),
        ("noe annet", ["PAL-010", "PAL-011", "PAL-012"]),
    ],
)
def test_plan_is_filtered(visitor, hospital, ward, goals, pathway, shown, codes):
    GoalOffer.objects.create(department=ward, goal=goals[0])

    themes = visitor.get(url("general_plan", hospital.pk), {"vis": shown}).context["themes"]

    assert [row.goal.code for theme in themes for row in theme.rows] == codes


def test_plan_that_is_not_entered_says_so(visitor, hospital, ward, pathway):
    assert (
        "Planen er ikke lagt inn" in visitor.get(url("general_plan", hospital.pk)).content.decode()
    )


@pytest.mark.parametrize(("is_approved", "is_told"), [(True, False), (False, True)])
def test_agreement_of_an_institution_that_is_not_known_as_approved(
    visitor, hospital, town, pathway, is_approved, is_told
):
    agree(hospital, town)
    if is_approved:
        Recognition.objects.create(
            institution=hospital,
            kind=RecognitionKind.APPROVED,
            status=RecognitionStatus.GRANTED,
            starts_on=days_ago(10),
        )

    page = visitor.get(url("general_plan", hospital.pk)).content.decode()

    assert ("Vi har ingen opplysning om at St. Demo er godkjent" in page) == is_told


def test_offers_are_edited_in_one_form(visitor, hospital, ward, goals, pathway):
    first, second, _third = (goal.pk for goal in goals)
    GoalOffer.objects.create(department=ward, goal=goals[0], how="Vakt")
    form = {
        "seen": offers_stamp({first: "Vakt"}),
        f"goal_{second}": "on",
        f"how_{second}": "Tilsyn",
    }

    response = visitor.post(url("offers_edit", hospital.pk, ward.pk), form)

    assert (response.url, offered(ward)) == (
        url("general_plan", hospital.pk),
        {second: "Tilsyn"},
    )


def test_offers_of_an_old_page_are_kept_on_it_and_can_be_saved(
    visitor, hospital, ward, goals, pathway
):
    first, second, _third = (goal.pk for goal in goals)
    GoalOffer.objects.create(department=ward, goal=goals[0], how="Vakt")
    form = {"seen": offers_stamp({}), f"goal_{second}": "on", f"how_{second}": "Tilsyn"}
    address = url("offers_edit", hospital.pk, ward.pk)

    response = visitor.post(address, form)

    shown = response.context["form"]
    kept = [shown[name].value() for name in (f"goal_{first}", f"goal_{second}", f"how_{second}")]
    assert (response.status_code, kept, offered(ward)) == (
        409,
        [False, True, "Tilsyn"],
        {first: "Vakt"},
    )
    visitor.post(address, form | {"seen": shown["seen"].value()})
    assert offered(ward) == {second: "Tilsyn"}


def test_identity_number_in_how_is_refused_and_kept(visitor, hospital, ward, goals, pathway):
    pk = goals[0].pk
    form = {"seen": offers_stamp({}), f"goal_{pk}": "on", f"how_{pk}": "Tilsyn 01010112345"}

    response = visitor.post(url("offers_edit", hospital.pk, ward.pk), form)

    assert (response.status_code, offered(ward)) == (422, {})


def typed(place: str, **changes) -> dict:
    form = {"key": str(uuid4()), "place": place, "starts_on": today().isoformat(), "ends_on": ""}
    return form | {"source": "Sak 26/1"} | changes


def test_agreement_is_added_on_its_page(visitor, hospital, town):
    unit = make_department(institution=town)

    visitor.post(url("agreement_add", hospital.pk), typed(f"d{unit.pk}"))

    agreement = Agreement.objects.get()
    assert (agreement.arena, agreement.department, agreement.source) == (town, unit, "Sak 26/1")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"place": ""}, "place"),
        ({"ends_on": days_ago(5).isoformat()}, "ends_on"),
        ({"starts_on": ""}, "starts_on"),
    ],
)
def test_agreement_form_names_the_field(visitor, hospital, town, changes, field):
    response = visitor.post(url("agreement_add", hospital.pk), typed(f"i{town.pk}") | changes)

    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_second_agreement_is_refused_at_the_place(visitor, hospital, town):
    agree(hospital, town)

    response = visitor.post(url("agreement_add", hospital.pk), typed(f"i{town.pk}"))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["place"])


def test_own_institution_is_not_offered_as_arena(visitor, hospital, town):
    response = visitor.post(url("agreement_add", hospital.pk), typed(f"i{hospital.pk}"))

    assert list(response.context["form"].errors) == ["place"]


def test_agreement_is_ended_on_its_page(visitor, hospital, town):
    agreement = agree(hospital, town)

    visitor.post(url("agreement_end", agreement.pk), {"ends_on": today().isoformat()})

    agreement.refresh_from_db()
    assert agreement.ends_on == today()


@pytest.mark.parametrize("name", ["general_plan", "agreement_add"])
def test_plan_of_another_institution_is_closed(visitor, town, name):
    assert visitor.get(url(name, town.pk)).status_code == 403


@pytest.fixture
def curriculum():
    """Loaded, so that its goals are kept by the process as they are in use."""
    call_command("load_curriculum", verbosity=0)
    return list(LearningGoal.objects.filter(curriculum__code="pal-2023")[:3])


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_plan(visitor, hospital, town, curriculum, count, django_assert_num_queries):
    for _ in range(count):
        unit = make_department(institution=town)
        agree(hospital, town, department=unit)
        own = make_department(institution=hospital)
        for department in (own, unit):
            for goal in curriculum[:count]:
                GoalOffer.objects.create(department=department, goal=goal)
    visitor.get(url("general_plan", hospital.pk))

    with django_assert_num_queries(QUERIES_OF_THE_PLAN):
        visitor.get(url("general_plan", hospital.pk))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_offers(
    visitor, hospital, ward, curriculum, count, django_assert_num_queries
):
    for goal in curriculum[:count]:
        GoalOffer.objects.create(department=ward, goal=goal)
    visitor.get(url("offers_edit", hospital.pk, ward.pk))

    with django_assert_num_queries(QUERIES_OF_THE_OFFERS):
        visitor.get(url("offers_edit", hospital.pk, ward.pk))


# --- The public page -----------------------------------------------------------------------------


def test_public_page_tells_of_agreements_in_force(client, hospital, town):
    unit = make_department(institution=town, name="Lindrende enhet")
    agree(hospital, town, department=unit)
    agree(hospital, town, ends_on=days_ago(1))

    sites = [site for region in sites_by_region() for site in region.sites]
    page = client.get(url("site_list")).content.decode()

    assert {site.name: [one.place for one in site.agreements] for site in sites} == {
        "St. Demo": [],
        "Demo kommune": ["Lindrende enhet"],
    }
    assert "Læringsarena etter avtale med St. Demo fra" in page
