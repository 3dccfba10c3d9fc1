from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    PROGRESS = "progress", _("Framdriftsrapport")
    SERVICE_STATEMENT = "service_statement", _("Tjenestebekreftelse")
    DOSSIER = "dossier", _("Søknadsmappe")
    BUNDLE = "bundle", _("Vedleggsbunke")
    EXPORT = "export", _("Søknadsmapper for kull")
    PORTFOLIO = "portfolio", _("Hele mappen")


class ReportState(models.TextChoices):
    QUEUED = "queued", _("I kø")
    RUNNING = "running", _("Lages")
    DONE = "done", _("Klar")
    FAILED = "failed", _("Feilet")


class ReportFailure(models.TextChoices):
    """What went wrong, and what the doctor can do about it."""

    NO_SPACE = (
        "no_space",
        _("Det var ikke plass til filen på serveren. Si fra til den som drifter PAL-mappen."),
    )
    UNWRITABLE = (
        "unwritable",
        _("Serveren fikk ikke lagret filen. Si fra til den som drifter PAL-mappen."),
    )
    INTERRUPTED = (
        "interrupted",
        _("Arbeidet stoppet tre ganger før rapporten var ferdig. Prøv igjen om litt."),
    )
    ROLE_ENDED = (
        "role_ended",
        _("Rollen du bestilte rapporten i, er avsluttet."),
    )
    SERVICE_REMOVED = (
        "service_removed",
        _("Tjenesten er fjernet. Det er ikke lenger noe å bekrefte."),
    )
    NO_SEAL_KEY = (
        "no_seal_key",
        _("PAL-mappen mangler nøkkelen som forsegler. Si fra til den som drifter PAL-mappen."),
    )
    ORIGINAL_CHANGED = (
        "original_changed",
        _("Et opplastet dokument er borte eller endret på serveren. Last det opp på nytt."),
    )
    NO_ORIGINALS = (
        "no_originals",
        _("Det er ingen dokumenter å legge i bunken. Last opp dokumentene dine først."),
    )
    NOBODY_LEFT = (
        "nobody_left",
        _("Ingen av mappene kunne tas med. Se hvorfor ved hver lege, og prøv igjen."),
    )
    BROKEN = (
        "broken",
        _("Noe gikk galt da rapporten ble laget. Feilen er meldt til dem som drifter PAL-mappen."),
    )


class Verdict(models.TextChoices):
    """What can be said of a document that somebody holds. A code alone proves nothing of a copy."""

    GENUINE = "genuine", _("Dokumentet er ekte")
    GENUINE_SUPERSEDED = "genuine_superseded", _("Dokumentet er ekte, men erstattet")
    CODE_EXISTS = "code_exists", _("Koden finnes hos oss")
    CODE_SUPERSEDED = "code_superseded", _("Koden finnes, men mappen er erstattet")
    ALTERED = "altered", _("Filen er ikke den som ble forseglet")
    UNKNOWN_FILE = "unknown_file", _("Filen er ukjent")
    UNKNOWN_CODE = "unknown_code", _("Koden er ukjent")
