"""`make bench`: how long the main pages take, and whether they take longer where there is more.

Two databases in a temporary folder, one with few trainees and one with many, take turns; so do
each page and the bare view beside it. Figures of the same moment are compared, never those of two
machines. Exits with 1 where an aim is missed.
"""

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from config.database import APPLICATION, OWNER, create_database, embedded_postgres, with_parts
from config.machine import place

FEW, MANY = 10, 100  # trainees
ROUNDS = 40
AIM_MS, AIM_RATIO = 25, 8  # of the page with 73 goals
AIM_GROWTH = 1.2
AIM_STATIC = 75_000
AIM_SHARE = 0.85
AIM_QUERIES = 10
THE_PAGE = "Læringsmål (73)"


def main() -> int:
    parent = place() / "var"
    parent.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=parent))
        server = stack.enter_context(embedded_postgres(Path(folder)))
        few, many = (stack.enter_context(Worker(size, server, folder)) for size in (FEW, MANY))
        aims = [*measure_pages(few, many), *measure_rest(many)]
    missed = [aim.what for aim in aims if not aim.met]
    print(f"\n{len(aims) - len(missed)} of {len(aims)} aims met.")
    for what in missed:
        print(f"MISSED {what}")
    return 1 if missed else 0


@dataclass(frozen=True)
class Aim:
    what: str
    met: bool


class Worker:
    """A loaded database, and a process that measures beside it."""

    def __init__(self, trainees: int, server: str, folder: str):
        print(f"Loading {trainees} trainees", file=sys.stderr, flush=True)
        name = f"bench_{trainees}"
        create_database(server, name=name)
        url = with_parts(server, database=name)
        owner = environment(with_parts(url, user=OWNER), folder)
        for command in (
            ["migrate", "--verbosity=0", "--skip-checks"],
            ["load_curriculum", "--verbosity=0"],
            ["bench_load", f"--trainees={trainees}"],
        ):
            subprocess.run([sys.executable, "manage.py", *command], env=owner, check=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bench.measure"],
            env=environment(with_parts(url, user=APPLICATION), folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *error) -> None:
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def ask(self, order: str):
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("The measuring process gave up; its reason stands above.")
        return json.loads(answer)


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


def measure_pages(few: Worker, many: Worker) -> list[Aim]:
    print(f"Milliseconds on the server, with {MANY} trainees in the database.")
    print(f"×: p50 to that of a bare view of the same bytes. growth: p50 to that with {FEW}.")
    print(f"{'Page':18}{'p50':>8}{'p95':>8}{'bare':>7}{'×':>7}{'growth':>8}{'queries':>9}{'kB':>7}")
    few.ask("pages")
    aims = []
    for number, facts in enumerate(many.ask("pages")):
        name, queries = facts["name"], facts["queries"]
        rounds = [(few.ask(f"time {number}"), many.ask(f"time {number}")) for _ in range(ROUNDS)]
        before = median(page for (page, _), _ in rounds)
        page = [page for _, (page, _) in rounds]
        bare = median(bare for _, (_, bare) in rounds)
        p50, p95 = median(page), quantiles(page, n=20)[-1]
        print(
            f"{name:18}{p50:8.1f}{p95:8.1f}{bare:7.1f}{p50 / bare:7.1f}{p50 / before:8.2f}"
            f"{queries:9}{facts['bytes'] / 1000:7.1f}"
        )
        aims.append(Aim(f"{name}: growth ≤ {AIM_GROWTH}", p50 / before <= AIM_GROWTH))
        aims.append(Aim(f"{name}: queries ≤ {AIM_QUERIES}", queries <= AIM_QUERIES))
        if name == THE_PAGE:
            aims.append(Aim(f"{name}: p50 ≤ {AIM_MS} ms", p50 <= AIM_MS))
            aims.append(Aim(f"{name}: ≤ {AIM_RATIO} × bare", p50 / bare <= AIM_RATIO))
    return aims


def measure_rest(worker: Worker) -> list[Aim]:
    static, report = worker.ask("static"), worker.ask("report")
    share = report["weasyprint"] / report["whole"]
    print(f"\nCSS and JavaScript, gzipped: {static / 1000:.1f} kB")
    print(
        f"Report: {report['whole'] / 1000:.1f} s for {report['pages']} pages "
        f"({report['bytes'] / 1000:.0f} kB), {share:.0%} of it WeasyPrint's own"
    )
    return [
        Aim(f"CSS and JavaScript ≤ {AIM_STATIC // 1000} kB", static <= AIM_STATIC),
        Aim(f"WeasyPrint's share of a report ≥ {AIM_SHARE:.0%}", share >= AIM_SHARE),
    ]


if __name__ == "__main__":
    raise SystemExit(main())
