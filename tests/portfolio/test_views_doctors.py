"""The leader's pages: who needs them, one doctor, appointing a veileder, starting a training."""

import pytest
from django.urls import reverse

from curriculum.models import Pathway
from institutions.enums import Role
from pages.dates import long_day
from portfolio import rules
from portfolio.enums import Need
from portfolio.forms.doctors import CohortFilterForm
from portfolio.models import EducationalSupervision, Opening, Recommendation, Training
from portfolio.queries.doctors import cohort_of
from portfolio.services import goals
from tests.factories import (
    days_ago,
    give_role,
    make_activity,
    make_approved,
    make_claim,
    make_department,
    make_goal,
    make_pathway,
    make_placement,
    make_recommendations,
    make_request,
    make_supervision,
    make_training,
    make_user,
    make_ward,
    today,
)

pytestmark = pytest.mark.django_db

COHORT_QUERIES = 8  # session, user, hats; doctors, waits, the pathway's goals; two selects
DOCTOR_QUERIES = 10


@pytest.mark.parametrize(
    ("facts", "needs"),
    [
        ({}, ()),
        ({"oldest_wait_days": 14}, ()),
        ({"oldest_wait_days": 15}, (Need.OLD_WAIT,)),
        ({"quiet_days": 60}, ()),
        ({"quiet_days": 61}, (Need.QUIET,)),
        ({"is_guided": False}, (Need.GUIDANCE,)),
        ({"guided_until": days_ago(-30)}, (Need.GUIDANCE,)),
        ({"guided_until": days_ago(-31)}, ()),
        ({"decisions_waiting": 1}, (Need.DECISION,)),
        (
            {"oldest_wait_days": 40, "quiet_days": 90, "is_guided": False, "decisions_waiting": 2},
            (Need.OLD_WAIT, Need.QUIET, Need.GUIDANCE, Need.DECISION),
        ),
    ],
)
def test_needs(facts, needs):
    at_ease = {
        "oldest_wait_days": None,
        "quiet_days": 0,
        "is_guided": True,
        "guided_until": None,
        "decisions_waiting": 0,
        "on": today(),
    }

    assert rules.needs_of(**at_ease | facts) == needs


def test_cohort_counts_goals_and_waits():
    ward = make_ward()
    make_approved(ward=ward)
    make_request(ward=ward)
    claim = make_claim(ward=ward, goal=make_goal(code="PAL-020"))
    make_recommendations(ward=ward, claim=claim)
    make_activity(ward=ward, goals_=[make_goal(code="PAL-020")], sent=True)

    (line,) = cohort_of(ward.head, on=today()).lines

    assert (line.settled, line.claimed) == (1, 1)
    assert sorted((wait.what, wait.role) for wait in line.waits) == [
        ("assessment", Role.CLINICAL_SUPERVISOR),
        ("assessment", Role.CLINICAL_SUPERVISOR),
        ("decision", Role.DEPARTMENT_HEAD),
    ]
    assert line.last_activity_on == days_ago(3)


def test_unanswered_recommendation_waits_with_the_one_asked():
    ward = make_ward()
    claim = make_claim(ward=ward)
    goals.request_recommendations(
        claim, by=ward.trainee, clinical_supervisors=[], educational_supervisor=ward.guide
    )

    (line,) = cohort_of(ward.head, on=today()).lines

    assert [(wait.what, wait.person) for wait in line.waits] == [
        ("recommendation", ward.guide.name)
    ]


def test_one_person_in_both_roles_leaves_the_decision_waiting_for_nobody():
    ward = make_ward()
    give_role(user=ward.guide, role=Role.CLINICAL_SUPERVISOR, department=ward.department)
    claim = make_claim(ward=ward)
    goals.request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.guide],
        educational_supervisor=ward.guide,
    )
    for role in (Role.CLINICAL_SUPERVISOR, Role.EDUCATIONAL_SUPERVISOR):
        Recommendation.objects.create(
            claim=claim, actor=ward.guide, actor_role=role, recommends=True
        )

    (line,) = cohort_of(ward.head, on=today()).lines

    assert [wait.what for wait in line.waits] == []


def test_a_request_to_the_veileder_lies_with_the_veileder():
    ward = make_ward()
    make_request(ward=ward, asked_of=ward.guide)

    (line,) = cohort_of(ward.head, on=today()).lines

    assert [wait.role for wait in line.waits] == [Role.EDUCATIONAL_SUPERVISOR]


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("guide", 200),
        ("head", 200),
        ("education_lead", 200),
        ("program_leader", 200),
        ("outsider", 200),  # a head elsewhere, who follows nobody yet
        ("trainee", 403),
        ("supervisor", 403),
        ("admin", 403),
    ],
)
def test_cohort_is_for_those_who_follow_doctors(client, persona, status):
    ward = make_ward()
    client.force_login(getattr(ward, persona))

    response = client.get(reverse("portfolio:cohort"))

    assert response.status_code == status
    shows = reverse("portfolio:doctor", args=[ward.training.pk]) in response.content.decode()
    assert shows is (status == 200 and persona != "outsider")


