"""The clock of what is merged stops with its target's, and the closed ticket's row is let be.

Whoever answers the target holds no lock of that row, and others who do may wait for the target.
What the row keeps of the clock is for the queue, which shows no closed ticket; the undoing of the
merge reads it anew.
"""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION tickets_follow_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Naming the column is enough: read_clock fills it.
    UPDATE tickets_ticket SET answer_due_at = NULL WHERE response_clock_id = NEW.id{which};
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0044_an_upload_is_for_an_answer_or_a_note")]

    operations = [
        migrations.RunSQL(
            FUNCTION.format(which=" AND state <> 'closed'"), FUNCTION.format(which="")
        ),
    ]
