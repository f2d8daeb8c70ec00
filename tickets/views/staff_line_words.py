"""What the lines of a ticket's thread share, as staff read them."""

from datetime import datetime

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sla import wording
from tickets.models import TicketEvent


def who(event: TicketEvent) -> str:
    """Who did it, by name."""
    return str(event.by) if event.by is not None else "The portal"


def why(event: TicketEvent) -> SafeString:
    """The reason, behind a colon; nothing where none was given."""
    return format_html(": {}", event.reason) if event.reason else SafeString("")


def local_time(at: datetime) -> str:
    """A time of day where the reader is, with its zone."""
    local = timezone.localtime(at)
    return f"{local:%H:%M} {wording.zone_word(local)}"
