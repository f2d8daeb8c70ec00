"""A ticket's conversation as its customer reads it. Notes and internal events never come here."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from entitlements.choices import Severity
from sla import wording
from tickets.choices import Channel, EventKind, Score, TicketState
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.views.clock_words import first_answer_words

type Teller = Callable[[TicketEvent, ZoneInfo], SafeString]


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
class Happened:
    """An event as a line."""

    text: SafeString
    at: datetime
    icon: str
    is_good: bool = False
    is_message: bool = False


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
    """Put what the customer may read into days, oldest first. Runs no query of its own.

    `merged` are tickets merged into it: what was said there is among the messages and files.
    What is handed in must be scoped with `visible_to(reader)`; files on notes are left out again.
    """
    zone = ZoneInfo(reader.timezone)
    of_message: dict[int, list[Attachment]] = defaultdict(list)
    for file in files:
        if file.note_id is None:
            of_message[file.message_id or -file.ticket_id].append(file)
    company, us = str(ticket.customer), f"{settings.VENDOR_NAME} Support"
    origin = {one.pk: f" (from {one.reference})" for one in merged}
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
    clock = ticket.response_clock
    if clock is not None and clock.stopped_at is not None and not _was_withdrawn(ticket):
        yield Happened(
            first_answer_words(clock),
            clock.stopped_at,
            "circle-check",
            is_good=clock.due_at is None or clock.stopped_at <= clock.due_at,
        )
    for event in events:
        if event.kind == EventKind.FILED and ticket.channel == Channel.PORTAL:
            continue
        if (line := _line(event, zone)) is not None:
            yield line


def customer_line(event: TicketEvent, reader: User) -> Happened | None:
    """An event as its customer reads it; None for what is told by a text, or not at all."""
    return _line(event, ZoneInfo(reader.timezone))


def _line(event: TicketEvent, zone: ZoneInfo) -> Happened | None:
    kind = EventKind(event.kind)
    if kind not in _WORDS:
        return None
    icon, tell = _WORDS[kind]
    return Happened(tell(event, zone), event.at, icon, is_good=kind in _GOOD)


def _was_withdrawn(ticket: Ticket) -> bool:
    """Whether the clock stopped with the customer's own closing and not with an answer."""
    clock = ticket.response_clock
    return (
        clock is not None
        and ticket.state == TicketState.CLOSED
        and clock.stopped_at == ticket.closed_at
    )


def _who(event: TicketEvent) -> str:
    return str(event.by) if event.by is not None else "The portal"


def _said(words: str, *, with_reason: bool = False) -> Teller:
    """A line of who did what; the reason only where it was written for the customer."""

    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        reason = f": {event.reason}" if with_reason and event.reason else ""
        return format_html("<b>{}</b> {}{}", _who(event), words, reason)

    return tell


