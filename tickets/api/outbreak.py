"""Outbreaks: one cause behind tickets of several customers. For staff who see them all."""

import uuid
from collections.abc import Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotAllowed
from tickets.api.resource import TicketPart
from tickets.models import Outbreak, OutbreakTicket, Ticket
from tickets.operations.outbreaks import (
    Outcome,
    broadcast_answer,
    end_outbreak,
    join_outbreak,
    leave_outbreak,
    open_outbreak,
)
from tickets.permissions import sees_outbreaks
from tickets.serializers.outbreak import (
    BroadcastInput,
    JoiningInput,
    OpenedOutbreakOutput,
    OutbreakDetailOutput,
    OutbreakEndInput,
    OutbreakInput,
    OutbreakOutput,
    OutbreakTicketOutput,
    OutcomeOutput,
)

MOST_LISTED = 100


class OutbreakPart(TicketPart):
    """What these resources do: find an outbreak, and the tickets that are named."""

    def require_sight(self) -> None:
        """Turn away whoever does not see all customers' tickets. Raises: NotAllowed."""
        if not sees_outbreaks(self.reader):
            raise NotAllowed("Outbreaks are for those who see the tickets of all customers.")

    def find_outbreak(self, key: int) -> Outbreak:
        """Return an outbreak this reader may see. Raises: Http404."""
        return get_object_or_404(Outbreak.objects.visible_to(self.reader).with_sizes(), pk=key)

    def find_tickets(self, numbers: Sequence[int]) -> list[Ticket]:
        """Return the tickets of these numbers. Raises: ValidationError."""
        found = Ticket.objects.visible_to(self.reader).in_bulk(numbers, field_name="number")
        missing = [str(number) for number in numbers if number not in found]
        if missing:
            words = f"There is no ticket of the number {', '.join(missing)}."
            raise ValidationError({"tickets": words}, code="unknown")
        return list(found.values())


class Outbreaks(OutbreakPart):
    """Open outbreaks and those that ended last."""

    @extend_schema(operation_id="outbreaks_list", responses=OutbreakOutput(many=True))
    def get(self, request: Request) -> Response:
        """List outbreaks, open ones first."""
        self.require_sight()
        rows = Outbreak.objects.visible_to(self.reader).with_sizes()
        newest = rows.order_by("-ended_at", "-opened_at", "-pk")[:MOST_LISTED]
        return Response({"results": OutbreakOutput(newest, many=True).data})

    @extend_schema(
        operation_id="outbreaks_open", request=OutbreakInput, responses={201: OpenedOutbreakOutput}
    )
    def post(self, request: Request) -> Response:
        """Open an outbreak with tickets it was seen on; the same `submission_key` opens one.

        No customer learns of it.
        """
        self.require_sight()
        values = self.read_body(OutbreakInput)
        tickets = self.find_tickets(values["tickets"])
        outbreak, outcome = open_outbreak(
            title=values["title"],
            summary=values["summary"],
            tickets=tickets,
            submission_key=values.get("submission_key"),
            by=self.reader,
        )
        return Response({"key": outbreak.pk, **_told(outcome)}, status=201)


class OutbreakResource(OutbreakPart):
    """One outbreak."""

    @extend_schema(operation_id="outbreak_read", responses=OutbreakDetailOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read an outbreak with the progress of each ticket."""
        outbreak = self.find_outbreak(key)
        parts = OutbreakTicket.objects.of(outbreak).for_page()
        told = OutbreakTicketOutput(parts, many=True).data
        return Response({**OutbreakOutput(outbreak).data, "parts": told})


class OutbreakTickets(OutbreakPart):
    """The tickets of an outbreak."""

    @extend_schema(operation_id="outbreak_join", request=JoiningInput, responses=OutcomeOutput)
    def post(self, request: Request, key: int) -> Response:
        """Let tickets join; each by itself, refusals told."""
        outbreak = self.find_outbreak(key)
        tickets = self.find_tickets(self.read_body(JoiningInput)["tickets"])
        return Response(_told(join_outbreak(outbreak, tickets, by=self.reader)))


class OutbreakTicketResource(OutbreakPart):
    """A ticket's part in an outbreak."""

    @extend_schema(operation_id="outbreak_leave", responses={204: None})
    def delete(self, request: Request, key: int, number: int) -> Response:
        """Take a ticket out; what was sent to it was sent."""
        outbreak = self.find_outbreak(key)
        leave_outbreak(outbreak, self.find_ticket(number), by=self.reader)
        return Response(status=204)


class OutbreakBroadcasts(OutbreakPart):
    """What is written to all customers of an outbreak."""

    @extend_schema(
        operation_id="outbreak_broadcast", request=BroadcastInput, responses={201: OutcomeOutput}
    )
    def post(self, request: Request, key: int) -> Response:
        """Answer each customer in their own thread; the same `submission_key` sends once."""
        outbreak = self.find_outbreak(key)
        values = {"submission_key": uuid.uuid4(), **self.read_body(BroadcastInput)}
        _, outcome = broadcast_answer(outbreak, **values, by=self.reader)
        return Response(_told(outcome), status=201)


class OutbreakEnd(OutbreakPart):
    """The end of an outbreak."""

    @extend_schema(operation_id="outbreak_end", request=OutbreakEndInput, responses=OutcomeOutput)
    def post(self, request: Request, key: int) -> Response:
        """Resolve each open ticket with the same words; it ends when none was refused."""
        outbreak = self.find_outbreak(key)
        resolution = self.read_body(OutbreakEndInput)["resolution"]
        return Response(_told(end_outbreak(outbreak, resolution=resolution, by=self.reader)))


def _told(outcome: Outcome) -> dict[str, Any]:
    return {
        "done": [ticket.number for ticket in outcome.done],
        "refused": [{"ticket": ticket.number, "why": why} for ticket, why in outcome.refused],
    }
