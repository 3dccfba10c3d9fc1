"""The facts of a service as they are put before those who sign, kept, and compared (§7).

They tell causes of absence: only for the trainee, and for those who attest the service.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pages.dates import numeric_day
from portfolio.enums import AbsenceCause, AttestationField, OnCall, PostKind, ServiceKind
from portfolio.models import Absence, EducationalSupervision, Placement, ServiceStatement
from portfolio.queries.absences import EXPECTED
from portfolio.rules.attestation import (
    AttestationFacts,
    AttestedAbsence,
    AttestedGuide,
    changed_fields,
)

# Written by the trainee in the statement itself; the rest stands elsewhere in the portfolio.
TYPED = (AttestationField.CONTENT, AttestationField.TEACHING, AttestationField.ON_CALL)
NOTHING = "–"


def rows_behind(
    trainings: Iterable[int],
) -> tuple[dict[int, list[Absence]], dict[int, list[EducationalSupervision]]]:
    """All absence and all appointed veiledere, by training. Two queries."""
    trainings = set(trainings)
    absences, guides = defaultdict(list), defaultdict(list)
    for absence in Absence.objects.filter(training__in=trainings).order_by("-starts_on", "-pk"):
        absences[absence.training_id].append(absence)
    appointed = EducationalSupervision.objects.filter(training__in=trainings)
    for guide in appointed.select_related("supervisor"):
        guides[guide.training_id].append(guide)
    return absences, guides


def facts_of(
    placement: Placement,
    absences: Iterable[Absence],
    guides: Iterable[EducationalSupervision],
) -> AttestationFacts:
    """The row has its training's trainee, its department and its statement with it."""
    trainee, department = placement.training.trainee, placement.department
    statement = getattr(placement, "statement", None) or ServiceStatement()
    beyond = [one for one in absences if one.cause not in EXPECTED]
    return AttestationFacts(
        doctor=trainee.name,
        hpr_number=trainee.hpr_number,
        department_id=placement.department_id,
        department=placement.name,
        institution=department.institution.name if department else "",
        service_kind=ServiceKind(placement.service_kind),
        specialty=placement.specialty,
        post_kind=PostKind(placement.post_kind),
        percent=placement.percent,
        starts_on=placement.starts_on,
        ends_on=placement.ends_on,
        absences=tuple(
            AttestedAbsence(AbsenceCause(one.cause), one.percent, first, last)
            for one, first, last in _within(beyond, placement)
        ),
        guides=tuple(
            AttestedGuide(
                name=one.supervisor.name,
                hpr_number=one.supervisor.hpr_number,
                specialty=one.specialty,
                holds_competence_area=one.holds_competence_area,
                starts_on=first,
                ends_on=last,
            )
            for one, first, last in _within(guides, placement)
        ),
        content=statement.content,
        teaching=statement.teaching,
        on_call=OnCall(statement.on_call) if statement.on_call else None,
        on_call_text=statement.on_call_text,
    )


def _within(rows: Iterable, placement: Placement) -> list[tuple]:
    """Those that touch the service, each cut to it, in order of time."""
    cut = []
    for row in rows:
        first = max(row.starts_on, placement.starts_on)
        last = min((day for day in (row.ends_on, placement.ends_on) if day), default=None)
        if last is None or first <= last:
            cut.append((row, first, last))
    return sorted(cut, key=lambda one: (one[1], one[2] or dt.date.max, one[0].pk))


# --- Kept ----------------------------------------------------------------------------------------


def as_text(facts: AttestationFacts) -> str:
    """Canonical JSON, as in the ledger: one text for the same facts."""
    return json.dumps(
        asdict(facts), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )


def from_text(text: str) -> AttestationFacts:
    """What `as_text` kept, read back."""
    read = json.loads(text)
    read["service_kind"] = ServiceKind(read["service_kind"])
    read["post_kind"] = PostKind(read["post_kind"])
    read["on_call"] = OnCall(read["on_call"]) if read["on_call"] else None
    read["absences"] = tuple(
        AttestedAbsence(**_days(one) | {"cause": AbsenceCause(one["cause"])})
        for one in read["absences"]
    )
    read["guides"] = tuple(AttestedGuide(**_days(one)) for one in read["guides"])
    return AttestationFacts(**_days(read))


def _days(content: dict) -> dict:
    ends_on = content["ends_on"]
    return content | {
        "starts_on": dt.date.fromisoformat(content["starts_on"]),
        "ends_on": dt.date.fromisoformat(ends_on) if ends_on else None,
    }


def digest(facts: AttestationFacts) -> str:
    """Names what a page shows, so that a signature is for that and nothing else."""
    return hashlib.sha256(as_text(facts).encode()).hexdigest()


def without_causes(facts: AttestationFacts) -> AttestationFacts:
    """For readers who may know that the doctor was away, and not why (domain.md §3)."""
    return replace(facts, absences=tuple(replace(one, cause=None) for one in facts.absences))


def told_to_the_ledger(facts: AttestationFacts) -> dict:
    """Absences have no field for their cause there: one left empty would say that none was given,
    and any value would be an untrue one."""
    told = json.loads(as_text(without_causes(facts)))
    for absence in told["absences"]:
        del absence["cause"]
    return told


