"""Those concerned are told once of an announcement, and once of each update. Outbox rows."""

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy

from accounts.models import User
from announcements.audience import Concern, people_of
from announcements.choices import Level
from announcements.models import Announcement, AnnouncementUpdate
from notifications.operations import Matter, notify
from notifications.words import worded


def tell_of_announcement(announcement: Announcement, *, now: datetime) -> int:
    """Tell everybody concerned, by mail as they prefer, and say how many were told."""
    return _tell(announcement, f"announcement:{announcement.pk}", announcement.body, now)


def tell_of_update(update: AnnouncementUpdate, *, now: datetime) -> int:
    """Tell those concerned what is new on it."""
    announcement = update.announcement
    return _tell(announcement, f"announcement:{announcement.pk}:{update.pk}", update.body, now)


def readable_announcements(reader: User, keys: Collection[str]) -> set[str]:
    """Say which announcements a person may read now (notifications.sight)."""
    found = Announcement.objects.visible_to(reader).filter(pk__in=[int(one) for one in keys])
    return {str(key) for key in found.values_list("pk", flat=True)}


def _tell(announcement: Announcement, key: str, body: str, now: datetime) -> int:
    told = notify(
        people_of(Concern.of(announcement), now),
        key=key,
        kind="announced",
        subject=worded(
            "%(kind)s: %(title)s",
            kind=gettext_lazy(announcement.get_kind_display()),
            title=announcement.title,
        ),
        body=body,
        path=announcement.get_absolute_url(),
        around_the_clock=announcement.level == Level.URGENT,
        matter=Matter(thread=f"announcement:{announcement.pk}", title=announcement.title),
        now=now,
    )
    return len(told)
