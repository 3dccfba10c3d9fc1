"""Claims of a goal, with all that was said of them."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Expression, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from curriculum.queries import Goal
from institutions.enums import Role
from portfolio import rules
from portfolio.enums import ClaimState, Outcome
from portfolio.models import (
    Assessment,
    Claim,
    GoalProgress,
    Recommendation,
    RecommendationRequest,
    Training,
)
from portfolio.queries.goals import local_day


@dataclass(frozen=True)
class Tick:
    """«Jeg anbefaler godkjenning» in a standing assessment."""

    assessment_id: int
    person_id: int
    name: str
    role: Role
    feedback: str
    seen_on: dt.date


@dataclass(frozen=True)
class Voice:
    """One person in one role who is asked for, or has given, an opinion of a claim."""

    person_id: int
    name: str
    role: Role
    recommends: bool | None  # None while they have not answered
    comment: str = ""
    said_on: dt.date | None = None
    by_tick: bool = False  # «Jeg anbefaler godkjenning» in an assessment that the claim cites
    request_id: int | None = None
    asked_on: dt.date | None = None
    reminded_at: dt.datetime | None = None


@dataclass(frozen=True)
class Verdict:
    """The head's decision of one claim, and its withdrawal where there is one."""

    id: int
    outcome: Outcome
    reason: str
    by: str
    on: dt.date
    withdrawn_by: str = ""
    withdrawn_on: dt.date | None = None
    withdrawn_reason: str = ""


@dataclass(frozen=True)
class ClaimStory:
    """One claim from the first word to the decision."""

    id: int
    number: int
    state: ClaimState
    comment: str
    claimed_on: dt.date
    cited: frozenset[int]  # assessments
    voices: tuple[Voice, ...]
    verdict: Verdict | None

    @property
    def readiness(self) -> rules.Readiness:
        spoken = [one for one in self.voices if one.recommends is not None]
        opinions = [
            rules.Opinion(one.person_id, one.role, one.recommends, one.by_tick) for one in spoken
        ]
        return rules.readiness(
            [one for one in opinions if not one.by_tick], [one for one in opinions if one.by_tick]
        )


def readiness_of(claims: Iterable[int]) -> dict[int, rules.Readiness]:
    """Whether §26 lets the head decide, by claim (its id). Two queries."""
    claims = list(claims)
    answers, ticks = defaultdict(list), defaultdict(list)
    said = Recommendation.objects.filter(claim__in=claims)
    for claim, person, role, recommends in said.values_list(
        "claim", "actor", "actor_role", "recommends"
    ):
        answers[claim].append(rules.Opinion(person, Role(role), recommends))
    ticked = Assessment.objects.standing().filter(citations__claim__in=claims, recommends=True)
    for claim, person, role in ticked.values_list("citations__claim", "actor", "actor_role"):
        ticks[claim].append(rules.Opinion(person, Role(role), True, by_tick=True))
    return {claim: rules.readiness(answers[claim], ticks[claim]) for claim in claims}


def claims_of(
    training: Training, goal: Goal, ticks: Iterable[Tick]
) -> tuple[tuple[ClaimStory, ...], GoalProgress | None]:
    """Every claim of the goal with all that was said of it, and the goal's progress. One query.

    A goal that was never claimed has no progress to speak of: it is open, in its first version.
    """
    of_claim = Q(claim=OuterRef("pk"))
    asked = RecommendationRequest.objects.filter(of_claim, withdrawn_at__isnull=True)
    claims = (
        Claim.objects.filter(progress__training=training, progress__goal=goal.id)
        .select_related("progress", "decision__actor", "decision__withdrawal__actor")
        .annotate(
            cited=ArraySubquery(
                Assessment.objects.filter(citations__claim=OuterRef("pk")).values("pk")
            ),
            asked=json_rows(
                asked.order_by("asked_at", "pk"),
                id="pk",
                person_id="asked_of",
                name="asked_of__name",
                role="role",
                asked_at="asked_at",
                reminded_at="reminded_at",
            ),
            said=json_rows(
                Recommendation.objects.filter(of_claim).order_by("acted_at", "pk"),
                person_id="actor",
                name="actor__name",
                role="actor_role",
                recommends="recommends",
                comment="comment",
                acted_at="acted_at",
            ),
        )
        .order_by("-number")
    )
    ticks = list(ticks)
    stories = [(claim.progress, _claim_story(claim, ticks)) for claim in claims]
    return tuple(story for _, story in stories), stories[0][0] if stories else None


