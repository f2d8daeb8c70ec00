"""What would be promised, before filing."""

from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import Resource
from entitlements.account import incidents_of
from entitlements.choices import Severity
from entitlements.models import Customer
from entitlements.permissions import membership_of
from entitlements.promise import contract_in_force, explain_promise, promise_on
from tickets.choices import TicketKind
from tickets.offer import offer_for
from tickets.permissions import can_file
from tickets.serializers.promise import OfferOutput, PromiseQuery


class PromisePreview(Resource):
    """The promise for a ticket that nobody has filed yet."""

    query_keys = frozenset({"company", "kind", "severity"})

    @extend_schema(operation_id="promise_read", parameters=[PromiseQuery], responses=OfferOutput)
    def get(self, request: Request) -> Response:
        """Tell what is promised for a kind and severity, if it were filed now."""
        query = PromiseQuery(data=request.query_params.dict())
        query.is_valid(raise_exception=True)
        asked = query.validated_data
        visible = Customer.objects.visible_to(self.reader)
        customer = visible.filter(slug=asked["company"]).first()
        if customer is None:
            raise Http404
        offer = self._offer(customer, TicketKind(asked["kind"]), asked["severity"])
        return Response(OfferOutput(offer).data)

    def _offer(self, customer: Customer, kind: TicketKind, severity: Severity) -> dict[str, Any]:
        now = timezone.now()
        contract = contract_in_force(customer, now)
        balance = None if contract is None else incidents_of(contract, now)
        refusal = ""
        membership = membership_of(self.reader, customer)
        if membership is not None and kind == TicketKind.PREMIUM:
            refusal = offer_for(membership, now).refusal
        elif not can_file(self.reader, customer):
            refusal = "You file tickets for your own company."
        elif kind == TicketKind.PREMIUM and contract is None:
            refusal = f"{customer} has no maintenance contract in force."
        elif kind == TicketKind.PREMIUM and balance is not None and balance.left == 0:
            refusal = f"All {balance.total} premium incidents of this contract year are used."
        has_terms = kind != TicketKind.PREMIUM or contract is not None
        is_premium = kind == TicketKind.PREMIUM
        promise = promise_on(contract, severity, now, premium=is_premium) if has_terms else None
        return {
            "can_be_filed": not refusal,
            "refusal": refusal,
            "promise": promise,
            "explanation": promise and explain_promise(promise, reader_zone=self.reader.timezone),
            "incidents": balance,
        }
