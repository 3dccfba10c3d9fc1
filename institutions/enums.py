from django.db import models
from django.utils.translation import gettext_lazy as _


class InstitutionKind(models.TextChoices):
    HEALTH_AUTHORITY = "health_authority", _("Regionalt helseforetak")
    HEALTH_TRUST = "health_trust", _("Helseforetak")
    PRIVATE_HOSPITAL = "private_hospital", _("Privat sykehus")
    MUNICIPALITY = "municipality", _("Kommune")
    OTHER = "other", _("Annen virksomhet")


class Region(models.TextChoices):
    NORTH = "north", _("Helse Nord")
    CENTRAL = "central", _("Helse Midt-Norge")
    WEST = "west", _("Helse Vest")
    SOUTH_EAST = "south_east", _("Helse Sør-Øst")


class ArenaKind(models.TextChoices):
    PALLIATIVE_CENTRE = "palliative_centre", _("Palliativt senter")
    INTERNAL_MEDICINE_WARD = "internal_medicine_ward", _("Indremedisinsk avdeling")
    AMBULATORY_TEAM = "ambulatory_team", _("Ambulerende palliativt team")
    CHILDRENS_TEAM = "childrens_team", _("Barnepalliativt team")
    MUNICIPAL_UNIT = "municipal_unit", _("Kommunal palliativ enhet")
    MUNICIPAL_TEAM = "municipal_team", _("Kommunalt palliativt team")
    ONCOLOGY = "oncology", _("Onkologisk avdeling")
    NEUROLOGY = "neurology", _("Nevrologisk avdeling")
    PAIN_CLINIC = "pain_clinic", _("Smerteklinikk")
    NURSING_HOME = "nursing_home", _("Sykehjem")
    OTHER = "other", _("Annet tjenestested")


class RecognitionKind(models.TextChoices):
    APPROVED = "approved", _("Godkjent utdanningsvirksomhet")
    REGISTERED = "registered", _("Registrert utdanningsvirksomhet")
    COMPETENCE_AREA_SITE = "competence_area_site", _("Utdanningssted for kompetanseområdet")


class RecognitionStatus(models.TextChoices):
    PENDING = "pending", _("Til behandling")
    GRANTED = "granted", _("Innvilget")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")


class Role(models.TextChoices):
    """The roles of domain.md §3. Each act names one of them."""

    TRAINEE = "trainee", _("Lege under utdanning")
    CLINICAL_SUPERVISOR = "clinical_supervisor", _("Supervisør")
    EDUCATIONAL_SUPERVISOR = "educational_supervisor", _("Veileder")
    DEPARTMENT_HEAD = "department_head", _("Leder")
    MEDICAL_LEAD = "medical_lead", _("Medisinsk ansvarlig overlege")
    EDUCATION_LEAD = "education_lead", _("Utdanningsansvarlig overlege")
    PROGRAM_LEADER = "program_leader", _("Programleder")
    ADMIN = "admin", _("Administrator")


# Trainee follows from a training, educational supervisor from an appointment for one trainee,
# program leader from leading a cohort; the rest are given as role assignments.
ASSIGNABLE_ROLES = (
    Role.CLINICAL_SUPERVISOR,
    Role.DEPARTMENT_HEAD,
    Role.MEDICAL_LEAD,
    Role.EDUCATION_LEAD,
    Role.ADMIN,
)


class CohortKind(models.TextChoices):
    COURSE = "course", _("Kurs")
    YEAR = "year", _("Årskull")
    REGION = "region", _("Region")


class CohortPlace(models.TextChoices):
    MEMBER = "member", _("Lege i kullet")
    LEADER = "leader", _("Programleder")


class AttestedBy(models.TextChoices):
    """Local practice varies: who attests an activity is the institution's choice (domain.md §3)."""

    ASSESSOR = "assessor", _("Den som vurderer")
    EDUCATIONAL_SUPERVISOR = "educational_supervisor", _("Veileder")


class RecognitionState(models.TextChoices):
    """What a recognition is worth on a given day."""

    PENDING = "pending", _("Til behandling")
    COMING = "coming", _("Innvilget, gjelder senere")
    IN_FORCE = "in_force", _("Innvilget")
    EXPIRED = "expired", _("Utløpt")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")


class Refusal(models.TextChoices):
    """Why an act on people and roles is refused, in words for the one who tried."""

    UNKNOWN_ROLE = "unknown_role", _("Denne rollen kan ikke gis her.")
    PLACE_MISSING = "place_missing", _("Velg tjenestestedet eller virksomheten rollen gjelder for.")
    PLACE_TOO_MUCH = "place_too_much", _("Velg enten et tjenestested eller en hel virksomhet.")
    ADMIN_HAS_NO_PLACE = (
        "admin_has_no_place",
        _("En administrator gjelder for hele PAL-mappen. La stedet stå tomt."),
    )
    WHOLE_INSTITUTION = (
        "whole_institution",
        _("Utdanningsansvarlig overlege knyttes til en hel virksomhet, ikke til ett tjenestested."),
    )
    ENDS_BEFORE_START = "ends_before_start", _("Sluttdatoen er før startdatoen. Rett en av dem.")
    ALREADY_HELD = (
        "already_held",
        _("Personen har alt denne rollen på dette stedet i hele eller deler av perioden."),
    )
    ALREADY_ENDED = "already_ended", _("Rollen er alt avsluttet.")
    ALREADY_IN_COHORT = (
        "already_in_cohort",
        _("Personen har alt denne plassen i kullet i hele eller deler av perioden."),
    )
    OWN_ROLE = (
        "own_role",
        _("Du kan ikke gi deg selv en rolle. Be en annen administrator om det."),
    )
    LAST_ADMIN = (
        "last_admin",
        _("Dette er den siste administratoren. Gi en annen person rollen først."),
    )
    IS_DEACTIVATED = "is_deactivated", _("Kontoen er deaktivert. Åpne den igjen først.")
    IN_USE = (
        "in_use",
        _("Personen har alt logget inn, og trenger ingen invitasjon."),
    )
    OWN_ACCOUNT = "own_account", _("Du kan ikke deaktivere din egen konto.")
    SAME_INSTITUTION = "same_institution", _("En avtale er mellom to virksomheter. Velg en annen.")
    FOREIGN_DEPARTMENT = (
        "foreign_department",
        _("Tjenestestedet hører til en annen virksomhet. Velg på nytt."),
    )
    ALREADY_AGREED = (
        "already_agreed",
        _("Det finnes alt en avtale med dette stedet i hele eller deler av perioden."),
    )
    AGREEMENT_ENDED = "agreement_ended", _("Avtalen er alt avsluttet.")
    UNKNOWN_GOAL = "unknown_goal", _("Et av målene finnes ikke lenger. Last siden på nytt.")
    ADMIN_EXISTS = "admin_exists", _("Det finnes alt en administrator. Be henne eller ham om det.")
