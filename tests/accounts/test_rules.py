import pytest

from accounts.enums import AccountState
from accounts.rules import account_state


@pytest.mark.parametrize(
    ("is_active", "has_logged_in", "is_invited", "has_password", "state"),
    [
        (False, True, True, True, AccountState.DEACTIVATED),
        (False, False, False, False, AccountState.DEACTIVATED),
        (True, True, True, True, AccountState.ACTIVE),
        (True, False, True, False, AccountState.INVITED),
        (True, False, True, True, AccountState.INVITED),
        (True, False, False, True, AccountState.ACTIVE),
        (True, False, False, False, AccountState.NOT_INVITED),
    ],
)
def test_account_state(is_active, has_logged_in, is_invited, has_password, state):
    assert (
        account_state(
            is_active=is_active,
            has_logged_in=has_logged_in,
            is_invited=is_invited,
            has_password=has_password,
        )
        == state
    )
