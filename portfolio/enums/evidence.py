"""What was done and shown, and where a goal stands."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Need(models.TextChoices):
    """Why a doctor under training needs their leader's attention."""

    OLD_WAIT = "old_wait", _("venter over 14 dager")
    QUIET = "quiet", _("uten aktivitet siste 60 dager")
    GUIDANCE = "guidance", _("mangler veileder, eller gjør det snart")
    DECISION = "decision", _("har mål til avgjørelse")
