"""Each URL: works, is hidden from others, refuses the wrong method."""

from uuid import uuid4

import pytest
from django.urls import reverse

from portfolio.enums import Verb
from portfolio.models import Event
from reports.enums import ReportFailure, ReportState
from reports.models import Report
from tests.factories import days_ago, make_goal, make_ward
from tests.reports.factories import content_of, in_state, make_finished, make_report

pytestmark = pytest.mark.django_db

LIST = reverse("reports:report_list")
SEEING = ["trainee", "guide", "head", "education_lead", "program_leader"]
BLIND = ["supervisor", "admin", "outsider"]


@pytest.fixture
def ward():
    make_goal()
    return make_ward()


def login(client, user):
    client.force_login(user)
    return client


def order_url(ward) -> str:
    return reverse("reports:report_order", args=[ward.training.pk])


def url_of(report, name="detail") -> str:
    return reverse(f"reports:report_{name}", args=[report.pk])


# --- Ordering ------------------------------------------------------------------------------------


@pytest.mark.parametrize("persona", SEEING)
def test_order_leads_to_the_report(client, ward, persona):
    login(client, getattr(ward, persona))

    response = client.post(order_url(ward), {"key": uuid4()})

    report = Report.objects.get()
    assert (response.status_code, response.url) == (302, url_of(report))
    assert report.ordered_by == getattr(ward, persona)


@pytest.mark.parametrize("persona", BLIND)
def test_order_of_a_portfolio_one_does_not_see_is_404(client, ward, persona):
    login(client, getattr(ward, persona))

    assert client.post(order_url(ward), {"key": uuid4()}).status_code == 404
    assert not Report.objects.exists()


def test_double_submit_is_one_order(client, ward):
    login(client, ward.trainee)
    key = uuid4()

    first = client.post(order_url(ward), {"key": key})
    second = client.post(order_url(ward), {"key": key})

    assert first.url == second.url
    assert Report.objects.count() == 1
    assert Event.objects.filter(verb=Verb.REPORT_ORDERED).count() == 1


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_order_without_a_proper_key_counts(client, ward, key):
    login(client, ward.trainee)

    assert client.post(order_url(ward), {"key": key}).status_code == 302
    assert Report.objects.count() == 1


def test_key_of_somebody_else_shows_nothing_of_theirs(client, ward):
    theirs = make_report(ward=ward, by=ward.guide)
    login(client, ward.trainee)

    response = client.post(order_url(ward), {"key": theirs.key}, follow=True)

    assert response.status_code == 403


def test_extra_fields_change_nothing(client, ward):
    login(client, ward.trainee)

    client.post(
        order_url(ward), {"key": uuid4(), "ordered_in_role": "admin", "ordered_by": ward.head.pk}
    )

    report = Report.objects.get()
    assert (report.ordered_by, report.ordered_in_role) == (ward.trainee, "trainee")


def test_order_by_get_is_refused(client, ward):
    login(client, ward.trainee)

    assert client.get(order_url(ward)).status_code == 405


# --- The list ------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_whatever_its_length(client, ward, django_assert_num_queries, count):
    for _number in range(count):
        in_state(make_report(ward=ward), ReportState.DONE)
    login(client, ward.trainee)

    with django_assert_num_queries(5):  # session, user, menu, reports, own training
        response = client.get(LIST)

    assert response.content.decode().count("PM-") == count


def test_list_shows_mine_the_newest_first(client, ward):
    mine = [make_report(ward=ward), make_report(ward=ward)]
    theirs = make_report(ward=ward, by=ward.guide)
    login(client, ward.trainee)

    page = client.get(LIST).content.decode()

    assert page.index(mine[1].number) < page.index(mine[0].number)
    assert theirs.number not in page
    assert reverse("reports:report_order", args=[ward.training.pk]) in page


def test_empty_list_says_what_to_do(client, ward):
    page = login(client, ward.guide).get(LIST).content.decode()

    assert "Ingen rapporter ennå" in page
    assert "Åpne siden til en lege" in page


def test_logged_out_is_sent_to_login(client, ward):
    report = make_report(ward=ward)

    for url in (LIST, url_of(report), url_of(report, "download")):
        response = client.get(url)
        assert response.status_code == 302
        assert response.url.startswith(reverse("account_login"))


