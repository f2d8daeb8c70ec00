"""How some people of the demo are told, and the programs that are called: one works, one is off."""

import json
from collections.abc import Mapping
from datetime import datetime, time, timedelta

from accounts.models import User
from entitlements.models import Customer
from notifications.choices import Reach, Topic
from notifications.models import Preferences, Webhook, WebhookCall, WebhookTry
from notifications.sealing import seal
from notifications.signing import new_secret
from notifications.webhook_events import STAFF, customer_owner
from tickets.models import TicketEvent

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
# Names nobody owns (RFC 2606): the demo calls no program of anybody's.
PAGER = "https://pager.orrin.example/hooks/support"
CHAT = "https://chat.northwind.example/hooks/support"


def add_outreach(staff: Mapping[str, User], customer: Customer, *, now: datetime) -> None:
    """Give the demo preferences, and two webhooks with a log.

    Both are turned off, so that nothing is called: their addresses lead nowhere. Effects: the
    rows, written without their operations, which would look the addresses up.
    """
    _choose()
    administrator = next(one for one in staff.values() if "administrator" in one.roles)
    pager = _webhook("Pager of the duty roster", STAFF, PAGER, ["page", "missed"], administrator)
    pager.turned_off_at = now - timedelta(days=20)
    pager.turned_off_why = f"Turned off by {administrator}."
    pager.save()
    manager = customer.memberships.filter(is_manager=True).order_by("pk")[0].user
    chat = _webhook(
        "Chat room of IT",
        customer_owner(customer.pk),
        CHAT,
        ["filed", "answered", "resolved"],
        manager,
    )
    _fill_log(chat, customer, now)


def _choose() -> None:
    """Every third has quiet nights; half of those want a digest of what changes."""
    for number, person in enumerate(User.objects.order_by("pk")):
        if number % 3 == 0:
            Preferences.objects.create(
                user=person,
                choices={Topic.CHANGES.value: Reach.DIGEST.value} if number % 2 else {},
                digest_at=time(7, 30),
                quiet_from=time(20),
                quiet_until=time(7),
                quiet_days=EVERY_DAY,
            )


def _webhook(name: str, owner: str, url: str, events: list[str], by: User) -> Webhook:
    return Webhook.objects.create(
        owner=owner,
        place=1,
        name=name,
        url=url,
        events=events,
        sealed_secret=seal(new_secret()),
        created_by=by,
        created_at=by.joined_at,
    )


def _fill_log(webhook: Webhook, customer: Customer, now: datetime) -> None:
    """Lay down what was told lately: it went well until the program was gone a day."""
    events = TicketEvent.objects.filter(
        ticket__customer=customer, kind__in=webhook.events, at__gt=now - timedelta(days=25)
    ).select_related("ticket")
    last = None
    for number, event in enumerate(events.order_by("at")):
        went_well = number % 9 != 5
        call = WebhookCall.objects.create(
            webhook=webhook,
            key=f"ticket-event:{event.pk}",
            event=event.kind,
            body=json.dumps({"type": event.kind, "data": {"ticket": event.ticket.reference}}),
            created_at=event.at,
            attempts=1 if went_well else 2,
            next_try_at=None,
            delivered_at=event.at + timedelta(seconds=1 if went_well else 12),
        )
        if not went_well:
            _try(call, event.at, 503)
        _try(call, event.at + timedelta(seconds=0 if went_well else 11), 200)
        last = event.at
    webhook.turned_off_at = max(last or now, now - timedelta(days=2))
    webhook.turned_off_why = "Nothing was delivered for a day. Last: Answered 503."
    webhook.save()


def _try(call: WebhookCall, at: datetime, status: int) -> None:
    WebhookTry.objects.create(
        call=call,
        at=at + timedelta(seconds=1),
        status=status,
        took=timedelta(milliseconds=180 if status == 200 else 2140),
        error="" if status == 200 else f"Answered {status}.",
    )
