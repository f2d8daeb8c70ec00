"""What the queue is ordered by stands on the ticket's own row, kept by the database.

The clock's figures are copied by triggers, both ways round: when a clock changes, and when a
ticket gets a clock. Whoever changes a clock holds its ticket's lock already.
"""

import django.contrib.postgres.fields
import django.db.models.functions.comparison
from django.db import migrations, models

import tickets.urgency

FROM_CLOCK = """
CREATE FUNCTION tickets_read_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.answer_due_at := NULL;
    NEW.answer_at_risk_at := NULL;
    SELECT due_at, LEAST(at_risk_at, due_at)
      INTO NEW.answer_due_at, NEW.answer_at_risk_at
      FROM sla_clock WHERE id = NEW.response_clock_id AND stopped_at IS NULL;
    RETURN NEW;
END $$;
CREATE TRIGGER read_clock
    BEFORE INSERT OR UPDATE OF response_clock_id, answer_due_at, answer_at_risk_at
    ON tickets_ticket FOR EACH ROW EXECUTE FUNCTION tickets_read_clock();

CREATE FUNCTION tickets_follow_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Naming the column is enough: read_clock fills it.
    UPDATE tickets_ticket SET answer_due_at = NULL WHERE response_clock_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER follow_clock AFTER UPDATE OF due_at, at_risk_at, stopped_at ON sla_clock
    FOR EACH ROW
    WHEN ((OLD.due_at, OLD.at_risk_at, OLD.stopped_at)
          IS DISTINCT FROM (NEW.due_at, NEW.at_risk_at, NEW.stopped_at))
    EXECUTE FUNCTION tickets_follow_clock();
"""
NOT_FROM_CLOCK = """
DROP TRIGGER follow_clock ON sla_clock;
DROP FUNCTION tickets_follow_clock();
DROP TRIGGER read_clock ON tickets_ticket;
DROP FUNCTION tickets_read_clock();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0005_hand_overs_are_append_only"),
        ("tickets", "0002_number_sequence_and_append_only_timeline"),
    ]

    operations = [
        migrations.AddField(
            model_name="ticket",
            name="answer_due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="ticket",
            name="answer_at_risk_at",
            field=models.DateTimeField(editable=False, null=True),
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
                        tickets.urgency.Microseconds(models.F("help_requested_at")),
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
        migrations.RunSQL(FROM_CLOCK, NOT_FROM_CLOCK),
    ]
