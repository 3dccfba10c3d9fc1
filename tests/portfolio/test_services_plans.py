"""Plans are written, agreed to, and written anew."""

import datetime as dt
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from institutions.enums import Role
from portfolio.enums import PlanKind, Refusal, Verb
from portfolio.models import Event, Plan, PlanAgreement, PlanItem, Training
from portfolio.rules import Refused, Stale
from portfolio.rules.plans import NOTHING_YET, half_year_after, half_year_of, implementation_until
from portfolio.services.plans import (
    add_to_plan,
    agree_to_plan,
    change_plan_item,
    remove_plan_item,
    write_plan_text,
)
from tests.factories import make_department, make_goal, make_ward, today

pytestmark = pytest.mark.django_db

CURRENT = half_year_of(today())
NEXT = half_year_after(CURRENT)
OVER = half_year_of(CURRENT - dt.timedelta(days=1))


@pytest.fixture
def ward():
    return make_ward()


def add(ward, *codes: str, **changes) -> Plan:
    content = {
        "half_year": NEXT,
        "department": ward.department,
        "activity": "Tilsyn",
        "weeks": 4,
        "by": ward.trainee,
    } | changes
    goals = [make_goal(code=code) for code in codes or ["PAL-010"]]
    return add_to_plan(training=ward.training, goals=goals, **content)


def agree(plan: Plan, by, **changes) -> PlanAgreement:
    plan = Plan.objects.get(pk=plan.pk)
    return agree_to_plan(plan, **({"by": by, "seen": plan.stamp, "key": uuid4()} | changes))


def write(ward, text="Vi møtes hver måned.", **changes) -> Plan:
    content = {"kind": PlanKind.IMPLEMENTATION, "seen": NOTHING_YET, "by": ward.trainee} | changes
    return write_plan_text(training=ward.training, text=text, **content)


def lines(plan: Plan) -> list[tuple]:
    return [
        (one.goal.code, one.half_year, one.department, one.activity, one.weeks)
        for one in plan.items.select_related("goal", "department")
    ]


def change(item: PlanItem, ward, **changes) -> Plan:
    content = {
        "half_year": NEXT,
        "department": None,
        "activity": "Vakt",
        "weeks": 2,
        "by": ward.trainee,
        "seen": item.plan.stamp,
    } | changes
    return change_plan_item(item, **content)


# --- Writing -------------------------------------------------------------------------------------


def test_first_goals_make_the_first_revision(ward):
    plan = add(ward, "PAL-010", "PAL-055")

    assert (plan.number, plan.kind, plan.stamp, plan.valid_until) == (1, "individual", "1.2", None)
    assert lines(plan) == [
        (code, NEXT, ward.department, "Tilsyn", 4) for code in ("PAL-010", "PAL-055")
    ]


def test_more_goals_go_into_the_same_draft(ward):
    first = add(ward, "PAL-010")

    second = add(ward, "PAL-055")

    assert (first.pk, second.stamp, second.items.count()) == (second.pk, "1.3", 2)


def test_same_goal_added_twice_is_there_once(ward):
    add(ward)

    plan = add(ward)

    assert (plan.stamp, plan.items.count()) == ("1.2", 1)


def test_same_goal_can_stand_in_another_half_year(ward):
    add(ward)

    assert add(ward, half_year=CURRENT).items.count() == 2


@pytest.mark.parametrize(
    ("codes", "changes", "refusal"),
    [
        (["PAL-010"], {"activity": "Vakt"}, Refusal.ALREADY_PLANNED),
        (["PAL-055"], {"half_year": OVER}, Refusal.HALF_YEAR_OVER),
        (["LM-04"], {}, Refusal.FOREIGN_GOAL),
    ],
)
def test_what_cannot_be_planned(ward, codes, changes, refusal):
    add(ward)

    with pytest.raises(Refused) as refused:
        add(ward, *codes, **changes)

    assert (refused.value.code, PlanItem.objects.count()) == (refusal, 1)


def test_nothing_is_planned_without_a_goal(ward):
    with pytest.raises(Refused) as refused:
        add_to_plan(
            training=ward.training,
            by=ward.trainee,
            goals=[],
            half_year=NEXT,
            department=None,
            activity="",
            weeks=None,
        )

    assert refused.value.code == Refusal.NO_GOAL


