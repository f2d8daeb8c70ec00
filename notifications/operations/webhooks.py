"""Webhooks: registered, changed, turned off and on."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.choices import Role
from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from notifications.channels.addresses import AddressRefused, find_target
from notifications.models import MOST_OF_AN_OWNER, Webhook
from notifications.operations.telling import Telling, notify_all
from notifications.permissions import can_manage_webhooks
from notifications.sealing import seal
from notifications.signing import new_secret
from notifications.webhook_events import events_for
from notifications.words import worded

# Nobody can still want an older one: its ticket was answered, or its duty lead called.
PAGE_LASTS = timedelta(hours=1)

# How long a secret that was replaced signs beside the new one.
BOTH_SECRETS_FOR = timedelta(days=1)
# Telling again is free: a notice has its key. Longer than workers are ever away.
TOLD_WITHIN = timedelta(days=7)


class TooManyWebhooks(DomainError):
    """An owner has as many as one may have."""


@transaction.atomic
def add_webhook(
    *,
    owner: str,
    name: str,
    url: str,
    events: Collection[str],
    by: User,
    now: datetime | None = None,
) -> tuple[Webhook, str]:
    """Register an address, and return the webhook with its secret, which is never shown again.

    Raises: NotAllowed; InvalidInput for an address that leads to no public place, and for unknown
    events; TooManyWebhooks. Effects: one Webhook, one audit row.
    """
    _check_right(owner, by)
    _check(owner, url, events)
    secret, moment = new_secret(), now or timezone.now()
    webhook = _at_free_place(
        Webhook(
            owner=owner,
            name=name.strip(),
            url=url,
            events=_in_order(owner, events),
            sealed_secret=seal(secret),
            created_by=by,
            created_at=moment,
        )
    )
    record_change("webhook added", webhook, by=by, changes={"address": ["", url]}, now=moment)
    return webhook, secret


@transaction.atomic
def change_webhook(
    webhook: Webhook,
    *,
    name: str,
    url: str,
    events: Collection[str],
    by: User,
    now: datetime | None = None,
) -> Webhook:
    """Change where a webhook leads and what for; what waits goes to the new address.

    Raises: NotAllowed, InvalidInput. Effects: the Webhook, one audit row with what changed.
    """
    webhook = lock_webhook(webhook, by)
    _check(webhook.owner, url, events)
    wanted = {"name": name.strip(), "url": url, "events": _in_order(webhook.owner, events)}
    changes = {
        field: [getattr(webhook, field), value]
        for field, value in wanted.items()
        if getattr(webhook, field) != value
    }
    for field, value in wanted.items():
        setattr(webhook, field, value)
    try:
        with transaction.atomic():
            webhook.save(update_fields=list(wanted))
    except IntegrityError as error:
        raise _known_address(error) from error
    if changes:
        record_change("webhook changed", webhook, by=by, changes=changes, now=now)
    return webhook


@transaction.atomic
def replace_secret(
    webhook: Webhook, *, by: User, now: datetime | None = None
) -> tuple[Webhook, str]:
    """Give a webhook a new secret and return it; for a day the old one signs beside it.

    Raises: NotAllowed. Effects: the Webhook, one audit row.
    """
    webhook = lock_webhook(webhook, by)
    secret, moment = new_secret(), now or timezone.now()
    webhook.sealed_previous_secret = webhook.sealed_secret
    webhook.previous_until = moment + BOTH_SECRETS_FOR
    webhook.sealed_secret = seal(secret)
    webhook.save(update_fields=["sealed_secret", "sealed_previous_secret", "previous_until"])
    record_change("webhook secret replaced", webhook, by=by, now=moment)
    return webhook, secret


@transaction.atomic
def turn_webhook_on(webhook: Webhook, *, by: User, now: datetime | None = None) -> Webhook:
    """Call a webhook again that was turned off; what waited goes out, but for old pages.

    Raises: NotAllowed. Effects: the Webhook, pages given up, one audit row.
    """
    webhook = lock_webhook(webhook, by)
    if webhook.is_live:
        return webhook
    webhook.turned_off_at, webhook.turned_off_why = None, ""
    webhook.failures, webhook.failing_since, webhook.resting_until = 0, None, None
    webhook.save()
    moment = now or timezone.now()
    stale = webhook.calls.filter(
        urgent=True, next_try_at__isnull=False, created_at__lt=moment - PAGE_LASTS
    )
    stale.update(next_try_at=None, failed_at=moment)
    record_change("webhook turned on", webhook, by=by, now=now)
    return webhook


@transaction.atomic
def turn_webhook_off(webhook: Webhook, *, by: User, now: datetime | None = None) -> Webhook:
    """Stop calling a webhook; nothing new is kept for it. Raises: NotAllowed.

    Effects: the Webhook, one audit row.
    """
    webhook = lock_webhook(webhook, by)
    if webhook.is_live:
        webhook.turned_off_at = now or timezone.now()
        webhook.turned_off_why = f"Turned off by {by}."
        webhook.failures, webhook.failing_since = 0, None
        webhook.save()
        record_change("webhook turned off", webhook, by=by, now=now)
    return webhook


@transaction.atomic
def remove_webhook(webhook: Webhook, *, by: User, now: datetime | None = None) -> None:
    """Remove a webhook with its log. Raises: NotAllowed. Effects: the rows go, one audit row."""
    webhook = lock_webhook(webhook, by)
    record_change("webhook removed", webhook, by=by, changes={"address": [webhook.url, ""]})
    webhook.delete()


def _why(webhook: Webhook, reader: User) -> str:
    return webhook.turned_off_said


def _who_added(webhook: Webhook) -> list[User]:
    """Whoever added it, while they still manage its owner's webhooks."""
    person = webhook.created_by
    return [person] if can_manage_webhooks(person, webhook.owner) else []


