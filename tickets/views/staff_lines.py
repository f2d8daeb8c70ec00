"""What happened on a ticket, a line an event, as staff read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from entitlements.choices import Severity
from sla import wording
from tickets.choices import OF_A_NOTES_FILE, EventKind, Score, TicketState
from tickets.models import TicketEvent
from tickets.views.filing_channel import channel_icon, channel_of
from tickets.views.staff_clock_lines import (
    acknowledged,
    escalated,
    escalation_owner,
    missed,
    reassessed,
    word_overdue,
)
from tickets.views.staff_line_words import local_time, who, why

# What these tell stands in the thread as the message or note itself.
TOLD_BY_TEXT = frozenset({EventKind.ANSWERED, EventKind.CUSTOMER_WROTE, EventKind.NOTED})


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a line."""

    text: SafeString
    at: datetime
    icon: str
    is_good: bool = False


def staff_line(event: TicketEvent) -> Happened | None:
    """An event as staff read it; None for what stands in the thread as a text."""
    kind = EventKind(event.kind)
    if kind in TOLD_BY_TEXT:
        return None
    icon, tell = _EVENTS[kind]
    if kind == EventKind.FILED:
        icon = channel_icon(event)
    return Happened(tell(event), event.at, icon)


def _plain(words: str) -> Callable[[TicketEvent], SafeString]:
    def tell(event: TicketEvent) -> SafeString:
        return format_html("<b>{}</b> {}{}", who(event), words, why(event))

    return tell


def _filed(event: TicketEvent) -> SafeString:
    return format_html("<b>{}</b> filed it. Channel: {}", who(event), channel_of(event).label)


def _assigned(event: TicketEvent) -> SafeString:
    name = event.details.get("assignee_name", "somebody")
    return format_html("<b>{}</b> gave it to <b>{}</b>{}", who(event), name, why(event))


def _released(event: TicketEvent) -> SafeString:
    return format_html("<b>{}</b> put it back into the queue{}", who(event), why(event))


def _severity(event: TicketEvent) -> SafeString:
    before, after = (Severity(value).label for value in event.details["severity"])
    return format_html(
        "<b>{}</b> changed the severity from {} to <b>{}</b>{}",
        who(event),
        before,
        after,
        why(event),
    )


def _contested(event: TicketEvent) -> SafeString:
    asked = Severity(event.details["asked"][1]).label
    return format_html("<b>{}</b> asks for <b>{}</b>{}", who(event), asked, why(event))


def _called(event: TicketEvent) -> SafeString:
    at = parse_datetime(event.details.get("called_at", ""))
    return format_html(
        "<b>{}</b> called{}, PIN checked by {}",
        event.details.get("caller", "Somebody"),
        format_html(" at {}", local_time(at)) if at else "",
        who(event),
    )


def _lab(event: TicketEvent) -> SafeString:
    asked = event.details["state"][1] == TicketState.WAITING_FOR_LAB
    words = "asked the lab" if asked else "gave it back from the lab"
    return format_html("<b>{}</b> {}{}", who(event), words, why(event))


def _followed_up(event: TicketEvent) -> SafeString:
    number = int(event.details["ticket"])
    return format_html(
        '<b>{}</b> followed up in <a class="inline mono" href="{}">TK-{}</a>',
        who(event),
        reverse("ticket", args=[number]),
        number,
    )


def _call(words: str) -> Callable[[TicketEvent], SafeString]:
    def tell(event: TicketEvent) -> SafeString:
        at = datetime.fromisoformat(event.details["starts_at"])
        zone = timezone.get_current_timezone()
        moment = wording.moment_words(at, zone, now=event.at)
        topic = event.details["topic"]
        return format_html("<b>{}</b> {} <b>{}</b>: {}", who(event), words, moment, topic)

    return tell


def _rated(event: TicketEvent) -> SafeString:
    said = Score(event.details["score"][1]).label.lower()
    return format_html("<b>{}</b> found that it went {}{}", who(event), said, why(event))


def _tagged(event: TicketEvent) -> SafeString:
    before, after = event.details["tags"]
    changes = [f"+{name}" for name in after if name not in before]
    changes += [f"−{name}" for name in before if name not in after]
    return format_html("<b>{}</b> changed the tags: {}", who(event), ", ".join(changes))


def _with_ticket(words: str) -> Callable[[TicketEvent], SafeString]:
    """A line about another ticket, which is a link for staff."""

    def tell(event: TicketEvent) -> SafeString:
        number = int(event.details["ticket"])
        return format_html(
            '<b>{}</b> {} <a class="inline mono" href="{}">TK-{}</a>{}',
            who(event),
            words,
            reverse("ticket", args=[number]),
            number,
            why(event),
        )

    return tell


def _outbreak(event: TicketEvent) -> SafeString:
    joined = event.kind == EventKind.JOINED_OUTBREAK
    # Without its name: an account manager of this customer sees no others, and no outbreak.
    return format_html(
        '<b>{}</b> {} <span class="tag tag--line">Internal</span>',
        who(event),
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
    return format_html("<b>{}</b> gives <b>{}</b> copies of it", who(event), name)


def _uncopied(event: TicketEvent) -> SafeString:
    name = event.details["person_name"]
    return format_html("<b>{}</b> sends <b>{}</b> no more copies", who(event), name)


_FILES: dict[EventKind, tuple[str, Callable[[TicketEvent], SafeString]]] = {
    EventKind.FILE_REFUSED: ("ban", _file("was refused by the scanner")),
    EventKind.SAMPLE_MARKED: ("virus", _file("is a malware sample: only the lab opens it")),
    EventKind.SAMPLE_REMOVED: ("trash", _file("was deleted after its time; its SHA-256 stays")),
}
_EVENTS: dict[EventKind, tuple[str, Callable[[TicketEvent], SafeString]]] = {
    EventKind.FILED: ("phone", _filed),
    EventKind.TAKEN: ("user", _plain("took the ticket")),
    EventKind.ASSIGNED: ("user-share", _assigned),
    EventKind.RELEASED: ("user-minus", _released),
    EventKind.SEVERITY_CHANGED: ("flag", _severity),
    EventKind.SEVERITY_CONTESTED: ("alert-triangle", _contested),
    EventKind.REASSESSED: ("history", reassessed),
    EventKind.CALLED: ("phone-call", _called),
    EventKind.ESCALATED: ("bell-ringing", escalated),
    EventKind.ACKNOWLEDGED: ("user-check", acknowledged),
    EventKind.MISSED: ("clock-x", missed),
    EventKind.EXCUSED: ("clock-check", _plain("excused the missed deadline")),
    EventKind.OVERTURNED: ("rotate", _plain("took the mark “qualified answer” back")),
    EventKind.HELP_REQUESTED: ("bell-ringing", _plain("escalated this ticket")),
    EventKind.HELP_ANSWERED: ("message", _plain("answered the escalation")),
    EventKind.HELP_HANDED_OVER: ("user-share", escalation_owner),
    EventKind.HELP_ENDED: ("circle-check", _plain("ended the escalation")),
    EventKind.HELP_OVERDUE: ("flag", word_overdue),
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
    **_FILES,
    **{OF_A_NOTES_FILE[kind]: line for kind, line in _FILES.items()},
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
