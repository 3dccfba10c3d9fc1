"""«Marker som sendt»: what the page says before, and what is there after."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from institutions.enums import Role
from portfolio.models import Submission
from portfolio.services.applications import submit_dossier
from reports.enums import ReportKind, ReportState
from reports.models import Report
from reports.queries.submissions import Fate, Newer, fate_of
from reports.services import order_dossier, order_report, order_statement
from tests.factories import make_goal, make_ward
from tests.reports.factories import in_state, make_dossier, make_report

pytestmark = pytest.mark.django_db

LIST = reverse("reports:report_list")


@pytest.fixture
def ward():
    make_goal()
    return make_ward()


@pytest.fixture
def client(client, ward):
    client.force_login(ward.trainee)
    return client


def url_of(report, name="submit") -> str:
    return reverse(f"reports:report_{name}", args=[report.pk])


def page(client, url) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def submitted(report) -> Submission:
    made = submit_dossier(
        report.training,
        number=report.number,
        sha256=report.sha256,
        by=report.training.trainee,
        key=uuid4(),
    )
    return Submission.objects.get(pk=made.pk)


def test_page_says_what_it_means_and_what_was_missing(client, ward):
    report = make_dossier(ward=ward, missing=["PAL-055 er ikke godkjent", "Tjenestetid"])

    shown = page(client, url_of(report))

    assert "PAL-mappen sender ingenting." in shown
    assert "2 ting manglet da mappen ble laget." in shown
    assert "PAL-055 er ikke godkjent" in shown
    assert "Én ting måtte avklares" in shown
    assert "tar dens plass" not in shown


def test_page_counts_what_it_does_not_list(client, ward):
    report = make_dossier(ward=ward, missing=[f"Mangel {one}" for one in range(1, 8)])

    shown = page(client, url_of(report))

    assert "7 ting manglet" in shown
    assert "og 2 til" in shown
    assert "Mangel 6" not in shown


def test_page_of_a_ready_dossier_warns_of_nothing(client, ward):
    assert "manglet da mappen ble laget" not in page(client, url_of(make_dossier(ward=ward)))


def test_page_says_which_one_it_supersedes(client, ward):
    earlier = make_dossier(ward=ward)
    submitted(earlier)

    assert f"Du sendte {earlier.number}" in page(client, url_of(make_dossier(ward=ward)))


def test_post_submits_the_file_that_was_sealed(client, ward):
    report = make_dossier(ward=ward)

    response = client.post(url_of(report), {"key": uuid4(), "number": "PM-1", "sha256": "0" * 64})

    assert (response.status_code, response.url) == (302, url_of(report, "detail"))
    made = Submission.objects.get()
    assert (made.training, made.number, made.sha256) == (
        ward.training,
        report.number,
        report.sha256,
    )


def test_list_says_what_has_taken_the_place_of_the_first(client, ward):
    first, second = make_dossier(ward=ward), make_dossier(ward=ward)
    submitted(first)
    assert "Erstattet" not in page(client, LIST)

    submitted(second)

    assert page(client, LIST).count("Erstattet av") == 1
    assert f"Erstattet av {second.number}" in page(client, LIST)


def test_page_says_what_each_kind_is_for(client, ward):
    placement = ward.training.placements.get()
    bundle = order_report(
        training=ward.training, kind=ReportKind.BUNDLE, by=ward.trainee, key=uuid4()
    )
    statement = order_statement(placement=placement, by=ward.trainee, key=uuid4())
    reports = [make_report(ward=ward), bundle, statement]

    told = [page(client, url_of(in_state(one, ReportState.DONE), "detail")) for one in reports]

    wordings = ["underlag for veiledning", "Bunken har", "viser hvem som har bekreftet"]
    assert [[words in text for words in wordings] for text in told] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


def test_submitted_twice_is_once(client, ward):
    report = make_dossier(ward=ward)

    client.post(url_of(report), {"key": uuid4()})
    client.post(url_of(report), {"key": uuid4()})
    again = client.get(url_of(report))

    assert Submission.objects.count() == 1
    assert (again.status_code, again.url) == (302, url_of(report, "detail"))


@pytest.mark.parametrize("state", [ReportState.QUEUED, ReportState.RUNNING, ReportState.FAILED])
def test_unfinished_dossier_cannot_be_submitted(client, ward, state):
    report = in_state(make_dossier(ward=ward), state)

    assert client.post(url_of(report)).status_code == 403
    assert "Marker som sendt" not in page(client, url_of(report, "detail"))


def test_other_documents_cannot_be_submitted(client, ward):
    report = in_state(make_report(ward=ward), ReportState.DONE)

    assert client.post(url_of(report)).status_code == 403
    assert "Marker som sendt" not in page(client, url_of(report, "detail"))


def test_dossier_that_a_leader_made_is_not_theirs_to_submit(client, ward):
    report = make_dossier(ward=ward, by=ward.program_leader)
    client.force_login(ward.program_leader)

    assert client.post(url_of(report)).status_code == 403
    assert "Marker som sendt" not in page(client, url_of(report, "detail"))


# --- What has become of it -----------------------------------------------------------------------


def test_detail_follows_the_dossier(client, ward):
    old = make_dossier(ward=ward)
    made = page(client, url_of(old, "detail"))
    submitted(old)
    sent = page(client, url_of(old, "detail"))
    new = make_dossier(ward=ward)
    submitted(new)
    superseded = page(client, url_of(old, "detail"))

    assert "Marker som sendt" in made
    assert old.readable_code in made
    assert "Marker som sendt" not in sent
    assert "<dt>Sendt</dt>" in sent
    assert f"{new.number}, sendt" in superseded


def test_fate(ward):
    one, two = (make_dossier(ward=ward) for _ in range(2))
    assert fate_of(one) == Fate(None, None)

    second = submitted(two)
    three = make_dossier(ward=ward)

    newer = Newer(two.number, second.acted_at)
    assert fate_of(one) == Fate(None, newer)
    assert fate_of(two) == Fate(second.acted_at, None)
    assert fate_of(three) == Fate(None, None)

    first = submitted(one)  # the earlier one is sent after all: it is what holds now

    assert fate_of(one) == Fate(first.acted_at, None)
    assert fate_of(two) == Fate(second.acted_at, Newer(one.number, first.acted_at))
    assert fate_of(three) == Fate(None, Newer(one.number, first.acted_at))


@pytest.mark.parametrize("number", ["PM-2019-000001", "PM-2099-999999"])
def test_fate_goes_by_time_and_not_by_number(ward, number):
    before = make_dossier(ward=ward)
    elsewhere = Submission.objects.create(
        training=ward.training,
        number=number,  # of another installation
        sha256="ab" * 32,
        actor=ward.trainee,
        actor_role=Role.TRAINEE,
    )
    elsewhere.refresh_from_db()
    after = make_dossier(ward=ward)
    queued = order_dossier(training=ward.training, by=ward.trainee, key=uuid4())

    assert fate_of(before) == Fate(None, Newer(number, elsewhere.acted_at))
    assert fate_of(after) == fate_of(queued) == Fate(None, None)


def test_list_shows_what_was_sent(client, ward):
    submitted(make_dossier(ward=ward))
    make_dossier(ward=ward)

    shown = page(client, LIST)

    assert shown.count("· sendt ") == 1


# --- Ordering ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("posted", "kind"),
    [
        ({}, ReportKind.PROGRESS),
        ({"kind": "progress"}, ReportKind.PROGRESS),
        ({"kind": "dossier"}, ReportKind.DOSSIER),
        ({"kind": "bundle"}, ReportKind.BUNDLE),
        ({"kind": "service_statement"}, ReportKind.PROGRESS),
    ],
)
def test_kind_that_is_ordered(client, ward, posted, kind):
    client.post(reverse("reports:report_order", args=[ward.training.pk]), posted)

    report = Report.objects.get()
    assert report.kind == kind
    assert bool(report.code) is (kind == ReportKind.DOSSIER)
