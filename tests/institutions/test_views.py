"""Each page answers five questions: works / another's / not an administrator / GET on a POST /
logged out."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import User
from institutions.enums import RecognitionKind, RecognitionStatus, Role
from institutions.models import Recognition, RoleAssignment
from tests.factories import (
    days_ago,
    give_role,
    make_department,
    make_institution,
    make_user,
    today,
)

pytestmark = pytest.mark.django_db
PEOPLE = reverse("institutions:person_list")
INVITE = reverse("institutions:person_invite")
SITES = reverse("institutions:site_list")
# Session, user and the menu's own are among them.
QUERIES_OF_PERSON_LIST = 8
QUERIES_OF_PERSON_DETAIL = 7


@pytest.fixture
def admin(client) -> User:
    """Is logged in."""
    admin = make_user(name="Admin Demo Lie")
    give_role(user=admin, role=Role.ADMIN)
    client.force_login(admin)
    return admin


@pytest.fixture
def person() -> User:
    return make_user(name="Kari Demo Nord")


@pytest.fixture
def role(person) -> RoleAssignment:
    return give_role(user=person, role=Role.DEPARTMENT_HEAD, department=make_department())


PAGES = ["person_list", "person_invite", "person_detail", "role_give", "role_end"]
BUTTONS = ["invitation_resend", "person_deactivate", "person_reactivate"]


def url_of(name: str, role: RoleAssignment) -> str:
    if name in {"person_list", "person_invite"}:
        return reverse(f"institutions:{name}")
    if name == "role_end":
        return reverse("institutions:role_end", args=[role.pk])
    return reverse(f"institutions:{name}", args=[role.user_id])


@pytest.mark.parametrize("name", PAGES)
def test_page_works_within_ten_queries(client, admin, role, name, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page = client.get(url_of(name, role))

    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1


@pytest.mark.parametrize("name", PAGES + BUTTONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_is_closed_to_who_is_not_an_administrator(client, role, name, method):
    client.force_login(role.user)

    answer = getattr(client, method)(url_of(name, role))

    refused = {405} if method == "get" and name in BUTTONS else {403}
    if method == "post" and name in {"person_list", "person_detail"}:
        refused = {405}
    assert answer.status_code in refused
    assert RoleAssignment.objects.get(pk=role.pk).ends_on is None


@pytest.mark.parametrize("name", PAGES + BUTTONS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_logged_out(client, role, name, method):
    answer = getattr(client, method)(url_of(name, role))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PAGES)
def test_page_is_closed_at_once_to_an_administrator_who_ended(client, admin, role, name):
    admin.role_assignments.update(ends_on=days_ago(1))

    assert client.get(url_of(name, role)).status_code == 403


@pytest.mark.parametrize("name", BUTTONS)
def test_button_is_not_a_page(client, admin, role, name):
    assert client.get(url_of(name, role)).status_code == 405


@pytest.mark.parametrize("name", ["person_detail", "role_give", *BUTTONS])
def test_person_unknown(client, admin, name):
    method = client.post if name in BUTTONS else client.get

    assert method(reverse(f"institutions:{name}", args=[0])).status_code == 404


def test_role_unknown(client, admin):
    assert client.get(reverse("institutions:role_end", args=[0])).status_code == 404


# --- The list ------------------------------------------------------------------------------------


def give_everything(person: User) -> None:
    give_role(user=person, role=Role.CLINICAL_SUPERVISOR, department=make_department())
    give_role(user=person, role=Role.EDUCATION_LEAD, institution=make_institution())


@pytest.mark.parametrize("count", [1, 3])
def test_person_list_makes_the_same_number_of_queries(
    client, admin, count, django_assert_num_queries
):
    for _ in range(count):
        give_everything(make_user())
    client.get(PEOPLE)

    with django_assert_num_queries(QUERIES_OF_PERSON_LIST):
        client.get(PEOPLE)


@pytest.mark.parametrize("count", [1, 3])
def test_person_detail_makes_the_same_number_of_queries(
    client, admin, person, count, django_assert_num_queries
):
    for _ in range(count):
        give_everything(person)

    with django_assert_num_queries(QUERIES_OF_PERSON_DETAIL):
        client.get(reverse("institutions:person_detail", args=[person.pk]))


def test_person_list_search(client, admin, person):
    page = client.get(PEOPLE, {"q": "nord"}).content.decode()

    assert "Kari Demo Nord" in page
    assert "1 person passer med «nord»." in page


def test_person_list_pages_of_fifty(client, admin):
    for _ in range(50):
        make_user()

    first, second = client.get(PEOPLE), client.get(PEOPLE, {"side": "2"})

    assert len(first.context["page"].object_list) == 50
    assert len(second.context["page"].object_list) == 1
    assert "Side 2 av 2" in second.content.decode()


# --- Inviting ------------------------------------------------------------------------------------


def test_invite_works(client, admin):
    answer = client.post(
        INVITE, {"name": "Kari Demo Nord", "email": "Kari@example.org", "hpr_number": "9144900"}
    )

    invited = User.objects.get(email="kari@example.org")
    assert answer.url == reverse("institutions:person_detail", args=[invited.pk])
    page = client.get(answer.url).content.decode()
    assert "Invitasjonen er sendt til kari@example.org." in page
    assert "Invitert, har ikke logget inn" in page


def test_invite_twice_is_one_person_and_one_mail(client, admin):
    form = {"name": "Kari Demo Nord", "email": "kari@example.org", "hpr_number": ""}

    answers = [client.post(INVITE, form) for _ in range(2)]

    assert answers[0].url == answers[1].url
    assert User.objects.filter(email="kari@example.org").count() == 1
    assert len(mail.outbox) == 1


def test_invite_refused_names_each_field_and_keeps_what_was_typed(client, admin):
    answer = client.post(INVITE, {"name": "", "email": "kari(at)example.org", "hpr_number": "12a"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "name": ["Fyll ut «Navn»."],
        "email": ["Skriv «E-post» som en adresse, for eksempel navn@sykehus.no."],
        "hpr_number": ["HPR-nummeret har sju til ni sifre."],
    }
    page = answer.content.decode()
    assert 'value="kari(at)example.org"' in page
    assert 'value="12a"' in page
    assert "Feil: Inviter person" in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"is_active": False}, "Kontoen er deaktivert. Åpne den igjen først."),
        (
            {"last_login": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
            "Det finnes alt en bruker med denne e-posten.",
        ),
    ],
)
def test_invite_of_known_person_is_refused_at_the_email(client, admin, fields, message):
    make_user(email="kari@example.org", **fields)

    answer = client.post(INVITE, {"name": "Kari Demo Nord", "email": "kari@example.org"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"email": [message]}


def test_invite_makes_no_administrator_of_extra_fields(client, admin):
    client.post(
        INVITE,
        {"name": "Kari Demo Nord", "email": "kari@example.org", "role": "admin"}
        | {"is_active": "", "password": "hemmelig", "last_login": "2026-01-01"},
    )

    invited = User.objects.get(email="kari@example.org")
    assert invited.is_active
    assert not invited.has_usable_password()
    assert not invited.role_assignments.exists()


# --- Roles ---------------------------------------------------------------------------------------


def test_role_give_works(client, admin, person):
    department = make_department(name="Palliativt senter")

    answer = client.post(
        reverse("institutions:role_give", args=[person.pk]),
        {
            "role": Role.CLINICAL_SUPERVISOR,
            "place": f"d{department.pk}",
            "starts_on": today().isoformat(),
            "ends_on": "",
        },
    )

    assert answer.url == reverse("institutions:person_detail", args=[person.pk])
    given = person.role_assignments.get()
    assert (given.role, given.department, given.institution, given.ends_on) == (
        Role.CLINICAL_SUPERVISOR,
        department,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("changed", "errors"),
    [
        ({"role": ""}, {"role": ["Velg rolle."]}),
        (
            {"role": Role.PROGRAM_LEADER},
            {"role": ["Valget under «Rolle» finnes ikke lenger. Velg på nytt."]},
        ),
        ({"place": ""}, {"place": ["Velg tjenestestedet eller virksomheten rollen gjelder for."]}),
        (
            {"place": "d0"},
            {"place": ["Valget under «Sted» finnes ikke lenger. Velg på nytt."]},
        ),
        (
            {"role": Role.ADMIN},
            {"place": ["En administrator gjelder for hele PAL-mappen. La stedet stå tomt."]},
        ),
        (
            {"role": Role.EDUCATION_LEAD},
            {
                "place": [
                    "Utdanningsansvarlig overlege knyttes til en hel virksomhet, "
                    "ikke til ett tjenestested."
                ]
            },
        ),
        (
            {"starts_on": "i morgen"},
            {"starts_on": ["Skriv «Fra og med» som dag.måned.år, for eksempel 19.11.2026."]},
        ),
        (
            {"ends_on": "2020-01-01"},
            {"ends_on": ["Sluttdatoen er før startdatoen. Rett en av dem."]},
        ),
        (
            {"role": Role.DEPARTMENT_HEAD},
            {
                "role": [
                    "Personen har alt denne rollen på dette stedet i hele eller deler av perioden."
                ]
            },
        ),
    ],
)
def test_role_give_refused(client, admin, role, changed, errors):
    form = {
        "role": Role.CLINICAL_SUPERVISOR,
        "place": f"d{role.department_id}",
        "starts_on": today().isoformat(),
        "ends_on": "",
    } | changed

    answer = client.post(reverse("institutions:role_give", args=[role.user_id]), form)

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    assert RoleAssignment.objects.held_by(role.user).count() == 1


def test_role_give_to_oneself_is_refused(client, admin):
    answer = client.post(
        reverse("institutions:role_give", args=[admin.pk]),
        {"role": Role.DEPARTMENT_HEAD, "starts_on": today().isoformat()}
        | {"place": f"d{make_department().pk}"},
    )

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "__all__": ["Du kan ikke gi deg selv en rolle. Be en annen administrator om det."]
    }


def test_role_end_now_takes_it_away_at_once(client, admin, role):
    client.post(reverse("institutions:role_end", args=[role.pk]), {"when": "now"})

    role.refresh_from_db()
    assert role.ends_on == days_ago(1)


def test_role_end_later(client, admin, role):
    client.post(
        reverse("institutions:role_end", args=[role.pk]),
        {"when": "later", "last_day": days_ago(-30).isoformat()},
    )

    role.refresh_from_db()
    assert role.ends_on == days_ago(-30)


@pytest.mark.parametrize(
    ("form", "errors"),
    [
        ({}, {"when": ["Velg når rollen slutter."]}),
        ({"when": "later"}, {"last_day": ["Fyll ut «Siste dag med rollen»."]}),
        (
            {"when": "later", "last_day": "2001-01-01"},
            {"last_day": ["Sluttdatoen er før startdatoen. Rett en av dem."]},
        ),
    ],
)
def test_role_end_refused(client, admin, role, form, errors):
    answer = client.post(reverse("institutions:role_end", args=[role.pk]), form)

    assert answer.status_code == 422
    assert answer.context["form"].errors == errors
    role.refresh_from_db()
    assert role.ends_on is None


def test_last_administrator_cannot_end(client, admin):
    own = admin.role_assignments.get()

    answer = client.post(reverse("institutions:role_end", args=[own.pk]), {"when": "now"})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "when": ["Dette er den siste administratoren. Gi en annen person rollen først."]
    }


# --- Accounts ------------------------------------------------------------------------------------


def test_deactivate_logs_the_person_out(client, admin, person, django_client_factory):
    theirs = django_client_factory(person)
    assert theirs.get(reverse("accounts:profile")).status_code == 200

    client.post(reverse("institutions:person_deactivate", args=[person.pk]))

    assert theirs.get(reverse("accounts:profile")).status_code == 302
    page = client.get(reverse("institutions:person_detail", args=[person.pk])).content.decode()
    assert "Åpne kontoen igjen" in page


def test_reactivate_works(client, admin):
    person = make_user(is_active=False)

    client.post(reverse("institutions:person_reactivate", args=[person.pk]))

    person.refresh_from_db()
    assert person.is_active


def test_deactivate_oneself_says_why_not(client, admin):
    answer = client.post(reverse("institutions:person_deactivate", args=[admin.pk]), follow=True)

    assert "Du kan ikke deaktivere din egen konto." in answer.content.decode()


def test_invitation_resend_works(client, admin):
    person = User.objects.create_user("kari@example.org", name="Kari Demo Nord")

    client.post(reverse("institutions:invitation_resend", args=[person.pk]))

    assert [message.to for message in mail.outbox] == [["kari@example.org"]]


def test_invitation_resend_that_fails_says_so(client, admin, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    person = User.objects.create_user("kari@example.org", name="Kari Demo Nord")

    answer = client.post(reverse("institutions:invitation_resend", args=[person.pk]), follow=True)

    assert "e-posten kom ikke av sted" in answer.content.decode()
    assert "Invitasjonen er ikke sendt" in answer.content.decode()


@pytest.fixture
def django_client_factory():
    from django.test import Client

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


# --- The public page -----------------------------------------------------------------------------


def recognise(**fields) -> Recognition:
    fields["institution"] = fields.get("institution") or make_institution()
    fields.setdefault("kind", RecognitionKind.COMPETENCE_AREA_SITE)
    fields.setdefault("status", RecognitionStatus.GRANTED)
    fields.setdefault("starts_on", dt.date(2019, 3, 1))
    fields.setdefault("source", "Helsedirektoratets liste")
    return Recognition.objects.create(**fields)


@pytest.mark.parametrize(
    ("status", "ends_on", "words"),
    [
        (RecognitionStatus.GRANTED, None, ["Innvilget", "siden 1. mars 2019"]),
        (RecognitionStatus.PENDING, None, ["Til behandling", "siden 1. mars 2019"]),
        (
            RecognitionStatus.WITHDRAWN,
            dt.date(2025, 6, 30),
            ["Trukket tilbake", "gjaldt 1. mars 2019 – 30. juni 2025"],
        ),
        (
            RecognitionStatus.GRANTED,
            dt.date(2025, 6, 30),
            ["Utløpt", "gjaldt 1. mars 2019 – 30. juni 2025"],
        ),
    ],
)
def test_site_list_says_what_and_since_when(client, status, ends_on, words):
    recognise(status=status, ends_on=ends_on)

    page = client.get(SITES)

    assert page.status_code == 200
    for word in words:
        assert word in page.content.decode()
    assert "Demodata" not in page.content.decode()


def test_site_list_says_what_is_demo(client):
    recognise(source="Demodata")

    assert "De sier ikke noe om stedene i virkeligheten." in client.get(SITES).content.decode()


def test_site_list_says_where_it_knows_nothing(client):
    make_institution(name="Demosykehuset")

    page = client.get(SITES).content.decode()

    assert "Vi har ingen opplysning om godkjenning." in page
    assert "Vi har ikke listen over hvilke." in page


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, {"Ålesund", "Tromsø", "Bodø"}),
        ({"q": "ålesund"}, {"Ålesund"}),
        ({"q": "senter"}, {"Ålesund"}),
        ({"region": "north"}, {"Tromsø", "Bodø"}),
        ({"kind": "registered"}, {"Tromsø"}),
        ({"region": "north", "kind": "competence_area_site"}, set()),
        ({"region": "ukjent", "kind": "ukjent"}, {"Ålesund", "Tromsø", "Bodø"}),
    ],
)
def test_site_list_filters(client, asked, shown):
    hospital = make_institution(name="Ålesund")
    centre = make_department(institution=hospital, name="Palliativt senter")
    recognise(institution=hospital, department=centre)
    recognise(
        institution=make_institution(name="Tromsø", region="north"),
        kind=RecognitionKind.REGISTERED,
    )
    make_institution(name="Bodø", region="north")
    make_institution(name="Helse Nord RHF", kind="health_authority", region="north")

    page = client.get(SITES, asked)

    assert {site.name for region in page.context["regions"] for site in region.sites} == shown
    assert ("Ingen steder passer med søket" in page.content.decode()) == (not shown)


@pytest.mark.parametrize("count", [1, 3])
def test_site_list_makes_the_same_number_of_queries(client, count, django_assert_num_queries):
    for _ in range(count):
        recognise(department=make_department())

    with django_assert_num_queries(3):
        client.get(SITES)


def test_site_list_is_only_read(client):
    assert client.post(SITES).status_code == 405