@pytest.mark.parametrize("person", ["guide", "head", "outsider", "admin"])
def test_the_plan_is_the_trainees_to_write(ward, person):
    by = getattr(ward, person)
    item = add(ward).items.get()
    acts = [
        lambda: add(ward, "PAL-055", by=by),
        lambda: change(item, ward, by=by),
        lambda: remove_plan_item(item, by=by, seen=item.plan.stamp),
        lambda: write(ward, by=by),
    ]

    for act in acts:
        with pytest.raises(PermissionDenied):
            act()

    assert lines(Plan.objects.get()) == [("PAL-010", NEXT, ward.department, "Tilsyn", 4)]


def test_item_is_changed_and_moved(ward):
    item = add(ward).items.get()
    place = make_department()

    plan = change(item, ward, half_year=CURRENT, department=place)

    assert (plan.stamp, lines(plan)) == ("1.3", [("PAL-010", CURRENT, place, "Vakt", 2)])


def test_same_change_twice_is_made_once(ward):
    item = add(ward).items.get()
    change(item, ward)

    assert change(item, ward).stamp == "1.3"


def test_change_of_an_old_page_is_stale(ward):
    item = add(ward).items.get()
    add(ward, "PAL-055")

    with pytest.raises(Stale):
        change(item, ward)

    assert change(item, ward, seen="1.3").stamp == "1.4"


def test_item_taken_out_in_another_tab_comes_back_only_knowingly(ward):
    item = add(ward).items.get()
    remove_plan_item(item, by=ward.trainee, seen="1.2")

    with pytest.raises(Stale):
        change(item, ward, seen="1.2")

    assert lines(change(item, ward, seen="1.3")) == [("PAL-010", NEXT, None, "Vakt", 2)]


@pytest.mark.parametrize(
    ("half_year", "refusal"),
    [(CURRENT, Refusal.ALREADY_PLANNED), (OVER, Refusal.HALF_YEAR_OVER)],
)
def test_item_cannot_be_moved_there(ward, half_year, refusal):
    add(ward, half_year=CURRENT)
    item = add(ward).items.get(half_year=NEXT)

    with pytest.raises(Refused) as refused:
        change(item, ward, half_year=half_year)

    assert refused.value.code == refusal


def test_item_is_removed_once(ward):
    item = add(ward).items.get()

    plans = [remove_plan_item(item, by=ward.trainee, seen="1.2") for _ in range(2)]

    assert ([plan.stamp for plan in plans], PlanItem.objects.count()) == (["1.3", "1.3"], 0)


def test_removal_from_an_old_page_is_stale(ward):
    item = add(ward).items.get()

    with pytest.raises(Stale):
        remove_plan_item(item, by=ward.trainee, seen="1.1")


# --- The text, and the implementation plan -------------------------------------------------------


def test_text_of_the_individual_plan(ward):
    add(ward)

    plan = write(ward, "Fordypning i smerte.", kind=PlanKind.INDIVIDUAL, seen="1.2")

    assert (plan.stamp, plan.text, plan.valid_until) == ("1.3", "Fordypning i smerte.", None)


def test_implementation_plan_lasts_twelve_months(ward):
    plan = write(ward, valid_from=CURRENT)

    assert (plan.kind, plan.valid_from, plan.valid_until) == (
        "implementation",
        CURRENT,
        implementation_until(CURRENT),
    )


def test_same_text_twice_is_written_once(ward):
    write(ward)

    assert write(ward).stamp == "1.2"


def test_text_of_an_old_page_is_stale(ward):
    write(ward)

    with pytest.raises(Stale):
        write(ward, "Noe annet.")

    assert write(ward, "Noe annet.", seen="1.2").text == "Noe annet."


@pytest.mark.parametrize("kind", PlanKind)
def test_first_text_says_something(ward, kind):
    with pytest.raises(Refused) as refused:
        write(ward, "", kind=kind)

    assert (refused.value.code, Plan.objects.count()) == (Refusal.NO_PLAN_TEXT, 0)


def test_individual_plan_may_do_without_text(ward):
    add(ward)
    write(ward, "Noe.", kind=PlanKind.INDIVIDUAL, seen="1.2")

    assert write(ward, "", kind=PlanKind.INDIVIDUAL, seen="1.3").text == ""


