"""Links of a ticket, merging and splitting."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotAllowed
from tickets.api.resource import TicketPart
from tickets.links import link_lines
from tickets.models import Ticket, TicketLink
from tickets.operations.links import link_tickets, unlink_tickets
from tickets.operations.merging import merge_ticket, undo_merge
from tickets.operations.splitting import split_message
from tickets.permissions import can_work
from tickets.serializers.links import LinkInput, LinkOutput, MergeInput, SplitInput
from tickets.serializers.ticket import TicketDetailOutput


class LinkPart(TicketPart):
    """What these resources do: find the other ticket."""

    def find_worked_ticket(self, number: int) -> Ticket:
        """Return the ticket to those who work on it. Raises: Http404, NotAllowed."""
        ticket = self.find_ticket(number)
        if not can_work(self.reader, ticket):
            raise NotAllowed("Only engineers link, merge and split tickets.")
        return ticket

    def find_other(self, field: str, number: int) -> Ticket:
        """Return the other ticket. Raises: ValidationError."""
        other = Ticket.objects.visible_to(self.reader).filter(number=number).first()
        if other is None:
            raise ValidationError({field: "There is no ticket of this number."}, code="unknown")
        return other


class Links(LinkPart):
    """What a ticket is linked to."""

    @extend_schema(operation_id="links_list", responses=LinkOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's links to tickets the reader may see."""
        ticket = self.find_ticket(number)
        lines = link_lines(ticket, TicketLink.objects.of(ticket, self.reader))
        return Response({"results": LinkOutput(lines, many=True).data})

    @extend_schema(operation_id="links_add", request=LinkInput, responses={201: LinkOutput})
    def post(self, request: Request, number: int) -> Response:
        """Link a ticket to another. Staff only."""
        ticket = self.find_worked_ticket(number)
        values = self.read_body(LinkInput)
        other = self.find_other("ticket", values["ticket"])
        link = link_tickets(ticket, other, kind=values["kind"], by=self.reader)
        (line,) = link_lines(ticket, [link])
        return Response(LinkOutput(line).data, status=201)


class Link(LinkPart):
    """One link of a ticket."""

    @extend_schema(operation_id="links_remove", responses={204: None})
    def delete(self, request: Request, number: int, key: int) -> Response:
        """Take a link away. Staff only."""
        ticket = self.find_worked_ticket(number)
        link = get_object_or_404(TicketLink.objects.of(ticket, self.reader), pk=key)
        unlink_tickets(link, by=self.reader)
        return Response(status=204)


class Merge(LinkPart):
    """The merge of a ticket into another."""

    @extend_schema(operation_id="tickets_merge", request=MergeInput, responses=TicketDetailOutput)
    def post(self, request: Request, number: int) -> Response:
        """Merge a ticket into another of the same customer. Staff only."""
        ticket = self.find_worked_ticket(number)
        values = self.read_body(MergeInput)
        into = self.find_other("into", values["into"])
        merge_ticket(ticket, into=into, reason=values["reason"], by=self.reader)
        return self.answer_with(ticket)

    @extend_schema(operation_id="tickets_undo_merge", responses=TicketDetailOutput)
    def delete(self, request: Request, number: int) -> Response:
        """Undo a merge. Staff only."""
        ticket = self.find_worked_ticket(number)
        return self.answer_with(undo_merge(ticket, by=self.reader))


class Split(LinkPart):
    """A message that becomes a ticket."""

    @extend_schema(
        operation_id="tickets_split", request=SplitInput, responses={201: TicketDetailOutput}
    )
    def post(self, request: Request, number: int) -> Response:
        """File a customer's message as a ticket of its own. Staff only."""
        ticket = self.find_worked_ticket(number)
        values = self.read_body(SplitInput)
        message = ticket.messages.filter(pk=values["message"]).first()
        if message is None:
            raise ValidationError({"message": "There is no such message here."}, code="unknown")
        new = split_message(message, subject=values["subject"], by=self.reader)
        return self.answer_with(new, created=True)
