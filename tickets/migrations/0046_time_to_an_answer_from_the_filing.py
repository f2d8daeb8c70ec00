from django.db import migrations

# Whatever was measured with a raised severity counted from there: all is measured anew, in slices.
MEASURE_ALL = "UPDATE tickets_measureprogress SET measured_to = 0"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0045_a_closed_ticket_is_left_alone")]

    operations = [migrations.RunSQL(MEASURE_ALL, migrations.RunSQL.noop)]
