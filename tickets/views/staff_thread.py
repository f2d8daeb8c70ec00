"""A ticket's conversation as staff read it: messages, notes and events in one line of time."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django import forms
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from entitlements.choices import Severity
from sla import ladder_words, wording
from sla.choices import LateCause
from tickets.choices import Channel, EventKind, Score, TicketState
from tickets.models import Attachment, Message, Note, Ticket, TicketEvent
from tickets.permissions import can_overturn
from tickets.views.clock_words import first_answer_words

# What these tell stands in the thread as the message or note itself.
TOLD_BY_TEXT = frozenset({EventKind.ANSWERED, EventKind.CUSTOMER_WROTE, EventKind.NOTED})


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
class Happened:
    """An event as a line."""

    text: SafeString
    at: datetime
    icon: str
    is_good: bool = False


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
    clock = ticket.response_clock
    if clock is not None and clock.stopped_at is not None:
        in_time = clock.due_at is None or clock.stopped_at <= clock.due_at
        yield Happened(
            first_answer_words(clock),
            clock.stopped_at,
            "circle-check" if in_time else "flag",
            is_good=in_time,
        )
    for event in events:
        if event.kind == EventKind.FILED and ticket.channel == Channel.PORTAL:
            continue
        if (line := staff_line(event)) is not None:
            yield line


def staff_line(event: TicketEvent) -> Happened | None:
    """An event as staff read it; None for what stands in the thread as a text."""
    kind = EventKind(event.kind)
    if kind in TOLD_BY_TEXT:
        return None
    icon, tell = _EVENTS[kind]
    return Happened(tell(event), event.at, icon)


def _who(event: TicketEvent) -> str:
    return str(event.by) if event.by is not None else "The portal"


def _why(event: TicketEvent) -> SafeString:
    return format_html(": {}", event.reason) if event.reason else SafeString("")


def _plain(words: str) -> Callable[[TicketEvent], SafeString]:
    def tell(event: TicketEvent) -> SafeString:
        return format_html("<b>{}</b> {}{}", _who(event), words, _why(event))

    return tell


def _filed(event: TicketEvent) -> SafeString:
    channel = Channel(event.details.get("channel", Channel.PORTAL))
    return format_html("<b>{}</b> filed it. Channel: {}", _who(event), channel.label)


def _assigned(event: TicketEvent) -> SafeString:
    name = event.details.get("assignee_name", "somebody")
    return format_html("<b>{}</b> gave it to <b>{}</b>{}", _who(event), name, _why(event))


def _severity(event: TicketEvent) -> SafeString:
    before, after = (Severity(value).label for value in event.details["severity"])
    return format_html(
        "<b>{}</b> changed the severity from {} to <b>{}</b>{}",
        _who(event),
        before,
        after,
        _why(event),
    )


def _contested(event: TicketEvent) -> SafeString:
    asked = Severity(event.details["asked"][1]).label
    return format_html("<b>{}</b> asks for <b>{}</b>{}", _who(event), asked, _why(event))


def _reassessed(event: TicketEvent) -> SafeString:
    was, will = (
        wording.moment_words(
            datetime.fromisoformat(at), timezone.get_current_timezone(), now=event.at
        )
        for at in event.details["deadline"]
    )
    return format_html(
        "<b>{}</b> re-assessed the deadline from {} to <b>{}</b>{}",
        _who(event),
        was,
        will,
        _why(event),
    )


def _called(event: TicketEvent) -> SafeString:
    at = parse_datetime(event.details.get("called_at", ""))
    return format_html(
        "<b>{}</b> called{}, PIN checked by {}",
        event.details.get("caller", "Somebody"),
        format_html(" at {}", _local(at)) if at else "",
        _who(event),
    )


def _escalated(event: TicketEvent) -> SafeString:
    return format_html(
        '<b>{}</b>{} <span class="tag tag--line">Internal</span>',
        ladder_words.capital(event.details.get("reached") or event.details.get("step", "")),
        _done(event),
    )


def _escalation_owner(event: TicketEvent) -> SafeString:
    name = event.details.get("owner_name", "somebody")
    if name == _who(event):
        return format_html("<b>{}</b> took the escalation{}", name, _why(event))
    return format_html(
        "<b>{}</b> gave the escalation to <b>{}</b>{}", _who(event), name, _why(event)
    )


def _word_overdue(event: TicketEvent) -> SafeString:
    promised = parse_datetime(event.details["next_word_at"])
    assert promised is not None, "it is written as an instant"
    owner = event.details.get("owner_name")
    return format_html(
        "<b>The customer waits for word</b> promised by {} on the escalation{}"
        ' <span class="tag tag--line">Internal</span>',
        _local(promised),
        f", which {owner} owns" if owner else ", which nobody owns",
    )


def _missed(event: TicketEvent) -> SafeString:
    due = parse_datetime(event.details.get("due_at", ""))
    return format_html(
        "<b>Deadline passed</b>{}{}",
        format_html(", due {}", _local(due)) if due else "",
        _done(event),
    )


def _done(event: TicketEvent) -> SafeString:
    """Say what a step did: whom it told, whom it gave the ticket to."""
    told, silenced = (event.details.get(name, []) for name in ("told", "silenced"))
    words = SafeString("")
    if told:
        words += format_html(". Told: {}", ladder_words.listed(told))
    if silenced:
        words += format_html(". Not told again: {}", ladder_words.listed(silenced))
    if event.details.get("customer_managers"):
        words += SafeString(". Told at the customer: their manager")
    if event.details.get("assignee_name"):
        words += format_html(". Given to <b>{}</b>, on duty", event.details["assignee_name"])
    if event.details.get("nobody_on_duty"):
        words += SafeString(". Nobody is on duty to give it to")
    if event.details.get("late"):
        because = event.details.get("late_because")
        words += format_html(" (late{})", f": {LateCause(because).label}" if because else "")
    return words


def _acknowledged(event: TicketEvent) -> SafeString:
    return format_html(
        '<b>{}</b> acknowledged the escalation: {} <span class="tag tag--line">Internal</span>',
        _who(event),
        event.details["reached"],
    )


def _lab(event: TicketEvent) -> SafeString:
    asked = event.details["state"][1] == TicketState.WAITING_FOR_LAB
    words = "asked the lab" if asked else "gave it back from the lab"
    return format_html("<b>{}</b> {}{}", _who(event), words, _why(event))


def _followed_up(event: TicketEvent) -> SafeString:
    number = int(event.details["ticket"])
    return format_html(
        '<b>{}</b> followed up in <a class="inline mono" href="{}">TK-{}</a>',
        _who(event),
        reverse("ticket", args=[number]),
        number,
    )


def _call(words: str) -> Callable[[TicketEvent], SafeString]:
    def tell(event: TicketEvent) -> SafeString:
        at = datetime.fromisoformat(event.details["starts_at"])
        zone = timezone.get_current_timezone()
        moment = wording.moment_words(at, zone, now=event.at)
        topic = event.details["topic"]
        return format_html("<b>{}</b> {} <b>{}</b>: {}", _who(event), words, moment, topic)

    return tell


def _rated(event: TicketEvent) -> SafeString:
    said = Score(event.details["score"][1]).label.lower()
    return format_html("<b>{}</b> found that it went {}{}", _who(event), said, _why(event))


def _tagged(event: TicketEvent) -> SafeString:
    before, after = event.details["tags"]
    changes = [f"+{name}" for name in after if name not in before]
    changes += [f"−{name}" for name in before if name not in after]
    return format_html("<b>{}</b> changed the tags: {}", _who(event), ", ".join(changes))


def _with_ticket(words: str) -> Callable[[TicketEvent], SafeString]:
    """A line about another ticket, which is a link for staff."""

    def tell(event: TicketEvent) -> SafeString:
        number = int(event.details["ticket"])
        return format_html(
            '<b>{}</b> {} <a class="inline mono" href="{}">TK-{}</a>{}',
            _who(event),
            words,
            reverse("ticket", args=[number]),
            number,
            _why(event),
        )

    return tell


def _outbreak(event: TicketEvent) -> SafeString:
    joined = event.kind == EventKind.JOINED_OUTBREAK
    # Without its name: an account manager of this customer sees no others, and no outbreak.
    return format_html(
        '<b>{}</b> {} <span class="tag tag--line">Internal</span>',
        _who(event),
        "put it with others of one cause" if joined else "took it out of those of one cause",
    )


def _linked(event: TicketEvent) -> SafeString:
    words = "linked it" if event.kind == EventKind.LINKED else "removed a link"
    return _with_ticket(f"{words}: {event.details['link'].lower()}")(event)


def _file(words: str) -> Callable[[TicketEvent], SafeString]:
    def tell(event: TicketEvent) -> SafeString:
        found = event.details.get("found", "")
        why = f" ({found})" if found else ""
        return format_html("<b>{}</b> {}{}", event.details.get("file", "A file"), words, why)

    return tell


def _sample_fetched(event: TicketEvent) -> SafeString:
    return format_html("<b>{}</b> downloaded the sample {}", event.by, event.details["file"])


def _copied(event: TicketEvent) -> SafeString:
    name = event.details["person_name"]
    return format_html("<b>{}</b> gives <b>{}</b> copies of it", _who(event), name)


def _uncopied(event: TicketEvent) -> SafeString:
    name = event.details["person_name"]
    return format_html("<b>{}</b> sends <b>{}</b> no more copies", _who(event), name)


def _local(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M} {wording.zone_word(local)}"


_EVENTS: dict[EventKind, tuple[str, Callable[[TicketEvent], SafeString]]] = {
    EventKind.FILED: ("phone", _filed),
    EventKind.TAKEN: ("user", _plain("took the ticket")),
    EventKind.ASSIGNED: ("user-share", _assigned),
    EventKind.RELEASED: ("user-minus", _plain("put it back into the queue")),
    EventKind.SEVERITY_CHANGED: ("flag", _severity),
    EventKind.SEVERITY_CONTESTED: ("alert-triangle", _contested),
    EventKind.REASSESSED: ("history", _reassessed),
    EventKind.CALLED: ("phone-call", _called),
    EventKind.ESCALATED: ("bell-ringing", _escalated),
    EventKind.ACKNOWLEDGED: ("user-check", _acknowledged),
    EventKind.MISSED: ("clock-x", _missed),
    EventKind.EXCUSED: ("clock-check", _plain("excused the missed deadline")),
    EventKind.OVERTURNED: ("rotate", _plain("took the mark “qualified answer” back")),
    EventKind.HELP_REQUESTED: ("bell-ringing", _plain("escalated this ticket")),
    EventKind.HELP_ANSWERED: ("message", _plain("answered the escalation")),
    EventKind.HELP_HANDED_OVER: ("user-share", _escalation_owner),
    EventKind.HELP_ENDED: ("circle-check", _plain("ended the escalation")),
    EventKind.HELP_OVERDUE: ("flag", _word_overdue),
    EventKind.STATE_CHANGED: ("microscope", _lab),
    EventKind.RESOLVED: ("circle-check", _plain("resolved the ticket")),
    EventKind.CLOSED: ("checks", _plain("closed the ticket")),
    EventKind.RATED: ("star", _rated),
    EventKind.CALL_ARRANGED: ("calendar", _call("arranged a call for")),
    EventKind.CALL_MOVED: ("calendar", _call("moved a call to")),
    EventKind.CALL_CANCELLED: ("calendar-off", _call("cancelled the call of")),
    EventKind.REOPENED: ("arrow-back-up", _plain("reopened the ticket")),
    EventKind.FOLLOWED_UP: ("link", _followed_up),
    EventKind.TAGGED: ("tag", _tagged),
    EventKind.WATCHED: ("eye", _plain("watches this ticket")),
    EventKind.UNWATCHED: ("eye-off", _plain("no longer watches this ticket")),
    EventKind.FILE_REFUSED: ("ban", _file("was refused by the scanner")),
    EventKind.SAMPLE_MARKED: ("virus", _file("is a malware sample: only the lab opens it")),
    EventKind.SAMPLE_FETCHED: ("microscope", _sample_fetched),
    EventKind.COPIED: ("mail", _copied),
    EventKind.UNCOPIED: ("mail", _uncopied),
    EventKind.LINKED: ("link", _linked),
    EventKind.UNLINKED: ("link", _linked),
    EventKind.MERGED: ("git-merge", _with_ticket("merged it into")),
    EventKind.MERGED_IN: ("git-merge", _with_ticket("merged into it")),
    EventKind.UNMERGED: ("arrow-back-up", _with_ticket("undid the merge into")),
    EventKind.UNMERGED_FROM: ("arrow-back-up", _with_ticket("undid the merge of")),
    EventKind.JOINED_OUTBREAK: ("bolt", _outbreak),
    EventKind.LEFT_OUTBREAK: ("bolt", _outbreak),
    EventKind.SPLIT: ("copy", _with_ticket("filed a message by itself as")),
}
