"""One of everything that a page can show, and everyone who may come to see it.

For the tests that span the product: the access matrix and the browser's round of every page.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from accounts.models import User
from curriculum.models import LearningGoal, Pathway, Requirement
from institutions.enums import AttestedBy, Role
from institutions.models import (
    Agreement,
    CohortLeadership,
    CohortMembership,
    GoalOffer,
    RoleAssignment,
)
from portfolio.enums import DocumentKind, PlanKind
from portfolio.models import Document, EducationalSupervision, RecommendationRequest
from portfolio.rules.plans import NOTHING_YET
from portfolio.services import activities, documents, goals, plans
from reports.enums import ReportState
from reports.models import Report
from tests import factories
from tests.factories import Ward, days_ago, make_ward
from tests.portfolio import courses
from tests.reports.factories import in_state, make_dossier, make_export, make_report


@dataclass(frozen=True)
class World:
    """`things` are the arguments of URLs, by name."""

    ward: Ward
    other: Ward  # another trainee somewhere else, and those around them
    things: dict[str, object]

    def args(self, names: str) -> list[object]:
        return [getattr(self.things[name], "pk", self.things[name]) for name in names.split()]


@dataclass(frozen=True)
class Persona:
    """Somebody who asks. `ending` takes their role away, after all that they did in it."""

    user: Callable[[World], User | None]
    ending: Callable[[User], object] | None = None


def end_roles(user: User) -> None:
    RoleAssignment.objects.filter(user=user).update(ends_on=days_ago(1))


def end_supervision(user: User) -> None:
    EducationalSupervision.objects.filter(supervisor=user).update(ends_on=days_ago(1))


def end_leadership(user: User) -> None:
    CohortLeadership.objects.filter(user=user).update(ends_on=days_ago(1))


def deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


PERSONAS = {
    "anonymous": Persona(lambda world: None),
    "trainee": Persona(lambda world: world.ward.trainee),
    "other trainee": Persona(lambda world: world.other.trainee),
    "supervisor": Persona(lambda world: world.ward.supervisor),
    "ended supervisor": Persona(lambda world: world.ward.supervisor, end_roles),
    "other supervisor": Persona(lambda world: world.other.supervisor),
    "guide": Persona(lambda world: world.ward.guide),
    "ended guide": Persona(lambda world: world.ward.guide, end_supervision),
    "other guide": Persona(lambda world: world.other.guide),
    "head": Persona(lambda world: world.ward.head),
    "ended head": Persona(lambda world: world.ward.head, end_roles),
    "other head": Persona(lambda world: world.other.head),
    "medical lead": Persona(lambda world: world.ward.medical_lead),
    "ended medical lead": Persona(lambda world: world.ward.medical_lead, end_roles),
    "education lead": Persona(lambda world: world.ward.education_lead),
    "ended education lead": Persona(lambda world: world.ward.education_lead, end_roles),
    "program leader": Persona(lambda world: world.ward.program_leader),
    "ended program leader": Persona(lambda world: world.ward.program_leader, end_leadership),
    "other program leader": Persona(lambda world: world.other.program_leader),
    "admin": Persona(lambda world: world.ward.admin),
    "ended admin": Persona(lambda world: world.ward.admin, end_roles),
    "deactivated trainee": Persona(lambda world: world.ward.trainee, deactivate),
}


def load_curriculum() -> None:
    call_command("load_curriculum", verbosity=0)


def goal(code: str) -> LearningGoal:
    curriculum = "pal-2023" if code.startswith("PAL") else "fkm-2025"
    return LearningGoal.objects.get(code=code, curriculum__code=curriculum)


def make_world() -> World:
    """A trainee in the specialty pathway, with one of each thing in each state."""
    load_curriculum()
    ward = make_ward()
    other = make_ward()
    _requirements(ward.training.pathway)
    things = {
        "training": ward.training,
        "curriculum": "pal-2023",
        "untouched": "PAL-003",
        "assessed": "PAL-055",
        "placement": ward.training.placements.get(),
        "supervision": ward.training.supervisions.get(),
        "absence": factories.make_absence(training=ward.training),
        "pathway": Pathway.objects.get(code="new-specialty"),
        **_service(ward),
        **_activities(ward),
        "document": _document(ward),
        **_requests(ward),
        **_claims(ward),
        **_reports(ward),
        **_courses(ward),
        **_people(ward, other),
        **_plans(ward),
        **_general_plan(ward, other),
    }
    return World(ward=ward, other=other, things=things)


def _requirements(pathway: Pathway) -> None:
    """What the specialty asks for is asked for here too."""
    for row in Requirement.objects.filter(pathway__code="specialty", pathway__version="2026"):
        row.pk, row.pathway = None, pathway
        row.save()


def _service(ward: Ward) -> dict[str, object]:
    """Service at each step: stated, asked about, attested by the head."""
    stated, asked, attested = (
        factories.make_served(ward=ward, starts_on=days_ago(first), ends_on=days_ago(first - 99))
        for first in (800, 700, 600)
    )
    return {
        "stated": stated,
        "asked_placement": asked,
        "service_request": factories.make_attestation_request(ward=ward, placement=asked),
        "attestation_of_service": factories.make_attestation(ward=ward, placement=attested),
        "countersigning": attested.attestation_requests.open().get(),
    }


def _activities(ward: Ward) -> dict[str, object]:
    five = [goal("PAL-005")]
    draft = factories.make_activity(ward=ward, goals_=five)
    on_draft = activities.attach_file(draft, by=ward.trainee, upload=picture("kladd.png"))
    sent = factories.make_activity(ward=ward, goals_=five)
    on_sent = activities.attach_file(sent, by=ward.trainee, upload=picture("sendt.png"))
    activities.send_activity(sent, by=ward.trainee)
    elsewhere = factories.make_institution(activities_attested_by=AttestedBy.EDUCATIONAL_SUPERVISOR)
    guided = factories.make_activity(
        ward=ward,
        goals_=five,
        sent=True,
        department=factories.make_department(institution=elsewhere),
    )
    return {
        "draft": draft,
        "on_draft": on_draft,
        "sent": sent,
        "on_sent": on_sent,
        "guided": guided,
    }


def _document(ward: Ward) -> Document:
    return documents.add_document(
        training=ward.training,
        by=ward.trainee,
        key=uuid4(),
        upload=picture("sjekkliste.png"),
        kind=DocumentKind.CHECKLIST,
        title="Sjekkliste",
    )


def picture(name: str) -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (8, 8), "white").save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), "image/png")


def _requests(ward: Ward) -> dict[str, object]:
    assessment = factories.make_assessment(
        ward=ward, goal=goal("PAL-055"), feedback="Rolig og tydelig i samtalen."
    )
    return {
        "request": factories.make_request(ward=ward, goal=goal("PAL-004")),
        "assessment": assessment,
    }


def _claims(ward: Ward) -> dict[str, object]:
    """One claim at each step: made, asked about, recommended, approved."""
    made, asked, ready = (_claim(ward, code) for code in ("PAL-006", "PAL-007", "PAL-008"))
    goals.request_recommendations(
        asked,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )
    factories.make_recommendations(ward=ward, claim=ready)
    return {
        "made": made,
        "asked": asked,
        "asked_supervisor": RecommendationRequest.objects.get(
            claim=asked, asked_of=ward.supervisor
        ),
        "ready": ready,
        "approval": factories.make_approved(ward=ward, goal=goal("PAL-009")),
    }


def _claim(ward: Ward, code: str):
    factories.make_assessment(ward=ward, goal=goal(code))
    return factories.make_claim(ward=ward, goal=goal(code))


def _reports(ward: Ward) -> dict[str, object]:
    dossier = make_dossier(ward=ward)
    return {
        "dossier": dossier,
        "code": dossier.code,
        "export": finished(make_export(ward=ward)),
        "report": finished(make_report(ward=ward)),
        "failed_report": in_state(make_report(ward=ward), ReportState.FAILED),
        "heads_report": finished(make_report(ward=ward, by=ward.head)),
        "queued_report": make_report(ward=ward, by=ward.guide),
    }


def finished(report: Report) -> Report:
    """With a file that nobody reads here: laying out a real one takes seconds."""
    name = default_storage.save(f"reports/{report.number}.pdf", ContentFile(b"%PDF-1.7"))
    return in_state(report, ReportState.DONE, file=name)


def _plans(ward: Ward) -> dict[str, object]:
    """The individual plan waits for the veileder; the implementation plan is a draft."""
    plan = plans.write_plan_text(
        training=ward.training,
        by=ward.trainee,
        kind=PlanKind.INDIVIDUAL,
        text="Fordypning i smerte.",
        seen=factories.make_plan(ward=ward, goals_=[goal("PAL-010")]).stamp,
    )
    plans.agree_to_plan(plan, by=ward.trainee, seen=plan.stamp, key=uuid4())
    draft = plans.write_plan_text(
        training=ward.training,
        by=ward.trainee,
        kind=PlanKind.IMPLEMENTATION,
        text="Fire timer fordypning i uken.",
        seen=NOTHING_YET,
    )
    return {"plan": plan, "plan_item": plan.items.get(), "draft_plan": draft}


def _courses(ward: Ward) -> dict[str, object]:
    """One module is confirmed, one is held and not confirmed, one lies ahead."""
    confirmed, held, ahead = (
        courses.session_for(ward, nth, starts_on=starts_on)
        for nth, starts_on in ((1, days_ago(90)), (2, days_ago(7)), (3, days_ago(-60)))
    )
    courses.confirm(ward, confirmed)
    return {
        "session_held": held,
        "session_ahead": ahead,
        "sign_up": courses.signed_up(ward, ahead),
    }


def _general_plan(ward: Ward, other: Ward) -> dict[str, object]:
    """One goal is offered, and another institution is an arena by agreement."""
    institution = ward.department.institution
    GoalOffer.objects.create(department=ward.department, goal=goal("PAL-012"), how="Tilsyn")
    agreement = Agreement.objects.create(
        institution=institution, arena=other.department.institution, starts_on=days_ago(50)
    )
    # A department of which nothing is said yet.
    department = factories.make_department(institution=institution, name="Smerteklinikken")
    return {"institution": institution, "department": department, "agreement": agreement}


def _people(ward: Ward, other: Ward) -> dict[str, object]:
    invited = factories.make_user(name="Ida Demo Ny")
    User.objects.filter(pk=invited.pk).update(invited_at=dt.datetime.now(tz=dt.UTC))
    membership = CohortMembership.objects.get(user=ward.trainee)
    return {
        "person": other.supervisor,
        "invited": invited,
        "inactive": factories.make_user(name="Per Demo Sluttet", is_active=False),
        "role": RoleAssignment.objects.get(user=other.supervisor, role=Role.CLINICAL_SUPERVISOR),
        "cohort": membership.cohort,
        "member": "member",
        "key": "set-password",
        "uidb36": "1",
        "membership": membership,
    }
