"""By what way a ticket reached us, as its thread shows it to either side."""

from tickets.choices import Channel
from tickets.models import TicketEvent

_ICONS = {
    Channel.PORTAL: "world",
    Channel.PHONE: "phone",
    Channel.EMAIL: "mail",
    Channel.API: "switch-horizontal",
}


def channel_of(event: TicketEvent) -> Channel:
    """The channel that the event of a filing names."""
    return Channel(event.details.get("channel", Channel.PORTAL))


def channel_icon(event: TicketEvent) -> str:
    """The icon of the filing's line."""
    return _ICONS[channel_of(event)]
