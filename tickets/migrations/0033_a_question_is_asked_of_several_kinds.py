"""A question can be asked of several kinds of ticket; of none named is of every kind."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0032_objectives_have_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="filingfield",
            name="ticket_kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("premium", "Premium incident"),
                        ("break_fix", "Break/fix"),
                        ("database_release", "Anti-virus database release"),
                        ("service", "Service request"),
                    ],
                    max_length=16,
                ),
                blank=True,
                default=list,
                size=None,
            ),
        ),
        migrations.RunSQL(
            "UPDATE tickets_filingfield SET ticket_kinds = ARRAY[ticket_kind]"
            " WHERE ticket_kind <> ''",
            "UPDATE tickets_filingfield SET ticket_kind = ticket_kinds[1]"
            " WHERE ticket_kinds <> '{}'",
        ),
        migrations.RemoveField(model_name="filingfield", name="ticket_kind"),
    ]
