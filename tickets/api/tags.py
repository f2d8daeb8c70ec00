"""Tags of a ticket: for customers there is nothing here."""

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tickets.api.resource import TicketPart
from tickets.operations.tags import change_tags
from tickets.serializers.relations import TagsInput
from tickets.serializers.ticket import TicketDetailOutput


class Tags(TicketPart):
    """What staff file a ticket under."""

    @extend_schema(operation_id="tags_change", request=TagsInput, responses=TicketDetailOutput)
    def post(self, request: Request, number: int) -> Response:
        """Put tags on a ticket and take others off. Staff only."""
        if not self.reader.is_staff_member:
            raise Http404
        ticket = self.find_ticket(number)
        values = self.read_body(TagsInput)
        return self.answer_with(change_tags(ticket, by=self.reader, **values))
