"""What became of a note's file tells that there is a note: customers do not read it."""

from django.db import migrations, models

# A timeline row never changes; these say the same, to staff alone.
HIDDEN = """
ALTER TABLE tickets_ticketevent DISABLE TRIGGER append_only;
UPDATE tickets_ticketevent AS event SET kind = 'note_' || kind
 WHERE kind IN ('file_refused', 'sample_marked', 'sample_removed')
   AND EXISTS (SELECT FROM tickets_attachment AS file
                WHERE file.ticket_id = event.ticket_id AND file.name = event.details->>'file'
                  AND file.note_id IS NOT NULL);
ALTER TABLE tickets_ticketevent ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0039_common_words_are_found_in_the_queues_order")]

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
                    ("note_file_refused", "A note's file was refused by the scanner"),
                    ("sample_marked", "A file was marked as a malware sample"),
                    ("note_sample_marked", "A note's file was marked as a malware sample"),
                    ("sample_fetched", "A malware sample was downloaded"),
                    ("sample_removed", "A malware sample was deleted after its time"),
                    ("note_sample_removed", "A note's malware sample was deleted"),
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
        migrations.RunSQL(HIDDEN, migrations.RunSQL.noop),
    ]
