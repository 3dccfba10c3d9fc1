"""Service, what is deducted from it, and who attests it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PostKind(models.TextChoices):
    DESIGNATED = "designated", _("Godkjent LIS-stilling")
    EMPLOYED = "employed", _("Ansatt")
    BY_AGREEMENT = "by_agreement", _("Etter avtale")


class ServiceKind(models.TextChoices):
    """What service counts as. One cap holds the last two together (domain notes, time)."""

    OWN = "own", _("Denne utdanningen")
    PART_1 = "part_1", _("Del 1")
    OTHER_SPECIALTY = "other_specialty", _("Annen spesialitet")
    ABROAD = "abroad", _("Samme spesialitet i utlandet")


class AbsenceCause(models.TextChoices):
    """Causes are health data: only the doctor and those who attest see them."""

    SICK = "sick", _("Sykdom")
    PARENTAL = "parental", _("Foreldrepermisjon")
    LEAVE = "leave", _("Permisjon")
    HOLIDAY = "holiday", _("Ferie")
    COURSE = "course", _("Kurs")
    OTHER = "other", _("Annet fravær")


class AbsenceReading(models.TextChoices):
    """Two ways to read «exceeding 10 %». Which one holds is a setting; every report names it."""

    EXCESS = "excess", _("Bare det som overstiger 10 %, trekkes fra")
    WHOLE = "whole", _("Hele fraværet trekkes fra når det overstiger 10 %")


class TimeRule(models.TextChoices):
    """What a rule of counting is about. Days are deducted under all but the last three."""

    PART_TIME = "part_time", _("deltid")
    OVERLAP = "overlap", _("samtidige stillinger over 100 %")
    ABSENCE = "absence", _("fravær over 10 %")
    HOLIDAY = "holiday", _("ferie i del 1")
    CAP = "cap", _("over grensen for annen spesialitet og utlandet")
    KIND = "kind", _("slaget tjeneste teller ikke her")
    TOO_EARLY = "too_early", _("før tjenesten kan telle")
    REQUIREMENT = "requirement", _("kravet")
    ATTESTED = "attested", _("bare bekreftet tjeneste teller")
    YEAR = "year", _("år og måneder i dager")


class ServiceTiming(models.TextChoices):
    ENDED = "ended", _("Avsluttet")
    ONGOING = "ongoing", _("Pågår")
    AHEAD = "ahead", _("Planlagt")


class OnCall(models.TextChoices):
    TAKES_PART = "takes_part", _("Det er vakt, og du går i den")
    NOT_TAKING_PART = "not_taking_part", _("Det er vakt, men du går ikke i den")
    NONE = "none", _("Det er ingen vakt ved tjenestestedet")


class AttestationField(models.TextChoices):
    """What a service attestation tells (Helsedirektoratet's list; that it is for all is ours)."""

    DEPARTMENT = "department", _("Tjenestested")
    SERVICE_KIND = "service_kind", _("Slag tjeneste")
    POST_KIND = "post_kind", _("Stilling")
    STARTS_ON = "starts_on", _("Startdato")
    ENDS_ON = "ends_on", _("Sluttdato")
    PERCENT = "percent", _("Stillingsprosent")
    ABSENCES = "absences", _("Fravær utenom ferie og kurs")
    GUIDES = "guides", _("Veileder")
    CONTENT = "content", _("Hva tjenesten besto i")
    TEACHING = "teaching", _("Undervisning")
    ON_CALL = "on_call", _("Vakt")


class AttestationState(models.TextChoices):
    """How far a service has come towards being attested, as the trainee sees it."""

    AHEAD = "ahead", _("Planlagt")
    ONGOING = "ongoing", _("Pågår")
    NOT_ASKED = "not_asked", _("Ikke bekreftet")
    RETURNED = "returned", _("Sendt tilbake")
    ASKED = "asked", _("Venter på leder")
    COUNTERSIGNATURE_MISSING = "countersignature_missing", _("Mangler medisinsk ansvarlig")
    AWAITING_COUNTERSIGNATURE = "awaiting_countersignature", _("Venter på medisinsk ansvarlig")
    VOID = "void", _("Gjelder ikke lenger")
    UNSATISFACTORY = "unsatisfactory", _("Ikke tilfredsstillende")
    ON_PAPER = "on_paper", _("Bekreftet på papir")
    ATTESTED = "attested", _("Bekreftet")
