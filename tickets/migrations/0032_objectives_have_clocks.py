"""Objectives have clocks of their own on tickets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("sla", "0012_steps_and_clocks_name_a_version"),
        ("tickets", "0031_a_file_waits_for_one_form"),
    ]

    operations = [
        migrations.CreateModel(
            name="TicketObjective",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "obligation",
                    models.CharField(
                        choices=[
                            ("next_response", "Next response"),
                            ("progress_notice", "Progress notice"),
                            ("resolution", "Resolution"),
                        ],
                        max_length=16,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "clock",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objective",
                        to="sla.clock",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("ticket", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("ticket", "obligation"),
                        name="an_objective_runs_once_on_a_ticket",
                    )
                ],
            },
        ),
    ]
