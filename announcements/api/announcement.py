"""What is announced to the reader, and that they have read it."""

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PAGE_KEYS, PagedResource, Resource
from announcements.models import Announcement, AnnouncementReading
from announcements.operations import acknowledge_announcement
from announcements.querysets import AnnouncementQuerySet
from announcements.serializers import AnnouncementOutput

STATES = ("current", "ended")


class AnnouncementPart(Resource):
    """What all of them do: ask for what concerns the reader, with what was said on it."""

    def visible(self) -> AnnouncementQuerySet:
        """What concerns the reader."""
        own = AnnouncementReading.objects.filter(reader=self.reader)
        return Announcement.objects.visible_to(self.reader, timezone.now()).prefetch_related(
            "updates", Prefetch("readings", own, to_attr="own_readings")
        )

    def answer_with(self, key: int) -> Response:
        """Answer with one as it is now. Raises: Http404."""
        return Response(AnnouncementOutput(get_object_or_404(self.visible(), pk=key)).data)


class Announcements(AnnouncementPart, PagedResource):
    """Announcements."""

    query_keys = PAGE_KEYS | {"state"}

    @extend_schema(
        operation_id="announcements_list",
        parameters=[OpenApiParameter("state", str, enum=STATES)],
        responses=AnnouncementOutput(many=True),
    )
    def get(self, request: Request) -> Response:
        """List service notices and known problems that concern the reader, newest first."""
        found, state = self.visible(), request.query_params.get("state")
        if state == "current":
            found = found.current(timezone.now())
        elif state == "ended":
            found = found.ended(timezone.now())
        elif state is not None:
            raise ValidationError({"state": [f"One of {', '.join(STATES)}."]})
        return self.answer_page(found, AnnouncementOutput)


class AnnouncementResource(AnnouncementPart):
    """One announcement."""

    @extend_schema(operation_id="announcements_read", responses=AnnouncementOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read an announcement with its course."""
        return self.answer_with(key)


class Acknowledgement(AnnouncementPart):
    """That the reader has read an announcement."""

    @extend_schema(
        operation_id="announcements_acknowledge", request=None, responses=AnnouncementOutput
    )
    def post(self, request: Request, key: int) -> Response:
        """Acknowledge an announcement: its banner is gone until something is said on it."""
        announcement = get_object_or_404(self.visible(), pk=key)
        self.read_body(StrictInput)
        acknowledge_announcement(announcement, by=self.reader)
        return self.answer_with(key)
