"""The rows of a queue's page: what each shows, loaded by key in one query.

Plain rows instead of models: fifty tickets with all that hangs on them were most of the page's
time. Names that hardly ever change are kept in the process and not joined, which would cost the
database more to plan than to read. What the database says is read anew for every page; a row of
which it still says the same is the row it was, with what was drawn of it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from accounts.plain_rows import plain_rows
from entitlements.models import Edition
from sla.models import Clock, StepAcknowledgement
from tickets.models import Product
from tickets.models.ticket import ticket_address

# A renamed plan or product is shown everywhere after so long. Units: seconds.
NAMES_LAST = 60.0

_CLOCK = tuple(
    field.attname
    for field in Clock._meta.concrete_fields
    if field.attname not in {"obligation", "ladder_version_id", "next_step_at", "trouble"}
)
_SQL = f"""
SELECT t.id, t.number, t.subject, t.state, t.severity, t.version, t.updated_at,
       t.escalated_at IS NOT NULL, t.account_escalated_at IS NOT NULL, t.debit_id IS NOT NULL,
       t.tags, coalesce(look.at < t.updated_at, true),
       EXISTS (SELECT FROM sla_steprecord AS record
                 JOIN sla_stepacknowledgement AS known ON known.record_id = record.id
                WHERE record.clock_id = t.response_clock_id),
       t.edition_id, t.product_id,
       customer.name, assignee.name, {", ".join(f"clock.{name}" for name in _CLOCK)}
  FROM tickets_ticket AS t
  JOIN entitlements_customer AS customer ON customer.id = t.customer_id
  LEFT JOIN accounts_user AS assignee ON assignee.id = t.assignee_id
  LEFT JOIN sla_clock AS clock ON clock.id = t.response_clock_id
  LEFT JOIN tickets_ticketlook AS look ON look.ticket_id = t.id AND look.person_id = %s
 WHERE t.id = ANY(%s)
"""  # noqa: S608 - column names of our own
# Where in a row of it stand whether it is unread, the edition, and the clock.
_IS_UNREAD, _EDITION, _SHOWN = 11, 13, 17
# Rows kept of those drawn lately; more drop them all. Each is some kilobytes with what was drawn.
MOST = 3000


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A ticket as a line of the queue. `is_unread`: something happened since the reader opened it.

    `was_acknowledged`: somebody has acknowledged an escalation of it, which may hold no more.

    `plan` is its key and name; names are empty for none.
    """

    key: int
    number: int
    subject: str
    state: str
    severity: int
    version: str
    updated_at: datetime
    is_escalated: bool
    is_account_escalated: bool
    is_premium: bool
    tags: Sequence[str]
    is_unread: bool
    was_acknowledged: bool
    plan: tuple[str, str]
    product: str
    customer: str
    assignee: str
    clock: Clock | None
    acknowledged: Sequence[StepAcknowledgement] = ()
    # What was drawn of it, by how; whoever draws it keeps it here, and it goes with the row.
    drawn: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def reference(self) -> str:
        return f"TK-{self.number}"

    @property
    def address(self) -> str:
        return ticket_address(self.number)


def queue_rows(keys: Sequence[int], *, reader: User) -> list[QueueRow]:
    """Load the rows of these keys, in their order; one that is gone is left out.

    Whoever calls has asked `visible_to` for the keys.
    """
    if not keys:
        return []
    found = {values[0]: values for values in plain_rows(_SQL, [reader.pk, list(keys)])}
    return [_row(found[key]) for key in keys if key in found]


def _row(values: Sequence[Any]) -> QueueRow:
    """Return the row that was, while all it shows is as it was; else a new one."""
    names = (_names.plan(values[_EDITION]), _names.product(values[_EDITION + 1]))
    # As readers see it who opened the ticket since, and as the others do.
    which = values[0], values[_IS_UNREAD]
    kept = _rows.get(which)
    if kept is not None and kept[0] == values and kept[1] == names:
        return kept[2]
    row = _new_row(values, *names)
    if len(_rows) >= MOST:
        _rows.clear()
    _rows[which] = values, names, row
    return row


def _new_row(values: Sequence[Any], plan: tuple[str, str], product: str) -> QueueRow:
    key, number, subject, state, severity, version, updated_at, *flags = values[:_EDITION]
    _, _, customer, assignee = values[_EDITION:_SHOWN]
    clock = values[_SHOWN:]
    return QueueRow(
        key=key,
        number=number,
        subject=subject,
        state=state,
        severity=severity,
        version=version,
        updated_at=updated_at,
        is_escalated=flags[0],
        is_account_escalated=flags[1],
        is_premium=flags[2],
        tags=flags[3],
        is_unread=flags[4],
        was_acknowledged=flags[5],
        plan=plan,
        product=product,
        customer=customer,
        assignee=assignee or "",
        clock=None if clock[0] is None else Clock.from_db(connection.alias, _CLOCK, clock),
    )


class _Names:
    """Plans by edition, and products; read anew for a key not known, and every minute."""

    def __init__(self) -> None:
        self._read_at = float("-inf")
        self._plans: dict[int, tuple[str, str]] = {}
        self._products: dict[int, str] = {}

    def plan(self, edition: int) -> tuple[str, str]:
        if edition not in self._plans or self._is_old:
            self._read()
        return self._plans[edition]

    def product(self, product: int | None) -> str:
        if product is None:
            return ""
        if product not in self._products or self._is_old:
            self._read()
        return self._products[product]

    @property
    def _is_old(self) -> bool:
        return time.monotonic() - self._read_at > NAMES_LAST

    def _read(self) -> None:
        editions = Edition.objects.values_list("pk", "plan__key", "plan__name")
        # Replaced whole: another thread reads one state or the other.
        self._plans = {key: (plan, name) for key, plan, name in editions}
        self._products = dict(Product.objects.values_list("pk", "name"))
        self._read_at = time.monotonic()


_names = _Names()
_rows: dict[tuple[int, bool], tuple[Sequence[Any], tuple[tuple[str, str], str], QueueRow]] = {}
