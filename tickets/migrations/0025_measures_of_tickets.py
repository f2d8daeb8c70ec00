"""What the figures for leads are counted from: a narrow row a ticket, filled by the beat table."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("tickets", "0024_ratings_and_arranged_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="MeasureProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("measured_to", models.BigIntegerField(default=0)),
                ("events_from", models.DateTimeField(null=True)),
                ("measured_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="measuring_has_one_progress"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketMeasure",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="measure",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                (
                    "severity",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "Critical"), (2, "High"), (3, "Medium"), (4, "Low")]
                    ),
                ),
                ("filed_at", models.DateTimeField()),
                ("is_open", models.BooleanField()),
                ("due_at", models.DateTimeField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("covered_seconds", models.PositiveIntegerField(null=True)),
                ("is_excused", models.BooleanField(default=False)),
                ("is_withdrawn", models.BooleanField(default=False)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("reopenings", models.PositiveSmallIntegerField(default=0)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entitlements.customer",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="entitlements.plan",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.product",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["filed_at"], name="measure_filed"),
                    models.Index(fields=["customer", "filed_at"], name="measure_customer"),
                    models.Index(
                        condition=models.Q(("is_open", True)),
                        fields=["filed_at"],
                        name="measure_backlog",
                    ),
                ],
            },
        ),
    ]