# --- One report ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "fields", "expected", "polls"),
    [
        (ReportState.QUEUED, {}, "Rapporten står i kø", True),
        (ReportState.RUNNING, {"progress_percent": 40}, 'value="40"', True),
        (ReportState.DONE, {}, "Last ned rapporten", False),
        (ReportState.FAILED, {"failure": ReportFailure.NO_SPACE}, "ikke plass til filen", False),
    ],
)
def test_detail_in_every_state(client, ward, state, fields, expected, polls):
    report = in_state(make_report(ward=ward), state, **fields)
    login(client, ward.trainee)

    page = client.get(url_of(report)).content.decode()

    assert expected in page
    assert ('hx-trigger="every 2s"' in page) == polls
    assert ('http-equiv="refresh"' in page) == polls
    assert ("Du kan lukke siden" in page) == polls
    assert ("Prøv igjen" in page) == (state == ReportState.FAILED)


def test_detail_asks_little(client, ward, django_assert_num_queries):
    report = in_state(make_report(ward=ward), ReportState.DONE)
    login(client, ward.trainee)

    with django_assert_num_queries(4):  # session, user, menu, report
        client.get(url_of(report))


def test_poll_gets_the_part_and_a_word_for_the_screen_reader_when_done(client, ward):
    report = in_state(make_report(ward=ward), ReportState.DONE)
    login(client, ward.trainee)

    page = client.get(url_of(report), headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in page
    assert 'id="status"' in page
    assert "hx-trigger" not in page
    assert 'hx-swap-oob="innerHTML"' in page


@pytest.mark.parametrize("persona", [*SEEING[1:], *BLIND])
@pytest.mark.parametrize("name", ["detail", "download"])
def test_report_is_its_orderers_alone(client, ward, persona, name):
    report = in_state(make_report(ward=ward), ReportState.DONE)
    login(client, getattr(ward, persona))

    assert client.get(url_of(report, name)).status_code == 404


def test_sight_that_has_ended_takes_the_report_with_it(client, ward):
    report = make_finished(ward=ward, by=ward.guide)
    login(client, ward.guide)
    response = client.get(url_of(report, "download"))
    assert b"".join(response.streaming_content) == content_of(report)

    ward.training.supervisions.update(ends_on=days_ago(1))

    assert client.get(url_of(report, "download")).status_code == 404
    assert client.get(url_of(report)).status_code == 404
    assert report.number not in client.get(LIST).content.decode()


def test_sight_in_another_role_does_not_open_what_the_first_one_saw(client, ward):
    """A head does not get at the veileder's report by having been the veileder."""
    report = make_finished(ward=ward, by=ward.guide)
    ward.training.supervisions.update(ends_on=days_ago(1))
    ward.head.role_assignments.update(user=ward.guide)
    login(client, ward.guide)

    assert client.get(reverse("reports:report_list")).status_code == 200
    assert client.get(url_of(report, "download")).status_code == 404


# --- Download ------------------------------------------------------------------------------------


def test_download_is_a_file_to_save(client, ward):
    report = make_finished(ward=ward)
    login(client, ward.trainee)

    response = client.get(url_of(report, "download"))

    assert b"".join(response.streaming_content) == content_of(report)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="Framdriftsrapport {report.number}.pdf"'
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("state", [ReportState.QUEUED, ReportState.RUNNING, ReportState.FAILED])
def test_download_before_it_is_done_is_404(client, ward, state):
    report = in_state(make_report(ward=ward), state)
    login(client, ward.trainee)

    assert client.get(url_of(report, "download")).status_code == 404


def test_download_of_a_file_that_is_gone_is_404(client, ward):
    report = in_state(make_report(ward=ward), ReportState.DONE)
    login(client, ward.trainee)

    assert client.get(url_of(report, "download")).status_code == 404


# --- Trying again --------------------------------------------------------------------------------


def test_retry_puts_a_failed_report_in_the_queue(client, ward):
    report = in_state(make_report(ward=ward), ReportState.FAILED, attempts=3)
    login(client, ward.trainee)

    response = client.post(url_of(report, "retry"))

    report.refresh_from_db()
    assert (response.status_code, response.url) == (302, url_of(report))
    assert (report.state, report.attempts, report.failure) == (ReportState.QUEUED, 0, "")


def test_retry_of_a_finished_report_is_forbidden(client, ward):
    report = in_state(make_report(ward=ward), ReportState.DONE)

    assert login(client, ward.trainee).post(url_of(report, "retry")).status_code == 403


def test_retry_by_others_is_404_and_by_get_refused(client, ward):
    report = in_state(make_report(ward=ward), ReportState.FAILED)

    assert login(client, ward.guide).post(url_of(report, "retry")).status_code == 404
    assert login(client, ward.trainee).get(url_of(report, "retry")).status_code == 405
