"""What customers had escalated before becomes rows; the database refuses to change an answer."""

from datetime import timedelta
from typing import Any

from django.db import migrations

# What tickets.operations.customer_escalation said when this was written.
FIRST_WORD = timedelta(hours=1)


def keep_open_escalations(apps: Any, schema_editor: Any) -> None:
    """Make a row of each ticket that is escalated now; a lead takes it on its page."""
    escalations = apps.get_model("tickets", "CustomerEscalation")
    events = apps.get_model("tickets", "TicketEvent")
    for ticket in apps.get_model("tickets", "Ticket").objects.exclude(help_requested_at=None):
        asked = (
            events.objects.filter(ticket=ticket, kind="help_requested", by__isnull=False)
            .order_by("-pk")
            .first()
        )
        escalations.objects.create(
            customer_id=ticket.customer_id,
            ticket=ticket,
            reason=asked.reason if asked else "",
            asked_by_id=asked.by_id if asked else ticket.filed_by_id,
            asked_at=ticket.help_requested_at,
            next_word_at=ticket.help_requested_at + FIRST_WORD,
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_customer_escalations")]

    operations = [
        migrations.RunPython(keep_open_escalations, migrations.RunPython.noop),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tickets_escalationanswer "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
            "DROP TRIGGER append_only ON tickets_escalationanswer",
        ),
    ]
