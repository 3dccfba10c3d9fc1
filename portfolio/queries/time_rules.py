"""What a pathway's service is counted by: the amounts and sources of its requirements."""

from collections.abc import Iterable

from django.conf import settings

from curriculum.enums import RequirementCode, Weight
from curriculum.models import Pathway, Requirement
from portfolio.enums import AbsenceReading, TimeRule
from portfolio.rules.preflight.facts import Required
from portfolio.rules.service_time import TimeRules, time_rules
from portfolio.rules.time_facts import Citation

CITED = {
    RequirementCode.SERVICE_TIME: TimeRule.REQUIREMENT,
    RequirementCode.ABSENCE_THRESHOLD: TimeRule.ABSENCE,
    RequirementCode.OTHER_SERVICE_CAP: TimeRule.CAP,
    RequirementCode.SERVICE_ATTESTATION: TimeRule.ATTESTED,
}
USUAL_THRESHOLD = 10  # percent, where a pathway says nothing


def time_rules_of(pathway: Pathway) -> TimeRules:
    """One query."""
    return time_rules_from(pathway.requirements.all())


def time_rules_from(requirements: Iterable[Requirement | Required]) -> TimeRules:
    """As `time_rules_of`, of requirements that are read already."""
    asked = {RequirementCode(one.code): one for one in requirements}

    def amount(code: RequirementCode) -> int | None:
        return asked[code].amount if code in asked else None

    return time_rules(
        required_months=amount(RequirementCode.SERVICE_TIME) or 0,
        absence_percent=amount(RequirementCode.ABSENCE_THRESHOLD) or USUAL_THRESHOLD,
        other_service_months=amount(RequirementCode.OTHER_SERVICE_CAP),
        reading=AbsenceReading(settings.ABSENCE_READING),
        citations={CITED[code]: _citation(one) for code, one in asked.items() if code in CITED},
    )


def _citation(requirement: Requirement | Required) -> Citation:
    return Citation(requirement.source, requirement.weight == Weight.ASSUMPTION)
