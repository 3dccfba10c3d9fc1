import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0007_guards_of_the_application"),
        ("reports", "0002_job_reason_and_queue_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="placement",
            field=models.ForeignKey(
                blank=True,
                help_text="The service that a service statement is of.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="reports",
                to="portfolio.placement",
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="kind",
            field=models.CharField(
                choices=[
                    ("progress", "Framdriftsrapport"),
                    ("service_statement", "Tjenestebekreftelse"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("placement__isnull", True), ("kind", "service_statement"), _connector="OR"
                ),
                name="reports_placement_of_statement",
            ),
        ),
    ]
