"""A malware sample is deleted after its time; what is known of it stays."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0033_a_question_is_asked_of_several_kinds"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
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
                    ("help_overdue", "Promised word to the customer overdue"),
                    ("state_changed", "State changed"),
                    ("resolved", "Resolved"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("followed_up", "Followed up by another ticket"),
                    ("tagged", "Tags changed"),
                    ("watched", "Watched by one of us"),
                    ("unwatched", "No longer watched by one of us"),
                    ("copied", "Somebody gets copies"),
                    ("uncopied", "Somebody gets no more copies"),
                    ("linked", "Linked to another ticket"),
                    ("unlinked", "No longer linked to another ticket"),
                    ("merged", "Merged into another ticket"),
                    ("merged_in", "Another ticket was merged into it"),
                    ("unmerged", "Merge undone"),
                    ("unmerged_from", "Merge of another ticket undone"),
                    ("split", "A message became a ticket of its own"),
                    ("file_refused", "A file was refused by the scanner"),
                    ("sample_marked", "A file was marked as a malware sample"),
                    ("sample_fetched", "A malware sample was downloaded"),
                    ("sample_removed", "A malware sample was deleted after its time"),
                    ("joined_outbreak", "Joined an outbreak"),
                    ("left_outbreak", "Left an outbreak"),
                    ("rated", "Rated by the customer"),
                    ("call_arranged", "Call arranged"),
                    ("call_moved", "Call moved"),
                    ("call_cancelled", "Call cancelled"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at__isnull", True),
                    models.Q(("file", ""), ("is_sample", True)),
                    _connector="OR",
                ),
                name="only_a_sample_is_removed_and_leads_to_no_file_then",
            ),
        ),
    ]
