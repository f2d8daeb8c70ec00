"""How a resolved ticket comes back."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.lifecycle import reopen_ticket
from tickets.serializers.lifecycle import ReopeningInput
from tickets.serializers.ticket import TicketDetailOutput


class Reopening(TicketPart):
    """The undoing of a resolution."""

    @extend_schema(
        operation_id="tickets_reopen", request=ReopeningInput, responses=TicketDetailOutput
    )
    def post(self, request: Request, number: int) -> Response:
        """Reopen a ticket resolved within the last 14 days."""
        ticket = self.find_ticket(number)
        values = self.read_body(ReopeningInput)
        return self.answer_with(reopen_ticket(ticket, by=self.reader, **values))
