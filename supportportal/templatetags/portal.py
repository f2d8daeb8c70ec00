"""Tags and filters of the portal's pages. How to use them: templates/README.md."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Protocol

import nh3
from django import template
from django.conf import settings
from django.template.context import Context
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore

from sla import wording
from sla.choices import ClockState
from sla.models import Clock

register = template.Library()

# --- Icons and glyphs -------------------------------------------------------------------------

_ICON_NAME = re.compile(r"[a-z0-9-]+")


@register.simple_tag
def icon(name: str, size: str = "", css: str = "") -> SafeString:
    """Draw one Tabler icon inline, hidden from assistive technology; size is "", "sm" or "lg".

    Raises: FileNotFoundError when static/vendor/tabler-icons/ has no such icon.
    """
    classes = " ".join(filter(None, ("icon", f"icon--{size}" if size else "", css)))
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        classes,
        _icon_paths(name),
    )


@cache
def _icon_paths(name: str) -> SafeString:
    folder = settings.BASE_DIR / "static" / "vendor" / "tabler-icons"
    if not _ICON_NAME.fullmatch(name):
        raise FileNotFoundError(f"{name!r} is not the name of an icon")
    drawing = (folder / f"{name}.svg").read_text(encoding="utf-8")
    # Our own vendored file; its first path is an invisible box.
    shapes = re.findall(r"<(?:path|circle|rect|line)\b[^>]*/>", drawing)
    return SafeString("".join(shape for shape in shapes if "M0 0h24v24H0z" not in shape))


_SEVERITIES = {
    1: (
        "Critical",
        (
            '<path fill="currentColor" d="M5.1 1h5.8L15 5.1v5.8L10.9 15H5.1L1 10.9V5.1z"/>'
            '<path class="cut" fill="none" stroke-width="1.8" stroke-linecap="round"'
            ' d="M8 4.4v4.2M8 11.4v.1"/>'
        ),
    ),
    2: (
        "High",
        (
            '<path fill="currentColor" stroke="currentColor" stroke-width="1.6"'
            ' stroke-linejoin="round" d="M8 2.4 14.3 13.2H1.7z"/>'
        ),
    ),
    3: (
        "Medium",
        (
            '<path fill="none" stroke="currentColor" stroke-width="1.7" stroke-linejoin="round"'
            ' d="M8 1.6 14.4 8 8 14.4 1.6 8z"/><path fill="currentColor" d="M2 8h12l-6 6z"/>'
        ),
    ),
    4: (
        "Low",
        '<circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" stroke-width="1.7"/>',
    ),
}


@register.simple_tag
def severity(value: int | str, *, icon_only: bool = False) -> SafeString:
    """Draw a severity 1 to 4 as its glyph and its word; icon_only keeps the word for the ear."""
    level = int(value)
    word, shape = _SEVERITIES[level]
    return format_html(
        '<span class="sev sev--{}{}"{}><svg class="sev__glyph" viewBox="0 0 16 16"'
        ' aria-hidden="true">{}</svg><span class="sev__word">{}</span></span>',
        level,
        " sev--icon" if icon_only else "",
        format_html(' title="{}"', word) if icon_only else "",
        SafeString(shape),
        word,
    )


@register.filter
def severity_word(value: int | str) -> str:
    """Name a severity: 1 is Critical, 4 is Low."""
    return _SEVERITIES[int(value)][0]


_TIERS = {"standard": 0, "start": 1, "plus": 2, "business": 3, "enterprise": 4}


@register.simple_tag
def tier(plan_key: str, name: str = "") -> SafeString:
    """Draw a plan as four steps, filled up to the plan, and its name."""
    rank = _TIERS.get(plan_key.lower().removeprefix("msa-"), 0)
    word = name or plan_key.replace("-", " ").replace("_", " ").capitalize()
    steps = format_html_join(
        "",
        '<rect{} x="{}" y="{}" width="2.6" height="{}" rx=".8" fill="currentColor"/>',
        (
            (
                SafeString(' class="on"') if step < rank else "",
                f"{3.6 * step:.1f}",
                f"{6.4 - 2.6 * step:.1f}",
                f"{5.6 + 2.6 * step:.1f}",
            )
            for step in range(4)
        ),
    )
    return format_html(
        '<span class="tier tier--{}" title="{}"><svg class="tier__steps" viewBox="0 -1.5 14 13.5"'
        ' aria-hidden="true">{}</svg><span class="tier__word">{}</span></span>',
        rank,
        word,
        steps,
        word,
    )


# More pips than this cannot be counted at a glance, nor told apart on a phone.
_MOST_PIPS = 40


@register.simple_tag
def pips(used: int, total: int | None, about_to_use: int = 0, unit: str = "") -> SafeString:
    """Draw one mark for each of total, the first ones used; nothing when total is None."""
    if total is None:
        return SafeString("")
    left = max(total - used, 0)
    label = f"{left} of {total}{' ' + unit if unit else ''} left"
    if about_to_use:
        label += f", {about_to_use} about to be used"
    if total > _MOST_PIPS:
        return format_html(
            '<progress class="gauge" max="{}" value="{}" aria-label="{}">{}</progress>',
            total,
            left,
            label,
            label,
        )
    kinds = ["used"] * min(used, total) + ["this"] * min(about_to_use, left)
    kinds += [""] * (total - len(kinds))
    marks = format_html_join("", '<span class="{}"></span>', ((kind,) for kind in kinds))
    return format_html('<div class="pips" role="img" aria-label="{}">{}</div>', label, marks)


class Person(Protocol):
    """Whoever has a name or at least an address."""

    email: str

    def get_full_name(self) -> str: ...


@register.simple_tag
def avatar(person: Person | None, size: str = "", *, named: bool = False) -> SafeString:
    """Draw a person's initials; named says the name too, where no text beside it does."""
    size_class = f" avatar--{size}" if size else ""
    if person is None:
        return format_html(
            '<span class="avatar avatar--empty{}" aria-hidden="true"></span>', size_class
        )
    name = person.get_full_name() or person.email
    attributes: SafeString = (
        format_html('role="img" aria-label="{}" title="{}"', name, name)
        if named
        else SafeString('aria-hidden="true"')
    )
    return format_html(
        '<span class="avatar{}{}" {}>{}</span>',
        " avatar--us" if getattr(person, "is_staff_member", False) else "",
        size_class,
        attributes,
        initials(name),
    )