# --- Agreeing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "other", "role"),
    [(add, "guide", Role.EDUCATIONAL_SUPERVISOR), (write, "head", Role.DEPARTMENT_HEAD)],
)
def test_both_parties_agree(ward, make, other, role):
    plan = make(ward)

    agree(plan, ward.trainee)
    agree(plan, getattr(ward, other))

    assert [(one.actor, one.actor_role) for one in plan.agreements.all()] == [
        (ward.trainee, Role.TRAINEE),
        (getattr(ward, other), role),
    ]


def test_ledger_holds_what_was_agreed_to(ward):
    agreement = agree(add(ward), ward.trainee)

    written, agreed = Event.objects.order_by("sequence")
    assert (written.verb, agreed.verb, agreed.subject) == (
        Verb.PLAN_WRITTEN,
        Verb.PLAN_AGREED,
        f"planagreement:{agreement.pk}",
    )
    assert f'"goal":"PAL-010","half_year":"{NEXT}","place":"{ward.department}"' in agreed.content


def test_agreeing_twice_with_one_key_is_once(ward):
    plan, key = add(ward), uuid4()

    agreements = {agree(plan, ward.trainee, key=key) for _ in range(2)}

    assert len(agreements) == PlanAgreement.objects.count() == 1


@pytest.mark.parametrize(
    ("make", "person"),
    [
        (add, "head"),
        (add, "supervisor"),
        (add, "education_lead"),
        (add, "outsider"),
        (write, "guide"),
        (write, "outsider"),
        (write, "education_lead"),
    ],
)
def test_others_cannot_agree(ward, make, person):
    plan = make(ward)
    agree(plan, ward.trainee)

    with pytest.raises(PermissionDenied):
        agree(plan, getattr(ward, person))


def test_the_other_party_waits_for_the_trainee(ward):
    plan = add(ward)

    with pytest.raises(PermissionDenied):
        agree(plan, ward.guide)


def test_nobody_agrees_again(ward):
    plan = add(ward)
    agree(plan, ward.trainee)

    with pytest.raises(PermissionDenied):
        agree(plan, ward.trainee)


def test_empty_plan_is_not_agreed_to(ward):
    plan = write(ward, "Bare tekst.", kind=PlanKind.INDIVIDUAL)

    with pytest.raises(Refused) as refused:
        agree(plan, ward.trainee)

    assert refused.value.code == Refusal.EMPTY_PLAN


def test_what_is_agreed_to_is_what_was_shown(ward):
    plan = add(ward)

    with pytest.raises(Stale):
        agree(plan, ward.trainee, seen="1.1")


def test_earlier_revision_can_no_longer_be_agreed_to(ward):
    first = add(ward)
    agree(first, ward.trainee)
    add(ward, "PAL-055")

    with pytest.raises(Stale):
        agree(first, ward.guide)


# --- A new revision ------------------------------------------------------------------------------


@pytest.mark.parametrize("persons", [["trainee"], ["trainee", "guide"]])
def test_change_of_an_agreed_plan_is_a_new_revision(ward, persons):
    first = add(ward, "PAL-010", "PAL-055")
    for person in persons:
        agree(first, getattr(ward, person))

    second = change(first.items.get(goal__code="PAL-010"), ward)

    assert (second.number, second.agreements.count()) == (2, 0)
    assert [line[0::3] for line in lines(second)] == [("PAL-010", "Vakt"), ("PAL-055", "Tilsyn")]
    assert [line[0::3] for line in lines(first)] == [("PAL-010", "Tilsyn"), ("PAL-055", "Tilsyn")]


def test_adding_to_and_removing_from_an_agreed_plan(ward):
    first = add(ward)
    agree(first, ward.trainee)

    second = add(ward, "PAL-055")
    agree(second, ward.trainee)
    item = second.items.get(goal__code="PAL-010")
    third = remove_plan_item(item, by=ward.trainee, seen=second.stamp)

    assert [[line[0] for line in lines(plan)] for plan in (first, second, third)] == [
        ["PAL-010"],
        ["PAL-010", "PAL-055"],
        ["PAL-055"],
    ]


def test_second_press_of_the_same_change_makes_no_third_revision(ward):
    first = add(ward)
    agree(first, ward.trainee)
    item = first.items.get()

    revisions = [change(item, ward).number for _ in range(2)]

    assert revisions == [2, 2]


