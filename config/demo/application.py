"""On the way to an application: what is attested, uploaded, planned and attended in the demo."""

import datetime as dt
import io
import uuid
from collections.abc import Callable

import pikepdf
from django.core.files.base import ContentFile
from django.utils.html import escape

from config.demo.clock import at, moment
from config.demo.story import Story
from curriculum.models import CourseModule, LearningGoal, Pathway
from institutions.models import Cohort, CourseSession, Institution
from institutions.services import add_agreement
from portfolio.enums import DocumentKind, OnCall, PlanKind, PostKind, Registry, ServiceKind
from portfolio.models import Placement, Plan
from portfolio.queries.attestations import standing_of
from portfolio.queries.attested_facts import digest
from portfolio.rules.courses import Mark
from portfolio.rules.plans import NOTHING_YET
from portfolio.services import (
    absences,
    attestations,
    courses,
    documents,
    moves,
    plans,
    trainings,
)
from portfolio.services.mirror import mirror_goals
from reports import paper

STATEMENT = {
    "content": "Palliative pasienter på post, poliklinikk og tilsyn. Tverrfaglige møter ukentlig.",
    "teaching": "Internundervisning hver uke, 45 minutter. Fagdag to ganger i halvåret.",
    "on_call": OnCall.TAKES_PART,
    "on_call_text": "Vakt på dagtid og kveld, delt på seks leger.",
}
PAGE = "<section class=section><h2>{title}</h2><p>{text}</p></section>"


class Application:
    """Plans the acts of one doctor's story that an application is judged by."""

    def __init__(self, story: Story):
        self.story = story
        self.training = story.training
        self.trainee = story.trainee

    # --- Service ---

    def attest(
        self, placement: Callable[[], Placement], *, day: dt.date, head, medical_lead, signs=True
    ) -> None:
        """Stated, asked for, and signed by the head; by the medical lead too where they have."""

        def ask():
            row = placement()
            attestations.save_statement(row, by=self.trainee, version=0, **STATEMENT)
            attestations.request_attestation(
                row, by=self.trainee, key=uuid.uuid4(), head=head, medical_lead=medical_lead
            )

        def sign(person, role_verb, **said):
            row = placement()
            role_verb(
                row.attestation_requests.open().get(asked_of=person),
                by=person,
                shown=digest(standing_of(row).facts),
                key=uuid.uuid4(),
                **said,
            )

        self.story.plan(day, ask)
        self.story.plan(
            day,
            lambda: sign(head, attestations.attest_service, satisfactory=True, comment=""),
        )
        if signs:
            self.story.plan(day, lambda: sign(medical_lead, attestations.countersign_attestation))

    def placed(self, starts_on: dt.date) -> Callable[[], Placement]:
        return lambda: self.training.placements.get(starts_on=starts_on)

    def earlier_service(
        self, place: str, first: dt.date, last: dt.date, *, kind: ServiceKind, entered: dt.date
    ) -> None:
        self.story.plan(
            entered,
            lambda: trainings.add_placement(
                training=self.training,
                by=self.trainee,
                place_name=place,
                service_kind=kind,
                post_kind=PostKind.EMPLOYED,
                percent=100,
                starts_on=first,
                ends_on=last,
                key=uuid.uuid4(),
            ),
        )

    def away(self, cause: str, first: dt.date, last: dt.date) -> None:
        self.story.plan(
            first,
            lambda: absences.add_absence(
                training=self.training,
                by=self.trainee,
                cause=cause,
                percent=100,
                starts_on=first,
                ends_on=last,
                key=uuid.uuid4(),
            ),
        )

    # --- Originals ---

    def upload(
        self,
        kind: DocumentKind,
        title: str,
        *,
        day: dt.date,
        confirmed_by=None,
        every_other_page_blank: bool = False,
        placement: Callable[[], Placement] | None = None,
        **about,
    ) -> None:
        pages = demo_original(title, every_other_page_blank=every_other_page_blank)

        def act():
            document = documents.add_document(
                training=self.training,
                by=self.trainee,
                key=uuid.uuid4(),
                upload=ContentFile(pages, name=f"{title}.pdf"),
                kind=kind,
                title=title,
                placement=placement() if placement else None,
                **about,
            )
            if confirmed_by:
                told = document.attests_service and standing_of(document.placement).facts
                shown = digest(told) if told else ""
                documents.confirm_document(document, by=confirmed_by, key=uuid.uuid4(), shown=shown)

        self.story.plan(day, act)

    # --- Plans ---

    def plan_goals(
        self, goals: list[LearningGoal], *, day: dt.date, half_year: dt.date, department, agreed_by
    ) -> None:
        def act():
            plan = plans.add_to_plan(
                training=self.training,
                by=self.trainee,
                goals=goals,
                half_year=half_year,
                department=department,
                activity="Klinisk arbeid under supervisjon",
                weeks=None,
            )
            self._agree(plan, agreed_by)

        self.story.plan(day, act)

    def implementation_plan(self, *, day: dt.date, agreed_by) -> None:
        def act():
            plan = plans.write_plan_text(
                training=self.training,
                by=self.trainee,
                kind=PlanKind.IMPLEMENTATION,
                text="Hospitering i smerteteam og ved palliativt senter avtales for hvert halvår.",
                seen=NOTHING_YET,
                valid_from=day,
            )
            self._agree(plan, agreed_by)

        self.story.plan(day, act)

    def _agree(self, plan: Plan, other) -> None:
        for person in (self.trainee, other):
            plan = Plan.objects.get(pk=plan.pk)
            plans.agree_to_plan(plan, by=person, seen=plan.stamp, key=uuid.uuid4())

    # --- The pathway and the registry ---

    def move(self, pathway: Pathway, *, day: dt.date, by, reason: str) -> None:
        def act():
            moves.move_training(
                training=self.training,
                pathway=pathway,
                seen_pathway_id=self.training.pathway_id,
                reason=reason,
                by=by,
                key=uuid.uuid4(),
            )
            self.training.refresh_from_db()

        self.story.plan(day, act)

    def mirror(self, goals: list[LearningGoal], *, day: dt.date) -> None:
        self.story.plan(
            day,
            lambda: mirror_goals(
                training=self.training,
                by=self.trainee,
                goals=[goal.pk for goal in goals],
                registry=Registry.KOMPETANSEPORTALEN,
                approved_on=day,
            ),
        )

    # --- Courses ---

    def attended(self, session: CourseSession, *, by) -> None:
        self.story.plan(
            session.ends_on + dt.timedelta(days=1),
            lambda: courses.confirm_attendance(
                session,
                by=by,
                marks={self.training.pk: Mark(attended=True, completed_on=session.ends_on)},
                seen=courses.latest_word(session, [self.training.pk]),
                key=uuid.uuid4(),
            ),
        )


