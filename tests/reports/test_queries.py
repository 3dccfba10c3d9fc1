"""What the report says, and how few questions it asks the database."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portfolio.enums import ActivityKind, GoalStatus, Outcome
from portfolio.services.ledger import checkpoint
from reports import queries
from reports.models import Report
from reports.queries.people import grouped, lower_first
from tests.factories import (
    days_ago,
    make_activity,
    make_approved,
    make_assessment,
    make_claim,
    make_decision,
    make_goal,
    make_recommendations,
    make_request,
    make_ward,
    today,
)
from tests.reports.factories import make_report

pytestmark = pytest.mark.django_db

CODES = ["PAL-055", "PAL-014", "PAL-009", "PAL-020"]
QUERIES = 17


@pytest.fixture
def ward():
    for code in CODES:
        make_goal(code=code)
    return make_ward()


def content(ward, *, by=None):
    report = make_report(ward=ward, by=by)
    return queries.progress_report(
        Report.objects.select_related("training__trainee", "training__pathway", "ordered_by").get(
            pk=report.pk
        )
    )


def asked(ward, *, by=None) -> int:
    report = Report.objects.select_related(
        "training__trainee", "training__pathway", "ordered_by"
    ).get(pk=make_report(ward=ward, by=by).pk)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        queries.progress_report(report)
    return len(captured)


def test_number_of_queries_does_not_follow_the_portfolio(ward):
    def grow(code: str) -> None:
        make_approved(ward=ward, goal=make_goal(code=code))
        make_activity(ward=ward, goals_=[make_goal(code=code)], sent=True)

    grow("PAL-055")
    content(ward)  # warms the goals
    with_one = asked(ward)
    grow("PAL-014")
    grow("PAL-009")

    assert (with_one, asked(ward)) == (QUERIES, QUERIES)


def test_status_counts_goals_and_statements(ward):
    make_approved(ward=ward, goal=make_goal(code="PAL-055"))
    make_assessment(ward=ward, goal=make_goal(code="PAL-014"), levels={1: 1})

    status = content(ward).status

    assert status.columns == ("Godkjent", "Til avgjørelse", "Under arbeid", "Ikke startet")
    assert status.total.counts == (1, 0, 1, 2)
    assert status.total.total == 4
    assert status.total.statements_reached == 3
    assert sum(row.total for row in status.rows) == 4


def test_column_of_returned_goals_appears_when_there_are_any(ward):
    make_assessment(ward=ward)
    claim = make_claim(ward=ward)
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim, outcome=Outcome.RETURNED, reason="Vis mer.")

    report = content(ward)

    assert str(GoalStatus.RETURNED.label) in report.status.columns
    assert report.waiting[0].what == "PAL-055 er sendt tilbake"
    assert report.waiting[0].detail == "«Vis mer.»"


def test_goal_tells_of_the_gap_and_of_every_step(ward):
    make_assessment(
        ward=ward, levels={1: 3, 2: 2}, recommends=True, feedback="Trygg i bruk av pumper."
    )
    claim = make_claim(ward=ward, comment="Jeg er klar.")
    make_recommendations(ward=ward, claim=claim)
    make_decision(ward=ward, claim=claim, outcome=Outcome.REFUSED, reason="For tidlig.")

    goal = next(
        one for theme in content(ward).themes for one in theme.goals if one.code == "PAL-055"
    )

    marks = [mark for wording in goal.wordings for mark in wording.marks]
    assert [(mark.order, mark.cell, mark.state) for mark in marks] == [
        (1, "3/3", "reached"),
        (2, "2/3", "below"),
        (3, "–/2", "none"),
    ]
    assert [mark.assessor for mark in marks] == ["Hilde Demo Vik", "Hilde Demo Vik", ""]
    assert goal.gap == "1 av 3 utsagn på krevd nivå"
    assert [(step.title, step.by.name, step.said, step.quote) for step in goal.steps] == [
        ("Meldt som nådd", ward.trainee.name, "", "Jeg er klar."),
        ("Anbefaling", "Hilde Demo Vik", "Anbefaler.", ""),
        ("Anbefaling", "Per Demo Moen", "Anbefaler.", ""),
        ("Avgjørelse", "Anne Demo Haugen", "Ikke godkjent.", "For tidlig."),
    ]


def test_waiting_names_the_next_person(ward):
    make_request(ward=ward, goal=make_goal(code="PAL-009"))
    make_assessment(ward=ward, goal=make_goal(code="PAL-055"))
    make_recommendations(ward=ward, claim=make_claim(ward=ward, goal=make_goal(code="PAL-055")))
    make_assessment(ward=ward, goal=make_goal(code="PAL-014"), levels={1: 2}, recommends=True)
    make_claim(ward=ward, goal=make_goal(code="PAL-014"))

    waiting = {row.what: (row.who, row.role) for row in content(ward).waiting}

    assert waiting == {
        "Vurdering av PAL-009": ("Hilde Demo Vik", "Supervisør"),
        "Avgjørelse av PAL-055": ("Anne Demo Haugen", "Leder"),
        "Be om anbefaling av PAL-014": (ward.trainee.name, "LIS"),
    }


def test_missing_guide_waits_for_the_head(ward):
    ward.training.supervisions.update(ends_on=days_ago(1))

    report = content(ward)

    assert report.cover.guide == ""
    assert [(row.what, row.who) for row in report.waiting] == [
        ("Oppnevning av veileder", "Anne Demo Haugen")
    ]


# --- What each role may see ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "persona", ["trainee", "guide", "head", "education_lead", "program_leader"]
)
def test_reflection_is_nowhere(ward, persona):
    make_activity(ward=ward, reflection="Bare for meg selv.", sent=True)

    report = content(ward, by=getattr(ward, persona))

    assert "Bare for meg selv" not in repr(report)


@pytest.mark.parametrize(
    ("persona", "drafts"),
    [("trainee", True), ("guide", False), ("head", False), ("program_leader", False)],
)
def test_drafts_are_counted_for_the_trainee_alone_and_never_shown(ward, persona, drafts):
    make_activity(ward=ward, note="Uferdig utkast.")

    report = content(ward, by=getattr(ward, persona))

    assert report.activities == ()
    assert "Uferdig utkast" not in repr(report)
    assert ("1 aktivitet er ikke sendt" in [row.what for row in report.waiting]) == drafts


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("trainee", True),
        ("guide", True),
        ("head", False),
        ("education_lead", False),
        ("program_leader", False),
    ],
)
def test_what_was_said_in_guidance_stays_between_two(ward, persona, seen):
    make_activity(ward=ward, kind=ActivityKind.GUIDANCE, note="Snakket om arbeidspress.", sent=True)

    report = content(ward, by=getattr(ward, persona))

    assert [one.kind for one in report.activities] == ["Veiledning"]
    assert ("Snakket om arbeidspress" in repr(report)) == seen


def test_people_are_listed_once_with_their_roles(ward):
    ward.guide.hpr_number = "12345"
    ward.guide.save()
    make_approved(ward=ward)

    people = {one.name: (one.roles, one.hpr_number) for one in content(ward).people}

    assert people == {
        "Anne Demo Haugen": (("Leder",), ""),
        "Hilde Demo Vik": (("Supervisør",), ""),
        ward.trainee.name: (("LIS",), ""),
        "Per Demo Moen": (("Veileder",), "12\N{NO-BREAK SPACE}345"),
    }


def test_checkpoint_counts_the_order_itself(ward):
    report = content(ward)

    assert report.checkpoint == checkpoint(ward.training)
    assert len(report.checkpoint.groups) == 8


def test_placements_and_cover(ward):
    cover = content(ward).cover

    assert cover.settled_in_words == "0 av 4 læringsmål er godkjent"
    assert cover.services_now == (f"{ward.department}, 100 %",)
    assert cover.guide == "Per Demo Moen"
    assert (cover.shows_proposal, cover.made_at.date() <= today()) == (True, True)


@pytest.mark.parametrize(
    ("number", "expected"), [("000000017", "000 000 017"), ("12345", "12 345"), ("", "")]
)
def test_numbers_are_grouped_by_three(number, expected):
    assert grouped(number).replace("\N{NO-BREAK SPACE}", " ") == expected


@pytest.mark.parametrize(("text", "expected"), [("Veileder", "veileder"), ("LIS", "LIS"), ("", "")])
def test_lower_first(text, expected):
    assert lower_first(text) == expected
