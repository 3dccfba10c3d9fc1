import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from portfolio.triggers import HEEDED

# A finished document can be asked for at «Kontroller» for ever.
RIGHTS = """
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'palmappen_app') THEN
        REVOKE DELETE, TRUNCATE ON reports_report FROM palmappen_app;
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0006_portfolio_export"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="report",
            name="finished",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="finished",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NOT (OLD."sha256" = \'\') AND (OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."training_id" IS DISTINCT FROM (NEW."training_id")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c1e5034568104cd755874c4c980608fd7bd1effc",
                    operation="UPDATE",
                    pgid="pgtrigger_finished_b612b",
                    table="reports_report",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(RIGHTS),
        migrations.RunSQL(HEEDED),
    ]
