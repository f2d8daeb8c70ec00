"""How severe a ticket is: staff change it, customers contest it."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.severity import change_severity, contest_severity
from tickets.serializers.lifecycle import SeverityInput
from tickets.serializers.ticket import TicketDetailOutput


class SeverityResource(TicketPart):
    """A ticket's severity."""

    @extend_schema(
        operation_id="tickets_set_severity", request=SeverityInput, responses=TicketDetailOutput
    )
    def post(self, request: Request, number: int) -> Response:
        """Change the severity with a reason; as the customer, ask for another."""
        ticket = self.find_ticket(number)
        values = self.read_body(SeverityInput)
        if self.reader.is_staff_member:
            return self.answer_with(change_severity(ticket, by=self.reader, **values))
        return self.answer_with(contest_severity(ticket, by=self.reader, **values))
