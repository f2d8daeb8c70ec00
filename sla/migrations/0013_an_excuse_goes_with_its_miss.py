from django.db import migrations

# What replay says of an answer that was in time, or was overturned after its lateness was excused.
EXCUSED_NO_MORE = """
UPDATE sla_clock AS clock
   SET excused_at = NULL
 WHERE clock.excused_at IS NOT NULL
   AND (clock.stopped_at <= clock.due_at
        OR EXISTS (SELECT FROM sla_clockevent AS overturned
                    WHERE overturned.clock_id = clock.id
                      AND overturned.kind = 'overturned'
                      AND overturned.id > (SELECT max(excused.id)
                                             FROM sla_clockevent AS excused
                                            WHERE excused.clock_id = clock.id
                                              AND excused.kind = 'excused')))
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_squashed_0012_steps_and_clocks_name_a_version")]

    operations = [migrations.RunSQL(EXCUSED_NO_MORE, migrations.RunSQL.noop)]
