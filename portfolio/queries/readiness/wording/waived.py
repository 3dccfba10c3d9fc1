"""What a rule lets the authority waive is no obstacle, and is never told as done."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portfolio.rules.preflight import Finding, FindingCode, Severity

SITE = gettext_lazy("Kravet om godkjent sted kan fravikes")
GUIDE = gettext_lazy("Kravet om veileder kan fravikes")
TITLES = {
    FindingCode.PART_1_MISSING: gettext_lazy("Kravet om del 1 kan fravikes"),
    FindingCode.SITE_WITHDRAWN: SITE,
    FindingCode.SITE_NOT_RECOGNISED: SITE,
    FindingCode.SITE_PENDING: SITE,
    FindingCode.SITE_UNKNOWN: SITE,
    FindingCode.AGREEMENT_LAPSED: SITE,
    FindingCode.AGREEMENT_EXPIRING: SITE,
    FindingCode.POST_NOT_DESIGNATED: gettext_lazy("Kravet om godkjent LIS-stilling kan fravikes"),
    FindingCode.GUIDANCE_MISSING: GUIDE,
    FindingCode.GUIDE_NOT_QUALIFIED: GUIDE,
    FindingCode.GUIDE_UNKNOWN: GUIDE,
    FindingCode.GUIDE_ON_PAPER: GUIDE,
}


def is_waived(finding: Finding) -> bool:
    return finding.severity == Severity.IN_ORDER and finding.code in TITLES


def waived(finding: Finding) -> tuple[str, str]:
    """«Kravet om godkjent sted kan fravikes: Hospice», «Etter § 29.»"""
    of_whom = finding.subject.place or finding.subject.name
    title = str(TITLES[finding.code])
    told = f"{title}: {of_whom}" if of_whom else title
    return told, _("Etter %(rule)s.") % {"rule": finding.ground.waived_by}
