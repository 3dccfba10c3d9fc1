"""«Dette gjenstår»: what waits for the trainee, what is not sent, and what waits for others."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from institutions.enums import AttestedBy, Role
from institutions.models import RoleAssignment
from pages.dates import SHORT, days_since
from portfolio import rules
from portfolio.enums import ActivityState, ProgressState, RequestState
from portfolio.models import (
    ActivityGoal,
    Assessment,
    AssessmentRequest,
    Claim,
    Decision,
    EducationalSupervision,
    GoalProgress,
    LearningActivity,
    Placement,
    Recommendation,
    RecommendationRequest,
    Training,
)
from portfolio.queries.activities import may_remind
from portfolio.queries.claims import json_rows, moment

SHORT_LIST = 3
EXPIRES_SOON = dt.timedelta(days=7)
URGENT = dt.timedelta(days=2)
FORGOTTEN_AFTER = dt.timedelta(days=60)  # an expired request nobody misses leaves home
LONGEST_COMMENT = 60


@dataclass(frozen=True)
class Row:
    """One line: big number left, act, person."""

    title: str
    url: str
    who: str
    since: dt.date
    deadline: dt.date | None = None
    comment: str = ""
    remind_url: str = ""
    shows_day: bool = False  # the big number is the day itself, though it is no deadline

    @property
    def day(self) -> dt.date | None:
        return self.deadline or (self.since if self.shows_day else None)

    @property
    def number(self) -> str:
        return f"{self.day.day}." if self.day else str(self._age)

    @property
    def unit(self) -> str:
        if self.day:
            return SHORT[self.day.month - 1]
        return ngettext("dag", "dager", self._age)

    @property
    def is_urgent(self) -> bool:
        return bool(self.deadline) and self.deadline - timezone.localdate() <= URGENT

    @property
    def attention(self) -> str:
        """«I morgen», «For 3 dager siden»: said in words where the number alone is amber."""
        if not self.is_urgent:
            return ""
        words = days_since(self.deadline, today=timezone.localdate())
        return words[:1].upper() + words[1:]

    @property
    def _age(self) -> int:
        return (timezone.localdate() - self.since).days

    @property
    def order(self) -> tuple:
        """By deadline; without one last, the oldest first."""
        return (self.deadline or dt.date.max, self.since, self.title)


@dataclass(frozen=True)
class Section:
    key: str  # in the address: ?alle=…
    title: str
    rows: tuple[Row, ...]
    shows_all: bool

    @property
    def count(self) -> int:
        return len(self.rows)

    @property
    def shown(self) -> tuple[Row, ...]:
        return self.rows if self.shows_all else self.rows[:SHORT_LIST]

    @property
    def is_cut(self) -> bool:
        return not self.shows_all and self.count > SHORT_LIST


@dataclass(frozen=True)
class Home:
    sections: tuple[Section, ...]
    is_new: bool  # nothing was ever logged


def home_of(training: Training, *, show_all: str = "") -> Home:
    """At most six queries. `show_all` is the key of the section to show in full."""
    activities = list(_activities(training))
    requests = list(_requests(training))
    claims = _claims(training) if training.pathway.decides_goals else []
    settled_against = _sent_back_goals(training) if training.pathway.decides_goals else []
    heads = _heads(training) if any(_readiness(one).ready for one in claims) else ""
    mine = chain(
        _returned_activities(activities),
        _requests_for_me(requests),
        _claims_for_me(claims),
        settled_against,
    )
    others = chain(
        _requests_for_others(requests),
        _claims_for_others(claims, heads=heads),
        _attestations(activities),
    )
    sections = [
        _section("deg", _("Venter på deg"), mine, show_all),
        _section("kladder", _("Kladder"), _drafts(activities), show_all),
        _section("andre", _("Venter på andre"), others, show_all),
    ]
    sections = tuple(one for one in sections if one.rows)
    is_new = not sections and not training.activities.exists()
    return Home(sections=sections, is_new=is_new)


def _section(key: str, title: str, rows: Iterable[Row], show_all: str) -> Section:
    ordered = tuple(sorted(rows, key=lambda row: row.order))
    return Section(key=key, title=title, rows=ordered, shows_all=key == show_all)


def _day(moment_: dt.datetime) -> dt.date:
    return timezone.localdate(moment_)


def _person(role: str | None, name: str) -> str:
    """«Supervisør Hilde Demo Vik»."""
    return f"{Role(role).label} {name}" if role else name


def _goal_url(training_id: int, curriculum: str, code: str) -> str:
    return reverse("portfolio:goal_detail", args=[training_id, curriculum, code])


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_COMMENT else f"{text[:LONGEST_COMMENT].rsplit(' ', 1)[0]} …"


# --- Activities ----------------------------------------------------------------------------------


def _activities(training: Training):
    """Those that wait for somebody: drafts, returned, and sent ones that the veileder attests."""
    codes = ActivityGoal.objects.filter(activity=OuterRef("pk")).order_by("goal__position")
    unanswered = AssessmentRequest.objects.filter(activity=OuterRef("pk"), state=RequestState.OPEN)
    guides = EducationalSupervision.objects.in_force().filter(training=training)
    by_guide = Q(
        state=ActivityState.SENT,
        department__institution__activities_attested_by=AttestedBy.EDUCATIONAL_SUPERVISOR,
    ) & ~Exists(unanswered)
    waiting = Q(state__in=[ActivityState.DRAFT, ActivityState.RETURNED]) | by_guide
    return (
        training.activities.filter(waiting)
        .select_related("supervisor")
        .annotate(
            codes=ArraySubquery(codes.values("goal__code")),
            guide=guides.values("supervisor__name")[:1],
        )
    )


def _of_state(activities: Iterable[LearningActivity], state: str) -> Iterator[LearningActivity]:
    return (one for one in activities if one.state == state)


def _returned_activities(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in _of_state(activities, ActivityState.RETURNED):
        yield Row(
            title=_("Svar på kommentar, %(subject)s")
            % {"subject": ", ".join(one.codes) or one.heading},
            url=reverse("portfolio:activity_detail", args=[one.pk]),
            who=_("Fra %(name)s") % {"name": one.supervisor.name},
            since=_day(one.updated_at),
            comment=_shortened(one.returned_comment),
        )


def _drafts(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in _of_state(activities, ActivityState.DRAFT):
        yield Row(
            title=one.heading,
            url=reverse("portfolio:activity_edit", args=[one.pk]),
            who=", ".join([_("Ikke sendt"), *one.codes]),
            since=one.starts_on,
            shows_day=True,
        )


def _attestations(activities: Iterable[LearningActivity]) -> Iterator[Row]:
    for one in _of_state(activities, ActivityState.SENT):
        yield Row(
            title=_("Bekreftelse, %(heading)s") % {"heading": one.heading},
            url=reverse("portfolio:activity_detail", args=[one.pk]),
            who=_person(Role.EDUCATIONAL_SUPERVISOR, one.guide or ""),
            since=_day(one.sent_at),
        )


# --- Requests for assessment ---------------------------------------------------------------------


def _requests(training: Training):
    """Open ones, and those returned or expired that nothing later has made up for."""
    today = timezone.localdate()
    later = AssessmentRequest.objects.filter(
        training=training,
        goal=OuterRef("goal"),
        asked_at__gt=OuterRef("asked_at"),
    ).exclude(state=RequestState.RECALLED)
    assessed = Assessment.objects.standing().filter(
        training=training, goal=OuterRef("goal"), acted_at__gt=OuterRef("asked_at")
    )
    unanswered = Q(state=RequestState.RETURNED, activity=None) | Q(
        state__in=[RequestState.OPEN, RequestState.EXPIRED],
        expires_on__gte=today - FORGOTTEN_AFTER,
    )
    still_open = Q(state=RequestState.OPEN, expires_on__gte=today)
    return (
        AssessmentRequest.objects.filter(training=training)
        .filter(still_open | (unanswered & ~Exists(later) & ~Exists(assessed)))
        .select_related("goal__curriculum", "asked_of")
        .annotate(
            asked_role=RoleAssignment.objects.in_force()
            .filter(user=OuterRef("asked_of"), role=Role.CLINICAL_SUPERVISOR)
            .values("role")[:1]
        )
    )


def _has_expired(request: AssessmentRequest) -> bool:
    return request.state == RequestState.EXPIRED or (
        request.state == RequestState.OPEN and request.expires_on < timezone.localdate()
    )


def _expires_soon(request: AssessmentRequest) -> bool:
    return (
        request.state == RequestState.OPEN
        and request.expires_on - timezone.localdate() <= EXPIRES_SOON
    )


def _asked(request: AssessmentRequest) -> str:
    return _person(request.asked_role or Role.EDUCATIONAL_SUPERVISOR, request.asked_of.name)


def _request_url(request: AssessmentRequest) -> str:
    if request.activity_id:
        return reverse("portfolio:activity_detail", args=[request.activity_id])
    return _goal_url(request.training_id, request.goal.curriculum.code, request.goal.code)


def _requests_for_me(requests: Iterable[AssessmentRequest]) -> Iterator[Row]:
    for one in requests:
        code = {"code": one.goal.code}
        if one.state == RequestState.RETURNED:
            yield Row(
                title=_("Svar på kommentar, %(code)s") % code,
                url=_request_url(one),
                who=_("Fra %(name)s") % {"name": one.asked_of.name},
                since=_day(one.answered_at),
                comment=_shortened(one.return_comment),
            )
        elif _has_expired(one):
            yield Row(
                title=_("Be om vurdering på nytt, %(code)s") % code,
                url=_request_url(one),
                who=_("utløp hos %(name)s") % {"name": one.asked_of.name},
                since=_day(one.asked_at),
                deadline=one.expires_on,
            )
        elif _expires_soon(one):
            yield Row(
                title=_("Vurderingen utløper, %(code)s") % code,
                url=_request_url(one),
                who=_asked(one),
                since=_day(one.asked_at),
                deadline=one.expires_on,
                remind_url=_remind_url(one, "portfolio:assessment_remind"),
            )


def _requests_for_others(requests: Iterable[AssessmentRequest]) -> Iterator[Row]:
    for one in requests:
        waits = one.state == RequestState.OPEN and not _has_expired(one) and not _expires_soon(one)
        if waits:
            yield Row(
                title=_("Vurdering, %(code)s") % {"code": one.goal.code},
                url=_request_url(one),
                who=_asked(one),
                since=_day(one.asked_at),
                remind_url=_remind_url(one, "portfolio:assessment_remind"),
            )


def _remind_url(request: AssessmentRequest | RecommendationRequest, name: str) -> str:
    return reverse(name, args=[request.pk]) if may_remind(request) else ""


# --- Claims and decisions ------------------------------------------------------------------------


def _claims(training: Training) -> list[Claim]:
    """Open claims with who was asked, who answered and whose cited assessment recommends."""
    of_claim = Q(claim=OuterRef("pk"))
    ticked = Assessment.objects.standing().filter(citations__claim=OuterRef("pk"), recommends=True)
    return list(
        Claim.objects.open()
        .filter(progress__training=training)
        .select_related("progress__goal__curriculum")
        .annotate(
            asked=json_rows(
                RecommendationRequest.objects.filter(of_claim, withdrawn_at__isnull=True),
                pk="pk",
                person="asked_of",
                name="asked_of__name",
                role="role",
                asked_at="asked_at",
                reminded_at="reminded_at",
            ),
            said=json_rows(
                Recommendation.objects.filter(of_claim),
                person="actor",
                role="actor_role",
                recommends="recommends",
            ),
            ticked=json_rows(ticked, person="actor", role="actor_role"),
        )
    )


def _readiness(claim: Claim) -> rules.Readiness:
    said = [
        rules.Opinion(one["person"], Role(one["role"]), one["recommends"]) for one in claim.said
    ]
    ticks = [
        rules.Opinion(one["person"], Role(one["role"]), True, by_tick=True) for one in claim.ticked
    ]
    return rules.readiness(said, ticks)


def _unanswered(claim: Claim) -> list[dict]:
    spoken = {one["person"] for one in claim.said}
    return [one for one in claim.asked if one["person"] not in spoken]


def _claim_url(claim: Claim) -> str:
    goal = claim.progress.goal
    return _goal_url(claim.progress.training_id, goal.curriculum.code, goal.code)


def _claims_for_me(claims: Iterable[Claim]) -> Iterator[Row]:
    """Where a role that must speak has neither spoken nor been asked (§26)."""
    for one in claims:
        missing = set(_readiness(one).missing) - {Role(asked["role"]) for asked in _unanswered(one)}
        if missing:
            roles = _(" og ").join(sorted(str(role.label).lower() for role in missing))
            yield Row(
                title=_("Be om anbefaling, %(code)s") % {"code": one.progress.goal.code},
                url=reverse("portfolio:recommendation_request", args=[one.pk]),
                who=_("Mangler fra %(roles)s") % {"roles": roles},
                since=_day(one.claimed_at),
            )


def _claims_for_others(claims: Iterable[Claim], *, heads: str) -> Iterator[Row]:
    for one in claims:
        code = {"code": one.progress.goal.code}
        if _readiness(one).ready:
            yield Row(
                title=_("Avgjørelse, %(code)s") % code,
                url=_claim_url(one),
                who=heads or _("Leder ved tjenestestedet"),
                since=_day(one.claimed_at),
            )
        for asked in _unanswered(one):
            asked_at, reminded_at = moment(asked["asked_at"]), moment(asked["reminded_at"])
            request = RecommendationRequest(
                pk=asked["pk"], asked_at=asked_at, reminded_at=reminded_at
            )
            yield Row(
                title=_("Anbefaling, %(code)s") % code,
                url=_claim_url(one),
                who=_person(asked["role"], asked["name"]),
                since=_day(asked_at),
                remind_url=_remind_url(request, "portfolio:recommendation_remind"),
            )


def _heads(training: Training) -> str:
    """Who decides: the head of the department, or departments, where one serves now."""
    placed = Placement.objects.in_force().filter(training=training)
    heads = (
        RoleAssignment.objects.in_force()
        .of(Role.DEPARTMENT_HEAD)
        .filter(
            Q(department__in=placed.values("department"))
            | Q(institution__in=placed.values("department__institution"))
        )
    )
    names = heads.exclude(user=training.trainee_id).order_by("department", "user__name")
    first = names.values_list("user__name", flat=True).first()
    return _person(Role.DEPARTMENT_HEAD, first) if first else ""


def _sent_back_goals(training: Training) -> list[Row]:
    """Goals the head returned or refused, and that have not been claimed again."""
    progress = (
        GoalProgress.objects.filter(
            training=training, state__in=[ProgressState.RETURNED, ProgressState.REFUSED]
        )
        .select_related("goal__curriculum")
        .annotate(
            decisions=json_rows(
                Decision.objects.filter(claim__progress=OuterRef("pk")).order_by("-acted_at")[:1],
                name="actor__name",
                reason="reason",
                acted_at="acted_at",
            )
        )
    )
    return [_sent_back(one, one.decisions[0]) for one in progress if one.decisions]


def _sent_back(progress: GoalProgress, decision: dict) -> Row:
    refused = progress.state == ProgressState.REFUSED
    title = _("Ikke godkjent, %(code)s") if refused else _("Svar på kommentar, %(code)s")
    goal = progress.goal
    return Row(
        title=title % {"code": goal.code},
        url=_goal_url(progress.training_id, goal.curriculum.code, goal.code),
        who=_("Fra leder %(name)s") % {"name": decision["name"]},
        since=_day(moment(decision["acted_at"])),
        comment=_shortened(decision["reason"]),
    )
