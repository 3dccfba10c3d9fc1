"""What a supervisor needs to see to sign: the request, the activity behind it, the goal."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from curriculum.models import LearningGoal
from curriculum.queries import Goal, Theme, goal_by_code, pathway_goals
from institutions.enums import Role
from portfolio.enums import ActivityKind
from portfolio.models import Assessment, AssessmentRequest, LearningActivity, Training
from portfolio.queries.goals import matching_goals
from portfolio.queries.hats import Hats

# --- One request ---------------------------------------------------------------------------------


def with_subject(requests: QuerySet) -> QuerySet:
    return requests.select_related(
        "training__trainee", "training__pathway", "goal__curriculum", "activity"
    )


def requests_addressed_to(user) -> QuerySet:
    """What the person may answer today, and what can no longer be answered: the page says kindly
    what became of it. An open request is gone from the sight of one whose role has ended."""
    waiting, still_open = AssessmentRequest.objects.awaiting(user), AssessmentRequest.objects.open()
    addressed = AssessmentRequest.objects.filter(
        Q(pk__in=waiting.values("pk")) | ~Q(pk__in=still_open.values("pk")), asked_of=user
    )
    return with_subject(addressed).select_related("activity__department__institution")


def request_queue(user) -> list[int]:
    """Open requests in the order they are taken, oldest first."""
    return list(AssessmentRequest.objects.awaiting(user).values_list("pk", flat=True))


def next_request(user, queue: list[int], *, done: int) -> int | None:
    """The next to take: the one behind in the queue as it was, else the first that still waits."""
    waiting = request_queue(user)
    place = queue.index(done) if done in queue else 0
    return next((pk for pk in [*queue[place:], *waiting] if pk in waiting and pk != done), None)


def activities_guided_by(user) -> QuerySet:
    """Sent at some time; the veileder's to attest where the institution says so."""
    return LearningActivity.objects.filter(
        training__in=Training.objects.guided_by(user), sent_at__isnull=False
    ).select_related("training__trainee", "training__pathway", "department__institution")


def activities_to_attest(user) -> QuerySet:
    """Oldest first."""
    sent = LearningActivity.objects.awaiting_attestation(user)
    return sent.select_related("training__trainee", "training__pathway").order_by("sent_at", "pk")


def next_activity(user) -> int | None:
    return activities_to_attest(user).values_list("pk", flat=True).first()


def signing_role(hats: Hats) -> Role:
    """The role an assessment is signed in: daily supervision first, then guidance."""
    if hats.is_clinical_supervisor:
        return Role.CLINICAL_SUPERVISOR
    return Role.EDUCATIONAL_SUPERVISOR


def goal_of(row: AssessmentRequest | Assessment) -> Goal:
    """One query at most; `row.goal.curriculum` should be loaded."""
    return goal_by_code(row.goal.curriculum.code, row.goal.code)


@dataclass(frozen=True)
class ActivityFacts:
    """What the doctor told of the activity; never the private reflection."""

    kind: str  # empty for ordinary clinical work, which goes without saying
    starts_on: dt.date
    ends_on: dt.date | None
    place: str
    performed_as: str
    note: str
    goals: tuple[str, ...] = ()
    attachments: tuple[tuple[int, str], ...] = ()  # (id, file name)

    @property
    def is_recent(self) -> bool:
        """Today or yesterday: said in words."""
        return (timezone.localdate() - self.starts_on).days in (0, 1)


def kind_worth_saying(kind: str) -> str:
    ordinary = kind == ActivityKind.SUPERVISED_PRACTICE
    return "" if ordinary else str(ActivityKind(kind).label)


def activity_facts(activity: LearningActivity | None) -> ActivityFacts | None:
    """Two queries: the goals and the attachments."""
    if activity is None:
        return None
    return ActivityFacts(
        kind=kind_worth_saying(activity.kind),
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        place=str(activity.department or ""),
        performed_as=activity.performed_as,
        note=activity.note,
        goals=tuple(activity.goals.order_by("position").values_list("code", flat=True)),
        attachments=tuple(activity.attachments.values_list("pk", "name")),
    )


# --- Beginning unasked ---------------------------------------------------------------------------


def assessable_by(user) -> QuerySet:
    """Whom this person may assess without being asked."""
    trainings = Training.objects.assessable_by(user).filter(ended_on__isnull=True)
    return trainings.select_related("trainee", "pathway")


def known_trainings(user) -> QuerySet:
    """Whom this person may assess, or may see: the latter is refused, not hidden."""
    assessable = Training.objects.assessable_by(user)
    visible = Training.objects.visible_to(user)
    return Training.objects.select_related("trainee", "pathway").filter(
        Q(pk__in=assessable.values("pk")) | Q(pk__in=visible.values("pk"))
    )


def goal_row(goal: Goal) -> LearningGoal:
    return LearningGoal.objects.select_related("curriculum").get(pk=goal.id)


def goals_by_theme(training: Training, words: str) -> list[tuple[Theme, tuple[Goal, ...]]]:
    """The goals of the pathway that hold every word, under the themes that have any."""
    goals = pathway_goals(training.pathway)
    found = matching_goals(goals.goals, words)
    listed = (
        (theme, tuple(goal for goal in theme.goals if goal.id in found)) for theme in goals.themes
    )
    return [(theme, few) for theme, few in listed if few]