@pytest.mark.parametrize("doctors", [1, 3])
def test_cohort_asks_the_same_of_one_and_three(client, django_assert_num_queries, doctors):
    ward = make_ward()
    for _ in range(doctors - 1):
        training = make_training()
        make_placement(training=training, department=ward.department)
        make_supervision(training=training, supervisor=ward.guide)
    client.force_login(ward.head)
    client.get(reverse("portfolio:cohort"))

    with django_assert_num_queries(COHORT_QUERIES):
        response = client.get(reverse("portfolio:cohort"))

    assert response.content.decode().count("/leger/") >= doctors


@pytest.mark.parametrize("approved", [1, 3])
def test_doctor_asks_the_same_of_one_and_three(client, django_assert_num_queries, approved):
    ward = make_ward()
    for code in ("PAL-055", "PAL-020", "PAL-041")[:approved]:
        make_approved(ward=ward, goal=make_goal(code=code))
    client.force_login(ward.head)
    url = reverse("portfolio:doctor", args=[ward.training.pk])
    client.get(url)

    with django_assert_num_queries(DOCTOR_QUERIES):
        client.get(url)


def test_filters_narrow_the_list(client):
    ward = make_ward()
    quiet = make_training()
    make_placement(training=quiet, department=ward.department)
    client.force_login(ward.head)

    everyone = client.get(reverse("portfolio:cohort")).content.decode()
    unguided = client.get(reverse("portfolio:cohort"), {"behov": "guidance"}).content.decode()
    nonsense = client.get(reverse("portfolio:cohort"), {"behov": "x", "lop": "y"})

    assert (ward.trainee.name in everyone, quiet.trainee.name in everyone) == (True, True)
    assert (ward.trainee.name in unguided, quiet.trainee.name in unguided) == (False, True)
    assert nonsense.status_code == 200


def test_opening_a_doctor_is_noted_once_a_day_in_the_hat_worn(client):
    ward = make_ward()
    client.force_login(ward.head)
    url = reverse("portfolio:doctor", args=[ward.training.pk])

    client.get(url)
    client.get(url)

    assert [(one.user, one.role) for one in Opening.objects.all()] == [
        (ward.head, Role.DEPARTMENT_HEAD)
    ]


def test_head_appoints_a_veileder_and_the_running_appointment_ends(client):
    ward = make_ward()
    client.force_login(ward.head)

    response = client.post(
        reverse("portfolio:supervisor_appoint", args=[ward.training.pk]),
        {"supervisor": ward.supervisor.pk, "starts_on": today().isoformat()},
    )

    assert response.status_code == 302
    periods = EducationalSupervision.objects.values_list("supervisor__name", "ends_on")
    assert list(periods) == [("Per Demo Moen", days_ago(1)), ("Hilde Demo Vik", None)]


def test_receipt_of_an_appointment_that_is_over_says_so(client):
    ward = make_ward()
    EducationalSupervision.objects.update(starts_on=days_ago(10))
    first, last = days_ago(30), days_ago(20)
    client.force_login(ward.head)

    page = client.post(
        reverse("portfolio:supervisor_appoint", args=[ward.training.pk]),
        {"supervisor": ward.supervisor.pk, "starts_on": first, "ends_on": last},
        follow=True,
    )

    told = f"Hilde Demo Vik var veileder fra {long_day(first)} til {long_day(last)}."
    assert told in page.content.decode()


@pytest.mark.parametrize(
    ("persona", "status"),
    [("guide", 403), ("program_leader", 403), ("trainee", 403), ("outsider", 404), ("admin", 200)],
)
def test_who_may_appoint(client, persona, status):
    ward = make_ward()
    client.force_login(getattr(ward, persona))

    response = client.get(reverse("portfolio:supervisor_appoint", args=[ward.training.pk]))

    assert response.status_code == status


def test_appointment_into_another_is_refused_at_the_form(client):
    ward = make_ward()
    EducationalSupervision.objects.update(ends_on=days_ago(-100))
    client.force_login(ward.head)

    response = client.post(
        reverse("portfolio:supervisor_appoint", args=[ward.training.pk]),
        {"supervisor": ward.supervisor.pk, "starts_on": today().isoformat()},
    )

    assert response.status_code == 422
    assert "Legen har allerede en veileder i perioden." in response.content.decode()


