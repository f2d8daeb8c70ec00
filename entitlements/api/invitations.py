"""Whom a company has invited."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PagedResource
from entitlements.api.resource import CompanyPart
from entitlements.models import Customer, Invitation
from entitlements.operations.invitations import (
    invite_person,
    send_invitation_again,
    withdraw_invitation,
)
from entitlements.serializers.people import InvitationInput, InvitationOutput


class Invitations(CompanyPart, PagedResource):
    """The open invitations of a company."""

    @extend_schema(operation_id="companies_invitations_list", responses=InvitationOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List who is invited and has not accepted; the manager and administrators only."""
        customer = self.managed_company(slug)
        return self.answer_page(
            customer.invitations.open().select_related("invited_by"), InvitationOutput
        )

    @extend_schema(
        operation_id="companies_invitations_send",
        request=InvitationInput,
        responses={201: InvitationOutput},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Invite an address; the answer is the same whoever it belongs to."""
        customer = self.managed_company(slug)
        values = self.read_body(InvitationInput)
        invitation = invite_person(customer, by=self.reader, **values)
        return Response(InvitationOutput(invitation).data, status=201)


class InvitationPart(CompanyPart):
    """What both do: find an invitation of the company."""

    def find_invitation(self, customer: Customer, key: int) -> Invitation:
        """Return an invitation, an accepted one too. Raises: Http404."""
        return get_object_or_404(customer.invitations, pk=key)


class InvitationResource(InvitationPart):
    """One invitation."""

    @extend_schema(operation_id="companies_invitations_withdraw", responses={204: None})
    def delete(self, request: Request, slug: str, key: int) -> Response:
        """Withdraw an invitation: its link opens nothing any more."""
        invitation = self.find_invitation(self.managed_company(slug), key)
        withdraw_invitation(invitation, by=self.reader)
        return Response(status=204)


class InvitationSending(InvitationPart):
    """A fresh link for an invitation."""

    @extend_schema(
        operation_id="companies_invitations_send_again", request=None, responses=InvitationOutput
    )
    def post(self, request: Request, slug: str, key: int) -> Response:
        """Send a fresh link; the one before is dead."""
        invitation = self.find_invitation(self.managed_company(slug), key)
        self.read_body(StrictInput)
        return Response(InvitationOutput(send_invitation_again(invitation, by=self.reader)).data)
