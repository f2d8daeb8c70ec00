"""What clocks, ladders and escalations did on a ticket, as staff read it."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString

from sla import ladder_words, wording
from sla.choices import LateCause
from tickets.models import TicketEvent
from tickets.views.staff_line_words import local_time, who, why


def reassessed(event: TicketEvent) -> SafeString:
    """A deadline was counted anew."""
    was, will = (
        wording.moment_words(
            datetime.fromisoformat(at), timezone.get_current_timezone(), now=event.at
        )
        for at in event.details["deadline"]
    )
    return format_html(
        "<b>{}</b> re-assessed the deadline from {} to <b>{}</b>{}",
        who(event),
        was,
        will,
        why(event),
    )


def escalated(event: TicketEvent) -> SafeString:
    """A step of the ladder was taken."""
    return format_html(
        '<b>{}</b>{} <span class="tag tag--line">Internal</span>',
        ladder_words.capital(event.details.get("reached") or event.details.get("step", "")),
        _done(event),
    )


def escalation_owner(event: TicketEvent) -> SafeString:
    """A customer's escalation has another owner."""
    name = event.details.get("owner_name", "somebody")
    if name == who(event):
        return format_html("<b>{}</b> took the escalation{}", name, why(event))
    return format_html("<b>{}</b> gave the escalation to <b>{}</b>{}", who(event), name, why(event))


def word_overdue(event: TicketEvent) -> SafeString:
    """The word promised on an escalation did not come."""
    promised = parse_datetime(event.details["next_word_at"])
    assert promised is not None, "it is written as an instant"
    owner = event.details.get("owner_name")
    return format_html(
        "<b>The customer waits for word</b> promised by {} on the escalation{}"
        ' <span class="tag tag--line">Internal</span>',
        local_time(promised),
        f", which {owner} owns" if owner else ", which nobody owns",
    )


def missed(event: TicketEvent) -> SafeString:
    """A deadline passed."""
    due = parse_datetime(event.details.get("due_at", ""))
    return format_html(
        "<b>Deadline passed</b>{}{}",
        format_html(", due {}", local_time(due)) if due else "",
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


def acknowledged(event: TicketEvent) -> SafeString:
    """Somebody acknowledged a step of the ladder."""
    return format_html(
        '<b>{}</b> acknowledged the escalation: {} <span class="tag tag--line">Internal</span>',
        who(event),
        event.details["reached"],
    )
