"""Godkjenn mål, and taking an approval back."""

from uuid import uuid4

import pytest

from institutions.enums import Role
from portfolio.enums import Outcome, ProgressState
from portfolio.models import ApprovalWithdrawal, Decision, Opening
from portfolio.services import goals
from tests.factories import (
    give_role,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_user,
    make_ward,
)
from tests.portfolio.visits import as_, at_once, end_roles, make_asked, url

pytestmark = pytest.mark.django_db

REASON = "Vis også intratekal pumpe."
LIST_QUERIES = 7  # session, user, hats; claims, what was said of them, ticks; own decisions
DECIDE_QUERIES = 10  # the last notes that the portfolio was opened


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def asked(ward):
    """A claim of which both kinds of supervisor are asked."""
    return make_asked(ward)


@pytest.fixture
def ready(ward):
    """A claim that both have recommended."""
    return make_ready(ward)


def make_ready(ward, code="PAL-055", *, recommends=True):
    make_assessment(ward=ward, goal=make_goal(code=code))
    claim = make_claim(ward=ward, goal=make_goal(code=code))
    make_recommendations(ward=ward, claim=claim, recommends=recommends)
    return claim


def decision(**fields) -> dict:
    return {"key": str(uuid4()), "outcome": "approved", "reason": "", "version": "2"} | fields


# --- Godkjenn mål --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "opened", "decided"),
    [
        ("head", 200, 302),
        ("supervisor", 403, 403),
        ("guide", 403, 403),
        ("trainee", 403, 403),
        ("education_lead", 403, 403),
        ("outsider", 404, 404),
        ("admin", 404, 404),
        ("ended head", 404, 404),
    ],
)
def test_decide_by_role(ward, ready, who, opened, decided):
    if who == "ended head":
        end_roles(ward.head)
    client = as_(getattr(ward, who.split()[-1]))
    page = url("decide", ready.pk)

    got = (client.get(page).status_code, client.post(page, decision()).status_code)

    assert got == (opened, decided)
    assert Decision.objects.count() == (decided == 302)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.APPROVED, ProgressState.APPROVED),
        (Outcome.RETURNED, ProgressState.RETURNED),
        (Outcome.REFUSED, ProgressState.REFUSED),
    ],
)
def test_decide_moves_the_goal(ward, ready, outcome, state):
    reason = "" if outcome == Outcome.APPROVED else REASON

    as_(ward.head).post(url("decide", ready.pk), decision(outcome=outcome, reason=reason))

    ready.progress.refresh_from_db()
    assert (ready.progress.state, Decision.objects.get().reason) == (state, reason)


@pytest.mark.parametrize(
    ("recommends", "fields", "message"),
    [
        (True, {"outcome": "returned"}, "Skriv hva som må til før målet kan godkjennes."),
        (True, {"outcome": "refused"}, "Skriv hvorfor målet ikke godkjennes."),
        (True, {"outcome": ""}, "Velg hva du avgjør."),
        (True, {"outcome": "open"}, "Valget under «Avgjørelse» finnes ikke lenger."),
        (False, {}, "Skriv hvorfor du godkjenner når en anbefaling går imot."),
        (
            True,
            {"outcome": "returned", "reason": "Pasient 13097248022."},
            "Ta bort fødselsnummeret i «Begrunnelse».",
        ),
    ],
)
def test_decide_names_what_is_wrong(ward, recommends, fields, message):
    claim = make_ready(ward, recommends=recommends)

    response = as_(ward.head).post(url("decide", claim.pk), decision(**fields))

    assert response.status_code == 422
    assert message in response.content.decode()
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    ("guide", "supervisor", "against"),
    [
        ("Veileder anbefaler.", "Supervisør anbefaler.", 0),
        ("Veileder anbefaler ikke.", "Supervisør anbefaler ikke.", 2),
    ],
)
def test_the_head_reads_first_who_is_for_and_against(ward, guide, supervisor, against):
    claim = make_ready(ward, recommends=not against)

    page = as_(ward.head).get(url("decide", claim.pk)).content.decode()

    line = page.split('class="stands"')[1].split("</p>")[0]
    assert page.index('class="stands"') < page.index('id="statements"')
    assert guide in line
    assert supervisor in line
    assert line.count("#icon-exclamationmark-triangle") == against


