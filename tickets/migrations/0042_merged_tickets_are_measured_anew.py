"""A merged ticket that was answered, or withdrawn, with its target is measured so from the start."""

from django.db import migrations

# The first of them, and all that came after, are measured once more, by and by.
ANEW = """
UPDATE tickets_measureprogress
   SET measured_to = LEAST(measured_to, (SELECT MIN(source_id) - 1 FROM tickets_ticketmerge))
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0041_an_outbreak_sent_twice_is_one")]

    operations = [migrations.RunSQL(ANEW, migrations.RunSQL.noop)]
