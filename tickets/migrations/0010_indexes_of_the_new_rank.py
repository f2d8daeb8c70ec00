"""The indexes of the rank, built while people work. What each is for: docs/queries.md."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(("state__in", ["new", "in_progress", "waiting_for_customer", "waiting_for_lab"]))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0009_the_rank_knows_escalated_accounts")]

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
    ]
