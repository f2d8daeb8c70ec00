"""Tickets: found, read and filed."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import HEADER, require_same, submission_key
from accounts.api.pages import FIRST_ROWS, FirstRows, Pages
from accounts.api.resource import PAGE_KEYS, PagedResource
from accounts.compiled import Compiled
from accounts.models import User
from entitlements.models import Customer
from tickets.api.filing import BODIES, is_filed_with, naming_fields
from tickets.api.filters import OPEN, TICKET_KEYS, TicketFilter
from tickets.api.resource import TicketPart
from tickets.choices import Channel, TicketKind, TicketState
from tickets.models import Ticket
from tickets.operations.filing import file_ticket
from tickets.serializers.filing import FilingInput, StaffFilingInput
from tickets.serializers.ticket import TicketDetailOutput, TicketOutput

KEY_PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "format": "uuid"},
    OpenApiParameter.HEADER,
    description="Sent again with the same body, the request is done once.",
)

_COMPANY = Compiled(lambda reader, slug: Customer.objects.visible_to(reader).filter(slug=slug))


class NewestTicketsFirst(Pages):
    """The newest ticket comes first."""

    ordering = "-number"


# What a program asks for again and again to see what is new.
_NEWEST_TICKETS = Compiled(
    lambda reader: (
        Ticket.objects.visible_to(reader)
        .with_clock()
        .order_by(NewestTicketsFirst.ordering)[:FIRST_ROWS]
    )
)


class Tickets(TicketPart, PagedResource):
    """The tickets the reader may see."""

    pagination_class = NewestTicketsFirst
    query_keys = PAGE_KEYS | TICKET_KEYS

    @extend_schema(
        operation_id="tickets_list",
        parameters=[
            OpenApiParameter("state", str, enum=[OPEN, *TicketState.values]),
            OpenApiParameter("severity", int, enum=[1, 2, 3, 4]),
            OpenApiParameter("kind", str, enum=TicketKind.values),
            OpenApiParameter("company", str, description="A company's slug."),
            OpenApiParameter("assignee", str, enum=["me"]),
            OpenApiParameter("tag", str, description="Staff only: a tag as it is kept."),
            OpenApiParameter("q", str, description="Words of the subject or description."),
        ],
        responses=TicketOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List tickets, newest first."""
        if not request.query_params:
            return self.answer_page(FirstRows(_NEWEST_TICKETS.all(self.reader)), TicketOutput)
        visible = Ticket.objects.visible_to(self.reader).with_clock()
        found = TicketFilter(request.query_params, visible, reader=self.reader).narrow()
        return self.answer_page(found, TicketOutput)

    @extend_schema(
        operation_id="tickets_file",
        parameters=[KEY_PARAMETER],
        request=StaffFilingInput,
        responses={201: TicketDetailOutput},
        examples=BODIES,
    )
    def post(self, request: Request) -> Response:
        """File a ticket."""
        key = submission_key(request)
        values = self.read_body(StaffFilingInput if self.reader.is_staff_member else FilingInput)
        customer = self._company(values.pop("company"))
        caller = self._caller(customer, values.pop("on_behalf_of", None))
        answers = values.pop("answers")
        with naming_fields(values, answers):
            ticket = file_ticket(
                customer=customer,
                by=self.reader,
                on_behalf_of=caller,
                channel=Channel.API,
                submission_key=key,
                fields=answers,
                **values,
            )
        if ticket.was_filed_now:  # By this very request, and nobody has changed it since.
            told = self.told() | {"has_answers": bool(answers)}
            return Response(TicketDetailOutput(ticket, context=told).data, status=201)
        if key is not None:
            require_same(
                is_same=ticket.customer_id == customer.pk
                and ticket.filed_by_id == (caller or self.reader).pk
                and is_filed_with(ticket, values, answers)
            )
        return self.answer_with(ticket, created=True)

    def _company(self, slug: str) -> Customer:
        customer = _COMPANY.first(self.reader, slug)
        if customer is None:
            raise ValidationError({"company": "You have no such company."}, code="unknown")
        return customer

    def _caller(self, customer: Customer, address: str | None) -> User | None:
        if address is None:
            return None
        member = (
            customer.memberships.current()
            .filter(user__email=address.lower())
            .select_related("user")
            .first()
        )
        if member is None:
            raise ValidationError(
                {"on_behalf_of": f"Nobody of {customer} has this address."}, code="unknown"
            )
        return member.user


class TicketResource(TicketPart):
    """One ticket."""

    @extend_schema(operation_id="tickets_read", responses=TicketDetailOutput)
    def get(self, request: Request, number: int) -> Response:
        """Read a ticket with its clock, and why its deadline is when it is."""
        return Response(TicketDetailOutput(self.find_ticket(number), context=self.told()).data)
