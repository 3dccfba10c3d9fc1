"""Dossiers of a cohort in one file: ordered, made though workers die, and handed to who may see."""

import csv
import hashlib
import io
import os
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.urls import reverse

from institutions.enums import Role
from institutions.models import Cohort, CohortLeadership, CohortMembership
from portfolio.enums import Verb
from portfolio.models import Event
from reports import parcels, permissions, rules, services
from reports.enums import ReportFailure, ReportKind, ReportState
from reports.models import Report
from reports.queries.exports import parts_of
from tests.factories import days_ago, make_goal, make_user, make_ward
from tests.reports.factories import (
    content_of,
    dossier_file,
    files_of,
    in_state,
    make_done,
    make_export,
    minutes_ago,
    rendered,
)
from tests.reports.test_services import Killed, dies_at, kill

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:export_order")


@pytest.fixture
def wards():
    make_goal()
    return [make_ward(), make_ward()]


@pytest.fixture
def export(wards):
    return make_export(ward=wards[0], wards=wards[1:])


def dossiers(export) -> list[Report]:
    return list(export.dossiers.order_by("pk"))


def all_made(export) -> list[Report]:
    return [make_done(one, str(one.pk).encode()) for one in dossiers(export)]


def packed(export) -> dict[str, bytes]:
    with zipfile.ZipFile(export.file.path) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def listed(export) -> list[list[str]]:
    text = packed(export)[parcels.LISTING].decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def leave(ward) -> None:
    CohortMembership.objects.filter(user=ward.trainee).update(ends_on=days_ago(1))


def url_of(report, name="detail") -> str:
    return reverse(f"reports:report_{name}", args=[report.pk])


# --- Ordering ------------------------------------------------------------------------------------


def test_order_is_one_job_and_a_dossier_of_each(wards, export):
    leader = wards[0].program_leader

    rows = dossiers(export)
    assert (export.kind, export.training, export.ordered_in_role) == (
        ReportKind.EXPORT,
        None,
        Role.PROGRAM_LEADER,
    )
    assert [(one.kind, one.training, one.ordered_by, one.ordered_in_role) for one in rows] == [
        (ReportKind.DOSSIER, ward.training, leader, Role.PROGRAM_LEADER) for ward in wards
    ]
    assert all(one.code for one in rows)


def test_each_doctor_can_see_that_it_was_ordered(wards, export):
    events = Event.objects.filter(verb=Verb.REPORT_ORDERED)

    assert {(one.training_id, one.actor_role) for one in events} == {
        (ward.training.pk, Role.PROGRAM_LEADER) for ward in wards
    }


def test_same_key_is_the_same_export(wards):
    leader, key = wards[0].program_leader, uuid4()
    cohort = Cohort.objects.get(leaderships__user=leader)
    order = {"cohort": cohort, "trainings": [wards[0].training], "by": leader, "key": key}

    first, second = services.order_export(**order), services.order_export(**order)

    assert first == second
    assert Report.objects.count() == 2


@pytest.mark.parametrize("persona", ["trainee", "guide", "head", "education_lead", "admin"])
def test_only_the_cohorts_leader_orders(wards, persona):
    cohort = Cohort.objects.get(leaderships__user=wards[0].program_leader)

    with pytest.raises(PermissionDenied):
        services.order_export(
            cohort=cohort,
            trainings=[wards[0].training],
            by=getattr(wards[0], persona),
            key=uuid4(),
        )

    assert not Report.objects.exists()


def test_doctor_of_another_cohort_stops_the_whole_order(wards):
    cohort = Cohort.objects.get(leaderships__user=wards[0].program_leader)

    with pytest.raises(PermissionDenied):
        services.order_export(
            cohort=cohort,
            trainings=[ward.training for ward in wards],
            by=wards[0].program_leader,
            key=uuid4(),
        )

    assert not Report.objects.exists()


def test_leader_who_is_nearer_to_the_doctor_too_orders_as_leader(wards):
    """The head of the doctor sees more than the programme leader; the export is the leader's."""
    wards[0].head.role_assignments.update(user=wards[0].program_leader)

    export = make_export(ward=wards[0])

    assert dossiers(export)[0].ordered_in_role == Role.PROGRAM_LEADER


# --- Made ----------------------------------------------------------------------------------------


def test_export_waits_for_its_dossiers(export):
    first, second = dossiers(export)

    assert services.lease_report(export.pk) is None
    make_done(first)
    assert services.lease_report(export.pk) is None
    make_done(second)
    assert services.lease_report(export.pk) is not None


def test_last_dossier_rings_for_the_export(export, django_capture_on_commit_callbacks, monkeypatch):
    rung = []
    monkeypatch.setattr(
        services.current_app, "send_task", lambda name, args, **options: rung.append(args)
    )

    with django_capture_on_commit_callbacks(execute=True):
        all_made(export)

    assert rung == [[export.pk], [export.pk]]


