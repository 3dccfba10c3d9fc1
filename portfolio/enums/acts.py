"""What the ledger knows, and why a verb says no."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Verb(models.TextChoices):
    """Every act the ledger knows."""

    TRAINING_STARTED = "training_started", _("startet utdanningen")
    PLACEMENT_ADDED = "placement_added", _("la til tjeneste")
    PLACEMENT_CHANGED = "placement_changed", _("endret tjeneste")
    PLACEMENT_REMOVED = "placement_removed", _("fjernet tjeneste")
    SUPERVISION_STARTED = "supervision_started", _("oppnevnte veileder")
    SUPERVISION_CHANGED = "supervision_changed", _("rettet veilederoppdrag")
    SUPERVISION_ENDED = "supervision_ended", _("avsluttet veilederoppdrag")
    ACTIVITY_SENT = "activity_sent", _("sendte aktivitet")
    ACTIVITY_RECALLED = "activity_recalled", _("trakk aktivitet")
    ACTIVITY_RETURNED = "activity_returned", _("sendte aktivitet tilbake")
    ACTIVITY_ATTESTED = "activity_attested", _("bekreftet aktivitet")
    ASSESSMENT_REQUESTED = "assessment_requested", _("ba om vurdering")
    ASSESSMENT_RECALLED = "assessment_recalled", _("trakk forespørsel om vurdering")
    ASSESSMENT_RETURNED = "assessment_returned", _("sendte forespørsel tilbake")
    ASSESSED = "assessed", _("signerte vurdering")
    ASSESSMENT_RETRACTED = "assessment_retracted", _("trakk vurdering")
    ASSESSMENT_CORRECTED = "assessment_corrected", _("rettet vurdering")
    GOAL_CLAIMED = "goal_claimed", _("meldte mål som nådd")
    CLAIM_RECALLED = "claim_recalled", _("trakk meldingen")
    RECOMMENDATION_REQUESTED = "recommendation_requested", _("ba om anbefaling")
    RECOMMENDED = "recommended", _("ga anbefaling")
    GOAL_DECIDED = "goal_decided", _("avgjorde mål")
    APPROVAL_WITHDRAWN = "approval_withdrawn", _("trakk godkjenning tilbake")
    REPORT_ORDERED = "report_ordered", _("bestilte rapport")
    ABSENCE_ADDED = "absence_added", _("la til fravær")
    ABSENCE_CHANGED = "absence_changed", _("endret fravær")
    ABSENCE_REMOVED = "absence_removed", _("fjernet fravær")
    ATTESTATION_REQUESTED = "attestation_requested", _("ba om tjenestebekreftelse")
    ATTESTATION_RECALLED = "attestation_recalled", _("trakk forespørsel om tjenestebekreftelse")
    ATTESTATION_RETURNED = "attestation_returned", _("sendte tjenestebekreftelse tilbake")
    SERVICE_ATTESTED = "service_attested", _("bekreftet tjeneste")
    SERVICE_COUNTERSIGNED = "service_countersigned", _("medsignerte tjenestebekreftelse")
    DOCUMENT_ADDED = "document_added", _("lastet opp dokument")
    DOCUMENT_WITHDRAWN = "document_withdrawn", _("trakk dokument")
    DOCUMENT_CONFIRMED = "document_confirmed", _("bekreftet dokument")
    COURSE_SIGNED_UP = "course_signed_up", _("meldte seg på kurs")
    COURSE_CANCELLED = "course_cancelled", _("meldte seg av kurs")
    COURSE_ATTENDED = "course_attended", _("bekreftet kursdeltakelse")
    PLAN_WRITTEN = "plan_written", _("skrev plan")
    PLAN_AGREED = "plan_agreed", _("ble enig i plan")
    GOAL_MIRRORED = "goal_mirrored", _("merket mål som godkjent i registeret")
    MIRROR_REMOVED = "mirror_removed", _("fjernet merking av mål i registeret")
    PATHWAY_MOVED = "pathway_moved", _("flyttet til et annet utdanningsløp")
    TRAINING_ENDED = "training_ended", _("avsluttet utdanningen")
    DOSSIER_SUBMITTED = "dossier_submitted", _("sendte søknadsmappe")
    PORTFOLIO_EXPORTED = "portfolio_exported", _("eksporterte mappen")
    PORTFOLIO_IMPORTED = "portfolio_imported", _("importerte mappen")


class Refusal(models.TextChoices):
    """Why a verb says no. The label is what the person reads: what is wrong, and what to do."""

    NOT_DRAFT = "not_draft", _("Aktiviteten er sendt. Trekk den tilbake for å endre den.")
    NO_GOAL = "no_goal", _("Velg minst ett læringsmål.")
    FOREIGN_GOAL = "foreign_goal", _("Målet hører til et annet utdanningsløp. Velg et av dine.")
    NO_SUPERVISOR = "no_supervisor", _("Velg hvem som skal vurdere.")
    NOT_SUPERVISOR = (
        "not_supervisor",
        _("Personen er ikke supervisør eller veileder nå. Velg en annen."),
    )
    ONESELF = "oneself", _("Du kan ikke signere for deg selv. Velg en annen.")
    FUTURE = "future", _("Datoen er i framtiden. Velg i dag eller en tidligere dag.")
    ALREADY_ASKED = "already_asked", _("Du har allerede bedt denne personen vurdere målet.")
    OVER_FULL_TIME = (
        "over_full_time",
        _("Tjenestene overlapper til mer enn 100 %. Endre prosenten eller datoene."),
    )
    NO_LEVEL = "no_level", _("Velg nivå for minst ett utsagn, eller send tilbake.")
    FOREIGN_LEVEL = (
        "foreign_level",
        _("Nivået hører ikke til et utsagn i målet. Last siden på nytt."),
    )
    TOO_LATE = "too_late", _("De 15 minuttene er gått. Rett vurderingen i stedet.")
    BUILT_ON = "built_on", _("En melding bygger på vurderingen. Rett den i stedet.")
    NOTHING_CHANGED = (
        "nothing_changed",
        _("Du har ikke endret noe. Endre et nivå eller teksten, eller gå tilbake."),
    )
    VOLUNTARY_MAP = "voluntary_map", _("I dette løpet vurderes mål, men de godkjennes ikke.")
    NOT_CLAIMABLE = "not_claimable", _("Målet er allerede meldt eller godkjent.")
    WAIT_AFTER_REFUSAL = (
        "wait_after_refusal",
        _("Etter to avslag kan målet meldes igjen når det er gått seks måneder (§ 26)."),
    )
    NOT_RECOMMENDED = (
        "not_recommended",
        _("Veileder og minst én supervisør må ha uttalt seg før målet kan avgjøres (§ 26)."),
    )
    AGAINST_NEEDS_REASON = (
        "against_needs_reason",
        _("Skriv hvorfor du godkjenner når en anbefaling går imot."),
    )
    NO_REASON = "no_reason", _("Skriv en begrunnelse.")
    REMINDED_TODAY = "reminded_today", _("Du har påminnet i dag. Vent til i morgen.")
    MOVE_HAS_CLAIMS = (
        "move_has_claims",
        _("Mål venter på avgjørelse. La dem bli avgjort eller trukket før legen flyttes."),
    )
    MOVE_HAS_REQUESTS = (
        "move_has_requests",
        _("Mål som ikke følger med, venter på vurdering. La dem bli besvart eller trukket først."),
    )
    MOVE_CHANGED = (
        "move_changed",
        _("Legen er flyttet i mellomtiden. Se hva som gjelder nå, før du flytter på nytt."),
    )
    TRAINING_ENDED = "training_ended", _("Utdanningen er avsluttet.")
    ENDS_BEFORE_START = (
        "ends_before_start",
        _("Utdanningen kan ikke avsluttes før den startet. Velg en senere dag."),
    )
    SUPERVISED_ALREADY = "supervised_already", _("Legen har allerede en veileder i perioden.")
    SIGN_UP_CLOSED = "sign_up_closed", _("Påmeldingsfristen er ute. Snakk med programlederen.")
    NOT_FOR_YOUR_COHORT = "not_for_your_cohort", _("Samlingen er for et annet kull.")
    NO_SUCH_COURSE = "no_such_course", _("Kurset hører ikke til utdanningsløpet.")
    MODULE_TAKEN = "module_taken", _("Deltakelse i modulen er allerede bekreftet.")
    SESSION_BEGUN = "session_begun", _("Samlingen har begynt. Snakk med programlederen.")
    NOT_HELD_YET = "not_held_yet", _("Deltakelse kan bekreftes fra samlingens siste dag.")
    OUTSIDE_SESSION = "outside_session", _("Dagen er utenfor samlingen. Velg en av dens dager.")
    SESSION_CONFIRMED = (
        "session_confirmed",
        _("Deltakelse er bekreftet. Da kan samlingen ikke endres."),
    )
    NOBODY_MARKED = "nobody_marked", _("Marker minst én lege, eller kryss av for at alle deltok.")
    ALREADY_PLANNED = (
        "already_planned",
        _("Målet står allerede i planen for dette halvåret. Endre det der."),
    )
    HALF_YEAR_OVER = "half_year_over", _("Halvåret er over. Velg dette halvåret eller et senere.")
    EMPTY_PLAN = "empty_plan", _("Planen er tom. Legg til minst ett mål først.")
    NO_PLAN_TEXT = "no_plan_text", _("Skriv hva dere er enige om.")
    ATTESTED_SERVICE = (
        "attested_service",
        _(
            "Tjenesten er bekreftet eller har dokumenter, og kan ikke fjernes. "
            "Du kan rette den. Er den bekreftet på papir, trekk først tilbake "
            "tjenestebekreftelsen under Dokumenter."
        ),
    )
    ATTESTED_ON_PAPER = (
        "attested_on_paper",
        _(
            "Tjenesten er bekreftet på papir slik den står. "
            "Trekk tilbake tjenestebekreftelsen under Dokumenter før du endrer."
        ),
    )
    OUTSIDE_SERVICE = (
        "outside_service",
        _("Du har ingen tjeneste i disse dagene. Rett datoene, eller legg til tjenesten først."),
    )
    OVER_ABSENT = (
        "over_absent",
        _("Fraværet overlapper et annet til mer enn 100 %. Endre prosenten eller datoene."),
    )
    STATEMENT_INCOMPLETE = (
        "statement_incomplete",
        _("Noe mangler i tjenestebekreftelsen. Fyll det ut før du går videre."),
    )
    TOO_EARLY_TO_ATTEST = (
        "too_early_to_attest",
        _("Tjenesten kan bekreftes først i den siste måneden."),
    )
    NOT_ATTESTER = (
        "not_attester",
        _("Personen har ikke denne rollen ved tjenestestedet nå. Velg en annen."),
    )
    ATTESTATION_ASKED = ("attestation_asked", _("Du har allerede bedt om denne signaturen."))
    ATTESTED_ALREADY = (
        "attested_already",
        _("Tjenesten er bekreftet, og ingenting er endret siden."),
    )
    SECOND_SIGNER = (
        "second_signer",
        _("Medisinsk ansvarlig må være en annen enn lederen som har signert."),
    )
