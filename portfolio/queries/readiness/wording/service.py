from django.utils.translation import gettext as _

from institutions.enums import Role
from pages.templatetags.palmappen import thousands
from portfolio.enums import AbsenceReading
from portfolio.queries.readiness.wording.phrases import (
    FEW,
    day,
    days,
    listed,
    period,
    sentences,
)
from portfolio.rules.preflight import FindingCode, Subject

Words = tuple[str, str]


def _where(subject: Subject) -> str:
    return f"{subject.place}, {period(subject.span)}."


def _do_not_count(subject: Subject) -> str:
    if not subject.days:
        return ""
    return _("%(days)s teller ikke før den er signert.") % {"days": days(subject.days)}


def attestation_missing(subject: Subject) -> Words:
    return _("Tjenestebekreftelse mangler"), sentences(_where(subject), _do_not_count(subject))


def attestation_unconfirmed(subject: Subject) -> Words:
    held = _("%(days)s teller ikke før den er bekreftet.") % {"days": days(subject.days)}
    title = _("Tjenestebekreftelsen er lastet opp, men ikke bekreftet")
    return title, sentences(_where(subject), held if subject.days else "")


def attestation_unsigned(subject: Subject) -> Words:
    waiting = (
        _("Tjenestebekreftelse mangler én signatur")
        if subject.role == Role.MEDICAL_LEAD
        else _("Tjenestebekreftelse venter på leder")
    )
    return waiting, sentences(_where(subject), _do_not_count(subject))


def attestation_returned(subject: Subject) -> Words:
    return _("Tjenestebekreftelse er sendt tilbake"), _where(subject)


def attestation_void(subject: Subject) -> Words:
    changed = _("Opplysningene er endret etter signering.")
    return _("Tjenestebekreftelse gjelder ikke lenger"), sentences(_where(subject), changed)


def attestation_field_missing(subject: Subject) -> Words:
    fields = listed([str(field.label).lower() for field in subject.fields])
    missing = _("Mangler: %(fields)s.") % {"fields": fields}
    return _("Tjenestebekreftelse er ikke fylt ut"), sentences(_where(subject), missing)


def attestation_unsatisfactory(subject: Subject) -> Words:
    return _("Tjenesten er ikke vurdert som tilfredsstillende"), _where(subject)


def service_attested(subject: Subject) -> Words:
    return _("All avsluttet tjeneste er bekreftet"), ""


def time_short(subject: Subject) -> Words:
    title = _("%(days)s gjenstår av tjenestetiden") % {"days": days(subject.days)}
    forecast = subject.forecast
    if forecast and forecast.met_on:
        detail = _("Også når alt som venter, blir bekreftet. Kravet er nådd tidligst %(day)s.")
        return title, detail % {"day": day(forecast.met_on)}
    return title, _("Også når alt som venter, blir bekreftet.")


def time_served(subject: Subject) -> Words:
    title = _("Tjenestetiden er oppfylt: %(days)s av %(required)s dager")
    return title % {
        "days": thousands(subject.days), "required": thousands(subject.other_days)
    }, ""  # fmt: skip


def over_cap(subject: Subject) -> Words:
    title = _("Annen spesialitet og utlandet er over grensen")
    detail = _("%(days)s av høyst %(cap)s. Det overskytende er trukket fra.")
    return title, detail % {"days": days(subject.days), "cap": days(subject.other_days)}


def under_cap(subject: Subject) -> Words:
    title = _("Annen spesialitet er under grensen: %(days)s av %(cap)s dager")
    return title % {"days": thousands(subject.days), "cap": thousands(subject.other_days)}, ""


def over_full_time(subject: Subject) -> Words:
    title = _("Samtidige stillinger er over 100 %")
    return title, _("Det som overstiger full tid, er trukket fra. Se om datoene stemmer.")


def within_full_time(subject: Subject) -> Words:
    return _("Ingen samtidige stillinger over 100 %"), ""


def _places(subject: Subject) -> str:
    if len(subject.places) == 1:
        [(place, span)] = subject.places
        return f"{place}, {period(span)},"
    if len(subject.places) <= FEW:
        return listed(list(dict.fromkeys(place for place, _span in subject.places)))
    return _("%(count)s tjenester") % {"count": len(subject.places)}


def readings_differ(subject: Subject) -> Words:
    title = _("Fraværet ved %(places)s kan leses på to måter") % {"places": _places(subject)}
    if subject.key == AbsenceReading.EXCESS:
        detail = _(
            "Bare det som overstiger 10 %%, er trukket: %(days)s. "
            "Strengere lesning trekker %(other)s."
        )
    else:
        detail = _("Hele fraværet er trukket: %(days)s. Mildere lesning trekker %(other)s.")
    return title, detail % {"days": days(subject.days), "other": thousands(subject.other_days)}


def authorised(subject: Subject) -> Words:
    return _("Autorisert %(day)s") % {"day": day(subject.on)}, ""


def part_1_done(subject: Subject) -> Words:
    return _("Del 1 fullført og bekreftet"), ""


def part_1_missing(subject: Subject) -> Words:
    if not subject.days:
        return _("Del 1 er ikke bekreftet"), _("Legg inn tjenesten, eller last opp godkjenningen.")
    told = _("%(days)s av %(required)s er bekreftet.")
    detail = told % {"days": thousands(subject.days), "required": days(subject.other_days)}
    return _("Del 1 er ikke fullført"), detail


WORDS = {
    FindingCode.ATTESTATION_MISSING: attestation_missing,
    FindingCode.ATTESTATION_UNCONFIRMED: attestation_unconfirmed,
    FindingCode.ATTESTATION_UNSIGNED: attestation_unsigned,
    FindingCode.ATTESTATION_RETURNED: attestation_returned,
    FindingCode.ATTESTATION_VOID: attestation_void,
    FindingCode.ATTESTATION_FIELD_MISSING: attestation_field_missing,
    FindingCode.ATTESTATION_UNSATISFACTORY: attestation_unsatisfactory,
    FindingCode.SERVICE_ATTESTED: service_attested,
    FindingCode.TIME_SHORT: time_short,
    FindingCode.TIME_SERVED: time_served,
    FindingCode.OVER_CAP: over_cap,
    FindingCode.UNDER_CAP: under_cap,
    FindingCode.OVER_FULL_TIME: over_full_time,
    FindingCode.WITHIN_FULL_TIME: within_full_time,
    FindingCode.READINGS_DIFFER: readings_differ,
    FindingCode.AUTHORISED: authorised,
    FindingCode.PART_1_DONE: part_1_done,
    FindingCode.PART_1_MISSING: part_1_missing,
}
