"""What holds for accounts."""

import datetime as dt

from accounts.enums import AccountState

INVITATION_PAUSE = dt.timedelta(minutes=1)  # ours: a double click sends one e-mail


def account_state(
    *, is_active: bool, has_logged_in: bool, is_invited: bool, has_password: bool
) -> AccountState:
    if not is_active:
        return AccountState.DEACTIVATED
    if has_logged_in:
        return AccountState.ACTIVE
    if is_invited:
        return AccountState.INVITED
    return AccountState.ACTIVE if has_password else AccountState.NOT_INVITED