# --- Told ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FactRow:
    """One field of the statement in words; several lines where there are several."""

    field: AttestationField
    lines: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(self.field.label)


def rows_of(facts: AttestationFacts) -> tuple[FactRow, ...]:
    return tuple(FactRow(field, _lines(facts, field)) for field in AttestationField)


def _lines(facts: AttestationFacts, field: AttestationField) -> tuple[str, ...]:
    told = {
        AttestationField.DEPARTMENT: [
            ", ".join(filter(None, [facts.department, facts.institution]))
        ],
        AttestationField.SERVICE_KIND: [_service_kind(facts)],
        AttestationField.POST_KIND: [str(facts.post_kind.label)],
        AttestationField.STARTS_ON: [numeric_day(facts.starts_on)],
        AttestationField.ENDS_ON: [numeric_day(facts.ends_on)] if facts.ends_on else [],
        AttestationField.PERCENT: [f"{facts.percent} %"],
        AttestationField.ABSENCES: [_absence(one) for one in facts.absences] or [_("Ikke noe")],
        AttestationField.GUIDES: [_guide(one) for one in facts.guides],
        AttestationField.CONTENT: facts.content.splitlines(),
        AttestationField.TEACHING: facts.teaching.splitlines(),
        AttestationField.ON_CALL: _on_call(facts),
    }
    return tuple(line for line in told[field] if line.strip())


def _service_kind(facts: AttestationFacts) -> str:
    kind = str(facts.service_kind.label)
    return f"{kind}: {facts.specialty}" if facts.specialty else kind


def _period(starts_on: dt.date, ends_on: dt.date | None) -> str:
    return f"{numeric_day(starts_on)}–{numeric_day(ends_on) if ends_on else ''}"


def _absence(absence: AttestedAbsence) -> str:
    what = f"{absence.cause.label if absence.cause else _('Fravær')} {absence.percent} %"
    return f"{what}, {_period(absence.starts_on, absence.ends_on)}"


def _guide(guide: AttestedGuide) -> str:
    parts = [guide.name]
    if guide.hpr_number:
        parts.append(_("HPR %(number)s") % {"number": guide.hpr_number})
    if guide.specialty:
        parts.append(_("spesialist i %(specialty)s") % {"specialty": guide.specialty})
    if guide.holds_competence_area:
        parts.append(_("kompetanseområdet palliativ medisin"))
    return ", ".join([*parts, _period(guide.starts_on, guide.ends_on)])


def _on_call(facts: AttestationFacts) -> list[str]:
    if facts.on_call is None:
        return []
    return [str(ON_CALL_TOLD[facts.on_call]), *facts.on_call_text.splitlines()]


ON_CALL_TOLD = {
    OnCall.TAKES_PART: gettext_lazy("Legen går i vaktordningen ved tjenestestedet."),
    OnCall.NOT_TAKING_PART: gettext_lazy(
        "Det er vaktordning ved tjenestestedet. Legen går ikke i den."
    ),
    OnCall.NONE: gettext_lazy("Det er ingen vaktordning ved tjenestestedet."),
}


@dataclass(frozen=True)
class Change:
    """What was signed, and what is there now."""

    field: AttestationField
    was: str
    is_now: str

    @property
    def sentence(self) -> str:
        """«Sluttdato var 30.6.2026, er nå 31.7.2026.» Long texts are only said to have changed."""
        if self.field in TYPED:
            return _("%(label)s er endret.") % {"label": self.field.label}
        return _("%(label)s var %(was)s, er nå %(is_now)s.") % {
            "label": self.field.label,
            "was": self.was,
            "is_now": self.is_now,
        }


def changes_between(signed: AttestationFacts, now: AttestationFacts) -> tuple[Change, ...]:
    """A new date of the service says all: that it cuts the veileder's time too is not told."""
    changed = changed_fields(signed, now)
    in_common = changed_fields(_cut(signed, now), _cut(now, signed)) if changed else ()
    return tuple(
        Change(field, _told(signed, field), _told(now, field))
        for field in changed
        if field not in CUT_TO_SERVICE or field in in_common
    )


CUT_TO_SERVICE = (AttestationField.ABSENCES, AttestationField.GUIDES)


def _cut(facts: AttestationFacts, other: AttestationFacts) -> AttestationFacts:
    """The absences and guides of the days that both services have."""
    first = max(facts.starts_on, other.starts_on)
    last = min((day for day in (facts.ends_on, other.ends_on) if day), default=None)
    return replace(
        facts,
        absences=_cut_rows(facts.absences, first, last),
        guides=_cut_rows(facts.guides, first, last),
    )


def _cut_rows(rows: tuple, first: dt.date, last: dt.date | None) -> tuple:
    cut = [
        replace(
            row,
            starts_on=max(row.starts_on, first),
            ends_on=min((day for day in (row.ends_on, last) if day), default=None),
        )
        for row in rows
    ]
    return tuple(row for row in cut if row.ends_on is None or row.starts_on <= row.ends_on)


def _told(facts: AttestationFacts, field: AttestationField) -> str:
    return "; ".join(_lines(facts, field)) or NOTHING
