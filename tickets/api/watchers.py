"""Who follows a ticket."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotAllowed
from accounts.models import User
from tickets.api.resource import TicketPart
from tickets.models import Ticket
from tickets.operations.watching import (
    add_watcher,
    remove_watcher,
    unwatch_ticket,
    watch_ticket,
)
from tickets.permissions import can_change_watchers, sees_as_staff
from tickets.serializers.relations import WatcherInput, WatchersOutput

ME = "me"


class WatchersPart(TicketPart):
    """What both resources do: find whom it is about, and answer with who follows it then."""

    def person(self, ticket: Ticket, address: str) -> User:
        """Find somebody of the customer by address, "me" for oneself. Raises: ValidationError."""
        if address == ME:
            return self.reader
        # Asked first, so that nobody learns here which addresses a company has.
        if not can_change_watchers(self.reader, ticket):
            raise NotAllowed(f"Only people of {ticket.customer} and engineers change the copies.")
        members = ticket.customer.memberships.current().select_related("user")
        member = members.filter(user__email=address.strip().lower()).first()
        if member is None:
            raise ValidationError(
                {"watcher": f"Nobody of {ticket.customer} has this address."}, code="unknown"
            )
        return member.user

    def is_ours(self, ticket: Ticket, person: User) -> bool:
        """Whether the reader means themselves, as one of us."""
        return person == self.reader and sees_as_staff(self.reader, ticket)

    def answer_watchers(self, ticket: Ticket) -> Response:
        """Answer with who follows the ticket, of who still belongs there; of us only to staff."""
        here = ticket.customer.memberships.current().values("user")
        found: dict[str, Any] = {"watchers": ticket.watchers.filter(pk__in=here).order_by("name")}
        if sees_as_staff(self.reader, ticket):
            found["staff_watchers"] = ticket.staff_watchers.order_by("name")
        return Response(WatchersOutput(found).data)


class Watchers(WatchersPart):
    """Who gets copies of a ticket."""

    @extend_schema(operation_id="watchers_read", responses=WatchersOutput)
    def get(self, request: Request, number: int) -> Response:
        """Read who follows a ticket besides who filed it and who has it."""
        return self.answer_watchers(self.find_ticket(number))

    @extend_schema(operation_id="watchers_add", request=WatcherInput, responses=WatchersOutput)
    def post(self, request: Request, number: int) -> Response:
        """Follow a ticket as staff, or give somebody of the customer copies."""
        ticket = self.find_ticket(number)
        person = self.person(ticket, self.read_body(WatcherInput)["watcher"])
        if self.is_ours(ticket, person):
            return self.answer_watchers(watch_ticket(ticket, by=self.reader))
        return self.answer_watchers(add_watcher(ticket, person, by=self.reader))


class WatcherRemoval(WatchersPart):
    """Who gets no more copies of a ticket."""

    @extend_schema(operation_id="watchers_remove", request=WatcherInput, responses=WatchersOutput)
    def post(self, request: Request, number: int) -> Response:
        """Follow a ticket no more as staff, or send somebody of the customer no more copies."""
        ticket = self.find_ticket(number)
        person = self.person(ticket, self.read_body(WatcherInput)["watcher"])
        if self.is_ours(ticket, person):
            return self.answer_watchers(unwatch_ticket(ticket, by=self.reader))
        return self.answer_watchers(remove_watcher(ticket, person, by=self.reader))
