"""The two acts that must cost nothing: logging and signing. By thumb and by keyboard."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Locator, expect

from portfolio.enums import ActivityState
from portfolio.models import Assessment, LearningActivity
from tests.e2e.people import Visitor
from tests.factories import Ward, make_activity, make_request, make_ward
from tests.world import goal

NEW_ACTIVITY = reverse("portfolio:activity_new")
THUMB = 44  # px


@pytest.fixture
def ward(site) -> Ward:
    """One who logs now and then, and a supervisor who is asked for one thing."""
    ward = make_ward()
    make_activity(ward=ward, goals_=[goal("PAL-020"), goal("PAL-055")], sent=True)
    return ward


class Thumb:
    """Counts. Typing is not counted, and not needed."""

    def __init__(self):
        self.taps = 0

    def __call__(self, target: Locator) -> None:
        target.tap()
        self.taps += 1


@pytest.mark.parametrize(
    ("button", "state"),
    [("Bare lagre", ActivityState.DRAFT), ("Lagre og be om vurdering", ActivityState.SENT)],
)
def test_logging_takes_three_taps(visit, ward, button, state):
    visitor = visit(ward.trainee, screen="phone")
    visitor.open(NEW_ACTIVITY)
    tap = Thumb()

    tap(visitor.page.locator(".goal-pick", has_text="PAL-055"))
    tap(visitor.page.get_by_text("Under supervisjon", exact=True))
    tap(visitor.page.get_by_role("button", name=button))

    expect(visitor.page).to_have_url(re.compile(r"/aktiviteter/\d+/"))
    newest = LearningActivity.objects.filter(training=ward.training).order_by("pk").last()
    assert (newest.state, [one.code for one in newest.goals.all()]) == (state, ["PAL-055"])
    assert tap.taps <= 3
    assert visitor.complaints == []


def test_logging_fits_a_phone_without_scrolling(visit, ward):
    visitor = visit(ward.trainee, screen="phone")
    visitor.open(NEW_ACTIVITY)

    for target in (
        visitor.page.locator(".goal-pick", has_text="PAL-055"),
        visitor.page.get_by_text("Under supervisjon", exact=True),
        visitor.page.get_by_role("button", name="Lagre og be om vurdering"),
    ):
        expect(target).to_be_in_viewport(ratio=1)


def test_signing_takes_two_taps(visit, ward):
    request = make_request(ward=ward, goal=goal("PAL-041"))
    visitor = visit(ward.supervisor, screen="phone")
    visitor.open(reverse("portfolio:assess", args=[request.pk]))
    tap = Thumb()

    assert visitor.page.locator("input:checked:not([value=''])").count() == 0  # none is preset
    tap(visitor.page.locator(".level-choice__option", has_text="krav").first)
    tap(visitor.page.get_by_role("button", name="Signer og vis neste"))

    visitor.meets("PAL-041 er signert for Nora")
    assert len(Assessment.objects.get(request=request).levels) == 1
    assert tap.taps <= 2
    assert visitor.complaints == []


def test_signing_tells_how_much_of_the_goal_it_covers(visit, ward):
    request = make_request(ward=ward, goal=goal("PAL-041"))
    visitor = visit(ward.supervisor, screen="phone")
    visitor.open(reverse("portfolio:assess", args=[request.pk]))
    options = visitor.page.locator(".level-choice__options")
    told = visitor.page.locator("[data-level-count]")

    expect(told).to_contain_text("blir stående som ikke sett")
    options.first.locator("label", has_text="krav").tap()
    expect(told).to_have_text(f"Signerer 1 av {options.count()} utsagn")
    options.first.locator("label").first.tap()
    expect(told).to_have_text(f"Signerer 0 av {options.count()} utsagn")


def test_signing_leads_through_what_waits(visit, ward):
    """«Signer og vis neste» goes on until nothing waits."""
    visitor = visit(ward.supervisor, screen="phone")
    visitor.open(reverse("portfolio:waiting_list"))
    visitor.follow(re.compile("PAL-020"))

    for _ in range(2):
        visitor.page.locator(".level-choice__option", has_text="krav").first.tap()
        visitor.press("Signer og vis neste")

    visitor.is_at("Venter på deg")
    visitor.meets("Ingenting venter på deg")


SMALL = """(least) => {
  const found = "a, button, summary, input:not([type=hidden]), select, textarea";
  const isTick = one => ["checkbox", "radio"].includes(one.type);
  // A tick is hit by its label too, and the whole row is the link of its title.
  const around = one => isTick(one) ? one.closest(".field--toggle") || one.labels[0] : null;
  const target = one => around(one) || one.closest(".row") || one;
  const isSmall = one => {
    const box = one.getBoundingClientRect();
    return box.height && Math.min(box.height, box.width) < least - 0.5;
  };
  return [...document.querySelector("main").querySelectorAll(found)]
    .filter(one => !one.matches("p a"))
    .map(target)
    .filter(isSmall)
    .map(one => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 30)}`);
}"""


def test_targets_are_large_enough_for_a_thumb(visit, ward):
    asked = ward.training.assessment_requests.first()
    places = [
        (ward.trainee, NEW_ACTIVITY),
        (ward.supervisor, reverse("portfolio:assess", args=[asked.pk])),
        (ward.supervisor, reverse("portfolio:waiting_list")),
    ]

    small = []
    for user, url in places:
        visitor = visit(user, screen="phone")
        visitor.open(url)
        small += [f"{url}: {one}" for one in visitor.page.evaluate(SMALL, THUMB)]

    assert not small, "\n".join(small)


# --- By keyboard alone ---------------------------------------------------------------------------


def tab_to(visitor: Visitor, target: Locator) -> None:
    """Tab by tab, and each stop can be seen."""
    for _ in range(120):
        visitor.page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            expect(target).to_be_in_viewport()
            return
    raise AssertionError(f"{target} is not reached by Tab")


def test_logging_by_keyboard(visit, ward):
    visitor = visit(ward.trainee)
    visitor.open(NEW_ACTIVITY)
    keyboard = visitor.page.keyboard

    tab_to(visitor, visitor.page.locator(".goal-pick", has_text="PAL-055").locator("[name=goals]"))
    keyboard.press("Space")
    tab_to(visitor, visitor.page.locator("[name=performed_as]").first)
    keyboard.press("ArrowRight")
    tab_to(visitor, visitor.page.get_by_label("Notat"))
    keyboard.type("Startet smertepumpe.")
    tab_to(visitor, visitor.page.get_by_role("button", name="Lagre og be om vurdering"))
    keyboard.press("Enter")

    visitor.meets("Sendt til")
    newest = LearningActivity.objects.filter(training=ward.training).order_by("pk").last()
    assert (newest.note, newest.state) == ("Startet smertepumpe.", ActivityState.SENT)


def test_signing_by_keyboard(visit, ward):
    asked = ward.training.assessment_requests.get(goal__code="PAL-055")
    visitor = visit(ward.supervisor)
    visitor.open(reverse("portfolio:assess", args=[asked.pk]))
    keyboard = visitor.page.keyboard

    tab_to(visitor, visitor.page.locator(".level-choice input").first)  # «Ikke sett»
    for _ in range(3):
        keyboard.press("ArrowRight")
    tab_to(visitor, visitor.page.get_by_role("button", name="Signer og vis neste"))
    keyboard.press("Enter")

    visitor.meets("PAL-055 er signert")
    assert set(Assessment.objects.get(request=asked).levels.values()) == {3}


def test_refused_form_puts_focus_on_what_is_wrong(visit, ward):
    visitor = visit(ward.trainee, screen="phone")
    visitor.open(NEW_ACTIVITY)
    visitor.page.get_by_label("Notat").fill("Skal stå.")

    visitor.press("Lagre og be om vurdering")

    summary = visitor.page.locator("#error-summary")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    focused = visitor.page.evaluate("document.activeElement.name")
    assert focused == "goals"
    expect(visitor.page.get_by_label("Notat")).to_have_value("Skal stå.")


def test_ended_session_leads_to_the_login_page(visit, ward):
    """Not the login page inside the list of goals."""
    visitor = visit(ward.trainee)
    visitor.open(NEW_ACTIVITY)
    visitor.page.get_by_text("Søk i alle 73").click()
    Session.objects.all().delete()

    visitor.page.get_by_label("Søk i læringsmål").press_sequentially("pumpe")

    visitor.is_at("Logg inn")
    expect(visitor.page).to_have_url(re.compile(r"/konto/login/\?next=/aktiviteter/ny/"))
