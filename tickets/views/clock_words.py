"""What both sides' threads say of a clock, in the same words."""

from datetime import timedelta

from django.utils.html import format_html
from django.utils.safestring import SafeString

from sla import wording
from sla.models import Clock


def first_answer_words(clock: Clock) -> SafeString:
    """Say after how much covered time the first qualified answer came."""
    target = wording.span_sentence(clock.target)
    if clock.was_answered_before_hours:
        return format_html(
            "First answer <b>before the covered hours</b>, the target was {}", target
        )
    taken = wording.span_sentence(clock.elapsed_at_stop or timedelta(0))
    return format_html("First answer after <b>{}</b>, the target was {}", taken, target)
