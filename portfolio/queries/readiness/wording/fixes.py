"""The page that puts a finding right, and what its button says."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from institutions.enums import Role
from portfolio.enums import GoalStatus, PlanKind
from portfolio.rules.preflight import Finding, FindingCode, Fix, FixKind


@dataclass(frozen=True)
class Way:
    url: str
    label: str


LABELS = {
    FixKind.GOALS: _("Vis målene"),
    FixKind.GOAL: _("Vis målet"),
    FixKind.SERVICE: _("Se bekreftelsen"),
    FixKind.TIME: _("Se utregningen"),
    FixKind.COURSES: _("Se kursene"),
    FixKind.UPLOAD: _("Last opp"),
    FixKind.DOCUMENT: _("Se dokumentet"),
    FixKind.PLAN: _("Åpne planen"),
    FixKind.MIRROR: _("Speil målene"),
    FixKind.PLACES: _("Se tjenesten"),
    FixKind.ACTIVITIES: _("Se aktivitetene"),
    FixKind.ASSESSMENT: _("Vis målene"),
    FixKind.MOVE: _("Se andre løp"),
}
BY_CODE = {
    FindingCode.ATTESTATION_MISSING: _("Be om signatur"),
    FindingCode.ATTESTATION_UNSIGNED: _("Påminn"),
    FindingCode.ATTESTATION_FIELD_MISSING: _("Fyll ut"),
    FindingCode.ATTESTATION_RETURNED: _("Rett og send"),
    FindingCode.ATTESTATION_VOID: _("Be om ny signatur"),
    FindingCode.RECOMMENDATION_MISSING: _("Påminn"),
    FindingCode.MODULES_MISSING: _("Meld deg på"),
    FindingCode.DOCUMENT_UNREADABLE: _("Last opp på nytt"),
    FindingCode.DOCUMENT_UNCONFIRMED: _("Se dokumentene"),
    FindingCode.ADVANCE_APPROVAL_MISSING: _("Last opp svar"),
    FindingCode.REPEALED_CURRICULUM: _("Se overgangen"),
}
STATUS_KEYS = {
    GoalStatus.CLAIMED: "til-avgjorelse",
    GoalStatus.APPROVED: "godkjent",
    "": "gjenstar",
}
TIME_ANCHOR = "#tjenestetid"


def way_of(finding: Finding, training_id: int) -> Way | None:
    """None where no page of the trainee's own puts it right."""
    fix = finding.fix
    url = _url(fix, finding, training_id) if fix else None
    if url is None:
        return None
    return Way(url, str(BY_CODE.get(finding.code) or LABELS[fix.kind]))


APPOINTERS = (Role.DEPARTMENT_HEAD, Role.EDUCATION_LEAD)
GUIDANCE = (
    FindingCode.GUIDANCE_MISSING,
    FindingCode.GUIDE_NOT_QUALIFIED,
    FindingCode.GUIDE_UNKNOWN,
    FindingCode.GUIDE_ON_PAPER,
)
AGREEMENTS = (FindingCode.AGREEMENT_LAPSED, FindingCode.AGREEMENT_EXPIRING)
SEEN_BY_ALL = (FixKind.GOALS, FixKind.GOAL, FixKind.ASSESSMENT, FixKind.MOVE, FixKind.TIME)


def leaders_way_of(finding: Finding, training_id: int, role: Role | None) -> Way | None:
    """Where the one who follows the doctor in this role can see to it."""
    if finding.code in GUIDANCE:
        url = reverse("portfolio:supervisor_appoint", args=[training_id])
        return Way(url, str(_("Oppnevn veileder"))) if role in APPOINTERS else None
    if finding.code in AGREEMENTS:
        url = reverse("institutions:general_plan_list")
        return Way(url, str(_("Se avtalene"))) if role == Role.EDUCATION_LEAD else None
    if finding.code in (FindingCode.DOCUMENT_UNCONFIRMED, FindingCode.ATTESTATION_UNCONFIRMED):
        asked = any(one.role == role for one in finding.who)
        url = reverse("portfolio:document_queue")
        return Way(url, str(_("Bekreft"))) if asked else None
    fix = finding.fix
    if fix is None:
        return None
    if fix.kind == FixKind.PLAN:
        url = reverse("portfolio:plan_of_doctor", args=[training_id])
        return Way(url, str(LABELS[fix.kind]))
    if fix.kind not in SEEN_BY_ALL:
        return None
    label = LABELS[fix.kind] if fix.kind != FixKind.MOVE else _("Se overgangen")
    return Way(_url(fix, finding, training_id), str(label))


def _url(fix: Fix, finding: Finding, training_id: int) -> str | None:
    goals = reverse("portfolio:goal_list", args=[training_id])
    plain = {
        FixKind.TIME: TIME_ANCHOR,
        FixKind.COURSES: reverse("portfolio:course_list"),
        FixKind.MIRROR: reverse("portfolio:mirror"),
        FixKind.ACTIVITIES: reverse("portfolio:activity_list"),
        FixKind.ASSESSMENT: goals,
        FixKind.MOVE: reverse("portfolio:move_choose", args=[training_id]),
    }
    if fix.kind in plain:
        return plain[fix.kind]
    if fix.kind == FixKind.GOALS:
        return f"{goals}?status={STATUS_KEYS.get(fix.key, 'gjenstar')}"
    return _url_of_one(fix, finding, training_id)


def _url_of_one(fix: Fix, finding: Finding, training_id: int) -> str | None:
    if fix.kind == FixKind.GOAL:
        return reverse("portfolio:goal_detail", args=[training_id, *fix.key.split("/")])
    if fix.kind == FixKind.SERVICE:
        return reverse("portfolio:service_statement", args=[fix.id])
    if fix.kind == FixKind.PLACES:
        page = "portfolio:placement_edit"
        return reverse(page, args=[fix.id]) if fix.id else reverse("portfolio:placement_list")
    if fix.kind == FixKind.UPLOAD:
        return f"{reverse('portfolio:document_new')}?slag={fix.key}"
    if fix.kind == FixKind.DOCUMENT:
        bad_scan = finding.code == FindingCode.DOCUMENT_UNREADABLE
        page = "portfolio:document_replace" if bad_scan else "portfolio:document_detail"
        return reverse(page, args=[fix.id]) if fix.id else reverse("portfolio:document_list")
    if fix.kind == FixKind.PLAN:
        implementation = finding.subject.key == PlanKind.IMPLEMENTATION
        return reverse("portfolio:implementation_plan" if implementation else "portfolio:plan")
    return None