def _plain(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return format_html("{}", words)

    return tell


def _filed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    channel = Channel(event.details.get("channel", Channel.PORTAL))
    return format_html("<b>{}</b> filed it for you by {}", _who(event), channel.label.lower())


def _assigned(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    return format_html("<b>{}</b> has the ticket now", event.details.get("assignee_name", "We"))


def _severity(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    before, after = (Severity(value).label for value in event.details["severity"])
    return format_html(
        "<b>{}</b> changed the severity from {} to <b>{}</b>: {}",
        _who(event),
        before,
        after,
        event.reason,
    )


def _reassessed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    was, will = (
        wording.moment_words(datetime.fromisoformat(at), zone, now=event.at)
        for at in event.details["deadline"]
    )
    return format_html(
        "<b>{}</b> re-assessed the deadline from {} to <b>{}</b>: {}",
        _who(event),
        was,
        will,
        event.reason,
    )


def _contested(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    asked = Severity(event.details["asked"][1]).label
    return format_html("<b>{}</b> asks for <b>{}</b>: {}", _who(event), asked, event.reason)


def _escalation_owner(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    name = event.details.get("owner_name", "Somebody else")
    return format_html("<b>{}</b> owns the escalation now", name)


def _called(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    at = parse_datetime(event.details.get("called_at", ""))
    local = at.astimezone(zone) if at is not None else None
    moment = f" at {local:%H:%M} {wording.zone_word(local)}" if local is not None else ""
    return format_html("<b>{}</b> called{}", event.details.get("caller", "Somebody"), moment)


def _lab(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    asked = event.details["state"][1] == TicketState.WAITING_FOR_LAB
    return format_html("{}", "Our lab looks into it" if asked else "Our lab is done with it")


def _followed_up(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    number = int(event.details["ticket"])
    # The colleague who reads this may not see the follow-up, so its number is no link here.
    return format_html('Followed up in <b class="mono">TK-{}</b>', number)


def _with_ticket(words: str) -> Teller:
    """A line about another ticket of theirs; no link, as for a follow-up."""

    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        number = int(event.details["ticket"])
        return format_html('{} <b class="mono">TK-{}</b>', words, number)

    return tell


def _copied(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    return format_html("<b>{}</b> gets copies now", event.details["person_name"])


def _uncopied(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    return format_html("<b>{}</b> gets no more copies", event.details["person_name"])


def _call(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        at = datetime.fromisoformat(event.details["starts_at"])
        moment = wording.moment_words(at, zone, now=event.at)
        topic = event.details["topic"]
        return format_html("<b>{}</b> {} <b>{}</b>: {}", _who(event), words, moment, topic)

    return tell


def _file(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return format_html("<b>{}</b> {}", event.details.get("file", "A file"), words)

    return tell


def _rated(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    said = Score(event.details["score"][1]).label.lower()
    words = f": {event.reason}" if event.reason else ""
    return format_html("<b>{}</b> found that it went {}{}", _who(event), said, words)


def _closed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    if event.by is None:
        return format_html("{}", "Closed by itself, 14 days after it was solved")
    return format_html("<b>{}</b> closed the ticket", event.by)


# Reasons of hand-overs, excuses and overturned answers were written for colleagues: not told.
_WORDS: dict[EventKind, tuple[str, Teller]] = {
    EventKind.FILED: ("phone", _filed),
    EventKind.TAKEN: ("user", _said("took the ticket")),
    EventKind.ASSIGNED: ("user-share", _assigned),
    EventKind.RELEASED: ("inbox", _plain("Back in our queue for the next engineer")),
    EventKind.SEVERITY_CHANGED: ("flag", _severity),
    EventKind.SEVERITY_CONTESTED: ("alert-circle", _contested),
    EventKind.REASSESSED: ("history", _reassessed),
    EventKind.CALLED: ("phone-call", _called),
    EventKind.MISSED: ("clock-x", _plain("The promised time passed without an answer from us")),
    EventKind.EXCUSED: ("clock-check", _said("marked the late answer as excused")),
    EventKind.OVERTURNED: (
        "rotate",
        _plain("An answer no longer counts as our first answer; the clock runs on"),
    ),
    EventKind.HELP_REQUESTED: ("bell-ringing", _said("escalated this", with_reason=True)),
    EventKind.HELP_ANSWERED: (
        "message",
        _said("on the escalation", with_reason=True),
    ),
    EventKind.HELP_HANDED_OVER: ("user-share", _escalation_owner),
    EventKind.HELP_ENDED: ("circle-check", _said("ended the escalation", with_reason=True)),
    EventKind.STATE_CHANGED: ("microscope", _lab),
    EventKind.RESOLVED: ("circle-check", _said("marked it as solved")),
    EventKind.CLOSED: ("checks", _closed),
    EventKind.RATED: ("star", _rated),
    EventKind.CALL_ARRANGED: ("calendar", _call("arranged a call for")),
    EventKind.CALL_MOVED: ("calendar", _call("moved a call to")),
    EventKind.CALL_CANCELLED: ("calendar-off", _call("cancelled the call of")),
    EventKind.REOPENED: ("arrow-back-up", _said("reopened the ticket")),
    EventKind.FOLLOWED_UP: ("link", _followed_up),
    EventKind.COPIED: ("mail", _copied),
    EventKind.UNCOPIED: ("mail", _uncopied),
    EventKind.FILE_REFUSED: ("ban", _file("was refused by the scanner")),
    EventKind.SAMPLE_MARKED: ("virus", _file("is a malware sample: only our lab opens it")),
    EventKind.MERGED: ("git-merge", _with_ticket("Goes on in")),
    EventKind.MERGED_IN: ("git-merge", _with_ticket("We answer here, too, what you asked in")),
    EventKind.UNMERGED: ("arrow-back-up", _with_ticket("Stands by itself again, apart from")),
    EventKind.UNMERGED_FROM: ("arrow-back-up", _with_ticket("Stands by itself again:")),
    EventKind.SPLIT: ("copy", _with_ticket("A message became a ticket of its own:")),
}
_GOOD = frozenset({EventKind.RESOLVED})
