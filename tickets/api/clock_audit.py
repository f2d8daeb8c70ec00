"""Self-audits of clocks: what they found, and having one made."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource, Resource
from accounts.errors import NotAllowed
from sla.models import ClockAudit
from sla.operations.clock_audits import request_clock_audit
from sla.permissions import can_audit
from tickets.objectives import tickets_of_clocks
from tickets.serializers.clock_audit import AuditFindingOutput, ClockAuditOutput


class AuditPart(Resource):
    """Something about audits: for duty leads, support managers and administrators."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A method that is not there stays a 405.
        if hasattr(self, str(request.method).lower()) and not can_audit(self.reader):
            raise NotAllowed("Only duty leads, support managers and administrators see audits.")


class ClockAudits(AuditPart, PagedResource):
    """Audits of all clocks."""

    @extend_schema(operation_id="clock_audits_list", responses=ClockAuditOutput(many=True))
    def get(self, request: Request) -> Response:
        """List audits, the newest first."""
        return self.answer_page(ClockAudit.objects.select_related("by"), ClockAuditOutput)

    @extend_schema(
        operation_id="clock_audits_begin", request=None, responses={201: ClockAuditOutput}
    )
    def post(self, request: Request) -> Response:
        """Have all clocks checked now; a worker does it. One runs at a time."""
        self.read_body(StrictInput)
        return Response(ClockAuditOutput(request_clock_audit(by=self.reader)).data, status=201)


class ClockAuditResource(AuditPart):
    """One audit."""

    @extend_schema(operation_id="clock_audits_read", responses=ClockAuditOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read how far an audit is, and how many clocks differ."""
        audits = ClockAudit.objects.select_related("by")
        return Response(ClockAuditOutput(get_object_or_404(audits, pk=key)).data)


class AuditFindings(AuditPart, PagedResource):
    """What an audit found."""

    pagination_class = OldestFirst

    @extend_schema(
        operation_id="clock_audits_findings_list", responses=AuditFindingOutput(many=True)
    )
    def get(self, request: Request, key: int) -> Response:
        """List the fields that differ, with the ticket of each clock."""
        audit = get_object_or_404(ClockAudit, pk=key)
        return self.answer_page(audit.findings.all(), AuditFindingOutput)

    def told(self) -> dict[str, Any]:
        """Add the tickets of the clocks found, which the reader may all see."""
        key = self.kwargs["key"]
        clocks = ClockAudit.objects.filter(pk=key).values_list("findings__clock", flat=True)
        tickets = tickets_of_clocks({one for one in clocks if one is not None}, self.reader)
        return super().told() | {
            "tickets": {clock: ticket.number for clock, ticket in tickets.items()}
        }
