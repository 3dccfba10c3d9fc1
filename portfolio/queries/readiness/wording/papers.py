from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portfolio.enums import PlanKind
from portfolio.queries.readiness.wording.phrases import day, numbers
from portfolio.rules.preflight import FindingCode, Subject

Words = tuple[str, str]


def modules_missing(subject: Subject) -> Words:
    title = _("Kursmodul %(numbers)s gjenstår") % {"numbers": numbers(subject.numbers)}
    if not subject.count:
        return title, _("Ingen modul er bekreftet ennå.")
    return title, ngettext(
        "%(count)s modul er bekreftet.", "%(count)s moduler er bekreftet.", subject.count
    ) % {"count": subject.count}


def modules_taken(subject: Subject) -> Words:
    return _("Kursmodul %(numbers)s bekreftet") % {"numbers": numbers(subject.numbers)}, ""


def modules_out_of_order(subject: Subject) -> Words:
    title = _("Kursmodul %(numbers)s er tatt før en tidligere modul")
    return title % {"numbers": numbers(subject.numbers)}, _(
        "Rekkefølgen er anbefalt, ikke et krav."
    )


def course_equivalent(subject: Subject) -> Words:
    return _("Kurs fra et annet sted må vurderes"), _(
        "Helsedirektoratet avgjør om det er likeverdig."
    )


def checklist_missing(subject: Subject) -> Words:
    return _("Sjekklisten for ferdigheter er ikke lastet opp"), _(
        "Signeres av veilederen før opplasting."
    )


def checklist_uploaded(subject: Subject) -> Words:
    return _("Sjekklisten for ferdigheter er lastet opp"), ""


def specialist_approved(subject: Subject) -> Words:
    if subject.name and subject.on:
        title = _("Spesialist i %(specialty)s, godkjent %(day)s")
        return title % {"specialty": subject.name.lower(), "day": day(subject.on)}, ""
    return _("Spesialistgodkjenning er lastet opp"), ""


def specialist_approval_missing(subject: Subject) -> Words:
    return _("Spesialistgodkjenning mangler"), _("Last opp godkjenningen fra Helsedirektoratet.")


def holds_competence_area(subject: Subject) -> Words:
    if subject.on is None:
        return _("Godkjent i kompetanseområdet palliativ medisin"), ""
    return _("Godkjent i kompetanseområdet %(day)s") % {"day": day(subject.on)}, ""


def hpr_number_missing(subject: Subject) -> Words:
    return _("HPR-nummeret mangler"), _("Administratoren legger det inn.")


def evaluation_missing(subject: Subject) -> Words:
    return _("Ingen vurdering det siste året"), _("Be om vurdering av et mål du arbeider med.")


def evaluated(subject: Subject) -> Words:
    return ngettext(
        "Fortløpende evaluering: %(count)s vurdering siste år",
        "Fortløpende evaluering: %(count)s vurderinger siste år",
        subject.count,
    ) % {"count": subject.count}, ""


def plan_missing(subject: Subject) -> Words:
    return _("Individuell plan mangler"), _("Planen gjelder når legen og veilederen er enige.")


def plan_expired(subject: Subject) -> Words:
    if subject.key == PlanKind.IMPLEMENTATION:
        title = _("Gjennomføringsplanen gikk ut %(day)s")
    else:
        title = _("Den individuelle planen gikk ut %(day)s")
    return title % {"day": day(subject.until)}, _("Lag en ny, og bli enige om den.")


def plan_agreed(subject: Subject) -> Words:
    return _("Individuell plan revidert %(day)s") % {"day": day(subject.on)}, ""


def implementation_plan(subject: Subject) -> Words:
    return _("Gjennomføringsplan gyldig til %(day)s") % {"day": day(subject.until)}, ""


def document_unreadable(subject: Subject) -> Words:
    title = _("%(title)s kan ikke leses") % {"title": subject.title}
    return title, " ".join(str(fault.label) for fault in subject.faults)


def document_unconfirmed(subject: Subject) -> Words:
    if subject.count == 1:
        return _("%(title)s er ikke bekreftet") % {"title": subject.title}, _(
            "Dokumentet står som oppgitt av legen."
        )
    title = _("%(count)s dokumenter er ikke bekreftet") % {"count": subject.count}
    return title, _("De står som oppgitt av legen.")


def patient_data_suspected(subject: Subject) -> Words:
    title = ngettext(
        "%(count)s tekst kan ha et fødselsnummer",
        "%(count)s tekster kan ha et fødselsnummer",
        subject.count,
    )
    return title % {"count": subject.count}, _("Se gjennom tekstene før mappen sendes.")


def deadline_unknown(subject: Subject) -> Words:
    return _("Søknadsfristen er ikke kjent"), _(
        "To år regnes fra spesialiteten trer i kraft. Datoen er ikke bestemt."
    )


def deadline_passed(subject: Subject) -> Words:
    title = _("Søknadsfristen gikk ut %(day)s") % {"day": day(subject.until)}
    return title, _("Søknad kan ikke sendes i dette løpet.")


def within_deadline(subject: Subject) -> Words:
    return _("Søknad kan sendes til og med %(day)s") % {"day": day(subject.until)}, ""


def falls_away(subject: Subject) -> Words:
    return _("Kommunal hospitering faller bort: egen tjeneste der"), ""


WORDS = {
    FindingCode.MODULES_MISSING: modules_missing,
    FindingCode.MODULES_TAKEN: modules_taken,
    FindingCode.MODULES_OUT_OF_ORDER: modules_out_of_order,
    FindingCode.COURSE_EQUIVALENT: course_equivalent,
    FindingCode.CHECKLIST_MISSING: checklist_missing,
    FindingCode.CHECKLIST_UPLOADED: checklist_uploaded,
    FindingCode.SPECIALIST_APPROVED: specialist_approved,
    FindingCode.SPECIALIST_APPROVAL_MISSING: specialist_approval_missing,
    FindingCode.HOLDS_COMPETENCE_AREA: holds_competence_area,
    FindingCode.HPR_NUMBER_MISSING: hpr_number_missing,
    FindingCode.EVALUATION_MISSING: evaluation_missing,
    FindingCode.EVALUATED: evaluated,
    FindingCode.PLAN_MISSING: plan_missing,
    FindingCode.PLAN_EXPIRED: plan_expired,
    FindingCode.PLAN_AGREED: plan_agreed,
    FindingCode.IMPLEMENTATION_PLAN: implementation_plan,
    FindingCode.DOCUMENT_UNREADABLE: document_unreadable,
    FindingCode.DOCUMENT_UNCONFIRMED: document_unconfirmed,
    FindingCode.PATIENT_DATA_SUSPECTED: patient_data_suspected,
    FindingCode.DEADLINE_UNKNOWN: deadline_unknown,
    FindingCode.DEADLINE_PASSED: deadline_passed,
    FindingCode.WITHIN_DEADLINE: within_deadline,
    FindingCode.FALLS_AWAY: falls_away,
}
