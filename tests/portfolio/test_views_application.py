"""«Klar for søknad?» and «Speil» as pages."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from curriculum.models import Pathway
from institutions.enums import Role
from portfolio.enums import AbsenceCause, Registry, Verb
from portfolio.models import Event, MirroredGoal, Opening
from tests import factories
from tests.factories import days_ago, make_goal, make_ward

PAGE = reverse("portfolio:application")
MIRROR = reverse("portfolio:mirror")


@pytest.fixture
def ward(db):
    call_command("load_curriculum", verbosity=0)
    return make_ward(pathway=Pathway.objects.get(code="specialty", version="2026"))


def read(client, user, url: str, **headers) -> str:
    client.force_login(user)
    response = client.get(url, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_page_answers_in_one_sentence(client, ward):
    page = read(client, ward.trainee, PAGE)

    assert "<strong>Ikke ennå.</strong>" in page
    assert "73 læringsmål er ikke godkjent" in page
    assert "Spesialistforskriften § 29" in page
    assert reverse("portfolio:goal_list", args=[ward.training.pk]) in page


def test_leader_sees_the_same_without_ways_to_fix(client, ward):
    url = reverse("portfolio:application_of_doctor", args=[ward.training.pk])

    page = read(client, ward.head, url)

    assert "73 læringsmål er ikke godkjent" in page
    assert "Speil målene" not in page
    assert Opening.objects.filter(user=ward.head, role=Role.DEPARTMENT_HEAD).exists()


def test_no_cause_of_absence_on_a_leaders_page(client, ward):
    factories.make_absence(training=ward.training, cause=AbsenceCause.SICK)
    url = reverse("portfolio:application_of_doctor", args=[ward.training.pk])

    page = read(client, ward.head, url)

    assert "Sykdom" not in page
    assert "Tjenestetid" in page


def test_competence_area_has_no_goals_in_it(client, db):
    call_command("load_curriculum", verbosity=0)
    ward = make_ward(pathway=Pathway.objects.get(code="competence-area"))

    page = read(client, ward.trainee, PAGE)

    assert "Sjekklisten for ferdigheter er ikke lastet opp" in page
    assert "læringsmål er ikke godkjent" not in page
    assert "frivillig kart" in page


def test_home_fetches_a_summary(client, ward):
    factories.make_activity(ward=ward, goals_=[make_goal()])

    home = read(client, ward.trainee, reverse("portfolio:home"))
    part = read(client, ward.trainee, PAGE, HX_Request="true")

    assert f'hx-get="{PAGE}"' in home
    assert part.count('class="row"') == 3
    assert "<html" not in part


@pytest.mark.parametrize("goals", [1, 3])
def test_queries_of_the_page(client, ward, django_assert_num_queries, goals):
    for code in ("PAL-055", "PAL-020", "PAL-041")[:goals]:
        factories.make_approved(ward=ward, goal=make_goal(code=code))
    read(client, ward.trainee, PAGE)

    with django_assert_num_queries(9):
        client.get(PAGE)


@pytest.mark.parametrize("goals", [1, 3])
def test_queries_of_a_leaders_page(client, ward, django_assert_num_queries, goals):
    for code in ("PAL-055", "PAL-020", "PAL-041")[:goals]:
        factories.make_approved(ward=ward, goal=make_goal(code=code))
    url = reverse("portfolio:application_of_doctor", args=[ward.training.pk])
    read(client, ward.head, url)

    with django_assert_num_queries(10):
        client.get(url)


@pytest.mark.parametrize("doctors", [1, 3])
def test_queries_of_a_cohort(client, ward, django_assert_num_queries, doctors):
    for _ in range(doctors - 1):
        training = factories.make_training(pathway=ward.training.pathway)
        factories.make_placement(training=training, department=ward.department)
    url = reverse("portfolio:cohort_applications")
    read(client, ward.head, url)

    with django_assert_num_queries(9):
        page = client.get(url).content.decode()

    assert page.count('<th scope="row">') == doctors


# --- Speil ---------------------------------------------------------------------------------------


def approved(ward, *codes: str) -> list:
    goals = [make_goal(code=code) for code in codes]
    for goal in goals:
        factories.make_approved(ward=ward, goal=goal)
    return goals


def mark(client, ward, **fields):
    client.force_login(ward.trainee)
    chosen = {
        "key": str(uuid4()),
        "registry": Registry.KOMPETANSEPORTALEN,
        "approved_on": days_ago(2).isoformat(),
    } | fields
    return client.post(MIRROR, chosen)


def mirrored(ward) -> list[tuple[str, str]]:
    rows = MirroredGoal.objects.filter(training=ward.training).order_by("goal__code")
    return [(row.goal.code, row.registry) for row in rows]


def test_text_is_ready_to_copy(client, ward):
    approved(ward, "PAL-055")

    page = read(client, ward.trainee, MIRROR)

    today = timezone.localdate()
    day = f"{today.day}.{today.month}.{today.year}"
    assert f"PAL-055: Godkjent {day} av leder Anne Demo Haugen." in page
    assert "veileder Per Demo Moen" in page


def test_several_are_marked_in_one_form(client, ward):
    first, second, _third = approved(ward, "PAL-020", "PAL-041", "PAL-055")

    response = mark(client, ward, goals=[first.pk, second.pk])

    assert (response.status_code, response.url) == (302, MIRROR)
    assert mirrored(ward) == [("PAL-020", "kompetanseportalen"), ("PAL-041", "kompetanseportalen")]


def test_all_that_differ_are_marked_at_once(client, ward):
    approved(ward, "PAL-020", "PAL-041")

    mark(client, ward, everything="1", registry=Registry.KPHDIR)

    assert mirrored(ward) == [("PAL-020", "kphdir"), ("PAL-041", "kphdir")]


def test_marking_twice_is_once(client, ward):
    [goal] = approved(ward, "PAL-020")

    mark(client, ward, goals=[goal.pk])
    mark(client, ward, goals=[goal.pk])

    assert len(mirrored(ward)) == 1
    assert Event.objects.filter(verb=Verb.GOAL_MIRRORED).count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"goals": []}, "Velg minst ett læringsmål."),
        ({"approved_on": days_ago(-1).isoformat()}, "Datoen er i framtiden."),
        ({"registry": "notatbok"}, "finnes ikke lenger"),
        ({"goals": ["999999"]}, "finnes ikke lenger"),
    ],
)
def test_what_cannot_be_marked(client, ward, fields, words):
    [goal] = approved(ward, "PAL-020")

    response = mark(client, ward, **({"goals": [goal.pk]} | fields))

    assert response.status_code == 422
    assert words in response.content.decode()
    assert mirrored(ward) == []


def test_differences_both_ways(client, ward):
    approved(ward, "PAL-020")
    mark(client, ward, goals=[make_goal(code="PAL-041").pk])

    page = read(client, ward.trainee, MIRROR)

    assert "1 bare her, 1 bare i registeret" in page
    assert "Ikke godkjent her" in page


def test_mark_is_taken_back(client, ward):
    [goal] = approved(ward, "PAL-020")
    mark(client, ward, goals=[goal.pk])

    client.post(reverse("portfolio:mirror_remove"), {"goal": goal.pk})

    assert mirrored(ward) == []
    assert Event.objects.filter(verb=Verb.MIRROR_REMOVED).count() == 1


def test_competence_area_has_no_mirror(client, db):
    call_command("load_curriculum", verbosity=0)
    ward = make_ward(pathway=Pathway.objects.get(code="competence-area"))
    client.force_login(ward.trainee)

    assert client.get(MIRROR).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_the_mirror(client, ward, django_assert_num_queries, count):
    approved(ward, *("PAL-055", "PAL-020", "PAL-041")[:count])
    read(client, ward.trainee, MIRROR)

    with django_assert_num_queries(8):
        client.get(MIRROR)