def _claim_story(claim: Claim, ticks: Iterable[Tick]) -> ClaimStory:
    cited = frozenset(claim.cited)
    return ClaimStory(
        id=claim.pk,
        number=claim.number,
        state=ClaimState(claim.state),
        comment=claim.comment,
        claimed_on=local_day(claim.claimed_at),
        cited=cited,
        voices=_voices(claim, [tick for tick in ticks if tick.assessment_id in cited]),
        verdict=_verdict(claim),
    )


def _voices(claim: Claim, ticks: Iterable[Tick]) -> tuple[Voice, ...]:
    """Whoever was asked, has spoken, or ticked; the veileder first.

    Somebody's own answer to the claim outweighs their tick.
    """
    voices = {(one["person_id"], one["role"]): _asked(one) for one in claim.asked}
    for said in claim.said:
        person = (said["person_id"], said["role"])
        voices[person] = _spoken(said, asked=voices.get(person))
    answered = {one.person_id for one in voices.values() if one.recommends is not None}
    for tick in ticks:
        person = (tick.person_id, tick.role)
        if tick.person_id not in answered:
            voices[person] = _ticked(tick, asked=voices.get(person))
    return tuple(sorted(voices.values(), key=lambda one: one.role != Role.EDUCATIONAL_SUPERVISOR))


def _asked(found: dict) -> Voice:
    return Voice(
        person_id=found["person_id"],
        name=found["name"],
        role=Role(found["role"]),
        recommends=None,
        request_id=found["id"],
        asked_on=local_day(moment(found["asked_at"])),
        reminded_at=moment(found["reminded_at"]),
    )


def _spoken(found: dict, *, asked: Voice | None) -> Voice:
    return Voice(
        person_id=found["person_id"],
        name=found["name"],
        role=Role(found["role"]),
        recommends=found["recommends"],
        comment=found["comment"],
        said_on=local_day(moment(found["acted_at"])),
        request_id=asked and asked.request_id,
        asked_on=asked and asked.asked_on,
    )


def _ticked(tick: Tick, *, asked: Voice | None) -> Voice:
    return Voice(
        person_id=tick.person_id,
        name=tick.name,
        role=Role(tick.role),
        recommends=True,
        comment=tick.feedback,
        said_on=tick.seen_on,
        by_tick=True,
        request_id=asked and asked.request_id,
        asked_on=asked and asked.asked_on,
    )


def _verdict(claim: Claim) -> Verdict | None:
    decision = getattr(claim, "decision", None)
    if decision is None:
        return None
    withdrawal = getattr(decision, "withdrawal", None)
    return Verdict(
        id=decision.pk,
        outcome=Outcome(decision.outcome),
        reason=decision.reason,
        by=decision.actor.name,
        on=local_day(decision.acted_at),
        withdrawn_by=withdrawal.actor.name if withdrawal else "",
        withdrawn_on=local_day(withdrawal.acted_at) if withdrawal else None,
        withdrawn_reason=withdrawal.reason if withdrawal else "",
    )


def json_rows(rows: QuerySet, **fields: str | Expression) -> ArraySubquery:
    """Rows of another table as a list of objects in a column, so that one query fetches several
    tables. Days and moments come as ISO 8601."""
    return ArraySubquery(rows.values(row=JSONObject(**fields)))


def moment(text: str | None) -> dt.datetime | None:
    """A moment out of PostgreSQL's JSON."""
    return dt.datetime.fromisoformat(text) if text else None
