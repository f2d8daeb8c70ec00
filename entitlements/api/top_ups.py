"""Requests for more premium incidents: asked, taken back, answered."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PagedResource, Resource
from entitlements.api.resource import CompanyPart
from entitlements.models import TopUpRequest
from entitlements.operations.top_ups import (
    decline_top_up,
    grant_top_up,
    request_top_up,
    withdraw_top_up,
)
from entitlements.querysets import TopUpRequestQuerySet
from entitlements.serializers.top_up import (
    TopUpGrantInput,
    TopUpInput,
    TopUpOutput,
    TopUpRefusalInput,
)


class TopUpPart(Resource):
    """What all of them do: find a request, and answer with it."""

    def visible(self) -> TopUpRequestQuerySet:
        """Requests the reader may read."""
        rows = TopUpRequest.objects.visible_to(self.reader)
        return rows.select_related("contract__customer", "asked_by")

    def find_top_up(self, key: int) -> TopUpRequest:
        """Return a request. Raises: Http404."""
        return get_object_or_404(self.visible(), pk=key)

    def answer_with(self, asked: TopUpRequest, *, status: int = 200) -> Response:
        """Answer with a request as it is now."""
        return Response(TopUpOutput(self.visible().get(pk=asked.pk)).data, status=status)


class TopUps(TopUpPart, PagedResource):
    """Requests of all companies the reader answers for."""

    @extend_schema(operation_id="top_ups_list", responses=TopUpOutput(many=True))
    def get(self, request: Request) -> Response:
        """List requests, newest first: a manager's own company's, and those staff look after."""
        return self.answer_page(self.visible(), TopUpOutput)


class CompanyTopUps(TopUpPart, CompanyPart):
    """A company's requests."""

    @extend_schema(
        operation_id="companies_top_ups_ask", request=TopUpInput, responses={201: TopUpOutput}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Ask for more premium incidents in the present contract year; its manager only."""
        customer = self.find_company(slug)
        values = self.read_body(TopUpInput)
        asked = request_top_up(self.contract_of(customer), by=self.reader, **values)
        return self.answer_with(asked, status=201)


class TopUpWithdrawal(TopUpPart):
    """A request taken back."""

    @extend_schema(operation_id="top_ups_withdraw", request=None, responses=TopUpOutput)
    def post(self, request: Request, key: int) -> Response:
        """Take a request back that has not been answered."""
        asked = self.find_top_up(key)
        self.read_body(StrictInput)
        return self.answer_with(withdraw_top_up(asked, by=self.reader))


class TopUpGrant(TopUpPart):
    """A request granted."""

    @extend_schema(operation_id="top_ups_grant", request=TopUpGrantInput, responses=TopUpOutput)
    def post(self, request: Request, key: int) -> Response:
        """Add the incidents to the contract year; administrators only."""
        asked = self.find_top_up(key)
        values = self.read_body(TopUpGrantInput)
        return self.answer_with(grant_top_up(asked, by=self.reader, **values))


class TopUpRefusal(TopUpPart):
    """A request declined."""

    @extend_schema(operation_id="top_ups_decline", request=TopUpRefusalInput, responses=TopUpOutput)
    def post(self, request: Request, key: int) -> Response:
        """Decline, and say why; administrators only."""
        asked = self.find_top_up(key)
        values = self.read_body(TopUpRefusalInput)
        return self.answer_with(decline_top_up(asked, by=self.reader, **values))
