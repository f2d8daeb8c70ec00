"""The webhooks' relay: lease, call, mark, as the mail's. Calls of a batch go out side by side.

Pages and customers' webhooks are two lanes with a lock each, so that no customer's slow program
holds up a page. A batch takes one call of each webhook, the oldest first: who is slow waits for
itself, and each is told in order.
"""

import json
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from notifications.channels.webhook import Outcome, call_webhook
from notifications.locks import alone
from notifications.models import Webhook, WebhookCall, WebhookTry
from notifications.relay import database_now
from notifications.sealing import SealBroken, unseal
from notifications.signing import signed_headers
from notifications.webhook_events import STAFF

logger = logging.getLogger(__name__)

BATCH = 16
THREADS = 8
# Two rounds of the longest call, and names that are looked up slowly.
LEASE = timedelta(minutes=2)
# After each failure in a row; the last for all that follow. Ten tries take 16 hours.
WAITS = tuple(timedelta(seconds=n) for n in (10, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800))
MAX_ATTEMPTS = len(WAITS) + 1
# Pages do not wait for long, and are given up when nobody can still want them.
LONGEST_WAIT_OF_A_PAGE = timedelta(minutes=1)
MAX_ATTEMPTS_OF_A_PAGE = 60
TURNED_OFF_AFTER = timedelta(days=1)
FEWEST_FAILURES = 10
GONE = 410


class Lane(NamedTuple):
    """Webhooks that are called apart from the others. `lock` is a number nobody else locks."""

    webhooks: Q
    lock: int


STAFF_FIRST = Lane(Q(webhook__owner=STAFF), 7_301_843)
CUSTOMERS = Lane(~Q(webhook__owner=STAFF), 7_301_844)


class Parcel(NamedTuple):
    """A leased call with all that its try needs, so that no thread asks the database."""

    call: WebhookCall
    url: str
    body: bytes
    secrets: tuple[str, ...]


def call_due_webhooks(lane: Lane) -> int:
    """Try every call of a lane that is due, and say how many were delivered.

    Effects: calls leased, then marked delivered, postponed or given up, each with its try;
    a webhook that failed for a day is turned off and its people are told.
    """
    with alone(lane.lock) as is_ours:
        delivered = 0
        while is_ours and (parcels := _lease(lane)):
            delivered += _send(parcels)
        return delivered


@transaction.atomic
def _lease(lane: Lane) -> list[Parcel]:
    now = database_now()
    first_of_each = (
        WebhookCall.objects.due(now)
        .filter(lane.webhooks)
        .order_by("webhook_id", "-urgent", "created_at", "pk")
        .distinct("webhook_id")
        .values("pk")
    )
    # Who has waited longest comes first: with many webhooks none is passed over for ever.
    calls = list(
        WebhookCall.objects.filter(pk__in=first_of_each, next_try_at__lte=now)
        .order_by("-urgent", "next_try_at", "pk")
        .select_related("webhook")
        .select_for_update(skip_locked=True, of=("self",))[:BATCH]
    )
    WebhookCall.objects.filter(pk__in=[call.pk for call in calls]).update(
        next_try_at=now + LEASE, attempts=F("attempts") + 1
    )
    return [_parcel(call, now) for call in calls]


def _parcel(call: WebhookCall, now: datetime) -> Parcel:
    webhook = call.webhook
    sealed = [webhook.sealed_secret]
    if webhook.previous_until is not None and now < webhook.previous_until:
        sealed.append(webhook.sealed_previous_secret)
    try:
        opened = tuple(unseal(one) for one in sealed)
    except SealBroken:
        opened = ()
    return Parcel(call, webhook.url, call.body.encode(), opened)


def _send(parcels: Sequence[Parcel]) -> int:
    with ThreadPoolExecutor(THREADS) as threads:
        outcomes = list(threads.map(_try, parcels))
    for parcel, outcome in zip(parcels, outcomes, strict=True):
        mark_try(parcel.call, outcome)
    return sum(outcome.is_delivered for outcome in outcomes)


def _try(parcel: Parcel) -> Outcome:
    if not parcel.secrets:
        return Outcome(None, timedelta(0), "Its secret cannot be read: give it a new one.")
    headers = signed_headers(
        str(parcel.call.number), parcel.body, secrets_in_use=parcel.secrets, at=timezone.now()
    )
    try:
        return call_webhook(parcel.url, parcel.body, headers)
    except Exception:
        # Whatever it is, it must not lose the outcomes of those beside it.
        logger.exception("Call %s went wrong on our side.", parcel.call.pk)
        return Outcome(None, timedelta(0), "It went wrong on our side.")


@transaction.atomic
def mark_try(call: WebhookCall, outcome: Outcome) -> None:
    """Record a try and what follows from it. Effects: the WebhookTry, its call, its webhook."""
    now = database_now()
    webhook = Webhook.objects.select_for_update(no_key=True).filter(pk=call.webhook_id).first()
    call = WebhookCall.objects.filter(pk=call.pk).first() or call
    if webhook is None:
        return  # It was removed meanwhile, and its calls with it.
    WebhookTry.objects.create(
        call=call, at=now, status=outcome.status, took=outcome.took, error=outcome.error
    )
    if outcome.is_delivered:
        call.delivered_at, call.next_try_at = now, None
        webhook.failures, webhook.failing_since, webhook.resting_until = 0, None, None
    elif webhook.is_live:
        _postpone(call, webhook, outcome, now)
    else:
        # Whoever turned it off meanwhile has said why, and nothing more is tried.
        call.failed_at, call.next_try_at = now, None
    call.save(update_fields=["delivered_at", "failed_at", "next_try_at"])
    webhook.save(
        update_fields=[
            "failures",
            "failing_since",
            "resting_until",
            "turned_off_at",
            "turned_off_why",
        ]
    )


def _postpone(call: WebhookCall, webhook: Webhook, outcome: Outcome, now: datetime) -> None:
    webhook.failures += 1
    webhook.failing_since = webhook.failing_since or now
    wait = WAITS[min(webhook.failures, len(WAITS)) - 1]
    webhook.resting_until = now + wait
    if call.urgent:
        wait = min(wait, LONGEST_WAIT_OF_A_PAGE)
    most = MAX_ATTEMPTS_OF_A_PAGE if call.urgent else MAX_ATTEMPTS
    given_up = call.attempts >= most
    call.next_try_at = None if given_up else now + wait
    call.failed_at = now if given_up else None
    why = ""
    if outcome.status == GONE:
        why = "It answered 410: gone."
    elif webhook.failures >= FEWEST_FAILURES and now - webhook.failing_since >= TURNED_OFF_AFTER:
        why = f"Nothing was delivered for a day. Last: {outcome.error}"
    if why:
        webhook.turned_off_at, webhook.turned_off_why = now, why[:200]


def body_of(facts: object) -> str:
    """Write what a webhook is told, the same bytes at every try."""
    return json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