def test_zip_holds_the_dossiers_under_their_numbers_and_a_list(wards, export):
    made = all_made(export)

    export = rendered(export)

    assert export.state == ReportState.DONE
    assert set(packed(export)) == {parcels.LISTING, *(f"{one.number}.pdf" for one in made)}
    for one in made:
        assert packed(export)[f"{one.number}.pdf"] == dossier_file(one, str(one.pk).encode())
    assert listed(export) == [
        [one.training.trainee.name, one.number, f"{one.number}.pdf", one.sha256, ""]
        for one in Report.objects.filter(export=export)
    ]
    assert export.sha256 == hashlib.sha256(content_of(export)).hexdigest()
    assert files_of(export) == [f"{export.number}.zip"]


def test_names_in_the_zip_tell_nobody(wards, export):
    all_made(export)
    export = rendered(export)

    names = " ".join(packed(export)) + export.file.name + export.file_name

    assert not any(ward.trainee.name.split()[0] in names for ward in wards)
    assert wards[0].trainee.name in packed(export)[parcels.LISTING].decode()  # the control


def test_list_carries_no_formula():
    row = parcels.Listed("=HYPERLINK(1)", "PM-2026-000001", "PM-2026-000001.pdf", "ab", "")

    assert b"\r\n'=HYPERLINK(1);PM-2026" in parcels.listing([row])


def test_doctor_who_leaves_before_the_dossier_is_made_is_left_out_and_named(wards, export):
    first, second = dossiers(export)
    make_done(first)
    leave(wards[1])
    rendered(second)

    export = rendered(export)

    second.refresh_from_db()
    assert (second.state, second.failure) == (ReportState.FAILED, ReportFailure.ROLE_ENDED)
    assert set(packed(export)) == {parcels.LISTING, f"{first.number}.pdf"}
    assert [
        wards[1].trainee.name,
        second.number,
        "",
        "",
        "Ikke med: legen er ikke lenger i kullet ditt.",
    ] in listed(export)


def test_doctor_who_leaves_after_the_dossier_is_made_is_left_out_too(wards, export):
    first, second = all_made(export)
    leave(wards[1])

    export = rendered(export)

    second.refresh_from_db()
    assert (second.state, second.failure) == (ReportState.FAILED, ReportFailure.ROLE_ENDED)
    assert files_of(second) == []
    assert set(packed(export)) == {parcels.LISTING, f"{first.number}.pdf"}


def test_dossier_that_failed_is_named_and_does_not_stop_the_others(export):
    first, second = dossiers(export)
    make_done(first)
    services.fail_report(services.lease_report(second.pk), ReportFailure.BROKEN)

    export = rendered(export)

    assert export.state == ReportState.DONE
    assert any(row[4].startswith("Ikke med: Noe gikk galt") for row in listed(export))


def test_export_of_nobody_fails_with_a_reason_and_can_be_tried_again(wards, export):
    for one in dossiers(export):
        services.fail_report(services.lease_report(one.pk), ReportFailure.BROKEN)
    export = rendered(export)
    assert (export.state, export.failure) == (ReportState.FAILED, ReportFailure.NOBODY_LEFT)
    assert files_of(export) == []

    services.retry_report(export, by=wards[0].program_leader)
    all_made(export)
    export = rendered(export)

    assert (export.state, len(packed(export))) == (ReportState.DONE, 3)


def test_leadership_that_has_ended_makes_nothing(wards, export):
    all_made(export)
    CohortLeadership.objects.filter(user=wards[0].program_leader).update(ends_on=days_ago(1))

    export = rendered(export)

    assert (export.state, export.failure) == (ReportState.FAILED, ReportFailure.ROLE_ENDED)
    assert files_of(export) == []


def test_file_that_is_another_by_now_is_not_packed(export):
    first, _second = all_made(export)
    Path(first.file.path).write_bytes(b"%PDF noe annet")

    export = rendered(export)

    assert (export.state, export.failure) == (ReportState.FAILED, ReportFailure.ORIGINAL_CHANGED)
    assert files_of(export) == []


# --- Killed --------------------------------------------------------------------------------------


@pytest.mark.parametrize("point", ["packing", "writing", "written", "renamed", "saving"])
def test_worker_killed_leaves_one_whole_file_in_the_end(export, monkeypatch, point):
    all_made(export)
    before = set(os.listdir(settings.PRIVATE_ROOT))
    with monkeypatch.context() as dying:
        if point == "packing":
            dying.setattr(parcels, "_add", kill)
        else:
            dies_at(dying, point)
        with pytest.raises(Killed):
            services.render_report(export.pk)
    export.refresh_from_db()
    assert export.state == ReportState.RUNNING

    Report.objects.filter(pk=export.pk).update(leased_until=minutes_ago(1))
    services.sweep_reports()
    export = rendered(export)

    assert (export.state, export.attempts) == (ReportState.DONE, 2)
    assert files_of(export) == [f"{export.number}.zip"]
    assert hashlib.sha256(content_of(export)).hexdigest() == export.sha256
    assert len(packed(export)) == 3
    assert set(os.listdir(settings.PRIVATE_ROOT)) == before


