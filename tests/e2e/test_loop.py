"""The whole loop, by six people and a machine: logged, signed, claimed, recommended, approved,
on paper."""

import hashlib
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portfolio.enums import ActivityState, Outcome, Verb
from portfolio.models import Decision, Event, LearningActivity
from reports.models import Report
from reports.services import render_report
from tests.factories import Ward, make_ward

GOAL = "PAL-055"


@pytest.mark.parametrize(
    ("screen", "javascript"),
    [("desktop", True), ("phone", True), ("phone", False)],
    ids=["desktop", "phone", "without JavaScript"],
)
def test_loop(visit, screen, javascript):
    ward = make_ward()

    def come(user):
        visitor = visit(screen=screen, javascript=javascript)
        visitor.log_in(user)
        return visitor

    trainee = come(ward.trainee)
    supervisor = come(ward.supervisor)
    guide = come(ward.guide)
    head = come(ward.head)
    log_activity(trainee, ward, javascript=javascript)
    sign(supervisor)
    claim(trainee, ward)
    recommend(supervisor)
    recommend(guide)
    approve(head)
    order_report(trainee, ward)
    see_in_cohort(come(ward.program_leader), ward)
    see_no_content(come(ward.admin), ward)

    assert LearningActivity.objects.get(training=ward.training).state == ActivityState.ATTESTED
    assert Decision.objects.get(claim__progress__training=ward.training).outcome == Outcome.APPROVED
    assert list(
        Event.objects.filter(training=ward.training).order_by("pk").values_list("verb", flat=True)
    ) == [
        Verb.ACTIVITY_SENT,
        Verb.ASSESSED,
        Verb.ACTIVITY_ATTESTED,
        Verb.GOAL_CLAIMED,
        Verb.RECOMMENDATION_REQUESTED,
        Verb.RECOMMENDATION_REQUESTED,
        Verb.RECOMMENDED,
        Verb.RECOMMENDED,
        Verb.GOAL_DECIDED,
        Verb.REPORT_ORDERED,
    ]
    for visitor in (trainee, supervisor, guide, head):
        assert visitor.complaints == []


def log_activity(trainee, ward: Ward, *, javascript: bool) -> None:
    page = trainee.page
    trainee.is_at("Dette gjenstår")
    trainee.follow("Ny aktivitet")
    page.get_by_text("Søk i alle 73").click()
    search = page.get_by_label("Søk i læringsmål")
    if javascript:
        search.press_sequentially("sprøytepumpe")
    else:
        search.fill("sprøytepumpe")
        page.get_by_role("button", name="Søk", exact=True).click()
    found = page.locator(".goal-search__row", has_text=GOAL)
    expect(page.locator(".goal-search__row")).to_have_count(1)
    found.click()
    page.get_by_text("Under supervisjon", exact=True).click()
    page.get_by_label("Vurderes av").select_option(str(ward.supervisor.pk))
    page.get_by_label("Notat").fill("Startet smertepumpe sammen med sykepleier.")
    trainee.press("Lagre og be om vurdering")
    trainee.meets("Sendt til Hilde Demo Vik.")


def sign(supervisor) -> None:
    supervisor.page.reload()
    supervisor.is_at("Venter på deg")
    supervisor.follow(re.compile(GOAL))
    supervisor.meets("Startet smertepumpe sammen med sykepleier")
    for question in supervisor.page.locator(".level-choice").all():
        question.get_by_text("krav").click()
    supervisor.page.get_by_label("Én setning").fill("Rolig og sikker.")
    supervisor.press("Signer og vis neste")
    supervisor.meets(f"{GOAL} er signert for")


def claim(trainee, ward: Ward) -> None:
    trainee.open(reverse("portfolio:goal_list", args=[ward.training.pk]))
    trainee.follow(re.compile(GOAL))
    trainee.is_at(re.compile(GOAL))
    trainee.follow("Meld målet som nådd")
    trainee.press("Meld målet som nådd")
    trainee.is_at("Be om anbefaling")
    for name in ("Per Demo Moen", "Hilde Demo Vik"):
        trainee.page.get_by_label(name).check()
    trainee.press("Be om anbefaling")
    trainee.is_at(re.compile(GOAL))


def recommend(adviser) -> None:
    adviser.open(reverse("portfolio:waiting_list"))
    adviser.follow(re.compile(GOAL))
    adviser.is_at(f"Anbefaling, {GOAL}")
    adviser.page.get_by_text("Jeg anbefaler", exact=True).click()
    adviser.press("Signer og vis neste")
    adviser.meets(f"Signert: du anbefaler {GOAL} for Nora.")


def approve(head) -> None:
    head.open(reverse("portfolio:decision_list"))
    head.follow(re.compile(GOAL))
    head.press("Godkjenn og vis neste")
    head.meets(f"{GOAL} er godkjent for Nora.")


def order_report(trainee, ward: Ward) -> None:
    trainee.open(reverse("reports:report_list"))
    trainee.press("Framdriftsrapport")
    trainee.is_at("Framdriftsrapport")
    report = Report.objects.get(training=ward.training)
    render_report(report.pk)
    trainee.meets("Rapporten er klar")  # polled, or refreshed where there is no JavaScript
    with trainee.page.expect_download() as downloading:
        trainee.follow("Last ned rapporten")
    content = downloading.value.path().read_bytes()
    report.refresh_from_db()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == report.sha256


def see_in_cohort(leader, ward: Ward) -> None:
    leader.is_at("Leger")
    row = leader.page.get_by_role("row", name=re.compile(ward.trainee.name))
    expect(row).to_contain_text("1 av 73")
    row.get_by_role("link", name=ward.trainee.name).click()
    leader.is_at(re.compile(ward.trainee.name))


def see_no_content(admin, ward: Ward) -> None:
    admin.is_at("Personer")
    admin.open(reverse("institutions:person_detail", args=[ward.trainee.pk]))
    expect(admin.page.get_by_role("main")).to_contain_text(ward.trainee.email)
    expect(admin.page.get_by_role("main")).not_to_contain_text(GOAL)
    for name in ("portfolio:goal_list", "portfolio:doctor"):
        answer = admin.page.goto(reverse(name, args=[ward.training.pk]))
        assert answer.status == 404
