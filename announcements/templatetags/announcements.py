"""The banner of what is announced, for the pages where people begin."""

from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.compiled import Compiled
from accounts.models import User
from announcements.models import Announcement
from announcements.permissions import can_announce
from tickets.models import Outbreak

register = template.Library()

# More would push away what the page is for; the page of all has the others.
MOST = 3


# Of staff alone: what concerns a customer also follows from days before now.
_FOR_STAFF = Compiled(lambda reader, now: Announcement.objects.for_banner(reader, now)[: MOST + 1])


@register.simple_tag(takes_context=True)
def announcement_banner(context: Context) -> SafeString:
    """Draw what concerns the reader now and they have not acknowledged.

    One query, unless it was read with the person that nothing is announced to anybody.
    """
    user = context["user"]
    is_asked = user.is_authenticated and user.is_anything_announced is not False
    found = _concerning(user) if is_asked else []
    if not found:
        return SafeString("")
    shown = {"announcements": found[:MOST], "has_more": len(found) > MOST}
    return render_to_string("announcements/_banner.html", shown, context["request"])


def _concerning(reader: User) -> list[Announcement]:
    now = timezone.now()
    if reader.is_staff_member:
        return _FOR_STAFF.all(reader, now)
    return list(Announcement.objects.for_banner(reader, now)[: MOST + 1])


@register.inclusion_tag("announcements/_of_outbreak.html", takes_context=True)
def outbreak_announcements(context: Context, outbreak: Outbreak) -> dict[str, Any]:
    """Draw what was announced of an outbreak, and the way to write it; for its page of staff."""
    return {
        "announcements": list(outbreak.announcements.order_by("-starts_at")),
        "outbreak": outbreak,
        "can_announce": outbreak.is_open and can_announce(context["user"]),
        "now": timezone.now(),
    }
