import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from accounts.squashing import CreateModels, sql_of


class Migration(migrations.Migration):
    replaces = [
        ("announcements", "0001_announcements"),
        ("announcements", "0002_announcements_say_that_they_were_changed"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("tickets", "0026_articles_made_from_tickets"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Announcement",
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
                                    ("notice", "Service notice"),
                                    ("problem", "Known problem"),
                                ],
                                max_length=8,
                            ),
                        ),
                        (
                            "level",
                            models.PositiveSmallIntegerField(
                                choices=[
                                    (1, "For your information"),
                                    (2, "Important"),
                                    (3, "Act now"),
                                ],
                                default=1,
                            ),
                        ),
                        ("title", models.CharField(max_length=120)),
                        ("body", models.TextField()),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("everybody", "Everybody, also without signing in"),
                                    ("customers", "All customers"),
                                    ("plans", "Customers under a contract of these plans"),
                                    (
                                        "products",
                                        "Customers who wrote to us about these products within a year",
                                    ),
                                    ("chosen", "These customers"),
                                    ("staff", "Our own people"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField(null=True)),
                        ("is_mailed", models.BooleanField(default=False)),
                        ("mailed_at", models.DateTimeField(null=True)),
                        ("written_at", models.DateTimeField()),
                        (
                            "outbreak",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="announcements",
                                to="tickets.outbreak",
                            ),
                        ),
                        (
                            "written_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("changed_at", models.DateTimeField(null=True)),
                        ("revision", models.PositiveSmallIntegerField(default=0)),
                        (
                            "customers",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="entitlements.customer"
                            ),
                        ),
                        (
                            "plans",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="entitlements.plan"
                            ),
                        ),
                        (
                            "products",
                            models.ManyToManyField(
                                blank=True, related_name="+", to="tickets.product"
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-level", "-starts_at", "-pk"),
                        "indexes": [
                            models.Index(
                                condition=models.Q(
                                    ("is_mailed", True), ("mailed_at__isnull", True)
                                ),
                                fields=["starts_at"],
                                name="announcement_to_mail",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_at__isnull", True),
                                    ("ends_at__gte", models.F("starts_at")),
                                    _connector="OR",
                                ),
                                name="an_announcement_ends_after_it_starts",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("mailed_at__isnull", True),
                                    ("is_mailed", True),
                                    _connector="OR",
                                ),
                                name="an_announcement_is_mailed_by_choice",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncementReading",
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
                        (
                            "announcement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="readings",
                                to="announcements.announcement",
                            ),
                        ),
                        (
                            "reader",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("announcement", "reader"), name="a_person_acknowledges_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AnnouncementUpdate",
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
                        ("is_end", models.BooleanField(default=False)),
                        ("at", models.DateTimeField()),
                        (
                            "announcement",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="updates",
                                to="announcements.announcement",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                    ],
                    options={
                        "ordering": ("-at", "-pk"),
                    },
                ),
            ],
        ),
        *sql_of(
            "announcements",
            "0001_announcements",
        ),
    ]
