"""The tests' PostgreSQL: migrated as the owner role, used as the application role.

The process that starts the tests makes one server and one migrated template; each worker copies
the template. With DATABASE_URL set (a superuser's) that server is used instead.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from config.database import (
    OWNER,
    create_roles,
    embedded_postgres,
    with_parts,
)
from config.machine import place
from config.settings_test import EMBEDDED

KEPT_BY_FLUSH = ["django_migrations", "portfolio_installation"]
ALL_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> ALL(%s)"


@contextmanager
def migrated_template() -> Iterator[str]:
    """Yields the superuser's URL of a migrated, empty database to copy."""
    with _server() as server:
        template = with_parts(server, database=f"palmappen_test_{os.getpid()}")
        _create(template)
        try:
            create_roles(template, password="test")
            _migrate(with_parts(template, user=OWNER, password="test"))
            yield template
        finally:
            _drop(template)


@contextmanager
def copy_of(template: str, *, name: str) -> Iterator[str]:
    """Yields the superuser's URL of a database of one's own."""
    copy = with_parts(template, database=f"{_name(template)}_{name}")
    _create(copy, template=_name(template))
    try:
        yield copy
    finally:
        _drop(copy)


def flush_as_superuser(url: str) -> Callable:
    """Replaces Django's flush: the application role has no TRUNCATE, and triggers refuse it."""

    def flush(sql_list: list[str]) -> None:
        with psycopg.connect(url) as superuser:
            tables = [name for (name,) in superuser.execute(ALL_TABLES, [KEPT_BY_FLUSH])]
            superuser.execute("SET session_replication_role = replica")
            superuser.execute(
                sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables)))
            )

    return flush


@contextmanager
def _server() -> Iterator[str]:
    given = os.environ["DATABASE_URL"]
    if given != EMBEDDED:
        yield given
        return
    parent = place() / "var"
    parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="test-postgres-", dir=parent) as folder,
        embedded_postgres(Path(folder)) as url,
    ):
        with psycopg.connect(url, autocommit=True) as superuser:
            superuser.execute("ALTER SYSTEM SET fsync = off")  # nothing here must survive
            superuser.execute("SELECT pg_reload_conf()")
        yield url


def _migrate(owner_url: str) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": owner_url,
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
    }
    command = [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, env=environment, check=True)
    with psycopg.connect(owner_url) as owner:
        owner.execute("UPDATE portfolio_installation SET mode = 'test'")


def _create(url: str, *, template: str = "template1") -> None:
    with psycopg.connect(with_parts(url, database="postgres"), autocommit=True) as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(_name(url)), sql.Identifier(template)
            )
        )


def _drop(url: str) -> None:
    with psycopg.connect(with_parts(url, database="postgres"), autocommit=True) as server:
        name = sql.Identifier(_name(url))
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]
