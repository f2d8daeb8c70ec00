"""A company says who gets a copy of each of its tickets."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0003_invitations_and_top_ups"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="hears_of_all",
            field=models.BooleanField(default=False, verbose_name="gets a copy of each ticket"),
        ),
    ]
