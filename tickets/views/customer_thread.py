"""A ticket's conversation as its customer reads it. Notes and internal events never come here."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from tickets.choices import Channel, EventKind
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.views.clock_words import answered_clock, first_answer_words
from tickets.views.customer_lines import Happened, event_line


@dataclass(frozen=True, slots=True)
class Said:
    """A message, or the filing itself, in the shape components/_message.html reads."""

    pk: int
    author: User
    body: str
    created_at: datetime
    role: str
    files: list[Attachment] = field(default_factory=list)
    is_message: bool = True


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of the reader's, and what stands in it."""

    start: datetime
    entries: list[Said | Happened]


def customer_thread(
    ticket: Ticket,
    *,
    reader: User,
    messages: Iterable[Message],
    events: Iterable[TicketEvent],
    files: Iterable[Attachment],
    merged: Iterable[Ticket] = (),
) -> list[Day]:
    """Put what the customer may read into days, oldest first; one query where it is merged.

    `merged` are tickets merged into it: what was said there is among the messages and files.
    What is handed in must be scoped with `visible_to(reader)`; files on notes are left out again.
    """
    zone = ZoneInfo(reader.timezone)
    of_message: dict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        if file.note_id is None:
            of_message[file.message_id or -file.ticket_id].append(file)
    company, us = str(ticket.customer), f"{settings.VENDOR_NAME} Support"
    origin = {one.pk: " " + _("(from %(ticket)s)") % {"ticket": one.reference} for one in merged}
    filings = [
        Said(
            -one.pk if one.pk in origin else 0,
            one.filed_by,
            one.description,
            one.filed_at,
            company + origin.get(one.pk, ""),
            of_message[-one.pk],
        )
        for one in [ticket, *merged]
    ]
    said = [
        Said(
            one.pk,
            one.author,
            one.body,
            one.at,
            (us if one.from_staff else company) + origin.get(one.ticket_id, ""),
            of_message[one.pk],
        )
        for one in messages
    ]
    # At one instant the words come first and then what followed from them.
    entries: list[tuple[datetime, int, Said | Happened]] = [
        (filing.created_at, 0, filing) for filing in filings
    ]
    entries += [(one.created_at, 1, one) for one in said]
    entries += [(one.at, 2, one) for one in _lines(ticket, events, zone)]
    entries.sort(key=lambda entry: entry[:2])
    return [
        Day(group[0][0], [entry for _, _, entry in group])
        for _, found in groupby(entries, key=lambda entry: entry[0].astimezone(zone).date())
        if (group := list(found))
    ]


def _lines(ticket: Ticket, events: Iterable[TicketEvent], zone: ZoneInfo) -> Iterator[Happened]:
    clock = answered_clock(ticket)
    if clock is not None and clock.stopped_at is not None:
        yield Happened(
            first_answer_words(clock),
            clock.stopped_at,
            "circle-check",
            is_good=clock.due_at is None or clock.stopped_at <= clock.due_at,
        )
    for event in events:
        if event.kind == EventKind.FILED and ticket.channel == Channel.PORTAL:
            continue
        if (line := event_line(event, zone)) is not None:
            yield line
