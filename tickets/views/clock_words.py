"""What both sides' threads say of a clock, in the same words."""

from datetime import timedelta

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from sla import wording
from sla.models import Clock
from tickets.models import Ticket


def answered_clock(ticket: Ticket) -> Clock | None:
    """The ticket's clock once an answer stopped it, and not the customer's own closing."""
    return ticket.response_clock if ticket.answered_at is not None else None


def first_answer_words(clock: Clock) -> SafeString:
    """Say after how much covered time the first qualified answer came."""
    target = wording.span_sentence(clock.target)
    if clock.was_answered_before_hours:
        words = _("First answer <b>before the covered hours</b>, the target was %(target)s")
        return SafeString(words % {"target": target})
    taken = wording.span_sentence(clock.elapsed_at_stop or timedelta(0))
    words = _("First answer after <b>%(taken)s</b>, the target was %(target)s")
    return SafeString(words % {"taken": taken, "target": target})  # Our own words and figures.
