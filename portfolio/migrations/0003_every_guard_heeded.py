"""Guards that no session can step round, and two that were missing.

What hangs on a sent activity is fixed as the activity is; a goal is open again only when its
approval is withdrawn.
"""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from portfolio.triggers import HEEDED

GUARDS = """
CREATE FUNCTION palmappen_require_unsent(this_activity bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- Held until commit, so that nobody sends the activity meanwhile.
    PERFORM 1 FROM portfolio_learningactivity
      WHERE id = this_activity AND state IN ('draft', 'returned') FOR SHARE;
    IF NOT FOUND THEN
        PERFORM palmappen_refuse('the activity is sent');
    END IF;
END $$;

CREATE OR REPLACE FUNCTION palmappen_require_ground(this_progress bigint, new_state text)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    latest record;
BEGIN
    SELECT claim.state AS claim_state, decision.outcome, withdrawal.id AS withdrawn
      INTO latest
      FROM portfolio_claim AS claim
      LEFT JOIN portfolio_decision AS decision ON decision.claim_id = claim.id
      LEFT JOIN portfolio_approvalwithdrawal AS withdrawal ON withdrawal.decision_id = decision.id
     WHERE claim.progress_id = this_progress AND claim.state <> 'recalled'
     ORDER BY claim.number DESC
     LIMIT 1;
    IF new_state = 'open' AND latest.claim_state IS NOT NULL AND latest.withdrawn IS NULL THEN
        PERFORM palmappen_refuse('an open goal has neither a claim nor a decision that stands');
    END IF;
    IF new_state = 'claimed' AND latest.claim_state IS DISTINCT FROM 'open' THEN
        PERFORM palmappen_refuse('a claimed goal has an open claim');
    END IF;
    IF new_state IN ('approved', 'returned', 'refused')
       AND (latest.outcome IS DISTINCT FROM new_state OR latest.withdrawn IS NOT NULL) THEN
        PERFORM palmappen_refuse('the goal''s state follows its latest decision');
    END IF;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("portfolio", "0002_guards"),
    ]

    operations = [
        migrations.RunSQL(GUARDS),
        pgtrigger.migrations.AddTrigger(
            model_name="activitygoal",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_when_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            PERFORM palmappen_require_unsent(coalesce(NEW.activity_id, OLD.activity_id));\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="2b1f16d6aa369ac61ea03d0df76a639cc5ab7613",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_fixed_when_sent_df6b3",
                    table="portfolio_activitygoal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="attachment",
            trigger=pgtrigger.compiler.Trigger(
                name="fixed_when_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            PERFORM palmappen_require_unsent(coalesce(NEW.activity_id, OLD.activity_id));\n            IF TG_OP = 'DELETE' THEN\n                RETURN OLD;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="60161b453bc8c7a0e9066b01fffb2efc1bd0552a",
                    operation="INSERT OR UPDATE OR DELETE",
                    pgid="pgtrigger_fixed_when_sent_2a7c3",
                    table="portfolio_attachment",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(HEEDED),
    ]
