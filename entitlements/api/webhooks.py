"""Programs that are called when something happens: a company's, or our own."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import StrictInput
from accounts.api.resource import PAGE_KEYS, PagedResource, Resource
from accounts.errors import NotAllowed
from entitlements.models import Customer
from notifications.models import Webhook, WebhookTry
from notifications.operations.webhook_calls import redeliver_call, send_test_call
from notifications.operations.webhooks import (
    add_webhook,
    change_webhook,
    remove_webhook,
    replace_secret,
    turn_webhook_off,
    turn_webhook_on,
)
from notifications.permissions import can_manage_webhooks
from notifications.serializers import (
    WebhookCallOutput,
    WebhookInput,
    WebhookOutput,
    WebhookStateInput,
    WebhookWithSecretOutput,
)
from notifications.webhook_events import STAFF, customer_owner


class WebhookPart(Resource):
    """Something of one webhook; one that others manage and a missing one are both 404."""

    def find_webhook(self, key: int) -> Webhook:
        """Return a webhook the reader manages. Raises: Http404."""
        found = get_object_or_404(Webhook, pk=key)
        if not can_manage_webhooks(self.reader, found.owner):
            return get_object_or_404(Webhook.objects.none())
        return found


class WebhooksOfOwner(PagedResource):
    """The webhooks of one owner."""

    def list_webhooks(self, owner: str) -> Response:
        """Answer with a page of them."""
        self._check(owner)
        return self.answer_page(Webhook.objects.of(owner), WebhookOutput)

    def add(self, owner: str) -> Response:
        """Register one, and tell its secret this once."""
        self._check(owner)
        values = self.read_body(WebhookInput)
        made, secret = add_webhook(owner=owner, by=self.reader, **values)
        return _with_secret(made, secret, status=201)

    def _check(self, owner: str) -> None:
        if not can_manage_webhooks(self.reader, owner):
            raise NotAllowed("These webhooks are managed by somebody else.")


class StaffWebhooks(WebhooksOfOwner):
    """Our own programs: pages and what the escalation steps do."""

    @extend_schema(operation_id="webhooks_list", responses=WebhookOutput(many=True))
    def get(self, request: Request) -> Response:
        """List our own webhooks; administrators only."""
        return self.list_webhooks(STAFF)

    @extend_schema(
        operation_id="webhooks_add",
        request=WebhookInput,
        responses={201: WebhookWithSecretOutput},
    )
    def post(self, request: Request) -> Response:
        """Register an address of ours; the secret is told once."""
        return self.add(STAFF)


class CompanyWebhooks(WebhooksOfOwner):
    """A company's programs."""

    @extend_schema(operation_id="companies_webhooks_list", responses=WebhookOutput(many=True))
    def get(self, request: Request, slug: str) -> Response:
        """List a company's webhooks; its manager and administrators only."""
        return self.list_webhooks(self._owner(slug))

    @extend_schema(
        operation_id="companies_webhooks_add",
        request=WebhookInput,
        responses={201: WebhookWithSecretOutput},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Register an address of a company; the secret is told once."""
        return self.add(self._owner(slug))

    def _owner(self, slug: str) -> str:
        visible: QuerySet[Customer] = Customer.objects.visible_to(self.reader)
        return customer_owner(get_object_or_404(visible, slug=slug).pk)


class WebhookResource(WebhookPart):
    """One webhook."""

    @extend_schema(operation_id="webhooks_read", responses=WebhookOutput)
    def get(self, request: Request, key: int) -> Response:
        """Read a webhook, without its secret."""
        return Response(WebhookOutput(self.find_webhook(key)).data)

    @extend_schema(operation_id="webhooks_change", request=WebhookInput, responses=WebhookOutput)
    def put(self, request: Request, key: int) -> Response:
        """Change where a webhook leads and what for; what waits goes to the new address."""
        webhook = self.find_webhook(key)
        values = self.read_body(WebhookInput)
        return Response(WebhookOutput(change_webhook(webhook, by=self.reader, **values)).data)

    @extend_schema(operation_id="webhooks_remove", responses={204: None})
    def delete(self, request: Request, key: int) -> Response:
        """Remove a webhook with its log."""
        remove_webhook(self.find_webhook(key), by=self.reader)
        return Response(status=204)


class WebhookSecret(WebhookPart):
    """The secret of a webhook."""

    @extend_schema(
        operation_id="webhooks_replace_secret", request=None, responses=WebhookWithSecretOutput
    )
    def post(self, request: Request, key: int) -> Response:
        """Replace the secret and tell the new one, this once; the old one signs for a day more."""
        webhook = self.find_webhook(key)
        self.read_body(StrictInput)
        return _with_secret(*replace_secret(webhook, by=self.reader))


class WebhookState(WebhookPart):
    """Whether a webhook is called."""

    @extend_schema(operation_id="webhooks_turn", request=WebhookStateInput, responses=WebhookOutput)
    def post(self, request: Request, key: int) -> Response:
        """Turn a webhook on or off."""
        webhook = self.find_webhook(key)
        is_on = self.read_body(WebhookStateInput)["is_on"]
        turn = turn_webhook_on if is_on else turn_webhook_off
        return Response(WebhookOutput(turn(webhook, by=self.reader)).data)


class WebhookCalls(WebhookPart, PagedResource):
    """What a webhook was told."""

    query_keys = PAGE_KEYS

    @extend_schema(operation_id="webhooks_calls_list", responses=WebhookCallOutput(many=True))
    def get(self, request: Request, key: int) -> Response:
        """List its calls with their tries, the newest first."""
        tries = Prefetch("tries", WebhookTry.objects.order_by("at", "pk"))
        return self.answer_page(
            self.find_webhook(key).calls.prefetch_related(tries), WebhookCallOutput
        )

    @extend_schema(operation_id="webhooks_test", request=None, responses={201: WebhookCallOutput})
    def post(self, request: Request, key: int) -> Response:
        """Send a test."""
        webhook = self.find_webhook(key)
        self.read_body(StrictInput)
        call = send_test_call(webhook, by=self.reader)
        call.refresh_from_db()
        return Response(WebhookCallOutput(call).data, status=201)


class WebhookRedelivery(WebhookPart):
    """A call that is sent again."""

    @extend_schema(
        operation_id="webhooks_redeliver",
        request=None,
        responses=WebhookCallOutput,
        parameters=[OpenApiParameter("call", int, OpenApiParameter.PATH)],
    )
    def post(self, request: Request, key: int, call: int) -> Response:
        """Send a call again at once: the same body with the same number."""
        found = get_object_or_404(self.find_webhook(key).calls, pk=call)
        self.read_body(StrictInput)
        again = redeliver_call(found, by=self.reader)
        again.refresh_from_db()
        return Response(WebhookCallOutput(again).data)


def _with_secret(webhook: Webhook, secret: str, *, status: int = 200) -> Response:
    answer = WebhookWithSecretOutput(webhook, context={"secret": secret})
    return Response(answer.data, status=status)
