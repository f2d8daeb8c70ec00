"""A ticket's conversation as staff read it: messages, notes and events in one line of time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms

from accounts.models import User
from tickets.choices import Channel, EventKind
from tickets.models import Attachment, Message, Note, Ticket, TicketEvent
from tickets.permissions import can_overturn
from tickets.views.clock_words import answered_clock, first_answer_words
from tickets.views.staff_lines import Happened, staff_line


@dataclass(frozen=True, slots=True)
class Said:
    """A message, a note, or the filing itself, as the thread's parts read it."""

    pk: int
    author: User
    body: str
    created_at: datetime
    role: str
    files: list[Attachment] = field(default_factory=list)
    is_note: bool = False
    badge: str = ""
    overturning: forms.Form | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A local day of the reader's, and what stands in it."""

    start: datetime
    entries: list[Said | Happened]


def staff_thread(
    ticket: Ticket,
    *,
    reader: User,
    vendor: str,
    messages: Iterable[Message],
    notes: Iterable[Note],
    events: Collection[TicketEvent],
    files: Iterable[Attachment],
    overturning: Callable[[Message], forms.Form],
    merged: Iterable[Ticket] = (),
) -> list[Day]:
    """Put everything on a ticket into days, oldest first. Runs no query of its own.

    `merged` are tickets merged into it: what was said there is among the messages, notes and files.
    `overturning` gives the form that takes a message's qualified mark back.
    """
    of_message: dict[int, list[Attachment]] = defaultdict(list)
    of_note: dict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        key = file.note_id or file.message_id or -file.ticket_id
        (of_note if file.note_id else of_message)[key].append(file)
    company, us = str(ticket.customer), f"{vendor} Support"
    mentioned = {
        event.details["note"]: event.details["mentioned"]
        for event in events
        if "mentioned" in event.details
    }
    origin = {one.pk: f" (from {one.reference})" for one in merged}
    entries: list[tuple[datetime, int, Said | Happened]] = [
        (
            one.filed_at,
            0,
            Said(
                -one.pk if one.pk in origin else 0,
                one.filed_by,
                one.description,
                one.filed_at,
                company + origin.get(one.pk, ""),
                of_message[-one.pk],
            ),
        )
        for one in [ticket, *merged]
    ]
    entries += [
        (
            one.at,
            1,
            Said(
                one.pk,
                one.author,
                one.body,
                one.at,
                (us if one.from_staff else company) + origin.get(one.ticket_id, ""),
                of_message[one.pk],
                badge=_badge(one),
                overturning=(
                    overturning(one)
                    if one.qualified
                    and one.overturned_at is None
                    and one.ticket_id == ticket.pk
                    and can_overturn(reader, one)
                    else None
                ),
            ),
        )
        for one in messages
    ]
    entries += [
        (
            one.at,
            1,
            Said(
                one.pk,
                one.author,
                one.body,
                one.at,
                us + origin.get(one.ticket_id, ""),
                of_note[one.pk],
                is_note=True,
                told=", ".join(mentioned.get(one.pk, ())),
            ),
        )
        for one in notes
    ]
    entries += [(one.at, 2, one) for one in _lines(ticket, events)]
    entries.sort(key=lambda entry: entry[:2])
    zone = ZoneInfo(reader.timezone)
    return [
        Day(group[0][0], [entry for _, _, entry in group])
        for _, found in groupby(entries, key=lambda entry: entry[0].astimezone(zone).date())
        if (group := list(found))
    ]


def _badge(message: Message) -> str:
    if message.overturned_at is not None:
        return ""
    return "Qualified answer" if message.qualified else ""


def _lines(ticket: Ticket, events: Iterable[TicketEvent]) -> Iterator[Happened]:
    clock = answered_clock(ticket)
    if clock is not None and clock.stopped_at is not None:
        in_time = clock.due_at is None or clock.stopped_at <= clock.due_at
        yield Happened(
            first_answer_words(clock),
            clock.stopped_at,
            "circle-check" if in_time else "flag",
            is_good=in_time,
        )
    for event in events:
        # What its own people filed here is told by the first message; not what we filed for them.
        if (
            event.kind == EventKind.FILED
            and ticket.channel == Channel.PORTAL
            and event.by_id == ticket.filed_by_id
        ):
            continue
        if (line := staff_line(event)) is not None:
            yield line
