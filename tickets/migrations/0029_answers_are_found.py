"""Staff find a ticket by the answers to searchable questions, and by the hashes of a release."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("tickets.migrations.0021_words_of_tickets_are_kept")

KEPT = r"""
CREATE OR REPLACE FUNCTION tickets_keep_words(tickets bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM tickets_ticketwords WHERE ticket_id = ANY(tickets)
      ORDER BY ticket_id FOR UPDATE;
    INSERT INTO tickets_ticketwords (ticket_id, words, staff_words)
    SELECT ticket.id, open.words,
           CASE WHEN inside.notes IS NOT NULL OR inside.names IS NOT NULL
                  OR inside.answers IS NOT NULL OR inside.facts IS NOT NULL THEN
               open.words
               || setweight(to_tsvector('english', coalesce(inside.notes, '')), 'C')
               || setweight(to_tsvector('english', coalesce(inside.names, '')), 'D')
               || setweight(to_tsvector('english', coalesce(inside.answers, '')), 'C')
               || setweight(to_tsvector('simple', coalesce(inside.facts, '')), 'C')
           END
      FROM tickets_ticket AS ticket
     CROSS JOIN LATERAL (
        SELECT setweight(to_tsvector('english', ticket.subject), 'A')
            || setweight(to_tsvector('english', left(ticket.description, 40000)), 'B')
            || setweight(to_tsvector('english', coalesce((
                   SELECT left(string_agg(left(body, 40000), E'\n' ORDER BY at DESC), 100000)
                     FROM tickets_message WHERE ticket_id = ticket.id), '')), 'C')
            || setweight(to_tsvector('english', coalesce((
                   SELECT left(string_agg(
                       name || ' ' || regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'), E'\n'
                       ORDER BY id DESC), 10000)
                     FROM tickets_attachment
                    WHERE ticket_id = ticket.id AND note_id IS NULL), '')), 'D') AS words
     ) AS open
     CROSS JOIN LATERAL (
        SELECT (SELECT left(string_agg(left(body, 40000), E'\n' ORDER BY at DESC), 60000)
                  FROM tickets_note WHERE ticket_id = ticket.id) AS notes,
               (SELECT left(string_agg(
                       name || ' ' || regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'), E'\n'
                       ORDER BY id DESC), 10000)
                  FROM tickets_attachment
                 WHERE ticket_id = ticket.id AND note_id IS NOT NULL) AS names,
               (SELECT string_agg(given.value, E'\n')
                  FROM tickets_fieldvalue AS given
                  JOIN tickets_filingfield AS asked ON asked.id = given.field_id
                 WHERE given.ticket_id = ticket.id AND asked.is_searchable) AS answers,
               (SELECT build || ' ' || detected_where || ' ' || array_to_string(hashes, ' ')
                  FROM tickets_databaserelease
                 WHERE ticket_id = ticket.id) AS facts
     ) AS inside
     WHERE ticket.id = ANY(tickets)
     ORDER BY ticket.id
    ON CONFLICT (ticket_id) DO UPDATE
       SET words = EXCLUDED.words, staff_words = EXCLUDED.staff_words;
END $$;

CREATE TRIGGER words_of_new AFTER INSERT ON tickets_fieldvalue REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_words_of_new_parts();
CREATE TRIGGER words_of_new AFTER INSERT ON tickets_databaserelease REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_words_of_new_parts();
"""

NOT_KEPT = """
DROP TRIGGER words_of_new ON tickets_fieldvalue;
DROP TRIGGER words_of_new ON tickets_databaserelease;
""" + BEFORE.KEPT.partition("-- What came")[0].replace(
    "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0028_filing_asks_what_is_needed")]

    operations = [migrations.RunSQL(KEPT, NOT_KEPT)]