def test_worker_killed_three_times_leaves_no_file(export, monkeypatch):
    all_made(export)
    for _attempt in range(rules.MAX_ATTEMPTS):
        with monkeypatch.context() as dying:
            dies_at(dying, "renamed")
            with pytest.raises(Killed):
                services.render_report(export.pk)
        Report.objects.filter(pk=export.pk).update(leased_until=minutes_ago(1))

    services.sweep_reports()

    export.refresh_from_db()
    assert (export.state, export.failure) == (ReportState.FAILED, ReportFailure.INTERRUPTED)
    assert files_of(export) == []


def test_worker_killed_at_a_dossier_is_swept_and_the_export_waits(export):
    first, second = dossiers(export)
    make_done(first)
    services.lease_report(second.pk)  # and dies
    Report.objects.filter(pk=second.pk).update(leased_until=minutes_ago(1))
    Report.objects.filter(pk=export.pk).update(queued_at=minutes_ago(1))

    assert services.sweep_reports() == 1

    second.refresh_from_db()
    assert second.state == ReportState.QUEUED


def test_sweeper_finds_an_export_whose_bell_was_lost(export):
    all_made(export)
    Report.objects.filter(pk=export.pk).update(queued_at=minutes_ago(1))

    assert services.sweep_reports() == 1


# --- The database --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{"sha256": "0" * 64}, {"number": "PM-2026-999999"}, {"code": "0" * 12}],
    ids=["digest", "number", "code"],
)
def test_finished_document_is_the_same_for_good(export, changes):
    first, second = dossiers(export)
    Report.objects.filter(pk=second.pk).update(**changes)  # the control: not finished
    make_done(first)

    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=first.pk).update(**(changes | {"queued_at": minutes_ago(0)}))


def test_a_detour_over_the_queue_changes_no_finished_document(export):
    """Back in the queue, changed, and done again: the check page would vouch for another file."""
    first, second = dossiers(export)
    make_done(first)
    Report.objects.filter(pk=first.pk).update(state=ReportState.QUEUED)
    Report.objects.filter(pk=second.pk).update(sha256="0" * 64)  # the control: never finished

    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=first.pk).update(sha256="0" * 64)


def test_no_document_is_removed(export):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        Report.objects.filter(pk=dossiers(export)[0].pk)._raw_delete("default")
    assert Report.objects.filter(pk=export.pk).update(progress_percent=1) == 1  # the control


def test_what_was_finished_once_is_not_tried_again(export):
    first, second = dossiers(export)
    make_done(first)
    for report in (first, second):
        Report.objects.filter(pk=report.pk).update(
            state=ReportState.FAILED, failure=ReportFailure.ROLE_ENDED
        )
        report.refresh_from_db()
    assert not permissions.can_retry(first.ordered_by, first)
    assert permissions.can_retry(second.ordered_by, second)


@pytest.mark.parametrize(
    "changes",
    [{"kind": ReportKind.DOSSIER, "code": "1" * 12}, {"cohort": None}],
    ids=["dossier without a doctor", "export without a cohort"],
)
def test_export_is_of_a_cohort(export, changes):
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=export.pk).update(**changes)


# --- The page ------------------------------------------------------------------------------------


@pytest.fixture
def leader(client, wards):
    cohort = Cohort.objects.get(leaderships__user=wards[0].program_leader)
    CohortMembership.objects.filter(user=wards[1].trainee).update(cohort=cohort)
    client.force_login(wards[0].program_leader)
    return client


def test_nobody_is_chosen_beforehand(leader, wards):
    page = leader.get(PAGE).content.decode()

    assert all(ward.trainee.name in page for ward in wards)
    assert page.count('type="checkbox"') == 2
    assert "checked" not in page


def test_page_orders_those_who_are_chosen(leader, wards):
    response = leader.post(PAGE, {"key": uuid4(), "doctors": [wards[1].training.pk]})

    export = Report.objects.get(kind=ReportKind.EXPORT)
    assert (response.status_code, response.url) == (302, url_of(export))
    assert [one.training for one in dossiers(export)] == [wards[1].training]


def test_nobody_chosen_is_explained(leader):
    response = leader.post(PAGE, {"key": uuid4()})

    assert response.status_code == 422
    assert "Velg minst én lege." in response.content.decode()


