"""What every resource of a ticket does: find it, and answer with it."""

from django.shortcuts import get_object_or_404
from rest_framework.response import Response

from accounts.api.resource import Resource
from tickets.models import Ticket
from tickets.serializers.ticket import TicketDetailOutput


class TicketPart(Resource):
    """Something of one ticket; unseen and missing are both 404."""

    def find_ticket(self, number: int) -> Ticket:
        """Return the ticket if the reader may see it. Raises: Http404."""
        visible = Ticket.objects.visible_to(self.reader).with_clock()
        return get_object_or_404(visible.select_related("contract", "follows"), number=number)

    def answer_with(self, ticket: Ticket, *, created: bool = False) -> Response:
        """Answer with the ticket as it is now."""
        fresh = Ticket.objects.with_clock().select_related("contract", "follows").get(pk=ticket.pk)
        serializer = TicketDetailOutput(fresh, context=self.told())
        return Response(serializer.data, status=201 if created else 200)
