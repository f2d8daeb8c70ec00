"""The queue's indexes, built while people work. What each is for: docs/queries.md."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(("state__in", ["new", "in_progress", "waiting_for_customer", "waiting_for_lab"]))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0004_fill_the_queue_order")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=[
                    "rank",
                    "answer_due_at",
                    "answer_at_risk_at",
                    "severity",
                    "state",
                    "assignee",
                    "customer",
                    "edition",
                    "product",
                ],
                condition=OPEN,
                name="ticket_queue",
            ),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["assignee", "rank"], condition=OPEN, name="ticket_desk"),
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["customer", "rank"], condition=OPEN, name="ticket_customer_open"),
        ),
        AddIndexConcurrently(
            "ticket",
            django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.search.SearchVector(
                    "subject", "description", config="english"
                ),
                condition=OPEN,
                name="ticket_open_words",
            ),
        ),
        AddIndexConcurrently(
            "ticketevent",
            django.contrib.postgres.indexes.BrinIndex(
                fields=["at"], autosummarize=True, name="event_at", pages_per_range=16
            ),
        ),
        RemoveIndexConcurrently("ticket", "ticket_open"),
    ]
