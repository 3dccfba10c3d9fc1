"""Every URL × method × persona. The list of URLs is the resolver's, so that none is forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, include, path, reverse
from django.utils import timezone

from accounts.models import User
from config.urls import urlpatterns
from portfolio.models import Training
from tests.access_table import KNOWN, LOGIN, PORTFOLIO, ROWS, Row
from tests.world import PERSONAS, World, make_world

METHODS = ("GET", "HEAD", "POST")
NOT_OURS = ("account_",)  # allauth's own views: PUT is POST to them
READS = (
    "SELECT",
    "SAVEPOINT",
    "RELEASE SAVEPOINT",
    "ROLLBACK TO SAVEPOINT",
)
# What begins with WITH may write behind it.
READS_WITH = "WITH today AS (SELECT"
WRITING_WORD = re.compile(r"\b(INSERT|UPDATE|DELETE|MERGE)\b", re.IGNORECASE)
# That somebody has opened a portfolio is what the trainee is told; a visit is no act.
NOTED_BY_GET = ('INSERT INTO "portfolio_opening"',)


@pytest.fixture(autouse=True)
def no_seal_key(settings, tmp_path):
    """The installation that is asked has none, whatever the tests before this one have made."""
    settings.SEAL_KEY_FILE = tmp_path / "none.p12"


@dataclass(frozen=True)
class Visited:
    """The world, a browser, and a session for each who has one. They are made once: a client
    costs more than a request."""

    world: World
    client: Client
    sessions: dict[str, str]

    def become(self, persona: str) -> None:
        self.client.cookies.clear()
        if persona in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[persona]
            if ending := PERSONAS[persona].ending:
                ending(PERSONAS[persona].user(self.world))


@pytest.fixture(scope="module")
def visited(django_db_setup, django_db_blocker):
    """Made once; every request is undone again."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_world()
        client = Client()
        yield Visited(world, client, sessions_of(world, client))
        transaction.set_rollback(True)


def sessions_of(world: World, client: Client) -> dict[str, str]:
    sessions = {}
    for name, persona in PERSONAS.items():
        if user := persona.user(world):
            client.cookies.clear()
            client.force_login(user)
            sessions[name] = client.session.session_key
    return sessions


def patterns(urlconf: str | None = None) -> Iterator[str]:
    """The name of every pattern, with its namespace; its route where it has none."""

    def walk(entries, namespaces: tuple[str, ...], prefix: str) -> Iterator[str]:
        for entry in entries:
            route = prefix + str(entry.pattern)
            if hasattr(entry, "url_patterns"):
                inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
                yield from walk(entry.url_patterns, inner, route)
            else:
                yield ":".join([*namespaces, entry.name]) if entry.name else f"/{route}"

    yield from walk(get_resolver(urlconf).url_patterns, (), "")


def faults_of(row: Row, visited: Visited, methods=METHODS) -> list[str]:
    """Where the answers are not those of the row."""
    found = []
    for persona in PERSONAS:
        for method in methods:
            expected = row.expected(persona, method)
            got, writes = ask(row, visited, persona, method)
            if method == "HEAD" and got == 405:
                continue  # a view may do without it
            if got != expected:
                found.append(f"{persona} {method}: {got}, not {expected}")
            if writes and method != "POST":
                found.append(f"{persona} {method} writes: {writes}")
    return found


def ask(row: Row, visited: Visited, persona: str, method: str) -> tuple[int | str, list[str]]:
    """The answer, and what was written for it. The database is as before afterwards."""
    writes = []

    def watch(execute, sql, params, many, context):
        if not is_allowed_on_get(sql):
            writes.append(sql)
        return execute(sql, params, many, context)

    url = row.name
    if not url.startswith("/"):
        url = reverse(row.name, args=visited.world.args(row.args))
    cache.clear()  # the count of tries
    with transaction.atomic():
        visited.become(persona)
        with connection.execute_wrapper(watch):
            response = visited.client.generic(
                method, url, content_type="application/x-www-form-urlencoded"
            )
        transaction.set_rollback(True)
    if response.streaming:
        list(response)  # closes the file
    return outcome(response), writes


