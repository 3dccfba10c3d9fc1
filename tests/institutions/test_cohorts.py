"""Cohorts: who is in them, who leads them, and what an administrator does with them."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from institutions import services
from institutions.enums import CohortKind, CohortPlace, Refusal, Role
from institutions.models import Cohort, CohortLeadership, CohortMembership
from institutions.rules import Refused, cohort_refusal
from tests.factories import days_ago, give_role, make_user, today

pytestmark = pytest.mark.django_db
COHORTS = reverse("institutions:cohort_list")
# Session, user and the menu's own are among them.
QUERIES_OF_COHORT_LIST = 5
QUERIES_OF_COHORT_DETAIL = 7


@pytest.fixture
def admin(client) -> User:
    """Is logged in."""
    admin = make_user(name="Admin Demo Lie")
    give_role(user=admin, role=Role.ADMIN)
    client.force_login(admin)
    return admin


@pytest.fixture
def cohort() -> Cohort:
    return Cohort.objects.create(name="Kurs 2026", kind=CohortKind.COURSE)


def join(cohort, *, user=None, starts_on=None, ends_on=None) -> CohortMembership:
    return CohortMembership.objects.create(
        cohort=cohort,
        user=user or make_user(),
        starts_on=starts_on or days_ago(100),
        ends_on=ends_on,
    )


# --- Rules and services --------------------------------------------------------------------------

DAY = dt.date(2026, 11, 19)
BEFORE, AFTER = DAY - dt.timedelta(days=1), DAY + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("ends_on", "held", "refusal"),
    [
        (None, [], None),
        (None, [(BEFORE, BEFORE)], None),
        (None, [(BEFORE, DAY)], Refusal.ALREADY_IN_COHORT),
        (None, [(BEFORE, None)], Refusal.ALREADY_IN_COHORT),
        (None, [(AFTER, None)], Refusal.ALREADY_IN_COHORT),
        (DAY, [(AFTER, None)], None),
        (BEFORE, [], Refusal.ENDS_BEFORE_START),
    ],
)
def test_cohort_refusal(ends_on, held, refusal):
    assert cohort_refusal(DAY, ends_on, held=held) == refusal


@pytest.mark.parametrize(
    ("place", "model"),
    [(CohortPlace.MEMBER, CohortMembership), (CohortPlace.LEADER, CohortLeadership)],
)
def test_add_to_cohort(admin, cohort, place, model):
    person = make_user()

    added = services.add_to_cohort(cohort, user=person, place=place, starts_on=today(), by=admin)

    assert list(model.objects.in_force()) == [added]
    assert str(added) == "Kari Demo Nord, Kurs 2026"


def test_add_to_cohort_twice_is_refused(admin, cohort):
    member = join(cohort)

    with pytest.raises(Refused) as refused:
        services.add_to_cohort(
            cohort, user=member.user, place=CohortPlace.MEMBER, starts_on=today(), by=admin
        )

    assert refused.value.code == Refusal.ALREADY_IN_COHORT


def test_administrator_does_not_lead_by_own_hand(admin, cohort):
    with pytest.raises(Refused) as refused:
        services.add_to_cohort(
            cohort, user=admin, place=CohortPlace.LEADER, starts_on=today(), by=admin
        )

    assert refused.value.code == Refusal.OWN_ROLE


def test_remove_from_cohort_is_at_once(admin, cohort):
    member = join(cohort)

    services.remove_from_cohort(member, by=admin)

    assert not CohortMembership.objects.in_force().exists()
    assert CohortMembership.objects.get().ends_on == days_ago(1)


def test_remove_from_cohort_on_the_first_day_takes_it_away_whole(admin, cohort):
    services.remove_from_cohort(join(cohort, starts_on=today()), by=admin)

    assert not CohortMembership.objects.exists()


def test_only_an_administrator_may(cohort):
    leader = make_user()
    CohortLeadership.objects.create(cohort=cohort, user=leader, starts_on=days_ago(10))

    for act in (
        lambda: services.create_cohort(name="Nytt", kind=CohortKind.YEAR, by=leader),
        lambda: services.add_to_cohort(
            cohort, user=make_user(), place="member", starts_on=today(), by=leader
        ),
        lambda: services.remove_from_cohort(join(cohort), by=leader),
    ):
        with pytest.raises(PermissionDenied):
            act()


# --- Pages ---------------------------------------------------------------------------------------


def urls(member: CohortMembership) -> dict[str, str]:
    cohort = member.cohort_id
    return {
        "cohort_list": COHORTS,
        "cohort_detail": reverse("institutions:cohort_detail", args=[cohort]),
        "cohort_add": reverse("institutions:cohort_add", args=[cohort]),
        "cohort_remove": reverse("institutions:cohort_remove", args=[cohort, "member", member.pk]),
    }


@pytest.mark.parametrize("name", ["cohort_list", "cohort_detail", "cohort_add"])
def test_page_works_within_ten_queries(client, admin, cohort, name, django_assert_max_num_queries):
    member = join(cohort)

    with django_assert_max_num_queries(10):
        page = client.get(urls(member)[name])

    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("name", ["cohort_list", "cohort_detail", "cohort_add", "cohort_remove"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_closed_to_others(client, cohort, name, method):
    member = join(cohort)
    url = urls(member)[name]
    logged_out = getattr(client, method)(url)
    client.force_login(member.user)

    answer = getattr(client, method)(url)

    closed = {("cohort_detail", "post"): 405, ("cohort_remove", "get"): 405}
    assert logged_out.status_code == 302
    assert answer.status_code == closed.get((name, method), 403)
    assert CohortMembership.objects.get().ends_on is None


def test_cohort_unknown(client, admin, cohort):
    member, other = join(cohort), Cohort.objects.create(name="Annet", kind=CohortKind.YEAR)

    assert client.get(reverse("institutions:cohort_detail", args=[0])).status_code == 404
    assert client.get(reverse("institutions:cohort_add", args=[0])).status_code == 404
    for args in ([other.pk, "member", member.pk], [cohort.pk, "leader", member.pk]):
        assert client.post(reverse("institutions:cohort_remove", args=args)).status_code == 404
    args = [cohort.pk, "gjest", member.pk]
    assert client.post(reverse("institutions:cohort_remove", args=args)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_list_makes_the_same_number_of_queries(
    client, admin, count, django_assert_num_queries
):
    for number in range(count):
        join(Cohort.objects.create(name=f"Kurs {number}", kind=CohortKind.COURSE))

    with django_assert_num_queries(QUERIES_OF_COHORT_LIST):
        client.get(COHORTS)


@pytest.mark.parametrize("count", [1, 3])
def test_cohort_detail_makes_the_same_number_of_queries(
    client, admin, cohort, count, django_assert_num_queries
):
    for _ in range(count):
        member = join(cohort)

    with django_assert_num_queries(QUERIES_OF_COHORT_DETAIL):
        client.get(urls(member)["cohort_detail"])


def test_cohort_list_counts_those_of_today(client, admin, cohort):
    join(cohort)
    join(cohort)
    join(cohort, ends_on=days_ago(1))
    join(cohort, starts_on=days_ago(-1))
    CohortLeadership.objects.create(cohort=cohort, user=make_user(), starts_on=today())

    (shown,) = client.get(COHORTS).context["cohorts"]

    assert (shown.members_today, shown.leaders_today) == (2, 1)


def test_cohort_is_made(client, admin):
    answer = client.post(COHORTS, {"name": "Kurs 2026", "kind": CohortKind.COURSE})

    made = Cohort.objects.get()
    assert answer.url == reverse("institutions:cohort_detail", args=[made.pk])
    assert (made.name, made.kind) == ("Kurs 2026", CohortKind.COURSE)


def test_cohort_of_a_taken_name_is_refused(client, admin, cohort):
    answer = client.post(COHORTS, {"name": "Kurs 2026", "kind": CohortKind.COURSE})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
    assert 'value="Kurs 2026"' in answer.content.decode()


def test_person_is_added(client, admin, cohort):
    person = make_user()

    answer = client.post(
        reverse("institutions:cohort_add", args=[cohort.pk]),
        {"user": person.pk, "place": "leader", "starts_on": today().isoformat()},
    )

    assert answer.status_code == 302
    assert cohort.leaderships.get().user == person


def test_person_is_added_refused(client, admin, cohort):
    member = join(cohort)

    answer = client.post(
        reverse("institutions:cohort_add", args=[cohort.pk]),
        {"user": member.user_id, "place": "member", "starts_on": today().isoformat()},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "user": ["Personen har alt denne plassen i kullet i hele eller deler av perioden."]
    }


def test_person_is_removed(client, admin, cohort):
    member = join(cohort)

    client.post(urls(member)["cohort_remove"])

    member.refresh_from_db()
    assert member.ends_on == days_ago(1)
