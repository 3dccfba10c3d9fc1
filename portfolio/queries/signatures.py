"""What waits for a person's signature beside goals: services to attest, plans to agree to,
documents to hold against the original."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, F, IntegerField, OuterRef, Subquery, Value

from institutions.enums import Role
from portfolio.models import AttestationRequest, Document, Plan, PlanAgreement
from portfolio.queries.plans import plan_title

DOCUMENT = "document"
COLUMNS = ("plan", "pk", "kind", "number", "since", "doctor", "title", "place", "owner", "named")


@dataclass(frozen=True)
class ToSign:
    """One service, plan or document; `kind` is the role to attest in, what plan it is, or
    `DOCUMENT`."""

    pk: int
    kind: str
    is_plan: bool
    about: str
    doctor: str
    doctor_title: str
    since: dt.datetime


def to_sign(user) -> list[ToSign]:
    """One query for the three tables, the oldest first: the list of what waits is read by those who
    have every kind of it."""
    found = _services(user).union(_plans(user), _documents(user), all=True)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
    return sorted(map(_row, rows), key=lambda one: (one.since, one.pk))


def _services(user):
    training = "placement__training__"
    place = "placement__department__"
    return (
        AttestationRequest.objects.awaiting(user)
        .order_by()
        .values_list(
            Value(False),
            F("pk"),
            F("role"),
            Value(0, IntegerField()),
            F("asked_at"),
            F(f"{training}trainee__name"),
            F(f"{training}pathway__doctor_title"),
            F(f"{place}name"),
            F(f"{place}institution__short_name"),
            F("placement__place_name"),
        )
    )


def _plans(user):
    asked = PlanAgreement.objects.filter(plan=OuterRef("pk"), actor_role=Role.TRAINEE)
    return (
        Plan.objects.awaiting(user)
        .order_by()
        .values_list(
            Value(True),
            F("pk"),
            F("kind"),
            F("number"),
            Subquery(asked.values("acted_at")[:1]),
            F("training__trainee__name"),
            F("training__pathway__doctor_title"),
            Value(""),
            Value(""),
            Value(""),
        )
    )


def _documents(user):
    return (
        Document.objects.awaiting_confirmation_by(user)
        .order_by()
        .values_list(
            Value(False),
            F("pk"),
            Value(DOCUMENT, CharField()),
            Value(0, IntegerField()),
            F("uploaded_at"),
            F("training__trainee__name"),
            F("training__pathway__doctor_title"),
            F("title"),
            Value(""),
            Value(""),
        )
    )


def _row(row: dict) -> ToSign:
    place = ", ".join(filter(None, (row["place"], row["owner"]))) or row["named"]
    return ToSign(
        pk=row["pk"],
        kind=row["kind"],
        is_plan=row["plan"],
        about=plan_title(row["kind"], row["number"]) if row["plan"] else place,
        doctor=row["doctor"],
        doctor_title=row["title"],
        since=row["since"],
    )
