"""What the pages about activities show: the choices of the form, the list, and one activity."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from curriculum.queries import Goal, PathwayGoals, Statement, pathway_goals
from institutions.models import Department
from institutions.queries import departments_by_institution, supervisors_in_force
from portfolio import rules
from portfolio.enums import ActivityKind, ProgressState, RequestState
from portfolio.models import (
    WHOLE_GOAL,
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    GoalProgress,
    LearningActivity,
    Placement,
    RecommendationRequest,
    Training,
)

LIKELY_GOALS = 5  # with the search they fill a grid of two by three
RECENT = 60
SETTLED = (ProgressState.APPROVED, ProgressState.CLAIMED)


def own_training(user) -> QuerySet[Training]:
    """The person's own training: the one that runs, else the last that ended. At most one row."""
    newest = F("ended_on").desc(nulls_first=True)
    return Training.objects.of(user).select_related("pathway").order_by(newest)[:1]


# --- What can be chosen when something is logged -------------------------------------------------


@dataclass(frozen=True)
class ActivityChoices:
    """What the trainee may choose among, and what is likely today."""

    training: Training
    goals: PathwayGoals
    likely_goals: tuple[Goal, ...]
    departments: tuple[tuple[str, tuple[Department, ...]], ...]
    supervisors: tuple[tuple[str, tuple[User, ...]], ...]
    department_id: int | None
    supervisor_id: int | None


def activity_choices(training: Training) -> ActivityChoices:
    """Five queries. The place is where the trainee serves now; the assessor the last one used, as
    long as they may assess, else the veileder."""
    guide = training.supervisions.in_force().select_related("supervisor").first()
    supervisors = _supervisor_groups(training, guide.supervisor if guide else None)
    placed_at, recent, settled, last_used = _habits(training)
    goals = pathway_goals(training.pathway)
    may_assess = {person.pk for _place, people in supervisors for person in people}
    return ActivityChoices(
        training=training,
        goals=goals,
        likely_goals=_likely(goals, recent=recent, settled=set(settled)),
        departments=_department_groups(placed_at),
        supervisors=supervisors,
        department_id=placed_at[0] if placed_at else None,
        supervisor_id=last_used if last_used in may_assess else guide and guide.supervisor_id,
    )


def _habits(training: Training) -> tuple[list[int], list[int], list[int], int | None]:
    """Departments served at now, goals logged last, goals settled, and the last assessor used."""
    placements = Placement.objects.in_force().filter(
        training=OuterRef("pk"), department__isnull=False
    )
    logged = ActivityGoal.objects.filter(activity__training=OuterRef("pk"))
    settled = GoalProgress.objects.filter(training=OuterRef("pk"), state__in=SETTLED)
    used = LearningActivity.objects.filter(training=OuterRef("pk"), supervisor__isnull=False)
    return (
        Training.objects.filter(pk=training.pk)
        .values_list(
            ArraySubquery(placements.order_by("-percent", "-starts_on").values("department_id")),
            ArraySubquery(
                logged.order_by("-activity__starts_on", "-activity_id", "pk").values("goal_id")[
                    :RECENT
                ]
            ),
            ArraySubquery(settled.order_by().values("goal_id")),
            Subquery(used.order_by("-created_at", "-pk").values("supervisor_id")[:1]),
        )
        .get()
    )


def _likely(goals: PathwayGoals, *, recent: list[int], settled: set[int]) -> tuple[Goal, ...]:
    """Those logged last; then one from each theme, so that a beginner sees the breadth."""
    logged = [goals.by_id[pk] for pk in recent if pk in goals.by_id]
    first_of_themes = [theme.goals[0] for theme in goals.themes if theme.goals]
    ordered = dict.fromkeys([*logged, *first_of_themes, *goals.goals])
    return tuple(goal for goal in ordered if goal.id not in settled)[:LIKELY_GOALS]


def _department_groups(placed_at: Iterable[int]) -> tuple[tuple[str, tuple[Department, ...]], ...]:
    """The trainee's own first; they stand there only."""
    placed_at = set(placed_at)
    groups = departments_by_institution()
    everywhere = [one for _institution, departments in groups for one in departments]
    own = tuple(one for one in everywhere if one.pk in placed_at)
    others = [
        (str(institution), tuple(one for one in departments if one.pk not in placed_at))
        for institution, departments in groups
    ]
    return tuple((label, few) for label, few in [(_("Din tjeneste"), own), *others] if few)


def _supervisor_groups(
    training: Training, guide: User | None
) -> tuple[tuple[str, tuple[User, ...]], ...]:
    """The trainee's veileder first; nobody twice, and never oneself."""
    groups = [(_("Din veileder"), [guide] if guide else [])]
    groups += supervisors_in_force(timezone.localdate())
    listed, kept = {training.trainee_id}, []
    for place, people in groups:
        new = tuple(person for person in people if person.pk not in listed)
        listed |= {person.pk for person in new}
        if new:
            kept.append((place, new))
    return tuple(kept)


# --- The list ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ActivityRow:
    pk: int
    heading: str
    kind: str
    starts_on: dt.date
    place: str
    codes: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class ActivityYear:
    year: int
    rows: tuple[ActivityRow, ...]


