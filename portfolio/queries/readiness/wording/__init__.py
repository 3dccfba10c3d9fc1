"""Findings in words: what, who, on what ground, and where to put it right."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from curriculum.enums import Weight
from institutions.enums import Role
from portfolio.enums import DocumentKind
from portfolio.queries.readiness.wording import goals, papers, places, service
from portfolio.queries.readiness.wording.fixes import Way, leaders_way_of, way_of
from portfolio.queries.readiness.wording.phrases import capital, counted, day, listed
from portfolio.queries.readiness.wording.waived import is_waived, waived
from portfolio.rules.preflight import Finding, FindingCode, Ground, Severity, Verdict, WhoToAsk
from portfolio.rules.service_time import Forecast

WORDS = goals.WORDS | service.WORDS | places.WORDS | papers.WORDS
SEPARATOR = "; "


@dataclass(frozen=True)
class Told:
    """One finding as a row. `who_roles` and `ground_detail` stand small under the line above."""

    code: FindingCode
    severity: Severity
    title: str
    detail: str
    who: str
    who_roles: str
    ground: str
    ground_detail: str
    mark: str  # the ground in a word: «§ 25», «kap. 3.4», «krav»
    way: Way | None


@dataclass(frozen=True)
class Viewer:
    """Whose page it is: «Du» is the trainee on their own pages, and named for everybody else."""

    training_id: int
    trainee: str
    is_own: bool = True
    role: Role | None = None  # in which somebody else follows the trainee


def told(finding: Finding, viewer: Viewer) -> Told:
    finding = _without_causes(finding, viewer)
    title, detail = waived(finding) if is_waived(finding) else WORDS[finding.code](finding.subject)
    who, roles = _who(finding.who, viewer)
    ground, ground_detail = _ground(finding)
    return Told(
        code=finding.code,
        severity=finding.severity,
        title=title,
        detail=detail,
        who=who,
        who_roles=roles,
        ground=ground,
        ground_detail=ground_detail,
        mark=_mark(finding.ground),
        way=_way(finding, viewer),
    )


def _without_causes(finding: Finding, viewer: Viewer) -> Finding:
    """What the doctor called an attestation of service may tell why they were away."""
    subject = finding.subject
    if viewer.is_own or subject.key != DocumentKind.SERVICE_ATTESTATION or not subject.title:
        return finding
    title = str(DocumentKind.SERVICE_ATTESTATION.label)
    return replace(finding, subject=replace(subject, title=title))


def _way(finding: Finding, viewer: Viewer) -> Way | None:
    if viewer.is_own:
        return way_of(finding, viewer.training_id)
    return leaders_way_of(finding, viewer.training_id, viewer.role)


def told_all(findings: Iterable[Finding], viewer: Viewer) -> tuple[Told, ...]:
    return tuple(told(one, viewer) for one in findings)


def _who(people: Iterable[WhoToAsk], viewer: Viewer) -> tuple[str, str]:
    """«Du og Anne Demo Haugen», «leder»."""
    names, roles = [], []
    for one in people:
        if one.role == Role.TRAINEE:
            names.append(_("Du") if viewer.is_own else viewer.trainee)
        elif one.role is None:
            names.append(_("Helsedirektoratet"))
        elif one.name:
            names.append(one.name)
            roles.append(str(Role(one.role).label).lower())
        else:
            names.append(str(Role(one.role).label).lower())
    return capital(listed(names)), ", ".join(dict.fromkeys(roles))


DETAILS = {
    FindingCode.RECOMMENDATION_MISSING: gettext_lazy("to anbefalinger før avgjørelse"),
    FindingCode.READINGS_DIFFER: gettext_lazy("uklar ordlyd"),
    FindingCode.NOT_MIRRORED: gettext_lazy("Helsedirektoratet leser derfra"),
    FindingCode.REPEALED_CURRICULUM: gettext_lazy("nye felles kompetansemål"),
    FindingCode.DOCUMENT_UNREADABLE: gettext_lazy("sider tapt i skanning"),
    FindingCode.DOCUMENT_UNCONFIRMED: gettext_lazy("bekreftes av en som har sett det"),
}
WEIGHTS = {
    Weight.RECOMMENDATION: gettext_lazy("anbefalt, ikke et krav"),
    Weight.ASSUMPTION: gettext_lazy("antakelse"),
}


def _ground(finding: Finding) -> tuple[str, str]:
    """The first source, and what else there is to say of it."""
    first, _separator, rest = finding.ground.source.partition(SEPARATOR)
    if finding.ground.waived_by and finding.severity == Severity.IN_ORDER:
        waived = _("kan fravikes etter %(rule)s") % {"rule": finding.ground.waived_by}
        return first, waived
    details = [DETAILS.get(finding.code), WEIGHTS.get(finding.ground.weight), rest]
    detail = next((str(one) for one in details if one), "")
    return first or _("Regel i PAL-mappen"), detail


PARAGRAPH = re.compile(r"§+ [\d, og]*\d|kap\. [\d.]*\d")


def _mark(ground: Ground) -> str:
    found = PARAGRAPH.search(ground.source)
    is_law = ground.source.startswith("Spesialistforskriften")
    mark = found[0] if found and (is_law or ground.weight != Weight.REQUIREMENT) else ""
    if ground.weight == Weight.RECOMMENDATION:
        return _("anbefaling, %(chapter)s") % {"chapter": mark} if mark else _("anbefaling")
    return mark or _("krav")


# --- The verdict ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """«Ikke ennå.» and why, or «Klar for søknad.»"""

    is_ready: bool
    lead: str
    rest: str


def answer_of(verdict: Verdict, forecast: Forecast | None) -> Answer:
    if verdict.is_ready:
        return Answer(
            True, _("Klar for søknad."), _("Ingenting mangler, og ingenting må avklares.")
        )
    parts = []
    if verdict.missing:
        parts.append(_things(len(verdict.missing)))
    if verdict.to_clarify:
        count = counted(len(verdict.to_clarify))
        word = _("ett") if count == "én" else count
        parts.append(_("%(count)s må avklares") % {"count": word})
    sentence = f"{capital(', '.join(parts))}."
    return Answer(False, _("Ikke ennå."), " ".join([sentence, *_when(verdict, forecast)]))


def _things(count: int) -> str:
    number = counted(count)
    return ngettext("én ting mangler", "%(count)s ting mangler", count) % {"count": number}


def _when(verdict: Verdict, forecast: Forecast | None) -> list[str]:
    short = any(one.code == FindingCode.TIME_SHORT for one in verdict.missing)
    if not short or forecast is None or forecast.met_on is None:
        return []
    return [_("Tiden er oppfylt tidligst %(day)s.") % {"day": day(forecast.met_on)}]
