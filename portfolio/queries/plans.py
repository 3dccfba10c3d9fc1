"""The revisions of a plan: what each says, and who has agreed to it."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from institutions.enums import Role
from pages.dates import LONG
from portfolio.enums import PlanChange, PlanKind, PlanTerm
from portfolio.models import Plan, PlanAgreement, PlanItem, Training
from portfolio.queries.claims import json_rows, moment
from portfolio.rules import plans as rules


@dataclass(frozen=True)
class Item:
    """One goal in one half-year. It names its goal itself: also one of an earlier curriculum."""

    pk: int
    half_year: dt.date
    goal_id: int
    curriculum: str
    code: str
    keyword: str
    department_id: int | None
    institution_id: int | None
    arena_kind: str
    place: str
    activity: str
    weeks: int | None

    @property
    def line(self) -> rules.Line:
        return rules.Line(self.place, self.activity, self.weeks)


@dataclass(frozen=True)
class Consent:
    """Somebody agreed, in a role, on a day."""

    role: Role
    name: str
    on: dt.date


@dataclass(frozen=True)
class Revision:
    pk: int
    kind: PlanKind
    number: int
    text: str
    valid_from: dt.date
    valid_until: dt.date | None
    stamp: str
    written_on: dt.date
    items: tuple[Item, ...]
    consents: tuple[Consent, ...]

    def consent_of(self, role: str) -> Consent | None:
        return next((one for one in self.consents if one.role == role), None)

    @property
    def other_party(self) -> Role:
        return rules.OTHER_PARTY[self.kind]

    @property
    def is_draft(self) -> bool:
        return not self.consents

    @property
    def is_agreed(self) -> bool:
        """By both: the plan that holds until a later one is."""
        return len(self.consents) == 2

    @property
    def agreed_on(self) -> dt.date | None:
        return max(one.on for one in self.consents) if self.is_agreed else None

    @property
    def term(self) -> PlanTerm:
        return rules.term_of(self.valid_from, self.valid_until, today=timezone.localdate())

    @property
    def days_left(self) -> int | None:
        return (self.valid_until - timezone.localdate()).days if self.valid_until else None

    @cached_property
    def lines(self) -> dict[rules.Where, rules.Line]:
        return {(one.half_year, one.goal_id): one.line for one in self.items}

    @property
    def half_years(self) -> tuple["HalfYear", ...]:
        return half_years_of(self.items)


@dataclass(frozen=True)
class HalfYear:
    first: dt.date
    items: tuple[Item, ...]

    @property
    def label(self) -> str:
        return half_year_label(self.first)

    @property
    def is_current(self) -> bool:
        return self.first == rules.half_year_of(timezone.localdate())

    @property
    def is_next(self) -> bool:
        return self.first == rules.half_years_ahead(timezone.localdate())[0]

    @property
    def is_over(self) -> bool:
        return self.first < rules.half_year_of(timezone.localdate())


def half_year_label(first: dt.date) -> str:
    """«januar–juni 2027»."""
    last = rules.last_day_of(first)
    return f"{LONG[first.month - 1]}–{LONG[last.month - 1]} {first.year}"


def half_years_of(items: Iterable[Item], also: Iterable[dt.date] = ()) -> tuple[HalfYear, ...]:
    """By time. `also`: half-years to show though they are empty."""
    found: dict[dt.date, list[Item]] = {first: [] for first in also}
    for item in items:
        found.setdefault(item.half_year, []).append(item)
    return tuple(HalfYear(first, tuple(found[first])) for first in sorted(found))


@dataclass(frozen=True)
class Revisions:
    """Every revision of one kind, the newest first."""

    all: tuple[Revision, ...]

    @property
    def latest(self) -> Revision | None:
        return self.all[0] if self.all else None

    @property
    def standing(self) -> Revision | None:
        """The newest that both have agreed to."""
        return next((one for one in self.all if one.is_agreed), None)

    def before(self, revision: Revision) -> Revision | None:
        return next((one for one in self.all if one.number < revision.number), None)


def revisions_of(training: Training, *, shared_only: bool = False) -> dict[PlanKind, Revisions]:
    """One query for all that was ever planned. `shared_only` leaves out what is the trainee's
    alone: a draft that nobody has agreed to."""
    found = [
        _revision(plan)
        for plan in _with_content(Plan.objects.filter(training=training)).order_by("-number")
    ]
    return {
        kind: Revisions(
            tuple(one for one in found if one.kind == kind and not (shared_only and one.is_draft))
        )
        for kind in PlanKind
    }


def _with_content(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    items = PlanItem.objects.filter(plan=OuterRef("pk")).order_by(
        "half_year", "goal__curriculum__position", "goal__position"
    )
    agreements = PlanAgreement.objects.filter(plan=OuterRef("pk")).order_by("acted_at")
    return plans.annotate(
        content=json_rows(
            items,
            pk="pk",
            half_year="half_year",
            goal_id="goal_id",
            curriculum="goal__curriculum__code",
            code="goal__code",
            keyword="goal__keyword",
            department_id="department_id",
            institution_id="department__institution_id",
            arena_kind="department__arena_kind",
            department="department__name",
            institution="department__institution__short_name",
            activity="activity",
            weeks="weeks",
        ),
        agreed=json_rows(agreements, role="actor_role", name="actor__name", acted_at="acted_at"),
    )


def _revision(plan: Plan) -> Revision:
    return Revision(
        pk=plan.pk,
        kind=PlanKind(plan.kind),
        number=plan.number,
        text=plan.text,
        valid_from=plan.valid_from,
        valid_until=plan.valid_until,
        stamp=plan.stamp,
        written_on=timezone.localdate(plan.written_at),
        items=tuple(map(_item, plan.content)),
        consents=tuple(
            Consent(Role(one["role"]), one["name"], timezone.localdate(moment(one["acted_at"])))
            for one in plan.agreed
        ),
    )


def _item(row: dict) -> Item:
    names = (row.pop("department"), row.pop("institution"))
    return Item(
        **row | {"half_year": dt.date.fromisoformat(row["half_year"])},
        place=", ".join(filter(None, names)),
    )


# --- What a revision changed ---------------------------------------------------------------------


@dataclass(frozen=True)
class ShownChange:
    """«PAL-010 Indremedisin: flyttet hit», and what the line said and says."""

    half_year: str
    code: str
    keyword: str
    kind: PlanChange
    before: str
    after: str


def changes_of(revision: Revision, earlier: Revision | None) -> tuple[ShownChange, ...]:
    if earlier is None:
        return ()
    goals = {one.goal_id: one for one in (*earlier.items, *revision.items)}
    return tuple(
        ShownChange(
            half_year=half_year_label(one.half_year),
            code=goals[one.goal_id].code,
            keyword=goals[one.goal_id].keyword,
            kind=one.kind,
            before=in_words(one.before),
            after=in_words(one.after),
        )
        for one in rules.changes_between(earlier.lines, revision.lines)
    )


def in_words(line: rules.Line | None) -> str:
    """«Medisinsk avdeling, St. Olavs hospital · vakt · 4 uker»."""
    if line is None:
        return ""
    weeks = weeks_label(line.weeks) if line.weeks else ""
    return " · ".join(filter(None, (line.place, line.activity, weeks))) or _("uten sted")


def weeks_label(weeks: int) -> str:
    return _("1 uke") if weeks == 1 else _("%(weeks)s uker") % {"weeks": weeks}


def plan_title(kind: str, number: int) -> str:
    return _("%(plan)s, utgave %(number)s") % {
        "plan": PlanKind(kind).label,
        "number": number,
    }
