"""The reader's own notices."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PagedResource, Resource
from notifications.models import Notice
from notifications.operations import mark_read
from notifications.serializers import NoticeOutput
from notifications.sight import readable_notices, still_readable


class Notices(PagedResource):
    """What the reader was told."""

    @extend_schema(operation_id="notices_list", responses=NoticeOutput(many=True))
    def get(self, request: Request) -> Response:
        """List the reader's own notices, newest first, that they may still read."""
        return self.answer_page(readable_notices(self.reader), NoticeOutput)


class NoticeReading(Resource):
    """That a notice was read."""

    @extend_schema(operation_id="notices_mark_read", request=None, responses=NoticeOutput)
    def post(self, request: Request, key: int) -> Response:
        """Mark a notice as read."""
        notice = get_object_or_404(Notice.objects.visible_to(self.reader), pk=key)
        if not still_readable([notice], self.reader):
            raise Http404
        self.read_body(StrictInput)
        return Response(NoticeOutput(mark_read(notice, by=self.reader)).data)
