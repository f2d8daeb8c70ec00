"""A ticket that its customer withdrew after it was due counts as missed from the start."""

from django.db import migrations

# Its clock stopped with the withdrawal, later than it was due.
MISSED = """
UPDATE tickets_ticketmeasure AS measure
   SET is_withdrawn = FALSE
  FROM tickets_ticket AS ticket
  JOIN sla_clock AS clock ON clock.id = ticket.response_clock_id
 WHERE ticket.id = measure.ticket_id AND measure.is_withdrawn AND clock.stopped_at > clock.due_at
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0042_merged_tickets_are_measured_anew")]

    operations = [migrations.RunSQL(MISSED, migrations.RunSQL.noop)]
