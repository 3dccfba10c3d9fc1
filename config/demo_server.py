"""`make demo`: database, demo data, worker and web server in one terminal, until Ctrl-C.

Everything it starts it ends. Data is kept between runs in `var/demo` (see machine.place).
"""

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

import psycopg

from config import machine
from config.database import (
    APPLICATION,
    OWNER,
    create_database,
    create_roles,
    embedded_postgres,
    with_parts,
)

DATA = machine.place() / "var" / "demo"
LOGS = DATA / "logs"
PRIVATE_FOLDERS = ["secrets", "files", "mail", "logs", "queue", "queue/messages", "queue/control"]
SECONDS_TO_ANSWER = 60
SECONDS_TO_END = 5  # then killed: a report is a row, and the next start's sweeper finds it
WELCOME = """
PAL-mappen runs at {url}

  lis@example.org            trainee, midway in the specialty pathway
  lis2@example.org           trainee, just begun in the competence area
  supervisor@example.org     clinical supervisor
  veileder@example.org       educational supervisor
  leder@example.org          head of department
  programleder@example.org   programme leader
  admin@example.org          administrator

The password of all is palmappen-demo. E-mails are written to {mail}, logs to {logs}.
Ctrl-C ends everything; the data stays. `make demo-reset` starts over.
"""


@dataclass(frozen=True)
class Databases:
    """The two URLs of one database: for who serves and for who migrates."""

    application: str
    owner: str


def demo(port: int) -> None:
    refuse_taken_port(port)
    make_folders()
    with ExitStack() as stack:
        stack.enter_context(only_one())
        databases = stack.enter_context(database_of_the_demo())
        environment = demo_environment(databases, port=port)
        print("Preparing the database and the demo data", flush=True)
        manage("prepare_demo", environment={**environment, "DATABASE_URL": databases.owner})
        processes = {
            "worker": stack.enter_context(running("worker", worker_command(), environment)),
            "web": stack.enter_context(running("web", web_command(port), environment)),
        }
        wait_until_it_answers(port, processes)
        url = environment["SITE_URL"]
        print(WELCOME.format(url=url, mail=DATA / "mail", logs=LOGS), flush=True)
        wait_until_one_ends(processes)


def reset() -> None:
    """Removes the demo's data. In a database that was given, everything the owner role owns."""
    if DATA.exists():
        make_folders()
        with only_one():
            if given := os.environ.get("DATABASE_URL"):
                empty_given_database(given)
            elif (DATA / "postgres").exists():
                with embedded_postgres(DATA / "postgres"):
                    pass  # a server whose launcher was killed is found, and ends here
            shutil.rmtree(DATA)
    print("The demo data is gone. `make demo` starts over.")


# --- Before anything starts ----------------------------------------------------------------------


def refuse_taken_port(port: int) -> None:
    for family, address in loopback_addresses(port):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError:
                sys.exit(
                    f"Port {port} is taken by another program. End that program, or choose "
                    f"another port:\n\n    make demo PORT={port + 1}\n"
                )


def loopback_addresses(port: int) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """What «localhost» may mean here: IPv4, and IPv6 where the machine has it."""
    addresses = [(socket.AF_INET, ("127.0.0.1", port))]
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return addresses
    return [*addresses, (socket.AF_INET6, ("::1", port))]


def make_folders() -> None:
    """Open to pass through, since as root PostgreSQL runs as another user; private within."""
    DATA.mkdir(parents=True, exist_ok=True)
    for name in PRIVATE_FOLDERS:
        (DATA / name).mkdir(mode=0o700, exist_ok=True)