def initials(name: str) -> str:
    """Take the first letters of the first and the last word of a name or an address."""
    words = [word for word in re.split(r"[\s._-]+", name.partition("@")[0]) if word]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()


# --- Clocks -----------------------------------------------------------------------------------


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
    if clock is None:
        word = "No target" if audience == "staff" else "No clock"
        return _chip("none", _dial("none"), word=word)
    now = now or _now_of(context)
    state = clock.state(now)
    if state in {ClockState.RUNNING, ClockState.AT_RISK, ClockState.OVERDUE}:
        return _running_chip(clock, state, audience, now)
    if state in {ClockState.PAUSED, ClockState.WAITING_FOR_CALL}:
        return _resting_chip(state, audience)
    return _stopped_chip(clock, state, audience)


def _running_chip(clock: Clock, state: ClockState, audience: str, now: datetime) -> SafeString:
    left = clock.remaining(now)
    end = "left"
    if state == ClockState.OVERDUE:
        kind, dial, hidden, word, end = "breach", _dial("breach"), "Breached, ", "Late", "over"
    elif state == ClockState.AT_RISK:
        kind, dial, hidden, word = "risk", _dial("risk"), "At risk, ", "Due soon"
    else:
        share = left / clock.target if clock.target else 0.0
        kind, dial, hidden, word = "ok", _share_dial(share), "On track, ", "On track"
    live = _live_figures(clock, audience, now, left)
    if audience == "staff":
        time = f"{wording.span_chip(left)} {end}"
        return _chip(kind, dial, hidden=hidden, time=time, live=live)
    return _chip(kind, dial, word=word, live=live)


