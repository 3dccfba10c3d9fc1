"""A dossier beside WeasyPrint alone on the same HTML, in one process: `python -m bench.dossier`.

The job is the worker's own, from lease to finished row: it gathers and freezes, writes the HTML,
lets WeasyPrint lay it out, embeds snapshot and originals, seals, and writes to disk. «Alone» is
WeasyPrint on that HTML with our stylesheet and the same variant of PDF, and nothing else. They
take turns, so that both meet the same machine. The first job's memory is the peak.
"""

import json
import resource
import time
from statistics import median
from uuid import uuid4

import django

ROUNDS = 2


def main() -> None:
    django.setup()
    from bench.largest import TRAINEE
    from portfolio.models import Training
    from reports import archive, paper, services, snapshot

    training = Training.objects.select_related("trainee").get(trainee__email=TRAINEE)
    jobs, alone = [], []
    for _ in range(ROUNDS):
        report = services.order_dossier(training=training, by=training.trainee, key=uuid4())
        jobs.append(_seconds(lambda: services.render_report(report.pk)))  # noqa: B023
        if len(jobs) == 1:
            peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report.refresh_from_db()
        if not report.is_done:
            raise SystemExit(f"The dossier was not made: {report.failure}")
        html = paper.dossier_html(snapshot.thaw_dossier(report.snapshot))
        alone.append(_seconds(lambda: paper.printed(html, options=archive.OPTIONS)))  # noqa: B023
    content = json.loads(report.snapshot)
    print(
        json.dumps(
            {
                "job": median(jobs),
                "alone": median(alone),
                "ratio": median(job / lone for job, lone in zip(jobs, alone, strict=True)),
                "peak_mb": peak_kib * 1024 / 1e6,
                "pages": report.page_count,
                "bytes": report.size_bytes,
                "goals": content["dossier"]["total_goals"],
                "assessments": training.assessments.count(),
                "activities": len(content["dossier"]["activities"]),
                "originals": len(content["files"]),
            }
        )
    )


def _seconds(act) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
