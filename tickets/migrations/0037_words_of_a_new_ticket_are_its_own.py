"""A ticket that comes has nothing on it yet: its words are those of its subject and description.

To look for messages, notes, files and answers took ten times as long as to write the row; each of
them is added by its own trigger when it comes.
"""

from django.db import migrations

OWN_WORDS = r"""
CREATE OR REPLACE FUNCTION tickets_words_of_new_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_ticketwords (ticket_id, words)
    SELECT id, setweight(to_tsvector('english', subject), 'A')
               || setweight(to_tsvector('english', left(description, 40000)), 'B')
      FROM came
     ORDER BY id;
    RETURN NULL;
END $$;
"""

ALL_WORDS = r"""
CREATE OR REPLACE FUNCTION tickets_words_of_new_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_words(ARRAY(SELECT id FROM came));
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0036_the_queue_has_words_of_its_own")]

    operations = [migrations.RunSQL(OWN_WORDS, ALL_WORDS)]
