"""A ticket's timeline."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.models import TicketEvent
from tickets.serializers.timeline import EventOutput


class Events(TicketPart, PagedResource):
    """What happened to a ticket."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="events_list", responses=EventOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List what happened to a ticket, oldest first."""
        ticket = self.find_ticket(number)
        visible = TicketEvent.objects.visible_to(self.reader).filter(ticket=ticket)
        return self.answer_page(visible.select_related("by", "ticket__customer"), EventOutput)
