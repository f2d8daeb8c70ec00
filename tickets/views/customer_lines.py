"""What happened to a ticket, in lines its customer reads. Internal events never come here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.dateparse import parse_datetime
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.models import User
from entitlements.choices import Severity
from sla import wording
from tickets.choices import Channel, EscalationEnd, EventKind, Score, TicketState
from tickets.models import TicketEvent
from tickets.views.filing_channel import channel_icon, channel_of

type Teller = Callable[[TicketEvent, ZoneInfo], SafeString]


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as a line."""

    text: SafeString
    at: datetime
    icon: str
    is_good: bool = False
    is_message: bool = False


def customer_line(event: TicketEvent, reader: User) -> Happened | None:
    """An event as its customer reads it; None for what is told by a text, or not at all."""
    return event_line(event, ZoneInfo(reader.timezone))


def event_line(event: TicketEvent, zone: ZoneInfo) -> Happened | None:
    """As `customer_line`, for many events of one reader."""
    kind = EventKind(event.kind)
    if kind not in _WORDS:
        return None
    icon, tell = _WORDS[kind]
    if kind == EventKind.FILED:
        icon = channel_icon(event)
    return Happened(tell(event, zone), event.at, icon, is_good=kind in _GOOD)


def _who(event: TicketEvent) -> str:
    return str(event.by) if event.by is not None else _("The portal")


def _line_of(words: str, **values: object) -> SafeString:
    """A whole sentence in the reader's language, its values escaped."""
    told = {name: escape(value) for name, value in values.items()}
    return SafeString(_(words) % told)  # The sentences are our own.


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return wording.moment_words(at, zone, now=now, language=get_language())


def _said(words: str, *, with_reason: bool = False) -> Teller:
    """A line of who did what; the reason only where it was written for the customer."""

    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        line = _line_of(words, who=_who(event))
        if with_reason and event.reason:
            return format_html("{}: {}", line, event.reason)
        return line

    return tell


