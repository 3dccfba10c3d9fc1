"""«Klar for søknad?»: everything an application is judged by, as typed findings.

Pure. The pathway's requirements decide what is looked for and on what ground; nothing here is a
sentence, and nothing here knows the database.
"""

from portfolio.rules.preflight.facts import TrainingFacts
from portfolio.rules.preflight.findings import (
    AUTHORITY,
    YOU,
    Finding,
    FindingCode,
    Fix,
    FixKind,
    Ground,
    Severity,
    Subject,
    Verdict,
    WhoToAsk,
)
from portfolio.rules.preflight.goals import goal_findings
from portfolio.rules.preflight.papers import paper_findings
from portfolio.rules.preflight.places import place_findings
from portfolio.rules.preflight.service import amount_in_days, service_findings

__all__ = [
    "AUTHORITY",
    "YOU",
    "Finding",
    "FindingCode",
    "Fix",
    "FixKind",
    "Ground",
    "Severity",
    "Subject",
    "TrainingFacts",
    "Verdict",
    "WhoToAsk",
    "amount_in_days",
    "preflight",
]

ORDER = {code: place for place, code in enumerate(FindingCode)}


def preflight(facts: TrainingFacts) -> Verdict:
    """All findings, the first to look at first."""
    findings = [
        *service_findings(facts),
        *goal_findings(facts),
        *place_findings(facts),
        *paper_findings(facts),
    ]
    return Verdict(facts.today, tuple(sorted(findings, key=lambda one: ORDER[one.code])))
