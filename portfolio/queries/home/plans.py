"""What waits because of plans: a draft not shared, the other party's word, a plan that runs out."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.enums import Role
from portfolio.enums import PlanKind, PlanTerm
from portfolio.models import Plan, PlanAgreement, Training
from portfolio.queries.claims import json_rows, moment
from portfolio.queries.home.rows import Row
from portfolio.queries.plans import plan_title
from portfolio.rules.plans import OTHER_PARTY, term_of

WARNED = (PlanTerm.ENDING, PlanTerm.OVER)


@dataclass(frozen=True)
class HeldPlan:
    """A revision: when it was written, and when each party agreed."""

    pk: int
    kind: PlanKind
    number: int
    written_on: dt.date
    valid_from: dt.date
    valid_until: dt.date | None
    trainee_on: dt.date | None
    other_on: dt.date | None

    @property
    def term(self) -> PlanTerm:
        return term_of(self.valid_from, self.valid_until, today=timezone.localdate())


def with_plans(trainings: QuerySet[Training]) -> QuerySet[Training]:
    """Each with its plans, in the query that is made anyway: home is asked for most of all."""
    said = PlanAgreement.objects.filter(plan=OuterRef("pk"))
    plans = Plan.objects.filter(training=OuterRef("pk")).annotate(
        trainee_at=Subquery(said.filter(actor_role=Role.TRAINEE).values("acted_at")[:1]),
        other_at=Subquery(said.exclude(actor_role=Role.TRAINEE).values("acted_at")[:1]),
    )
    return trainings.annotate(
        held_plans=json_rows(
            plans.order_by("-number"),
            pk="pk",
            kind="kind",
            number="number",
            written_at="written_at",
            valid_from="valid_from",
            valid_until="valid_until",
            trainee_at="trainee_at",
            other_at="other_at",
        )
    )


@dataclass(frozen=True)
class PlanRows:
    mine: tuple[Row, ...]
    drafts: tuple[Row, ...]
    others: tuple[Row, ...]


def plan_rows(training: Training) -> PlanRows:
    """Of a training that came `with_plans`."""
    plans = [_held(row) for row in training.held_plans]
    by_kind = {kind: [one for one in plans if one.kind == kind] for kind in PlanKind}
    latest = [held[0] for held in by_kind.values() if held]
    return PlanRows(
        mine=tuple(_running_out(by_kind[PlanKind.IMPLEMENTATION])),
        drafts=tuple(_draft(one) for one in latest if one.trainee_on is None),
        others=tuple(_awaited(one) for one in latest if one.trainee_on and not one.other_on),
    )


def _held(row: dict) -> HeldPlan:
    def day(name: str) -> dt.date | None:
        return timezone.localdate(at) if (at := moment(row[name])) else None

    return HeldPlan(
        pk=row["pk"],
        kind=PlanKind(row["kind"]),
        number=row["number"],
        written_on=day("written_at"),
        valid_from=dt.date.fromisoformat(row["valid_from"]),
        valid_until=row["valid_until"] and dt.date.fromisoformat(row["valid_until"]),
        trainee_on=day("trainee_at"),
        other_on=day("other_at"),
    )


def _running_out(plans: list[HeldPlan]) -> Iterator[Row]:
    """Until a new one is on its way."""
    standing = next((one for one in plans if one.trainee_on and one.other_on), None)
    if standing and standing.term in WARNED and plans[0] == standing:
        is_over = standing.term == PlanTerm.OVER
        yield Row(
            title=_("Gjennomføringsplanen er gått ut")
            if is_over
            else _("Gjennomføringsplanen går ut"),
            url=reverse("portfolio:implementation_plan"),
            who=_("Skriv en ny, og be leder signere."),
            since=standing.valid_from,
            deadline=standing.valid_until,
        )


def _draft(plan: HeldPlan) -> Row:
    return Row(
        title=plan_title(plan.kind, plan.number),
        url=reverse("portfolio:plan_detail", args=[plan.pk]),
        who=_("Les den og si deg enig."),
        since=plan.written_on,
    )


def _awaited(plan: HeldPlan) -> Row:
    return Row(
        title=plan_title(plan.kind, plan.number),
        url=reverse("portfolio:plan_detail", args=[plan.pk]),
        who=str(OTHER_PARTY[plan.kind].label),
        since=plan.trainee_on,
    )
