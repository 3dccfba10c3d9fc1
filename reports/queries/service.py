"""Service on paper: how the time is counted, and what is attested of each service."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from pages.dates import long_day
from pages.templatetags.palmappen import thousands
from portfolio.enums import (
    AbsenceReading,
    AttestationState,
    ServiceKind,
    ServiceTiming,
    TimeRule,
)
from portfolio.models import Training
from portfolio.queries.attestations import ServiceRecords, ServiceStanding, service_records
from portfolio.queries.attested_facts import rows_of, without_causes
from portfolio.queries.service_time import counted
from portfolio.queries.time_rules import time_rules_of
from portfolio.rules.service_time import CountedService, ServiceTime, as_years_months_days
from reports.queries.people import People, Signer
from reports.queries.progress import period


@dataclass(frozen=True)
class Field:
    label: str
    value: str


@dataclass(frozen=True)
class Signed:
    by: Signer
    at: dt.datetime


@dataclass(frozen=True)
class PrintedAttestation:
    """One service as it is attested; `signed` is empty where nobody has, or what they signed no
    longer holds."""

    anchor: str
    place: str
    period: str
    state: str
    is_valid: bool
    fields: tuple[Field, ...]
    judgement: str
    signed: tuple[Signed, ...]
    originals: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """Days, and the same in years, months and days."""

    label: str
    days: int
    words: str


@dataclass(frozen=True)
class TimeRow:
    period: str
    place: str
    kind: str  # empty for service of the training itself
    percent: int
    calendar_days: int
    deductions: tuple[str, ...]
    days: int
    state: str


@dataclass(frozen=True)
class TimeStatement:
    figures: tuple[Figure, ...]
    confirmed: Figure
    required: Figure
    rows: tuple[TimeRow, ...]
    calendar_days: int
    deducted_days: int
    total: int
    notes: tuple[str, ...]


def records_of(training: Training, today: dt.date) -> ServiceRecords:
    return service_records(training.placements.all(), on=today)


# --- Time ----------------------------------------------------------------------------------------


def time_statement(training: Training, records: ServiceRecords, today: dt.date) -> TimeStatement:
    rules = time_rules_of(training.pathway)
    time = counted(training, records, rules=rules, on=today)
    confirmed = figure(_("Bekreftet"), time.confirmed)
    required = figure(_("Krav"), time.required)
    standings = records.by_placement
    return TimeStatement(
        figures=(
            confirmed,
            figure(_("Venter på bekreftelse eller pågår"), time.awaiting),
            figure(_("Gjenstår"), time.remaining),
            required,
        ),
        confirmed=confirmed,
        required=required,
        rows=tuple(
            _time_row(line, standings[line.service.id])
            for line in time.lines
            if line.timing != ServiceTiming.AHEAD
        ),
        calendar_days=time.calendar_days,
        deducted_days=time.deducted_days,
        total=time.total,
        notes=_notes(time),
    )


def figure(label: str, days: int) -> Figure:
    return Figure(label, days, in_years(days))


def in_years(days: int) -> str:
    """«4 år 11 md. 21 d»; what is nothing is left out, but for «0 d»."""
    years, months, rest = as_years_months_days(days)
    parts = (
        _("%(count)d år") % {"count": years} if years else "",
        _("%(count)d md.") % {"count": months} if months else "",
        _("%(count)d d") % {"count": rest} if rest or not (years or months) else "",
    )
    return " ".join(part for part in parts if part)


def _time_row(line: CountedService, standing: ServiceStanding) -> TimeRow:
    placement = standing.placement
    is_own = placement.service_kind == ServiceKind.OWN
    return TimeRow(
        period=period(placement.starts_on, placement.ends_on, open_ended=_("i dag")),
        place=placement.place,
        kind="" if is_own else str(placement.get_service_kind_display()),
        percent=placement.percent,
        calendar_days=line.calendar_days,
        deductions=tuple(
            f"−{thousands(one.days)} {TimeRule(one.rule).label}"
            for one in line.deducted
            if one.days
        ),
        days=line.days,
        state=str(standing.state.label),
    )


READINGS = {
    AbsenceReading.EXCESS: _noop("bare det som overstiger 10 %, trekkes fra"),
    AbsenceReading.WHOLE: _noop("hele fraværet trekkes fra når det overstiger 10 %"),
}


def _notes(time: ServiceTime) -> tuple[str, ...]:
    rules = time.rules
    notes = [
        _("Regnet %(day)s. Fravær: %(how)s. Virksomheten har valgt denne lesningen.")
        % {"day": long_day(time.on), "how": _(READINGS[rules.reading])}
    ]
    if time.readings_differ:
        other = rules.other_reading
        notes.append(
            _("Den andre lesningen (%(how)s) gir %(days)s dager.")
            % {"how": _(READINGS[other]), "days": thousands(time.total_by_reading[other])}
        )
    for rule, citation in rules.citations.items():
        mark = _(" (antakelse)") if citation.is_assumption else ""
        notes.append(f"{TimeRule(rule).label.capitalize()}: {citation.text}{mark}")
    return tuple(notes)


# --- Attestations --------------------------------------------------------------------------------


def attestations_of(
    records: ServiceRecords, people: People, *, shows_causes: bool
) -> tuple[PrintedAttestation, ...]:
    return tuple(
        _attestation(one, people, shows_causes=shows_causes)
        for one in records.standings
        if one.placement.starts_on <= one.on
    )


def _attestation(
    standing: ServiceStanding, people: People, *, shows_causes: bool
) -> PrintedAttestation:
    placement, facts, attestation = standing.placement, standing.facts, standing.attestation
    on_paper = standing.state == AttestationState.ON_PAPER
    unsaid = _("Står i den signerte originalen") if on_paper else _("Ikke oppgitt")
    return PrintedAttestation(
        anchor=f"tjeneste-{placement.pk}",
        place=placement.place,
        period=period(placement.starts_on, placement.ends_on, open_ended=_("i dag")),
        state=str(standing.state.label),
        is_valid=standing.is_valid,
        fields=tuple(
            Field(row.label, "\n".join(row.lines) or unsaid)
            for row in rows_of(facts if shows_causes else without_causes(facts))
        ),
        judgement=_judgement(standing, with_comment=shows_causes),
        signed=tuple(
            Signed(by=people.meet(act.actor, act.actor_role), at=act.acted_at)
            for act in (attestation, standing.countersignature)
            if act and standing.holds
        ),
        originals=tuple(one.title for one in standing.originals) if shows_causes else (),
    )


def _judgement(standing: ServiceStanding, *, with_comment: bool) -> str:
    """The comment is about all that was signed, causes of absence too."""
    if not standing.holds:
        return ""
    if standing.attestation.satisfactory:
        words = _("Tjenesten er tilfredsstillende utført.")
    else:
        words = _("Tjenesten er ikke tilfredsstillende utført.")
    comment = standing.attestation.comment if with_comment else ""
    return " ".join(filter(None, [words, comment]))
