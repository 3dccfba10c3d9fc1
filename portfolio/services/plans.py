"""Writing a plan, and agreeing to it. A change of what somebody has agreed to is a new revision."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from curriculum.models import LearningGoal
from institutions.enums import Role
from institutions.models import Department
from portfolio import permissions, rules
from portfolio.enums import PlanKind, Refusal, Verb
from portfolio.models import Plan, PlanAgreement, PlanItem, Training
from portfolio.rules.plans import NOTHING_YET, half_year_of, implementation_until
from portfolio.services.activities import require_goals
from portfolio.services.ledger import once, record

CONTENT = ("department_id", "activity", "weeks")


# --- Writing -------------------------------------------------------------------------------------


@transaction.atomic
def add_to_plan(
    *,
    training: Training,
    by,
    goals: Iterable[LearningGoal],
    half_year: dt.date,
    department: Department | None,
    activity: str,
    weeks: int | None,
) -> Plan:
    """Goals into one half-year of the individual plan. Asked twice, it is done once."""
    training = _locked(training, by=by)
    goals = list(goals)
    rules.require(bool(goals), Refusal.NO_GOAL)
    require_goals(goals, training)
    _require_ahead(half_year)
    wanted = _content(department, activity, weeks)
    latest = _latest(training, PlanKind.INDIVIDUAL)
    planned = (
        {one.goal_id: one for one in latest.items.filter(half_year=half_year)} if latest else {}
    )
    known = [planned[goal.pk] for goal in goals if goal.pk in planned]
    rules.require(all(_content_of(one) == wanted for one in known), Refusal.ALREADY_PLANNED)
    if len(known) == len(goals):
        return latest
    plan = _open_revision(training, PlanKind.INDIVIDUAL, by=by)
    PlanItem.objects.bulk_create(
        PlanItem(plan=plan, half_year=half_year, goal=goal, **wanted)
        for goal in goals
        if goal.pk not in planned
    )
    return _touch(plan)


@transaction.atomic
def change_plan_item(
    item: PlanItem,
    *,
    by,
    seen: str,
    half_year: dt.date,
    department: Department | None,
    activity: str,
    weeks: int | None,
) -> Plan:
    """`seen`: the stamp of the plan on the page. Stale where the plan is another by now."""
    training = _locked(item.plan.training, by=by)
    latest = _latest(training, PlanKind.INDIVIDUAL)
    wanted = _content(department, activity, weeks)
    there = latest.items.filter(goal=item.goal_id, half_year=half_year).first()
    if there and _content_of(there) == wanted:
        return latest  # the second of a double submit
    _require_seen(latest, seen)
    same = {"goal": item.goal_id, "half_year": item.half_year}
    if half_year != item.half_year or not latest.items.filter(**same).exists():
        _require_ahead(half_year)
        rules.require(there is None, Refusal.ALREADY_PLANNED)
    plan = _open_revision(training, PlanKind.INDIVIDUAL, by=by)
    if not plan.items.filter(**same).update(half_year=half_year, **wanted):
        # Taken out in another tab, and saved on top of that knowingly.
        plan.items.create(goal_id=item.goal_id, half_year=half_year, **wanted)
    return _touch(plan)


@transaction.atomic
def remove_plan_item(item: PlanItem, *, by, seen: str) -> Plan:
    training = _locked(item.plan.training, by=by)
    latest = _latest(training, PlanKind.INDIVIDUAL)
    same = {"goal": item.goal_id, "half_year": item.half_year}
    if not latest.items.filter(**same).exists():
        return latest
    _require_seen(latest, seen)
    plan = _open_revision(training, PlanKind.INDIVIDUAL, by=by)
    plan.items.filter(**same).delete()
    return _touch(plan)


@transaction.atomic
def write_plan_text(
    *, training: Training, by, kind: str, text: str, seen: str, valid_from: dt.date | None = None
) -> Plan:
    """What the parties agree on beside the goals. The implementation plan begins on `valid_from`
    and lasts twelve months."""
    training = _locked(training, by=by)
    latest = _latest(training, kind)
    terms = _terms(kind, valid_from)
    wanted = {"text": text} | (terms if kind == PlanKind.IMPLEMENTATION else {})
    if latest and all(getattr(latest, name) == value for name, value in wanted.items()):
        return latest
    _require_seen(latest, seen)
    may_be_empty = kind == PlanKind.INDIVIDUAL and latest is not None
    rules.require(bool(text) or may_be_empty, Refusal.NO_PLAN_TEXT)
    plan = _open_revision(training, kind, by=by, terms=terms)
    for name, value in wanted.items():
        setattr(plan, name, value)
    return _touch(plan)


# --- Agreeing ------------------------------------------------------------------------------------


@once(PlanAgreement)
def agree_to_plan(plan: Plan, *, by, seen: str, key: UUID) -> PlanAgreement:
    """The trainee first, then the educational supervisor (individual) or the head
    (implementation). Nobody can change the revision afterwards."""
    Training.objects.select_for_update().get(pk=plan.training_id)
    plan = Plan.objects.select_related("training__pathway").get(pk=plan.pk)
    latest = _latest(plan.training, plan.kind)
    if latest.pk != plan.pk:
        raise rules.Stale
    role = permissions.agreeing_role(by, plan)
    if role is None:
        raise PermissionDenied
    _require_seen(plan, seen)
    if plan.kind == PlanKind.INDIVIDUAL:
        rules.require(plan.items.exists(), Refusal.EMPTY_PLAN)
    agreement = PlanAgreement.objects.create(plan=plan, actor=by, actor_role=role, key=key)
    record(
        plan.training,
        actor=by,
        role=role,
        verb=Verb.PLAN_AGREED,
        subject=agreement,
        content=_shown(plan),
    )
    return agreement


# --- What these have in common -------------------------------------------------------------------


def _locked(training: Training, *, by) -> Training:
    """Two at once take turns: each then sees what the other wrote."""
    if not permissions.can_log(by, training):
        raise PermissionDenied
    return (
        Training.objects.select_for_update(of=["self"])
        .select_related("pathway")
        .get(pk=training.pk)
    )


def _latest(training: Training, kind: str) -> Plan | None:
    return training.plans.filter(kind=kind).order_by("-number").first()


def _open_revision(
    training: Training, kind: str, *, by, terms: dict[str, dt.date | None] | None = None
) -> Plan:
    """The one that nobody has agreed to; else a new one with all that the last one says."""
    latest = _latest(training, kind)
    if latest and not latest.agreements.exists():
        return latest
    plan = Plan.objects.create(
        training=training,
        kind=kind,
        number=latest.number + 1 if latest else 1,
        text=latest.text if latest else "",
        **(terms or _terms(kind, None)),
    )
    if latest:
        PlanItem.objects.bulk_create(_copies(latest, plan))
    record(
        training,
        actor=by,
        role=Role.TRAINEE,
        verb=Verb.PLAN_WRITTEN,
        subject=plan,
        content={"kind": kind, "number": plan.number, "copy_of": latest and latest.number},
    )
    return plan


def _copies(earlier: Plan, plan: Plan) -> list[PlanItem]:
    return [
        PlanItem(plan=plan, half_year=one.half_year, goal_id=one.goal_id, **_content_of(one))
        for one in earlier.items.all()
    ]


def _terms(kind: str, valid_from: dt.date | None) -> dict[str, dt.date | None]:
    valid_from = valid_from or timezone.localdate()
    is_individual = kind == PlanKind.INDIVIDUAL
    until = None if is_individual else implementation_until(valid_from)
    return {"valid_from": valid_from, "valid_until": until}


def _touch(plan: Plan) -> Plan:
    plan.version += 1
    plan.save()
    return plan


def _require_ahead(half_year: dt.date) -> None:
    rules.require(half_year >= half_year_of(timezone.localdate()), Refusal.HALF_YEAR_OVER)


def _require_seen(latest: Plan | None, seen: str) -> None:
    if (latest.stamp if latest else NOTHING_YET) != seen:
        raise rules.Stale


def _content(department: Department | None, activity: str, weeks: int | None) -> dict:
    return {
        "department_id": department.pk if department else None,
        "activity": activity,
        "weeks": weeks,
    }


def _content_of(item: PlanItem) -> dict:
    return {name: getattr(item, name) for name in CONTENT}


def _shown(plan: Plan) -> dict:
    """What was agreed to, whole."""
    items = plan.items.select_related("goal__curriculum", "department__institution")
    return {
        "kind": plan.kind,
        "number": plan.number,
        "text": plan.text,
        "valid_from": plan.valid_from,
        "valid_until": plan.valid_until,
        "items": [
            {
                "half_year": one.half_year,
                "curriculum": one.goal.curriculum.code,
                "goal": one.goal.code,
                "place": str(one.department or ""),
                "activity": one.activity,
                "weeks": one.weeks,
            }
            for one in items
        ],
    }