def _resting_chip(state: ClockState, audience: str) -> SafeString:
    if state == ClockState.PAUSED:
        rest = "" if audience == "staff" else "until you reply"
        return _chip("paused", _dial("paused"), word="Paused", time=rest)
    word = "Waits for the call" if audience == "staff" else "Starts when you call"
    return _chip("paused", _dial("call"), word=word)


def _stopped_chip(clock: Clock, state: ClockState, audience: str) -> SafeString:
    taken = clock.elapsed_at_stop or timedelta(0)
    if state == ClockState.MET:
        if audience == "staff":
            time = f"{wording.span_chip(taken)} of {wording.span_chip(clock.target)}"
        else:
            time = (
                "Answered before opening"
                if clock.was_answered_before_hours
                else f"Answered in {wording.span_sentence(taken)}"
            )
        return _chip("met", _dial("met"), hidden="Met, ", time=time)
    over = f"{wording.span_chip(taken - clock.target)} over" if clock.stopped_at else ""
    if state == ClockState.EXCUSED:
        word = "Excused" if audience == "staff" else "Late, excused"
        return _chip("excused", _dial("breach"), word=word, time=over)
    word = "Missed" if audience == "staff" else "Answered late"
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
    return format_html(
        '<span class="sla sla--{}"{}><svg class="sla__dial" viewBox="0 0 16 16"'
        ' aria-hidden="true">{}</svg>{}{}{}</span>',
        kind,
        live,
        dial,
        format_html('<span class="visually-hidden">{}</span>', hidden) if hidden else "",
        format_html('<span class="sla__word">{}</span>', word) if word else "",
        format_html('<span class="sla__time">{}</span>', time) if time else "",
    )


def _live_figures(clock: Clock, audience: str, now: datetime, left: timedelta) -> SafeString:
    """Say when covered time runs next, and from what figure; portal.js does the subtraction."""
    if clock.due_at is None:
        return SafeString("")
    counts_from = max(now, clock.run_from)
    if not clock.schedule.is_open(counts_from):
        counts_from = clock.schedule.next_opening(counts_from)
    figures = {
        "data-clock": audience,
        "data-now": now.isoformat(),
        "data-due": clock.due_at.isoformat(),
        "data-left": str(int(left.total_seconds())),
        "data-target": str(int(clock.target.total_seconds())),
        "data-counts-from": counts_from.isoformat(),
    }
    if clock.at_risk_at:
        figures["data-risk"] = clock.at_risk_at.isoformat()
    if counts_until := clock.schedule.next_closing(counts_from):
        figures["data-counts-until"] = counts_until.isoformat()
    return format_html_join("", ' {}="{}"', figures.items())


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


# --- Times and spans --------------------------------------------------------------------------