def _plain(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return _line_of(words)

    return tell


_FILED_BY = {
    Channel.PORTAL: gettext_noop("<b>%(who)s</b> filed it for you in the portal"),
    Channel.PHONE: gettext_noop("<b>%(who)s</b> filed it for you by phone"),
    Channel.EMAIL: gettext_noop("<b>%(who)s</b> filed it for you by e-mail"),
    Channel.API: gettext_noop("<b>%(who)s</b> filed it for you through the API"),
}


def _filed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    return _line_of(_FILED_BY[channel_of(event)], who=_who(event))


def _assigned(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    name = event.details.get("assignee_name")
    if name is None:
        return _line_of(gettext_noop("<b>We</b> have the ticket now"))
    return _line_of(gettext_noop("<b>%(name)s</b> has the ticket now"), name=name)


def _severity(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    before, after = (_(Severity(value).label) for value in event.details["severity"])
    return _line_of(
        gettext_noop(
            "<b>%(who)s</b> changed the severity from %(before)s to <b>%(after)s</b>: %(reason)s"
        ),
        who=_who(event),
        before=before,
        after=after,
        reason=event.reason,
    )


def _reassessed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    was, will = (
        _moment(datetime.fromisoformat(at), zone, event.at) for at in event.details["deadline"]
    )
    return _line_of(
        gettext_noop(
            "<b>%(who)s</b> re-assessed the deadline from %(before)s to <b>%(after)s</b>: "
            "%(reason)s"
        ),
        who=_who(event),
        before=was,
        after=will,
        reason=event.reason,
    )


def _contested(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    return _line_of(
        gettext_noop("<b>%(who)s</b> asks for <b>%(severity)s</b>: %(reason)s"),
        who=_who(event),
        severity=_(Severity(event.details["asked"][1]).label),
        reason=event.reason,
    )


def _escalation_owner(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    name = event.details.get("owner_name") or _("Somebody else")
    return _line_of(gettext_noop("<b>%(name)s</b> owns the escalation now"), name=name)


def _escalation_ended(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    line = _line_of(gettext_noop("<b>%(who)s</b> ended the escalation"), who=_who(event))
    # Nobody wrote why where the ticket was closed: it is stored in English.
    is_closed = event.details.get("how") == EscalationEnd.CLOSED
    reason = f"{_(EscalationEnd.CLOSED.label)}." if is_closed else event.reason
    return format_html("{}: {}", line, reason) if reason else line


def _called(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    name = event.details.get("caller") or _("Somebody")
    at = parse_datetime(event.details.get("called_at", ""))
    if at is None:
        return _line_of(gettext_noop("<b>%(name)s</b> called"), name=name)
    local = at.astimezone(zone)
    moment = f"{local:%H:%M} {wording.zone_word(local)}"
    return _line_of(gettext_noop("<b>%(name)s</b> called at %(time)s"), name=name, time=moment)


def _lab(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    if event.details["state"][1] == TicketState.WAITING_FOR_LAB:
        return _line_of(gettext_noop("Our lab looks into it"))
    return _line_of(gettext_noop("Our lab is done with it"))


def _with_ticket(words: str) -> Teller:
    """A line about another ticket of theirs.

    No link: the colleague who reads this may not see that ticket.
    """

    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return _line_of(words, ticket=f"TK-{int(event.details['ticket'])}")

    return tell


def _copied(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return _line_of(words, name=event.details["person_name"])

    return tell


def _call(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        at = datetime.fromisoformat(event.details["starts_at"])
        return _line_of(
            words,
            who=_who(event),
            at=_moment(at, zone, event.at),
            topic=event.details["topic"],
        )

    return tell


def _file(words: str) -> Teller:
    def tell(event: TicketEvent, zone: ZoneInfo) -> SafeString:
        return _line_of(words, name=event.details.get("file") or _("A file"))

    return tell


_RATED = {
    Score.POOR: gettext_noop("<b>%(who)s</b> found that it went not well"),
    Score.FAIR: gettext_noop("<b>%(who)s</b> found that it went all right"),
    Score.GOOD: gettext_noop("<b>%(who)s</b> found that it went well"),
}


def _rated(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    line = _line_of(_RATED[Score(event.details["score"][1])], who=_who(event))
    return format_html("{}: {}", line, event.reason) if event.reason else line


def _closed(event: TicketEvent, zone: ZoneInfo) -> SafeString:
    if event.by is None:
        return _line_of(gettext_noop("Closed by itself, 14 days after it was solved"))
    return _line_of(gettext_noop("<b>%(who)s</b> closed the ticket"), who=event.by)


# Reasons of hand-overs, excuses and overturned answers were written for colleagues: not told.
_WORDS: dict[EventKind, tuple[str, Teller]] = {
    EventKind.FILED: ("phone", _filed),
    EventKind.TAKEN: ("user", _said(gettext_noop("<b>%(who)s</b> took the ticket"))),
    EventKind.ASSIGNED: ("user-share", _assigned),
    EventKind.RELEASED: ("inbox", _plain(gettext_noop("Back in our queue for the next engineer"))),
    EventKind.SEVERITY_CHANGED: ("flag", _severity),
    EventKind.SEVERITY_CONTESTED: ("alert-circle", _contested),
    EventKind.REASSESSED: ("history", _reassessed),
    EventKind.CALLED: ("phone-call", _called),
    EventKind.MISSED: (
        "clock-x",
        _plain(gettext_noop("The promised time passed without an answer from us")),
    ),
    EventKind.EXCUSED: (
        "clock-check",
        _said(gettext_noop("<b>%(who)s</b> marked the late answer as excused")),
    ),
    EventKind.OVERTURNED: (
        "rotate",
        _plain(gettext_noop("An answer no longer counts as our first answer; the clock runs on")),
    ),
    EventKind.HELP_REQUESTED: (
        "bell-ringing",
        _said(gettext_noop("<b>%(who)s</b> escalated this"), with_reason=True),
    ),
    EventKind.HELP_ANSWERED: (
        "message",
        _said(gettext_noop("<b>%(who)s</b> on the escalation"), with_reason=True),
    ),
    EventKind.HELP_HANDED_OVER: ("user-share", _escalation_owner),
    EventKind.HELP_ENDED: ("circle-check", _escalation_ended),
    EventKind.STATE_CHANGED: ("microscope", _lab),
    EventKind.RESOLVED: ("circle-check", _said(gettext_noop("<b>%(who)s</b> marked it as solved"))),
    EventKind.CLOSED: ("checks", _closed),
    EventKind.RATED: ("star", _rated),
    EventKind.CALL_ARRANGED: (
        "calendar",
        _call(gettext_noop("<b>%(who)s</b> arranged a call for <b>%(at)s</b>: %(topic)s")),
    ),
    EventKind.CALL_MOVED: (
        "calendar",
        _call(gettext_noop("<b>%(who)s</b> moved a call to <b>%(at)s</b>: %(topic)s")),
    ),
    EventKind.CALL_CANCELLED: (
        "calendar-off",
        _call(gettext_noop("<b>%(who)s</b> cancelled the call of <b>%(at)s</b>: %(topic)s")),
    ),
    EventKind.REOPENED: (
        "arrow-back-up",
        _said(gettext_noop("<b>%(who)s</b> reopened the ticket")),
    ),
    EventKind.FOLLOWED_UP: (
        "link",
        _with_ticket(gettext_noop('Followed up in <b class="mono">%(ticket)s</b>')),
    ),
    EventKind.COPIED: ("mail", _copied(gettext_noop("<b>%(name)s</b> gets copies now"))),
    EventKind.UNCOPIED: ("mail", _copied(gettext_noop("<b>%(name)s</b> gets no more copies"))),
    EventKind.FILE_REFUSED: (
        "ban",
        _file(gettext_noop("<b>%(name)s</b> was refused by the scanner")),
    ),
    EventKind.SAMPLE_MARKED: (
        "virus",
        _file(gettext_noop("<b>%(name)s</b> is a malware sample: only our lab opens it")),
    ),
    EventKind.SAMPLE_REMOVED: (
        "trash",
        _file(gettext_noop("<b>%(name)s</b> was deleted after its time; its SHA-256 stays")),
    ),
    EventKind.MERGED: (
        "git-merge",
        _with_ticket(gettext_noop('Goes on in <b class="mono">%(ticket)s</b>')),
    ),
    EventKind.MERGED_IN: (
        "git-merge",
        _with_ticket(
            gettext_noop('We answer here, too, what you asked in <b class="mono">%(ticket)s</b>')
        ),
    ),
    EventKind.UNMERGED: (
        "arrow-back-up",
        _with_ticket(
            gettext_noop('Stands by itself again, apart from <b class="mono">%(ticket)s</b>')
        ),
    ),
    EventKind.UNMERGED_FROM: (
        "arrow-back-up",
        _with_ticket(gettext_noop('Stands by itself again: <b class="mono">%(ticket)s</b>')),
    ),
    EventKind.SPLIT: (
        "copy",
        _with_ticket(
            gettext_noop('A message became a ticket of its own: <b class="mono">%(ticket)s</b>')
        ),
    ),
}
_GOOD = frozenset({EventKind.RESOLVED})
