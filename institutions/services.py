"""What an administrator does with people and roles, and how the reference data get in.

Each takes `by`, the administrator who acts; somebody else is met with PermissionDenied, and what
the rules forbid with Refused.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.services import send_invitation
from institutions.enums import CohortPlace, Refusal, Role
from institutions.models import (
    Agreement,
    Cohort,
    CohortLeadership,
    CohortMembership,
    Department,
    GoalOffer,
    Institution,
    Recognition,
    RoleAssignment,
)
from institutions.permissions import can_edit_offers, can_keep_general_plan, can_manage_people
from institutions.reference_file import InstitutionEntry
from institutions.rules import (
    AgreementPeriod,
    Refused,
    RolePeriod,
    Stale,
    agreement_end_refusal,
    agreement_refusal,
    cohort_refusal,
    end_refusal,
    offers_stamp,
    require,
    role_refusal,
)

# --- People --------------------------------------------------------------------------------------


def invite_person(*, email: str, name: str, hpr_number: str = "", by: User) -> User:
    """A person with an account but no password, and an e-mail with the link to choose one.

    Called again for somebody who has not logged in, it sends the e-mail again and changes nothing
    else. `state` of the returned person tells whether the e-mail got away. Raises ValidationError.
    """
    _require_admin(by)
    invited = User.objects.filter(email=email.strip().lower()).first()
    if invited and invited.last_login is None:
        resend_invitation(invited, by=by)
        return invited
    with transaction.atomic():
        person = User.objects.create_user(email, name=name, hpr_number=hpr_number)
    send_invitation(person)
    return person


def resend_invitation(person: User, *, by: User) -> bool:
    """False when the e-mail could not be sent."""
    _require_admin(by)
    require(person.is_active, Refusal.IS_DEACTIVATED)
    require(person.last_login is None, Refusal.IN_USE)
    return send_invitation(person)


def deactivate_person(person: User, *, by: User) -> None:
    """Shuts the account at once: the next request of an open session is that of a stranger."""
    _require_admin(by)
    require(person != by, Refusal.OWN_ACCOUNT)
    person.is_active = False
    person.save(update_fields=["is_active"])


def reactivate_person(person: User, *, by: User) -> None:
    _require_admin(by)
    person.is_active = True
    person.save(update_fields=["is_active"])


@transaction.atomic
def appoint_first_admin(*, email: str, name: str) -> User:
    """The one administrator nobody invites. Refused as soon as there is another."""
    admins = RoleAssignment.objects.of(Role.ADMIN).in_force().select_related("user")
    admin = admins.select_for_update(of=["self"]).first()
    if admin:
        require(admin.user.email == email.strip().lower(), Refusal.ADMIN_EXISTS)
        return admin.user
    person = User.objects.create_user(email, name=name)
    RoleAssignment.objects.create(user=person, role=Role.ADMIN, starts_on=timezone.localdate())
    return person


# --- Roles ---------------------------------------------------------------------------------------


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    institution: Institution | None = None,
    department: Department | None = None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User,
) -> RoleAssignment:
    """A role from–to, both days included, in one department, one institution, or here (admin)."""
    _require_admin(by)
    require(user != by, Refusal.OWN_ROLE)
    person = User.objects.select_for_update().get(pk=user.pk)  # two at once give it once
    require(person.is_active, Refusal.IS_DEACTIVATED)
    wanted = RolePeriod(
        role=role,
        institution_id=institution and institution.pk,
        department_id=department and department.pk,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    refusal = role_refusal(wanted, [held.period for held in person.role_assignments.all()])
    if refusal:
        raise Refused(refusal)
    return RoleAssignment.objects.create(
        user=person,
        role=role,
        institution=institution,
        department=department,
        starts_on=starts_on,
        ends_on=ends_on,
    )


@transaction.atomic
def end_role(assignment: RoleAssignment, *, ends_on: dt.date, by: User) -> None:
    """`ends_on` is the last day with the role; yesterday takes its sight away at once.

    A role that began today or begins later and is ended before its first day is taken away whole.
    """
    _require_admin(by)
    admins = RoleAssignment.objects.of(Role.ADMIN).order_by("pk").select_for_update()
    other_admins = [each for each in admins if each.user_id != assignment.user_id]
    held = RoleAssignment.objects.select_for_update().get(pk=assignment.pk)
    refusal = end_refusal(held.period, ends_on=ends_on, today=timezone.localdate())
    if refusal:
        raise Refused(refusal)
    if held.role == Role.ADMIN:
        require(_remain(other_admins), Refusal.LAST_ADMIN)
    if ends_on < held.starts_on:
        held.delete()
        return
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])


def _remain(admins: Iterable[RoleAssignment]) -> bool:
    """Somebody is an administrator today and has no end to it."""
    today = timezone.localdate()
    lasting = [each for each in admins if each.covers(today) and each.ends_on is None]
    return User.objects.filter(is_active=True, pk__in=[each.user_id for each in lasting]).exists()


def _require_admin(person: User) -> None:
    if not can_manage_people(person):
        raise PermissionDenied


# --- Cohorts -------------------------------------------------------------------------------------

COHORT_ROWS = {CohortPlace.MEMBER: CohortMembership, CohortPlace.LEADER: CohortLeadership}


def create_cohort(*, name: str, kind: str, by: User) -> Cohort:
    """Raises ValidationError when the name is taken."""
    _require_admin(by)
    cohort = Cohort(name=name, kind=kind)
    cohort.full_clean()
    cohort.save()
    return cohort


@transaction.atomic
def add_to_cohort(
    cohort: Cohort,
    *,
    user: User,
    place: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    by: User,
) -> CohortMembership | CohortLeadership:
    """A doctor of the cohort, or its program leader, who sees the doctors' portfolios."""
    _require_admin(by)
    require(user != by or place != CohortPlace.LEADER, Refusal.OWN_ROLE)
    person = User.objects.select_for_update().get(pk=user.pk)  # two at once add once
    require(person.is_active, Refusal.IS_DEACTIVATED)
    rows = COHORT_ROWS[CohortPlace(place)].objects
    held = rows.filter(cohort=cohort, user=person).values_list("starts_on", "ends_on")
    refusal = cohort_refusal(starts_on, ends_on, held=held)
    if refusal:
        raise Refused(refusal)
    return rows.create(cohort=cohort, user=person, starts_on=starts_on, ends_on=ends_on)


