"""Tags of tickets, and staff who follow them. Adding the column rewrites no row."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entitlements", "0002_counters_and_immutable_terms"),
        ("sla", "0009_self_audit"),
        ("tickets", "0013_drafts_are_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Tag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ("name",),
            },
        ),
        migrations.AddField(
            model_name="ticket",
            name="staff_watchers",
            field=models.ManyToManyField(
                blank=True, related_name="desk_watched_tickets", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="ticket",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list
            ),
        ),
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
                ],
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="tag",
            name="created_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
