"""The database refuses to change a clock event or a calendar version."""

from django.db import migrations

TABLES = ("sla_clockevent", "sla_calendarversion")


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0001_initial"),
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
            f"DROP TRIGGER append_only ON {table}",
        )
        for table in TABLES
    ]
