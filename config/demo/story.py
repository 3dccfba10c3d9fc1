"""Plays years of history through the services, in the order things happened."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from config.demo.clock import at, moment
from curriculum.models import LearningGoal
from institutions.enums import Role
from portfolio.enums import ActivityKind, Outcome, ReturnReason
from portfolio.models import Claim, GoalProgress, Training
from portfolio.services import activities, assessments, goals


@dataclass(frozen=True)
class Team:
    """Those around the doctor at one time: people, and the department they meet in."""

    department: object
    supervisor: object
    guide: object
    head: object


class Story:
    """One doctor's history: acts are planned in any order, and played in the order of time."""

    def __init__(self, training: Training, goals_by_code: dict[str, LearningGoal]):
        self.training = training
        self.trainee = training.trainee
        self.goals = goals_by_code
        self.decides = training.pathway.decides_goals
        self._acts: list[tuple[dt.date, int, Callable[[], object]]] = []

    def plan(self, day: dt.date, act: Callable[[], object]) -> None:
        self._acts.append((day, len(self._acts), act))

    def play(self) -> None:
        last_day, minute = None, 0
        for day, _, act in sorted(self._acts, key=lambda planned: planned[:2]):
            minute = minute + 7 if day == last_day else 8 * 60
            last_day = day
            with at(moment(day, minute)):
                act()

    # --- What can happen ---

    def log(
        self,
        codes: list[str],
        *,
        day: dt.date,
        team: Team,
        note: str,
        performed_as: str = "supervised",
        kind: str = ActivityKind.SUPERVISED_PRACTICE,
        done_on: dt.date | None = None,
    ):
        """An activity, sent to the team's supervisor; returns where it can be found."""
        box: dict = {}

        def act():
            activity = activities.save_activity(
                training=self.training,
                by=self.trainee,
                key=uuid.uuid4(),
                kind=kind,
                starts_on=done_on or day,
                ends_on=None,
                department=team.department,
                goals=[self.goals[code] for code in codes],
                performed_as=performed_as,
                note=note,
                reflection="",
                supervisor=team.supervisor,
            )
            box["activity"] = activities.send_activity(activity, by=self.trainee)

        self.plan(day, act)
        return box

    def assess(
        self,
        code: str,
        levels: dict[int, int] | None,
        *,
        day: dt.date,
        team: Team,
        note: str,
        performed_as: str = "supervised",
        feedback: str = "",
        recommends: bool = False,
    ) -> None:
        """Logged and signed the same day. Without levels: every statement as required."""
        box = self.log([code], day=day, team=team, note=note, performed_as=performed_as)

        def act():
            goal = self.goals[code]
            required = {one.order: one.level for one in goal.statements.all()} or {0: 2}
            assessments.sign_assessment(
                box["activity"].assessment_requests.get(),
                by=team.supervisor,
                levels=levels or required,
                feedback=feedback,
                recommends=recommends,
                key=uuid.uuid4(),
            )
            if box["activity"].assessments.get().attestations.exists():
                return
            activities.attest_activity(box["activity"], by=team.guide, key=uuid.uuid4())

        self.plan(day, act)

    def ask(self, code: str, *, day: dt.date, of, comment: str = "") -> None:
        self.plan(
            day,
            lambda: assessments.request_assessment(
                training=self.training,
                goal=self.goals[code],
                asked_of=of,
                by=self.trainee,
                comment=comment,
                key=uuid.uuid4(),
            ),
        )

    def claim(self, code: str, *, day: dt.date, comment: str = "") -> None:
        def act():
            progress = GoalProgress.objects.filter(
                training=self.training, goal=self.goals[code]
            ).first()
            goals.claim_goal(
                training=self.training,
                goal=self.goals[code],
                by=self.trainee,
                comment=comment,
                key=uuid.uuid4(),
                version=progress.version if progress else 1,
            )

        self.plan(day, act)

    def _claim(self, code: str) -> Claim:
        return Claim.objects.open().get(
            progress__training=self.training, progress__goal=self.goals[code]
        )

    def ask_recommendations(self, code: str, *, day: dt.date, of: list, guide=None) -> None:
        self.plan(
            day,
            lambda: goals.request_recommendations(
                self._claim(code),
                by=self.trainee,
                clinical_supervisors=of,
                educational_supervisor=guide,
            ),
        )

    def recommend(self, code: str, *, day: dt.date, by, role: Role, comment: str = "") -> None:
        self.plan(
            day,
            lambda: goals.recommend(
                self._claim(code),
                by=by,
                role=role,
                recommends=True,
                comment=comment,
                key=uuid.uuid4(),
            ),
        )

    def decide(
        self, code: str, *, day: dt.date, head, outcome: str = Outcome.APPROVED, reason: str = ""
    ) -> None:
        def act():
            claim = self._claim(code)
            goals.decide_goal(
                claim,
                by=head,
                outcome=outcome,
                reason=reason,
                key=uuid.uuid4(),
                version=claim.progress.version,
            )

        self.plan(day, act)

    def return_request(self, box: dict, *, day: dt.date, by, comment: str) -> None:
        self.plan(
            day,
            lambda: assessments.return_request(
                box["activity"].assessment_requests.first(),
                by=by,
                reason=ReturnReason.NEEDS_CHANGE,
                comment=comment,
            ),
        )

    # --- Whole stretches of the way ---

    def claim_with_recommendations(
        self, code: str, *, day: dt.date, team: Team, waits_for: str = "", comment: str = ""
    ) -> None:
        """Claimed and recommended; `waits_for` names who has not answered (guide, supervisor)."""
        self.claim(code, day=day, comment=comment)
        self.ask_recommendations(code, day=day, of=[team.supervisor], guide=team.guide)
        if waits_for != "guide":
            self.recommend(code, day=day, by=team.guide, role=Role.EDUCATIONAL_SUPERVISOR)
        if waits_for != "supervisor":
            self.recommend(code, day=day, by=team.supervisor, role=Role.CLINICAL_SUPERVISOR)

    def reach(self, code: str, *, decided: dt.date, team: Team, note: str) -> None:
        """The whole way to an approval: shown, ticked, claimed, recommended, decided."""
        shown, claimed = decided - dt.timedelta(days=21), decided - dt.timedelta(days=9)
        self.assess(
            code, None, day=shown, team=team, note=note, performed_as="independent", recommends=True
        )
        self.claim(code, day=claimed)
        self.ask_recommendations(code, day=claimed, of=[], guide=team.guide)
        self.recommend(
            code,
            day=decided - dt.timedelta(days=4),
            by=team.guide,
            role=Role.EDUCATIONAL_SUPERVISOR,
        )
        self.decide(code, day=decided, head=team.head)
