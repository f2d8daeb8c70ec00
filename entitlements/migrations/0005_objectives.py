"""Our own objectives of a service level, beside what it promises."""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0004_a_company_keeps_a_watcher_list"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objective",
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
                ("target", models.DurationField()),
                (
                    "service_level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="entitlements.servicelevel",
                    ),
                ),
            ],
            options={
                "ordering": ("service_level", "obligation"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("service_level", "obligation"),
                        name="a_level_has_each_objective_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("target__gt", datetime.timedelta(0))),
                        name="an_objective_takes_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("obligation", "first_response"), _negated=True),
                        name="the_contracts_clock_is_no_objective",
                    ),
                ],
            },
        ),
    ]
