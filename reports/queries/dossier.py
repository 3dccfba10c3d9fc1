"""What a «Søknadsmappe» says, gathered in a fixed number of queries, as plain frozen values.

It is frozen as JSON and printed from that (reports/snapshot.py), so that the paper can be made
anew and compared. No private reflections and no minutes of guidance: nobody here asks for them.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from curriculum.enums import Standing
from institutions.enums import Role
from portfolio.models import Assessment, Training
from portfolio.queries.courses import CourseLine, courses_of
from portfolio.queries.goals import Overview, ThemeLines, goal_overview
from portfolio.queries.readiness import Readiness, readiness_of
from portfolio.queries.readiness.wording import Told, Viewer, answer_of, told_all
from portfolio.services.ledger import Checkpoint, checkpoint
from reports.models import Report
from reports.queries import goals, progress
from reports.queries.evidence import Evidence, gather
from reports.queries.originals import Original, originals_of
from reports.queries.people import Named, People, Signer, grouped
from reports.queries.service import (
    PrintedAttestation,
    TimeStatement,
    attestations_of,
    records_of,
    time_statement,
)


@dataclass(frozen=True)
class ShownLevel:
    order: int
    level: int
    reached: bool


@dataclass(frozen=True)
class EvidenceLine:
    """One assessment of a goal, or an activity for it that nobody assessed."""

    on: dt.date
    heading: str
    assessor: Signer | None
    levels: tuple[ShownLevel, ...]


@dataclass(frozen=True)
class DossierGoal:
    goal: goals.PrintedGoal
    curriculum: str
    orders: tuple[int, ...]  # of its statements; empty where it is shown as a whole
    evidence: tuple[EvidenceLine, ...]  # the newest first


@dataclass(frozen=True)
class DossierTheme:
    anchor: str
    number: int | None
    title: str
    total: int
    standing: str
    goals: tuple[DossierGoal, ...]
    untouched: str


@dataclass(frozen=True)
class PrintedRequirement:
    title: str
    weight: str  # «Krav», «Anbefaling», «Antakelse»
    amount: str
    text: str
    source: str
    waived_by: str


@dataclass(frozen=True)
class PrintedModule:
    title: str
    state: str
    is_confirmed: bool
    on: dt.date | None
    confirmed_by: str


@dataclass(frozen=True)
class PrintedCourse:
    title: str
    modules: tuple[PrintedModule, ...]


@dataclass(frozen=True)
class PrintedFinding:
    what: str
    detail: str
    who: str
    ground: str
    ground_detail: str


@dataclass(frozen=True)
class FindingGroup:
    title: str  # «Mangler», «Må avklares», «I orden»
    rows: tuple[PrintedFinding, ...]


@dataclass(frozen=True)
class DossierCover:
    number: str
    code: str
    readable_code: str
    check_url: str
    check_address: str  # as somebody types it
    made_at: dt.datetime
    trainee: str
    hpr_number: str
    pathway: str
    pathway_note: str
    pathway_source: str
    decides_goals: bool
    pathway_is_proposal: bool
    shows_proposal: bool
    institution: str
    guide: str
    settled_in_words: str
    is_demo: bool
    reduced_for: str  # who ordered it, where it therefore leaves something out


@dataclass(frozen=True)
class Dossier:
    cover: DossierCover
    verdict: str
    is_draft: bool  # something is missing
    findings: tuple[FindingGroup, ...]
    curricula: tuple[progress.PrintedCurriculum, ...]
    requirements: tuple[PrintedRequirement, ...]
    time: TimeStatement
    attestations: tuple[PrintedAttestation, ...]
    themes: tuple[DossierTheme, ...]
    total_goals: int
    courses: tuple[PrintedCourse, ...]
    activities: tuple[progress.PrintedActivity, ...]
    originals: tuple[Original, ...]
    people: tuple[Named, ...]
    checkpoint: Checkpoint

    @property
    def modules(self) -> int:
        return sum(one.is_confirmed for course in self.courses for one in course.modules)

    @property
    def expected_pages(self) -> int:
        """A guess, for the progress bar alone."""
        printed = sum(len(theme.goals) for theme in self.themes)
        return 12 + printed + 2 * len(self.attestations) + len(self.activities) // 30


def dossier(report: Report) -> Dossier:
    """Call in a transaction that sees one moment of the database."""
    training = report.training
    today = timezone.localdate()
    overview = goal_overview(training, today)
    evidence = gather(training, role=report.ordered_in_role)
    curricula = progress.printed_curricula(training)
    people = People(trainee=training.trainee, doctor_title=training.pathway.doctor_title)
    records = records_of(training, today)
    [judged] = readiness_of([training], on=today)
    shows_causes = report.ordered_in_role == Role.TRAINEE
    return Dossier(
        cover=_cover(report, overview, evidence, curricula),
        verdict=_verdict(judged),
        is_draft=bool(judged.verdict.missing),
        findings=_findings(judged),
        curricula=curricula,
        requirements=_requirements(training),
        time=time_statement(training, records, today),
        attestations=attestations_of(records, people, shows_causes=shows_causes),
        themes=_themes(overview, evidence, curricula, people),
        total_goals=overview.total,
        courses=tuple(_course(one) for one in courses_of(training, on=today)),
        activities=tuple(
            replace(progress.printed_activity(one, people), note="") for one in evidence.activities
        ),
        originals=originals_of(
            training, people, seen_by=report.ordered_by, shows_causes=shows_causes
        ),
        people=people.listed(),  # last: everyone is met by now
        checkpoint=checkpoint(training),
    )


def _cover(report: Report, overview: Overview, evidence: Evidence, curricula) -> DossierCover:
    training = report.training
    placements = evidence.current_placements or evidence.placements[-1:]
    institutions = dict.fromkeys(one.institution_name or one.place_name for one in placements)
    return DossierCover(
        number=report.number,
        code=report.code,
        readable_code=report.readable_code,
        check_url=f"{settings.SITE_URL}/kontroller/{report.code}/",
        check_address=f"{settings.SITE_URL.partition('//')[2]}/kontroller",
        made_at=timezone.now().replace(microsecond=0),
        trainee=training.trainee.name,
        hpr_number=grouped(training.trainee.hpr_number),
        pathway=training.pathway.title,
        pathway_note=training.pathway.note,
        pathway_source=training.pathway.source,
        decides_goals=training.pathway.decides_goals,
        pathway_is_proposal=training.pathway.standing == Standing.PROPOSED,
        shows_proposal=any(one.is_proposal for one in curricula),
        institution=", ".join(institutions),
        guide=evidence.guide.name if evidence.guide else "",
        settled_in_words=progress.settled_in_words(overview),
        is_demo=settings.MODE == "demo",
        reduced_for=_orderer(report),
    )


def _requirements(training: Training) -> tuple[PrintedRequirement, ...]:
    return tuple(
        PrintedRequirement(
            title=one.title,
            weight=str(one.get_weight_display()),
            amount=f"{one.amount} {one.get_unit_display()}" if one.amount is not None else "",
            text=one.text,
            source=one.source,
            waived_by=one.waived_by,
        )
        for one in training.pathway.requirements.all()
    )


def _orderer(report: Report) -> str:
    if report.ordered_in_role == Role.TRAINEE:
        return ""
    return f"{Role(report.ordered_in_role).label.lower()} {report.ordered_by.name}"


# --- The result of pre-flight --------------------------------------------------------------------


def _verdict(judged: Readiness) -> str:
    answer = answer_of(judged.verdict, judged.facts.forecast)
    return f"{answer.lead} {answer.rest}"


def _findings(judged: Readiness) -> tuple[FindingGroup, ...]:
    """On paper nobody is «du»: the doctor is named like everybody else."""
    viewer = Viewer(judged.training.pk, judged.training.trainee.name, is_own=False)
    groups = (
        (_("Mangler"), judged.verdict.missing),
        (_("Må avklares"), judged.verdict.to_clarify),
        (_("I orden"), judged.verdict.in_order),
    )
    return tuple(
        FindingGroup(title, tuple(_finding(one) for one in told_all(found, viewer)))
        for title, found in groups
    )


def _finding(told: Told) -> PrintedFinding:
    return PrintedFinding(
        what=told.title,
        detail=told.detail,
        who=", ".join(filter(None, [told.who, told.who_roles])),
        ground=told.ground,
        ground_detail=told.ground_detail,
    )


# --- Goals ---------------------------------------------------------------------------------------


def _themes(
    overview: Overview, evidence: Evidence, curricula, people: People
) -> tuple[DossierTheme, ...]:
    standings = {one.code: one.standing for one in curricula}
    printed = goals.printed_themes(overview, evidence.claims, standings, people)
    lines = _evidence_by_goal(evidence, overview, people)
    return tuple(
        _theme(theme, shown, lines) for theme, shown in zip(overview.themes, printed, strict=True)
    )


def _theme(
    theme: ThemeLines,
    printed: goals.PrintedTheme,
    lines: Mapping[int, tuple[EvidenceLine, ...]],
) -> DossierTheme:
    by_code = {line.goal.code: line.goal for line in theme.lines}
    return DossierTheme(
        anchor=printed.anchor,
        number=printed.number,
        title=printed.title,
        total=printed.total,
        standing=printed.standing,
        untouched=printed.untouched,
        goals=tuple(
            DossierGoal(
                goal=one,
                curriculum=by_code[one.code].curriculum_code,
                orders=tuple(by_code[one.code].levels),
                evidence=lines.get(by_code[one.code].id, ()),
            )
            for one in printed.goals
        ),
    )


def _evidence_by_goal(
    evidence: Evidence, overview: Overview, people: People
) -> dict[int, tuple[EvidenceLine, ...]]:
    required = {line.goal.id: line.goal.levels for line in overview.lines}
    found = defaultdict(list)
    assessed = set()
    for one in evidence.assessments:
        assessed.add((one.goal_id, one.activity_id))
        found[one.goal_id].append(_assessed(one, required.get(one.goal_id, {}), people))
    for activity in evidence.activities:
        for link in activity.activity_goals.all():
            if (link.goal_id, activity.pk) not in assessed:
                found[link.goal_id].append(
                    EvidenceLine(activity.starts_on, activity.heading, None, ())
                )
    return {
        goal_id: tuple(sorted(lines, key=lambda line: line.on, reverse=True))
        for goal_id, lines in found.items()
    }


def _assessed(one: Assessment, required: Mapping[int, int], people: People) -> EvidenceLine:
    levels = sorted((int(order), level) for order, level in one.levels.items())
    return EvidenceLine(
        on=one.seen_on,
        heading=one.activity.heading if one.activity else _("Vurdering uten aktivitet"),
        assessor=people.meet(one.actor, one.actor_role),
        levels=tuple(
            ShownLevel(order, level, level >= required.get(order, 0)) for order, level in levels
        ),
    )


# --- Courses --------------------------------------------------------------------------------------


def _course(line: CourseLine) -> PrintedCourse:
    return PrintedCourse(
        title=line.course.title,
        modules=tuple(_module(one) for one in line.modules),
    )


def _module(line) -> PrintedModule:
    certificate = next((one for one in line.certificates if one.is_confirmed), None)
    attended = line.attendance if line.is_attended else None
    if attended:
        return PrintedModule(
            str(line.module), _("Bekreftet"), True, attended.completed_on, attended.actor.name
        )
    if certificate:
        by = certificate.confirmed_by
        return PrintedModule(str(line.module), _("Kursbevis"), True, certificate.issued_on, by)
    state = _("Kursbevis, ikke bekreftet") if line.certificates else _("Ikke tatt")
    return PrintedModule(str(line.module), state, False, None, "")
