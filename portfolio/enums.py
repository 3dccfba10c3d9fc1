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


class DocumentKind(models.TextChoices):
    """Sorted as the authority asks: attestations, course certificates, checklist, then the rest."""

    SERVICE_ATTESTATION = "service_attestation", _("Tjenestebekreftelse")
    COURSE_CERTIFICATE = "course_certificate", _("Kursbevis")
    CHECKLIST = "checklist", _("Sjekkliste for praktiske ferdigheter")
    SPECIALIST_APPROVAL = "specialist_approval", _("Spesialistgodkjenning")
    COMPETENCE_AREA = "competence_area", _("Godkjenning i kompetanseområdet")
    PART_1 = "part_1", _("Godkjent del 1")
    ADVANCE_APPROVAL = "advance_approval", _("Forhåndsgodkjenning av tjenestested")
    EXEMPTION = "exemption", _("Unntak etter §§ 22 eller 25")
    OTHER_GOAL = "other_goal", _("Læringsmål i annen spesialitet")
    OTHER = "other", _("Annet dokument")


class PlanKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individuell plan")
    IMPLEMENTATION = "implementation", _("Gjennomføringsplan")


class PlanChange(models.TextChoices):
    """What one revision of a plan says otherwise than the one before."""

    ADDED = "added", _("lagt til")
    CHANGED = "changed", _("endret")
    MOVED = "moved", _("flyttet hit")
    REMOVED = "removed", _("tatt ut")


class PlanTerm(models.TextChoices):
    AHEAD = "ahead", _("Gjelder ikke ennå")
    RUNNING = "running", _("Gjelder")
    ENDING = "ending", _("Går snart ut")
    OVER = "over", _("Utløpt")


class Reach(models.TextChoices):
    """Whether a goal can be reached where the trainee is to serve, by the general plans."""

    OFFERED = "offered", _("kan nås i planlagt tjeneste")
    BY_AGREEMENT = "by_agreement", _("kan nås etter avtale")
    UNKNOWN = "unknown", _("vet ikke: virksomhetens plan er ikke lagt inn")
    NOWHERE = "nowhere", _("kan ikke nås i noen planlagt tjeneste")


class Registry(models.TextChoices):
    KOMPETANSEPORTALEN = "kompetanseportalen", _("Kompetanseportalen")
    KPHDIR = "kphdir", _("KPHdir")


class ActivityKind(models.TextChoices):
    SUPERVISED_PRACTICE = "supervised_practice", _("Klinisk arbeid")
    COURSE_MODULE = "course_module", _("Kursmodul")
    HOSPITERING = "hospitering", _("Hospitering")
    AMBULATORY_SERVICE = "ambulatory_service", _("Ambulant tjeneste")
    ON_CALL = "on_call", _("Vakt")
    TEACHING_GIVEN = "teaching_given", _("Undervisning du holdt")
    INTERNAL_TEACHING = "internal_teaching", _("Internundervisning")
    SIMULATION = "simulation", _("Simulering")
    GUIDANCE = "guidance", _("Veiledning")
    QUALITY_WORK = "quality_work", _("Kvalitetsarbeid eller forskning")
    OTHER = "other", _("Annet")


class PerformedAs(models.TextChoices):
    OBSERVED = "observed", _("Observerte")
    SUPERVISED = "supervised", _("Under supervisjon")
    INDEPENDENT = "independent", _("Selvstendig")


class ActivityState(models.TextChoices):
    DRAFT = "draft", _("Ikke sendt")
    SENT = "sent", _("Sendt")
    ATTESTED = "attested", _("Bekreftet")
    RETURNED = "returned", _("Sendt tilbake")


class RequestState(models.TextChoices):
    """An open request past `expires_on` has run out, also before the sweeper has marked it."""

    OPEN = "open", _("Venter")
    ANSWERED = "answered", _("Vurdert")
    RETURNED = "returned", _("Sendt tilbake")
    RECALLED = "recalled", _("Trukket")
    EXPIRED = "expired", _("Utløpt")


