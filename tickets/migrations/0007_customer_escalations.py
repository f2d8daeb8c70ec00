"""A customer's escalation has a row of its own, with an owner and answers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("tickets", "0006_a_deadline_is_reassessed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="ticketevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("filed", "Filed"),
                    ("taken", "Taken"),
                    ("assigned", "Assigned"),
                    ("released", "Put back in the queue"),
                    ("answered", "Answered"),
                    ("customer_wrote", "Customer wrote"),
                    ("noted", "Internal note written"),
                    ("severity_changed", "Severity changed"),
                    ("severity_contested", "Severity contested"),
                    ("reassessed", "Deadline re-assessed"),
                    ("called", "Phone call logged"),
                    ("escalated", "Escalation step reached"),
                    ("missed", "Deadline passed"),
                    ("excused", "Missed deadline excused"),
                    ("overturned", "Qualified answer overturned"),
                    ("help_requested", "Escalated by the customer"),
                    ("help_answered", "Customer's escalation answered"),
                    ("help_handed_over", "Customer's escalation handed over"),
                    ("help_ended", "Customer's escalation ended"),
                    ("state_changed", "State changed"),
                    ("resolved", "Resolved"),
                    ("closed", "Closed"),
                    ("reopened", "Reopened"),
                    ("followed_up", "Followed up by another ticket"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="CustomerEscalation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("asked_at", models.DateTimeField()),
                ("owned_at", models.DateTimeField(null=True)),
                ("next_word_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("solved", "What was asked for is done"),
                            ("agreed", "Agreed with the customer"),
                            ("withdrawn", "Withdrawn by the customer"),
                            ("closed", "The ticket was closed"),
                        ],
                        max_length=10,
                    ),
                ),
                ("end_reason", models.TextField(blank=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="asked_escalations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="entitlements.customer",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_escalations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="escalations",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("-asked_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="EscalationAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField()),
                ("at", models.DateTimeField()),
                ("next_word_at", models.DateTimeField()),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="tickets.customerescalation",
                    ),
                ),
            ],
            options={
                "ordering": ("escalation", "at", "pk"),
            },
        ),
        migrations.AddIndex(
            model_name="customerescalation",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["next_word_at"],
                name="escalation_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerescalation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("ticket",),
                name="a_ticket_is_escalated_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerescalation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True), ("ticket__isnull", True)),
                fields=("customer",),
                name="an_account_is_escalated_once_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerescalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_how", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_how__in", ["solved", "agreed", "withdrawn", "closed"]),
                    ),
                    _connector="OR",
                ),
                name="an_ended_escalation_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="customerescalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("owned_at__isnull", True), ("owner__isnull", True)),
                    models.Q(("owned_at__isnull", False), ("owner__isnull", False)),
                    _connector="OR",
                ),
                name="an_owned_escalation_says_since_when",
            ),
        ),
    ]
