"""Who may do what with people and roles. An administrator sees no content of portfolios."""

from institutions.enums import Role
from institutions.models import RoleAssignment


def can_manage_people(user) -> bool:
    """Administrator today. The rule of the day decides: an ended role opens nothing."""
    return (
        user.is_authenticated
        and user.is_active
        and RoleAssignment.objects.of(Role.ADMIN).held_by(user).in_force().exists()
    )
