import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=80)),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.CreateModel(
            name="Ladder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=40)),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Weight of the customer's request in the queue; higher comes first.",
                    ),
                ),
            ],
            options={
                "ordering": ("weight",),
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "zone",
                    models.CharField(max_length=64, validators=[accounts.models.validate_zone]),
                ),
                ("windows", models.JSONField()),
                (
                    "closures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(), blank=True, default=list
                    ),
                ),
                ("closure_names", models.JSONField(blank=True, default=dict)),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="sla.calendar",
                    ),
                ),
            ],
            options={
                "ordering": ("calendar", "-number"),
            },
        ),
        migrations.CreateModel(
            name="Clock",
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
                            ("first_response", "First qualified response"),
                            ("next_response", "Next response"),
                            ("progress_notice", "Progress notice"),
                            ("resolution", "Resolution"),
                        ],
                        default="first_response",
                        max_length=16,
                    ),
                ),
                (
                    "zone",
                    models.CharField(max_length=64, validators=[accounts.models.validate_zone]),
                ),
                ("target", models.DurationField()),
                ("started_at", models.DateTimeField()),
                ("run_from", models.DateTimeField()),
                ("left", models.DurationField()),
                ("due_at", models.DateTimeField(null=True)),
                ("latest_due_at", models.DateTimeField(null=True)),
                ("at_risk_at", models.DateTimeField(null=True)),
                ("waits_for_call", models.BooleanField(default=False)),
                ("paused_at", models.DateTimeField(null=True)),
                ("stopped_at", models.DateTimeField(null=True)),
                ("breached_at", models.DateTimeField(null=True)),
                ("excused_at", models.DateTimeField(null=True)),
                ("assessment", models.PositiveSmallIntegerField(default=1)),
                ("next_step_at", models.DateTimeField(null=True)),
                ("trouble", models.TextField(blank=True)),
                (
                    "calendar_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="sla.calendarversion",
                    ),
                ),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="clocks",
                        to="sla.ladder",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClockEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("started", "Started"),
                            ("called", "Phone call logged"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("stopped", "Stopped"),
                            ("reassessed", "Re-assessed"),
                            ("overturned", "Answer overturned"),
                            ("missed", "Deadline passed"),
                            ("excused", "Excused"),
                        ],
                        max_length=12,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "recorded_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("reason", models.TextField(blank=True)),
                ("zone", models.CharField(blank=True, max_length=64)),
                ("target", models.DurationField(null=True)),
                ("counts_from", models.DateTimeField(null=True)),
                ("latest_due_at", models.DateTimeField(null=True)),
                ("waits_for_call", models.BooleanField(default=False)),
                ("superseded_due_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "calendar_version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="sla.calendarversion",
                    ),
                ),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="events",
                        to="sla.clock",
                    ),
                ),
            ],
            options={
                "ordering": ("clock", "pk"),
            },
        ),
        migrations.CreateModel(
            name="LadderStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "share",
                    models.DecimalField(blank=True, decimal_places=3, max_digits=4, null=True),
                ),
                ("delay", models.DurationField(blank=True, null=True)),
                (
                    "counting",
                    models.CharField(
                        choices=[("covered", "Covered time"), ("plain", "Plain elapsed time")],
                        default="covered",
                        max_length=8,
                    ),
                ),
                ("repeats", models.BooleanField(default=False)),
                (
                    "audience",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("assignee", "Assignee, else the duty engineers"),
                                ("duty_lead", "Duty lead"),
                                ("tam", "The customer's TAM or TAM team"),
                                ("support_manager", "Support manager"),
                            ],
                            max_length=20,
                        )
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[("tell", "Tell"), ("raise", "Tell and raise in the queue")],
                        default="tell",
                        max_length=8,
                    ),
                ),
                (
                    "ladder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="sla.ladder",
                    ),
                ),
            ],
            options={
                "ordering": ("ladder", "order"),
            },
        ),
        migrations.CreateModel(
            name="StepRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("assessment", models.PositiveSmallIntegerField()),
                ("occurrence", models.PositiveIntegerField(default=1)),
                ("due_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("late", models.BooleanField(default=False)),
                ("acted", models.BooleanField(default=True)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="step_records",
                        to="sla.clock",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="records",
                        to="sla.ladderstep",
                    ),
                ),
            ],
            options={
                "ordering": ("clock", "due_at", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="calendarversion",
            constraint=models.UniqueConstraint(
                fields=("calendar", "number"), name="a_calendar_numbers_its_versions_once"
            ),
        ),
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("next_step_at__isnull", False)),
                fields=["next_step_at"],
                name="clock_next_step",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("due_at__isnull", False), ("paused_at__isnull", False), _connector="OR"
                ),
                name="a_clock_is_due_unless_paused",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stopped_at__isnull", True), ("next_step_at__isnull", True), _connector="OR"
                ),
                name="a_stopped_clock_is_not_watched",
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.UniqueConstraint(
                fields=("ladder", "order"), name="a_ladder_orders_its_steps_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="ladderstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("delay__isnull", True),
                        ("repeats", False),
                        ("share__gt", 0),
                        ("share__lte", 1),
                    ),
                    models.Q(("delay__gt", datetime.timedelta(0)), ("share__isnull", True)),
                    _connector="OR",
                ),
                name="a_step_has_a_share_or_a_delay",
            ),
        ),
        migrations.AddConstraint(
            model_name="steprecord",
            constraint=models.UniqueConstraint(
                fields=("clock", "assessment", "step", "occurrence"),
                name="a_step_of_a_clock_is_recorded_once",
            ),
        ),
    ]
