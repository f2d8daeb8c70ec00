"""The way in: everything in one transaction, in an empty database."""

import random
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import connection, transaction

from entitlements.models import Customer, LedgerEntry
from sla.models import Clock, ClockEvent, StepRecord
from tests.load.seed.companies import PEOPLE_EACH, make_cast
from tests.load.seed.copying import without_indexes
from tests.load.seed.history import History
from tickets.demo.companies import PRODUCTS
from tickets.models import Message, Product, Ticket, TicketEvent, TicketWords
from tickets.models.ticket import NUMBER_SEQUENCE

LOADED = (LedgerEntry, Clock, ClockEvent, StepRecord, Ticket, Message, TicketEvent)
TABLES = (*(model._meta.db_table for model in LOADED), Ticket.watchers.through._meta.db_table)
# A customer for every 500 tickets: 2,000 customers and 20,000 people for a million.
TICKETS_EACH = 500
FEWEST_CUSTOMERS = 20

BALANCES = """
UPDATE entitlements_contractyear AS year SET balance = sums.balance, used = sums.used
  FROM (SELECT year_id, SUM(amount) AS balance, COUNT(*) FILTER (WHERE kind = 'debit') AS used
          FROM entitlements_ledgerentry GROUP BY year_id) AS sums
 WHERE sums.year_id = year.id
"""

# The triggers that keep words were off: made here as they make them, so many tickets at once.
WORDS = """
SELECT tickets_keep_words(ARRAY(
    SELECT id FROM tickets_ticket ORDER BY id OFFSET %s LIMIT %s))
"""
WORDS_AT_ONCE = 20_000
QUEUE_WORDS = "SELECT tickets_keep_queue_words(ARRAY(SELECT id FROM tickets_ticket))"


class NotEmpty(Exception):
    """The database holds customers already."""


@transaction.atomic
def load(
    *, tickets: int, seed: int, say: Callable[[str], None], now: datetime | None = None
) -> None:
    """Load so many tickets and everybody around them. The same seed and instant: the same rows.

    Raises: NotEmpty. Effects: everything the operations would leave, but no notices: a portal
    this old has long swept them away.
    """
    moment = now or datetime.now(UTC)
    if Customer.objects.exists():
        raise NotEmpty("There are customers here: the load goes into an empty database only.")
    rng = random.Random(seed)
    customers = max(tickets // TICKETS_EACH, FEWEST_CUSTOMERS)
    say(f"{customers} customers, {customers * PEOPLE_EACH} people")
    Product.objects.bulk_create(
        Product(name=name, versions=list(versions), order=order)
        for order, (name, versions) in enumerate(PRODUCTS.items())
        if not Product.objects.filter(name=name).exists()
    )
    cast = make_cast(rng, customers=customers, now=moment)
    first = Ticket.next_number()
    with without_indexes(*TABLES):
        history = History(rng, cast, now=moment, first=first)
        history.write(tickets, lambda done: say(f"{done} of {tickets} tickets"))
        with connection.cursor() as cursor:
            cursor.execute("SELECT setval(%s, %s)", [NUMBER_SEQUENCE, history.number])
            cursor.execute(BALANCES)
        say("indexes and foreign keys")
    with without_indexes(TicketWords._meta.db_table), connection.cursor() as cursor:
        for begin in range(0, tickets, WORDS_AT_ONCE):
            cursor.execute(WORDS, [begin, WORDS_AT_ONCE])
        say("words for the search")
        cursor.execute(QUEUE_WORDS)
    say(
        f"{history.messages.sent} messages, {history.events.sent} events, "
        f"{history.clocks.clocks.sent} clocks, {history.debits.sent} debits"
    )


def settle() -> None:
    """Let the database learn what it holds: statistics, and which pages everybody sees."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
