"""Versions of the catalogue's loader say whose holidays they close on."""

from django.db import migrations

# Every version until now is the loader's, closed on the federal holidays or on no day.
FORWARD = """
ALTER TABLE sla_calendarversion DISABLE TRIGGER append_only;
UPDATE sla_calendarversion SET country = 'US' WHERE cardinality(closures) > 0;
ALTER TABLE sla_calendarversion ENABLE TRIGGER append_only;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_calendar_versions_say_who_and_why")]

    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
