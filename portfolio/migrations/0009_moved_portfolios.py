"""Events and submissions of a portfolio that came from another installation."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from portfolio.triggers import HEEDED


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0008_attendance_of_its_session"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="event",
            name="chain",
        ),
        migrations.AddField(
            model_name="event",
            name="hashed_as",
            field=models.JSONField(
                editable=False,
                help_text="The ids and the subject that the hash covers, where the act was done at another installation. Empty: those of this row.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="submission",
            name="number",
            field=models.CharField(max_length=20, verbose_name="Dokumentnummer"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="chain",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n        PERFORM pg_advisory_xact_lock(hashtextextended('portfolio_event', NEW.training_id));\n        SELECT event.sequence, event.hash INTO NEW.sequence, NEW.previous_hash\n          FROM portfolio_event AS event\n         WHERE event.training_id = NEW.training_id\n         ORDER BY event.sequence DESC\n         LIMIT 1;\n        NEW.sequence := coalesce(NEW.sequence, 0) + 1;\n        NEW.previous_hash := coalesce(NEW.previous_hash, repeat('0', 64));\n        NEW.acted_at := palmappen_now();\n        NEW.hashed_as := NULL;\n        NEW.digest := palmappen_sha256(NEW.salt || NEW.content);\n        NEW.hash := palmappen_event_hash(NEW);\n        RETURN NEW;\n    ",
                    hash="737c70fb1896600db331e51b9b5149a3b7280a92",
                    operation="INSERT",
                    pgid="pgtrigger_chain_4c84d",
                    table="portfolio_event",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.UniqueConstraint(
                fields=("number", "sha256"), name="portfolio_submission_of_dossier"
            ),
        ),
        migrations.RunSQL(HEEDED),
    ]
