"""The spreadsheet of a cohort: read back as somebody would open it."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from curriculum.models import CourseModule, PathwayCurriculum
from institutions.models import CohortLeadership, CohortMembership
from portfolio.enums import AbsenceCause
from portfolio.models import Absence, Opening
from reports.queries.cohorts import cohort_sheet
from reports.spreadsheets import cohort_workbook, harmless
from tests.factories import days_ago, make_approved, make_goal, make_request, make_ward, today
from tests.portfolio.courses import cohort_of, confirm, make_course, make_member, session_for
from tests.portfolio.originals import make_confirmed, make_document
from tests.portfolio.visits import as_

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:cohort_export")
PAGE_QUERIES = 4  # session, user, hats, cohorts


@pytest.fixture
def ward():
    return make_ward()


def download(ward, **fields):
    cohort = fields.get("cohort") or cohort_of(ward)
    user = fields.get("by") or ward.program_leader
    return as_(user).get(reverse("reports:cohort_spreadsheet", args=[cohort.pk]))


def content_of(response) -> bytes:
    return b"".join(response.streaming_content)


def book_of(response) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content_of(response)))


def rows(sheet) -> list[dict]:
    """Each row by its headings; days as days."""
    headings, *lines = sheet.iter_rows(values_only=True)
    plain = [
        [cell.date() if isinstance(cell, dt.datetime) else cell for cell in line] for line in lines
    ]
    return [dict(zip(headings, line, strict=True)) for line in plain]


def test_doctors_are_told_by_counts_and_days(ward):
    make_approved(ward=ward)
    make_request(ward=ward, goal=make_goal(code="PAL-020"))

    (row,) = rows(book_of(download(ward))["Leger"])

    assert row == {
        "Lege": ward.trainee.name,
        "HPR-nummer": None,
        "Utdanningsløp": "Spesialitet",
        "Startet": ward.training.started_on,
        "Tjenestested nå": str(ward.department),
        "Stillingsprosent nå": 100,
        "Veileder": "Per Demo Moen",
        "Veileder til og med": None,
        "Mål i løpet": 2,
        "Mål vurdert": 1,
        "Mål til avgjørelse": 0,
        "Mål godkjent": 1,
        "Venter på andre": 1,
        "Eldste har ventet siden": today(),
        "Siste aktivitet": None,
        "Kursmoduler tatt": 0,
        "Kursmoduler i løpet": 0,
    }


def test_voluntary_map_shows_no_decisions():
    ward = make_ward(decides_goals=False)

    (row,) = rows(book_of(download(ward))["Leger"])

    assert (row["Mål til avgjørelse"], row["Mål godkjent"]) == (None, None)


def test_number_of_a_doctor_keeps_its_zeros(ward):
    User.objects.filter(pk=ward.trainee.pk).update(hpr_number="000000017")

    (row,) = rows(book_of(download(ward))["Leger"])

    assert row["HPR-nummer"] == "000000017"


def test_courses_are_told_module_by_module(ward):
    course = make_course(pathways=[ward.training.pathway], titles=["Symptomlindring", ""])
    held, missed = session_for(ward, 1), session_for(ward, 2)
    confirm(ward, held)
    confirm(ward, missed)
    confirm(ward, missed, attended=False)

    found = rows(book_of(download(ward))["Kurs"])

    assert found == [
        {
            "Lege": ward.trainee.name,
            "Kurs": course.title,
            "Modul": 1,
            "Tittel": "Symptomlindring",
            "Tatt": held.ends_on,
            "Merknad": "oppmøte bekreftet",
        },
        {
            "Lege": ward.trainee.name,
            "Kurs": course.title,
            "Modul": 2,
            "Tittel": None,
            "Tatt": None,
            "Merknad": "deltok ikke",
        },
    ]


def test_certificate_that_is_confirmed_counts_as_taken(ward):
    session_for(ward, 1)
    certified, only_uploaded = CourseModule.objects.order_by("number")[1:3]
    make_confirmed(ward=ward, module=certified, issued_on=days_ago(400))
    make_document(ward=ward, module=only_uploaded, issued_on=days_ago(90))

    book = book_of(download(ward))

    (doctor,) = rows(book["Leger"])
    assert (doctor["Kursmoduler tatt"], doctor["Kursmoduler i løpet"]) == (1, 6)
    assert [(one["Tatt"], one["Merknad"]) for one in rows(book["Kurs"])[:3]] == [
        (None, None),
        (days_ago(400), "kursbevis bekreftet"),
        (None, None),
    ]


def test_goals_left_by_a_move_are_not_counted(ward):
    make_goal(code="FKM-001", curriculum_code="fkm-2025")
    make_approved(ward=ward)

    PathwayCurriculum.objects.filter(curriculum__code="pal-2023").delete()

    (row,) = rows(book_of(download(ward))["Leger"])

    assert (row["Mål i løpet"], row["Mål vurdert"], row["Mål godkjent"]) == (1, 0, 0)


def test_service_tells_days_of_absence_and_never_why(ward):
    for cause in AbsenceCause.values:
        Absence.objects.create(
            training=ward.training, cause=cause, starts_on=days_ago(20), ends_on=days_ago(11)
        )
    response = download(ward)
    content = content_of(response)

    (row,) = rows(openpyxl.load_workbook(io.BytesIO(content))["Tjeneste"])

    assert (row["Tjenestested"], row["Prosent"], row["Fravær, dager"]) == (
        str(ward.department),
        100,
        10,
    )
    text = everything(content)
    causes = [str(one.label) for one in AbsenceCause if one != AbsenceCause.COURSE]
    assert [cause for cause in causes if cause in text] == []


def everything(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def test_holiday_and_courses_are_no_absence(ward):
    Absence.objects.create(
        training=ward.training,
        cause=AbsenceCause.HOLIDAY,
        starts_on=days_ago(20),
        ends_on=days_ago(11),
    )

    (row,) = rows(book_of(download(ward))["Tjeneste"])

    assert row["Fravær, dager"] == 0


def test_it_says_what_it_is(ward):
    sheet = book_of(download(ward))["Om"]
    told = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}

    assert told["Kull"] == cohort_of(ward).name
    assert told["Leger"] == 1
    assert told["Laget av"] == "Eva Demo Solberg, programleder"
    assert told["Læringsmål"].startswith("PAL: forslag (høring 2023).")


# --- Whom it holds -------------------------------------------------------------------------------


def names(response) -> list[str]:
    return [row["Lege"] for row in rows(book_of(response)["Leger"])]


def test_only_the_doctors_of_this_cohort_today(ward):
    other = make_ward()
    CohortLeadership.objects.create(
        user=ward.program_leader, cohort=cohort_of(other), starts_on=days_ago(5)
    )
    gone = make_member(ward, name="Borte Demo Nå")
    CohortMembership.objects.filter(user=gone.trainee).update(ends_on=days_ago(1))
    make_member(ward, name="Åse Demo Dahl")

    assert names(download(ward)) == [ward.trainee.name, "Åse Demo Dahl"]
    assert names(download(ward, cohort=cohort_of(other))) == [other.trainee.name]


def test_leader_is_never_in_their_own_sheet(ward):
    CohortMembership.objects.create(
        user=ward.program_leader, cohort=cohort_of(ward), starts_on=days_ago(5)
    )

    assert names(download(ward)) == [ward.trainee.name]


@pytest.mark.parametrize("persona", ["trainee", "guide", "head", "education_lead", "admin"])
def test_cohort_of_others_does_not_exist(ward, persona):
    assert download(ward, by=getattr(ward, persona)).status_code == 404


def test_cohort_of_another_leader_does_not_exist(ward):
    assert download(ward, by=make_ward().program_leader).status_code == 404


def test_every_doctor_in_it_sees_that_it_was_made(ward):
    second = make_member(ward, name="Siri Demo Bakke")

    download(ward)
    download(ward)

    assert set(Opening.objects.values_list("training", "user", "role")) == {
        (one.pk, ward.program_leader.pk, "program_leader") for one in (ward.training, second)
    }
    assert Opening.objects.count() == 2


def test_it_is_a_download_and_nothing_else(ward):
    response = download(ward)

    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert ward.trainee.name not in response["Content-Disposition"]


# --- Formulas ------------------------------------------------------------------------------------

ATTACKS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    '=HYPERLINK("http://example.org","Klikk")',
    "=cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
]


@pytest.mark.parametrize("name", ATTACKS)
def test_name_that_is_a_formula_stays_text(ward, name):
    User.objects.filter(pk=ward.trainee.pk).update(name=name)
    type(cohort_of(ward)).objects.update(name=name)
    cohort = cohort_of(ward)

    content = cohort_workbook(
        cohort_sheet(cohort, ward.program_leader, on=today()), made_by=ward.program_leader.name
    )

    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.value for cell in cells if cell.data_type == "f"] == []
    starts = {str(cell.value)[:1] for cell in cells if cell.value is not None}
    assert not starts & set("=+-@\t\r")
    assert "<f>" not in everything(content)
    assert "<hyperlink " not in everything(content)


def test_ordinary_text_is_left_alone():
    assert [harmless(text) for text in ("Kari", "50 %", "1-2", "'x")] == [
        "Kari",
        "50 %",
        "1-2",
        "'x",
    ]


# --- The page, and how much it asks --------------------------------------------------------------


def test_page_lists_the_cohorts_one_leads(ward):
    make_ward()
    make_member(ward, name="Siri Demo Bakke")

    response = as_(ward.program_leader).get(PAGE)

    assert [(one, one.doctor_count) for one in response.context["cohorts"]] == [
        (cohort_of(ward), 2)
    ]


def test_page_is_for_programme_leaders(ward):
    assert as_(ward.head).get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_queries(ward, count, django_assert_num_queries):
    for _number in range(count - 1):
        other = make_ward()
        CohortLeadership.objects.create(
            user=ward.program_leader, cohort=cohort_of(other), starts_on=days_ago(5)
        )
    client = as_(ward.program_leader)

    with django_assert_num_queries(PAGE_QUERIES):
        client.get(PAGE)


def test_a_large_cohort_asks_no_more_than_a_small_one(ward):
    make_course(pathways=[ward.training.pathway])

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            cohort_sheet(cohort_of(ward), ward.program_leader, on=today())
        return len(queries)

    asked()  # the pathway's goals are read once per process
    one = asked()
    for number in range(20):
        make_member(ward, name=f"Lege Demo {number}")

    assert asked() == one
    assert one <= 10
