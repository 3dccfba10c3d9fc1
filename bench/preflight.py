"""Pre-flight, for one trainee and for a cohort: how long it takes, and how often it asks."""

from statistics import median

COHORT = 200
ROUNDS = 40


def time_preflight() -> dict:
    from django.utils import timezone

    from bench.measure import queries_in, timed
    from portfolio.models import Training
    from portfolio.queries.readiness import readiness_of

    today = timezone.localdate()
    trainings = list(Training.objects.select_related("trainee", "pathway").order_by("pk")[:COHORT])
    one, few = trainings[:1], trainings[:10]
    readiness_of(trainings[:2], on=today)  # what is kept per process is made once
    found = []
    queries = {
        len(some): queries_in(lambda: found.append(readiness_of(some, on=today)))  # noqa: B023
        for some in (one, few, trainings)
    }
    return {
        "queries": queries,
        "one": [timed(lambda: readiness_of(one, on=today)) for _ in range(ROUNDS)],
        "cohort": median(
            timed(lambda: readiness_of(trainings, on=today, forecasts=False)) for _ in range(3)
        ),
        "size": len(trainings),
        "findings": sum(len(one.verdict.missing) for one in found[-1]),
    }
