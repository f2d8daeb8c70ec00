"""One ticket as a PDF."""

import json
from collections.abc import Sequence
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst
from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from sla import wording
from sla.explanation import Explanation
from tickets.choices import INTERNAL_EVENTS
from tickets.mail_words import in_zones
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.printing.prose import pieces_of
from tickets.views.customer_lines import Happened
from tickets.views.customer_thread import Day, Said, customer_thread

LAYOUT = Path(__file__).parent / "ticket.typ"


def print_ticket(
    ticket: Ticket, *, reader: User, explanation: Explanation | None, now: datetime
) -> bytes:
    """Typeset a ticket as its customer reads it, whoever prints it, in words of the reader's.

    Notes, internal events and files on notes are left out of what is asked for, and not only of
    what is drawn: nothing of them reaches this module.
    """
    return typeset(_data(ticket, _days(ticket, reader), reader, explanation, now), now=now)


def typeset(data: dict[str, Any], *, now: datetime) -> bytes:
    """Lay out a ticket's words. They go in as data: nothing in them is read as markup."""
    document: bytes = typst.compile(
        LAYOUT,
        root=LAYOUT.parent,
        sys_inputs={"ticket": json.dumps(data)},
        # The same page on every machine.
        ignore_system_fonts=True,
        # The typesetter takes whole seconds only.
        timestamp=now.replace(microsecond=0),
    )
    return document


def _days(ticket: Ticket, reader: User) -> list[Day]:
    files = Attachment.objects.visible_to(reader).filter(ticket=ticket, note__isnull=True)
    return customer_thread(
        ticket,
        reader=reader,
        messages=Message.objects.visible_to(reader).filter(ticket=ticket).select_related("author"),
        events=TicketEvent.objects.visible_to(reader)
        .filter(ticket=ticket)
        .exclude(kind__in=INTERNAL_EVENTS)
        .select_related("by"),
        files=files.select_related("ticket"),
    )


def _data(
    ticket: Ticket,
    days: Sequence[Day],
    reader: User,
    explanation: Explanation | None,
    now: datetime,
) -> dict[str, Any]:
    zone, language = ZoneInfo(reader.timezone), get_language()

    def moment(at: datetime | None) -> str:
        return wording.moment_words(at, zone, now=now, language=language) if at else ""

    product = f"{ticket.product.name} {ticket.version}".strip() if ticket.product else ""
    facts = [
        (_("Kind"), _(ticket.get_kind_display())),
        (_("Severity"), _(ticket.get_severity_display())),
        (_("State"), _(ticket.get_state_display())),
        (_("Product"), product),
        (_("Reported by"), ticket.filed_by.name),
        (_("Engineer"), ticket.assignee.name if ticket.assignee else _("Nobody yet")),
        (_("Opened"), moment(ticket.filed_at)),
        (_("Terms"), ticket.edition.name),
        (_("Solved"), moment(ticket.resolved_at)),
        (_("Closed"), moment(ticket.closed_at)),
    ]
    return {
        "vendor": f"{settings.VENDOR_NAME} Support",
        "reference": ticket.reference,
        "subject": ticket.subject,
        "customer": ticket.customer.name,
        "facts": [(name, value) for name, value in facts if value],
        "promise": _promise(ticket, reader, explanation, now),
        "days": [
            {
                "name": wording.long_day_words(day.start.astimezone(zone), language),
                "entries": [_entry(one, zone) for one in day.entries],
            }
            for day in days
        ],
        "printed": _("Printed for %(name)s, %(at)s") % {"name": reader.name, "at": moment(now)},
        "language": language or "en",
        # The typesetter puts the numbers in.
        "pages": _("1 of 1"),
        "files": _("Files"),
    }


def _promise(
    ticket: Ticket, reader: User, explanation: Explanation | None, now: datetime
) -> list[str]:
    clock = ticket.response_clock
    if clock is None:
        return [_("No promised time.")]
    due, answered = (
        in_zones(at, reader, clock.zone, now) if at else ""
        for at in (clock.due_at, ticket.answered_at)
    )
    lines = [_("First qualified answer promised by %(at)s.") % {"at": due}]
    if answered:
        lines.append(_("Answered %(at)s.") % {"at": answered})
    if explanation is not None:
        lines.append(explanation.sentence)
    return lines


def _entry(one: Said | Happened, zone: ZoneInfo) -> dict[str, Any]:
    if isinstance(one, Said):
        return {
            "kind": "said",
            "who": one.author.name,
            "role": one.role,
            "at": f"{one.created_at.astimezone(zone):%H:%M}",
            "parts": pieces_of(one.body),
            "files": [file.name for file in one.files],
        }
    # The line is HTML of our own making, its words escaped in it.
    return {
        "kind": "event",
        "at": f"{one.at.astimezone(zone):%H:%M}",
        "text": unescape(strip_tags(one.text)),
    }
