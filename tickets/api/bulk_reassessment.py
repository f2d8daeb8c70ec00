"""Open clocks that would differ on today's terms: shown, decided together, what became of them."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource, Resource
from accounts.errors import NotAllowed
from entitlements.models import Contract
from sla.models import Calendar
from tickets.calendar_effects import Effects, effects_of, effects_of_contract
from tickets.models import BulkReassessment
from tickets.operations.bulk_reassessment import (
    cancel_bulk_reassessment,
    reassess_calendar,
    reassess_contract,
)
from tickets.permissions import can_reassess_any
from tickets.serializers.bulk_reassessment import (
    BulkReassessmentInput,
    BulkReassessmentOutput,
    EffectsOutput,
    ReassessmentLineOutput,
)


class BulkPart(Resource):
    """Something about re-assessments of many tickets: for duty leads and support managers."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A method that is not there stays a 405.
        if hasattr(self, str(request.method).lower()) and not can_reassess_any(self.reader):
            raise NotAllowed("Only a duty lead or support manager re-assesses deadlines.")

    def find_run(self, key: int) -> BulkReassessment:
        """Return a re-assessment. Raises: Http404."""
        return get_object_or_404(_runs(), pk=key)

    def answer_effects(self, effects: Effects, seen: int) -> Response:
        """Answer with what would move."""
        told = {
            "seen": seen,
            "open_clocks": effects.open_clocks,
            "moved": [
                {"number": ticket.number, "due_at": one.before, "would_be_due_at": one.after}
                for ticket, one in effects.moved
            ],
        }
        return Response(EffectsOutput(told).data)

    def answer_begun(self, run: BulkReassessment) -> Response:
        """Answer with a re-assessment that a worker does now."""
        return Response(BulkReassessmentOutput(self.find_run(run.pk)).data, status=201)


def _runs() -> QuerySet[BulkReassessment]:
    return BulkReassessment.objects.select_related("by", "calendar", "contract__customer")


class BulkReassessments(BulkPart, PagedResource):
    """Re-assessments of many tickets."""

    @extend_schema(
        operation_id="bulk_reassessments_list", responses=BulkReassessmentOutput(many=True)
    )
    def get(self, request: Request) -> Response:
        """List them, the newest first."""
        return self.answer_page(_runs(), BulkReassessmentOutput)


class BulkReassessmentResource(BulkPart):
    """One re-assessment of many tickets."""

    @extend_schema(operation_id="bulk_reassessments_read", responses=BulkReassessmentOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read how far it is."""
        return Response(BulkReassessmentOutput(self.find_run(key)).data)


class BulkReassessmentTickets(BulkPart, PagedResource):
    """The tickets of a re-assessment."""

    pagination_class = OldestFirst

    @extend_schema(
        operation_id="bulk_reassessments_tickets", responses=ReassessmentLineOutput(many=True)
    )
    def get(self, request: Request, key: int) -> Response:
        """List what became of each ticket."""
        lines = self.find_run(key).lines.select_related("ticket")
        return self.answer_page(lines, ReassessmentLineOutput)


class BulkReassessmentCancellation(BulkPart):
    """The end of a re-assessment before its time."""

    @extend_schema(
        operation_id="bulk_reassessments_cancel", request=None, responses=BulkReassessmentOutput
    )
    def post(self, request: Request, key: int) -> Response:
        """Stop it; what is re-assessed stays so."""
        run = self.find_run(key)
        self.read_body(StrictInput)
        return Response(BulkReassessmentOutput(cancel_bulk_reassessment(run, by=self.reader)).data)


class CalendarReassessment(BulkPart):
    """The open clocks that rest on a calendar."""

    @extend_schema(operation_id="calendars_reassessment_effects", responses=EffectsOutput)
    def get(self, request: Request, slug: str) -> Response:
        """Read which open tickets would be due otherwise on the calendar's version of today."""
        version = get_object_or_404(Calendar, key=slug).current
        effects = effects_of(version, reader=self.reader, now=timezone.now())
        return self.answer_effects(effects, version.number)

    @extend_schema(
        operation_id="calendars_reassess",
        request=BulkReassessmentInput,
        responses={201: BulkReassessmentOutput},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Have them all re-assessed with one reason; a worker does it."""
        calendar = get_object_or_404(Calendar, key=slug)
        values = self.read_body(BulkReassessmentInput)
        return self.answer_begun(reassess_calendar(calendar, by=self.reader, **values))


class ContractReassessment(BulkPart):
    """The open clocks of a contract's customer."""

    @extend_schema(operation_id="contracts_reassessment_effects", responses=EffectsOutput)
    def get(self, request: Request, number: str) -> Response:
        """Read which open tickets would be due otherwise on the contract's terms of today."""
        contract = self._contract(number)
        effects = effects_of_contract(contract, reader=self.reader, now=timezone.now())
        return self.answer_effects(effects, contract.amendments.count())

    @extend_schema(
        operation_id="contracts_reassess",
        request=BulkReassessmentInput,
        responses={201: BulkReassessmentOutput},
    )
    def post(self, request: Request, number: str) -> Response:
        """Have them all re-assessed with one reason; a worker does it."""
        contract = self._contract(number)
        values = self.read_body(BulkReassessmentInput)
        return self.answer_begun(reassess_contract(contract, by=self.reader, **values))

    def _contract(self, number: str) -> Contract:
        visible = Contract.objects.visible_to(self.reader).select_related(
            "customer", "edition__plan"
        )
        return get_object_or_404(visible, number=number)
