"""A clock as icon, word and time, in the words of whoever reads it."""

from datetime import datetime, timedelta

from django import template
from django.template.context import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sla import wording
from sla.choices import ClockState
from sla.countdown import RUNNING_STATES, Countdown
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
    *,
    withdrawn: bool = False,
) -> SafeString:
    """Draw a clock as icon, word and time, in staff's or the customer's words.

    One that stopped because its ticket was `withdrawn` tells of no answer, and of the deadline
    when that had passed.

    Staff read covered time; customers read a word, their promise stands beside it. A running
    chip carries the figures portal.js needs to keep it right, once a minute, without a request.
    """
    now = now or _now_of(context)
    if clock is not None and withdrawn:
        return _withdrawn_chip(clock, clock.state(now), audience)
    return chip(clock, audience, now)


def chip(clock: Clock | None, audience: str, now: datetime) -> SafeString:
    """Draw a clock as the tag does."""
    if clock is None:
        return _no_clock_chip(audience)
    state = clock.state(now)
    if state in RUNNING_STATES:
        return RunningChip(clock, audience, now).draw(now)
    if state in {ClockState.PAUSED, ClockState.WAITING_FOR_CALL}:
        return _resting_chip(state, audience)
    return _stopped_chip(clock, state, audience)


def _no_clock_chip(audience: str) -> SafeString:
    word = _("No target") if audience == "staff" else _("No clock")
    return _chip("none", _DIALS["none"], word=word)


class RunningChip:
    """The chip of a clock that runs: kept, and drawn for each instant at which it still holds."""

    def __init__(self, clock: Clock, audience: str, now: datetime) -> None:
        self._countdown = Countdown.of(clock, now)
        self._target = clock.target
        self._is_short = audience == "staff"
        self._end = "left"
        state = self._countdown.state
        if state == ClockState.OVERDUE:
            self._kind, hidden, word, self._end = "breach", _("Breached, "), _("Late"), "over"
        elif state == ClockState.AT_RISK:
            self._kind, hidden, word = "risk", _("At risk, "), _("Due soon")
        else:
            self._kind, hidden, word = "ok", _("On track, "), _("On track")
        self._hidden, self._word = (hidden, "") if self._is_short else ("", word)
        self._figures = _lasting_figures(clock, audience, self._countdown)

    def holds(self, now: datetime) -> bool:
        """Whether the chip may be drawn for this instant."""
        return self._countdown.holds(now)

    def draw(self, now: datetime) -> SafeString:
        """Draw it. Staff read the covered time; customers a word, their promise stands beside."""
        left = self._countdown.left(now)
        live = f'{self._figures} data-now="{now.isoformat()}" data-left="{_whole_seconds(left)}"'
        if self._kind == "ok":
            dial = _share_dial(left / self._target if self._target else 0.0)
        else:
            dial = _DIALS[self._kind]
        time = f"{wording.span_chip(left)} {self._end}" if self._is_short else ""
        return _chip(self._kind, dial, hidden=self._hidden, word=self._word, time=time, live=live)


def _resting_chip(state: ClockState, audience: str) -> SafeString:
    if state == ClockState.PAUSED:
        rest = "" if audience == "staff" else _("until you reply")
        return _chip("paused", _DIALS["paused"], word=_("Paused"), time=rest)
    word = "Waits for the call" if audience == "staff" else _("Starts when you call")
    return _chip("paused", _DIALS["call"], word=word)


def _withdrawn_chip(clock: Clock, state: ClockState, audience: str) -> SafeString:
    if state == ClockState.MET:
        return _chip("none", _DIALS["none"], word=_("Ticket withdrawn"))
    return _late_chip(clock, state, audience, _("Late"))


def _stopped_chip(clock: Clock, state: ClockState, audience: str) -> SafeString:
    if state == ClockState.MET:
        taken = clock.elapsed_at_stop or timedelta(0)
        if audience == "staff":
            time = f"{wording.span_chip(taken)} of {wording.span_chip(clock.target)}"
        else:
            time = (
                _("Answered before opening")
                if clock.was_answered_before_hours
                else _("Answered in %(time)s") % {"time": wording.span_sentence(taken)}
            )
        return _chip("met", _DIALS["met"], hidden=_("Met, "), time=time)
    return _late_chip(clock, state, audience, _("Answered late"))


def _late_chip(clock: Clock, state: ClockState, audience: str, late: str) -> SafeString:
    """Draw a missed deadline; `late` says it to customers."""
    taken = clock.elapsed_at_stop or timedelta(0)
    over = (
        _("%(time)s over") % {"time": wording.span_chip(taken - clock.target)}
        if clock.stopped_at
        else ""
    )
    if state == ClockState.EXCUSED:
        word = "Excused" if audience == "staff" else _("Late, excused")
        return _chip("excused", _DIALS["breach"], word=word, time=over)
    word = "Missed" if audience == "staff" else late
    return _chip("missed", _DIALS["breach"], word=word, time=over)


def _chip(
    kind: str,
    dial: str,
    *,
    hidden: str = "",
    word: str = "",
    time: str = "",
    live: str = "",
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


def _lasting_figures(clock: Clock, audience: str, countdown: Countdown) -> str:
    """Say when covered time runs next, and until when; portal.js does the subtraction."""
    figures = {
        "data-clock": audience,
        "data-due": clock.due_at.isoformat() if clock.due_at else "",
        "data-target": _whole_seconds(clock.target),
        "data-counts-from": countdown.counts_from.isoformat(),
    }
    if get_language() != "en":
        figures["data-words"] = "|".join((_("On track"), _("Due soon"), _("Late")))
    if clock.at_risk_at:
        figures["data-risk"] = clock.at_risk_at.isoformat()
    if countdown.counts_until:
        figures["data-counts-until"] = countdown.counts_until.isoformat()
    return "".join(f' {name}="{figure}"' for name, figure in figures.items())


def _whole_seconds(span: timedelta) -> str:
    return str(int(span.total_seconds()))


def _share_dial(share: float) -> str:
    percent = round(100 * min(max(share, 0.0), 1.0))
    return (
        '<circle class="track" cx="8" cy="8" r="5.8" fill="none" stroke-width="3"/>'
        '<circle cx="8" cy="8" r="5.8" fill="none" stroke="currentColor" stroke-width="3"'
        f' pathLength="100" stroke-dasharray="{percent} 100" transform="rotate(-90 8 8)"/>'
    )


def _now_of(context: Context) -> datetime:
    """Use the page's own instant, so that all its clocks agree."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()
