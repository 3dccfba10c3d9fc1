"""Planning by thumb, and without JavaScript."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from portfolio.models import Plan, PlanAgreement
from portfolio.rules.plans import half_years_ahead
from tests.e2e.test_acts import THUMB, Thumb
from tests.factories import Ward, make_plan, make_ward, today
from tests.world import goal

PLAN = reverse("portfolio:plan")


@pytest.fixture
def ward(site) -> Ward:
    return make_ward()


def planned(ward: Ward) -> list[tuple]:
    latest = Plan.objects.filter(training=ward.training).latest().get()
    return [(one.goal.code, one.half_year, one.department) for one in latest.items.all()]


def test_goal_goes_into_the_next_half_year_in_three_taps(visit, ward):
    visitor = visit(ward.trainee, screen="phone")
    visitor.open(PLAN)
    tap = Thumb()

    tap(visitor.page.get_by_role("link", name="Legg til mål").first)
    tap(visitor.page.locator(".goal-pick").first)
    tap(visitor.page.get_by_role("button", name="Legg til i planen"))

    expect(visitor.page).to_have_url(re.compile(PLAN))
    assert planned(ward) == [("PAL-001", half_years_ahead(today())[0], ward.department)]
    assert tap.taps == 3
    assert visitor.complaints == []


@pytest.mark.parametrize("address", ["plan", "plan_item_new", "plan_detail"])
def test_what_is_tapped_is_as_wide_as_a_thumb(visit, ward, address):
    plan = make_plan(ward=ward, goals_=[goal("PAL-010")])
    visitor = visit(ward.trainee, screen="phone")
    args = [plan.pk] if address == "plan_detail" else []
    visitor.open(reverse(f"portfolio:{address}", args=args))

    low = visitor.page.evaluate(
        """least => [...document.querySelectorAll("main :is(.ds-button, .goal-pick, a.row__title)")]
          .filter(one => one.checkVisibility())
          .filter(one => (one.closest(".row") || one).getBoundingClientRect().height < least)
          .map(one => one.textContent.trim())""",
        THUMB,
    )

    assert low == []


def test_plan_is_written_and_agreed_to_without_javascript(visit, ward):
    visitor = visit(ward.trainee, javascript=False)
    visitor.open(reverse("portfolio:plan_item_new"))
    visitor.page.locator(".goal-search > summary").click()
    visitor.page.get_by_label("Søk i læringsmål").fill("sprøytepumpe")
    visitor.press("Søk")
    visitor.page.get_by_role("checkbox", name=re.compile("PAL-055")).check()
    visitor.page.get_by_label("Hvordan").fill("Opplæring på posten")
    visitor.press("Legg til i planen")
    visitor.follow("Les og si deg enig")
    visitor.press("Jeg er enig i planen")

    visitor.meets("Utgave 1 venter på veileder.")
    assert [code for code, *_ in planned(ward)] == ["PAL-055"]
    agreed = PlanAgreement.objects.filter(plan__training=ward.training)
    assert [one.actor for one in agreed] == [ward.trainee]


def test_search_answers_while_one_types(visit, ward):
    visitor = visit(ward.trainee, screen="phone")
    visitor.open(reverse("portfolio:plan_item_new"))

    visitor.page.locator(".goal-search > summary").tap()
    visitor.page.get_by_label("Søk i læringsmål").fill("sprøytepumpe")

    expect(visitor.page.locator(".goal-search__row")).to_have_count(1)
    assert visitor.complaints == []
