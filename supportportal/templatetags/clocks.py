"""A clock as icon, word and time, in the words of whoever reads it."""

from datetime import datetime, timedelta

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sla import wording
from sla.choices import ClockState
from sla.models import Clock

register = template.Library()

_DIALS = {
    "risk": (
        '<path fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"'
        ' d="M8 1.9 14.6 13.6H1.4z"/><path stroke="currentColor" stroke-width="1.7"'
        ' stroke-linecap="round" d="M8 6.2v3M8 11.5v.1"/>'
    ),
    "breach": (
        '<path fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round"'
        ' stroke-linejoin="round" d="M3.5 14.5v-13M3.5 2.5h9l-2 3 2 3h-9"/>'
    ),
    "paused": (
        '<path fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"'
        ' d="M5.4 4v8M10.6 4v8"/>'
    ),
    "call": (
        '<path fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round"'
        ' d="M3.4 2.4h2.4l1.2 3-1.5.9a6.6 6.6 0 0 0 4.2 4.2l.9-1.5 3 1.2v2.4a1.2 1.2 0 0 1-1.2 1.2'
        'A10.2 10.2 0 0 1 2.2 3.6 1.2 1.2 0 0 1 3.4 2.4z"/>'
    ),
    "none": (
        '<circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" stroke-width="1.6"'
        ' stroke-dasharray="2 2.4"/>'
    ),
    "met": (
        '<path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
        ' stroke-linejoin="round" d="m3 8.6 3.2 3.2L13 4.6"/>'
    ),
}


@register.simple_tag(takes_context=True)
def clock_chip(
    context: Context,
    clock: Clock | None,
    audience: str = "customer",
    now: datetime | None = None,
) -> SafeString:
    """Draw a clock as icon, word and time, in staff's or the customer's words.

    Staff read covered time; customers read a word, their promise stands beside it. A running
    chip carries the figures portal.js needs to keep it right, once a minute, without a request.
    """
    return chip(clock, audience, now or _now_of(context))


def chip(clock: Clock | None, audience: str, now: datetime) -> SafeString:
    """Draw a clock as the tag does."""
    if clock is None:
        return _no_clock_chip(audience)
    state = clock.state(now)
    if state in {ClockState.RUNNING, ClockState.AT_RISK, ClockState.OVERDUE}:
        return _running_chip(clock, state, audience, now)
    if state in {ClockState.PAUSED, ClockState.WAITING_FOR_CALL}:
        return _resting_chip(state, audience)
    return _stopped_chip(clock, state, audience)


def _no_clock_chip(audience: str) -> SafeString:
    word = _("No target") if audience == "staff" else _("No clock")
    return _chip("none", _dial("none"), word=word)


def _running_chip(clock: Clock, state: ClockState, audience: str, now: datetime) -> SafeString:
    left = clock.remaining(now)
    end = "left"
    if state == ClockState.OVERDUE:
        kind, dial, hidden, word, end = (
            "breach",
            _dial("breach"),
            _("Breached, "),
            _("Late"),
            "over",
        )
    elif state == ClockState.AT_RISK:
        kind, dial, hidden, word = "risk", _dial("risk"), _("At risk, "), _("Due soon")
    else:
        share = left / clock.target if clock.target else 0.0
        kind, dial, hidden, word = "ok", _share_dial(share), _("On track, "), _("On track")
    live = _live_figures(clock, audience, now, left)
    if audience == "staff":
        time = f"{wording.span_chip(left)} {end}"
        return _chip(kind, dial, hidden=hidden, time=time, live=live)
    return _chip(kind, dial, word=word, live=live)


def _resting_chip(state: ClockState, audience: str) -> SafeString:
    if state == ClockState.PAUSED:
        rest = "" if audience == "staff" else _("until you reply")
        return _chip("paused", _dial("paused"), word=_("Paused"), time=rest)
    word = "Waits for the call" if audience == "staff" else _("Starts when you call")
    return _chip("paused", _dial("call"), word=word)


def _stopped_chip(clock: Clock, state: ClockState, audience: str) -> SafeString:
    taken = clock.elapsed_at_stop or timedelta(0)
    if state == ClockState.MET:
        if audience == "staff":
            time = f"{wording.span_chip(taken)} of {wording.span_chip(clock.target)}"
        else:
            time = (
                _("Answered before opening")
                if clock.was_answered_before_hours
                else _("Answered in %(time)s") % {"time": wording.span_sentence(taken)}
            )
        return _chip("met", _dial("met"), hidden=_("Met, "), time=time)
    late = wording.span_chip(taken - clock.target)
    over = _("%(time)s over") % {"time": late} if clock.stopped_at else ""
    if state == ClockState.EXCUSED:
        word = "Excused" if audience == "staff" else _("Late, excused")
        return _chip("excused", _dial("breach"), word=word, time=over)
    word = "Missed" if audience == "staff" else _("Answered late")
    return _chip("missed", _dial("breach"), word=word, time=over)


def _chip(
    kind: str,
    dial: SafeString,
    *,
    hidden: str = "",
    word: str = "",
    time: str = "",
    live: SafeString = SafeString(""),  # noqa: B008
) -> SafeString:
    # All of it is our own words and figures: nothing to escape.
    parts = (
        f'<span class="visually-hidden">{hidden}</span>' if hidden else "",
        f'<span class="sla__word">{word}</span>' if word else "",
        f'<span class="sla__time">{time}</span>' if time else "",
    )
    return SafeString(
        f'<span class="sla sla--{kind}"{live}><svg class="sla__dial" viewBox="0 0 16 16"'
        f' aria-hidden="true">{dial}</svg>{"".join(parts)}</span>'
    )


def _live_figures(clock: Clock, audience: str, now: datetime, left: timedelta) -> SafeString:
    """Say when covered time runs next, and from what figure; portal.js does the subtraction."""
    if clock.due_at is None:
        return SafeString("")
    schedule = clock.schedule
    counts_from = max(now, clock.run_from)
    if not schedule.is_open(counts_from):
        counts_from = schedule.next_opening(counts_from)
    figures = {
        "data-clock": audience,
        "data-now": now.isoformat(),
        "data-due": clock.due_at.isoformat(),
        "data-left": str(int(left.total_seconds())),
        "data-target": str(int(clock.target.total_seconds())),
        "data-counts-from": counts_from.isoformat(),
    }
    if get_language() != "en":
        figures["data-words"] = "|".join((_("On track"), _("Due soon"), _("Late")))
    if clock.at_risk_at:
        figures["data-risk"] = clock.at_risk_at.isoformat()
    if counts_until := schedule.next_closing(counts_from):
        figures["data-counts-until"] = counts_until.isoformat()
    return SafeString("".join(f' {name}="{figure}"' for name, figure in figures.items()))


def _dial(kind: str) -> SafeString:
    return SafeString(_DIALS[kind])


def _share_dial(share: float) -> SafeString:
    percent = round(100 * min(max(share, 0.0), 1.0))
    return format_html(
        '<circle class="track" cx="8" cy="8" r="5.8" fill="none" stroke-width="3"/>'
        '<circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" stroke-width="3"'
        ' pathLength="100" stroke-dasharray="{} 100" transform="rotate(-90 8 8)"/>',
        percent,
    )


def _now_of(context: Context) -> datetime:
    """Use the page's own instant, so that all its clocks agree."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()
