"""Ticket numbers come from a sequence; the database refuses to change a timeline row."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE tickets_ticket_number_seq START 20001",
            "DROP SEQUENCE tickets_ticket_number_seq",
        ),
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON tickets_ticketevent "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
            "DROP TRIGGER append_only ON tickets_ticketevent",
        ),
    ]
