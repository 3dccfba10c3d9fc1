"""Loads an empty database, as the owner: `python -m bench.load 1000`, or `largest`."""

import sys

import django


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection, transaction

    from accounts.models import User
    from bench import largest, rows

    if settings.PRODUCTION or User.objects.exists():
        raise SystemExit("Only for an empty database that is not for production.")
    what = sys.argv[1]
    with transaction.atomic():
        rows.set_triggers("DISABLE")
        largest.load() if what == "largest" else rows.load(int(what))
        rows.set_triggers("ENABLE")
    if what == "largest":
        largest.add_papers()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # as autovacuum does, but before the first figure


if __name__ == "__main__":
    main()