def demo_original(title: str, *, every_other_page_blank: bool = False) -> bytes:
    """Two pages that say what they stand for; with their backs, as they came from the scanner."""
    page = PAGE.format(
        title=escape(title), text="Demodokument. Alle personer og hendelser er oppdiktet."
    )
    html = f"<!doctype html><html lang=nb><title>{escape(title)}</title><body data-heading='Demo'>"
    printed = paper.pdf_of(html + page * 2).content
    if not every_other_page_blank:
        return printed
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        backs = pikepdf.new()
        for front in pdf.pages:
            backs.pages.append(front)
            backs.add_blank_page(page_size=(595, 842))
        written = io.BytesIO()
        backs.save(written)
    return written.getvalue()


def hold_sessions(
    course: str, cohort: Cohort, first_days: list[dt.date], *, leader, place: str, organiser: str
) -> list[CourseSession]:
    """The first modules of a course, a week each, planned a month ahead."""
    modules = CourseModule.objects.filter(course__code=course).order_by("number")
    sessions = []
    for module, first in zip(modules, first_days, strict=False):
        with at(moment(first - dt.timedelta(days=30), 9 * 60)):
            sessions.append(
                courses.plan_session(
                    by=leader,
                    module=module,
                    cohort=cohort,
                    place=place,
                    organiser=organiser,
                    starts_on=first,
                    ends_on=first + dt.timedelta(days=4),
                )
            )
    return sessions


def agree_on_arena(arena: str, institution: str, *, first: dt.date, last: dt.date, by) -> None:
    with at(moment(first, 9 * 60)):
        add_agreement(
            Institution.objects.get(name=institution),
            arena=Institution.objects.get(name=arena),
            department=None,
            starts_on=first,
            ends_on=last,
            by=by,
        )
