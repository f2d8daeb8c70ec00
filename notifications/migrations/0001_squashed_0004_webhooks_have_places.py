import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from accounts.squashing import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_mail_preferences_and_digests"),
        ("notifications", "0003_webhooks"),
        ("notifications", "0004_webhooks_have_places"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_audit_events_are_append_only"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Notice",
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
                        ("key", models.CharField(max_length=120, unique=True)),
                        ("kind", models.CharField(max_length=40)),
                        ("subject", models.CharField(max_length=250)),
                        ("body", models.TextField()),
                        ("path", models.CharField(blank=True, max_length=200)),
                        ("urgent", models.BooleanField(default=False)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("read_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "recipient",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("promise", models.CharField(blank=True, max_length=300)),
                        ("thread", models.CharField(blank=True, max_length=60)),
                        ("title", models.CharField(blank=True, max_length=250)),
                        ("why", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "ordering": ("-created_at", "-pk"),
                        "indexes": [
                            models.Index(
                                fields=["recipient", "-created_at"], name="notice_recipient"
                            ),
                            models.Index(
                                condition=models.Q(("read_at__isnull", True)),
                                fields=["recipient"],
                                name="notice_unread",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Delivery",
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
                        ("address", models.EmailField(max_length=254)),
                        ("message_id", models.CharField(max_length=120, unique=True)),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "next_try_at",
                            models.DateTimeField(default=django.utils.timezone.now, null=True),
                        ),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        ("failed_at", models.DateTimeField(blank=True, null=True)),
                        ("last_error", models.CharField(blank=True, max_length=300)),
                        (
                            "notice",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="delivery",
                                to="notifications.notice",
                            ),
                        ),
                        (
                            "carried_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="carried",
                                to="notifications.delivery",
                            ),
                        ),
                        ("held_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "reach",
                            models.CharField(
                                choices=[
                                    ("each", "Each at once"),
                                    ("digest", "In the digest"),
                                    ("none", "Not by e-mail"),
                                ],
                                default="each",
                                max_length=6,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("pk",),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_try_at__isnull", False)),
                                fields=["next_try_at"],
                                name="delivery_next_try",
                            ),
                            models.Index(
                                condition=models.Q(("held_until__isnull", False)),
                                fields=["held_until"],
                                name="delivery_held",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("held_until__isnull", True),
                                    models.Q(
                                        ("carried_by__isnull", True),
                                        ("next_try_at__isnull", True),
                                        ("sent_at__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_held_delivery_waits_for_its_digest_alone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("carried_by__isnull", True),
                                    ("next_try_at__isnull", True),
                                    _connector="OR",
                                ),
                                name="a_carried_delivery_is_sent_by_its_carrier",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Preferences",
                    fields=[
                        (
                            "user",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="mail_preferences",
                                serialize=False,
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("choices", models.JSONField(default=dict)),
                        ("digest_at", models.TimeField(default=datetime.time(8, 0))),
                        ("quiet_from", models.TimeField(blank=True, null=True)),
                        ("quiet_until", models.TimeField(blank=True, null=True)),
                        (
                            "quiet_days",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.PositiveSmallIntegerField(
                                    choices=[
                                        (0, "Monday"),
                                        (1, "Tuesday"),
                                        (2, "Wednesday"),
                                        (3, "Thursday"),
                                        (4, "Friday"),
                                        (5, "Saturday"),
                                        (6, "Sunday"),
                                    ]
                                ),
                                blank=True,
                                default=list,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("quiet_days", []),
                                        ("quiet_from__isnull", True),
                                        ("quiet_until__isnull", True),
                                    ),
                                    models.Q(
                                        ("quiet_from__isnull", False),
                                        ("quiet_until__isnull", False),
                                        models.Q(
                                            ("quiet_from", models.F("quiet_until")), _negated=True
                                        ),
                                        models.Q(("quiet_days", []), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="quiet_hours_are_whole_or_absent",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Webhook",
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
                        ("owner", models.CharField(max_length=40)),
                        ("name", models.CharField(max_length=80)),
                        ("url", models.URLField(max_length=500, verbose_name="address")),
                        (
                            "events",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(max_length=20)
                            ),
                        ),
                        ("sealed_secret", models.TextField(editable=False)),
                        ("sealed_previous_secret", models.TextField(blank=True, editable=False)),
                        ("previous_until", models.DateTimeField(blank=True, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("failures", models.PositiveIntegerField(default=0)),
                        ("failing_since", models.DateTimeField(blank=True, null=True)),
                        ("resting_until", models.DateTimeField(blank=True, null=True)),
                        ("turned_off_at", models.DateTimeField(blank=True, null=True)),
                        ("turned_off_why", models.CharField(blank=True, max_length=200)),
                        (
                            "created_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField(editable=False)),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("owner", "url"), name="an_owner_names_an_address_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("events", []), _negated=True),
                                name="a_webhook_is_called_for_something",
                            ),
                            models.UniqueConstraint(
                                fields=("owner", "place"), name="an_owners_webhooks_have_places"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("place__gte", 1), ("place__lte", 10)),
                                name="an_owner_has_ten_webhooks_at_most",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookCall",
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
                            "number",
                            models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
                        ),
                        ("key", models.CharField(max_length=120)),
                        ("event", models.CharField(max_length=20)),
                        ("body", models.TextField()),
                        ("urgent", models.BooleanField(default=False)),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("attempts", models.PositiveSmallIntegerField(default=0)),
                        (
                            "next_try_at",
                            models.DateTimeField(default=django.utils.timezone.now, null=True),
                        ),
                        ("delivered_at", models.DateTimeField(blank=True, null=True)),
                        ("failed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "webhook",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="calls",
                                to="notifications.webhook",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-created_at", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(("next_try_at__isnull", False)),
                                fields=["next_try_at"],
                                name="webhook_call_next_try",
                            ),
                            models.Index(
                                fields=["webhook", "-created_at"], name="webhook_call_log"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("webhook", "key"),
                                name="a_webhook_is_told_of_a_happening_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WebhookTry",
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
                        ("at", models.DateTimeField()),
                        ("status", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("took", models.DurationField()),
                        ("error", models.CharField(blank=True, max_length=300)),
                        (
                            "call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tries",
                                to="notifications.webhookcall",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("at", "pk"),
                    },
                ),
            ],
        ),
    ]
