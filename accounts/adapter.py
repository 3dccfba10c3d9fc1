from allauth.account.adapter import DefaultAccountAdapter
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):
    """People are invited: allauth leaves the sign-up page open unless told otherwise."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-postadressen eller passordet er feil."),
    }

    def is_open_for_signup(self, request) -> bool:
        return False
