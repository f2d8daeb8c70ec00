"""Customers' escalations: of a ticket, or of a whole account."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.resource import PAGE_KEYS, PagedResource, Resource
from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tickets.api.resource import TicketPart
from tickets.models import CustomerEscalation
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation_course import (
    answer_escalation,
    end_escalation,
    hand_over_escalation,
)
from tickets.permissions import can_answer_escalation
from tickets.serializers.escalation import (
    EscalationAnswerInput,
    EscalationEndInput,
    EscalationInput,
    EscalationOutput,
    EscalationOwnerInput,
)

ME = "me"
STATES = ("open", "ended")


class EscalationPart(Resource):
    """Something of one escalation; unseen and missing are both 404."""

    def find_escalation(self, key: int) -> CustomerEscalation:
        """Return the escalation if the reader may see it. Raises: Http404."""
        visible = CustomerEscalation.objects.visible_to(self.reader).with_answers()
        return get_object_or_404(visible, pk=key)

    def answer_with_escalation(
        self, escalation: CustomerEscalation, *, created: bool = False
    ) -> Response:
        """Answer with the escalation as it is now."""
        fresh = CustomerEscalation.objects.with_answers().get(pk=escalation.pk)
        return Response(EscalationOutput(fresh).data, status=201 if created else 200)


class Escalations(PagedResource):
    """The escalations the reader may see."""

    query_keys = PAGE_KEYS | {"state"}

    @extend_schema(
        operation_id="escalations_list",
        parameters=[OpenApiParameter("state", str, enum=STATES)],
        responses=EscalationOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List escalations, the newest first."""
        found = CustomerEscalation.objects.visible_to(self.reader).with_answers()
        state = request.query_params.get("state")
        if state not in {None, *STATES}:
            raise ValidationError({"state": "This is open or ended."}, code="invalid")
        if state is not None:
            found = found.open() if state == "open" else found.ended()
        return self.answer_page(found, EscalationOutput)


class EscalationResource(EscalationPart):
    """One escalation."""

    @extend_schema(operation_id="escalations_read", responses=EscalationOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read an escalation with its owner and answers."""
        return Response(EscalationOutput(self.find_escalation(key)).data)


class EscalationAnswers(EscalationPart):
    """What the customer is told of an escalation."""

    @extend_schema(
        operation_id="escalations_answer",
        request=EscalationAnswerInput,
        responses={201: EscalationOutput},
    )
    def post(self, request: Request, key: int) -> Response:
        """Answer the customer; the escalation stays open. Its owner and leads only."""
        escalation = self.find_escalation(key)
        _require_answerer(self.reader, escalation)
        values = self.read_body(EscalationAnswerInput)
        done = answer_escalation(escalation, by=self.reader, **values)
        return self.answer_with_escalation(done, created=True)


class EscalationOwner(EscalationPart):
    """The owner of an escalation."""

    @extend_schema(
        operation_id="escalations_hand_over",
        request=EscalationOwnerInput,
        responses=EscalationOutput,
    )
    def post(self, request: Request, key: int) -> Response:
        """Take an escalation, or give it to another owner. Its owner and leads only."""
        escalation = self.find_escalation(key)
        _require_answerer(self.reader, escalation)
        values = self.read_body(EscalationOwnerInput)
        to = self.reader if values["owner"] == ME else _colleague(values["owner"])
        return self.answer_with_escalation(
            hand_over_escalation(escalation, to=to, reason=values["reason"], by=self.reader)
        )


class EscalationEndResource(EscalationPart):
    """The end of an escalation."""

    @extend_schema(
        operation_id="escalations_end", request=EscalationEndInput, responses=EscalationOutput
    )
    def post(self, request: Request, key: int) -> Response:
        """End an escalation: its owner and leads by what was done, the customer by withdrawing."""
        escalation = self.find_escalation(key)
        values = self.read_body(EscalationEndInput)
        return self.answer_with_escalation(end_escalation(escalation, by=self.reader, **values))


class TicketEscalation(TicketPart, EscalationPart):
    """What is escalated on a ticket."""

    @extend_schema(operation_id="tickets_escalation_read", responses=EscalationOutput)
    def get(self, request: Request, number: int) -> Response:
        """Read the open escalation of a ticket; 404 when it is not escalated."""
        ticket = self.find_ticket(number)
        found = get_object_or_404(ticket.escalations.open().with_answers())
        return Response(EscalationOutput(found).data)

    @extend_schema(
        operation_id="tickets_escalate",
        request=EscalationInput,
        responses={201: EscalationOutput},
    )
    def post(self, request: Request, number: int) -> Response:
        """Escalate a ticket of one's own company; the duty lead on duty owns it."""
        ticket = self.find_ticket(number)
        values = self.read_body(EscalationInput)
        done = escalate_as_customer(ticket, by=self.reader, **values)
        return self.answer_with_escalation(done, created=True)


class AccountEscalation(EscalationPart):
    """The escalation of a whole account."""

    @extend_schema(
        operation_id="companies_escalate",
        request=EscalationInput,
        responses={201: EscalationOutput},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Escalate a whole account: its manager, its account manager and leads."""
        visible: Any = Customer.objects.visible_to(self.reader)
        customer = get_object_or_404(visible, slug=slug)
        values = self.read_body(EscalationInput)
        return self.answer_with_escalation(
            escalate_account(customer, by=self.reader, **values), created=True
        )


def _require_answerer(reader: User, escalation: CustomerEscalation) -> None:
    # Asked first, so that nobody learns from a refusal which addresses are our people's.
    if not can_answer_escalation(reader, escalation):
        raise NotAllowed("Only its owner or a lead does this.")


def _colleague(address: str) -> User:
    found = User.objects.active().filter(email=address.strip().lower()).first()
    if found is None or not found.is_staff_member:
        raise ValidationError({"owner": "Nobody of ours has this address."}, code="unknown")
    return found
