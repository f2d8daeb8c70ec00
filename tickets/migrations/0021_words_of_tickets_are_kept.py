"""The words of a ticket and of all that is on it stand in one row, for the search.

Made anew for a ticket whenever something is put on it, from what is there then: the row is locked
first, so that of two at once the second sees the first. The lengths keep a row far below the
megabyte a tsvector holds, whatever somebody sends; the newest is what remains findable.
"""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

KEPT = r"""
CREATE FUNCTION tickets_keep_words(tickets bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM tickets_ticketwords WHERE ticket_id = ANY(tickets)
      ORDER BY ticket_id FOR UPDATE;
    INSERT INTO tickets_ticketwords (ticket_id, words, staff_words)
    SELECT ticket.id, open.words,
           CASE WHEN inside.notes IS NOT NULL OR inside.names IS NOT NULL THEN
               open.words
               || setweight(to_tsvector('english', coalesce(inside.notes, '')), 'C')
               || setweight(to_tsvector('english', coalesce(inside.names, '')), 'D')
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
                 WHERE ticket_id = ticket.id AND note_id IS NOT NULL) AS names
     ) AS inside
     WHERE ticket.id = ANY(tickets)
     ORDER BY ticket.id
    ON CONFLICT (ticket_id) DO UPDATE
       SET words = EXCLUDED.words, staff_words = EXCLUDED.staff_words;
END $$;

-- What came: once for all rows of a statement.
CREATE FUNCTION tickets_words_of_new_tickets() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_words(ARRAY(SELECT id FROM came));
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_words_of_new_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_words(ARRAY(SELECT DISTINCT ticket_id FROM came));
    RETURN NULL;
END $$;
-- What was changed, moved to another ticket or taken away: seldom, row by row.
CREATE FUNCTION tickets_words_of_changed_ticket() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_words(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_words_of_changed_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_words(ARRAY[OLD.ticket_id]);
    IF TG_OP = 'UPDATE' AND NEW.ticket_id <> OLD.ticket_id THEN
        PERFORM tickets_keep_words(ARRAY[NEW.ticket_id]);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER words_of_new AFTER INSERT ON tickets_ticket REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_words_of_new_tickets();
CREATE TRIGGER words_of_changed AFTER UPDATE OF subject, description ON tickets_ticket
    FOR EACH ROW
    WHEN ((OLD.subject, OLD.description) IS DISTINCT FROM (NEW.subject, NEW.description))
    EXECUTE FUNCTION tickets_words_of_changed_ticket();
"""

PARTS = {
    "tickets_message": "ticket_id, body",
    "tickets_note": "ticket_id, body",
    "tickets_attachment": "ticket_id, note_id, name",
}

KEPT_FOR_PARTS = "".join(
    f"""
CREATE TRIGGER words_of_new AFTER INSERT ON {table} REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_words_of_new_parts();
CREATE TRIGGER words_of_changed AFTER UPDATE OF {columns} ON {table}
    FOR EACH ROW EXECUTE FUNCTION tickets_words_of_changed_part();
CREATE TRIGGER words_of_gone AFTER DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION tickets_words_of_changed_part();
"""
    for table, columns in PARTS.items()
)

NOT_KEPT = "".join(
    f"DROP TRIGGER {name} ON {table};"
    for table in PARTS
    for name in ("words_of_new", "words_of_changed", "words_of_gone")
)
NOT_KEPT += """
DROP TRIGGER words_of_new ON tickets_ticket;
DROP TRIGGER words_of_changed ON tickets_ticket;
DROP FUNCTION tickets_words_of_changed_part();
DROP FUNCTION tickets_words_of_changed_ticket();
DROP FUNCTION tickets_words_of_new_parts();
DROP FUNCTION tickets_words_of_new_tickets();
DROP FUNCTION tickets_keep_words(bigint[]);
"""

FILLED = "SELECT tickets_keep_words(ARRAY(SELECT id FROM tickets_ticket))"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0020_outbreaks")]

    operations = [
        migrations.CreateModel(
            name="TicketWords",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="indexed",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField(editable=False)),
                (
                    "staff_words",
                    django.contrib.postgres.search.SearchVectorField(editable=False, null=True),
                ),
            ],
        ),
        migrations.RunSQL(KEPT + KEPT_FOR_PARTS, NOT_KEPT),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        # The rows wait for their foreign key's check; an index is made when none does.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="ticketwords",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="words_public"),
        ),
        migrations.AddIndex(
            model_name="ticketwords",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["staff_words"], name="words_of_staff"
            ),
        ),
    ]