def test_appointment_says_what_the_veileder_is_and_it_can_be_put_right(client):
    ward = make_ward()
    client.force_login(ward.head)
    employer = ward.department.institution
    told = {"specialty": "onkologi", "employer": employer.pk, "holds_competence_area": "on"}

    client.post(
        reverse("portfolio:supervisor_appoint", args=[ward.training.pk]),
        {"supervisor": ward.supervisor.pk, "starts_on": today().isoformat()} | told,
    )
    appointed = EducationalSupervision.objects.get(supervisor=ward.supervisor)
    before = (appointed.specialty, appointed.employer, appointed.holds_competence_area)
    client.force_login(ward.supervisor)
    client.post(
        reverse("portfolio:supervision_edit", args=[appointed.pk]), {"specialty": "nevrologi"}
    )

    appointed.refresh_from_db()
    after = (appointed.specialty, appointed.employer, appointed.holds_competence_area)
    assert (before, after) == (("onkologi", employer, True), ("nevrologi", None, False))


def test_admin_starts_a_training(client):
    admin = make_user()
    give_role(user=admin, role=Role.ADMIN)
    doctor = make_user(name="Ny Demo Lege")
    pathway = make_pathway()
    client.force_login(admin)

    response = client.post(
        reverse("portfolio:training_start"),
        {
            "trainee": doctor.pk,
            "pathway": pathway.pk,
            "authorised_on": "2020-01-01",
            "started_on": "2021-01-01",
        },
    )

    training = Training.objects.get()
    assert response.url == reverse("portfolio:training_admin", args=[doctor.pk])
    assert (training.trainee, training.pathway) == (doctor, Pathway.objects.get())


def test_training_cannot_start_before_authorisation(client):
    admin = make_user()
    give_role(user=admin, role=Role.ADMIN)
    client.force_login(admin)

    response = client.post(
        reverse("portfolio:training_start"),
        {
            "trainee": make_user().pk,
            "pathway": make_pathway().pk,
            "authorised_on": "2021-01-02",
            "started_on": "2021-01-01",
        },
    )

    assert response.status_code == 422
    assert "Utdanningen kan ikke starte før autorisasjonen." in response.content.decode()
    assert not Training.objects.exists()


def test_admin_sees_the_training_and_who_guides_but_no_portfolio(client):
    ward = make_ward()
    make_activity(ward=ward, goals_=[make_goal()], sent=True)
    client.force_login(ward.admin)

    page = client.get(reverse("portfolio:training_admin", args=[ward.trainee.pk])).content.decode()

    assert ward.training.pathway.short_title in page
    assert ward.guide.name in page
    assert reverse("portfolio:supervisor_appoint", args=[ward.training.pk]) in page
    assert reverse("portfolio:training_start") not in page
    assert "PAL-0" not in page


def test_admin_may_start_where_there_is_no_training(client):
    ward = make_ward()
    client.force_login(ward.admin)
    nobody = make_user()

    page = client.get(reverse("portfolio:training_admin", args=[nobody.pk])).content.decode()

    assert f"{reverse('portfolio:training_start')}?lege={nobody.pk}" in page
    assert "/veileder/" not in page


@pytest.mark.parametrize("appointments", [1, 3])
def test_training_admin_asks_the_same_of_one_and_three(
    client, django_assert_num_queries, appointments
):
    ward = make_ward()
    client.force_login(ward.admin)
    EducationalSupervision.objects.filter(supervisor=ward.guide).update(ends_on=days_ago(-30))
    for number in range(1, appointments):
        make_supervision(
            training=ward.training,
            supervisor=make_user(),
            starts_on=days_ago(-1000 * number),
            ends_on=days_ago(-1000 * number - 9),
        )
    url = reverse("portfolio:training_admin", args=[ward.trainee.pk])
    client.get(url)

    with django_assert_num_queries(6):
        client.get(url)


def test_admin_comes_back_to_the_training_after_appointing(client):
    ward = make_ward()
    client.force_login(ward.admin)

    response = client.post(
        reverse("portfolio:supervisor_appoint", args=[ward.training.pk]),
        {"supervisor": ward.supervisor.pk, "starts_on": today().isoformat()},
    )

    assert response.url == reverse("portfolio:training_admin", args=[ward.trainee.pk])


def test_decision_waits_with_the_heads_of_the_placement_by_name(client):
    ward = make_ward()
    claim = make_claim(ward=ward, goal=make_goal(code="PAL-020"))
    make_recommendations(ward=ward, claim=claim)
    client.force_login(ward.program_leader)

    page = client.get(reverse("portfolio:doctor", args=[ward.training.pk])).content.decode()

    assert f"Leder {ward.head.name}" in page


def test_filter_offers_only_the_places_of_the_doctors_one_follows():
    ward = make_ward()
    elsewhere = make_ward()

    offered = CohortFilterForm({}, user=ward.program_leader).fields["virksomhet"].queryset

    assert list(offered) == [ward.department.institution]
    assert elsewhere.department.institution != ward.department.institution


def test_only_an_admin_starts_a_training(client):
    give_role(user=(head := make_user()), role=Role.DEPARTMENT_HEAD, department=make_department())
    client.force_login(head)

    assert client.get(reverse("portfolio:training_start")).status_code == 403
