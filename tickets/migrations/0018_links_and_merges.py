"""Tickets are linked and merged."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0017_canned_answers"),
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
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="TicketLink",
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
                            ("duplicate", "Duplicate of"),
                            ("related", "Related to"),
                            ("parent", "Part of"),
                            ("merged", "Merged into"),
                        ],
                        max_length=10,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_out",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_in",
                        to="tickets.ticket",
                    ),
                ),
            ],
            options={
                "ordering": ("created_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True),
                        name="a_ticket_is_not_linked_to_itself",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.comparison.Least("source", "target"),
                        django.db.models.functions.comparison.Greatest("source", "target"),
                        condition=models.Q(("kind", "merged"), _negated=True),
                        name="two_tickets_have_one_link",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "merged")),
                        fields=("source",),
                        name="a_ticket_is_merged_into_one",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TicketMerge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("state_before", models.CharField(max_length=20)),
                (
                    "joined",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                (
                    "joined_staff",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list
                    ),
                ),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tickets.ticket",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("source",),
                        name="a_ticket_has_one_standing_merge",
                    )
                ],
            },
        ),
    ]
