"""Open tickets by tag, built while people work. What it is for: docs/queries.md."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(("state__in", ["new", "in_progress", "waiting_for_customer", "waiting_for_lab"]))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0014_tags_and_watchers_of_ours")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            GinIndex(fields=["tags"], condition=OPEN, name="ticket_open_tags"),
        ),
    ]
