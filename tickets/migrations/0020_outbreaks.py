"""Outbreaks: one cause behind tickets of several customers."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0019_saved_views"),
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
                    ("acknowledged", "Escalation acknowledged"),
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
                    ("tagged", "Tags changed"),
                    ("watched", "Watched by one of us"),
                    ("unwatched", "No longer watched by one of us"),
                    ("copied", "Somebody gets copies"),
                    ("uncopied", "Somebody gets no more copies"),
                    ("linked", "Linked to another ticket"),
                    ("unlinked", "No longer linked to another ticket"),
                    ("merged", "Merged into another ticket"),
                    ("merged_in", "Another ticket was merged into it"),
                    ("unmerged", "Merge undone"),
                    ("unmerged_from", "Merge of another ticket undone"),
                    ("split", "A message became a ticket of its own"),
                    ("joined_outbreak", "Joined an outbreak"),
                    ("left_outbreak", "Left an outbreak"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="Outbreak",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("summary", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owned_outbreaks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-opened_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Broadcast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("body", models.TextField()),
                ("qualified", models.BooleanField()),
                ("at", models.DateTimeField()),
                ("submission_key", models.UUIDField(unique=True)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "messages",
                    models.ManyToManyField(related_name="broadcasts", to="tickets.message"),
                ),
                (
                    "outbreak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="broadcasts",
                        to="tickets.outbreak",
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="OutbreakTicket",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("joined_at", models.DateTimeField()),
                ("left_at", models.DateTimeField(null=True)),
                (
                    "joined_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "outbreak",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="tickets.outbreak",
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="outbreak_parts",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("joined_at", "pk"),
            },
        ),
        migrations.AddConstraint(
            model_name="outbreak",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True)),
                    models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                    _connector="OR",
                ),
                name="an_ended_outbreak_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="outbreakticket",
            constraint=models.UniqueConstraint(
                condition=models.Q(("left_at__isnull", True)),
                fields=("ticket",),
                name="a_ticket_is_in_one_outbreak",
            ),
        ),
    ]
