"""Whom tickets go to when their ladder gives them to an engineer on duty."""

from datetime import datetime
from functools import cached_property

from django.db.models import Count

from accounts.models import User
from sla.choices import DutyRole
from sla.models import Shift
from tickets.models import Ticket
from tickets.permissions import can_work


class DutyDesk:
    """The engineers on duty at one instant, and how many open tickets each of them has.

    Two queries, however many tickets are given out.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now

    def engineer_for(self, ticket: Ticket) -> User | None:
        """Choose who has the ticket: the assignee when on duty, else who has the fewest open ones.

        At equal numbers the one who has been with us longest, so that the choice can be told
        beforehand; what is given out here counts at once. None when the roster has nobody.
        """
        people = [user for user in self._people if can_work(user, ticket)]
        chosen = next((user for user in people if user.pk == ticket.assignee_id), None)
        if chosen is None and people:
            chosen = min(people, key=lambda user: (self._open_tickets.get(user.pk, 0), user.pk))
            self._open_tickets[chosen.pk] = self._open_tickets.get(chosen.pk, 0) + 1
        return chosen

    @cached_property
    def _people(self) -> list[User]:
        return Shift.objects.people_on_duty(self._now, DutyRole.ENGINEER)

    @cached_property
    def _open_tickets(self) -> dict[int, int]:
        counted = Ticket.objects.open().filter(assignee__in=self._people).order_by()
        return dict(counted.values_list("assignee").annotate(count=Count("pk")))
