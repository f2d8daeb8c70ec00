"""Programs that are told: endpoints, what they are told, and how each try went."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from notifications.webhook_events import STAFF, events_for

# An owner has so many webhooks at most; each has a place of its own among them.
MOST_OF_AN_OWNER = 10


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Questions about webhooks."""

    def of(self, owner: str) -> "WebhookQuerySet":
        return self.filter(owner=owner)

    def live(self) -> "WebhookQuerySet":
        return self.filter(turned_off_at__isnull=True)


class Webhook(models.Model):
    """An address of somebody's program that is called when something happens.

    `owner` is "staff" or "customer:<key>": a customer's is told of that customer's tickets
    only. Secrets are sealed (notifications.sealing); the previous one signs too until
    `previous_until`. `failures` counts failed tries in a row since `failing_since`; until
    `resting_until` nothing but pages is tried. `place` is the webhook's own among its owner's,
    1 to MOST_OF_AN_OWNER: the constraints on it hold the limit. Written by
    notifications.operations.webhooks, webhook_calls and the webhook relay.
    """

    owner = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField(editable=False)
    name = models.CharField(max_length=80)
    url = models.URLField("address", max_length=500)
    events = ArrayField(models.CharField(max_length=20))
    sealed_secret = models.TextField(editable=False)
    sealed_previous_secret = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    resting_until = models.DateTimeField(null=True, blank=True)
    turned_off_at = models.DateTimeField(null=True, blank=True)
    turned_off_why = models.CharField(max_length=200, blank=True)

    objects: ClassVar[models.Manager["Webhook"]] = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints: ClassVar = (
            models.UniqueConstraint(fields=("owner", "url"), name="an_owner_names_an_address_once"),
            models.UniqueConstraint(
                fields=("owner", "place"), name="an_owners_webhooks_have_places"
            ),
            models.CheckConstraint(
                condition=Q(place__gte=1, place__lte=MOST_OF_AN_OWNER),
                name="an_owner_has_ten_webhooks_at_most",
            ),
            models.CheckConstraint(
                condition=~Q(events=[]), name="a_webhook_is_called_for_something"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("webhook", args=[self.pk])

    @property
    def is_live(self) -> bool:
        return self.turned_off_at is None

    @property
    def is_for_staff(self) -> bool:
        return self.owner == STAFF

    @property
    def event_words(self) -> list[str]:
        words = events_for(self.owner)
        return [gettext(words[event]) for event in words if event in self.events]

    @property
    def turned_off_said(self) -> str:
        """Why it was turned off, in the reader's words; it is kept in English."""
        for beginning, said in _TURNED_OFF:
            if self.turned_off_why.startswith(beginning):
                return gettext(said) % {"rest": self.turned_off_why.removeprefix(beginning)}
        return gettext(self.turned_off_why)


# How the reasons of being turned off begin (operations.webhooks, webhook_relay).
_TURNED_OFF = (
    ("Turned off by ", gettext_noop("Turned off by %(rest)s")),
    (
        "Nothing was delivered for a day. Last: ",
        gettext_noop("Nothing was delivered for a day. Last: %(rest)s"),
    ),
    ("It answered 410: gone.", gettext_noop("It answered 410: gone.%(rest)s")),
)


class WebhookCallQuerySet(models.QuerySet["WebhookCall"]):
    """Questions about calls."""

    def due(self, now: datetime) -> "WebhookCallQuerySet":
        """Neither delivered nor given up, and free to try; a resting webhook gets pages only."""
        awake = Q(webhook__resting_until__isnull=True) | Q(webhook__resting_until__lte=now)
        return self.filter(
            Q(urgent=True) | awake, next_try_at__lte=now, webhook__turned_off_at__isnull=True
        )


class WebhookCall(models.Model):
    """One happening on its way to one webhook: the outbox row.

    `body` is sent byte for byte as stored, at every try. `key` names the happening; a webhook is
    told of it once. `number` is what its receiver knows it by. `next_try_at` is the relay's
    column, as a Delivery's.
    """

    number = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    key = models.CharField(max_length=120)
    event = models.CharField(max_length=20)
    body = models.TextField()
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    delivered_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["WebhookCall"]] = WebhookCallQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("webhook", "key"), name="a_webhook_is_told_of_a_happening_once"
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(next_try_at__isnull=False),
                name="webhook_call_next_try",
            ),
            models.Index(fields=("webhook", "-created_at"), name="webhook_call_log"),
        )

    def __str__(self) -> str:
        return f"{self.event} to {self.webhook}"


class WebhookTry(models.Model):
    """One try of a call. `status` is what the other side answered, None when it did not.

    Units: `took` from the look-up of the name to the answer's head.
    """

    call = models.ForeignKey(WebhookCall, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    took = models.DurationField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.status or self.error}"
