from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """People are invited: allauth leaves the sign-up page open unless told otherwise."""

    def is_open_for_signup(self, request) -> bool:
        return False
