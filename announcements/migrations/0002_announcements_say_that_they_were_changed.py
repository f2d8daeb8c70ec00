from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("announcements", "0001_announcements"),
    ]

    operations = [
        migrations.AddField(
            model_name="announcement",
            name="changed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="announcement",
            name="revision",
            field=models.PositiveSmallIntegerField(default=0),
        ),
    ]
