"""The trainee's courses, and the programme leader's sessions, as pages."""

import datetime as dt
import re
from uuid import uuid4

import pytest
import time_machine
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from institutions.models import CohortLeadership, CourseSession
from pages.dates import short_day_with_year
from portfolio.enums import DocumentKind, Verb
from portfolio.models import CourseAttendance, CourseSignUp, Document, Event
from portfolio.services import courses
from tests.factories import days_ago, make_ward
from tests.portfolio.courses import (
    cohort_of,
    confirm,
    make_course,
    make_member,
    make_session,
    module,
    session_ahead,
    session_for,
    signed_up,
)
from tests.portfolio.originals import make_confirmed, make_document
from tests.portfolio.visits import as_, at_once, url

pytestmark = pytest.mark.django_db

COURSES_QUERIES = 10
LIST_QUERIES = 7
DETAIL_QUERIES = 8
ATTENDANCE_QUERIES = 7
PREVIEW_QUERIES = 9
COURSES = reverse("portfolio:course_list")


@pytest.fixture
def ward():
    return make_ward(decides_goals=False)


def text_of(response) -> str:
    """What the page says, without its markup."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def told(response) -> str:
    return text_of(response.client.get(response.url))


# --- The trainee's page --------------------------------------------------------------------------


def test_untitled_modules_are_numbered(ward):
    make_course(pathways=[ward.training.pathway])

    page = text_of(as_(ward.trainee).get(COURSES))

    assert [f"Modul {number}" in page for number in range(1, 8)] == [True] * 6 + [False]
    assert "0 av 6 moduler bekreftet" in page


def test_page_says_who_confirmed_and_when(ward):
    session = session_for(ward)
    confirm(ward, session)

    page = text_of(as_(ward.trainee).get(COURSES))

    assert "1 av 6 moduler bekreftet" in page
    assert "Eva Demo Solberg programleder" in page


def test_page_tells_of_sessions_ahead(ward):
    session_ahead(ward, place="Bergen", organiser="Haukeland", sign_up_until=days_ago(-10))

    page = text_of(as_(ward.trainee).get(COURSES))

    assert "Modul 1, Bergen" in page
    assert "Haukeland" in page
    assert "Påmelding til og med" in page


def test_certificate_of_a_module_is_shown(ward):
    course = make_course(pathways=[ward.training.pathway])
    Document.objects.create(
        training=ward.training,
        kind=DocumentKind.COURSE_CERTIFICATE,
        title="Kursbevis fra Nordisk kurs",
        module=module(course, 2),
        name="bevis.pdf",
        file="documents/bevis.pdf",
        content_type="application/pdf",
        size_bytes=1,
        sha256="0" * 64,
        page_count=1,
    )

    page = text_of(as_(ward.trainee).get(COURSES))

    assert "Kursbevis fra Nordisk kurs" in page
    assert "Kursbevis, ikke bekreftet" in page
    assert "0 av 6 moduler bekreftet" in page


def test_module_with_a_certificate_asks_for_no_other(ward):
    course = make_course(pathways=[ward.training.pathway])
    make_document(ward=ward, module=module(course, 2))

    page = as_(ward.trainee).get(COURSES).content.decode()

    assert f"gjelder=module:{module(course, 1).pk}" in page
    assert f"gjelder=module:{module(course, 2).pk}" not in page


def test_module_confirmed_by_certificate_is_taken_on_its_day(ward):
    course = make_course(pathways=[ward.training.pathway])
    make_confirmed(ward=ward, module=module(course, 2), issued_on=dt.date(2024, 3, 8))

    assert (
        short_day_with_year(dt.date(2024, 3, 8))
        in text_of(as_(ward.trainee).get(COURSES)).split("Bekreftet av")[-1]
    )


def test_other_modules_lead_to_an_upload_of_their_own(ward):
    course = make_course(pathways=[ward.training.pathway])
    link = f"{url('document_new')}?slag=course_certificate&amp;gjelder=module:{module(course).pk}"

    assert link in as_(ward.trainee).get(COURSES).content.decode()


def test_pathway_without_a_course_says_so(ward):
    assert "Utdanningsløpet har ikke noe kurs" in text_of(as_(ward.trainee).get(COURSES))


@pytest.mark.parametrize("count", [1, 3])
def test_courses_page_queries(ward, count, django_assert_num_queries):
    course = make_course(pathways=[ward.training.pathway])
    for place in range(1, count + 1):
        confirm(ward, make_session(module=module(course, place), cohort=cohort_of(ward)))
        ahead = make_session(
            module=module(course, place + 3), cohort=cohort_of(ward), starts_on=days_ago(-20)
        )
        signed_up(ward, ahead)
    client = as_(ward.trainee)

    with django_assert_num_queries(COURSES_QUERIES):
        client.get(COURSES)


# --- Signing up ----------------------------------------------------------------------------------


def test_trainee_signs_up_on_the_page(ward):
    session = session_ahead(ward)
    client = as_(ward.trainee)

    answer = client.post(url("course_sign_up", session.pk), {"key": uuid4()})
    made = CourseSignUp.objects.get()

    assert answer.url == COURSES
    assert "Du er påmeldt Modul 1" in told(answer)
    assert client.post(url("course_cancel", made.pk)).url == COURSES
    made.refresh_from_db()
    assert made.cancelled_at is not None


@pytest.mark.parametrize("key", ["", "ikke en nøkkel"])
def test_sign_up_without_a_proper_key_counts(ward, key):
    as_(ward.trainee).post(url("course_sign_up", session_ahead(ward).pk), {"key": key})

    assert CourseSignUp.objects.count() == 1


def test_sign_up_too_late_is_told(ward):
    session = session_ahead(ward, sign_up_until=days_ago(1))

    answer = as_(ward.trainee).post(url("course_sign_up", session.pk))

    assert "Påmeldingsfristen er ute" in told(answer)
    assert not CourseSignUp.objects.exists()


def test_session_of_another_cohort_does_not_exist_for_the_trainee(ward):
    other = make_ward(decides_goals=False)

    answer = as_(ward.trainee).post(url("course_sign_up", session_ahead(other).pk))

    assert answer.status_code == 404


def test_cancelled_in_another_tab_is_told(ward):
    made = signed_up(ward, session_ahead(ward))
    courses.cancel_sign_up(made, by=ward.trainee)

    assert "Du er allerede meldt av" in told(as_(ward.trainee).post(url("course_cancel", made.pk)))


# --- The leader's list and page ------------------------------------------------------------------


def test_list_counts_and_asks_for_confirmation(ward):
    session = session_for(ward)
    signed_up(ward, session)
    client = as_(ward.program_leader)

    before = text_of(client.get(url("session_list")))
    confirm(ward, session)
    after = text_of(client.get(url("session_list")))

    assert "1 påmeldt · oppmøte er ikke bekreftet" in before
    assert "1 lege deltok" in after
    assert "oppmøte er ikke bekreftet" not in after


def test_list_shows_nothing_of_other_cohorts(ward):
    other = make_ward(decides_goals=False)
    session_for(other)
    CourseSession.objects.update(place="Langt borte")
    signed_up(other, CourseSession.objects.get())

    assert "Langt borte" not in text_of(as_(ward.program_leader).get(url("session_list")))


def test_session_for_everybody_counts_only_ones_own_doctors(ward):
    other = make_ward(decides_goals=False)
    session = session_for(ward)
    CourseSession.objects.update(cohort=None)
    signed_up(other, session)

    page = text_of(as_(ward.program_leader).get(url("session_list")))
    detail = text_of(as_(ward.program_leader).get(url("session_detail", session.pk)))

    assert "0 påmeldte" in page
    assert other.trainee.name not in detail


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries(ward, count, django_assert_num_queries):
    for place in range(1, count + 1):
        confirm(ward, session_for(ward, place))
        session_ahead(ward, place + 3)
    client = as_(ward.program_leader)

    with django_assert_num_queries(LIST_QUERIES):
        client.get(url("session_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_detail_queries(ward, count, django_assert_num_queries):
    session = session_for(ward)
    for number in range(count - 1):
        make_member(ward, name=f"Lege Demo {number}")
    client = as_(ward.program_leader)

    with django_assert_num_queries(DETAIL_QUERIES):
        client.get(url("session_detail", session.pk))


def test_leader_that_was_sees_no_sessions(ward):
    session = session_for(ward)
    CohortLeadership.objects.filter(user=ward.program_leader).update(ends_on=days_ago(1))
    client = as_(ward.program_leader)

    assert client.get(url("session_list")).status_code == 403
    assert client.get(url("session_detail", session.pk)).status_code == 404


# --- Planning ------------------------------------------------------------------------------------


def planned(ward, **fields) -> dict:
    course = make_course(pathways=[ward.training.pathway])
    return {
        "key": uuid4(),
        "module": module(course, 3).pk,
        "cohort": cohort_of(ward).pk,
        "place": "Tromsø",
        "organiser": "UNN",
        "starts_on": days_ago(-20),
        "ends_on": days_ago(-24),
        "sign_up_until": "",
    } | fields


def test_leader_plans_a_session_on_the_page(ward):
    answer = as_(ward.program_leader).post(url("session_new"), planned(ward))

    session = CourseSession.objects.get()
    assert answer.url == url("session_detail", session.pk)
    assert (session.module.number, session.cohort, session.place) == (3, cohort_of(ward), "Tromsø")


@pytest.mark.parametrize(
    ("starts_on", "told"),
    [
        (days_ago(0), "Påmeldingsfristen er ute, så ingen kan melde seg på."),
        (days_ago(-1), "Legene i kullet kan melde seg på."),
    ],
)
def test_receipt_says_whether_anybody_can_sign_up(ward, starts_on, told):
    fields = planned(ward, starts_on=starts_on)

    answer = as_(ward.program_leader).post(url("session_new"), fields, follow=True)

    assert f"Samlingen er lagt inn. {told}" in text_of(answer)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"place": ""}, "Fyll ut «Sted»."),
        ({"module": "0"}, "Valget under «Modul» finnes ikke lenger. Velg på nytt."),
        ({"module": ""}, "Velg noe under «Modul»."),
        ({"ends_on": days_ago(-19)}, "«Siste dag» er før «Første dag». Rett en av dem."),
        ({"sign_up_until": days_ago(-20)}, "Fristen er ikke før «Første dag». Rett en av dem."),
        (
            {"place": "Tromsø 01019012345"},
            "Ta bort fødselsnummeret i «Sted». Skriv ikke noe som kan avsløre hvem pasienten er.",
        ),
    ],
)
def test_session_that_cannot_be(ward, fields, message):
    answer = as_(ward.program_leader).post(url("session_new"), planned(ward, **fields))

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert not CourseSession.objects.exists()


def test_cohort_of_another_leader_cannot_be_chosen(ward):
    other = make_ward(decides_goals=False)

    answer = as_(ward.program_leader).post(
        url("session_new"), planned(ward, cohort=cohort_of(other).pk)
    )

    assert answer.status_code == 422
    assert not CourseSession.objects.exists()


def edited(session, **fields) -> dict:
    return {
        "key": uuid4(),
        "seen": courses.fingerprint(session),
        "place": "Bodø",
        "organiser": session.organiser,
        "starts_on": session.starts_on,
        "ends_on": session.ends_on,
    } | fields


def test_leader_changes_a_session_on_the_page(ward):
    session = session_ahead(ward)

    answer = as_(ward.program_leader).post(url("session_edit", session.pk), edited(session))

    session.refresh_from_db()
    assert (answer.url, session.place) == (url("session_detail", session.pk), "Bodø")


def test_edit_in_two_tabs_keeps_what_was_typed(ward):
    session = session_ahead(ward)
    client = as_(ward.program_leader)
    old = edited(session, place="Harstad")
    client.post(url("session_edit", session.pk), edited(session))

    answer = client.post(url("session_edit", session.pk), old)
    seen = answer.context["form"].data["seen"]
    again = client.post(url("session_edit", session.pk), old | {"seen": seen})

    assert (answer.status_code, again.status_code) == (409, 302)
    assert 'value="Harstad"' in answer.content.decode()
    session.refresh_from_db()
    assert session.place == "Harstad"


def test_digits_of_the_seal_are_no_identity_number(ward):
    session = session_ahead(ward)

    answer = as_(ward.program_leader).post(
        url("session_edit", session.pk), edited(session, seen="01019012345")
    )

    assert answer.status_code == 409


def test_extra_fields_of_an_edit_change_nothing(ward):
    session = session_ahead(ward)
    other = make_ward(decides_goals=False)
    extra = {"cohort": cohort_of(other).pk, "module": module(session.module.course, 5).pk}

    as_(ward.program_leader).post(url("session_edit", session.pk), edited(session, **extra))

    after = CourseSession.objects.get()
    assert (after.place, after.cohort, after.module) == ("Bodø", session.cohort, session.module)


def test_edit_of_a_confirmed_session_is_refused_on_the_page(ward):
    session = session_for(ward)
    confirm(ward, session)

    answer = as_(ward.program_leader).post(url("session_edit", session.pk), edited(session))

    assert answer.status_code == 422
    assert "Deltakelse er bekreftet. Da kan samlingen ikke endres." in text_of(answer)


# --- Confirming ----------------------------------------------------------------------------------


def answers(ward, **fields) -> dict:
    return {"key": uuid4(), "seen": 0} | fields


def lege(training) -> str:
    return f"lege_{training.pk}"


def test_nobody_is_marked_beforehand(ward):
    page = as_(ward.program_leader).get(url("session_attendance", session_for(ward).pk))

    assert " checked" not in page.content.decode()


def test_leader_confirms_each_on_the_page(ward):
    session = session_for(ward)
    second, third = make_member(ward, name="Siri Demo Bakke"), make_member(ward, name="Tor Demo Li")
    given = answers(ward) | {lege(ward.training): "ja", lege(second): "nei"}

    answer = as_(ward.program_leader).post(url("session_attendance", session.pk), given)

    assert "Bekreftet at 1 lege deltok. Bekreftet at 1 lege ikke deltok." in told(answer)
    assert set(CourseAttendance.objects.values_list("training", "attended")) == {
        (ward.training.pk, True),
        (second.pk, False),
    }
    assert not Event.objects.filter(training=third).exists()


def test_everybody_takes_a_tick_of_its_own(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke")
    client = as_(ward.program_leader)

    without = client.post(url("session_attendance", session.pk), answers(ward))
    none_yet = CourseAttendance.objects.count()
    client.post(
        url("session_attendance", session.pk),
        answers(ward, everybody="on") | {lege(second): "nei"},
    )

    assert (without.status_code, none_yet) == (422, 0)
    assert "Marker minst én lege, eller kryss av for at alle deltok." in text_of(without)
    assert set(CourseAttendance.objects.values_list("training", "attended")) == {
        (ward.training.pk, True),
        (second.pk, False),
    }


def test_correction_is_a_new_row_and_the_others_stay(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke")
    confirm(ward, session)
    last = confirm(ward, session, training=second)
    client = as_(ward.program_leader)
    shown = client.get(url("session_attendance", session.pk)).content.decode()
    given = answers(ward, seen=last.pk) | {lege(ward.training): "nei", lege(second): "ja"}

    client.post(url("session_attendance", session.pk), given)

    assert shown.count(" checked") == 2
    rows = CourseAttendance.objects.order_by("pk").values_list("training", "attended")
    assert list(rows) == [
        (ward.training.pk, True),
        (second.pk, True),
        (ward.training.pk, False),
    ]
    assert Event.objects.filter(verb=Verb.COURSE_ATTENDED).count() == 3


def test_answers_that_change_nothing_are_refused(ward):
    session = session_for(ward)
    row = confirm(ward, session)
    given = answers(ward, seen=row.pk) | {lege(ward.training): "ja"}

    answer = as_(ward.program_leader).post(url("session_attendance", session.pk), given)

    assert "Du har ikke endret noe. Endre et svar først." in text_of(answer)


def test_confirmed_in_two_tabs_keeps_the_answers(ward):
    session = session_for(ward)
    confirm(ward, session)
    given = answers(ward) | {lege(ward.training): "nei"}
    client = as_(ward.program_leader)

    answer = client.post(url("session_attendance", session.pk), given)
    seen = answer.context["form"].data["seen"]
    again = client.post(url("session_attendance", session.pk), given | {"seen": seen})

    assert (answer.status_code, again.status_code) == (409, 302)
    assert "Noen har bekreftet deltakelse i mellomtiden" in text_of(answer)
    assert CourseAttendance.objects.count() == 2


def test_pressed_twice_confirms_once(ward):
    session = session_for(ward)
    given = answers(ward, everybody="on")
    client = as_(ward.program_leader)

    first = client.post(url("session_attendance", session.pk), given)
    client.post(url("session_attendance", session.pk), given)

    assert first.status_code == 302
    assert CourseAttendance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("same_key", [True, False])
def test_pressed_at_once_confirms_once(same_key):
    """Two tabs of the same moment: one waits for the other, and then finds it done."""
    ward = make_ward(decides_goals=False)
    session = session_for(ward)
    first = answers(ward, everybody="on")
    second = first if same_key else answers(ward, everybody="on")
    clients = [as_(ward.program_leader), as_(ward.program_leader)]

    statuses = at_once(
        *(
            lambda client=client, given=given: client.post(
                url("session_attendance", session.pk), given
            )
            for client, given in zip(clients, (first, second), strict=True)
        )
    )

    assert CourseAttendance.objects.count() == 1
    assert Event.objects.filter(verb=Verb.COURSE_ATTENDED).count() == 1
    assert statuses[0] == 302


def test_doctor_not_on_the_page_cannot_be_slipped_in(ward):
    session = session_for(ward)
    other = make_ward(decides_goals=False)
    given = answers(ward) | {lege(other.training): "ja"}

    answer = as_(ward.program_leader).post(url("session_attendance", session.pk), given)

    assert answer.status_code == 422
    assert not CourseAttendance.objects.exists()


@pytest.mark.parametrize("name", ["session_attendance", "session_import"])
def test_session_ahead_cannot_be_confirmed(ward, name):
    session = session_ahead(ward)

    answer = as_(ward.program_leader).get(url(name, session.pk))

    assert answer.url == url("session_detail", session.pk)


@pytest.mark.parametrize("count", [1, 3])
def test_attendance_queries(ward, count, django_assert_num_queries):
    session = session_for(ward)
    for number in range(count - 1):
        make_member(ward, name=f"Lege Demo {number}")
    client = as_(ward.program_leader)

    with django_assert_num_queries(ATTENDANCE_QUERIES):
        client.get(url("session_attendance", session.pk))


# --- A list --------------------------------------------------------------------------------------


def upload(ward, session, content: str, name: str = "liste.csv"):
    file = SimpleUploadedFile(name, content.encode())
    return as_(ward.program_leader).post(
        url("session_import", session.pk), {"key": uuid4(), "file": file}
    )


def confirmed(ward, session, preview):
    return as_(ward.program_leader).post(
        url("session_import_confirm", session.pk), {"rows": preview.context["rows"]}
    )


def test_list_is_shown_before_anything_is_saved(ward):
    session = session_for(ward)
    second = make_member(ward, name="Siri Demo Bakke", hpr_number="009144900")
    other = make_ward(decides_goals=False)
    content = "\n".join(
        [
            "HPR-nummer;E-post;Deltok",
            f";{ward.trainee.email};ja",
            "9144900;;nei",
            f";{other.trainee.email};ja",
            ";ukjent@example.org;ja",
        ]
    )

    preview = upload(ward, session, content)
    before = CourseAttendance.objects.count()
    done = confirmed(ward, session, preview)

    page = text_of(preview)
    assert "2 leger kan bekreftes. 2 rader blir ikke med. Ingenting er lagret ennå." in page
    assert "Rad 4" in page
    assert "Personen er ikke i et kull du leder." in page
    assert other.trainee.name not in page
    assert "Ingen i PAL-mappen har dette nummeret eller adressen." in page
    assert before == 0
    assert done.url == url("session_detail", session.pk)
    assert set(CourseAttendance.objects.values_list("training", "attended")) == {
        (ward.training.pk, True),
        (second.pk, False),
    }


def test_what_the_page_carries_names_nobody(ward):
    session = session_for(ward)

    preview = upload(ward, session, f"E-post\n{ward.trainee.email}\n")
    carried = unsealed(preview.context["rows"])

    assert set(carried) == {"session", "user", "seen", "key", "rows"}
    assert carried["rows"] == [[ward.training.pk, 1, session.ends_on.isoformat()]]


def unsealed(rows: str) -> dict:
    return signing.loads(rows, salt="portfolio.attendance_list")


def test_list_confirmed_twice_is_saved_once(ward):
    session = session_for(ward)
    preview = upload(ward, session, f"E-post\n{ward.trainee.email}\n")

    first = confirmed(ward, session, preview)
    second = confirmed(ward, session, preview)

    assert first.url == second.url
    assert CourseAttendance.objects.count() == 1
    assert Event.objects.filter(verb=Verb.COURSE_ATTENDED).count() == 1


def test_list_corrects_and_says_so(ward):
    session = session_for(ward)
    confirm(ward, session)

    preview = upload(ward, session, f"E-post;Deltok\n{ward.trainee.email};nei\n")
    confirmed(ward, session, preview)

    assert "retter: står som deltok" in text_of(preview)
    assert CourseAttendance.objects.order_by("-pk").first().attended is False


def test_preview_runs_out(ward):
    session = session_for(ward)
    preview = upload(ward, session, f"E-post\n{ward.trainee.email}\n")

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)):
        answer = confirmed(ward, session, preview)

    assert answer.url == url("session_import", session.pk)
    assert "Ingenting er lagret. Last opp listen på nytt." in told(answer)
    assert not CourseAttendance.objects.exists()


def test_preview_that_somebody_was_before_is_refused(ward):
    session = session_for(ward)
    preview = upload(ward, session, f"E-post\n{ward.trainee.email}\n")
    confirm(ward, session, attended=False)

    answer = confirmed(ward, session, preview)

    assert "Noe er bekreftet eller endret i mellomtiden." in told(answer)
    assert CourseAttendance.objects.count() == 1


@pytest.mark.parametrize("rows", ["", "tull", "eyJhIjoxfQ:1abcde:AAAA"])
def test_preview_that_was_tampered_with_is_refused(ward, rows):
    session = session_for(ward)

    answer = as_(ward.program_leader).post(
        url("session_import_confirm", session.pk), {"rows": rows}
    )

    assert answer.url == url("session_import", session.pk)
    assert not CourseAttendance.objects.exists()


def test_preview_serves_one_session_and_one_person(ward):
    session, other = session_for(ward), session_for(ward, nth=2)
    preview = upload(ward, session, f"E-post\n{ward.trainee.email}\n")
    second = make_ward(decides_goals=False).program_leader
    CohortLeadership.objects.create(user=second, cohort=cohort_of(ward), starts_on=days_ago(3))
    rows = {"rows": preview.context["rows"]}

    as_(ward.program_leader).post(url("session_import_confirm", other.pk), rows)
    as_(second).post(url("session_import_confirm", session.pk), rows)

    assert not CourseAttendance.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "tom.csv", "Filen under «Deltakerliste» er tom. Velg en annen."),
        ("Navn\nKari\n", "liste.csv", "Fant ingen kolonne «HPR-nummer» eller «E-post»."),
        ("E-post\n01019012345\n", "liste.csv", "Listen har fødselsnummer."),
        ("E-post\n" + "a@b.no\n" * 501, "liste.csv", "Listen har over 500 rader. Del den opp."),
        ("E-post\n" + "a" * 1_000_001, "liste.csv", "Filen er for stor. Grensen er 1 MB."),
        ("%PDF-1.7", "liste.pdf", "Filen er ikke en liste. Bruk CSV eller Excel (.xlsx)."),
        (
            "E-post\na@b.no\n",
            "liste 01019012345.csv",
            "Gi filen et navn uten fødselsnummer, og last den opp på nytt.",
        ),
    ],
)
def test_list_that_is_refused(ward, content, name, message):
    answer = upload(ward, session_for(ward), content, name)

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "01019012345" not in answer.content.decode()


def test_page_of_the_list_opens_without_errors(ward):
    answer = as_(ward.program_leader).get(url("session_import", session_for(ward).pk))

    assert answer.status_code == 200


def test_list_without_a_file_is_asked_for(ward):
    answer = as_(ward.program_leader).post(
        url("session_import", session_for(ward).pk), {"key": uuid4()}
    )

    assert "Velg en fil under «Deltakerliste»." in text_of(answer)


def test_list_with_nobody_to_confirm_has_no_button(ward):
    preview = upload(ward, session_for(ward), "E-post\nukjent@example.org\n")

    assert "Ingen rader kan bekreftes." in text_of(preview)
    assert '<button class="ds-button">' not in preview.content.decode()


def test_cells_are_shown_as_text(ward):
    preview = upload(ward, session_for(ward), "E-post\n<script>alert(1)</script>@b.no\n")

    assert "<script>alert" not in preview.content.decode()
    assert "E-postadressen er ikke skrevet riktig." in text_of(preview)


@pytest.mark.parametrize("count", [1, 3])
def test_preview_queries(ward, count, django_assert_num_queries):
    session = session_for(ward)
    members = [make_member(ward, name=f"Lege Demo {number}") for number in range(count)]
    content = "\n".join(["E-post", *(one.trainee.email for one in members)])
    client = as_(ward.program_leader)
    file = SimpleUploadedFile("liste.csv", content.encode())

    with django_assert_num_queries(PREVIEW_QUERIES):
        client.post(url("session_import", session.pk), {"key": uuid4(), "file": file})
