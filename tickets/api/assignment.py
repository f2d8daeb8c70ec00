"""Who works on a ticket."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotAllowed
from accounts.models import User
from tickets.api.resource import TicketPart
from tickets.operations.assignment import assign_ticket, release_ticket, take_ticket
from tickets.permissions import WORKS_TICKETS, can_work
from tickets.serializers.lifecycle import AssignmentInput
from tickets.serializers.ticket import TicketDetailOutput

ME = "me"


class Assignment(TicketPart):
    """The place of a ticket's engineer."""

    @extend_schema(
        operation_id="tickets_assign", request=AssignmentInput, responses=TicketDetailOutput
    )
    def post(self, request: Request, number: int) -> Response:
        """Take a ticket, or give it to an engineer. Staff only."""
        ticket = self.find_ticket(number)
        # Asked first, so that nobody learns here which addresses are engineers'.
        if not can_work(self.reader, ticket):
            raise NotAllowed("Only engineers assign tickets.")
        values = self.read_body(AssignmentInput)
        if values["assignee"] == ME:
            return self.answer_with(take_ticket(ticket, by=self.reader))
        return self.answer_with(
            assign_ticket(
                ticket,
                to=_engineer(values["assignee"]),
                by=self.reader,
                reason=values["reason"],
            )
        )

    @extend_schema(operation_id="tickets_release", responses=TicketDetailOutput)
    def delete(self, request: Request, number: int) -> Response:
        """Put a ticket back into the queue. Staff only."""
        return self.answer_with(release_ticket(self.find_ticket(number), by=self.reader))


def _engineer(address: str) -> User:
    engineers = User.objects.active().with_role(*WORKS_TICKETS)
    found = engineers.filter(email=address.strip().lower()).first()
    if found is None:
        raise ValidationError({"assignee": "No engineer has this address."}, code="unknown")
    return found
