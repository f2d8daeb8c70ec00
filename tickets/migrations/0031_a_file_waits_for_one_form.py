"""A file that waits for a new ticket knows which of the three forms it was chosen in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0030_files_arrive_in_pieces"),
    ]

    operations = [
        migrations.AddField(
            model_name="fileupload",
            name="kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("answer", "Answer"),
                    ("note", "Internal note"),
                    ("reply", "Customer's reply"),
                    ("filing", "New ticket"),
                    ("release", "New database release request"),
                    ("service", "New service request"),
                ],
                default="",
                max_length=7,
            ),
            preserve_default=False,
        ),
        # Where it was chosen was not kept; the first form shows what waits.
        migrations.RunSQL(
            "UPDATE tickets_fileupload SET kind = 'filing' WHERE customer_id IS NOT NULL",
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="fileupload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("customer", None), ("kind", ""), ("ticket__isnull", False)),
                    models.Q(
                        ("customer__isnull", False),
                        ("kind__in", ["filing", "release", "service"]),
                        ("ticket", None),
                    ),
                    _connector="OR",
                ),
                name="an_upload_is_for_a_ticket_or_a_form_of_a_new_one",
            ),
        ),
    ]
