"""«Speil»: what is approved here and what is approved in the registry, goal by goal."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from curriculum.queries import Goal, pathway_goals
from institutions.enums import Role
from pages.dates import numeric_day
from portfolio.enums import Outcome, ProgressState, Registry
from portfolio.models import Decision, GoalProgress, MirroredGoal, Recommendation, Training
from portfolio.queries.claims import json_rows, moment


@dataclass(frozen=True)
class Mirrored:
    registry: Registry
    on: dt.date


@dataclass(frozen=True)
class MirrorLine:
    """One goal: approved here or not, in the registry or not, and what to copy there."""

    goal: Goal
    approved_on: dt.date | None
    approved_by: str
    recommended_by: tuple[str, ...]  # «veileder Per Demo Moen»
    mirrored: Mirrored | None

    @property
    def text(self) -> str:
        """Ready to copy into the registry."""
        approved = _("%(code)s: Godkjent %(day)s av leder %(name)s.") % {
            "code": self.goal.code,
            "day": numeric_day(self.approved_on),
            "name": self.approved_by,
        }
        if not self.recommended_by:
            return approved
        return f"{approved} " + _("Anbefalt av %(names)s.") % {
            "names": ", ".join(self.recommended_by)
        }


@dataclass(frozen=True)
class Mirror:
    training: Training
    lines: tuple[MirrorLine, ...]

    @cached_property
    def here_alone(self) -> tuple[MirrorLine, ...]:
        return tuple(one for one in self.lines if one.approved_on and not one.mirrored)

    @cached_property
    def there_alone(self) -> tuple[MirrorLine, ...]:
        return tuple(one for one in self.lines if one.mirrored and not one.approved_on)

    @cached_property
    def both(self) -> tuple[MirrorLine, ...]:
        return tuple(one for one in self.lines if one.mirrored and one.approved_on)

    @cached_property
    def neither(self) -> tuple[MirrorLine, ...]:
        return tuple(one for one in self.lines if not one.mirrored and not one.approved_on)

    @property
    def copy_all(self) -> str:
        return "\n".join(one.text for one in self.here_alone)


def mirror_of(training: Training) -> Mirror:
    """Three queries. `training.pathway` should be loaded."""
    noted = {
        one.goal_id: Mirrored(Registry(one.registry), one.approved_on)
        for one in MirroredGoal.objects.filter(training=training).order_by()
    }
    approved = {one.goal_id: one for one in _approved(training)}
    return Mirror(
        training=training,
        lines=tuple(
            _line(goal, approved.get(goal.id), noted.get(goal.id))
            for goal in pathway_goals(training.pathway).goals
        ),
    )


def _approved(training: Training):
    decisions = Decision.objects.filter(
        claim__progress=OuterRef("pk"), outcome=Outcome.APPROVED, withdrawal__isnull=True
    )
    said = Recommendation.objects.filter(
        claim__progress=OuterRef("pk"), claim__decision__outcome=Outcome.APPROVED, recommends=True
    )
    progress = GoalProgress.objects.filter(training=training, state=ProgressState.APPROVED)
    return progress.order_by().annotate(
        decision_rows=json_rows(
            decisions.order_by("-acted_at")[:1], name="actor__name", acted_at="acted_at"
        ),
        said_rows=json_rows(said.order_by("acted_at"), name="actor__name", role="actor_role"),
    )


def _line(goal: Goal, progress: GoalProgress | None, mirrored: Mirrored | None) -> MirrorLine:
    decided = progress.decision_rows[0] if progress and progress.decision_rows else None
    said = progress.said_rows if decided else []
    return MirrorLine(
        goal=goal,
        approved_on=timezone.localdate(moment(decided["acted_at"])) if decided else None,
        approved_by=decided["name"] if decided else "",
        recommended_by=tuple(
            dict.fromkeys(f"{str(Role(one['role']).label).lower()} {one['name']}" for one in said)
        ),
        mirrored=mirrored,
    )
