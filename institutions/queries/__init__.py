"""What the pages about people and places show, in a fixed number of queries."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from institutions.enums import (
    CohortPlace,
    InstitutionKind,
    RecognitionState,
    Region,
    Role,
)
from institutions.models import (
    Agreement,
    Cohort,
    CohortLeadership,
    Department,
    Institution,
    Recognition,
    RoleAssignment,
)
from institutions.reference_file import DEMO_SOURCE
from institutions.rules import recognition_state
from pages.norwegian_order import NorwegianOrder, norwegian_key


def supervisors_in_force(on: dt.date) -> list[tuple[str, list[User]]]:
    """Who may assess that day, by place in Norwegian order. One query.

    Somebody who is a supervisor in two places stands under both.
    """
    assignments = (
        RoleAssignment.objects.of(Role.CLINICAL_SUPERVISOR)
        .in_force(on=on)
        .filter(user__is_active=True)
        .select_related("user", "institution", "department__institution")
    )
    by_place: dict[str, dict[int, User]] = {}
    for assignment in assignments:
        by_place.setdefault(assignment.place, {})[assignment.user_id] = assignment.user
    return [
        (place, sorted(by_place[place].values(), key=lambda user: norwegian_key(user.name)))
        for place in sorted(by_place, key=norwegian_key)
    ]


def departments_by_institution() -> list[tuple[Institution, list[Department]]]:
    """Every department under its institution, both in Norwegian order. One query."""
    departments = Department.objects.select_related("institution").order_by(
        NorwegianOrder("institution__short_name"), "institution_id", NorwegianOrder("name")
    )
    return [
        (institution, list(group))
        for institution, group in groupby(departments, key=lambda each: each.institution)
    ]


def institutions_with_departments() -> QuerySet[Institution]:
    """Every institution, those without departments too, in Norwegian order. Two queries."""
    departments = Department.objects.order_by(NorwegianOrder("name"))
    return Institution.objects.order_by(NorwegianOrder("short_name")).prefetch_related(
        Prefetch("departments", queryset=departments)
    )


# --- The administrator's pages -------------------------------------------------------------------


def people(search: str = "") -> QuerySet[User]:
    """People whose name, e-mail or HPR number holds the words, with their roles of today."""
    found = User.objects.order_by(NorwegianOrder("name"), "pk")
    for word in search.split():
        found = found.filter(_name_contains(word) | Q(email__icontains=word) | Q(hpr_number=word))
    return found.prefetch_related(
        Prefetch(
            "role_assignments",
            queryset=RoleAssignment.objects.in_force().select_related(
                "institution", "department__institution"
            ),
            to_attr="roles_today",
        ),
        Prefetch(
            "cohort_leaderships",
            queryset=CohortLeadership.objects.in_force().select_related("cohort"),
            to_attr="leaderships_today",
        ),
    )


def _name_contains(word: str) -> Q:
    """The C locale knows no small æ, ø and å, so each likely spelling is tried."""
    spellings = {word, word.lower(), word.capitalize(), word.upper()}
    return Q(*[("name__icontains", spelling) for spelling in sorted(spellings)], _connector=Q.OR)


def roles_of(user: User) -> list[RoleAssignment]:
    """Every role somebody holds, will hold or has held, the newest first. One query."""
    return list(
        user.role_assignments.select_related("institution", "department__institution").order_by(
            "-starts_on", "-pk"
        )
    )


def leaderships_of(user: User) -> list[CohortLeadership]:
    """The cohorts somebody leads, will lead or has led, the newest first. One query."""
    return list(user.cohort_leaderships.select_related("cohort").order_by("-starts_on", "-pk"))


def cohorts() -> QuerySet[Cohort]:
    """Every cohort, with how many doctors and program leaders it has today. One query."""
    today = timezone.localdate()

    def in_force(rows: str) -> Q:
        not_over = Q(**{f"{rows}__ends_on": None}) | Q(**{f"{rows}__ends_on__gte": today})
        return not_over & Q(**{f"{rows}__starts_on__lte": today})

    return Cohort.objects.order_by(NorwegianOrder("name")).annotate(
        members_today=Count("memberships", filter=in_force("memberships"), distinct=True),
        leaders_today=Count("leaderships", filter=in_force("leaderships"), distinct=True),
    )


def places_of(cohort: Cohort) -> list[tuple[CohortPlace, list]]:
    """Program leaders and doctors of a cohort, today's before those who have left. Two queries."""
    today = timezone.localdate()

    def order(row):
        return (bool(row.ends_on and row.ends_on < today), norwegian_key(row.user.name))

    return [
        (place, sorted(rows.select_related("user"), key=order))
        for place, rows in (
            (CohortPlace.LEADER, cohort.leaderships),
            (CohortPlace.MEMBER, cohort.memberships),
        )
    ]


