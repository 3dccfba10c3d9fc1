"""What a «Framdriftsrapport» says, gathered in a fixed number of queries."""

import datetime as dt
from dataclasses import dataclass
from math import ceil

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from curriculum.enums import Standing
from curriculum.models import Curriculum
from institutions.enums import Role
from pages.dates import numeric_day
from portfolio.enums import ActivityKind, ActivityState, GoalStatus
from portfolio.models import Assessment, LearningActivity, Placement, Training
from portfolio.queries.goals import Overview, goal_overview
from portfolio.services.ledger import Checkpoint, checkpoint
from reports import timeline
from reports.models import Report
from reports.queries import goals
from reports.queries.evidence import Evidence, gather
from reports.queries.people import Named, People, Signer, grouped
from reports.queries.waiting import Waiting, waiting

# «Undervisning du holdt» speaks to the trainee; paper speaks of them.
KIND_ON_PAPER = {ActivityKind.TEACHING_GIVEN: gettext_lazy("Undervisning gitt")}


@dataclass(frozen=True)
class PrintedCurriculum:
    code: str
    title: str
    standing: str
    is_proposal: bool
    source: str


@dataclass(frozen=True)
class PrintedPlacement:
    period: str
    department: str
    institution: str
    post: str
    percent: int
    is_current: bool


@dataclass(frozen=True)
class PrintedGuide:
    period: str
    name: str
    hpr_number: str
    is_current: bool


@dataclass(frozen=True)
class PrintedActivity:
    period: str
    kind: str
    how: str
    note: str
    place: str
    goals: str
    attested_by: str
    attested_on: dt.date | None
    waits: bool


@dataclass(frozen=True)
class PrintedLevel:
    order: int
    cell: str
    state: str


@dataclass(frozen=True)
class PrintedAssessment:
    seen_on: dt.date
    signed_on: dt.date
    goal: str
    by: Signer
    levels: tuple[PrintedLevel, ...]
    feedback: str
    recommends: bool


@dataclass(frozen=True)
class Cover:
    """Whose report, of what, ordered by whom; and what every page must know."""

    number: str
    made_at: dt.datetime
    trainee: str
    hpr_number: str
    pathway: str
    pathway_note: str
    decides_goals: bool
    pathway_is_proposal: bool
    shows_proposal: bool
    ordered_by: Signer
    ordered_by_trainee: bool
    started_on: dt.date
    guide: str
    services_now: tuple[str, ...]
    settled_in_words: str


@dataclass(frozen=True)
class ProgressReport:
    cover: Cover
    curricula: tuple[PrintedCurriculum, ...]
    total_goals: int
    verdict: tuple[tuple[int, str], ...]
    status: goals.StatusTable
    waiting: tuple[Waiting, ...]
    placements: tuple[PrintedPlacement, ...]
    timeline: timeline.Timeline
    guides: tuple[PrintedGuide, ...]
    themes: tuple[goals.PrintedTheme, ...]
    activities: tuple[PrintedActivity, ...]
    assessments: tuple[PrintedAssessment, ...]
    people: tuple[Named, ...]
    checkpoint: Checkpoint

    @property
    def expected_pages(self) -> int:
        """A guess, for the progress bar alone."""
        return ceil(
            6 + self.total_goals / 2.6 + (len(self.activities) + len(self.assessments)) / 15
        )


def progress_report(report: Report) -> ProgressReport:
    """Seventeen queries when the goals are warm, whatever the portfolio holds.

    An act made while we gather would stand in the report and not under its checkpoint, or the
    other way about: then everything is gathered again.
    """
    training = report.training
    before = checkpoint(training)
    while True:
        content = _content(report, training, before)
        after = checkpoint(training)
        if after == before:
            return content
        before = after


def _content(report: Report, training: Training, mark: Checkpoint) -> ProgressReport:
    today = timezone.localdate()
    overview = goal_overview(training, today)
    evidence = gather(training, role=report.ordered_in_role)
    curricula = printed_curricula(training)
    people = People(trainee=training.trainee, doctor_title=training.pathway.doctor_title)
    return ProgressReport(
        cover=_cover(report, overview, evidence, curricula, people),
        curricula=curricula,
        total_goals=overview.total,
        verdict=_verdict(overview),
        status=goals.status_table(overview),
        waiting=waiting(training, overview, evidence, people),
        placements=tuple(_placement(one, today) for one in evidence.placements),
        timeline=_timeline(training, evidence, today),
        guides=tuple(_guide(one, people, today) for one in evidence.supervisions),
        themes=goals.printed_themes(overview, evidence.claims, _standings(curricula), people),
        activities=tuple(printed_activity(one, people) for one in evidence.activities),
        assessments=_assessments(overview, evidence, people),
        people=people.listed(),  # last: everyone is met by now
        checkpoint=mark,
    )


def _cover(
    report: Report,
    overview: Overview,
    evidence: Evidence,
    curricula: tuple[PrintedCurriculum, ...],
    people: People,
) -> Cover:
    training = report.training
    return Cover(
        number=report.number,
        made_at=timezone.now(),
        trainee=training.trainee.name,
        hpr_number=grouped(training.trainee.hpr_number),
        pathway=training.pathway.title,
        pathway_note=training.pathway.note,
        decides_goals=training.pathway.decides_goals,
        pathway_is_proposal=training.pathway.standing == Standing.PROPOSED,
        shows_proposal=any(one.is_proposal for one in curricula),
        ordered_by=people.meet(report.ordered_by, report.ordered_in_role),
        ordered_by_trainee=report.ordered_in_role == Role.TRAINEE,
        started_on=training.started_on,
        guide=evidence.guide.name if evidence.guide else "",
        services_now=tuple(f"{one.place}, {one.percent} %" for one in evidence.current_placements),
        settled_in_words=settled_in_words(overview),
    )