@contextmanager
def only_one() -> Iterator[None]:
    with (DATA / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit("The demo already runs from this folder. End it first (Ctrl-C there).")
        yield


# --- The database --------------------------------------------------------------------------------


@contextmanager
def database_of_the_demo() -> Iterator[Databases]:
    if given := os.environ.get("DATABASE_URL"):
        yield given_database(given)
        return
    with embedded_postgres(DATA / "postgres") as superuser_url:
        create_database(superuser_url, name="palmappen")
        url = with_parts(superuser_url, database="palmappen")
        yield Databases(with_parts(url, user=APPLICATION), with_parts(url, user=OWNER))


def given_database(url: str) -> Databases:
    """A superuser's URL is enough: the two roles are made. Otherwise both URLs must be given."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if owner:
        return Databases(application=url, owner=owner)
    if not is_superuser(url):
        sys.exit(
            "DATABASE_URL is not a superuser's, so the demo cannot make the two database roles.\n"
            "Run config/roles.sql as a superuser, then set DATABASE_URL (palmappen_app) and\n"
            "DATABASE_OWNER_URL (palmappen_owner). docs/operations.md tells why there are two."
        )
    refuse_server_in_use(url)
    password = secret("database-password")
    create_roles(url, password=password)
    return Databases(
        application=with_parts(url, user=APPLICATION, password=password),
        owner=with_parts(url, user=OWNER, password=password),
    )


def is_superuser(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SHOW is_superuser").fetchone() == ("on",)
    except psycopg.OperationalError as error:
        sys.exit(f"No database answers at DATABASE_URL: {error}")


def refuse_server_in_use(url: str) -> None:
    """The roles belong to the whole server: a new password would lock out who uses them."""
    others = """
        SELECT datname FROM pg_database
        WHERE pg_get_userbyid(datdba) = 'palmappen_owner'
            AND datname <> current_database() AND datname NOT LIKE 'palmappen\\_test\\_%'
    """
    with psycopg.connect(url) as connection:
        if found := connection.execute(others).fetchone():
            sys.exit(
                f"This server has the database {found[0]} of PAL-mappen. Give the demo another."
            )


def empty_given_database(url: str) -> None:
    if not is_superuser(url):
        sys.exit("To start over in a database of your own, set DATABASE_URL to a superuser's.")
    with psycopg.connect(url) as connection:
        marked = connection.execute("SELECT to_regclass('portfolio_installation')").fetchone()[0]
        if marked:
            mode = connection.execute("SELECT mode FROM portfolio_installation").fetchone()[0]
            if mode != "demo":
                sys.exit(f"This database is marked {mode}, not demo. Nothing is removed.")
        connection.execute("DROP OWNED BY palmappen_owner CASCADE")


# --- The processes -------------------------------------------------------------------------------


def demo_environment(databases: Databases, *, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PALMAPPEN_MODE": "demo",
        "SECRET_KEY": secret("secret-key"),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_URL": f"http://localhost:{port}",
        "DATABASE_URL": databases.application,
        "DATABASE_OWNER_URL": "",
        "CELERY_BROKER_URL": os.environ.get("CELERY_BROKER_URL", f"filesystem://{DATA}/queue"),
        "PRIVATE_ROOT": str(DATA / "files"),
        "EMAIL_URL": os.environ.get("EMAIL_URL", f"file:///{DATA}/mail"),
        "DEFAULT_FROM_EMAIL": "PAL-mappen <palmappen@example.org>",
    }


def secret(name: str) -> str:
    """Made once, kept for the next start, so that sessions survive."""
    file = DATA / "secrets" / name
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text()


def worker_command() -> list[str]:
    schedule = DATA / "beat-schedule"
    options = ["--beat", "--schedule", schedule, "--concurrency", 1, "--loglevel", "INFO"]
    quick_start = ["--without-mingle", "--without-gossip"]
    return ["celery", "--app", "config", "worker", *map(str, options), *quick_start]


def web_command(port: int) -> list[str]:
    binds = [
        f"--bind=[{host}]:{port}" if family == socket.AF_INET6 else f"--bind={host}:{port}"
        for family, (host, _) in loopback_addresses(port)
    ]
    options = ["--threads=4", "--graceful-timeout=5", "--no-control-socket"]
    return ["gunicorn", "config.wsgi", *binds, *options]


def manage(command: str, *, environment: dict[str, str]) -> None:
    finished = subprocess.run([sys.executable, "manage.py", command], env=environment)
    if finished.returncode:
        sys.exit(f"manage.py {command} failed; the reason stands above.")


@contextmanager
def running(
    name: str, command: list[str], environment: dict[str, str]
) -> Iterator[subprocess.Popen]:
    """A Python module that runs until the block ends, with everything it started itself.

    In a session of its own, so that Ctrl-C reaches only the launcher, which ends things in order;
    and told by the kernel to end if the launcher is killed.
    """
    with (LOGS / f"{name}.log").open("w") as log:
        process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", *command],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def end(process: subprocess.Popen) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(SECONDS_TO_END)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_it_answers(port: int, processes: dict[str, subprocess.Popen]) -> None:
    deadline = time.monotonic() + SECONDS_TO_ANSWER
    while time.monotonic() < deadline:
        refuse_dead(processes)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/helse/?format=text", timeout=5)
            return
        except urllib.error.HTTPError as error:
            sys.exit(f"The web server answers, but is not well:\n{error.read().decode()}")
        except OSError:
            time.sleep(0.1)
    sys.exit(f"The web server did not answer in {SECONDS_TO_ANSWER} s; see {LOGS / 'web.log'}")


def wait_until_one_ends(processes: dict[str, subprocess.Popen]) -> None:
    while True:
        refuse_dead(processes)
        time.sleep(0.5)


def refuse_dead(processes: dict[str, subprocess.Popen]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            log = LOGS / f"{name}.log"
            tail = "\n".join(log.read_text().splitlines()[-15:])
            sys.exit(f"{tail}\n\nThe {name} process ended by itself; more in {log}")


def end_on_signal(number, frame) -> None:
    """Once: the second Ctrl-C of an impatient hand must not interrupt the tidying."""
    for each in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(each, signal.SIG_IGN)
    print("\nEnding the demo", flush=True)
    raise SystemExit(0)


def main() -> None:
    for each in [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]:
        signal.signal(each, end_on_signal)
    os.chdir(machine.CHECKOUT)
    if sys.argv[1:] == ["reset"]:
        reset()
    else:
        demo(int(os.environ.get("PORT", "8000")))


if __name__ == "__main__":
    main()
