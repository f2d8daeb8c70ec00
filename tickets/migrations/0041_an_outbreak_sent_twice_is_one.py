"""The same form sent twice opens one outbreak."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("tickets", "0040_a_notes_file_is_internal"),
    ]

    operations = [
        migrations.AddField(
            model_name="outbreak", name="submission_key", field=models.UUIDField(null=True)
        ),
        migrations.AddConstraint(
            model_name="outbreak",
            constraint=models.UniqueConstraint(
                fields=("opened_by", "submission_key"), name="an_outbreak_sent_twice_is_one"
            ),
        ),
    ]
