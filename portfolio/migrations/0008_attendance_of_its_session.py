"""A confirmed attendance is of the module, and on the days, of the session that it names."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from portfolio.triggers import HEEDED

SESSIONS = """
CREATE FUNCTION palmappen_require_session(
    this_session bigint, this_module bigint, last_day date
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF this_session IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM institutions_coursesession AS session
         WHERE session.id = this_session AND session.module_id = this_module
           AND last_day BETWEEN session.starts_on AND session.ends_on
    ) THEN
        PERFORM palmappen_refuse('the session is of another module, or on other days');
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0007_guards_of_the_application"),
    ]

    operations = [
        migrations.RunSQL(SESSIONS),
        migrations.AlterField(
            model_name="event",
            name="verb",
            field=models.CharField(
                choices=[
                    ("training_started", "startet utdanningen"),
                    ("placement_added", "la til tjeneste"),
                    ("placement_changed", "endret tjeneste"),
                    ("placement_removed", "fjernet tjeneste"),
                    ("supervision_started", "oppnevnte veileder"),
                    ("supervision_changed", "rettet veilederoppdrag"),
                    ("supervision_ended", "avsluttet veilederoppdrag"),
                    ("activity_sent", "sendte aktivitet"),
                    ("activity_recalled", "trakk aktivitet"),
                    ("activity_returned", "sendte aktivitet tilbake"),
                    ("activity_attested", "bekreftet aktivitet"),
                    ("assessment_requested", "ba om vurdering"),
                    ("assessment_recalled", "trakk forespørsel om vurdering"),
                    ("assessment_returned", "sendte forespørsel tilbake"),
                    ("assessed", "signerte vurdering"),
                    ("assessment_retracted", "trakk vurdering"),
                    ("assessment_corrected", "rettet vurdering"),
                    ("goal_claimed", "meldte mål som nådd"),
                    ("claim_recalled", "trakk meldingen"),
                    ("recommendation_requested", "ba om anbefaling"),
                    ("recommended", "ga anbefaling"),
                    ("goal_decided", "avgjorde mål"),
                    ("approval_withdrawn", "trakk godkjenning tilbake"),
                    ("report_ordered", "bestilte rapport"),
                    ("absence_added", "la til fravær"),
                    ("absence_changed", "endret fravær"),
                    ("absence_removed", "fjernet fravær"),
                    ("attestation_requested", "ba om tjenestebekreftelse"),
                    ("attestation_recalled", "trakk forespørsel om tjenestebekreftelse"),
                    ("attestation_returned", "sendte tjenestebekreftelse tilbake"),
                    ("service_attested", "bekreftet tjeneste"),
                    ("service_countersigned", "medsignerte tjenestebekreftelse"),
                    ("document_added", "lastet opp dokument"),
                    ("document_withdrawn", "trakk dokument"),
                    ("document_confirmed", "bekreftet dokument"),
                    ("course_signed_up", "meldte seg på kurs"),
                    ("course_cancelled", "meldte seg av kurs"),
                    ("course_attended", "bekreftet kursdeltakelse"),
                    ("plan_written", "skrev plan"),
                    ("plan_agreed", "ble enig i plan"),
                    ("goal_mirrored", "merket mål som godkjent i registeret"),
                    ("mirror_removed", "fjernet merking av mål i registeret"),
                    ("pathway_moved", "flyttet til et annet utdanningsløp"),
                    ("training_ended", "avsluttet utdanningen"),
                    ("dossier_submitted", "sendte søknadsmappe"),
                    ("portfolio_exported", "eksporterte mappen"),
                    ("portfolio_imported", "importerte mappen"),
                ],
                max_length=40,
                verbose_name="Handling",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="courseattendance",
            trigger=pgtrigger.compiler.Trigger(
                name="of_its_session",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM palmappen_require_session(NEW.session_id, NEW.module_id, NEW.completed_on); RETURN NEW;",
                    hash="2cac2330579b151c14689f434b201212f3c2d256",
                    operation="INSERT",
                    pgid="pgtrigger_of_its_session_8167c",
                    table="portfolio_courseattendance",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(HEEDED),
    ]