def test_two_supervisors_who_disagree_are_told_apart(ward):
    claim = make_ready(ward)
    other = make_user(name="Siri Demo Lie")
    give_role(user=other, role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    goals.request_recommendations(
        claim, by=ward.trainee, clinical_supervisors=[other], educational_supervisor=None
    )
    goals.recommend(
        claim,
        by=other,
        role=Role.CLINICAL_SUPERVISOR,
        recommends=False,
        comment=REASON,
        key=uuid4(),
    )

    page = as_(ward.head).get(url("decide", claim.pk)).content.decode()

    line = page.split('class="stands"')[1].split("</p>")[0]
    assert "Supervisør anbefaler." in line
    assert "En annen supervisør anbefaler ikke." in line


def test_who_recommends_is_not_told_what_the_others_say(ward, asked):
    goals.recommend(
        asked,
        by=ward.guide,
        role=Role.EDUCATIONAL_SUPERVISOR,
        recommends=False,
        comment=REASON,
        key=uuid4(),
    )

    assert (
        'class="stands"'
        not in as_(ward.supervisor).get(url("recommend", asked.pk)).content.decode()
    )


def test_approving_against_a_recommendation_with_its_reason(ward):
    claim = make_ready(ward, recommends=False)

    as_(ward.head).post(url("decide", claim.pk), decision(reason=REASON))

    assert Decision.objects.get().outcome == Outcome.APPROVED


def test_nothing_is_decided_before_both_have_spoken(ward, asked):
    client = as_(ward.head)

    text = client.get(url("decide", asked.pk)).content.decode()
    response = client.post(url("decide", asked.pk), decision())

    assert "Godkjenn og vis neste" not in text
    assert "Mangler anbefaling fra veileder og supervisør." in text
    assert ward.supervisor.name in text
    assert response.status_code == 422
    assert "må ha uttalt seg" in response.content.decode()


def test_decide_goes_on_to_the_same_doctor_then_the_next(ward):
    first, second = make_ready(ward), make_ready(ward, "PAL-020")
    neighbour = make_ward(department=ward.department)
    give_role(user=neighbour.guide, role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    third = make_ready(neighbour)
    make_asked(ward, "PAL-001")
    client = as_(ward.head)

    following = [
        client.post(url("decide", claim.pk), decision()).url for claim in (first, second, third)
    ]

    assert following == [
        url("decide", second.pk),
        url("decide", third.pk),
        url("decision_list"),
    ]


def test_decide_extra_fields_change_nothing(ward, ready):
    as_(ward.head).post(
        url("decide", ready.pk),
        decision(actor=ward.guide.pk, actor_role="admin", acted_at="2020-01-01", claim="0"),
    )

    decided = Decision.objects.get()
    assert (decided.actor, decided.actor_role, decided.claim) == (
        ward.head,
        Role.DEPARTMENT_HEAD,
        ready,
    )
    assert decided.acted_at.year >= 2026


@pytest.mark.parametrize("version", ["1", "3", "", "x"])
def test_decide_with_another_version(ward, ready, version):
    response = as_(ward.head).post(
        url("decide", ready.pk), decision(version=version, reason=REASON)
    )

    assert response.status_code in (409, 422)
    assert REASON in response.content.decode()
    assert Decision.objects.count() == 0


@pytest.mark.parametrize("gone", ["recalled", "decided"])
def test_decide_in_an_old_tab_gives_the_text_back(ward, ready, gone):
    if gone == "recalled":
        goals.recall_claim(ready, by=ward.trainee)
    else:
        make_decision(ward=ward, claim=ready)

    response = as_(ward.head).post(
        url("decide", ready.pk), decision(outcome="returned", reason=REASON)
    )

    assert response.status_code == 409
    assert REASON in response.content.decode()


@pytest.mark.parametrize(("same_form", "statuses"), [(True, [302, 302]), (False, [302, 409])])
def test_two_decisions_at_once_are_one(transactional_db, same_form, statuses):
    ward = make_ward()
    page = url("decide", make_ready(ward).pk)
    deputy = make_user(name="Siri Demo Lie")
    give_role(user=deputy, role=Role.DEPARTMENT_HEAD, department=ward.department)
    first, second = decision(), decision(outcome="returned", reason=REASON)
    one, two = as_(ward.head), as_(ward.head if same_form else deputy)

    got = at_once(
        lambda: one.post(page, first), lambda: two.post(page, first if same_form else second)
    )

    assert got == statuses
    assert Decision.objects.count() == 1


def test_the_trainee_sees_that_the_head_has_opened_the_claim(ward, ready):
    as_(ward.head).get(url("decide", ready.pk))

    opening = Opening.objects.get()
    assert (opening.training, opening.user, opening.role) == (
        ward.training,
        ward.head,
        Role.DEPARTMENT_HEAD,
    )


def test_nobody_decides_for_themselves(ward, ready):
    give_role(user=ward.trainee, role=Role.DEPARTMENT_HEAD, department=ward.department)
    client = as_(ward.trainee)

    assert client.get(url("decision_list")).context["doctors"] == []
    assert client.post(url("decide", ready.pk), decision()).status_code == 403


def test_list_is_sorted_by_doctor_with_the_ready_first(ward):
    waiting, ready = make_asked(ward, "PAL-001"), make_ready(ward, "PAL-020")
    neighbour = make_ward(department=ward.department)
    neighbour.trainee.name = "Åse Demo Aas"
    neighbour.trainee.save()
    theirs = make_asked(neighbour)

    doctors = as_(ward.head).get(url("decision_list")).context["doctors"]

    assert [[claim.pk for claim in one.claims] for one in doctors] == [
        [ready.pk, waiting.pk],
        [theirs.pk],
    ]


def test_the_competence_area_has_nothing_to_decide():
    ward = make_ward(decides_goals=False)
    make_assessment(ward=ward)

    text = as_(ward.head).get(url("decision_list")).content.decode()

    assert "Ingen mål til avgjørelse" in text


# --- Taking an approval back ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "opened", "withdrawn"),
    [
        ("head", 200, 302),
        ("supervisor", 403, 403),
        ("guide", 403, 403),
        ("trainee", 403, 403),
        ("outsider", 404, 404),
    ],
)
def test_withdraw_by_role(ward, who, opened, withdrawn):
    approval = make_approved(ward=ward)
    client = as_(getattr(ward, who))
    page = url("approval_withdraw", approval.pk)

    got = (client.get(page).status_code, client.post(page, {"reason": REASON}).status_code)

    assert got == (opened, withdrawn)
    approval.claim.progress.refresh_from_db()
    expected = ProgressState.OPEN if withdrawn == 302 else ProgressState.APPROVED
    assert approval.claim.progress.state == expected


def test_withdraw_needs_a_reason(ward):
    approval = make_approved(ward=ward)

    response = as_(ward.head).post(url("approval_withdraw", approval.pk), {"reason": " "})

    assert response.status_code == 422
    assert "Skriv hvorfor godkjenningen trekkes tilbake." in response.content.decode()


def test_withdraw_in_an_old_tab(ward):
    approval = make_approved(ward=ward)
    client, form = as_(ward.head), {"key": str(uuid4()), "reason": REASON}
    page = url("approval_withdraw", approval.pk)
    client.post(page, form)

    again = client.post(page, form)
    other = client.post(page, {"key": str(uuid4()), "reason": "En annen grunn."})

    assert again.status_code == 302
    assert other.status_code == 409
    assert "En annen grunn." in other.content.decode()
    assert ApprovalWithdrawal.objects.count() == 1


def test_two_withdrawals_at_once_are_one(transactional_db):
    ward = make_ward()
    page = url("approval_withdraw", make_approved(ward=ward).pk)
    one, two = as_(ward.head), as_(ward.head)

    got = at_once(
        lambda: one.post(page, {"key": str(uuid4()), "reason": REASON}),
        lambda: two.post(page, {"key": str(uuid4()), "reason": REASON}),
    )

    assert got == [302, 409]
    assert ApprovalWithdrawal.objects.count() == 1


def test_only_an_approval_is_withdrawn(ward, ready):
    returned = make_decision(ward=ward, claim=ready, outcome=Outcome.RETURNED)

    assert as_(ward.head).get(url("approval_withdraw", returned.pk)).status_code == 403


# --- Queries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_queries(count, django_assert_num_queries):
    ward = make_ward()
    for code in ("PAL-055", "PAL-020", "PAL-001")[:count]:
        claim = make_ready(ward, code)
    for code in ("PAL-002", "PAL-003", "PAL-004")[:count]:
        make_approved(ward=ward, goal=make_goal(code=code))
    for code in ("PAL-005", "PAL-006", "PAL-007")[:count]:
        make_asked(ward, code)
    head = as_(ward.head)
    head.get(url("decide", claim.pk))  # fills the process's cache of goals

    with django_assert_num_queries(LIST_QUERIES):
        head.get(url("decision_list"))
    with django_assert_num_queries(DECIDE_QUERIES):
        head.get(url("decide", claim.pk))
