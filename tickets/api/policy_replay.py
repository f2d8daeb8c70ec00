"""What another policy would have done: asking, and the result with its tickets."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PAGE_KEYS, PagedResource, Resource
from accounts.errors import NotAllowed
from tickets.models import PolicyReplay
from tickets.operations.policy_replays import cancel_policy_replay, request_policy_replay
from tickets.permissions import can_replay_policy
from tickets.replay_result import FLIPS, flips_of
from tickets.serializers.policy_replay import (
    PolicyReplayDetailOutput,
    PolicyReplayInput,
    PolicyReplayOutput,
    ReplayFlipOutput,
)


class ReplayPart(Resource):
    """Something about replays: for administrators and support managers."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # A method that is not there stays a 405.
        if hasattr(self, str(request.method).lower()) and not can_replay_policy(self.reader):
            raise NotAllowed("Only administrators and support managers replay policies.")

    def find_replay(self, key: int) -> PolicyReplay:
        """Return a replay. Raises: Http404."""
        return get_object_or_404(PolicyReplay.objects.select_related("by"), pk=key)


class PolicyReplays(ReplayPart, PagedResource):
    """Replays of policies."""

    @extend_schema(operation_id="policy_replays_list", responses=PolicyReplayOutput(many=True))
    def get(self, request: Request) -> Response:
        """List what was asked, the newest first."""
        return self.answer_page(PolicyReplay.objects.select_related("by"), PolicyReplayOutput)

    @extend_schema(
        operation_id="policy_replays_request",
        request=PolicyReplayInput,
        responses={201: PolicyReplayDetailOutput},
    )
    def post(self, request: Request) -> Response:
        """Replay a policy over the tickets of the past twelve months; a worker does it."""
        values = self.read_body(PolicyReplayInput)
        replay = request_policy_replay(
            values["policy"], question=values["question"], by=self.reader
        )
        return Response(PolicyReplayDetailOutput(replay).data, status=201)


class PolicyReplayResource(ReplayPart):
    """One replay."""

    @extend_schema(operation_id="policy_replays_read", responses=PolicyReplayDetailOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read how far a replay is, and what it has counted so far."""
        return Response(PolicyReplayDetailOutput(self.find_replay(key)).data)


class ReplayFlips(ReplayPart, PagedResource):
    """Tickets that would have come out otherwise."""

    query_keys = PAGE_KEYS | {"flip"}

    @extend_schema(
        operation_id="policy_replays_flips_list",
        parameters=[OpenApiParameter("flip", str, enum=sorted(FLIPS))],
        responses=ReplayFlipOutput(many=True),
    )
    def get(self, request: Request, key: int) -> Response:
        """List the tickets, all or of one kind."""
        word = request.query_params.get("flip", "")
        if word and word not in FLIPS:
            raise ValidationError({"flip": f"This is one of {', '.join(FLIPS)}."}, code="invalid")
        return self.answer_page(
            flips_of(self.find_replay(key), self.reader, word), ReplayFlipOutput
        )


class ReplayCancellation(ReplayPart):
    """The end of a replay before its time."""

    @extend_schema(
        operation_id="policy_replays_cancel", request=None, responses=PolicyReplayDetailOutput
    )
    def post(self, request: Request, key: int) -> Response:
        """Stop a replay; what it has counted is kept."""
        replay = self.find_replay(key)
        self.read_body(StrictInput)
        return Response(PolicyReplayDetailOutput(cancel_policy_replay(replay, by=self.reader)).data)
