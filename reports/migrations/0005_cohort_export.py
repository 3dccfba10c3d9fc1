import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from portfolio.triggers import HEEDED


class Migration(migrations.Migration):
    dependencies = [
        ("institutions", "0004_agreements_offers_sessions"),
        ("portfolio", "0008_attendance_of_its_session"),
        ("reports", "0004_dossier"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="cohort",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="institutions.cohort",
            ),
        ),
        migrations.AddField(
            model_name="report",
            name="export",
            field=models.ForeignKey(
                blank=True,
                help_text="The export that a dossier is made for.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="dossiers",
                to="reports.report",
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
                    ("export", "Søknadsmapper for kull"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="training",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty for an export, which is of a cohort.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reports",
                to="portfolio.training",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="report",
            trigger=pgtrigger.compiler.Trigger(
                name="finished",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" = \'done\' AND (OLD."sha256" IS DISTINCT FROM (NEW."sha256") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."training_id" IS DISTINCT FROM (NEW."training_id")))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="66294e549b51acbccf035f8bd3398253171f74f4",
                    operation="UPDATE",
                    pgid="pgtrigger_finished_b612b",
                    table="reports_report",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("export", None),
                        ("kind", "export"),
                        ("training", None),
                        ("cohort__isnull", False),
                    ),
                    models.Q(
                        models.Q(("kind", "export"), _negated=True),
                        ("cohort", None),
                        ("training__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="reports_export_of_cohort",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("export", None), ("kind", "dossier"), _connector="OR"),
                name="reports_dossier_of_export",
            ),
        ),
        migrations.RunSQL(HEEDED),
    ]
