"""To another pathway or version, and out of the training."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from curriculum.models import GoalSuccession, LearningGoal, Pathway, PathwayCurriculum
from institutions.enums import Role
from portfolio import permissions, rules
from portfolio.enums import Passage, ProgressState, Refusal
from portfolio.models import Assessment, Event, GoalProgress, PathwayMove, Training
from portfolio.queries.moves import move_of
from portfolio.rules.moves import GoalPassage, Succession, move_refusal, passages
from portfolio.services import moves, trainings
from tests import factories
from tests.factories import days_ago, make_ward, today

pytestmark = pytest.mark.django_db

KEPT, FOLLOWED, SUGGESTED, LEFT, NEW = Passage


# --- What becomes of each goal -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "successions", "expected"),
    [
        ([1], [1], [], [GoalPassage(1, KEPT)]),
        ([1], [], [], [GoalPassage(1, LEFT)]),
        ([], [2], [], [GoalPassage(2, NEW)]),
        (
            [1],
            [2],
            [Succession(1, 2, official=True)],
            [GoalPassage(1, FOLLOWED, (2,)), GoalPassage(2, NEW)],
        ),
        (
            [1],
            [2],
            [Succession(1, 2, official=False)],
            [GoalPassage(1, SUGGESTED, (2,)), GoalPassage(2, NEW)],
        ),
        # What authorities have decided outweighs what we suggest.
        (
            [1],
            [2, 3],
            [Succession(1, 2, official=False), Succession(1, 3, official=True)],
            [GoalPassage(1, FOLLOWED, (3,)), GoalPassage(2, NEW), GoalPassage(3, NEW)],
        ),
        # A successor that the new pathway does not ask for follows nothing.
        ([1], [3], [Succession(1, 2, official=True)], [GoalPassage(1, LEFT), GoalPassage(3, NEW)]),
        # A goal that stays is not replaced by its own successor.
        ([1], [1, 2], [Succession(1, 2, True)], [GoalPassage(1, KEPT), GoalPassage(2, NEW)]),
    ],
)
def test_passages(old, new, successions, expected):
    assert list(passages(old, new, successions)) == expected


@pytest.mark.parametrize(
    ("waiting", "claimed", "decides", "refusal"),
    [
        (set(), set(), True, None),
        ({1}, {1}, True, None),
        (set(), {1}, False, Refusal.MOVE_HAS_CLAIMS),
        (set(), {2}, True, Refusal.MOVE_HAS_CLAIMS),
        ({1}, set(), False, None),
        ({2}, set(), True, Refusal.MOVE_HAS_REQUESTS),
    ],
)
def test_what_waits_must_still_be_answerable(waiting, claimed, decides, refusal):
    found = passages([1, 2], [1, 3], [])
    assert move_refusal(found, waiting=waiting, claimed=claimed, decides_goals=decides) == refusal


# --- The move ------------------------------------------------------------------------------------


@pytest.fixture
def ward():
    return make_ward()


@pytest.fixture
def leader(ward):
    return ward.program_leader


@pytest.fixture
def fkm(ward):
    return factories.make_goal(code="FKM-001", curriculum_code="fkm-2025")


@pytest.fixture
def other(ward, fkm):
    """A pathway that asks for the FKM goals alone."""
    pathway = Pathway.objects.create(
        code="other",
        version="1",
        title="Et annet løp",
        short_title="Annet",
        standing="proposed",
        doctor_title="LIS",
        decides_goals=True,
        source="Prøve",
        position=9,
    )
    PathwayCurriculum.objects.create(pathway=pathway, curriculum=fkm.curriculum, position=0)
    return pathway


def move(ward, other, leader, **changes):
    fields = {
        "training": ward.training,
        "pathway": other,
        "seen_pathway_id": ward.training.pathway_id,
        "reason": "Ny ordning",
        "by": leader,
        "key": uuid4(),
    }
    return moves.move_training(**fields | changes)


def test_evidence_stays_where_it_was_given(ward, other, leader):
    decision = factories.make_approved(ward=ward)
    progress = decision.claim.progress
    signed = list(Assessment.objects.order_by("pk").values())

    made = move(ward, other, leader)

    ward.training.refresh_from_db()
    progress.refresh_from_db()
    assert ward.training.pathway == other
    assert (made.from_pathway, made.to_pathway) != (other, other)
    assert progress.state == ProgressState.APPROVED
    assert list(Assessment.objects.order_by("pk").values()) == signed
    last = Event.objects.filter(training=ward.training).order_by("-sequence").first()
    assert last.verb == "pathway_moved"
    assert f'"{progress.goal.curriculum.code}/{progress.goal.code}":"left"' in last.content


def test_the_preview_says_the_same_as_the_move(ward, other, fkm):
    goal = factories.make_approved(ward=ward).claim.progress.goal
    GoalSuccession.objects.create(old_goal=goal, new_goal=fkm, official=False, source="Prøve")
    preview = move_of(ward.training, other, on=today())
    row = next(one for one in preview.goals if one.goal.id == goal.pk)
    assert row.passage == Passage.SUGGESTED
    assert [new.code for new in row.successors] == [fkm.code]
    assert row in preview.leaving_started


@pytest.mark.parametrize("who", ["trainee", "head", "guide", "supervisor"])
def test_only_the_programme_leader_moves(ward, other, leader, who):
    with pytest.raises(PermissionDenied):
        move(ward, other, getattr(ward, who))
    assert move(ward, other, leader)


def test_the_database_refuses_another_role(ward, other, leader):
    row = {
        "training": ward.training,
        "from_pathway": ward.training.pathway,
        "to_pathway": other,
        "reason": "Prøve",
    }
    for actor, role in ((ward.head, Role.DEPARTMENT_HEAD), (ward.head, Role.PROGRAM_LEADER)):
        with pytest.raises(IntegrityError), transaction.atomic():
            PathwayMove.objects.create(actor=actor, actor_role=role, **row)
    assert PathwayMove.objects.create(actor=leader, actor_role=Role.PROGRAM_LEADER, **row).pk


def test_a_stale_preview_moves_nothing(ward, other, leader):
    with pytest.raises(rules.Refused, match="flyttet i mellomtiden"):
        move(ward, other, leader, seen_pathway_id=other.pk)
    ward.training.refresh_from_db()
    assert ward.training.pathway != other


def test_an_open_claim_holds_the_doctor_back(ward, other, leader):
    factories.make_claim(ward=ward)
    with pytest.raises(rules.Refused, match="venter på avgjørelse"):
        move(ward, other, leader)


def test_twice_pressed_is_once(ward, other, leader):
    key = uuid4()
    assert move(ward, other, leader, key=key) == move(ward, other, leader, key=key)
    assert PathwayMove.objects.count() == 1


def test_what_is_left_can_still_be_read(client, ward, other, leader):
    goal = factories.make_approved(ward=ward).claim.progress.goal
    move(ward, other, leader)
    client.force_login(ward.trainee)
    url = reverse("portfolio:goal_detail", args=[ward.training.pk, goal.curriculum.code, goal.code])
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Godkjent" in answer.text
    untouched = LearningGoal.objects.filter(curriculum=goal.curriculum).exclude(pk=goal.pk).first()
    if untouched:
        args = [ward.training.pk, untouched.curriculum.code, untouched.code]
        assert client.get(reverse("portfolio:goal_detail", args=args)).status_code == 404


def test_the_pages(client, ward, other, leader):
    factories.make_approved(ward=ward)
    url = reverse("portfolio:move", args=[ward.training.pk, other.pk])
    client.force_login(ward.trainee)
    preview = reverse("portfolio:move_preview", args=[ward.training.pk, other.pk])
    assert "Programlederen for kullet ditt avgjør" in client.get(preview).text
    assert client.post(url, {"reason": "Prøve"}).status_code == 403
    client.force_login(leader)
    sent = {"reason": "", "seen_pathway_id": ward.training.pathway_id}
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "Skriv hvorfor legen flyttes." in answer.text
    assert client.post(url, sent | {"reason": "Ny ordning"}).status_code == 302
    assert Training.objects.get(pk=ward.training.pk).pathway == other


def test_goals_left_behind_and_what_may_follow_them(client, ward, other, leader):
    left = factories.make_approved(ward=ward).claim.progress.goal
    new = factories.make_goal(code="FKM-001", curriculum_code="fkm-2025")
    GoalSuccession.objects.create(old_goal=left, new_goal=new, official=False, source="Prøve")
    url = reverse("portfolio:move_choose", args=[ward.training.pk])
    client.force_login(ward.trainee)
    before = client.get(url).text
    move(ward, other, leader)

    page = client.get(url).text

    assert "Godkjent i et tidligere løp" not in before
    assert "Ingen myndighet har bestemt dem" in page
    for goal in (left, new):
        args = [ward.training.pk, goal.curriculum.code, goal.code]
        assert reverse("portfolio:goal_detail", args=args) in page
        assert client.get(reverse("portfolio:goal_detail", args=args)).status_code == 200


# --- The end -------------------------------------------------------------------------------------


@pytest.fixture
def admin(ward):
    return ward.admin


def test_an_ended_training_takes_no_more(ward, admin):
    assert permissions.can_log(ward.trainee, ward.training)
    ended = moves.end_training(ward.training, by=admin, ended_on=today())
    assert not permissions.can_log(ward.trainee, ended)
    assert set(ended.supervisions.values_list("ends_on", flat=True)) == {today()}
    assert set(ended.placements.values_list("ends_on", flat=True)) == {today()}
    assert GoalProgress.objects.visible_to(ward.trainee).filter(training=ended).count() == 0


def test_the_doctor_keeps_the_portfolio_after_the_end(client, ward, admin):
    client.force_login(ward.trainee)
    new = reverse("portfolio:activity_new")
    assert new in client.get(reverse("portfolio:home")).text
    moves.end_training(ward.training, by=admin, ended_on=today())
    home = client.get(reverse("portfolio:home"))
    assert home.status_code == 200
    assert reverse("portfolio:goal_list", args=[ward.training.pk]) in home.text
    assert new not in home.text
    assert client.get(new).status_code == 403


def test_service_of_an_ended_training_is_stated_and_no_longer_changed(client, ward, admin):
    placement = ward.training.placements.get()
    absence = factories.make_absence(training=ward.training)
    urls = [
        reverse(f"portfolio:{name}", args=[row.pk])
        for name, row in [
            ("placement_edit", placement),
            ("placement_remove", placement),
            ("absence_edit", absence),
            ("absence_remove", absence),
            ("service_statement", placement),
        ]
    ]
    places = reverse("portfolio:placement_list")
    client.force_login(ward.trainee)

    def offered() -> list[bool]:
        page = client.get(places).text
        return [url in page for url in urls]

    def opened() -> list[int]:
        return [client.get(url).status_code for url in urls]

    assert (offered(), opened()) == ([True] * 5, [200] * 5)  # the control
    moves.end_training(ward.training, by=admin, ended_on=today())
    assert (offered(), opened()) == ([False] * 4 + [True], [403] * 4 + [200])
    assert {client.post(url).status_code for url in urls[:4]} == {403}
    with pytest.raises(PermissionDenied):
        trainings.remove_placement(placement, by=ward.trainee)
    assert ward.training.placements.get() == placement


@pytest.mark.parametrize(
    ("ended_on", "refusal"),
    [(days_ago(-1), "i framtiden"), (days_ago(9000), "før den startet")],
)
def test_the_end_lies_within_the_training(ward, admin, ended_on, refusal):
    with pytest.raises(rules.Refused, match=refusal):
        moves.end_training(ward.training, by=admin, ended_on=ended_on)


def test_only_the_administrator_ends(ward, admin):
    for person in (ward.trainee, ward.head, ward.guide):
        with pytest.raises(PermissionDenied):
            moves.end_training(ward.training, by=person, ended_on=today())


def test_the_page_that_ends(client, ward, admin):
    client.force_login(admin)
    url = reverse("portfolio:training_end", args=[ward.training.pk])
    assert client.post(url, {"ended_on": days_ago(-3).isoformat()}).status_code == 422
    assert client.post(url, {"ended_on": today().isoformat()}).status_code == 302
    assert client.get(url).status_code == 404