def own_activities(training: Training, state: str = "") -> QuerySet[LearningActivity]:
    """Newest first, with what a row needs."""
    codes = ActivityGoal.objects.filter(activity=OuterRef("pk")).order_by("goal__position")
    activities = training.activities.select_related("department").annotate(
        codes=ArraySubquery(codes.values("goal__code"))
    )
    return activities.filter(state=state) if state else activities


def years_of(activities: Iterable[LearningActivity]) -> tuple[ActivityYear, ...]:
    """A page of activities under the years they lie in."""
    return tuple(
        ActivityYear(year, tuple(map(_row, group)))
        for year, group in groupby(activities, key=lambda one: one.starts_on.year)
    )


def _row(activity: LearningActivity) -> ActivityRow:
    return ActivityRow(
        pk=activity.pk,
        heading=activity.heading,
        kind=activity.get_kind_display(),
        starts_on=activity.starts_on,
        place=activity.department.name if activity.department else "",
        codes=tuple(activity.codes),
        state=activity.state,
    )


def may_remind(request: AssessmentRequest | RecommendationRequest) -> bool:
    return rules.may_remind(
        asked_on=request.asked_on, reminded_on=request.reminded_on, today=timezone.localdate()
    )


# --- One activity --------------------------------------------------------------------------------


@dataclass(frozen=True)
class SeenStatement:
    """One statement of a goal as one person saw it. `statement` is None for a whole goal."""

    statement: Statement | None
    level: int | None


@dataclass(frozen=True)
class GoalOfActivity:
    """One goal, whom it was asked of, and what they said."""

    goal: Goal
    request: AssessmentRequest | None
    assessment: Assessment | None
    seen: tuple[SeenStatement, ...]

    @property
    def has_expired(self) -> bool:
        if self.request is None:
            return False
        if self.request.state == RequestState.EXPIRED:
            return True
        return self.is_open and self.request.expires_on < timezone.localdate()

    @property
    def is_open(self) -> bool:
        return self.request is not None and self.request.state == RequestState.OPEN

    @property
    def may_remind(self) -> bool:
        return self.is_open and not self.has_expired and may_remind(self.request)


@dataclass(frozen=True)
class ActivityPage:
    activity: LearningActivity
    goals: tuple[GoalOfActivity, ...]
    reflection: str  # empty for everyone but the trainee
    is_told: bool  # the reader may read the note and open the files

    @cached_property
    def has_proposal(self) -> bool:
        return any(one.goal.is_proposal for one in self.goals)

    @property
    def shows_note(self) -> bool:
        """A note of one sentence is the heading already."""
        return self.is_told and self.activity.note.strip().rstrip(".") not in (
            "",
            self.activity.heading,
        )

    @property
    def returned_by(self) -> AssessmentRequest | None:
        """The request it came back with, where it came back with one."""
        returned = [
            one.request
            for one in self.goals
            if one.request and one.request.state == RequestState.RETURNED
        ]
        return returned[-1] if returned else None


def activities_with_facts() -> QuerySet[LearningActivity]:
    goal_ids = ActivityGoal.objects.filter(activity=OuterRef("pk")).order_by(
        "goal__curriculum__position", "goal__position"
    )
    return (
        LearningActivity.objects.select_related(
            "training__pathway",
            "training__trainee",
            "department__institution",
            "supervisor",
            "attestation__actor",
        )
        .annotate(goal_ids=ArraySubquery(goal_ids.values("goal_id")))
        .prefetch_related("attachments")
    )


def activity_page(activity: LearningActivity, user) -> ActivityPage:
    """Three queries, and one more for the trainee's own reflection."""
    goals = pathway_goals(activity.training.pathway).by_id
    asked = AssessmentRequest.objects.filter(activity=activity).select_related("asked_of")
    requests = {one.goal_id: one for one in asked.order_by("asked_at", "pk")}
    is_own = activity.training.trainee_id == user.pk
    said = Assessment.objects.standing().filter(activity=activity)
    if not is_own:
        said = said.visible_to(user)
    assessments = {
        one.goal_id: one for one in said.select_related("actor").order_by("acted_at", "pk")
    }
    return ActivityPage(
        activity=activity,
        goals=tuple(
            _goal_of_activity(goals[pk], requests.get(pk), assessments.get(pk))
            for pk in activity.goal_ids
            if pk in goals
        ),
        reflection=reflection_of(activity) if is_own else "",
        is_told=is_told(activity, user),
    )


def is_told(activity: LearningActivity, user) -> bool:
    """Whether the person, who sees the activity, may read its note. No query but for guidance."""
    if activity.kind != ActivityKind.GUIDANCE:
        return True
    return LearningActivity.objects.told_to(user).filter(pk=activity.pk).exists()


def _goal_of_activity(
    goal: Goal, request: AssessmentRequest | None, assessment: Assessment | None
) -> GoalOfActivity:
    seen = ()
    if assessment:
        seen = tuple(
            SeenStatement(one, assessment.level_of(one.order if one else WHOLE_GOAL))
            for one in goal.statements or (None,)
        )
    return GoalOfActivity(goal=goal, request=request, assessment=assessment, seen=seen)


def reflection_of(activity: LearningActivity) -> str:
    """The trainee's private thought. Nobody else's page asks for it."""
    reflection = getattr(activity, "reflection", None)
    return reflection.text if reflection else ""
