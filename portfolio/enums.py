from django.db import models
from django.utils.translation import gettext_lazy as _


class PostKind(models.TextChoices):
    DESIGNATED = "designated", _("Godkjent LIS-stilling")
    EMPLOYED = "employed", _("Ansatt")
    BY_AGREEMENT = "by_agreement", _("Etter avtale")


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
    """Expiry is a date, not a state: an open request past `expires_on` has run out."""

    OPEN = "open", _("Venter")
    ANSWERED = "answered", _("Vurdert")
    RETURNED = "returned", _("Sendt tilbake")
    RECALLED = "recalled", _("Trukket")


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
    REFUSED = "refused", _("Ikke godkjent")
    APPROVED = "approved", _("Godkjent")


class ClaimState(models.TextChoices):
    OPEN = "open", _("Venter på avgjørelse")
    RECALLED = "recalled", _("Trukket")
    DECIDED = "decided", _("Avgjort")


class Outcome(models.TextChoices):
    APPROVED = "approved", _("Godkjent")
    RETURNED = "returned", _("Sendt tilbake")
    REFUSED = "refused", _("Ikke godkjent")


class Verb(models.TextChoices):
    """Every act the ledger knows."""

    TRAINING_STARTED = "training_started", _("startet utdanningen")
    PLACEMENT_ADDED = "placement_added", _("la til tjeneste")
    PLACEMENT_CHANGED = "placement_changed", _("endret tjeneste")
    PLACEMENT_REMOVED = "placement_removed", _("fjernet tjeneste")
    SUPERVISION_STARTED = "supervision_started", _("oppnevnte veileder")
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
