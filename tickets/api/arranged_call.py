"""Calls arranged with a customer about a ticket."""

from typing import override

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.call_file import call_file
from tickets.models import ArrangedCall
from tickets.operations.arranged_calls import arrange_call, cancel_call, move_call
from tickets.serializers.call import CallInput, CallOutput, CallTimeInput


class CallPart(TicketPart):
    """One call; whoever sees the ticket sees its calls."""

    def find_call(self, number: int, key: int) -> ArrangedCall:
        """Return a call of the ticket. Raises: Http404."""
        seen = ArrangedCall.objects.visible_to(self.reader).select_related("ticket")
        return get_object_or_404(seen, pk=key, ticket__number=number)


class Calls(TicketPart, PagedResource):
    """The calls of a ticket."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="calls_list", responses=CallOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's calls, cancelled ones too, the first arranged first."""
        calls = ArrangedCall.objects.filter(ticket=self.find_ticket(number))
        return self.answer_page(calls, CallOutput)

    @extend_schema(operation_id="calls_arrange", request=CallInput, responses={201: CallOutput})
    def post(self, request: Request, number: int) -> Response:
        """Arrange a call; staff who answer the ticket only. The customer's people are told."""
        ticket = self.find_ticket(number)
        call = arrange_call(ticket, by=self.reader, **self.read_body(CallInput))
        return Response(CallOutput(call).data, status=201)


class Call(CallPart):
    """One call."""

    @extend_schema(operation_id="calls_move", request=CallTimeInput, responses=CallOutput)
    def put(self, request: Request, number: int, key: int) -> Response:
        """Put a call at another time; staff who answer the ticket only."""
        call = self.find_call(number, key)
        moved = move_call(call, by=self.reader, **self.read_body(CallTimeInput))
        return Response(CallOutput(moved).data)

    @extend_schema(operation_id="calls_cancel", responses=CallOutput)
    def delete(self, request: Request, number: int, key: int) -> Response:
        """Call a call off; staff who answer the ticket only."""
        return Response(CallOutput(cancel_call(self.find_call(number, key), by=self.reader)).data)


class CallCalendar(CallPart):
    """A call as an entry for a calendar."""

    @override
    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Send the file whatever a program says it accepts; refusals are JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="calls_calendar",
        responses={(200, "text/calendar"): OpenApiResponse(description="iCalendar, RFC 5545.")},
    )
    def get(self, request: Request, number: int, key: int) -> HttpResponse:
        """Read a call as an iCalendar file; the entry moves and is cancelled with it."""
        call = self.find_call(number, key)
        file = call_file(call, host=request.get_host().partition(":")[0])
        answer = HttpResponse(file, content_type="text/calendar; charset=utf-8")
        name = f"{call.ticket.reference}-call.ics"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
