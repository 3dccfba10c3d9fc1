"""Who may do what with people and roles. An administrator sees no content of portfolios."""

from django.db.models import Q

from institutions.enums import Role
from institutions.models import Agreement, Department, Institution, RoleAssignment


def can_manage_people(user) -> bool:
    """Administrator today. The rule of the day decides: an ended role opens nothing."""
    return (
        user.is_authenticated
        and user.is_active
        and RoleAssignment.objects.of(Role.ADMIN).held_by(user).in_force().exists()
    )


def led_institutions(user) -> set[int]:
    """Where the person is education lead today. One query."""
    leads = RoleAssignment.objects.of(Role.EDUCATION_LEAD).held_by(user).in_force()
    return set(leads.values_list("institution", flat=True))


def can_keep_general_plan(user, institution: Institution) -> bool:
    """Its education lead, or an administrator. One query."""
    keeps = Q(role=Role.ADMIN) | Q(role=Role.EDUCATION_LEAD, institution=institution)
    return RoleAssignment.objects.filter(keeps).held_by(user).in_force().exists()


def can_edit_offers(user, department: Department) -> bool:
    """Who keeps the plan of its institution, or of one that has an agreement with it today."""
    if can_keep_general_plan(user, department.institution):
        return True
    covers = Q(department=department) | Q(department=None, arena=department.institution_id)
    led = led_institutions(user)
    return Agreement.objects.in_force().filter(covers, institution__in=led).exists()
