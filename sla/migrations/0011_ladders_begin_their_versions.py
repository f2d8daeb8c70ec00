"""What a ladder said so far is its first version, and every clock climbs that."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0010_ladder_versions")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO sla_ladderversion (ladder_id, number, reason, created_at)
                SELECT id, 1, '', clock_timestamp() FROM sla_ladder;
            UPDATE sla_ladderstep SET version_id = version.id FROM sla_ladderversion version
                WHERE version.ladder_id = sla_ladderstep.ladder_id;
            UPDATE sla_clock SET ladder_version_id = version.id FROM sla_ladderversion version
                WHERE version.ladder_id = sla_clock.ladder_id;
            """,
            migrations.RunSQL.noop,
        )
    ]
