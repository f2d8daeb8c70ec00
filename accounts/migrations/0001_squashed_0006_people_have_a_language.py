import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models
from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_audit_events_are_append_only"),
        ("accounts", "0003_people_are_found_by_name"),
        ("accounts", "0004_people_have_looks_of_pages"),
        ("accounts", "0005_devices"),
        ("accounts", "0006_people_have_a_language"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="User",
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
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "email",
                            models.EmailField(
                                max_length=254, unique=True, verbose_name="e-mail address"
                            ),
                        ),
                        ("name", models.CharField(max_length=120, verbose_name="name")),
                        (
                            "title",
                            models.CharField(blank=True, max_length=120, verbose_name="job title"),
                        ),
                        (
                            "phone",
                            models.CharField(blank=True, max_length=40, verbose_name="phone"),
                        ),
                        (
                            "timezone",
                            models.CharField(
                                default="America/New_York",
                                max_length=64,
                                validators=[accounts.models.validate_zone],
                                verbose_name="time zone",
                            ),
                        ),
                        (
                            "roles",
                            django.contrib.postgres.fields.ArrayField(
                                base_field=models.CharField(
                                    choices=[
                                        ("engineer", "Support engineer"),
                                        ("analyst", "Lab analyst"),
                                        ("duty_lead", "Duty lead"),
                                        ("support_manager", "Support manager"),
                                        ("tam", "Technical account manager"),
                                        ("administrator", "Administrator"),
                                    ],
                                    max_length=20,
                                ),
                                blank=True,
                                default=list,
                                validators=[accounts.models.validate_roles],
                                verbose_name="staff roles",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="active")),
                        (
                            "joined_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("looks", models.JSONField(blank=True, default=dict, editable=False)),
                        (
                            "language",
                            models.CharField(
                                blank=True, default="", max_length=8, verbose_name="language"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("name", "pk"),
                        "constraints": [
                            models.UniqueConstraint(
                                django.db.models.functions.text.Lower("email"),
                                name="an_address_belongs_to_one_person",
                            )
                        ],
                        "indexes": [
                            django.contrib.postgres.indexes.GinIndex(
                                django.contrib.postgres.search.SearchVector(
                                    "name", "email", config="simple"
                                ),
                                name="person_names",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
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
                        ("name", models.CharField(max_length=80)),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        (
                            "scope",
                            models.CharField(
                                choices=[("read", "Read"), ("write", "Read and write")],
                                default="read",
                                max_length=5,
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("expires_at", models.DateTimeField()),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="api_tokens",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-created_at", "-pk"),
                    },
                ),
                migrations.CreateModel(
                    name="AuditEvent",
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
                            "at",
                            models.DateTimeField(default=django.utils.timezone.now, editable=False),
                        ),
                        ("action", models.CharField(max_length=60)),
                        ("subject_type", models.CharField(max_length=40)),
                        ("subject_id", models.BigIntegerField()),
                        ("subject", models.CharField(max_length=200)),
                        ("changes", models.JSONField(default=dict)),
                        ("reason", models.TextField(blank=True)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-at", "-pk"),
                        "indexes": [
                            models.Index(
                                fields=["subject_type", "subject_id", "-at"], name="audit_subject"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Device",
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
                            "session_key",
                            models.CharField(editable=False, max_length=40, unique=True),
                        ),
                        ("browser", models.CharField(max_length=80)),
                        ("address", models.GenericIPAddressField(blank=True, null=True)),
                        ("signed_in_at", models.DateTimeField(default=django.utils.timezone.now)),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="devices",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-signed_in_at", "-pk"),
                    },
                ),
            ],
        ),
        *sql_of(
            "accounts",
            "0002_audit_events_are_append_only",
        ),
    ]