class ReturnReason(models.TextChoices):
    NOT_SEEN = "not_seen", _("Jeg har ikke sett dette")
    WRONG_PERSON = "wrong_person", _("En annen bør vurdere det")
    NEEDS_CHANGE = "needs_change", _("Noe må rettes eller utdypes først")


class ProgressState(models.TextChoices):
    OPEN = "open", _("Åpent")
    CLAIMED = "claimed", _("Til avgjørelse")
    APPROVED = "approved", _("Godkjent")
    RETURNED = "returned", _("Sendt tilbake")
    REFUSED = "refused", _("Ikke godkjent")


class GoalStatus(models.TextChoices):
    """What the trainee's list shows: the decision's state, else how far the evidence has come."""

    NOT_STARTED = "not_started", _("Ikke startet")
    IN_PROGRESS = "in_progress", _("Under arbeid")
    CLAIMED = "claimed", _("Til avgjørelse")
    RETURNED = "returned", _("Sendt tilbake")
    REFUSED = "refused", _("Avslått")  # «Ikke godkjent» is all that is not approved
    APPROVED = "approved", _("Godkjent")
    SHOWN = "shown", _("Vist")  # every statement at its level, where goals are a voluntary map


class ClaimState(models.TextChoices):
    OPEN = "open", _("Venter på avgjørelse")
    RECALLED = "recalled", _("Trukket")
    DECIDED = "decided", _("Avgjort")


class Outcome(models.TextChoices):
    APPROVED = "approved", _("Godkjent")
    RETURNED = "returned", _("Sendt tilbake")
    REFUSED = "refused", _("Ikke godkjent")


class Passage(models.TextChoices):
    """What becomes of a goal when a training goes on under another pathway."""

    KEPT = "kept", _("følger med som det er")
    FOLLOWED = "followed", _("erstattes av et nytt mål")
    SUGGESTED = "suggested", _("kan svare til et nytt mål")
    LEFT = "left", _("blir stående utenfor løpet")
    NEW = "new", _("nytt mål")


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


class ScanFault(models.TextChoices):
    """What is wrong with an uploaded file, and what to do. The last four are refused."""

    EVERY_OTHER_BLANK = (
        "every_other_blank",
        _("Annenhver side er tom. Skann begge sidene av hvert ark, og last opp på nytt."),
    )
    BLANK_PAGES = (
        "blank_pages",
        _("Filen har tomme sider. Se om det skal stå noe der. Skann i så fall på nytt."),
    )
    ODD_COUNT = (
        "odd_count",
        _("Et tosidig dokument har et partall sider, men filen har et oddetall. Se om en mangler."),
    )
    PAGES_MISSING = (
        "pages_missing",
        _("Sidetallene i filen viser at sider mangler. Skann alle sidene, og last opp på nytt."),
    )
    UNREADABLE = (
        "unreadable",
        _("Noe kan ikke leses: bildet er for lite eller for svakt. Skann med minst 200 dpi."),
    )
    UNCHECKED = (
        "unchecked",
        _("Ikke alle sidene kunne kontrolleres. Se selv at alt er med og kan leses."),
    )
    ENCRYPTED = "encrypted", _("Filen er låst med passord. Last opp en åpen utgave.")
    BROKEN = "broken", _("Filen er ødelagt og kan ikke åpnes. Lagre eller skann den på nytt.")
    ACTIVE = (
        "active",
        _("Filen har skript eller innebygde filer. Skriv den ut til PDF først."),
    )
    TOO_MANY_PAGES = (
        "too_many_pages",
        _("Filen har over 200 sider. Last opp bare det som trengs."),
    )


class Need(models.TextChoices):
    """Why a doctor under training needs their leader's attention."""

    OLD_WAIT = "old_wait", _("venter over 14 dager")
    QUIET = "quiet", _("uten aktivitet siste 60 dager")
    GUIDANCE = "guidance", _("mangler veileder, eller gjør det snart")
    DECISION = "decision", _("har mål til avgjørelse")


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
        _("Tjenesten er bekreftet eller har dokumenter, og kan ikke fjernes. Rett den i stedet."),
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
