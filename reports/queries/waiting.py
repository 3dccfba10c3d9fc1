"""«Hva venter på hvem»: each thing with the person it waits for, and since when."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions.enums import AttestedBy, Role
from portfolio.enums import ActivityState, ClaimState, GoalStatus
from portfolio.models import Claim, Training
from portfolio.queries.goals import Overview
from portfolio.rules import Opinion, readiness
from reports.queries.evidence import Evidence
from reports.queries.people import People


@dataclass(frozen=True)
class Waiting:
    what: str
    detail: str
    who: str
    role: str
    since: dt.date | None


def waiting(
    training: Training, overview: Overview, evidence: Evidence, people: People
) -> tuple[Waiting, ...]:
    """The longest wait first; what has no date last."""
    codes = {line.goal.id: line.goal.code for line in overview.lines}
    rows = [
        *_assessments(evidence, codes, people),
        *_attestations(evidence, people),
        *_claims(evidence, codes, people),
        *_returned_goals(training, overview, evidence, people),
        *_unsent(training, evidence, people),
        *_guide(evidence, people),
    ]
    return tuple(sorted(rows, key=lambda row: (row.since is None, row.since or dt.date.max)))


def _assessments(evidence: Evidence, codes: dict[int, str], people: People) -> Iterable[Waiting]:
    for request in evidence.requests:
        is_guide = evidence.guide and evidence.guide.pk == request.asked_of_id
        role = Role.EDUCATIONAL_SUPERVISOR if is_guide else Role.CLINICAL_SUPERVISOR
        signer = people.meet(request.asked_of, role)
        yield Waiting(
            what=_("Vurdering av %(goal)s") % {"goal": codes.get(request.goal_id, "")},
            detail="",
            who=signer.name,
            role=signer.role,
            since=timezone.localdate(request.asked_at),
        )


def _attestations(evidence: Evidence, people: People) -> Iterable[Waiting]:
    """Where the institution leaves it to the veileder; elsewhere signing attests."""
    for activity in evidence.activities:
        place = activity.department and activity.department.institution
        if (
            activity.state == ActivityState.SENT
            and place
            and place.activities_attested_by == AttestedBy.EDUCATIONAL_SUPERVISOR
        ):
            yield Waiting(
                what=_("Bekreftelse av aktivitet"),
                detail=str(activity.get_kind_display()),
                who=evidence.guide.name if evidence.guide else _("Ikke oppnevnt"),
                role=people.role_label(Role.EDUCATIONAL_SUPERVISOR),
                since=timezone.localdate(activity.sent_at),
            )


def _claims(evidence: Evidence, codes: dict[int, str], people: People) -> Iterable[Waiting]:
    for goal_id, claims in evidence.claims.items():
        for claim in claims:
            if claim.state == ClaimState.OPEN:
                yield from _open_claim(claim, codes.get(goal_id, ""), evidence, people)


def _open_claim(claim: Claim, code: str, evidence: Evidence, people: People) -> Iterable[Waiting]:
    """First the two recommendations, then the decision (§ 26)."""
    answers = claim.recommendations.all()
    ready = readiness(
        [Opinion(one.actor_id, Role(one.actor_role), one.recommends) for one in answers],
        [Opinion(one.actor_id, Role(one.actor_role), True, by_tick=True) for one in claim.ticked],
    )
    if ready.ready:
        spoken = [timezone.localdate(one.acted_at) for one in [*answers, *claim.ticked]]
        yield Waiting(
            what=_("Avgjørelse av %(goal)s") % {"goal": code},
            detail=_("Begge anbefalinger foreligger"),
            who=_heads(evidence, people),
            role=people.role_label(Role.DEPARTMENT_HEAD),
            since=max([timezone.localdate(claim.claimed_at), *spoken]),
        )
        return
    asked = list(_unanswered(claim, people))
    yield from (
        Waiting(_("Anbefaling av %(goal)s") % {"goal": code}, "", name, role, since)
        for name, role, since, _of in asked
    )
    asked_roles = {of for *_rest, of in asked}
    for role in ready.missing:
        if role not in asked_roles:
            trainee = people.meet(people.trainee, Role.TRAINEE)
            yield Waiting(
                what=_("Be om anbefaling av %(goal)s") % {"goal": code},
                detail=_("%(role)s har ikke uttalt seg") % {"role": people.role_label(role)},
                who=trainee.name,
                role=trainee.role,
                since=timezone.localdate(claim.claimed_at),
            )


def _unanswered(claim: Claim, people: People) -> Iterable[tuple[str, str, dt.date, str]]:
    answered = {one.actor_id for one in claim.recommendations.all()}
    for request in claim.recommendation_requests.all():
        if request.asked_of_id not in answered:
            signer = people.meet(request.asked_of, request.role)
            yield signer.name, signer.role, timezone.localdate(request.asked_at), request.role


def _returned_goals(
    training: Training, overview: Overview, evidence: Evidence, people: People
) -> Iterable[Waiting]:
    for line in overview.lines:
        if line.status == GoalStatus.RETURNED:
            decision = getattr(evidence.claims[line.goal.id][-1], "decision", None)
            trainee = people.meet(training.trainee, Role.TRAINEE)
            yield Waiting(
                what=_("%(goal)s er sendt tilbake") % {"goal": line.goal.code},
                detail=f"«{decision.reason}»" if decision else "",
                who=trainee.name,
                role=trainee.role,
                since=timezone.localdate(decision.acted_at) if decision else None,
            )


def _unsent(training: Training, evidence: Evidence, people: People) -> Iterable[Waiting]:
    """Only in the trainee's own report: nobody else knows of drafts."""
    trainee = people.meet(training.trainee, Role.TRAINEE)
    returned = sum(one.state == ActivityState.RETURNED for one in evidence.unsent)
    drafts = len(evidence.unsent) - returned
    if returned:
        yield Waiting(
            ngettext(
                "%(count)s aktivitet er sendt tilbake",
                "%(count)s aktiviteter er sendt tilbake",
                returned,
            )
            % {"count": returned},
            _("Rett og send på nytt"),
            trainee.name,
            trainee.role,
            None,
        )
    if drafts:
        yield Waiting(
            ngettext(
                "%(count)s aktivitet er ikke sendt", "%(count)s aktiviteter er ikke sendt", drafts
            )
            % {"count": drafts},
            "",
            trainee.name,
            trainee.role,
            None,
        )


def _guide(evidence: Evidence, people: People) -> Iterable[Waiting]:
    if evidence.guide is None:
        yield Waiting(
            _("Oppnevning av veileder"),
            _("Legen har ingen veileder i dag"),
            _heads(evidence, people),
            people.role_label(Role.DEPARTMENT_HEAD),
            None,
        )


def _heads(evidence: Evidence, people: People) -> str:
    names = [people.meet(head, Role.DEPARTMENT_HEAD).name for head in evidence.heads]
    return _(" eller ").join(names) or _("Ikke oppnevnt")
