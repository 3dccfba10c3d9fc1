"""«Plan»: its page, its forms, agreeing, and reading what was agreed."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from curriculum.models import LearningGoal, Pathway
from institutions.enums import Role
from institutions.models import GoalOffer
from portfolio.enums import ActivityKind, PlanChange, PlanKind, ServiceKind
from portfolio.models import AttestationRequest, Plan, PlanAgreement, PlanItem, Training
from portfolio.queries.coverage import facts_of
from portfolio.queries.plan_page import expected_end, plan_page
from portfolio.rules.evidence import months_later
from portfolio.rules.plans import half_year_after, half_year_of
from portfolio.services.plans import agree_to_plan, write_plan_text
from tests.factories import (
    days_ago,
    make_activity,
    make_department,
    make_goal,
    make_placement,
    make_plan,
    make_ward,
    today,
)
from tests.portfolio.visits import as_, at_once, url

pytestmark = pytest.mark.django_db

CURRENT = half_year_of(today())
NEXT = half_year_after(CURRENT)
QUERIES_OF_THE_PAGE = 9
QUERIES_OF_THE_FORM = 9
QUERIES_OF_ONE_LINE = 6
QUERIES_OF_READING = 6


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def trainee(ward):
    return as_(ward.trainee)


def typed(*goals: str, **changes) -> dict:
    form = {
        "key": str(uuid4()),
        "goals": list(goals or ["pal-2023/PAL-010"]),
        "half_year": NEXT.isoformat(),
        "department": "",
        "activity": "Tilsyn",
        "weeks": "4",
    }
    return form | changes


def errors(response) -> dict:
    return {field: list(messages) for field, messages in response.context["form"].errors.items()}


def agree(plan: Plan, by) -> PlanAgreement:
    plan.refresh_from_db()
    return agree_to_plan(plan, by=by, seen=plan.stamp, key=uuid4())


def write_implementation(ward, *, valid_from: dt.date, seen: str = "0.0") -> Plan:
    return write_plan_text(
        training=ward.training,
        by=ward.trainee,
        kind=PlanKind.IMPLEMENTATION,
        text="Fire timer fordypning i uken.",
        valid_from=valid_from,
        seen=seen,
    )


# --- The page ------------------------------------------------------------------------------------


def test_empty_page_says_where_to_begin(trainee):
    page = trainee.get(url("plan")).content.decode()

    assert "Ingen plan ennå. Begynn med neste halvår" in page
    assert f'href="{url("plan_item_new")}?halvar={NEXT}"' in page


def test_next_half_year_comes_first_and_then_the_one_that_runs(ward):
    make_plan(ward=ward, half_year=half_year_after(NEXT))

    page = plan_page(ward.training)

    assert [(one.first, len(one.items)) for one in page.ahead] == [
        (NEXT, 0),
        (CURRENT, 0),
        (half_year_after(NEXT), 1),
    ]


@pytest.mark.parametrize(
    ("persons", "words"),
    [
        ([], "Kladd. Planen gjelder når du og veileder er enige."),
        (["trainee"], "Utgave 1 venter på veileder."),
        (["trainee", "guide"], "Utgave 1 er avtalt"),
    ],
)
def test_page_tells_how_far_the_plan_has_come(ward, trainee, persons, words):
    plan = make_plan(ward=ward)
    for person in persons:
        agree(plan, getattr(ward, person))

    assert words in trainee.get(url("plan")).content.decode()


def test_draft_of_a_second_revision_names_the_one_that_holds(ward, trainee):
    plan = make_plan(ward=ward)
    agree(plan, ward.trainee)
    agree(plan, ward.guide)
    make_plan(ward=ward, goals_=[make_goal(code="PAL-010")])

    page = trainee.get(url("plan")).content.decode()

    assert "Kladd til utgave 2. Utgave 1 gjelder til dere er enige om en ny." in page


def test_place_that_does_not_offer_the_goal_is_marked(ward):
    GoalOffer.objects.create(department=ward.department, goal=make_goal(code="PAL-010"))
    make_plan(ward=ward, goals_=[make_goal(code="PAL-010"), make_goal(code="PAL-055")])

    page = plan_page(ward.training)

    codes = {one.pk: one.code for half_year in page.ahead for one in half_year.items}
    assert {codes[pk] for pk in page.not_offered} == {"PAL-055"}


def test_goal_that_cannot_be_reached_stands_on_the_page(ward, trainee):
    make_goal(code="PAL-010")
    GoalOffer.objects.create(department=ward.department, goal=make_goal(code="PAL-055"))

    page = trainee.get(url("plan")).content.decode()

    assert page.count("Kan ikke nås i noen planlagt tjeneste.") == 1
    assert f'href="{url("plan_item_new")}?mal=pal-2023/PAL-010"' in page


def test_unknown_place_is_named(ward, trainee):
    make_goal(code="PAL-010")

    page = trainee.get(url("plan")).content.decode()

    name = ward.department.institution.short_name
    assert f"Hva som kan læres ved {name}, er ikke lagt inn." in page


@pytest.mark.parametrize(
    ("valid_from", "words"),
    [
        (days_ago(30), "Gjelder til"),
        (days_ago(330), "Går ut"),
        (days_ago(400), "Gikk ut"),
        (days_ago(-10), "Gjelder fra"),
    ],
)
def test_implementation_plan_that_runs_out_is_warned_of(ward, trainee, valid_from, words):
    plan = write_implementation(ward, valid_from=valid_from)
    agree(plan, ward.trainee)
    agree(plan, ward.head)

    assert words in trainee.get(url("plan")).content.decode()


@pytest.fixture
def specialty(ward):
    """With its requirements and recommended activities, as they are loaded."""
    call_command("load_curriculum", verbosity=0)
    ward.training.pathway = Pathway.objects.get(code="specialty", version="2026")
    ward.training.save()
    return ward.training


def test_recommended_weeks_done_and_planned(ward, specialty):
    children = make_department(arena_kind="childrens_team")
    make_activity(
        ward=ward,
        sent=True,
        kind=ActivityKind.HOSPITERING,
        department=children,
        starts_on=days_ago(900),
        ends_on=days_ago(894),
    )
    make_plan(ward=ward, department=children, weeks=1)

    wishes = {one.title: one.state for one in plan_page(specialty).wishes}

    found = wishes["Hospitering i palliativt team for barn og unge"]
    assert [(one.done, one.planned) for one in found.phases] == [(1.0, 0), (0.0, 1)]


def test_municipal_hospitering_falls_away_and_the_page_says_why(ward, specialty, trainee):
    unit = make_department(arena_kind="municipal_unit", name="Lindrende enhet")
    make_placement(
        training=specialty, department=unit, starts_on=days_ago(900), ends_on=days_ago(500)
    )

    page = trainee.get(url("plan")).content.decode()

    assert f"Faller bort, fordi utdanningen har tjeneste ved {unit}." in page


def test_municipal_service_of_part_1_is_another_thing(specialty, trainee):
    unit = make_department(arena_kind="municipal_unit")
    make_placement(
        training=specialty,
        department=unit,
        service_kind=ServiceKind.PART_1,
        starts_on=days_ago(900),
        ends_on=days_ago(700),
    )

    assert "Faller bort" not in trainee.get(url("plan")).content.decode()


def test_nothing_falls_away_without_municipal_service(specialty, trainee):
    assert "Faller bort" not in trainee.get(url("plan")).content.decode()


def test_expected_end_of_the_specialty_is_counted_from_authorisation(specialty):
    facts = facts_of([specialty])[specialty.pk]

    assert expected_end(facts, today()) == months_later(specialty.authorised_on, 78)


# --- Adding --------------------------------------------------------------------------------------


def test_form_begins_with_the_next_half_year_and_the_place_of_service(ward, trainee):
    form = trainee.get(url("plan_item_new")).context["form"]

    assert form.initial == {
        "half_year": NEXT,
        "department": ward.department.pk,
        "goals": [],
    }


def test_link_names_half_year_and_goal(trainee):
    make_goal(code="PAL-010")
    query = {"halvar": CURRENT.isoformat(), "mal": ["pal-2023/PAL-010", "tull"]}

    form = trainee.get(url("plan_item_new"), query).context["form"]

    assert (form.initial["half_year"], form.initial["goals"]) == (CURRENT, ["pal-2023/PAL-010"])


def test_likely_goals_are_those_the_place_offers_and_nobody_has_planned(ward, trainee):
    for code in ("PAL-001", "PAL-002", "PAL-003", "PAL-010"):
        make_goal(code=code)
    GoalOffer.objects.create(department=ward.department, goal=make_goal(code="PAL-010"))
    make_plan(ward=ward, goals_=[make_goal(code="PAL-002")])

    form = trainee.get(url("plan_item_new")).context["form"]

    assert [one.goal.code for one in form.grid] == ["PAL-010", "PAL-001", "PAL-003"]


def test_goals_are_added(ward, trainee):
    for code in ("PAL-010", "PAL-055"):
        make_goal(code=code)
    form = typed("pal-2023/PAL-010", "pal-2023/PAL-055", department=str(ward.department.pk))

    response = trainee.post(url("plan_item_new"), form)

    assert response.url == url("plan")
    assert [
        (one.goal.code, one.half_year, one.department, one.activity, one.weeks)
        for one in PlanItem.objects.all()
    ] == [(code, NEXT, ward.department, "Tilsyn", 4) for code in ("PAL-010", "PAL-055")]


def test_same_form_twice_adds_once(trainee):
    make_goal(code="PAL-010")
    form = typed()

    answers = [trainee.post(url("plan_item_new"), form).status_code for _ in range(2)]

    assert (answers, PlanItem.objects.count(), Plan.objects.get().version) == ([302, 302], 1, 2)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"goals": []}, {"goals": ["Velg minst ett læringsmål."]}),
        ({"half_year": ""}, {"half_year": ["Velg noe under «Halvår»."]}),
        (
            {"half_year": half_year_of(CURRENT - dt.timedelta(days=1)).isoformat()},
            {"half_year": ["Valget under «Halvår» finnes ikke lenger. Velg på nytt."]},
        ),
        ({"weeks": "0"}, {"weeks": ["«Uker» er fra 1 til 26."]}),
        ({"weeks": "mange"}, {"weeks": ["Skriv «Uker» som et tall."]}),
        (
            {"activity": "Pasient 01010112345"},
            {
                "activity": [
                    "Ta bort fødselsnummeret i «Hvordan». "
                    "Skriv ikke noe som kan avsløre hvem pasienten er."
                ]
            },
        ),
    ],
)
def test_refused_form_names_the_field_and_keeps_everything(trainee, changes, expected):
    make_goal(code="PAL-010")
    form = typed(**changes)

    response = trainee.post(url("plan_item_new"), form)

    kept = {name: response.context["form"][name].value() for name in form}
    assert (response.status_code, errors(response), kept) == (422, expected, form)
    assert not PlanItem.objects.exists()


def test_goal_that_stands_there_otherwise_is_refused_at_the_half_year(ward, trainee):
    make_plan(ward=ward, goals_=[make_goal(code="PAL-010")], activity="Vakt")

    response = trainee.post(url("plan_item_new"), typed())

    assert (response.status_code, list(errors(response))) == (422, ["half_year"])


@pytest.mark.parametrize("name", ["plan_item_new", "activity_new"])
def test_search_while_typing_answers_with_the_goals_alone(trainee, name):
    whole = trainee.get(url(name)).content.decode()
    part = trainee.get(url(name), {"sok": "PAL-055"}, headers={"HX-Request": "true"})

    assert f'hx-get="{url(name)}"' in whole
    assert whole.count('id="goal_results"') == 1
    part = part.content.decode()
    assert ('id="goal_results"' in part, "PAL-055" in part, "<form" in part) == (True, True, False)


def test_search_without_javascript_keeps_what_is_typed(trainee):
    for code in ("PAL-010", "PAL-055"):
        make_goal(code=code)
    form = typed(sok="sprøytepump", find="1")

    response = trainee.post(url("plan_item_new"), form)

    shown = response.context["form"]
    assert (response.status_code, shown["activity"].value(), shown.chosen) == (
        200,
        "Tilsyn",
        ["pal-2023/PAL-010"],
    )
    assert not PlanItem.objects.exists()


# --- Changing ------------------------------------------------------------------------------------


def changed(item: PlanItem, **changes) -> dict:
    form = {
        "key": str(uuid4()),
        "seen": item.plan.stamp,
        "half_year": item.half_year.isoformat(),
        "department": "",
        "activity": "Vakt",
        "weeks": "",
    }
    return form | changes


def test_line_is_changed(ward, trainee):
    item = make_plan(ward=ward).items.get()

    trainee.post(url("plan_item_edit", item.pk), changed(item))

    item.refresh_from_db()
    assert (item.department, item.activity, item.weeks) == (None, "Vakt", None)


def test_old_page_keeps_what_is_typed_and_can_be_saved_on_top(ward, trainee):
    item = make_plan(ward=ward).items.get()
    make_plan(ward=ward, goals_=[make_goal(code="PAL-010")])
    form = changed(item)

    response = trainee.post(url("plan_item_edit", item.pk), form)

    shown = response.context["form"]
    item.refresh_from_db()
    assert (response.status_code, shown["activity"].value(), item.activity) == (
        409,
        "Vakt",
        "Tilsyn",
    )
    again = trainee.post(url("plan_item_edit", item.pk), form | {"seen": shown["seen"].value()})
    item.refresh_from_db()
    assert (again.status_code, item.activity) == (302, "Vakt")


def test_line_of_an_agreed_plan_is_changed_in_a_new_revision(ward, trainee):
    plan = make_plan(ward=ward)
    agree(plan, ward.trainee)
    item = plan.items.get()

    trainee.post(url("plan_item_edit", item.pk), changed(item))

    latest = Plan.objects.latest().get()
    assert (latest.number, latest.items.get().activity, item.activity) == (2, "Vakt", "Tilsyn")


def test_line_is_taken_out(ward, trainee):
    plan = make_plan(ward=ward)
    item = plan.items.get()

    response = trainee.post(url("plan_item_remove", item.pk), {"seen": plan.stamp})

    assert (response.url, PlanItem.objects.exists()) == (url("plan"), False)


def test_removal_from_an_old_page_is_told(ward, trainee):
    item = make_plan(ward=ward).items.get()

    response = trainee.post(url("plan_item_remove", item.pk), {"seen": "1.1"})

    assert (response.status_code, PlanItem.objects.count()) == (409, 1)


# --- Texts ---------------------------------------------------------------------------------------


def test_implementation_plan_is_written(trainee):
    form = {"text": "Fire timer i uken.", "valid_from": today().isoformat(), "seen": "0.0"}

    response = trainee.post(url("implementation_plan"), form)

    plan = Plan.objects.get()
    assert (response.url, plan.kind, plan.text, plan.valid_from) == (
        url("plan"),
        PlanKind.IMPLEMENTATION,
        "Fire timer i uken.",
        today(),
    )


def test_text_of_an_old_page_is_kept(ward, trainee):
    write_implementation(ward, valid_from=today())
    form = {"text": "Noe annet.", "valid_from": today().isoformat(), "seen": "0.0"}

    response = trainee.post(url("implementation_plan"), form)

    assert (response.status_code, response.context["form"]["text"].value()) == (409, "Noe annet.")


def test_plan_that_has_run_out_is_renewed_from_today(ward, trainee):
    write_implementation(ward, valid_from=days_ago(500))

    form = trainee.get(url("implementation_plan")).context["form"]

    assert form.initial["valid_from"] == today()


def test_text_of_the_individual_plan(ward, trainee):
    plan = make_plan(ward=ward)

    trainee.post(url("plan_text"), {"text": "Fordypning i smerte.", "seen": plan.stamp})

    plan.refresh_from_db()
    assert plan.text == "Fordypning i smerte."


# --- Agreeing ------------------------------------------------------------------------------------


def test_trainee_agrees_and_then_the_veileder(ward, trainee):
    plan = make_plan(ward=ward)

    own = trainee.post(url("plan_agree", plan.pk), {"seen": plan.stamp, "key": str(uuid4())})
    other = as_(ward.guide).post(
        url("plan_agree", plan.pk), {"seen": plan.stamp, "key": str(uuid4())}
    )

    assert (own.url, other.url) == (url("plan"), url("waiting_list"))
    assert [one.actor for one in plan.agreements.all()] == [ward.trainee, ward.guide]


def test_agreeing_to_what_was_not_shown_is_refused(ward, trainee):
    plan = make_plan(ward=ward)

    response = trainee.post(url("plan_agree", plan.pk), {"seen": "1.1", "key": str(uuid4())})

    assert (response.status_code, plan.agreements.count()) == (409, 0)


def test_empty_plan_is_not_agreed_to(ward, trainee):
    plan = make_plan(ward=ward)
    plan.items.get().delete()

    response = trainee.post(url("plan_agree", plan.pk), {"seen": plan.stamp, "key": str(uuid4())})

    assert (response.status_code, errors(response)) == (
        422,
        {"__all__": ["Planen er tom. Legg til minst ett mål først."]},
    )


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_agree_once():
    ward = make_ward()
    plan = make_plan(ward=ward)
    form = {"seen": plan.stamp, "key": str(uuid4())}
    clients = [as_(ward.trainee) for _ in range(2)]

    answers = at_once(
        *[lambda client=client: client.post(url("plan_agree", plan.pk), form) for client in clients]
    )

    assert (answers, plan.agreements.count()) == ([302, 302], 1)


def test_plan_waits_in_the_other_partys_list(ward):
    plan = make_plan(ward=ward)
    agree(plan, ward.trainee)

    page = as_(ward.guide).get(url("waiting_list"))

    (found,) = page.context["waiting"].plans
    assert (found.pk, found.about, found.doctor, found.days) == (
        plan.pk,
        "Individuell plan, utgave 1",
        ward.trainee.name,
        0,
    )
    assert f'href="{url("plan_detail", plan.pk)}"' in page.content.decode()


def test_plan_and_service_wait_in_one_list(ward):
    """Both come of one query, each under its own heading."""
    plan = write_implementation(ward, valid_from=today())
    agree(plan, ward.trainee)
    placement = ward.training.placements.get()
    AttestationRequest.objects.create(
        placement=placement,
        asked_of=ward.head,
        role=Role.DEPARTMENT_HEAD,
        asked_at=timezone.now(),
    )

    waiting = as_(ward.head).get(url("waiting_list")).context["waiting"]

    assert [one.about for one in waiting.plans] == ["Gjennomføringsplan, utgave 1"]
    assert [one.about for one in waiting.to_attest] == [placement.place]
    assert waiting.count == 2


def home_rows(client) -> dict[str, list[tuple[str, str]]]:
    sections = client.get(url("home")).context["home"].sections
    return {one.title: [(row.title, row.who) for row in one.rows] for one in sections}


def test_home_tells_of_a_draft_and_then_who_it_waits_for(ward, trainee):
    plan = make_plan(ward=ward)
    before = home_rows(trainee)
    agree(plan, ward.trainee)
    between = home_rows(trainee)
    agree(plan, ward.guide)

    title = "Individuell plan, utgave 1"
    assert (before, between, home_rows(trainee)) == (
        {"Kladder": [(title, "Les den og si deg enig.")]},
        {"Venter på andre": [(title, "Veileder")]},
        {},
    )


@pytest.mark.parametrize(
    ("valid_from", "title"),
    [
        (days_ago(30), None),
        (days_ago(330), "Gjennomføringsplanen går ut"),
        (days_ago(400), "Gjennomføringsplanen er gått ut"),
    ],
)
def test_home_warns_of_an_implementation_plan_that_runs_out(ward, trainee, valid_from, title):
    plan = write_implementation(ward, valid_from=valid_from)
    agree(plan, ward.trainee)
    agree(plan, ward.head)

    who = "Skriv en ny, og be leder signere."
    assert home_rows(trainee) == ({"Venter på deg": [(title, who)]} if title else {})


def test_home_no_longer_warns_when_a_new_one_is_on_its_way(ward, trainee):
    plan = write_implementation(ward, valid_from=days_ago(400))
    agree(plan, ward.trainee)
    agree(plan, ward.head)
    write_implementation(ward, valid_from=today(), seen="1.2")

    assert list(home_rows(trainee)) == ["Kladder"]


# --- Reading -------------------------------------------------------------------------------------


def test_revision_tells_what_it_changed(ward, trainee):
    first = make_plan(ward=ward, goals_=[make_goal(code="PAL-010")])
    agree(first, ward.trainee)
    second = make_plan(ward=ward, goals_=[make_goal(code="PAL-055")])

    changes = trainee.get(url("plan_detail", second.pk)).context["changes"]

    assert [(one.code, one.kind, one.before) for one in changes] == [
        ("PAL-055", PlanChange.ADDED, "")
    ]


def test_earlier_revision_is_read_as_it_was(ward, trainee):
    first = make_plan(ward=ward, goals_=[make_goal(code="PAL-010")])
    agree(first, ward.trainee)
    make_plan(ward=ward, goals_=[make_goal(code="PAL-055")])

    page = trainee.get(url("plan_detail", first.pk)).content.decode()

    assert ("Det finnes en nyere utgave" in page, "PAL-055" in page) == (True, False)


@pytest.mark.parametrize(
    ("person", "draft", "shared"),
    [
        ("guide", 404, 200),
        ("head", 404, 200),
        ("program_leader", 404, 200),
        ("supervisor", 404, 404),
        ("outsider", 404, 404),
    ],
)
def test_draft_is_the_trainees_alone(ward, person, draft, shared):
    plan = make_plan(ward=ward)
    client = as_(getattr(ward, person))

    before = client.get(url("plan_detail", plan.pk)).status_code
    agree(plan, ward.trainee)

    assert (before, client.get(url("plan_detail", plan.pk)).status_code) == (draft, shared)


def test_draft_of_an_ended_training_is_read_and_not_agreed_to(ward, trainee):
    plan = make_plan(ward=ward)
    Training.objects.filter(pk=ward.training.pk).update(ended_on=today())

    page = trainee.get(url("plan_detail", plan.pk))

    assert (page.status_code, page.context["role"]) == (200, None)


def test_others_see_the_plan_without_the_draft(ward):
    agree(make_plan(ward=ward, goals_=[make_goal(code="PAL-010")]), ward.trainee)
    make_plan(ward=ward, goals_=[make_goal(code="PAL-055")])

    page = as_(ward.guide).get(url("plan_of_doctor", ward.training.pk)).context["page"]

    assert [one.code for half_year in page.ahead for one in half_year.items] == ["PAL-010"]


def test_what_one_agreed_to_stays_readable(ward):
    plan = make_plan(ward=ward)
    agree(plan, ward.trainee)
    agree(plan, ward.guide)
    ward.training.supervisions.update(ends_on=days_ago(1))
    client = as_(ward.guide)

    statuses = [
        client.get(url("plan_detail", plan.pk)).status_code,
        client.get(url("plan_of_doctor", ward.training.pk)).status_code,
    ]

    assert statuses == [200, 404]


def test_what_one_only_agreed_to_tells_of_no_other_revision(ward):
    first = make_plan(ward=ward, goals_=[make_goal(code="PAL-010")])
    agree(first, ward.trainee)
    second = make_plan(ward=ward, goals_=[make_goal(code="PAL-055")])
    agree(second, ward.trainee)
    agree(second, ward.guide)

    def told() -> tuple:
        context = as_(ward.guide).get(url("plan_detail", second.pk)).context
        return context["earlier"] and context["earlier"].pk, len(context["changes"])

    assert told() == (first.pk, 1)  # the control
    ward.training.supervisions.update(ends_on=days_ago(1))
    assert told() == (None, 0)


# --- Queries -------------------------------------------------------------------------------------


def fill(ward, training, count: int) -> Plan:
    """`count` of everything: lines, revisions, service, offers."""
    goals = list(LearningGoal.objects.filter(curriculum__code="pal-2023")[: 2 * count])
    for goal in goals[:count]:
        plan = make_plan(ward=ward, goals_=[goal])
        agree(plan, ward.trainee)
        place = make_department(institution=ward.department.institution)
        GoalOffer.objects.create(department=place, goal=goal)
        make_placement(
            training=training,
            department=place,
            starts_on=days_ago(900),
            ends_on=days_ago(600),
            percent=10,
        )
    return make_plan(ward=ward, goals_=goals[count:])


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("plan", QUERIES_OF_THE_PAGE),
        ("plan_item_new", QUERIES_OF_THE_FORM),
        ("plan_item_edit", QUERIES_OF_ONE_LINE),
        ("plan_detail", QUERIES_OF_READING),
    ],
)
def test_queries(ward, specialty, trainee, name, queries, count, django_assert_num_queries):
    plan = fill(ward, specialty, count)
    args = {"plan_item_edit": [plan.items.first().pk], "plan_detail": [plan.pk]}.get(name, [])
    trainee.get(url(name, *args))

    with django_assert_num_queries(queries):
        trainee.get(url(name, *args))
