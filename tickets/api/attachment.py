"""A ticket's files."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.models import Attachment
from tickets.serializers.conversation import AttachmentOutput


class Attachments(TicketPart, PagedResource):
    """The files on a ticket and its messages."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="attachments_list", responses=AttachmentOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's files, oldest first."""
        ticket = self.find_ticket(number)
        visible = Attachment.objects.visible_to(self.reader).filter(ticket=ticket)
        return self.answer_page(visible.select_related("uploaded_by", "ticket"), AttachmentOutput)
