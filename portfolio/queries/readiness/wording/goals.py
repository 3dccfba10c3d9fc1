from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from institutions.enums import Role
from portfolio.enums import GoalStatus
from portfolio.queries.readiness.wording.phrases import day, goals, listed
from portfolio.rules.preflight import FindingCode, Subject

Words = tuple[str, str]  # what, and more about it

TOLD_STATUSES = (
    (GoalStatus.RETURNED, gettext_lazy("sendt tilbake")),
    (GoalStatus.REFUSED, gettext_lazy("avslått")),
    (GoalStatus.NOT_STARTED, gettext_lazy("ikke startet")),
    (GoalStatus.IN_PROGRESS, gettext_lazy("under arbeid")),
    (GoalStatus.CLAIMED, gettext_lazy("til avgjørelse")),
)


def recommendation_missing(subject: Subject) -> Words:
    who = _("Veileders") if subject.role == Role.EDUCATIONAL_SUPERVISOR else _("Supervisørs")
    title = _("%(who)s anbefaling mangler for %(goals)s") % {
        "who": who,
        "goals": goals(subject.goals),
    }
    if subject.on is None:
        return title, _("Ingen er bedt. Leder kan ikke avgjøre før den foreligger.")
    asked = _("Bedt %(day)s. Leder kan ikke avgjøre før den foreligger.")
    return title, asked % {"day": day(subject.on)}


def approval_withdrawn(subject: Subject) -> Words:
    title = _("Godkjenningen av %(goals)s er trukket tilbake") % {"goals": goals(subject.goals)}
    return title, _("Sist %(day)s. Meld målet på nytt når det er nådd.") % {"day": day(subject.on)}


def goals_not_approved(subject: Subject) -> Words:
    title = ngettext(
        "%(count)s læringsmål er ikke godkjent", "%(count)s læringsmål er ikke godkjent",
        subject.count,
    ) % {"count": subject.count}  # fmt: skip
    told = [
        f"{subject.statuses[status]} {word}"
        for status, word in TOLD_STATUSES
        if subject.statuses.get(status)
    ]
    return title, f"{', '.join(told)}."


def goals_approved(subject: Subject) -> Words:
    return _("Alle %(count)s læringsmål er godkjent") % {"count": subject.count}, ""


def level_never_shown(subject: Subject) -> Words:
    title = _("%(goals)s er godkjent uten at alt er vist på krevd nivå") % {
        "goals": goals(subject.goals)
    }
    detail = ngettext(
        "%(count)s utsagn er ikke vist. Leder kan ha sett det på annen måte.",
        "%(count)s utsagn er ikke vist. Leder kan ha sett det på annen måte.",
        subject.count,
    )
    return title, detail % {"count": subject.count}


def assessed_before_return(subject: Subject) -> Words:
    title = _("%(goals)s er ikke vurdert siden målet ble sendt tilbake") % {
        "goals": goals(subject.goals)
    }
    return title, _("Sendt tilbake %(day)s.") % {"day": day(subject.on)}


def repealed_curriculum(subject: Subject) -> Words:
    title = _("%(goals)s er godkjent under opphevet læreplan") % {"goals": goals(subject.goals)}
    if not subject.successors:
        return title, _("Ingen videreføring er bestemt.")
    return title, _("Foreslått videreføring til %(goals)s er ikke bestemt.") % {
        "goals": listed(subject.successors)
    }


def not_mirrored(subject: Subject) -> Words:
    title = ngettext(
        "%(count)s godkjent mål er ikke merket i Kompetanseportalen",
        "%(count)s godkjente mål er ikke merket i Kompetanseportalen",
        subject.count,
    ) % {"count": subject.count}
    return title, _("Kompetanseportalen er det offisielle registeret.")


def mirrored_not_approved(subject: Subject) -> Words:
    title = _("%(goals)s er merket i Kompetanseportalen, men ikke godkjent her") % {
        "goals": goals(subject.goals)
    }
    return title, _("Rett merkingen, eller meld målet her.")


def mirrored(subject: Subject) -> Words:
    if subject.count == 1:
        return _("Det godkjente målet er merket i Kompetanseportalen"), ""
    title = _("Alle %(count)s godkjente mål er merket i Kompetanseportalen")
    return title % {"count": subject.count}, ""


WORDS = {
    FindingCode.RECOMMENDATION_MISSING: recommendation_missing,
    FindingCode.APPROVAL_WITHDRAWN: approval_withdrawn,
    FindingCode.GOALS_NOT_APPROVED: goals_not_approved,
    FindingCode.GOALS_APPROVED: goals_approved,
    FindingCode.LEVEL_NEVER_SHOWN: level_never_shown,
    FindingCode.ASSESSED_BEFORE_RETURN: assessed_before_return,
    FindingCode.REPEALED_CURRICULUM: repealed_curriculum,
    FindingCode.NOT_MIRRORED: not_mirrored,
    FindingCode.MIRRORED_NOT_APPROVED: mirrored_not_approved,
    FindingCode.MIRRORED: mirrored,
}
