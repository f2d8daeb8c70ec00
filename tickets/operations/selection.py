"""One change of several chosen tickets: each by itself, and every refusal named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.errors import DomainError
from accounts.models import User
from tickets.models import Ticket
from tickets.operations.looks import knowing_own_changes
from tickets.operations.timeline import lock_ticket


@dataclass(frozen=True, slots=True)
class Refusal:
    """A chosen ticket that was not changed, and why; `subject` is empty for one nobody sees."""

    number: int
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a choice: numbers of the changed tickets, and those refused."""

    changed: list[int]
    refused: list[Refusal]


def change_each(numbers: Sequence[int], *, by: User, change: Callable[[Ticket], object]) -> Outcome:
    """Put one change to each chosen ticket that `by` sees, in the order given.

    Each is a transaction of its own, so a refusal takes nothing back of the others.
    Effects: those of `change`, an operation on one ticket; `by` has read of what it did.
    """
    seen = Ticket.objects.visible_to(by).filter(number__in=numbers)
    found = {ticket.number: ticket for ticket in seen}
    changed, refused = [], []
    for number in numbers:
        ticket = found.get(number)
        if ticket is None:
            refused.append(Refusal(number, "", "There is no such ticket."))
            continue
        try:
            # What others do to it waits for the lock, and stays new to `by`.
            with transaction.atomic(), knowing_own_changes([lock_ticket(ticket)], by=by):
                change(ticket)
        except DomainError as error:
            refused.append(Refusal(number, ticket.subject, error.message))
        else:
            changed.append(number)
    return Outcome(changed, refused)
