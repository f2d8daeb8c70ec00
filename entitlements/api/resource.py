"""What every resource of a company does: find it, and its people and contract."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework.exceptions import ValidationError

from accounts.api.resource import Resource
from accounts.errors import NotAllowed
from entitlements.account import contract_of_today
from entitlements.errors import ContractConflict
from entitlements.models import Contract, Customer, Membership
from entitlements.permissions import can_manage_company


class CompanyPart(Resource):
    """Something of one company; unseen and missing are both 404."""

    def find_company(self, slug: str) -> Customer:
        """Return the company if the reader may see it. Raises: Http404."""
        return get_object_or_404(Customer.objects.visible_to(self.reader), slug=slug)

    def managed_company(self, slug: str) -> Customer:
        """Return the company for whoever manages its people. Raises: Http404, NotAllowed."""
        customer = self.find_company(slug)
        if not can_manage_company(self.reader, customer):
            raise NotAllowed("This is for the company manager or an administrator.")
        return customer

    def contract_of(self, customer: Customer) -> Contract:
        """Return the contract of today. Raises: ContractConflict on Standard."""
        contract = contract_of_today(customer, timezone.now())
        if contract is None:
            raise ContractConflict(f"{customer} has no contract today.")
        return contract

    def person_of(self, customer: Customer, address: str) -> Membership:
        """Find somebody of the company by address; asked only for its managers.

        Raises: ValidationError.
        """
        people = customer.memberships.current().select_related("user")
        found = people.filter(user__email=address.strip().lower()).first()
        if found is None:
            raise ValidationError(
                {"person": f"Nobody of {customer} has this address."}, code="unknown"
            )
        return found
