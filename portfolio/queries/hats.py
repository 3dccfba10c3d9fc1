"""Which hats a person wears today: what the menu shows, and where home is."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists

from accounts.models import User
from institutions.enums import Role
from institutions.models import CohortLeadership, RoleAssignment
from portfolio.models import EducationalSupervision, Training
from portfolio.queries.claims import json_rows


@dataclass(frozen=True)
class Hats:
    """What one person is today. One person can be several things."""

    training_id: int | None = None  # the person's own training that is running
    doctor_title: str = ""
    is_clinical_supervisor: bool = False
    is_educational_supervisor: bool = False
    is_head: bool = False
    is_education_lead: bool = False
    is_program_leader: bool = False
    is_admin: bool = False

    @property
    def is_trainee(self) -> bool:
        return self.training_id is not None

    @property
    def supervises(self) -> bool:
        return self.is_clinical_supervisor or self.is_educational_supervisor

    @property
    def leads(self) -> bool:
        """Has doctors to follow: their veileder, head, education lead or programme leader."""
        return (
            self.is_educational_supervisor
            or self.is_head
            or self.is_education_lead
            or self.is_program_leader
        )


def hats_of(user) -> Hats:
    """One query, on every page: as few subqueries as will do."""
    roles = RoleAssignment.objects.filter(user=user).in_force().order_by()
    training = Training.objects.of(user).filter(ended_on__isnull=True).order_by()
    trainings, held, guides, leads_cohort = (
        User.objects.filter(pk=user.pk)
        .values_list(
            json_rows(training, pk="pk", doctor_title="pathway__doctor_title"),
            ArraySubquery(roles.values("role")),
            Exists(EducationalSupervision.objects.in_force().filter(supervisor=user)),
            Exists(CohortLeadership.objects.in_force().filter(user=user)),
        )
        .get()
    )
    own = trainings[0] if trainings else {"pk": None, "doctor_title": ""}
    return Hats(
        training_id=own["pk"],
        doctor_title=own["doctor_title"],
        is_clinical_supervisor=Role.CLINICAL_SUPERVISOR in held,
        is_educational_supervisor=guides,
        is_head=Role.DEPARTMENT_HEAD in held,
        is_education_lead=Role.EDUCATION_LEAD in held,
        is_program_leader=leads_cohort,
        is_admin=Role.ADMIN in held,
    )


def request_hats(request) -> Hats:
    """The hats of the one who asks, read once per request: the menu and the views share them."""
    if not hasattr(request, "hats"):
        request.hats = hats_of(request.user)
    return request.hats
