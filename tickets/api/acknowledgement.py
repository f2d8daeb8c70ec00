"""Acknowledging an escalation."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from tickets.api.resource import TicketPart
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.serializers.ticket import TicketDetailOutput


class Acknowledgement(TicketPart):
    """That somebody who was told of an escalation knows of it."""

    @extend_schema(operation_id="tickets_acknowledge", request=None, responses=TicketDetailOutput)
    def post(self, request: Request, number: int) -> Response:
        """Acknowledge the newest escalation that told you; its repeats tell you no more."""
        ticket = self.find_ticket(number)
        self.read_body(StrictInput)
        acknowledge_escalation(ticket, by=self.reader)
        return self.answer_with(ticket)
