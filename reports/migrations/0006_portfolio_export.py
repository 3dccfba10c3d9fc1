from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0005_cohort_export"),
    ]

    operations = [
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
                    ("portfolio", "Hele mappen"),
                ],
                max_length=20,
            ),
        ),
    ]
