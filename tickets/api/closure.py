"""How a ticket ends, by its customer."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.lifecycle import close_ticket
from tickets.serializers.lifecycle import ClosureInput
from tickets.serializers.ticket import TicketDetailOutput


class Closure(TicketPart):
    """The end of a ticket."""

    @extend_schema(operation_id="tickets_close", request=None, responses=TicketDetailOutput)
    def post(self, request: Request, number: int) -> Response:
        """Confirm a resolution, or withdraw an open ticket."""
        ticket = self.find_ticket(number)
        self.read_body(ClosureInput)
        return self.answer_with(close_ticket(ticket, by=self.reader))
