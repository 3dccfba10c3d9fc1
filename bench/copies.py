"""What a department and its ten trainees have, many times over: one statement to a table.

Every row of a copy has its original's number, moved by the same distance, so that the references
between them hold. The ledger is the one table whose triggers stay on: it chains the copies anew.
"""

from django.db import connection, models

NAMES = {"name", "short_name"}


def copy_all(rows_of: list[type[models.Model]], copies: int) -> None:
    """`rows_of`: tables in the order of their references; all that is in them is copied."""
    with connection.cursor() as cursor:
        distance = {model: _span(cursor, model) for model in rows_of}
        for model in rows_of:
            _copy(cursor, model, copies, distance)
            _move_on(cursor, model)


def _span(cursor, model: type[models.Model]) -> int:
    cursor.execute(f"SELECT coalesce(max(id) - min(id) + 1, 0) FROM {model._meta.db_table}")  # noqa: S608
    return cursor.fetchone()[0]


def _copy(cursor, model: type[models.Model], copies: int, distance: dict) -> None:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{one.column}"' for one in fields)
    values = ", ".join(_value(one, distance) for one in fields)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} "  # noqa: S608
        f"FROM {model._meta.db_table}, generate_series(1, %s) AS copy ORDER BY copy, id",
        [copies],
    )


def _value(field: models.Field, distance: dict) -> str:
    column = f'"{field.column}"'
    of = field.model if field.primary_key else field.related_model
    if of in distance:
        return f"{column} + copy * {distance[of]}"
    if isinstance(field, models.UUIDField):
        return "gen_random_uuid()"
    if isinstance(field, models.EmailField):
        return f"replace({column}, '-1@', '-' || copy + 1 || '@')"
    if field.name in NAMES:
        return f"regexp_replace({column}, '(0*)1$', (copy + 1)::text)"
    return column


def _move_on(cursor, model: type[models.Model]) -> None:
    """What is added later gets numbers above the copies'."""
    table = model._meta.db_table
    cursor.execute(
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"  # noqa: S608
    )
