import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import accounts.models
from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("sla", "0001_initial"),
        ("sla", "0002_events_and_versions_are_append_only"),
        ("sla", "0003_heartbeat"),
        ("sla", "0004_the_roster"),
        ("sla", "0005_hand_overs_are_append_only"),
        ("sla", "0006_calendar_versions_say_who_and_why"),
        ("sla", "0007_the_catalogues_holidays_have_a_country"),
        ("sla", "0008_steps_by_when_they_were_recorded"),
        ("sla", "0009_self_audit"),
        ("sla", "0010_ladder_versions"),
        ("sla", "0011_ladders_begin_their_versions"),
        ("sla", "0012_steps_and_clocks_name_a_version"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        BtreeGistExtension(),
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Calendar",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        (
                            "zone",
                            models.CharField(
                                max_length=64, validators=[accounts.models.validate_zone]
                            ),
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
                        ("country", models.CharField(blank=True, max_length=2)),
                        ("subdivision", models.CharField(blank=True, max_length=40)),
                        (
                            "skipped_holidays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=200),
                                blank=True,
                                default=list,
                            ),
                        ),
                        ("own_closures", models.JSONField(blank=True, default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("reason", models.TextField(blank=True)),
                    ],
                    options={
                        "ordering": ("calendar", "-number"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("calendar", "number"),
                                name="a_calendar_numbers_its_versions_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LadderVersion",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField()),
                        ("reason", models.TextField(blank=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
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
                            "ladder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="versions",
                                to="sla.ladder",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("ladder", "-number"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("ladder", "number"),
                                name="a_ladder_numbers_its_versions_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Clock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                            models.CharField(
                                max_length=64, validators=[accounts.models.validate_zone]
                            ),
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
                            "ladder_version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="clocks",
                                to="sla.ladderversion",
                            ),
                        ),
                        ("ladder_from", models.DateTimeField(null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_step_at__isnull", False)),
                                fields=["next_step_at"],
                                name="clock_next_step",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("due_at__isnull", False),
                                    ("paused_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="a_clock_is_due_unless_paused",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("stopped_at__isnull", True),
                                    ("next_step_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="a_stopped_clock_is_not_watched",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClockEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                                    ("ladder_moved", "Put on another version of its ladder"),
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
                        (
                            "ladder_version",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="sla.ladderversion",
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
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "share",
                            models.DecimalField(
                                blank=True, decimal_places=3, max_digits=4, null=True
                            ),
                        ),
                        ("delay", models.DurationField(blank=True, null=True)),
                        (
                            "counting",
                            models.CharField(
                                choices=[
                                    ("covered", "Covered time"),
                                    ("plain", "Plain elapsed time"),
                                ],
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
                                        ("duty_engineers", "Duty engineers"),
                                        ("duty_lead", "Duty lead"),
                                        ("tam", "The customer's TAM or TAM team"),
                                        ("support_manager", "Support manager"),
                                        ("customer_manager", "The customer's own manager"),
                                    ],
                                    max_length=20,
                                )
                            ),
                        ),
                        (
                            "action",
                            models.CharField(
                                choices=[
                                    ("tell", "Tell"),
                                    ("raise", "Tell and raise in the queue"),
                                    ("reassign", "Tell, raise, and give to an engineer on duty"),
                                    (
                                        "page",
                                        "Page: tell at once, past quiet hours, and by webhook",
                                    ),
                                ],
                                default="tell",
                                max_length=8,
                            ),
                        ),
                        (
                            "version",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="steps",
                                to="sla.ladderversion",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("version", "order"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("delay__isnull", True),
                                        ("repeats", False),
                                        ("share__gt", 0),
                                        ("share__lte", 1),
                                    ),
                                    models.Q(
                                        ("delay__gt", datetime.timedelta(0)),
                                        ("share__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_step_has_a_share_or_a_delay",
                            ),
                            models.UniqueConstraint(
                                fields=("version", "order"), name="a_ladder_orders_its_steps_once"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepRecord",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
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
                        (
                            "told",
                            models.ManyToManyField(related_name="+", to=settings.AUTH_USER_MODEL),
                        ),
                    ],
                    options={
                        "ordering": ("clock", "due_at", "pk"),
                        "indexes": [
                            django.contrib.postgres.indexes.BrinIndex(
                                autosummarize=True,
                                fields=["recorded_at"],
                                name="step_recorded_at",
                                pages_per_range=16,
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("clock", "assessment", "step", "occurrence"),
                                name="a_step_of_a_clock_is_recorded_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Heartbeat",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("name", models.SlugField(unique=True)),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="ShiftPattern",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "duty",
                            models.CharField(
                                choices=[
                                    ("engineer", "Engineer on duty"),
                                    ("duty_lead", "Duty lead"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "weekdays",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("mon", "mon"),
                                        ("tue", "tue"),
                                        ("wed", "wed"),
                                        ("thu", "thu"),
                                        ("fri", "fri"),
                                        ("sat", "sat"),
                                        ("sun", "sun"),
                                    ],
                                    max_length=3,
                                )
                            ),
                        ),
                        ("starts", models.TimeField()),
                        ("ends", models.TimeField()),
                        (
                            "zone",
                            models.CharField(
                                max_length=64, validators=[accounts.models.validate_zone]
                            ),
                        ),
                        ("from_on", models.DateField()),
                        ("until_on", models.DateField(null=True)),
                        (
                            "weeks_each",
                            models.PositiveSmallIntegerField(
                                default=1, validators=[django.core.validators.MinValueValidator(1)]
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("duty", "pk"),
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until_on__isnull", True),
                                    ("until_on__gte", models.F("from_on")),
                                    _connector="OR",
                                ),
                                name="a_shift_pattern_ends_after_it_begins",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("weeks_each__gte", 1)),
                                name="a_turn_lasts_a_week_or_more",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Shift",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "duty",
                            models.CharField(
                                choices=[
                                    ("engineer", "Engineer on duty"),
                                    ("duty_lead", "Duty lead"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        (
                            "zone",
                            models.CharField(
                                max_length=64, validators=[accounts.models.validate_zone]
                            ),
                        ),
                        ("planned_on", models.DateField(null=True)),
                        ("removed_at", models.DateTimeField(null=True)),
                        ("changed_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shifts",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "pattern",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shifts",
                                to="sla.shiftpattern",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("starts_at", "pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("removed_at__isnull", True)),
                                fields=["ends_at", "starts_at"],
                                name="shift_time",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="a_shift_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("pattern__isnull", True), ("planned_on__isnull", True)
                                    ),
                                    models.Q(
                                        ("pattern__isnull", False), ("planned_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_shift_of_a_pattern_names_its_date",
                            ),
                            models.UniqueConstraint(
                                fields=("pattern", "planned_on"), name="a_pattern_plans_a_date_once"
                            ),
                            django.contrib.postgres.constraints.ExclusionConstraint(
                                condition=models.Q(("removed_at__isnull", True)),
                                expressions=[
                                    ("person", "="),
                                    (
                                        models.Func(
                                            models.F("starts_at"),
                                            models.F("ends_at"),
                                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                                            function="TSTZRANGE",
                                            output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField(),
                                        ),
                                        "&&",
                                    ),
                                ],
                                name="a_person_is_on_duty_once_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ShiftTurn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("order", models.PositiveSmallIntegerField()),
                        (
                            "pattern",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="turns",
                                to="sla.shiftpattern",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="shift_turns",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pattern", "order"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pattern", "order"), name="a_pattern_orders_its_turns_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RosterFeed",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("revoked_at", models.DateTimeField(null=True)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="roster_feeds",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-created_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("revoked_at__isnull", True)),
                                fields=("person",),
                                name="a_person_has_one_live_roster_feed",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandOver",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("body", models.TextField()),
                        ("attention", models.CharField(blank=True, max_length=200)),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "shift",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="sla.shift",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-at", "-pk"),
                        "indexes": [models.Index(fields=["-at"], name="hand_over_at")],
                    },
                ),
                migrations.CreateModel(
                    name="ClockAudit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "began_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("ended_at", models.DateTimeField(null=True)),
                        ("position", models.BigIntegerField(default=0)),
                        ("last", models.BigIntegerField(default=0)),
                        ("done", models.PositiveIntegerField(default=0)),
                        ("total", models.PositiveIntegerField(default=0)),
                        ("lease", models.UUIDField(editable=False, null=True)),
                        ("leased_until", models.DateTimeField(editable=False, null=True)),
                        ("failures", models.PositiveSmallIntegerField(default=0)),
                        ("trouble", models.TextField(blank=True)),
                        ("night", models.DateField(null=True, unique=True)),
                        ("differing", models.PositiveIntegerField(default=0)),
                        ("raising", models.PositiveIntegerField(default=0)),
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
                            "cancelled_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-began_at", "-pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.lookups.IsNull(models.F("ended_at"), True),
                                condition=models.Q(("ended_at__isnull", True)),
                                name="one_audit_of_clocks_runs_at_a_time",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AuditFinding",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("field", models.CharField(max_length=24)),
                        ("stored", models.CharField(blank=True, max_length=80)),
                        ("replayed", models.CharField(blank=True, max_length=300)),
                        (
                            "clock",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="sla.clock",
                            ),
                        ),
                        (
                            "audit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="findings",
                                to="sla.clockaudit",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("audit", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("audit", "clock", "field"),
                                name="an_audit_finds_a_difference_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StepAcknowledgement",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "record",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="acknowledgements",
                                to="sla.steprecord",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("record", "at", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("record", "person"),
                                name="a_person_acknowledges_a_step_once",
                            )
                        ],
                    },
                ),
            ],
        ),
        *sql_of(
            "sla",
            "0002_events_and_versions_are_append_only",
            "0005_hand_overs_are_append_only",
            "0012_steps_and_clocks_name_a_version",
        ),
    ]
