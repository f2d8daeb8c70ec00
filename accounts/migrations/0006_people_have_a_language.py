"""A person may choose a language; nothing chosen follows the browser."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_devices")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, default="", max_length=8, verbose_name="language"),
        ),
    ]
