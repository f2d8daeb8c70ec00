"""The banner of what is announced, for the pages where people begin."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from announcements.models import Announcement
from announcements.permissions import can_announce
from tickets.models import Outbreak

register = template.Library()

# More would push away what the page is for; the page of all has the others.
MOST = 3


@register.inclusion_tag("announcements/_banner.html", takes_context=True)
def announcement_banner(context: Context) -> dict[str, Any]:
    """Draw what concerns the reader now and they have not acknowledged. One query."""
    user = context["user"]
    found = []
    if user.is_authenticated:
        found = list(Announcement.objects.for_banner(user, timezone.now())[: MOST + 1])
    return {
        "announcements": found[:MOST],
        "has_more": len(found) > MOST,
        "csrf_token": context.get("csrf_token"),
        "request": context.get("request"),
    }


@register.inclusion_tag("announcements/_of_outbreak.html", takes_context=True)
def outbreak_announcements(context: Context, outbreak: Outbreak) -> dict[str, Any]:
    """Draw what was announced of an outbreak, and the way to write it; for its page of staff."""
    return {
        "announcements": list(outbreak.announcements.order_by("-starts_at")),
        "outbreak": outbreak,
        "can_announce": outbreak.is_open and can_announce(context["user"]),
        "now": timezone.now(),
    }
