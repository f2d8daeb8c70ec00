"""What each plan would promise: for a ticket that was filed, and before one is."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from entitlements.models import Customer
from entitlements.plan_promises import promises_of_plans
from entitlements.promise import contract_in_force
from tickets.api.resource import TicketPart
from tickets.plan_promises import counts_from, promises_for_ticket
from tickets.serializers.promise import PlanPromisesOutput, PlanPromisesQuery


class PlanPromises(Resource):
    """The plans side by side, for a premium incident that nobody has filed yet."""

    query_keys = frozenset({"company", "severity"})

    @extend_schema(
        operation_id="plan_promises_read",
        parameters=[PlanPromisesQuery],
        responses=PlanPromisesOutput,
    )
    def get(self, request: Request) -> Response:
        """Tell what each plan promises for a severity, if it were filed now."""
        query = PlanPromisesQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked, now = query.validated_data, timezone.now()
        customer = get_object_or_404(
            Customer.objects.visible_to(self.reader), slug=asked["company"]
        )
        plans = promises_of_plans(
            asked["severity"],
            now,
            contract=contract_in_force(customer, now),
            reader_zone=self.reader.timezone,
        )
        told = {"severity": asked["severity"], "counts_from": now, "plans": plans}
        return Response(PlanPromisesOutput(told).data)


class TicketPlanPromises(TicketPart):
    """The plans side by side, for a ticket's severity and start."""

    @extend_schema(operation_id="tickets_plan_promises_read", responses=PlanPromisesOutput)
    def get(self, request: Request, number: int) -> Response:
        """Tell what each plan would have promised for a ticket."""
        ticket = self.find_ticket(number)
        told = {
            "severity": ticket.severity,
            "counts_from": counts_from(ticket),
            "plans": promises_for_ticket(ticket, reader_zone=self.reader.timezone),
        }
        return Response(PlanPromisesOutput(told).data)
