"""The day a goal's state last changed: the list of goals asks for all 73 at once."""

from django.db import migrations, models

FROM_THE_ACTS = """
UPDATE portfolio_goalprogress AS progress
   SET moved_on = (
       SELECT max(palmappen_day(
                  greatest(claim.claimed_at, decision.acted_at, withdrawal.acted_at)))
         FROM portfolio_claim AS claim
         LEFT JOIN portfolio_decision AS decision ON decision.claim_id = claim.id
         LEFT JOIN portfolio_approvalwithdrawal AS withdrawal
                ON withdrawal.decision_id = decision.id
        WHERE claim.progress_id = progress.id
   );
"""


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0004_say_already")]

    operations = [
        migrations.AddField(
            model_name="goalprogress",
            name="moved_on",
            field=models.DateField(help_text="The day the state last changed.", null=True),
        ),
        migrations.RunSQL(FROM_THE_ACTS, migrations.RunSQL.noop),
    ]