def test_doctor_of_somebody_else_cannot_be_chosen(leader):
    stranger = make_ward()

    response = leader.post(PAGE, {"key": uuid4(), "doctors": [stranger.training.pk]})

    assert response.status_code == 422
    assert stranger.trainee.name not in response.content.decode()
    assert not Report.objects.exists()


def test_leader_of_two_cohorts_chooses(leader, wards):
    second = Cohort.objects.create(name="Annet kull", kind="course")
    CohortLeadership.objects.create(
        cohort=second, user=wards[0].program_leader, starts_on=days_ago(9)
    )
    elsewhere = Cohort.objects.create(name="Ikke mitt", kind="course")

    page = leader.get(PAGE, {"kull": second.pk}).content.decode()

    assert "Ingen leger i kullet nå" in page
    assert elsewhere.name not in page
    assert leader.get(PAGE, {"kull": elsewhere.pk}).status_code == 404


def test_page_is_for_leaders_of_cohorts(client, wards):
    client.force_login(wards[0].head)

    assert client.get(PAGE).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_page_asks_the_same_whatever_the_cohort(leader, wards, django_assert_num_queries, count):
    cohort = Cohort.objects.get(leaderships__user=wards[0].program_leader)
    CohortMembership.objects.filter(user=wards[1].trainee).update(ends_on=days_ago(1))
    for _number in range(count - 1):
        CohortMembership.objects.filter(user=make_ward().trainee).update(cohort=cohort)

    with django_assert_num_queries(5):  # session, user, cohorts, doctors, menu
        page = leader.get(PAGE).content.decode()

    assert page.count('type="checkbox"') == count


# --- The export's own page -----------------------------------------------------------------------


def test_detail_follows_the_work(leader, wards, export):
    begun = leader.get(url_of(export)).content.decode()
    make_done(dossiers(export)[0])
    halfway = leader.get(url_of(export)).content.decode()
    make_done(dossiers(export)[1])
    rendered(export)
    done = leader.get(url_of(export)).content.decode()

    assert "0 av 2 mapper er laget." in begun
    assert "1 av 2 mapper er laget." in halfway
    assert 'value="45"' in halfway
    assert "Last ned ZIP-filen" in done
    assert all(ward.trainee.name in done for ward in wards)


def test_detail_names_who_was_left_out(leader, wards, export):
    all_made(export)
    leave(wards[1])
    rendered(export)

    page = leader.get(url_of(export)).content.decode()

    assert wards[1].trainee.name in page
    assert "legen er ikke lenger i kullet ditt" in page
    assert "1 mappe, ZIP" in page


@pytest.mark.parametrize("count", [1, 3])
def test_detail_asks_the_same_whatever_its_length(client, django_assert_num_queries, count):
    make_goal()
    ward, *others = [make_ward() for _ in range(count)]
    export = make_export(ward=ward, wards=others)
    client.force_login(ward.program_leader)

    with django_assert_num_queries(5):  # session, user, menu, export, dossiers
        client.get(url_of(export))


def test_list_has_the_export_and_not_each_of_its_dossiers(leader, export):
    page = leader.get(reverse("reports:report_list")).content.decode()

    assert export.number in page
    assert not any(one.number in page for one in dossiers(export))


def test_download_is_the_zip(leader, export):
    all_made(export)
    export = rendered(export)

    response = leader.get(url_of(export, "download"))

    assert b"".join(response.streaming_content) == content_of(export)
    assert response["Content-Type"] == "application/zip"
    assert f"{export.number}.zip" in response["Content-Disposition"]


@pytest.mark.parametrize("name", ["detail", "download"])
def test_whoever_no_longer_sees_all_of_it_gets_none_of_it(leader, wards, export, name):
    all_made(export)
    rendered(export)
    seen = leader.get(url_of(export, name))
    assert (seen.status_code, bool(list(seen))) == (200, True)  # to its end, which closes the file

    leave(wards[1])

    assert leader.get(url_of(export, name)).status_code == 404


def test_sight_in_another_role_is_not_enough(leader, wards, export):
    all_made(export)
    rendered(export)
    wards[1].head.role_assignments.update(user=wards[0].program_leader)

    leave(wards[1])

    assert leader.get(url_of(export, "download")).status_code == 404


def test_second_leader_of_the_cohort_does_not_get_the_firsts_export(client, wards, export):
    second = make_user()
    CohortLeadership.objects.create(cohort=export.cohort, user=second, starts_on=days_ago(9))
    client.force_login(second)

    assert client.get(url_of(export)).status_code == 404


def test_progress_counts_what_is_over_however_it_went(export):
    first, second = dossiers(export)
    assert parts_of(export).percent == 0

    in_state(first, ReportState.FAILED)
    in_state(second, ReportState.RUNNING, progress_percent=50)

    parts = parts_of(export)
    assert (parts.percent, parts.done, [one.pk for one in parts.left_out]) == (67, 0, [first.pk])
