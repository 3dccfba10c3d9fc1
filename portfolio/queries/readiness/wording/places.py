from django.utils.translation import gettext as _

from institutions.enums import ArenaKind
from portfolio.queries.readiness.wording.phrases import capital, day, days, period, sentences
from portfolio.rules.preflight import FindingCode, Subject

Words = tuple[str, str]


def _gap(subject: Subject) -> str:
    told = _("%(days)s mellom %(period)s.")
    return told % {"days": days(subject.days), "period": period(subject.span)}


def site_recognised(subject: Subject) -> Words:
    if subject.count > 1:
        return _("Tjenestestedene er godkjent i hele perioden"), ""
    return _("%(place)s er godkjent sted") % {"place": subject.place}, ""


def site_not_recognised(subject: Subject) -> Words:
    return _("%(place)s var ikke godkjent hele tiden") % {"place": subject.place}, _gap(subject)


def site_pending(subject: Subject) -> Words:
    title = _("Godkjenningen av %(place)s er til behandling") % {"place": subject.place}
    return title, _("Tjenesten teller når godkjenningen foreligger.")


def site_withdrawn(subject: Subject) -> Words:
    title = _("Godkjenningen av %(place)s er trukket tilbake") % {"place": subject.place}
    return title, _gap(subject)


def site_unknown(subject: Subject) -> Words:
    title = _("Vi vet ikke om %(place)s er godkjent") % {"place": subject.place}
    return title, _("Stedet er bare skrevet inn med navn. Velg det fra listen hvis det står der.")


def agreement_lapsed(subject: Subject) -> Words:
    title = _("Avtalen for %(place)s dekker ikke hele tjenesten") % {"place": subject.place}
    return title, _gap(subject)


def agreement_expiring(subject: Subject) -> Words:
    title = _("Avtalen for %(place)s utløper %(day)s") % {
        "place": subject.place,
        "day": day(subject.until),
    }
    if subject.on is None:
        return title, _("Tjenesten din har ingen sluttdato.")
    return title, _("Tjenesten er planlagt til %(day)s.") % {"day": day(subject.on)}


def advance_approval_missing(subject: Subject) -> Words:
    told = _("Tjenesten ved %(place)s teller bare med godkjenning fra før.")
    return _("Sykehjem krever forhåndsgodkjenning"), told % {"place": subject.place}


def advance_approved(subject: Subject) -> Words:
    return _("%(place)s er forhåndsgodkjent") % {"place": subject.place}, ""


def post_not_designated(subject: Subject) -> Words:
    title = _("Stillingen er ikke en godkjent LIS-stilling")
    return title, f"{subject.place}, {period(subject.span)}."


def post_designated(subject: Subject) -> Words:
    return _("Godkjent LIS-stilling ved godkjent virksomhet"), ""


ARENA_WORDS = {
    ArenaKind.INTERNAL_MEDICINE_WARD: "indremedisinsk avdeling",
    ArenaKind.PALLIATIVE_CENTRE: "palliativt senter",
}


def arena_missing(subject: Subject) -> Words:
    title = _("Ingen tjeneste ved %(arena)s") % {"arena": ARENA_WORDS[ArenaKind(subject.key)]}
    return title, _("Anbefalt for å nå læringsmålene. Ta det med i planen.")


def arena_planned(subject: Subject) -> Words:
    title = _("Tjeneste ved %(arena)s er bare planlagt")
    told = _("Den er planlagt fra %(day)s, og har ikke begynt.") % {"day": day(subject.on)}
    return title % {"arena": ARENA_WORDS[ArenaKind(subject.key)]}, told


def arena_served(subject: Subject) -> Words:
    return _("Tjeneste ved %(arena)s") % {"arena": ARENA_WORDS[ArenaKind(subject.key)]}, ""


def guidance_missing(subject: Subject) -> Words:
    title = _("Uten veileder i %(days)s") % {"days": days(subject.days)}
    between = _("Mellom %(period)s.") % {"period": period(subject.span)}
    return title, sentences(
        between,
        _("Leder kan oppnevne veileder, også tilbake i tid."),
        _("Står veilederen i en signert tjenestebekreftelse, kan den lastes opp."),
    )


def guide_on_paper(subject: Subject) -> Words:
    title = _("Veileder er ikke lagt inn for %(place)s") % {"place": subject.place}
    between = _("%(days)s mellom %(period)s.")
    return title, sentences(
        between % {"days": capital(days(subject.days)), "period": period(subject.span)},
        _("Veilederen står i den signerte tjenestebekreftelsen, som er bekreftet."),
    )


def guide_not_qualified(subject: Subject) -> Words:
    title = _("%(name)s oppfylte ikke kravet til veileder") % {"name": subject.name}
    return title, f"{period(subject.span)}."


def guide_unknown(subject: Subject) -> Words:
    title = _("Det mangler opplysninger om veileder %(name)s") % {"name": subject.name}
    return title, _("Spesialitet eller arbeidssted er ikke oppgitt, %(period)s.") % {
        "period": period(subject.span)
    }


def guided(subject: Subject) -> Words:
    if subject.key:
        return _("Veileder har kompetanseområdet"), ""
    return _("Veileder uten opphold siden %(day)s") % {"day": day(subject.on)}, ""


WORDS = {
    FindingCode.SITE_RECOGNISED: site_recognised,
    FindingCode.SITE_NOT_RECOGNISED: site_not_recognised,
    FindingCode.SITE_PENDING: site_pending,
    FindingCode.SITE_WITHDRAWN: site_withdrawn,
    FindingCode.SITE_UNKNOWN: site_unknown,
    FindingCode.AGREEMENT_LAPSED: agreement_lapsed,
    FindingCode.AGREEMENT_EXPIRING: agreement_expiring,
    FindingCode.ADVANCE_APPROVAL_MISSING: advance_approval_missing,
    FindingCode.ADVANCE_APPROVED: advance_approved,
    FindingCode.POST_NOT_DESIGNATED: post_not_designated,
    FindingCode.POST_DESIGNATED: post_designated,
    FindingCode.ARENA_MISSING: arena_missing,
    FindingCode.ARENA_PLANNED: arena_planned,
    FindingCode.ARENA_SERVED: arena_served,
    FindingCode.GUIDANCE_MISSING: guidance_missing,
    FindingCode.GUIDE_NOT_QUALIFIED: guide_not_qualified,
    FindingCode.GUIDE_UNKNOWN: guide_unknown,
    FindingCode.GUIDE_ON_PAPER: guide_on_paper,
    FindingCode.GUIDED: guided,
}
