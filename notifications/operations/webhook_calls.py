"""What webhooks are told: put into the outbox, sent again, forgotten."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.compiled import Compiled
from accounts.errors import InvalidInput
from accounts.models import User
from notifications.models import Webhook, WebhookCall
from notifications.operations.webhooks import lock_webhook
from notifications.tasks import relay_pages, relay_webhooks
from notifications.webhook_events import STAFF, TEST_EVENT, events_for
from notifications.webhook_relay import body_of

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=30)

_WEBHOOKS = Compiled(lambda owners: Webhook.objects.live().filter(owner__in=owners))


@dataclass(frozen=True, slots=True)
class Happening:
    """What an owner's webhooks are told. `key` names it: each webhook is told of it once.

    `facts` gives what they read beside the event and its time, and nothing an owner may not see;
    it is asked only when somebody is called.
    """

    owner: str
    event: str
    key: str
    facts: Callable[[], Mapping[str, Any]]
    urgent: bool = False


def call_webhooks(happenings: Iterable[Happening], *, now: datetime) -> list[WebhookCall]:
    """Put calls into the outbox, in the caller's transaction, for whoever asked for the event.

    The number of queries does not grow with the number of happenings. Effects: the WebhookCalls;
    their relay is kicked after commit, and its beat entry finds the rows when the kick is lost.
    """
    told = [one for one in happenings if one.event in events_for(one.owner)]
    if not told:
        return []
    webhooks = _WEBHOOKS.all(sorted({one.owner for one in told}))
    calls = [
        _call(webhook, one, now)
        for one in told
        for webhook in webhooks
        if webhook.owner == one.owner and one.event in webhook.events
    ]
    WebhookCall.objects.bulk_create(calls, ignore_conflicts=True)
    _kick_after_commit(calls)
    return calls


@transaction.atomic
def send_test_call(webhook: Webhook, *, by: User, now: datetime | None = None) -> WebhookCall:
    """Send a test to a webhook. Raises: NotAllowed. Effects: one WebhookCall."""
    webhook = lock_webhook(webhook, by)
    moment = now or timezone.now()
    happening = Happening(
        webhook.owner, TEST_EVENT, f"test:{moment.timestamp():.6f}", lambda: {"by": by.name}
    )
    call = _call(webhook, happening, moment)
    call.save(force_insert=True)
    _kick_after_commit([call])
    return call


@transaction.atomic
def redeliver_call(call: WebhookCall, *, by: User, now: datetime | None = None) -> WebhookCall:
    """Send a call again at once, the same body with the same id.

    Raises: NotAllowed; InvalidInput when the webhook is turned off. Effects: the WebhookCall.
    """
    webhook = lock_webhook(call.webhook, by)
    if not webhook.is_live:
        raise InvalidInput(_("The webhook is turned off. Turn it on first."))
    call = WebhookCall.objects.select_for_update().get(pk=call.pk)
    call.next_try_at = Now()
    call.failed_at, call.attempts = None, 0
    call.save(update_fields=["next_try_at", "failed_at", "attempts"])
    Webhook.objects.filter(pk=webhook.pk).update(resting_until=None)
    _kick_after_commit([call])
    return call


def forget_old_calls(*, now: datetime) -> int:
    """Delete what webhooks were told a month ago, and say how many rows went."""
    old = WebhookCall.objects.filter(created_at__lt=now - KEPT_FOR, next_try_at__isnull=True)
    return old.delete()[0]


def _call(webhook: Webhook, happening: Happening, now: datetime) -> WebhookCall:
    facts = {"type": happening.event, "timestamp": now.isoformat(), "data": dict(happening.facts())}
    return WebhookCall(
        webhook=webhook,
        key=happening.key,
        event=happening.event,
        body=body_of(facts),
        urgent=happening.urgent,
        created_at=now,
        # The relay asks the database what is due.
        next_try_at=Now(),
    )


def _kick_after_commit(calls: Iterable[WebhookCall]) -> None:
    waiting = transaction.get_connection().run_on_commit
    for kick in {_KICKS[call.webhook.owner == STAFF] for call in calls}:
        if not any(function is kick for _, function, *_ in waiting):
            transaction.on_commit(kick)


def _kick(relay: Any, goes_on: str) -> None:
    try:
        relay.delay()
    except OperationalError:
        logger.warning("The broker is away; the relay's own interval %s.", goes_on)


# By whether our own staff own the webhook. One each, so that a transaction kicks it once.
_KICKS = {
    True: partial(_kick, relay_pages, "sends the pages"),
    False: partial(_kick, relay_webhooks, "calls the webhooks"),
}
