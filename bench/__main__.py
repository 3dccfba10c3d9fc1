"""`make bench`: how long things take, as ratios within one run. Exits with 1 if an aim is missed.

Databases in a temporary folder, one with few trainees and one with many, take turns; so do each
page and the bare view beside it, and the dossier and WeasyPrint alone. Figures of the same moment
are compared, never those of two machines. `make bench ARGS="--trainees 100"` is quicker, and
`ARGS="--only dossier workers"` runs some parts alone.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from bench.databases import Database, Measuring
from config.database import embedded_postgres
from config.machine import place

FEW, MANY = 10, 1000  # trainees
ROUNDS = 40
AIM_MS, AIM_RATIO = 25, 8  # of the page with 73 goals
AIM_GROWTH, AIM_GROWTH_TO_100 = 1.3, 1.2
AIM_STATIC = 75_000
AIM_SHARE = 0.85
AIM_QUERIES = 10
AIM_PREFLIGHT_MS = 30
AIM_DOSSIER_RATIO, AIM_DOSSIER_MB = 1.25, 500
AIM_VERIFICATION = 2  # seconds
AIM_TWO_WORKERS = 0.6
THE_PAGE = "Læringsmål (73)"


def main() -> int:
    given = parser().parse_args()
    parent = place() / "var"
    parent.mkdir(exist_ok=True)
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir=parent))
        server = stack.enter_context(embedded_postgres(Path(folder)))
        aims = list(measure(set(given.only), given.trainees, server, folder, stack))
    missed = [aim.what for aim in aims if not aim.met]
    print(f"\n{len(aims) - len(missed)} of {len(aims)} aims met.")
    for what in missed:
        print(f"MISSED {what}")
    return 1 if missed else 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--trainees", type=int, default=MANY, help="in the larger database")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART")
    return parser


@dataclass(frozen=True)
class Aim:
    what: str
    met: bool


def measure(
    only: set[str], trainees: int, server: str, folder: str, stack: ExitStack
) -> Iterator[Aim]:
    if only & MANY_TRAINEES.keys() or "pages" in only:
        many = stack.enter_context(Measuring(Database(str(trainees), server, folder)))
        if "pages" in only:
            few = stack.enter_context(Measuring(Database(str(FEW), server, folder)))
            yield from measure_pages(few, many, trainees)
        for part in [one for one in MANY_TRAINEES if one in only]:
            yield from MANY_TRAINEES[part](many)
    if only & LARGEST_PORTFOLIO.keys():
        largest = Database("largest", server, folder)
        for part in [one for one in LARGEST_PORTFOLIO if one in only]:
            yield from LARGEST_PORTFOLIO[part](largest)


def measure_pages(few: Measuring, many: Measuring, trainees: int) -> list[Aim]:
    print(f"Milliseconds on the server, with {trainees:,} trainees in the database.")
    print(f"×: p50 to that of a bare view of the same bytes. growth: p50 to that with {FEW}.")
    print(f"{'Page':18}{'p50':>8}{'p95':>8}{'bare':>7}{'×':>7}{'growth':>8}{'queries':>9}{'kB':>7}")
    few.ask("pages")
    growth = AIM_GROWTH if trainees > 100 else AIM_GROWTH_TO_100
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
        aims.append(Aim(f"{name}: growth ≤ {growth}", p50 / before <= growth))
        aims.append(Aim(f"{name}: queries ≤ {AIM_QUERIES}", queries <= AIM_QUERIES))
        if name == THE_PAGE:
            aims.append(Aim(f"{name}: p50 ≤ {AIM_MS} ms", p50 <= AIM_MS))
            aims.append(Aim(f"{name}: ≤ {AIM_RATIO} × bare", p50 / bare <= AIM_RATIO))
    return aims


def measure_rest(many: Measuring) -> list[Aim]:
    static, report = many.ask("static"), many.ask("report")
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


def measure_preflight(many: Measuring) -> list[Aim]:
    facts = many.ask("preflight")
    queries, p50 = facts["queries"], median(facts["one"])
    one, *more = queries.values()
    print(
        f"\nPre-flight: {p50:.1f} ms for one trainee with {one} queries; {facts['cohort']:.0f} ms "
        f"for {facts['size']}, with {more[-1]} queries for {list(queries)[-1]}"
    )
    return [
        Aim(f"Pre-flight: queries ≤ {AIM_QUERIES}", one <= AIM_QUERIES),
        Aim("Pre-flight: as many queries for a cohort as for one", set(more) == {one}),
        Aim(f"Pre-flight: p50 ≤ {AIM_PREFLIGHT_MS} ms", p50 <= AIM_PREFLIGHT_MS),
    ]


def measure_dossier(largest: Database) -> list[Aim]:
    facts = largest.run("bench.dossier")
    print(
        f"\nDossier of {facts['goals']} goals, {facts['assessments']} assessments, "
        f"{facts['activities']} activities, {facts['originals']} originals: {facts['pages']} pages "
        f"({facts['bytes'] / 1e6:.1f} MB) in {facts['job']:.1f} s, WeasyPrint alone "
        f"{facts['alone']:.1f} s: {facts['ratio']:.2f} ×. Peak memory {facts['peak_mb']:.0f} MB"
    )
    return [
        Aim(f"Dossier: ≤ {AIM_DOSSIER_RATIO} × WeasyPrint", facts["ratio"] <= AIM_DOSSIER_RATIO),
        Aim(f"Dossier: memory < {AIM_DOSSIER_MB} MB", facts["peak_mb"] < AIM_DOSSIER_MB),
    ]


def measure_verification(largest: Database) -> list[Aim]:
    facts = largest.run("bench.verification")
    print(
        f"\nLedger of {facts['events']:,} events: verified in {facts['verify']:.2f} s "
        f"({facts['verify'] / facts['bare']:.1f} × bare SHA-256), read from "
        f"{facts['bytes'] / 1e6:.0f} MB of JSON in {facts['read']:.2f} s"
    )
    return [
        Aim(f"Verification < {AIM_VERIFICATION} s", facts["verify"] < AIM_VERIFICATION),
    ]


def measure_workers(largest: Database) -> list[Aim]:
    queue = largest.files / "queue"
    for folder in ("messages", "control"):
        (queue / folder).mkdir(parents=True)
    facts = largest.run("bench.workers", CELERY_BROKER_URL=f"filesystem://{queue}")
    ratio = facts["two"] / facts["one"]
    print(
        f"\n{facts['reports']} reports: {facts['one']:.1f} s with one worker, "
        f"{facts['two']:.1f} s with two: {ratio:.2f} ×"
    )
    return [Aim(f"Two workers: ≤ {AIM_TWO_WORKERS} × one", ratio <= AIM_TWO_WORKERS)]


MANY_TRAINEES = {"rest": measure_rest, "preflight": measure_preflight}
LARGEST_PORTFOLIO = {
    "dossier": measure_dossier,
    "verification": measure_verification,
    "workers": measure_workers,
}
PARTS = ("pages", *MANY_TRAINEES, *LARGEST_PORTFOLIO)


if __name__ == "__main__":
    raise SystemExit(main())
