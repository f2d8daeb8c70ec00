"""A deadline put on today's terms."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.reassessment import reassess_ticket
from tickets.serializers.lifecycle import ReassessmentInput
from tickets.serializers.ticket import TicketDetailOutput


class Reassessment(TicketPart):
    """A re-assessment of a ticket's running clock."""

    @extend_schema(
        operation_id="tickets_reassess", request=ReassessmentInput, responses=TicketDetailOutput
    )
    def post(self, request: Request, number: int) -> Response:
        """Count on today's calendar or the terms in force, with a reason; leads only.

        The explanation keeps the superseded deadline.
        """
        ticket = self.find_ticket(number)
        values = self.read_body(ReassessmentInput)
        return self.answer_with(reassess_ticket(ticket, by=self.reader, **values))
