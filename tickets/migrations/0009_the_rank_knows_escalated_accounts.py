"""The rank asks the escalations: those of the ticket and of its account, kept by the database.

The indexes of the rank go with it; the next migration builds them anew while people work.
"""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
from django.db import migrations, models

import tickets.urgency

FROM_ESCALATIONS = """
CREATE FUNCTION tickets_read_escalations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- An account that is being escalated at this moment is waited for.
        PERFORM 1 FROM entitlements_customer WHERE id = NEW.customer_id FOR KEY SHARE;
    END IF;
    NEW.escalated_at := (
        SELECT asked_at FROM tickets_customerescalation
         WHERE ticket_id = NEW.id AND ended_at IS NULL);
    NEW.account_escalated_at := (
        SELECT asked_at FROM tickets_customerescalation
         WHERE customer_id = NEW.customer_id AND ticket_id IS NULL AND ended_at IS NULL);
    RETURN NEW;
END $$;
CREATE TRIGGER read_escalations
    BEFORE INSERT OR UPDATE OF escalated_at, account_escalated_at
    ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_read_escalations();

CREATE FUNCTION tickets_follow_escalation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Naming the columns is enough: read_escalations fills them.
    IF NEW.ticket_id IS NOT NULL THEN
        UPDATE tickets_ticket SET escalated_at = NULL WHERE id = NEW.ticket_id;
    ELSE
        UPDATE tickets_ticket SET account_escalated_at = NULL
         WHERE customer_id = NEW.customer_id
           AND (state <> 'closed' OR account_escalated_at IS NOT NULL);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_escalation AFTER INSERT OR UPDATE OF asked_at, ended_at
    ON tickets_customerescalation FOR EACH ROW EXECUTE FUNCTION tickets_follow_escalation();
"""
NOT_FROM_ESCALATIONS = """
DROP TRIGGER follow_escalation ON tickets_customerescalation;
DROP FUNCTION tickets_follow_escalation();
DROP TRIGGER read_escalations ON tickets_ticket;
DROP FUNCTION tickets_read_escalations();
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_open_escalations_are_kept")]

    operations = [
        migrations.RemoveIndex("ticket", "ticket_queue"),
        migrations.RemoveIndex("ticket", "ticket_desk"),
        migrations.RemoveIndex("ticket", "ticket_customer_open"),
        migrations.RemoveField("ticket", "rank"),
        migrations.RenameField("ticket", "help_requested_at", "escalated_at"),
        migrations.AlterField(
            "ticket", "escalated_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            "ticket", "account_escalated_at", models.DateTimeField(editable=False, null=True)
        ),
        migrations.AddField(
            model_name="ticket",
            name="rank",
            field=tickets.urgency.RankColumn(
                db_persist=True,
                expression=tickets.urgency.Numbers(
                    models.Case(
                        models.When(
                            models.Q(("answer_due_at__isnull", True)), then=models.Value(1)
                        ),
                        default=models.Value(0),
                    ),
                    models.Case(
                        models.When(
                            models.Q(("state", "waiting_for_customer")), then=models.Value(1)
                        ),
                        default=models.Value(0),
                    ),
                    django.db.models.functions.comparison.Coalesce(
                        tickets.urgency.Microseconds(models.F("escalated_at")),
                        models.Value(9223372036854775807),
                    ),
                    django.db.models.functions.comparison.Coalesce(
                        tickets.urgency.Microseconds(models.F("account_escalated_at")),
                        models.Value(9223372036854775807),
                    ),
                    models.F("severity"),
                    -models.F("escalation_level"),
                    -models.F("weight"),
                    django.db.models.functions.comparison.Coalesce(
                        tickets.urgency.Microseconds(models.F("answer_due_at")),
                        models.Value(9223372036854775807),
                    ),
                    tickets.urgency.Microseconds(models.F("filed_at")),
                    models.F("number"),
                ),
                output_field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.BigIntegerField()
                ),
            ),
        ),
        migrations.RunSQL(FROM_ESCALATIONS, NOT_FROM_ESCALATIONS),
    ]
