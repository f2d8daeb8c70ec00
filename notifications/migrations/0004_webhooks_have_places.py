"""The limit of an owner's webhooks becomes the database's: each has a place, and there are ten."""

from django.db import migrations, models

NUMBER = """
UPDATE notifications_webhook w SET place = n.place
FROM (
  SELECT id, row_number() OVER (PARTITION BY owner ORDER BY id) AS place
  FROM notifications_webhook
) n
WHERE n.id = w.id
"""


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_webhooks")]

    operations = [
        migrations.AddField("webhook", "place", models.PositiveSmallIntegerField(null=True)),
        migrations.RunSQL(NUMBER, migrations.RunSQL.noop),
        migrations.AlterField("webhook", "place", models.PositiveSmallIntegerField(editable=False)),
        migrations.AddConstraint(
            "webhook",
            models.UniqueConstraint(
                fields=("owner", "place"), name="an_owners_webhooks_have_places"
            ),
        ),
        migrations.AddConstraint(
            "webhook",
            models.CheckConstraint(
                condition=models.Q(("place__gte", 1), ("place__lte", 10)),
                name="an_owner_has_ten_webhooks_at_most",
            ),
        ),
    ]
