"""Words that many open tickets have are looked for ticket by ticket, in the queue's order.

Built while people work. Why: docs/queries.md.
"""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0038_what_nobody_has_stands_in_order")]

    operations = [
        AddIndexConcurrently(
            "queuewords",
            models.Index(
                fields=["rank", "answer_due_at", "answer_at_risk_at"], name="queue_words_order"
            ),
        ),
    ]
