"""A version says who wrote it and why, and whose holidays its closures are."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0005_hand_overs_are_append_only"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "calendarversion", "country", models.CharField(blank=True, max_length=2)
        ),
        migrations.AddField(
            "calendarversion", "subdivision", models.CharField(blank=True, max_length=40)
        ),
        migrations.AddField(
            "calendarversion",
            "skipped_holidays",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=200), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField(
            "calendarversion", "own_closures", models.JSONField(blank=True, default=dict)
        ),
        migrations.AddField(
            "calendarversion",
            "by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("calendarversion", "reason", models.TextField(blank=True)),
    ]
