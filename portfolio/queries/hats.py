"""Which hats a person wears today: what the menu shows, and where home is."""

from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from institutions.enums import Role


@dataclass(frozen=True)
class Hats:
    """What one person is today. One person can be several things."""

    training_id: int | None = None  # the person's own training: the running one, else the last
    doctor_title: str = ""
    is_in_training: bool = False  # it has not ended
    is_clinical_supervisor: bool = False
    is_educational_supervisor: bool = False
    is_head: bool = False
    is_medical_lead: bool = False
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
    def signs_service(self) -> bool:
        return self.is_head or self.is_medical_lead

    @property
    def leads(self) -> bool:
        """Has doctors to follow: their veileder, head, education lead or programme leader."""
        return (
            self.is_educational_supervisor
            or self.is_head
            or self.is_education_lead
            or self.is_program_leader
        )


# On every page, so in SQL: Django takes longer to put it together than the database to answer.
WORN = """
WITH today AS (SELECT %(user)s AS person, %(today)s::date AS day)
SELECT training.id,
       coalesce(pathway.doctor_title, ''),
       training.id IS NOT NULL AND training.ended_on IS NULL,
       ARRAY(SELECT role FROM institutions_roleassignment
              WHERE user_id = person AND day BETWEEN starts_on AND coalesce(ends_on, day)),
       EXISTS (SELECT FROM portfolio_educationalsupervision
                WHERE supervisor_id = person AND day BETWEEN starts_on AND coalesce(ends_on, day)),
       EXISTS (SELECT FROM institutions_cohortleadership
                WHERE user_id = person AND day BETWEEN starts_on AND coalesce(ends_on, day))
  FROM today
  LEFT JOIN LATERAL (
       SELECT id, pathway_id, ended_on FROM portfolio_training WHERE trainee_id = person
        ORDER BY ended_on DESC NULLS FIRST LIMIT 1) AS training ON true
  LEFT JOIN curriculum_pathway AS pathway ON pathway.id = training.pathway_id
"""


def hats_of(user) -> Hats:
    """One query."""
    with connection.cursor() as cursor:
        cursor.execute(WORN, {"user": user.pk, "today": timezone.localdate()})
        training_id, doctor_title, is_running, held, guides, leads_cohort = cursor.fetchone()
    return Hats(
        training_id=training_id,
        doctor_title=doctor_title,
        is_in_training=is_running,
        is_clinical_supervisor=Role.CLINICAL_SUPERVISOR in held,
        is_educational_supervisor=guides,
        is_head=Role.DEPARTMENT_HEAD in held,
        is_medical_lead=Role.MEDICAL_LEAD in held,
        is_education_lead=Role.EDUCATION_LEAD in held,
        is_program_leader=leads_cohort,
        is_admin=Role.ADMIN in held,
    )


def request_hats(request) -> Hats:
    """The hats of the one who asks, read once per request: the menu and the views share them."""
    if not hasattr(request, "hats"):
        request.hats = hats_of(request.user)
    return request.hats
