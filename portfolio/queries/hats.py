"""Which hats a person wears today: what the menu shows, and where home is."""

from dataclasses import dataclass

from django.db.models import Exists, Q

from accounts.models import User
from institutions.enums import Role
from institutions.models import CohortLeadership, RoleAssignment
from portfolio.models import EducationalSupervision, Training


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
    """One query."""
    roles = RoleAssignment.objects.filter(user=user).in_force()
    training = Training.objects.of(user).filter(ended_on__isnull=True)
    row = (
        User.objects.filter(pk=user.pk)
        .values_list(
            training.values("pk")[:1],
            training.values("pathway__doctor_title")[:1],
            Exists(roles.filter(role=Role.CLINICAL_SUPERVISOR)),
            Exists(EducationalSupervision.objects.in_force().filter(supervisor=user)),
            Exists(roles.filter(role=Role.DEPARTMENT_HEAD)),
            Exists(roles.filter(role=Role.EDUCATION_LEAD)),
            Exists(CohortLeadership.objects.in_force().filter(Q(user=user))),
            Exists(roles.filter(role=Role.ADMIN)),
        )
        .get()
    )
    training_id, doctor_title, *flags = row
    return Hats(training_id, doctor_title or "", *flags)


def request_hats(request) -> Hats:
    """The hats of the one who asks, read once per request: the menu and the views share them."""
    if not hasattr(request, "hats"):
        request.hats = hats_of(request.user)
    return request.hats
