"""Plays scripts in the order of time, so that history comes about as it would have.

A script is a generator: it yields the instant at which it wants to go on, and acts when resumed.
Order matters: a contract year's incidents are drawn, and its balance told as low, in sequence.
"""

import heapq
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count

from sla.models import Clock
from tickets.models import Ticket
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.operations.escalation import escalate_ticket
from tickets.operations.timeline import lock_ticket

type Script = Iterator[datetime]

# How long after a step's time the watch acts on it.
WATCH_LATENCY = timedelta(milliseconds=600)


class Timeline:
    """Scripts waiting for their instants. What lies after `end` is left to real life."""

    def __init__(self, end: datetime) -> None:
        self.end = end
        self._waiting: list[tuple[datetime, int, Script]] = []
        self._sequence = count()
        self._now = datetime.min.replace(tzinfo=end.tzinfo)

    def add(self, script: Script) -> None:
        """Let a script run until it first waits. Effects: the script's."""
        at = next(script, None)
        if at is not None:
            heapq.heappush(self._waiting, (max(at, self._now), next(self._sequence), script))

    def play(self) -> None:
        """Resume scripts in the order of their instants up to the end. Effects: theirs."""
        while self._waiting:
            self._now, _, script = heapq.heappop(self._waiting)
            if self._now > self.end:
                return
            self.add(script)

    def watch(self, ticket: Ticket) -> None:
        """Act on the ladder steps of a ticket's clock at their times, as the real watch does."""
        if ticket.response_clock is not None:
            self.add(self._watch(ticket, ticket.response_clock))

    def _watch(self, ticket: Ticket, clock: Clock) -> Script:
        clocks = Clock.objects.filter(pk=clock.pk)
        while (due := clocks.values_list("next_step_at", flat=True).get()) is not None:
            at = due + WATCH_LATENCY
            yield at
            if escalate_ticket(lock_ticket(ticket), now=at):
                self.add(_acknowledge(ticket, clock, at))


def _acknowledge(ticket: Ticket, clock: Clock, told_at: datetime) -> Script:
    """Let somebody who was told say so: after every miss, and now and then before one."""
    record = clock.step_records.select_related("step").latest("due_at", "pk")
    if not record.step.is_late and ticket.filed_at.minute % 3:
        return
    person = record.told.order_by("pk").first()
    if person is None:
        return
    at = told_at + timedelta(minutes=2 + ticket.filed_at.minute % 6)
    yield at
    if Clock.objects.filter(pk=clock.pk, stopped_at=None, assessment=record.assessment).exists():
        acknowledge_escalation(ticket, by=person, record=record.pk, now=at)
