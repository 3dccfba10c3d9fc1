"""Plans and originals."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
