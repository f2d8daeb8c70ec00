"""The words of open tickets stand in narrow rows, with what the queue asks beside them.

Kept by triggers under the ticket's lock: nobody else changes that ticket, nor its row here. An
update touches the row only where something in it differs.
"""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

OPEN = "('new', 'in_progress', 'waiting_for_customer', 'waiting_for_lab')"
COPIED = (
    "rank",
    "answer_due_at",
    "answer_at_risk_at",
    "state",
    "severity",
    "assignee_id",
    "customer_id",
    "edition_id",
    "product_id",
    "tags",
)
WORDS = "to_tsvector('english', {0}.subject || ' ' || left({0}.description, 100000))"


def _of(row: str, *names: str) -> str:
    return ", ".join(f"{row}.{name}" for name in names)


KEPT = f"""
CREATE FUNCTION tickets_keep_queue_words(tickets bigint[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_queuewords (ticket_id, {", ".join(COPIED)}, words)
    SELECT {_of("ticket", "id", *COPIED)}, {WORDS.format("ticket")}
      FROM tickets_ticket AS ticket
     WHERE ticket.id = ANY(tickets) AND ticket.state IN {OPEN}
     ORDER BY ticket.id;
END $$;

CREATE FUNCTION tickets_queue_words_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tickets_keep_queue_words(ARRAY(SELECT id FROM came));
    RETURN NULL;
END $$;
CREATE FUNCTION tickets_queue_words_of_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state NOT IN {OPEN} THEN
        DELETE FROM tickets_queuewords WHERE ticket_id = NEW.id;
    ELSIF OLD.state NOT IN {OPEN} THEN
        PERFORM tickets_keep_queue_words(ARRAY[NEW.id]);
    ELSE
        UPDATE tickets_queuewords
           SET ({", ".join(COPIED)}) = ROW ({_of("NEW", *COPIED)})
         WHERE ticket_id = NEW.id;
        IF (NEW.subject, NEW.description) IS DISTINCT FROM (OLD.subject, OLD.description) THEN
            UPDATE tickets_queuewords SET words = {WORDS.format("NEW")} WHERE ticket_id = NEW.id;
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER queue_words_of_new AFTER INSERT ON tickets_ticket REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_queue_words_of_new();
CREATE TRIGGER queue_words_of_changed AFTER UPDATE ON tickets_ticket
    FOR EACH ROW
    WHEN (({_of("OLD", *COPIED, "subject", "description")})
          IS DISTINCT FROM ({_of("NEW", *COPIED, "subject", "description")}))
    EXECUTE FUNCTION tickets_queue_words_of_changed();
-- A change of the order writes no index while there is room beside the row.
ALTER TABLE tickets_queuewords SET (fillfactor = 85);
"""  # noqa: S608 - names of our own

NOT_KEPT = """
DROP TRIGGER queue_words_of_new ON tickets_ticket;
DROP TRIGGER queue_words_of_changed ON tickets_ticket;
DROP FUNCTION tickets_queue_words_of_changed();
DROP FUNCTION tickets_queue_words_of_new();
DROP FUNCTION tickets_keep_queue_words(bigint[]);
"""

FILLED = f"""
SELECT tickets_keep_queue_words(ARRAY(SELECT id FROM tickets_ticket WHERE state IN {OPEN}))
"""  # noqa: S608 - names of our own


def _copied(to: object, *, null: bool = False) -> models.Field:
    return models.ForeignKey(
        db_constraint=False,
        db_index=False,
        null=null,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0001_initial"),
        ("tickets", "0035_download_links_are_used_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QueueWords",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                (
                    "rank",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), size=None
                    ),
                ),
                ("answer_due_at", models.DateTimeField(null=True)),
                ("answer_at_risk_at", models.DateTimeField(null=True)),
                ("state", models.CharField(max_length=20)),
                ("severity", models.PositiveSmallIntegerField()),
                (
                    "tags",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40), default=list, size=None
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField(editable=False)),
                ("assignee", _copied(settings.AUTH_USER_MODEL, null=True)),
                ("customer", _copied("entitlements.customer")),
                ("edition", _copied("entitlements.edition")),
                ("product", _copied("tickets.product", null=True)),
            ],
        ),
        # Nobody files or changes a ticket between the filling and the triggers.
        migrations.RunSQL(
            "LOCK TABLE tickets_ticket IN SHARE ROW EXCLUSIVE MODE", migrations.RunSQL.noop
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        # The rows wait for their foreign key's check; an index is made when none does.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="queuewords",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["words"], gin_pending_list_limit=64, name="queue_words"
            ),
        ),
        migrations.RemoveIndex(model_name="ticket", name="ticket_open_words"),
    ]
