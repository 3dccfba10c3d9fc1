"""Who heads the place where a doctor serves, and so decides their goals."""

import datetime as dt

from django.db.models import OuterRef, Q, QuerySet

from institutions.enums import Role
from institutions.models import RoleAssignment
from portfolio.models import Placement


def heads_over(
    training: int | OuterRef, *, trainee: int | OuterRef, on: dt.date | None = None
) -> QuerySet[RoleAssignment]:
    """The assignments that day, by name; today where nothing is said. Nobody heads themselves.

    `training` stands one query further in than `trainee`, which an `OuterRef` must allow for.
    """
    places = Placement.objects.in_force(on=on).filter(training=training)
    return (
        RoleAssignment.objects.of(Role.DEPARTMENT_HEAD)
        .in_force(on=on)
        .filter(
            Q(department__in=places.values("department"))
            | Q(institution__in=places.values("department__institution")),
            user__is_active=True,
        )
        .exclude(user=trainee)
        .order_by("user__name")
    )
