"""A check at deployment: the wall around the ledger is the database's, so look at the database.

Run by `manage.py check --deploy --database default`, before the web server starts.
"""

from django.core.checks import Error, Tags, register
from django.db import connections

from portfolio.models import Event

HINT = "Serve with the role palmappen_app and migrate with palmappen_owner: docs/operations.md."
RIGHTS_OF_CURRENT_ROLE = """
    SELECT
        pg_has_role(current_user, relowner, 'MEMBER'),
        has_any_column_privilege(current_user, oid, 'UPDATE'),
        has_table_privilege(current_user, oid, 'DELETE'),
        has_table_privilege(current_user, oid, 'TRUNCATE')
    FROM pg_class WHERE oid = to_regclass(%s)
"""


@register(Tags.database, deploy=True)
def ledger_is_out_of_reach(*, databases=None, **kwargs) -> list[Error]:
    """The role that serves requests neither owns the ledger nor may change what stands there."""
    if "default" not in (databases or []):
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute(RIGHTS_OF_CURRENT_ROLE, [Event._meta.db_table])
        found = cursor.fetchone()
    if found is None:
        return []  # not migrated yet
    names = ["own", "UPDATE", "DELETE from", "TRUNCATE"]
    rights = [name for name, held in zip(names, found, strict=True) if held]
    return [
        Error(
            f"The application's database role may {right} the ledger.",
            hint=HINT,
            id="config.E001",
        )
        for right in rights
    ]
