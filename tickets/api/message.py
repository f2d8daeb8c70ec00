"""Public messages: the customer's, and our answers."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import require_same, submission_key
from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.api.ticket import KEY_PARAMETER
from tickets.models import Message
from tickets.operations.conversation import answer_ticket, write_message
from tickets.serializers.conversation import AnswerInput, MessageInput, MessageOutput


class Messages(TicketPart, PagedResource):
    """What is said on a ticket."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="messages_list", responses=MessageOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's public messages, oldest first."""
        ticket = self.find_ticket(number)
        visible = Message.objects.visible_to(self.reader).filter(ticket=ticket)
        return self.answer_page(visible.select_related("author"), MessageOutput)

    @extend_schema(
        operation_id="messages_write",
        parameters=[KEY_PARAMETER],
        request=AnswerInput,
        responses={201: MessageOutput},
    )
    def post(self, request: Request, number: int) -> Response:
        """Write to the other side: as the customer, or as staff an answer."""
        ticket = self.find_ticket(number)
        key = submission_key(request)
        if self.reader.is_staff_member:
            values = self.read_body(AnswerInput)
            message = answer_ticket(ticket, by=self.reader, submission_key=key, **values)
        else:
            values = self.read_body(MessageInput)
            message = write_message(ticket, by=self.reader, submission_key=key, **values)
        require_same(
            is_same=message.ticket_id == ticket.pk
            and message.body == values["body"].strip()
            and message.qualified == values.get("qualified", False)
        )
        return Response(MessageOutput(message).data, status=201)
