"""Sets of announcements, scoped to whom they concern."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from announcements.choices import USES_FOR, Audience
from entitlements.models import Contract, Membership
from tickets.models import Ticket

if TYPE_CHECKING:
    from announcements.models import Announcement  # noqa: F401 - named in a base class, as text

type Reader = User | AnonymousUser

WAS_CALLED_OFF = Q(ends_at__isnull=False, ends_at=F("starts_at"))


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    """Questions about announcements."""

    def visible_to(self, reader: Reader, now: datetime | None = None) -> "AnnouncementQuerySet":
        """All for staff; what has begun and concerns them, for everybody else. One query."""
        moment = now or timezone.now()
        if reader.is_authenticated and reader.is_staff_member:
            return self.all()
        begun = self.filter(starts_at__lte=moment).exclude(WAS_CALLED_OFF)
        if not reader.is_authenticated or not reader.is_active:
            return begun.filter(audience=Audience.EVERYBODY)
        return begun.filter(_concerns_member(reader, moment))

    def current(self, now: datetime) -> "AnnouncementQuerySet":
        return self.filter(starts_at__lte=now).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now))

    def ended(self, now: datetime) -> "AnnouncementQuerySet":
        return self.filter(Q(ends_at__lte=now) | WAS_CALLED_OFF)

    def upcoming(self, now: datetime) -> "AnnouncementQuerySet":
        return self.filter(starts_at__gt=now).exclude(WAS_CALLED_OFF)

    def for_banner(self, reader: User, now: datetime) -> "AnnouncementQuerySet":
        """What concerns somebody now and they have not acknowledged. One query."""
        readings = apps.get_model("announcements", "AnnouncementReading").objects
        unread = self.current(now).exclude(
            Exists(readings.filter(announcement=OuterRef("pk"), reader=reader))
        )
        if reader.is_staff_member:
            return unread.filter(audience__in=[Audience.EVERYBODY, Audience.STAFF])
        return unread.visible_to(reader, now)


def _concerns_member(reader: User, now: datetime) -> Q:
    """The other side of announcements.audience: a test holds them together."""
    own = Membership.objects.current().filter(user=reader).values("customer")
    contracts = Contract.objects.in_force_at(now).filter(customer__in=own)
    tickets = Ticket.objects.filter(
        customer__in=own, filed_at__gte=now - USES_FOR, product__isnull=False
    ).order_by()
    rows = apps.get_model("announcements", "Announcement").objects

    def named(**condition: object) -> Q:
        return Q(pk__in=rows.filter(**condition).order_by().values("pk"))

    is_member = Membership.objects.current().filter(user=reader)
    return (
        Q(audience=Audience.EVERYBODY)
        | (Q(audience=Audience.CUSTOMERS) & Exists(is_member))
        | (
            Q(audience=Audience.PLANS)
            & named(plans__in=contracts.order_by().values("edition__plan"))
        )
        | (Q(audience=Audience.PRODUCTS) & named(products__in=tickets.values("product")))
        | (Q(audience=Audience.CHOSEN) & named(customers__in=own))
    )
