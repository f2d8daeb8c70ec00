"""What nobody has stands in the queue's order, and what changed of the tickets is tidied up soon.

Built while people work. Why each is there: docs/queries.md.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(state__in=["new", "in_progress", "waiting_for_customer", "waiting_for_lab"])
OF_NOBODY = models.Q(assignee__isnull=True)

# By the defaults a million tickets were tidied up after 200,000 changes: of each open one, changed
# or come since, a count along an index looked at the row.
TIDIED = """
ALTER TABLE tickets_ticket SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
    autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 2000
)
"""
BY_DEFAULT = """
ALTER TABLE tickets_ticket RESET (
    autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold
)
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("tickets", "0037_words_of_a_new_ticket_are_its_own")]

    operations = [
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["rank", "answer_due_at", "answer_at_risk_at"],
                condition=OPEN & OF_NOBODY,
                name="ticket_of_nobody",
            ),
        ),
        RemoveIndexConcurrently("ticket", "ticket_desk"),
        AddIndexConcurrently(
            "ticket",
            models.Index(
                fields=["assignee", "rank"], condition=OPEN & ~OF_NOBODY, name="ticket_desk"
            ),
        ),
        migrations.RunSQL(TIDIED, BY_DEFAULT),
    ]