def tell_of_webhooks_turned_off(*, now: datetime) -> int:
    """Tell who added a webhook, and the administrators, that it failed and is called no more.

    Once each; returns how many were told. Effects: notices.
    """
    failed = Webhook.objects.filter(turned_off_at__gt=now - TOLD_WITHIN, failures__gt=0)
    administrators = list(User.objects.active().with_role(Role.ADMINISTRATOR))
    told = notify_all(
        [
            Telling(
                [*_who_added(webhook), *administrators],
                key=f"webhook-off:{webhook.pk}:{webhook.turned_off_at:%Y%m%dT%H%M%S}",
                kind="webhook_off",
                subject=worded(
                    gettext_noop("The webhook “%(name)s” was turned off"), name=webhook.name
                ),
                body=worded(
                    gettext_noop(
                        "We no longer call %(address)s. %(why)s What happens meanwhile is not "
                        "kept for it. Mend the program, then turn the webhook on."
                    ),
                    address=webhook.url,
                    why=partial(_why, webhook),
                ),
                path=webhook.get_absolute_url(),
            )
            for webhook in failed.select_related("created_by")
        ],
        now=now,
    )
    return len(told)


def lock_webhook(webhook: Webhook, by: User) -> Webhook:
    """Lock a webhook that somebody changes. Raises: NotAllowed."""
    webhook = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
    _check_right(webhook.owner, by)
    return webhook


def _at_free_place(webhook: Webhook) -> Webhook:
    """Save a new webhook at the first free place of its owner.

    Somebody who adds one at the same moment may take the place meanwhile: then the next is tried.
    Raises: TooManyWebhooks, InvalidInput.
    """
    while True:
        taken = set(Webhook.objects.of(webhook.owner).values_list("place", flat=True))
        free = [place for place in range(1, MOST_OF_AN_OWNER + 1) if place not in taken]
        if not free:
            raise TooManyWebhooks(
                _("%(number)d webhooks are the most. Remove one first.")
                % {"number": MOST_OF_AN_OWNER}
            )
        webhook.place = free[0]
        try:
            with transaction.atomic():
                webhook.save(force_insert=True)
        except IntegrityError as error:
            if "an_owners_webhooks_have_places" not in str(error):
                raise _known_address(error) from error
        else:
            return webhook


def _check_right(owner: str, by: User) -> None:
    if not can_manage_webhooks(by, owner):
        raise NotAllowed("These webhooks are managed by somebody else.")


def _check(owner: str, url: str, events: Collection[str]) -> None:
    try:
        find_target(url)
    except AddressRefused as refusal:
        raise InvalidInput(str(refusal), field="url") from refusal
    if not events or set(events) - set(events_for(owner)):
        raise InvalidInput(_("Choose what it is called for."), field="events")


def _in_order(owner: str, events: Collection[str]) -> list[str]:
    return [event for event in events_for(owner) if event in events]


def _known_address(error: IntegrityError) -> Exception:
    if "an_owner_names_an_address_once" not in str(error):
        return error
    return InvalidInput(_("There is a webhook with this address already."), field="url")
