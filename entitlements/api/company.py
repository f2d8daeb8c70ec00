"""The companies somebody belongs to or works for, and their contracts."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource, Resource
from entitlements.account import Account, account_of
from entitlements.models import Customer, Plan
from entitlements.serializers.company import CompanyOutput, ContractOutput


class Companies(PagedResource):
    """Companies."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="companies_list", responses=CompanyOutput(many=True))
    def get(self, request: Request) -> Response:
        """List the companies the reader may see."""
        visible = Customer.objects.visible_to(self.reader).select_related("tam")
        return self.answer_page(visible, CompanyOutput)


class ContractResource(Resource):
    """A company's contract of today."""

    @extend_schema(operation_id="contract_read", responses=ContractOutput)
    def get(self, request: Request, slug: str) -> Response:
        """Read a company's contract of today, its incidents and its contact seats."""
        customer = get_object_or_404(Customer.objects.visible_to(self.reader), slug=slug)
        account = account_of(customer, timezone.now())
        holdings = (
            []
            if account.contract is None
            else account.contract.seat_holdings.current().select_related("membership__user")
        )
        return Response(ContractOutput(_written_out(account), context={"holdings": holdings}).data)


def _written_out(account: Account) -> dict[str, Any]:
    contract = account.contract
    if contract is None:
        empty = dict.fromkeys(ContractOutput().fields)
        return {**empty, "plan": Plan.STANDARD_KEY}
    return {
        "plan": Plan.STANDARD_KEY if account.is_on_standard else contract.edition.plan.key,
        "number": contract.number,
        "edition": contract.edition.name,
        "state": account.state,
        "starts_on": contract.starts_on,
        "ends_on": contract.last_day,
        "zone": contract.zone,
        "incidents": account.incidents,
        "seats": contract,
    }