# --- The public page of training sites -----------------------------------------------------------


@dataclass(frozen=True)
class SiteRecognition:
    place: str
    kind: str
    state: RecognitionState
    starts_on: dt.date
    ends_on: dt.date | None
    source: str
    is_demo: bool


@dataclass(frozen=True)
class SiteAgreement:
    """A learning arena under an agreement that is in force."""

    place: str
    institution: str
    starts_on: dt.date
    ends_on: dt.date | None
    is_demo: bool


@dataclass(frozen=True)
class Site:
    name: str
    kind: str
    source: str
    recognitions: tuple[SiteRecognition, ...]
    agreements: tuple[SiteAgreement, ...] = ()

    @property
    def has_demo(self) -> bool:
        return any(each.is_demo for each in (*self.recognitions, *self.agreements))


@dataclass(frozen=True)
class RegionSites:
    region: str
    sites: tuple[Site, ...]


def sites_by_region(
    *, region: str = "", kind: str = "", search: str = "", today: dt.date | None = None
) -> list[RegionSites]:
    """Training sites, what they are recognised for, and agreements in force. Three queries; few
    rows, so the search is done here, where capital Å is the same letter as small å."""
    today = today or timezone.localdate()
    in_force = Agreement.objects.in_force(on=today).select_related("institution", "department")
    found = Institution.objects.exclude(kind=InstitutionKind.HEALTH_AUTHORITY).prefetch_related(
        Prefetch("recognitions", queryset=Recognition.objects.select_related("department")),
        Prefetch("agreements_as_arena", queryset=in_force),
    )
    if region:
        found = found.filter(region=region)
    sites = [(each, _site(each, kind, today)) for each in found]
    shown = [
        (each.region, site)
        for each, site in sites
        if (site.recognitions or not kind) and _site_matches(site, each, search)
    ]
    return [
        RegionSites(label, tuple(sorted(of_region, key=lambda site: norwegian_key(site.name))))
        for value, label in Region.choices
        if (of_region := [site for site_region, site in shown if site_region == value])
    ]


def _site(institution: Institution, kind: str, today: dt.date) -> Site:
    return Site(
        name=institution.name,
        kind=institution.get_kind_display(),
        source=institution.source,
        recognitions=tuple(
            _recognition(each, today)
            for each in institution.recognitions.all()
            if not kind or each.kind == kind
        ),
        agreements=tuple(map(_site_agreement, institution.agreements_as_arena.all())),
    )


def _site_agreement(agreement: Agreement) -> SiteAgreement:
    return SiteAgreement(
        place=agreement.department.name if agreement.department else "",
        institution=agreement.institution.name,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        is_demo=agreement.source == DEMO_SOURCE,
    )


def _recognition(recognition: Recognition, today: dt.date) -> SiteRecognition:
    return SiteRecognition(
        place=recognition.department.name if recognition.department else "",
        kind=recognition.get_kind_display(),
        state=recognition_state(
            recognition.status,
            starts_on=recognition.starts_on,
            ends_on=recognition.ends_on,
            today=today,
        ),
        starts_on=recognition.starts_on,
        ends_on=recognition.ends_on,
        source=recognition.source,
        is_demo=recognition.source == DEMO_SOURCE,
    )


def _site_matches(site: Site, institution: Institution, search: str) -> bool:
    places = [each.place for each in (*site.recognitions, *site.agreements)]
    text = " ".join([site.name, institution.short_name, *places]).lower()
    return all(word in text for word in search.lower().split())
