"""Who somebody is. Knows nothing of training."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.enums import AccountState, Language
from accounts.rules import account_state

HPR_NUMBER_PATTERN = r"^[0-9]{1,9}$"  # what the database takes

validate_hpr_number = RegexValidator(r"^[0-9]{7,9}\Z", _("HPR-nummeret har sju til ni sifre."))


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """A person who can log in. Without a password the account waits for its invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser):
    """A doctor or a member of staff. Rights come from roles, never from flags on this row."""

    email = models.EmailField(
        _("E-post"),
        max_length=254,
        unique=True,
        error_messages={"unique": _("Det finnes alt en bruker med denne e-posten.")},
    )
    name = models.CharField(_("Navn"), max_length=150)
    hpr_number = models.CharField(
        _("HPR-nummer"), max_length=9, blank=True, validators=[validate_hpr_number]
    )
    language = models.CharField(
        _("Språk"), max_length=2, choices=Language.choices, default=Language.BOKMAL
    )
    is_active = models.BooleanField(_("Aktiv"), default=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("bruker")
        verbose_name_plural = _("brukere")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["hpr_number"],
                condition=~Q(hpr_number=""),
                name="accounts_user_hpr_number_unique",
                violation_error_code="unique",  # so that Django puts the message at the field
                violation_error_message=_("Det finnes alt en bruker med dette HPR-nummeret."),
            ),
            models.CheckConstraint(
                condition=Q(hpr_number="") | Q(hpr_number__regex=HPR_NUMBER_PATTERN),
                name="accounts_user_hpr_number_digits",
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="accounts_user_email_lowercase"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split(" ", 1)[0]

    @property
    def state(self) -> AccountState:
        return account_state(
            is_active=self.is_active,
            has_logged_in=self.last_login is not None,
            is_invited=self.invited_at is not None,
            has_password=self.has_usable_password(),
        )
