"""Open tickets read their running clocks once; from then on the triggers keep them."""

from django.db import migrations

FILL = """
UPDATE tickets_ticket SET answer_due_at = NULL
 WHERE response_clock_id IN (SELECT id FROM sla_clock WHERE stopped_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0003_the_queue_order_stands_on_the_row")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
