"""A ticket's files."""

from typing import override

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.pages import OldestFirst
from accounts.api.resource import PagedResource
from tickets.api.resource import TicketPart
from tickets.models import Attachment
from tickets.serializers.conversation import AttachmentOutput
from tickets.views.attachment import download_of


class AttachmentContent(TicketPart):
    """A file's content."""

    @override
    def perform_content_negotiation(
        self, request: Request, force: bool = False
    ) -> tuple[BaseRenderer, str]:
        """Send the file whatever a program says it accepts; refusals are JSON."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="attachments_download",
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            302: OpenApiResponse(
                description="To the host that gives files out, by a link for this one download."
            ),
        },
    )
    def get(self, request: Request, number: int, key: int) -> HttpResponseBase:
        """Download a file; follow where it leads."""
        ticket = self.find_ticket(number)
        visible = Attachment.objects.visible_to(self.reader).filter(ticket=ticket)
        return download_of(get_object_or_404(visible, pk=key), request, self.reader)


class Attachments(TicketPart, PagedResource):
    """The files on a ticket and its messages."""

    pagination_class = OldestFirst

    @extend_schema(operation_id="attachments_list", responses=AttachmentOutput(many=True))
    def get(self, request: Request, number: int) -> Response:
        """List a ticket's files, oldest first."""
        ticket = self.find_ticket(number)
        visible = Attachment.objects.visible_to(self.reader).filter(ticket=ticket)
        return self.answer_page(visible.select_related("uploaded_by", "ticket"), AttachmentOutput)