@transaction.atomic
def remove_from_cohort(row: CohortMembership | CohortLeadership, *, by: User) -> None:
    """From today on. What began today or begins later is taken away whole."""
    _require_admin(by)
    today = timezone.localdate()
    if row.starts_on >= today:
        row.delete()
        return
    require(row.ends_on is None or row.ends_on >= today, Refusal.ALREADY_ENDED)
    row.ends_on = today - dt.timedelta(days=1)
    row.save(update_fields=["ends_on"])


# --- The general plan ----------------------------------------------------------------------------


@transaction.atomic
def add_agreement(
    institution: Institution,
    *,
    arena: Institution,
    department: Department | None,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    source: str = "",
    by: User,
) -> Agreement:
    """The arena, or one department of it, becomes a place to learn under the institution. The same
    agreement entered twice is there once."""
    if not can_keep_general_plan(by, institution):
        raise PermissionDenied
    Institution.objects.select_for_update().get(pk=institution.pk)  # two at once add once
    content = {
        "arena": arena,
        "department": department,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "source": source,
    }
    if same := institution.agreements.filter(**content).first():
        return same
    agreement = Agreement(institution=institution, **content)
    refusal = agreement_refusal(
        _agreement_period(agreement),
        [_agreement_period(one) for one in institution.agreements.all()],
        department_of=department and department.institution_id,
    )
    if refusal:
        raise Refused(refusal)
    agreement.save()
    return agreement


def _agreement_period(agreement: Agreement) -> AgreementPeriod:
    return AgreementPeriod(
        institution_id=agreement.institution_id,
        arena_id=agreement.arena_id,
        department_id=agreement.department_id,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
    )


@transaction.atomic
def end_agreement(agreement: Agreement, *, ends_on: dt.date, by: User) -> None:
    """`ends_on` is its last day. One that has not begun before its last day is taken away whole."""
    if not can_keep_general_plan(by, agreement.institution):
        raise PermissionDenied
    held = Agreement.objects.select_for_update().filter(pk=agreement.pk).first()
    if held is None or held.ends_on == ends_on:
        return  # the second of a double submit
    refusal = agreement_end_refusal(
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        last_day=ends_on,
        today=timezone.localdate(),
    )
    if refusal:
        raise Refused(refusal)
    if ends_on < held.starts_on:
        held.delete()
        return
    held.ends_on = ends_on
    held.save(update_fields=["ends_on"])


@transaction.atomic
def set_offers(
    department: Department,
    *,
    offers: Mapping[int, str],
    among: Collection[int],
    seen: str,
    by: User,
) -> None:
    """What can be learnt in the department: how, by goal. Offers of goals that were not `among`
    those on the page are left alone. `seen`: the stamp of what stood there."""
    if not can_edit_offers(by, department):
        raise PermissionDenied
    require(set(offers) <= set(among), Refusal.UNKNOWN_GOAL)
    Department.objects.select_for_update().get(pk=department.pk)
    rows = GoalOffer.objects.filter(department=department, goal__in=among)
    stored = dict(rows.order_by().values_list("goal", "how"))
    if stored == dict(offers):
        return
    if offers_stamp(stored) != seen:
        raise Stale
    rows.exclude(goal__in=offers).delete()
    GoalOffer.objects.bulk_create(
        [GoalOffer(department=department, goal_id=pk, how=how) for pk, how in offers.items()],
        update_conflicts=True,
        unique_fields=["department", "goal"],
        update_fields=["how"],
    )


# --- Reference data ------------------------------------------------------------------------------


@transaction.atomic
def load_institutions(entries: Iterable[InstitutionEntry], *, with_demo: bool) -> None:
    """Creates what is new and updates the rest, by name. Removes nothing: placements point here."""
    for entry in entries:
        institution, _ = Institution.objects.update_or_create(
            name=entry.name,
            defaults={
                "short_name": entry.short_name,
                "kind": entry.kind,
                "organisation_number": entry.organisation_number,
                "region": entry.region,
                "source": entry.source,
            },
        )
        departments = _load_departments(institution, entry, with_demo=with_demo)
        _load_recognitions(institution, entry, departments, with_demo=with_demo)


def _load_departments(
    institution: Institution, entry: InstitutionEntry, *, with_demo: bool
) -> dict[str, Department | None]:
    departments: dict[str, Department | None] = {"": None}
    for each in entry.departments:
        if with_demo or not each.is_demo:
            departments[each.name], _ = Department.objects.update_or_create(
                institution=institution, name=each.name, defaults={"arena_kind": each.arena_kind}
            )
    return departments


def _load_recognitions(
    institution: Institution,
    entry: InstitutionEntry,
    departments: dict[str, Department | None],
    *,
    with_demo: bool,
) -> None:
    for each in entry.recognitions:
        if with_demo or not each.is_demo:
            Recognition.objects.update_or_create(
                institution=institution,
                department=departments[each.department],
                kind=each.kind,
                starts_on=each.starts_on,
                defaults={"status": each.status, "ends_on": each.ends_on, "source": each.source},
            )
