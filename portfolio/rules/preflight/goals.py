"""Goals: approved, recommended, shown, mirrored."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from curriculum.enums import RequirementCode
from institutions.enums import Role
from portfolio.enums import GoalStatus
from portfolio.rules.preflight.facts import Asked, GoalFacts, TrainingFacts
from portfolio.rules.preflight.findings import (
    YOU,
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Ground,
    Severity,
    WhoToAsk,
    found,
    head_today,
)

NEW_COMMON_GOALS = Ground("FOR-2025-01-24-114")
RECOMMENDERS = (Role.EDUCATIONAL_SUPERVISOR, Role.CLINICAL_SUPERVISOR)


def goal_findings(facts: TrainingFacts) -> Iterator[Finding]:
    """Nothing where goals are a voluntary map."""
    if facts.requirement(RequirementCode.GOALS) is None:
        return
    yield from _recommendations(facts)
    yield from _withdrawn(facts)
    yield from _approvals(facts)
    yield from _evidence(facts)
    yield from _repealed(facts)
    yield from _mirror(facts)


def _codes(goals: Iterable[GoalFacts]) -> tuple[str, ...]:
    return tuple(goal.code for goal in goals)


def _page_of(goals: Sequence[GoalFacts], key: str = "") -> Fix:
    """One goal's own page, or the list."""
    if len(goals) == 1:
        return Fix(FixKind.GOAL, key=f"{goals[0].curriculum}/{goals[0].code}")
    return Fix(FixKind.GOALS, key=key)


def _recommendations(facts: TrainingFacts) -> Iterator[Finding]:
    """One finding per role that is silent, whatever the number of claims."""
    requirement = facts.requirement(RequirementCode.RECOMMENDATIONS)
    for role in RECOMMENDERS if requirement else ():
        silent = [goal for goal in facts.goals if role in goal.missing_roles]
        if not silent:
            continue
        asked = [one for goal in silent for one in goal.asked if one.role == role]
        yield found(
            FindingCode.RECOMMENDATION_MISSING,
            Severity.MISSING,
            requirement,
            who=_asked_people(asked, role),
            fix=_page_of(silent, GoalStatus.CLAIMED),
            role=role,
            goals=_codes(silent),
            on=min((one.on for one in asked), default=None),
        )


def _asked_people(asked: Iterable[Asked], role: Role) -> tuple[WhoToAsk, ...]:
    """Nobody is asked: that is for the trainee to do."""
    names = sorted({one.name for one in asked})
    if not names:
        return (YOU,)
    return tuple(WhoToAsk(role, name) for name in names)


def _withdrawn(facts: TrainingFacts) -> Iterator[Finding]:
    withdrawn = [goal for goal in facts.goals if goal.withdrawn_on and not goal.is_approved]
    if withdrawn:
        yield found(
            FindingCode.APPROVAL_WITHDRAWN,
            Severity.MISSING,
            facts.requirement(RequirementCode.GOALS),
            who=(YOU, head_today(facts)),
            fix=_page_of(withdrawn),
            goals=_codes(withdrawn),
            on=max(goal.withdrawn_on for goal in withdrawn),
        )


def _approvals(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.GOALS)
    required = [goal for goal in facts.goals if goal.is_required]
    lacking = [goal for goal in required if not goal.is_approved]
    if lacking:
        yield found(
            FindingCode.GOALS_NOT_APPROVED,
            Severity.MISSING,
            requirement,
            who=(YOU, head_today(facts)),
            fix=_page_of(lacking),
            count=len(lacking),
            goals=_codes(lacking),
            statuses=dict(Counter(goal.status for goal in lacking)),
        )
    elif required:
        count = len(required)
        yield found(FindingCode.GOALS_APPROVED, Severity.IN_ORDER, requirement, count=count)


def _evidence(facts: TrainingFacts) -> Iterator[Finding]:
    """Approved all the same: the head may know more than the portfolio shows."""
    requirement = facts.requirement(RequirementCode.GOALS)
    unshown = [goal for goal in facts.goals if goal.is_approved and goal.unshown]
    if unshown:
        yield found(
            FindingCode.LEVEL_NEVER_SHOWN,
            Severity.CLARIFY,
            requirement,
            who=(head_today(facts),),
            fix=_page_of(unshown, GoalStatus.APPROVED),
            count=sum(goal.unshown for goal in unshown),
            goals=_codes(unshown),
        )
    stale = [goal for goal in facts.goals if _is_assessed_before_return(goal)]
    if stale:
        yield found(
            FindingCode.ASSESSED_BEFORE_RETURN,
            Severity.CLARIFY,
            facts.requirement(RequirementCode.RECOMMENDATIONS) or requirement,
            fix=_page_of(stale),
            goals=_codes(stale),
            on=max(goal.returned_on for goal in stale),
        )


def _is_assessed_before_return(goal: GoalFacts) -> bool:
    """Claimed anew, or approved, with nothing seen since it was sent back."""
    if goal.returned_on is None or goal.status not in (GoalStatus.CLAIMED, GoalStatus.APPROVED):
        return False
    return goal.assessed_on is None or goal.assessed_on < goal.returned_on


def _repealed(facts: TrainingFacts) -> Iterator[Finding]:
    """Approved under a curriculum that is repealed, and not under what follows it."""
    left = [one for one in facts.goals if one.is_repealed and one.is_approved and not one.succeeded]
    if left:
        yield found(
            FindingCode.REPEALED_CURRICULUM,
            Severity.CLARIFY,
            NEW_COMMON_GOALS,
            who=(head_today(facts),),
            fix=Fix(FixKind.MOVE),
            goals=_codes(left),
            successors=tuple(dict.fromkeys(code for goal in left for code in goal.successors)),
        )


def _mirror(facts: TrainingFacts) -> Iterator[Finding]:
    requirement = facts.requirement(RequirementCode.REGISTRY)
    if requirement is None:
        return
    mirror = Fix(FixKind.MIRROR)
    approved = [goal for goal in facts.goals if goal.is_required and goal.is_approved]
    here_alone = [goal for goal in approved if not goal.mirrored_on]
    there_alone = [one for one in facts.goals if one.mirrored_on and not one.is_approved]
    if there_alone:
        yield found(
            FindingCode.MIRRORED_NOT_APPROVED,
            Severity.CLARIFY,
            requirement,
            who=(YOU, head_today(facts)),
            fix=mirror,
            goals=_codes(there_alone),
            count=len(there_alone),
        )
    if here_alone:
        yield found(
            FindingCode.NOT_MIRRORED,
            Severity.CLARIFY,
            requirement,
            fix=mirror,
            goals=_codes(here_alone),
            count=len(here_alone),
        )
    elif approved:
        count = len(approved)
        yield found(FindingCode.MIRRORED, Severity.IN_ORDER, requirement, count=count)
