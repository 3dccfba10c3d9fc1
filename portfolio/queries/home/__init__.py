"""«Dette gjenstår»: what waits for the trainee, what is not sent, and what waits for others."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.utils.translation import gettext as _

from portfolio.models import Training
from portfolio.queries.home.activities import (
    attestations,
    drafts,
    requests_for_me,
    requests_for_others,
    returned_activities,
    waiting_activities,
    waiting_requests,
)
from portfolio.queries.home.claims import (
    Approved,
    approved_goals,
    claims_for_me,
    claims_for_others,
    heads_of,
    open_claims,
    sent_back_goals,
)
from portfolio.queries.home.plans import plan_rows
from portfolio.queries.home.rows import Row, Section


@dataclass(frozen=True)
class Home:
    sections: tuple[Section, ...]
    is_new: bool  # nothing was ever logged
    approved: Approved | None  # none in the competence area, where nothing is approved


def home_of(training: Training, *, show_all: str = "") -> Home:
    """At most seven queries; the training comes `with_plans`. `show_all` is the key of the section
    to show in full."""
    activities = list(waiting_activities(training))
    requests = list(waiting_requests(training))
    claims, sent_back, heads, approved = [], [], "", None
    if training.pathway.decides_goals:
        claims, sent_back = open_claims(training), sent_back_goals(training)
        heads = heads_of(training, claims)
        approved = approved_goals(training)
    plans = plan_rows(training)
    mine = chain(
        returned_activities(activities),
        requests_for_me(requests),
        claims_for_me(claims),
        sent_back,
        plans.mine,
    )
    others = chain(
        requests_for_others(requests),
        claims_for_others(claims, heads=heads),
        attestations(activities),
        plans.others,
    )
    sections = [
        _section("deg", _("Venter på deg"), mine, show_all),
        _section("kladder", _("Kladder"), chain(drafts(activities), plans.drafts), show_all),
        _section("andre", _("Venter på andre"), others, show_all),
    ]
    sections = tuple(one for one in sections if one.rows)
    is_new = not sections and not training.activities.exists()
    return Home(sections=sections, is_new=is_new, approved=approved)


def _section(key: str, title: str, rows: Iterable[Row], show_all: str) -> Section:
    ordered = tuple(sorted(rows, key=lambda row: row.order))
    return Section(key=key, title=title, rows=ordered, shows_all=key == show_all)