def settled_in_words(overview: Overview) -> str:
    if overview.training.pathway.decides_goals:
        words = _("%(settled)s av %(total)s læringsmål er godkjent")
    else:
        words = _("%(settled)s av %(total)s læringsmål er vist på krevd nivå")
    return words % {"settled": overview.settled, "total": overview.total}


def printed_curricula(training: Training) -> tuple[PrintedCurriculum, ...]:
    rows = training.pathway.curricula.order_by("pathwaycurriculum__position")
    return tuple(_curriculum(one) for one in rows)


def _standings(curricula: tuple[PrintedCurriculum, ...]) -> dict[str, str]:
    return {one.code: one.standing for one in curricula}


def _verdict(overview: Overview) -> tuple[tuple[int, str], ...]:
    """What the sentence over the table counts, the settled ones apart."""
    words = {
        GoalStatus.CLAIMED: _("til avgjørelse"),
        GoalStatus.RETURNED: _("sendt tilbake"),
        GoalStatus.REFUSED: _("ikke godkjent"),
        GoalStatus.IN_PROGRESS: _("under arbeid"),
        GoalStatus.NOT_STARTED: _("ikke startet"),
    }
    return tuple(
        (overview.counts[status], words[status])
        for status in goals.shown_statuses(overview)
        if status in words and overview.counts[status]
    )


def _curriculum(curriculum: Curriculum) -> PrintedCurriculum:
    standing = str(curriculum.get_standing_display())
    if curriculum.standing == Standing.PROPOSED:
        standing = _("Forslag (høring 2023)")
    elif curriculum.in_force_from:
        standing = _("%(standing)s fra %(day)s") % {
            "standing": standing,
            "day": numeric_day(curriculum.in_force_from),
        }
    return PrintedCurriculum(
        code=curriculum.code,
        title=curriculum.title,
        standing=standing,
        is_proposal=curriculum.standing == Standing.PROPOSED,
        source=curriculum.source,
    )


def period(starts_on: dt.date, ends_on: dt.date | None, *, open_ended: str = "") -> str:
    if ends_on == starts_on:
        return numeric_day(starts_on)
    return f"{numeric_day(starts_on)}–{numeric_day(ends_on) if ends_on else open_ended}"


def _placement(placement: Placement, today: dt.date) -> PrintedPlacement:
    return PrintedPlacement(
        period=period(placement.starts_on, placement.ends_on),
        department=placement.name,
        institution=placement.department.institution.name if placement.department_id else "",
        post=str(placement.get_post_kind_display()),
        percent=placement.percent,
        is_current=placement.covers(today),
    )


def _timeline(training: Training, evidence: Evidence, today: dt.date) -> timeline.Timeline:
    services = [
        timeline.Service(
            labels=(
                f"{one.name}, {one.percent} %",
                one.name,
                f"{one.percent} %",
            ),
            starts_on=one.starts_on,
            ends_on=one.ends_on,
        )
        for one in evidence.placements
    ]
    return timeline.draw(services, starts_on=training.started_on, today=today)


def _guide(supervision, people: People, today: dt.date) -> PrintedGuide:
    signer = people.meet(supervision.supervisor, Role.EDUCATIONAL_SUPERVISOR)
    return PrintedGuide(
        period=period(supervision.starts_on, supervision.ends_on),
        name=signer.name,
        hpr_number=signer.hpr_number,
        is_current=supervision.covers(today),
    )


def printed_activity(activity: LearningActivity, people: People) -> PrintedActivity:
    attestation = getattr(activity, "attestation", None)
    by = people.meet(attestation.actor, attestation.actor_role) if attestation else None
    links = sorted(
        activity.activity_goals.all(),
        key=lambda link: (link.goal.curriculum.position, link.goal.position),
    )
    return PrintedActivity(
        period=period(activity.starts_on, activity.ends_on or activity.starts_on),
        kind=str(KIND_ON_PAPER.get(activity.kind, activity.get_kind_display())),
        how=str(activity.get_performed_as_display()) if activity.performed_as else "",
        note=activity.note.strip(),
        place=str(activity.department or ""),
        goals=", ".join(link.goal.code for link in links),
        attested_by=by.name if by else "",
        attested_on=timezone.localdate(attestation.acted_at) if attestation else None,
        waits=activity.state == ActivityState.SENT,
    )


def _assessments(
    overview: Overview, evidence: Evidence, people: People
) -> tuple[PrintedAssessment, ...]:
    by_id = {line.goal.id: line.goal for line in overview.lines}
    return tuple(
        _assessment(one, by_id[one.goal_id], overview.training, people)
        for one in evidence.assessments
        if one.goal_id in by_id
    )


def _assessment(
    assessment: Assessment, goal, training: Training, people: People
) -> PrintedAssessment:
    return PrintedAssessment(
        seen_on=assessment.seen_on,
        signed_on=timezone.localdate(assessment.acted_at),
        goal=goal.code,
        by=people.meet(assessment.actor, assessment.actor_role),
        levels=tuple(
            _level(int(order), level, goal.levels.get(int(order)))
            for order, level in sorted(assessment.levels.items(), key=lambda item: int(item[0]))
        ),
        feedback=assessment.feedback,
        recommends=assessment.recommends and training.pathway.decides_goals,
    )


def _level(order: int, level: int, required: int | None) -> PrintedLevel:
    return PrintedLevel(
        order=order,
        cell=f"{level}/{required}" if required else str(level),
        state="reached" if required is None or level >= required else "below",
    )
