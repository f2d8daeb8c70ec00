"""Internal notes: for customers there is nothing here."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import require_same, submission_key
from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.api.ticket import KEY_PARAMETER
from tickets.models import Note, Ticket
from tickets.operations.conversation import write_note
from tickets.serializers.conversation import NoteInput, NoteOutput


class Notes(TicketPart, PagedResource):
    """What staff tell each other on a ticket."""

    pagination_class = OldestFirst

    def find_ticket(self, number: int) -> Ticket:
        """Return the ticket to staff. Raises: Http404."""
        if not self.reader.is_staff_member:
            raise Http404
        return super().find_ticket(number)

    @extend_schema(operation_id="notes_list", responses=NoteOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's internal notes, oldest first. Staff only."""
        ticket = self.find_ticket(number)
        visible = Note.objects.visible_to(self.reader).filter(ticket=ticket)
        return self.answer_page(visible.select_related("author"), NoteOutput)

    @extend_schema(
        operation_id="notes_write",
        parameters=[KEY_PARAMETER],
        request=NoteInput,
        responses={201: NoteOutput},
    )
    def post(self, request: Request, number: int) -> Response:
        """Write an internal note. Staff only."""
        ticket = self.find_ticket(number)
        values = self.read_body(NoteInput)
        note = write_note(ticket, by=self.reader, submission_key=submission_key(request), **values)
        require_same(is_same=note.ticket_id == ticket.pk and note.body == values["body"].strip())
        return Response(NoteOutput(note).data, status=201)