def test_implementation_plan_is_renewed(ward):
    first = write(ward, valid_from=OVER)
    agree(first, ward.trainee)
    agree(first, ward.head)

    renewed = write(ward, "Vi møtes hver måned.", valid_from=CURRENT, seen="1.2")

    assert (renewed.number, renewed.valid_from, renewed.text) == (2, CURRENT, first.text)


# --- Who waits -----------------------------------------------------------------------------------


def waits(user) -> list[int]:
    return [plan.pk for plan in Plan.objects.awaiting(user)]


def test_plan_waits_for_the_other_party_alone(ward):
    individual, implementation = add(ward), write(ward)
    people = (ward.trainee, ward.guide, ward.head, ward.supervisor, ward.outsider)
    before = [waits(person) for person in people]

    agree(individual, ward.trainee)
    agree(implementation, ward.trainee)

    assert before == [[], [], [], [], []]
    assert [waits(person) for person in people] == [
        [],
        [individual.pk],
        [implementation.pk],
        [],
        [],
    ]


def test_agreed_or_changed_plan_no_longer_waits(ward):
    individual, implementation = add(ward), write(ward)
    agree(individual, ward.trainee)
    agree(implementation, ward.trainee)

    agree(implementation, ward.head)
    add(ward, "PAL-055")

    assert (waits(ward.guide), waits(ward.head)) == ([], [])


# --- The database is the last guard --------------------------------------------------------------


@pytest.fixture
def agreed(ward):
    plan = add(ward, "PAL-010", "PAL-055")
    agree(plan, ward.trainee)
    return plan


CHANGES = {
    "the text": lambda plan: Plan.objects.filter(pk=plan.pk).update(text="Noe annet"),
    "an item": lambda plan: plan.items.update(weeks=9),
    "one item more": lambda plan: PlanItem.objects.create(
        plan=plan, half_year=CURRENT, goal=make_goal()
    ),
    "one item less": lambda plan: plan.items.first().delete(),
}


@pytest.mark.parametrize("attack", CHANGES.values(), ids=CHANGES)
def test_agreed_plan_cannot_be_changed(agreed, attack):
    before = lines(agreed)

    with pytest.raises(DatabaseError, match="somebody has agreed"), transaction.atomic():
        attack(agreed)

    assert lines(agreed) == before


@pytest.mark.parametrize("act", CHANGES.values(), ids=CHANGES)
def test_draft_can_be_changed(ward, act):
    act(add(ward, "PAL-010", "PAL-055"))


def test_plan_is_never_deleted(ward):
    with pytest.raises(DatabaseError), transaction.atomic():
        add(ward).delete()


@pytest.mark.parametrize(
    ("person", "role", "kind"),
    [
        ("guide", "trainee", add),
        ("trainee", "educational_supervisor", add),
        ("head", "department_head", add),
        ("supervisor", "educational_supervisor", add),
        ("outsider", "department_head", write),
        ("guide", "educational_supervisor", write),
    ],
)
def test_wrong_party_is_refused_by_the_database(ward, person, role, kind):
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanAgreement.objects.create(plan=kind(ward), actor=getattr(ward, person), actor_role=role)


def test_nobody_agrees_once_the_training_has_ended(ward):
    plan = write(ward)
    agree(plan, ward.trainee)
    Training.objects.filter(pk=ward.training.pk).update(ended_on=today())

    with pytest.raises(PermissionDenied):
        agree(plan, ward.head)
    assert not Plan.objects.awaiting(ward.head).exists()


@pytest.mark.parametrize(
    ("person", "role", "kind"),
    [
        ("trainee", "trainee", add),
        ("guide", "educational_supervisor", add),
        ("head", "department_head", write),
    ],
)
def test_right_party_is_let_through(ward, person, role, kind):
    PlanAgreement.objects.create(plan=kind(ward), actor=getattr(ward, person), actor_role=role)

    assert PlanAgreement.objects.count() == 1


@pytest.mark.parametrize(
    "attack",
    [
        lambda agreement: PlanAgreement.objects.filter(pk=agreement.pk).update(
            actor_role="trainee"
        ),
        lambda agreement: agreement.delete(),
    ],
    ids=["change", "delete"],
)
def test_agreement_is_added_once_and_stays(agreed, attack):
    with pytest.raises(DatabaseError), transaction.atomic():
        attack(agreed.agreements.get())

    assert agreed.agreements.count() == 1
