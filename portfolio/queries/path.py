"""«Veien til godkjenning»: which step a goal stands at, and what would move it (§26)."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from institutions.enums import Role
from portfolio import rules
from portfolio.enums import ClaimState, GoalStatus, Outcome, Refusal, RequestState
from portfolio.queries.claims import ClaimStory, Voice
from portfolio.queries.evidence import Ask, Evidence


class Stage(StrEnum):
    CLAIM = "claim"
    RECOMMEND = "recommend"
    DECIDE = "decide"
    APPROVED = "approved"


@dataclass(frozen=True)
class Path:
    """As one person sees it: `viewer_id` decides which acts are theirs."""

    evidence: Evidence
    viewer_id: int
    today: dt.date

    @property
    def is_own(self) -> bool:
        return self.viewer_id == self.evidence.training.trainee_id

    @cached_property
    def stage(self) -> Stage:
        if self.evidence.status == GoalStatus.APPROVED:
            return Stage.APPROVED
        claim = self.evidence.open_claim
        if claim is None:
            return Stage.CLAIM
        return Stage.DECIDE if claim.readiness.ready else Stage.RECOMMEND

    @cached_property
    def claim(self) -> ClaimStory | None:
        """The claim the steps are about: the open one, or the approved one."""
        if self.stage == Stage.APPROVED:
            return next(one for one in self.evidence.claims if one.verdict)
        return self.evidence.open_claim

    @property
    def setback(self) -> ClaimStory | None:
        """The last claim that was decided, where it was not approved or the approval was withdrawn,
        and none is open since."""
        decided = (one for one in self.evidence.claims if one.state == ClaimState.DECIDED)
        last = next(decided, None)
        if self.stage != Stage.CLAIM or last is None:
            return None
        return last

    @property
    def earlier(self) -> tuple[ClaimStory, ...]:
        """Claims before the one the steps are about."""
        now = (self.claim, self.setback)
        return tuple(one for one in self.evidence.claims if one not in now)

    @property
    def claimable_from(self) -> dt.date | None:
        """After two refusals: the first day the goal can be claimed again, while that is ahead."""
        refusal = rules.claim_refusal(
            decides_goals=True,
            state=rules.CLAIMABLE[0],
            refused_on=self.evidence.refused_on,
            today=self.today,
        )
        if self.stage != Stage.CLAIM or refusal != Refusal.WAIT_AFTER_REFUSAL:
            return None
        last = max(self.evidence.refused_on)
        return rules.months_later(last, rules.MONTHS_AFTER_SECOND_REFUSAL)

    @property
    def was_refused(self) -> bool:
        return self.setback is not None and self.setback.verdict.outcome == Outcome.REFUSED

    @property
    def open_asks(self) -> tuple[Ask, ...]:
        return tuple(one for one in self.evidence.asks if one.state == RequestState.OPEN)

    @property
    def unanswered(self) -> tuple[Ask, ...]:
        """Requests that came to nothing after the last assessment: sent back, or run out.

        Not those of an activity that is sent anew.
        """
        sent_anew = {ask.activity_id for ask in self.open_asks if ask.activity_id}
        assessed_on = max((row.on for row in self.evidence.standing_assessments), default=None)
        return tuple(
            one
            for one in self.evidence.asks
            if one.state != RequestState.OPEN
            and one.activity_id not in sent_anew
            and (assessed_on is None or (one.answered_on or one.expires_on) >= assessed_on)
        )

    @property
    def first_waiting(self) -> Voice | None:
        """Whom it is nearest to remind."""
        voices = self.claim.voices if self.claim else ()
        return next((one for one in voices if one.recommends is None), None)

    @property
    def unasked(self) -> tuple[Role, ...]:
        """Roles that must speak and of whom nobody is asked or has spoken."""
        heard = {voice.role for voice in self.claim.voices} if self.claim else set()
        missing = self.claim.readiness.missing if self.claim else ()
        return tuple(role for role in missing if role not in heard)

    @property
    def needs_another(self) -> bool:
        """Both have spoken, but they are one person."""
        claim = self.claim
        return bool(self.stage == Stage.RECOMMEND and claim and not claim.readiness.missing)

    @property
    def my_voice(self) -> Voice | None:
        """The viewer is asked to recommend, and has not answered."""
        voices = self.claim.voices if self.claim else ()
        mine = (one for one in voices if one.person_id == self.viewer_id and not one.by_tick)
        return next((one for one in mine if one.recommends is None), None)

    @property
    def is_head(self) -> bool:
        return not self.is_own and any(one.id == self.viewer_id for one in self.evidence.heads)
