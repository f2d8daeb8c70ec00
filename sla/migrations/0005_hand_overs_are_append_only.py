"""The database refuses to change a hand-over note."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0004_the_roster"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON sla_handover "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
            "DROP TRIGGER append_only ON sla_handover",
        )
    ]
