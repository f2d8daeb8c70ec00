"""What somebody types is kept on the server until it is sent."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("tickets", "0012_escalations_are_acknowledged"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
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
                            ("answer", "Answer"),
                            ("note", "Internal note"),
                            ("reply", "Customer's reply"),
                            ("filing", "New ticket"),
                        ],
                        max_length=6,
                    ),
                ),
                ("fields", models.JSONField()),
                ("form", models.UUIDField()),
                ("revision", models.UUIDField(default=uuid.uuid4)),
                ("saved_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="entitlements.customer",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("-saved_at",),
                "indexes": [models.Index(fields=["saved_at"], name="draft_saved_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("customer__isnull", False), ("kind", "filing"), ("ticket", None)
                            ),
                            models.Q(
                                models.Q(("kind", "filing"), _negated=True),
                                ("customer", None),
                                ("ticket__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="a_draft_is_of_a_ticket_or_of_filing_one",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ticket__isnull", False)),
                        fields=("author", "ticket", "kind"),
                        name="one_draft_a_ticket_and_kind",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("customer__isnull", False)),
                        fields=("author", "customer"),
                        name="one_draft_of_a_new_ticket_a_company",
                    ),
                ],
            },
        ),
    ]
