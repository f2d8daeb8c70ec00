"""A download link is used once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0034_samples_are_removed_after_their_time"),
    ]

    operations = [
        migrations.CreateModel(
            name="SpentLink",
            fields=[
                ("key", models.CharField(max_length=22, primary_key=True, serialize=False)),
                ("spent_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