@register.filter
def promised(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write a promised moment with its zone: Fri 21 Nov, 17:30 ET."""
    return _moment(at, zone, with_zone=True)


@register.filter
def when(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write a moment that passed, or of a list with one zone: Fri 21 Nov, 17:30."""
    return _moment(at, zone, with_zone=False)


@register.filter
def soon(at: datetime | None, now: datetime | None = None) -> str:
    """Write a moment for a narrow column of a list: 17:30, Mon 08:10, 24 Nov; the reader's zone."""
    if at is None:
        return ""
    words = wording.near_words(at, _zone(None), now=now or timezone.now())
    return _time_element(at, words)


@register.filter
def time_of_day(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write the time of a moment whose day stands above it: 17:30 ET."""
    if at is None:
        return ""
    local = at.astimezone(_zone(zone))
    return _time_element(at, f"{local:%H:%M} {wording.zone_word(local)}")


@register.filter
def day(value: date | None) -> str:
    """Write a day as in a contract: 31 Mar 2026; an instant is taken in the reader's zone."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(timezone.get_current_timezone()).date()
    return format_html(
        '<time datetime="{}">{}</time>', value.isoformat(), wording.date_words(value)
    )


@register.filter
def day_line(at: datetime, zone: str | tzinfo | None = None) -> str:
    """Write the day of an instant for a dividing line: Friday 21 November."""
    return wording.long_day_words(at.astimezone(_zone(zone)))


@register.filter
def zone_word(zone: str | tzinfo | None, at: datetime | None = None) -> str:
    """Name a zone: ET for America/New_York."""
    return wording.zone_word((at or timezone.now()).astimezone(_zone(zone)))


@register.filter
def duration(span: timedelta | None) -> str:
    """Write a span for a chip: 3 h 42 m."""
    return "" if span is None else wording.span_chip(span)


@register.filter
def duration_long(span: timedelta | None) -> str:
    """Write a span for a sentence: 3 h 42 min."""
    return "" if span is None else wording.span_sentence(span)


@register.filter
def hours(span: timedelta | None) -> str:
    """Write a span for an explanation: 3 hours, 30 minutes."""
    return "" if span is None else wording.span_words(span)


def _moment(at: datetime | None, zone: str | tzinfo | None, *, with_zone: bool) -> str:
    if at is None:
        return ""
    words = wording.moment_words(at, _zone(zone), now=timezone.now(), with_zone=with_zone)
    return _time_element(at, words)


def _time_element(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), words)


def _zone(zone: str | tzinfo | None) -> tzinfo:
    return wording.as_zone(zone) if zone else timezone.get_current_timezone()


def _now_of(context: Context) -> datetime:
    """Use the page's own instant, so that all its clocks agree."""
    now = context.get("now")
    return now if isinstance(now, datetime) else timezone.now()


# --- Text people wrote ------------------------------------------------------------------------

_TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "hr",
    "s",
} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
}


def _headings_become_lines(state: StateCore) -> None:
    """Turn headings into bold lines: a message must not change the outline of the page."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = "p"
            if token.nesting == 1:
                token.attrSet("class", "msg__line")


def _markdown() -> MarkdownIt:
    # Images are left as text: a picture from elsewhere would tell its host who reads a ticket.
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True}, renderer_cls=RendererHTML)
    parser.enable(["table", "strikethrough"]).disable("image")
    parser.core.ruler.push("headings_become_lines", _headings_become_lines)
    return parser


_MARKDOWN = _markdown()


@register.filter
def filesize(size: int) -> str:
    """Write a size the way people say it: 412 KB, 1.5 MB."""
    return filesizeformat(size).replace(".0\xa0", "\xa0")


@register.filter
def markdown(text: str | None) -> SafeString:
    """Render what a person wrote: Markdown, then an allow-list of tags; links open no back door."""
    html = nh3.clean(
        _MARKDOWN.render(text or ""),
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}, "p": {"class"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener nofollow",
    )
    return mark_safe(html)  # noqa: S308 - nh3 cleaned it two lines up


@register.filter
def inline_svg(drawing: str) -> SafeString:
    """Put a drawing our own code made into the page: the CSP has no room for data: addresses."""
    return SafeString(drawing[drawing.index("<svg") :])


# --- Forms ------------------------------------------------------------------------------------


@register.filter
def card(field: Any, value: object) -> Any:
    """Return what a choice card shows beside its label: field.field.cards[value], or nothing."""
    return getattr(field.field, "cards", {}).get(str(value), {})


@register.simple_tag(takes_context=True)
def page_field(context: Context, page: str = "") -> SafeString:
    """Carry the page a form stands on, for forms that post to another address (kept_text)."""
    request = context.get("request")
    path = page or (request.get_full_path() if request else "")
    return format_html('<input type="hidden" name="_page" value="{}">', path)


@register.filter
def field_errors(form: Any) -> Sequence[dict[str, str]]:
    """List a form's errors for the summary: id of the field, its label, the message."""
    found = [{"id": "", "label": "", "message": text} for text in form.non_field_errors()]
    for bound in form.visible_fields():
        found += [
            {
                "id": bound.id_for_label or bound.auto_id,
                "label": bound.label.rstrip("?"),
                "message": text,
            }
            for text in bound.errors
        ]
    return found
