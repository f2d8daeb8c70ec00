"""The people of a company, and who holds its contact seats."""

from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from entitlements.account import contract_of_today
from entitlements.api.resource import CompanyPart
from entitlements.models import Contract, Customer, Membership, SeatHolding
from entitlements.operations.seats import give_seat, release_seat, swap_seat
from entitlements.querysets import MembershipQuerySet
from entitlements.serializers.people import MemberOutput, SeatInput


def members_of(customer: Customer, contract: Contract | None) -> MembershipQuerySet:
    """The company's present people with the seats they hold of a contract."""
    held = SeatHolding.objects.current().filter(contract=contract, membership=OuterRef("pk"))
    people = customer.memberships.current().select_related("user")
    return people.annotate(seat=Subquery(held.values("pk")[:1]))


class People(CompanyPart, PagedResource):
    """The people of a company."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="companies_people_list", responses=MemberOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List a company's people; its manager and administrators only."""
        customer = self.managed_company(slug)
        contract = contract_of_today(customer, timezone.now())
        return self.answer_page(members_of(customer, contract), MemberOutput)


class SeatPart(CompanyPart):
    """What all of them do: find a seat, and answer with who holds it."""

    def find_seat(self, customer: Customer, key: int) -> SeatHolding:
        """Return a seat of the company that is held, or was. Raises: Http404."""
        return get_object_or_404(SeatHolding, pk=key, contract__customer=customer)

    def answer_with(self, membership: Membership, *, status: int = 200) -> Response:
        """Answer with somebody as they are now."""
        customer = membership.customer
        member = members_of(customer, contract_of_today(customer, timezone.now()))
        return Response(MemberOutput(member.get(pk=membership.pk)).data, status=status)


class Seats(SeatPart):
    """The contact seats of a company."""

    @extend_schema(
        operation_id="companies_seats_give", request=SeatInput, responses={201: MemberOutput}
    )
    def post(self, request: Request, slug: str) -> Response:
        """Make somebody a technical contact; they need a phone number and a free seat."""
        customer = self.managed_company(slug)
        person = self.person_of(customer, self.read_body(SeatInput)["person"])
        give_seat(self.contract_of(customer), person, by=self.reader)
        return self.answer_with(person, status=201)


class Seat(SeatPart):
    """One contact seat."""

    @extend_schema(operation_id="companies_seats_release", responses={204: None})
    def delete(self, request: Request, slug: str, key: int) -> Response:
        """Take a seat back; who held it stays a person of the company."""
        release_seat(self.find_seat(self.managed_company(slug), key), by=self.reader)
        return Response(status=204)


class SeatSwap(SeatPart):
    """A seat that passes from one to another."""

    @extend_schema(operation_id="companies_seats_swap", request=SeatInput, responses=MemberOutput)
    def post(self, request: Request, slug: str, key: int) -> Response:
        """Pass a seat on to somebody else in one step."""
        customer = self.managed_company(slug)
        seat = self.find_seat(customer, key)
        person = self.person_of(customer, self.read_body(SeatInput)["person"])
        swap_seat(seat, person, by=self.reader)
        return self.answer_with(person)
