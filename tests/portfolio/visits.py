"""Visiting the pages of signing as a person, and two at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connections
from django.test import Client
from django.urls import reverse

from institutions.enums import AttestedBy
from institutions.models import RoleAssignment
from portfolio.models import Claim
from portfolio.services import goals
from tests.factories import (
    Ward,
    days_ago,
    make_assessment,
    make_claim,
    make_goal,
    make_ward,
)


def as_(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args) -> str:
    return reverse(f"portfolio:{name}", args=args)


def answer(**fields) -> dict:
    """What «Vurder» posts: one level and the form's key."""
    return {"key": str(uuid4()), "level_1": "3"} | fields


def make_guided_ward() -> Ward:
    """A ward whose institution leaves it to the veileder to attest."""
    ward = make_ward()
    institution = ward.department.institution
    institution.activities_attested_by = AttestedBy.EDUCATIONAL_SUPERVISOR
    institution.save()
    return ward


def make_asked(ward: Ward, code: str = "PAL-055") -> Claim:
    """A claim of which both kinds of supervisor are asked."""
    make_assessment(ward=ward, goal=make_goal(code=code))
    claim = make_claim(ward=ward, goal=make_goal(code=code), comment="Alt er vist.")
    goals.request_recommendations(
        claim,
        by=ward.trainee,
        clinical_supervisors=[ward.supervisor],
        educational_supervisor=ward.guide,
    )
    return claim


def end_roles(user) -> None:
    RoleAssignment.objects.filter(user=user).update(ends_on=days_ago(1))


def at_once(*calls: Callable) -> list[int]:
    """The status of each answer, in order of size, sent at once from threads of their own."""

    def send(call: Callable) -> int:
        try:
            return call().status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(send, calls))
