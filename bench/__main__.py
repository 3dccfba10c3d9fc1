"""`make bench`: how long the main pages take, and whether they take longer where there is more.

A database of its own in a temporary folder; figures of the same run are compared, never of two
machines. Exits with 1 where an aim is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from config.database import APPLICATION, OWNER, create_database, embedded_postgres, with_parts
from config.machine import place

FEW, MANY = 10, 100
AIM_MS, AIM_RATIO = 25, 8  # of the page with 73 goals
AIM_GROWTH = 1.2
AIM_STATIC = 75_000
AIM_SHARE = 0.85
AIM_QUERIES = 10
THE_PAGE = "Læringsmål (73)"


def main() -> int:
    parent = place() / "var"
    parent.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=parent) as folder,
        embedded_postgres(Path(folder)) as server,
    ):
        few, many = (figures_with(trainees, server, folder) for trainees in (FEW, MANY))
    aims = [*print_pages(few["pages"], many["pages"]), *print_rest(many)]
    print()
    for aim in aims:
        print(aim)
    return 0 if all(aim.met for aim in aims) else 1


@dataclass(frozen=True)
class Aim:
    what: str
    met: bool

    def __str__(self) -> str:
        return f"{'ok    ' if self.met else 'MISSED'} {self.what}"


def figures_with(trainees: int, server: str, folder: str) -> dict:
    """Loads as the owner, measures as the application."""
    name = f"bench_{trainees}"
    print(f"Loading {trainees} trainees", file=sys.stderr, flush=True)
    create_database(server, name=name)
    url = with_parts(server, database=name)
    owner = environment(with_parts(url, user=OWNER), folder)
    manage = [sys.executable, "manage.py"]
    for command in (
        ["migrate", "--verbosity=0", "--skip-checks"],
        ["load_curriculum", "--verbosity=0"],
        ["bench_load", f"--trainees={trainees}"],
    ):
        subprocess.run([*manage, *command], env=owner, check=True)
    print(f"Measuring with {trainees} trainees", file=sys.stderr, flush=True)
    measured = subprocess.run(
        [sys.executable, "-m", "bench.measure", *(["--all"] if trainees == MANY else [])],
        env=environment(with_parts(url, user=APPLICATION), folder),
        check=True,
        stdout=subprocess.PIPE,
    )
    return json.loads(measured.stdout)


def environment(database_url: str, folder: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PALMAPPEN_MODE": "demo",
        "SECRET_KEY": "bench",
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": "http://localhost",
        "DATABASE_URL": database_url,
        "DATABASE_OWNER_URL": "",
        "CELERY_BROKER_URL": "memory://",
        "PRIVATE_ROOT": f"{folder}/files",
        "EMAIL_URL": "memory:",
        "DEFAULT_FROM_EMAIL": "palmappen@example.org",
        "LOG_LEVEL": "ERROR",
        "PYTHONWARNINGS": "ignore:No directory at",  # WhiteNoise: static files are not collected
    }


def print_pages(few: list[dict], many: list[dict]) -> list[Aim]:
    print(
        f"Milliseconds on the server with {MANY} trainees; × is to a bare view of the same bytes."
    )
    print(f"Growth is that ratio with {MANY} trainees, to that with {FEW} in the database.")
    print(f"{'Page':20}{'p50':>8}{'p95':>8}{'bare':>8}{'×':>7}{'growth':>8}{'queries':>9}{'kB':>7}")
    aims = []
    for before, page in zip(few, many, strict=True):
        ratio = page["p50"] / page["bare"]
        growth = ratio / (before["p50"] / before["bare"])
        print(
            f"{page['name']:20}{page['p50']:8.1f}{page['p95']:8.1f}{page['bare']:8.2f}"
            f"{ratio:7.1f}{growth:8.2f}{page['queries']:9}{page['bytes'] / 1000:7.1f}"
        )
        aims.append(Aim(f"{page['name']}: growth ≤ {AIM_GROWTH}", growth <= AIM_GROWTH))
        aims.append(Aim(f"{page['name']}: queries ≤ {AIM_QUERIES}", page["queries"] <= AIM_QUERIES))
        if page["name"] == THE_PAGE:
            aims.append(Aim(f"{THE_PAGE}: p50 ≤ {AIM_MS} ms", page["p50"] <= AIM_MS))
            aims.append(Aim(f"{THE_PAGE}: ≤ {AIM_RATIO} × bare", ratio <= AIM_RATIO))
    return aims


def print_rest(figures: dict) -> list[Aim]:
    report, static = figures["report"], figures["static_bytes"]
    share = report["weasyprint"] / report["whole"]
    print()
    print(f"CSS and JavaScript, gzipped: {static / 1000:.1f} kB")
    print(
        f"Report: {report['whole'] / 1000:.1f} s for {report['pages']} pages, "
        f"{share:.0%} of it WeasyPrint's own; {report['bytes'] / 1000:.0f} kB"
    )
    return [
        Aim(f"CSS and JavaScript ≤ {AIM_STATIC // 1000} kB", static <= AIM_STATIC),
        Aim(f"WeasyPrint's share of a report ≥ {AIM_SHARE:.0%}", share >= AIM_SHARE),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
