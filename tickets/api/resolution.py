"""How support ends a ticket."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.lifecycle import resolve_ticket
from tickets.serializers.lifecycle import ResolutionInput
from tickets.serializers.ticket import TicketDetailOutput


class Resolution(TicketPart):
    """What solved a ticket."""

    @extend_schema(
        operation_id="tickets_resolve", request=ResolutionInput, responses=TicketDetailOutput
    )
    def post(self, request: Request, number: int) -> Response:
        """Resolve a ticket with what solved it. Staff only."""
        ticket = self.find_ticket(number)
        values = self.read_body(ResolutionInput)
        return self.answer_with(resolve_ticket(ticket, by=self.reader, **values))
