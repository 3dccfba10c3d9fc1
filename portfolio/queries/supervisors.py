"""Whom a trainee can ask: the veileder, and the supervisors of today."""

import datetime as dt
from dataclasses import dataclass

from accounts.models import User
from institutions.queries import supervisors_in_force
from portfolio.models import Training
from portfolio.queries.evidence import Evidence, Service

Groups = tuple[tuple[str, tuple[User, ...]], ...]


@dataclass(frozen=True)
class Supervisors:
    guide: User | None
    clinical: Groups  # by place, where the trainee serves first; nobody twice, never oneself

    def clinical_by_id(self) -> dict[int, User]:
        return {person.pk: person for _place, people in self.clinical for person in people}


def supervisors_for(evidence: Evidence, on: dt.date) -> Supervisors:
    """Two queries."""
    training = evidence.training
    guide = _guide(training, on)
    own = {place for service in evidence.services for place in _places(service, on)}
    groups = sorted(supervisors_in_force(on), key=lambda group: group[0] not in own)
    listed = {training.trainee_id, guide.pk if guide else None}
    clinical = []
    for place, people in groups:
        new = tuple(person for person in people if person.pk not in listed)
        listed |= {person.pk for person in new}
        if new:
            clinical.append((place, new))
    return Supervisors(guide, tuple(clinical))


def _guide(training: Training, on: dt.date) -> User | None:
    supervision = training.supervisions.in_force(on=on).select_related("supervisor").first()
    return supervision.supervisor if supervision else None


def _places(service: Service, on: dt.date) -> tuple[str, ...]:
    """What `RoleAssignment.place` calls the department and its institution, while one serves."""
    if service.starts_on > on or (service.ends_on and service.ends_on < on):
        return ()
    return (service.label, service.institution)
