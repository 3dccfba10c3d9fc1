import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from portfolio.triggers import HEEDED


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0007_guards_of_the_application"),
        ("reports", "0003_service_statement"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="code",
            field=models.CharField(
                blank=True,
                help_text="What is printed with the QR code.",
                max_length=12,
                verbose_name="Kode",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="snapshot",
            field=models.TextField(
                blank=True, help_text="Canonical JSON that a frozen document is made from, once."
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("progress", "Framdriftsrapport"),
                    ("service_statement", "Tjenestebekreftelse"),
                    ("dossier", "Søknadsmappe"),
                    ("bundle", "Vedleggsbunke"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddIndex(
            model_name="report",
            index=models.Index(
                condition=models.Q(("sha256", ""), _negated=True),
                fields=["sha256"],
                name="reports_by_sha256",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="frozen",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."snapshot" IS DISTINCT FROM (NEW."snapshot") AND NOT (OLD."snapshot" = \'\'))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="78681fdc2c523b38f61698428c62ed1b616be6ea",
                    operation="UPDATE",
                    pgid="pgtrigger_frozen_7ccf7",
                    table="reports_report",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("code", ""), _negated=True),
                fields=("code",),
                name="reports_code_unique",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "dossier"), _negated=True),
                    models.Q(("code", ""), _negated=True),
                    _connector="OR",
                ),
                name="reports_dossier_has_code",
            ),
        ),
        migrations.RunSQL(HEEDED),
    ]
