from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0011_policy_replays"),
    ]

    operations = [
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "Filed"),
                    ("taken", "Taken"),
                    ("assigned", "Assigned"),
                    ("released", "Put back in the queue"),
                    ("answered", "Answered"),
                    ("customer_wrote", "Customer wrote"),
                    ("noted", "Internal note written"),
                    ("severity_changed", "Severity changed"),
                    ("severity_contested", "Severity contested"),
                    ("reassessed", "Deadline re-assessed"),
                    ("called", "Phone call logged"),
                    ("escalated", "Escalation step reached"),
                    ("acknowledged", "Escalation acknowledged"),
                    ("missed", "Deadline passed"),
                    ("excused", "Missed deadline excused"),
                    ("overturned", "Qualified answer overturned"),
                    ("help_requested", "Escalated by the customer"),
                    ("help_answered", "Customer's escalation answered"),
                    ("help_handed_over", "Customer's escalation handed over"),
                    ("help_ended", "Customer's escalation ended"),
                    ("state_changed", "State changed"),
                    ("resolved", "Resolved"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("followed_up", "Followed up by another ticket"),
                ],
                max_length=20,
            ),
        ),
    ]
