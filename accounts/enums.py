from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    BOKMAL = "nb", _("Bokmål")
    NYNORSK = "nn", _("Nynorsk")
    ENGLISH = "en", _("Engelsk")


class AccountState(models.TextChoices):
    """How far an account has come."""

    NOT_INVITED = "not_invited", _("Invitasjonen er ikke sendt")
    INVITED = "invited", _("Invitert, har ikke logget inn")
    ACTIVE = "active", _("I bruk")
    DEACTIVATED = "deactivated", _("Deaktivert")
