"""How customers found that a ticket went."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.models import Rating
from tickets.operations.rating import rate_ticket
from tickets.serializers.call import RatingInput, RatingOutput


class Ratings(TicketPart, PagedResource):
    """What the customer's people said of a ticket."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="ratings_list", responses=RatingOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List what was said, a line a person."""
        ticket = self.find_ticket(number)
        said = Rating.objects.visible_to(self.reader).filter(ticket=ticket).select_related("by")
        return self.answer_page(said, RatingOutput)

    @extend_schema(operation_id="ratings_give", request=RatingInput, responses={201: RatingOutput})
    def post(self, request: Request, number: int) -> Response:
        """Say how it went, or change what was said, within 60 days of the solution."""
        ticket = self.find_ticket(number)
        rating = rate_ticket(ticket, by=self.reader, **self.read_body(RatingInput))
        return Response(RatingOutput(rating).data, status=201)
