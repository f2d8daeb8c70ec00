"""What waits to leave the portal, and what did not get out: mail, digests, webhooks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from notifications.models import Delivery, Webhook, WebhookCall
from notifications.relay import database_now
from notifications.webhook_events import STAFF

LOOKS_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, and for how long the oldest of it. `given_up` is of the last day."""

    count: int
    age: timedelta
    given_up: int


@dataclass(frozen=True, slots=True)
class Digests:
    """Notices held for a digest; `late` are those whose digest should have been made."""

    held: int
    next_at: datetime | None
    late: int


@dataclass(frozen=True, slots=True)
class Programs:
    """The webhooks of one side. `waiting` are calls to live ones, resting ones included."""

    waiting: Waiting
    failing: int
    turned_off: int


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """Everything on its way out at one moment; `programs` by whose they are."""

    mail: Waiting
    digests: Digests
    programs: dict[str, Programs]


def outbox_figures() -> OutboxFigures:
    """Ask the database for the figures, in its own time; no process keeps any."""
    now = database_now()
    return OutboxFigures(
        mail=_mail(now),
        digests=_digests(now),
        programs={"ours": _programs(now, ours=True), "customers": _programs(now, ours=False)},
    )


def _mail(now: datetime) -> Waiting:
    waiting = Delivery.objects.filter(next_try_at__isnull=False).aggregate(
        count=Count("pk"), oldest=Min("notice__created_at")
    )
    given_up = Delivery.objects.filter(failed_at__gt=now - LOOKS_BACK).count()
    return Waiting(waiting["count"], _age(waiting["oldest"], now), given_up)


def _digests(now: datetime) -> Digests:
    return Digests(
        **Delivery.objects.held().aggregate(
            held=Count("pk"),
            next_at=Min("held_until"),
            late=Count("pk", filter=Q(held_until__lt=now - timedelta(minutes=1))),
        )
    )


def _programs(now: datetime, *, ours: bool) -> Programs:
    owner = Q(owner=STAFF) if ours else ~Q(owner=STAFF)
    webhooks = Webhook.objects.filter(owner)
    calls = WebhookCall.objects.filter(webhook__in=webhooks)
    waiting = calls.filter(next_try_at__isnull=False, webhook__turned_off_at__isnull=True)
    found = waiting.aggregate(count=Count("pk"), oldest=Min("created_at"))
    given_up = calls.filter(failed_at__gt=now - LOOKS_BACK).count()
    states = webhooks.aggregate(
        failing=Count("pk", filter=Q(turned_off_at__isnull=True, failing_since__isnull=False)),
        # Not by people: those that failed for a day, or said that they are gone.
        turned_off=Count("pk", filter=Q(turned_off_at__isnull=False, failures__gt=0)),
    )
    return Programs(Waiting(found["count"], _age(found["oldest"], now), given_up), **states)


def _age(oldest: datetime | None, now: datetime) -> timedelta:
    return timedelta(0) if oldest is None else max(now - oldest, timedelta(0))
