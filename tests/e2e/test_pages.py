"""Every page, as those who use it see it: accessible, quiet, and in one piece.

The list of pages is the resolver's: each is opened as somebody, or is named as no page.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.access_table import ROWS, Row
from tests.e2e.people import Visitor
from tests.test_access import patterns
from tests.world import PERSONAS, World, make_world

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
RULES = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
    "best-practice",
]
NO_PAGES = {
    "health",
    "curriculum:curriculum_json",
    "portfolio:attachment_download",
    "portfolio:document_download",
    "reports:report_download",
    "reports:cohort_spreadsheet",
}
# Pages that a stranger meets, and one page as each of the other hats that change it.
SEEN_BY = {
    "start": "anonymous",
    "account_login": "anonymous",
    "account_reset_password": "anonymous",
    "account_reset_password_done": "anonymous",
    "account_reset_password_from_key": "anonymous",
    "account_reset_password_from_key_done": "anonymous",
    "account_inactive": "anonymous",
    "account_email_verification_sent": "anonymous",
    "account_confirm_email": "anonymous",
    "account_signup": "anonymous",
    "curriculum:curriculum_list": "anonymous",
    "curriculum:curriculum_detail": "anonymous",
    "curriculum:goal_detail": "anonymous",
    "institutions:site_list": "anonymous",
    "reports:check_document": "anonymous",
    "reports:check_code": "anonymous",
    "pages:privacy": "anonymous",
    "portfolio:waiting_list": "supervisor",
    "portfolio:assess_choose": "supervisor",
    "portfolio:signed_list": "supervisor",
    "portfolio:decision_list": "head",
    "portfolio:cohort": "head",
    "portfolio:doctor": "head",
    "portfolio:application_of_doctor": "head",
    "portfolio:cohort_applications": "head",
    "portfolio:assess_unasked": "supervisor",
    "portfolio:plan_of_doctor": "guide",
    "portfolio:document_queue": "head",
    "portfolio:training_documents": "head",
}


@dataclass(frozen=True)
class Page:
    """One page as one persona, maybe with a form refused on it."""

    name: str
    args: str = ""
    persona: str = "trainee"
    refused: bool = False

    def __str__(self) -> str:
        what = "refused" if self.refused else "page"
        return f"{self.name} {self.args} as {self.persona}, {what}"


def pages() -> list[Page]:
    found = []
    for row in ROWS:
        if is_page(row):
            persona = SEEN_BY.get(row.name) or first_of(row)
            found.append(Page(row.name, row.args, persona))
            if row.post == 422:
                found.append(Page(row.name, row.args, persona, refused=True))
    return found


def is_page(row: Row) -> bool:
    """Something to look at for somebody; a redirect, an act or a file is not."""
    shown = row.get == 200 or row.stranger == 200
    return bool(row.may) and shown and row.name not in NO_PAGES


def first_of(row: Row) -> str:
    return next(persona for persona in PERSONAS if persona in row.may and persona != "anonymous")


PAGES = pages()
OTHER_VIEWS = [
    Page("portfolio:goal_list", "training", "guide"),
    Page("portfolio:goal_detail", "training curriculum untouched", "trainee"),
    Page("portfolio:goal_detail", "training curriculum assessed", "head"),
    Page("portfolio:activity_detail", "sent", "supervisor"),
    Page("portfolio:plan_detail", "plan", "guide"),
    Page("portfolio:plan", "", "other trainee"),  # empty
    Page("portfolio:waiting_list", "", "head"),
    Page("portfolio:waiting_list", "", "guide"),
    Page("portfolio:waiting_list", "", "medical lead"),
    Page("portfolio:attestation_list", "", "head"),
    Page("portfolio:attestation_detail", "attestation_of_service", "head"),
    Page("portfolio:service_statement", "asked_placement", "trainee"),
    Page("portfolio:waiting_list", "", "other supervisor"),  # empty
    Page("portfolio:home", "", "other trainee"),  # new
    Page("portfolio:decision_list", "", "other head"),
    Page("portfolio:cohort", "", "program leader"),
    Page("reports:report_list", "", "head"),
    Page("curriculum:curriculum_list", "", "trainee"),
]


@pytest.fixture(scope="module")
def world(site) -> World:
    return make_world()


def test_every_page_is_looked_at():
    looked_at = {page.name for page in PAGES}
    answers_get = {row.name for row in ROWS if row.get == 200 and row.may}

    assert answers_get & set(patterns()) - looked_at == NO_PAGES


@pytest.mark.parametrize("page", [*PAGES, *OTHER_VIEWS], ids=str)
def test_page(page, visit, world):
    visitor = visit(PERSONAS[page.persona].user(world), reduced_motion="reduce")
    show(visitor, page, world)
    faults = [*structure(visitor)]
    for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
        visitor.page.emulate_media(color_scheme=scheme)
        fit(visitor, width)
        faults += [f"{width} px, {scheme}: {fault}" for fault in axe(visitor)]
    faults += [*narrow(visitor), *visitor.complaints]

    assert not faults, "\n".join(faults)


def show(visitor: Visitor, page: Page, world: World) -> None:
    visitor.open(reverse(page.name, args=world.args(page.args)))
    if page.refused:
        with visitor.page.expect_navigation():
            visitor.page.evaluate(SEND_EMPTY)
        expect(visitor.page.locator("#error-summary")).to_be_focused()
        expect(visitor.page).to_have_title(re.compile("^Feil: "))


def fit(visitor: Visitor, width: int) -> None:
    """As high as the page, so that the bar at the bottom covers nothing."""
    visitor.page.set_viewport_size({"width": width, "height": 844})
    height = visitor.page.evaluate("document.documentElement.scrollHeight")
    visitor.page.set_viewport_size({"width": width, "height": max(height + 200, 844)})


SEND_EMPTY = """() => {
  const form = document.querySelector("main form[method=post]:not(.row__end):not([action])");
  for (const field of form.elements) {
    if (field.name === "csrfmiddlewaretoken") continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = false;
    else if (field.type !== "submit") field.value = "";
  }
  form.noValidate = true;
  HTMLFormElement.prototype.submit.call(form);
}"""


COLOURS_ARE_SET = "() => Promise.all(document.getAnimations().map(one => one.finished))"


def axe(visitor: Visitor) -> list[str]:
    visitor.page.evaluate(AXE.read_text())
    visitor.page.evaluate(COLOURS_ARE_SET)
    found = visitor.page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def structure(visitor: Visitor) -> list[str]:
    faults = []
    headings = visitor.page.locator("h1").locator("visible=true").all_inner_texts()
    if len(headings) != 1:
        faults.append(f"h1: {headings}")
    if not re.fullmatch(r"(Feil: )?\S.* – PAL-mappen", visitor.page.title()):
        faults.append(f"title: {visitor.page.title()!r}")
    if visitor.page.locator("html").get_attribute("lang") != "nb":
        faults.append("lang is not nb")
    return faults


def narrow(visitor: Visitor) -> list[str]:
    """No page is wider than the narrowest phone."""
    visitor.page.set_viewport_size({"width": 320, "height": 844})
    wide = visitor.page.evaluate(
        """() => document.documentElement.scrollWidth <= 320 ? [] :
          [...document.querySelectorAll("body *")]
            .filter(one => one.getBoundingClientRect().right > 320.5)
            .map(one => one.tagName + "." + one.className).slice(0, 5)"""
    )
    return [f"wider than 320 px: {wide}"] if wide else []


def test_titles_are_unique(visit, world):
    """Two pages of one person are never called the same; two things of one kind may be."""
    visitor = visit(PERSONAS["trainee"].user(world))
    titles: dict[str, str] = {}
    twins = []
    for page in PAGES:
        if page.persona == "trainee" and not page.refused:
            visitor.open(reverse(page.name, args=world.args(page.args)))
            earlier = titles.setdefault(visitor.page.title(), page.name)
            if earlier != page.name:
                twins.append(f"{visitor.page.title()}: {earlier} and {page.name}")

    assert twins == []


# --- The round can fail --------------------------------------------------------------------------


def test_round_catches_what_is_wrong(visit, site):
    visitor = visit()
    visitor.open("/personvern/")
    visitor.page.evaluate(
        """() => {
          document.title = "";
          document.querySelector("main").insertAdjacentHTML("beforeend",
            "<h1>To</h1><img src='/static/icons/favicon.svg' width=900><input>");
          console.error("feil");
        }"""
    )

    broken = {fault.partition(":")[0] for fault in axe(visitor)}
    said = [fault.partition(":")[0] for fault in structure(visitor)]

    assert {"image-alt", "label", "document-title"} <= broken
    assert said == ["h1", "title"]
    assert narrow(visitor) != []
    assert visitor.complaints == ["feil"]