def is_allowed_on_get(sql: str) -> bool:
    sql = sql.lstrip("(\n")
    if sql.startswith(READS_WITH):
        return WRITING_WORD.search(sql) is None
    return sql.startswith(READS + NOTED_BY_GET)


def outcome(response: HttpResponse) -> int | str:
    location = response.headers.get("Location", "")
    if response.status_code == 302 and urlsplit(location).path == reverse(settings.LOGIN_URL):
        return LOGIN
    return response.status_code


# --- The matrix ----------------------------------------------------------------------------------


def test_every_pattern_has_a_row_and_every_row_a_pattern():
    assert {row.name for row in ROWS} == set(patterns())


def test_no_two_patterns_share_a_name():
    names = sorted(patterns())

    assert names == sorted(set(names))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name} {row.args}".strip())
def test_access(row, visited):
    faults = faults_of(row, visited)

    assert not faults, "\n".join(faults)


# --- The matrix can fail -------------------------------------------------------------------------


@pytest.fixture
def leaky_urls(settings):
    """The doctor's page and the list of waiting as a careless hand would write them."""

    @login_not_required
    def doctor(request, training_id):
        return HttpResponse(Training.objects.get(pk=training_id))

    def waiting_list(request):
        User.objects.filter(pk=request.user.pk).update(last_login=timezone.now())
        return HttpResponse()

    careless = [
        path("leger/<int:training_id>/", doctor, name="doctor"),
        path("venter/", waiting_list, name="waiting_list"),
        path("bakdor/", doctor, name="backdoor"),
    ]
    urlconf = ModuleType("leaky_urls")
    urlconf.urlpatterns = [path("", include((careless, "portfolio"))), *urlpatterns]
    settings.ROOT_URLCONF = urlconf


def row_of(name: str) -> Row:
    return next(row for row in ROWS if row.name == name)


def test_matrix_catches_a_page_made_public(visited, leaky_urls):
    row = row_of("portfolio:doctor")

    caught = {fault.partition(" GET")[0] for fault in faults_of(row, visited, ["GET"])}

    assert caught == set(PERSONAS) - row.may | {"trainee"}


def test_matrix_catches_a_write_on_get(visited, leaky_urls):
    faults = faults_of(row_of("portfolio:waiting_list"), visited, ["GET"])

    assert {fault.partition(" GET")[0] for fault in faults} == set(KNOWN)
    assert all('GET writes: [\'UPDATE "accounts_user"' in fault for fault in faults)


@pytest.mark.parametrize(
    ("behind", "allowed"),
    [
        ("SELECT day, updated_at, '' AS deleted FROM today", True),  # the control
        ("INSERT INTO portfolio_opening SELECT day FROM today", False),
        ("UPDATE accounts_user SET name = ''", False),
        ("SELECT 1 FROM today), gone AS (delete from portfolio_event", False),
        ("MERGE INTO accounts_user USING today ON true", False),
    ],
)
def test_matrix_catches_a_write_behind_with(behind, allowed):
    assert is_allowed_on_get(f"\nWITH today AS (SELECT 1 AS day) {behind}") is allowed
    assert not is_allowed_on_get(f"WITH other AS (SELECT 1 AS day) {behind}")


def test_matrix_catches_a_row_that_promises_too_much(visited):
    promised = replace(row_of("portfolio:doctor"), may=PORTFOLIO | {"admin"})

    assert faults_of(promised, visited, ["GET"]) == ["admin GET: 404, not 200"]


def test_matrix_catches_a_pattern_without_a_row(leaky_urls):
    assert "portfolio:backdoor" in set(patterns()) - {row.name for row in ROWS}
