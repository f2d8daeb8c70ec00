"""Instants, days and spans in the reader's words; a zone left out is the reader's."""

import re
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from sla import wording

register = template.Library()

# The space between a number and its unit.
_UNIT = re.compile(r"(?<=\d) (?=(?:%|h|min|m)(?!\w))")


@register.filter
def promised(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write a promised moment with its zone: Fri 21 Nov, 17:30 ET."""
    return _moment(at, zone, with_zone=True)


@register.filter
def beside(at: datetime | None, zone: str | tzinfo | None) -> str:
    """Write a promised moment in its contract's zone, in brackets behind the reader's: (11:30 ET).

    Nothing where both clocks show the same.
    """
    if at is None or not zone:
        return ""
    words = wording.beside_words(
        at, _zone(zone), _zone(None), now=timezone.now(), language=get_language()
    )
    return format_html(' <span class="nowrap">({})</span>', words) if words else ""


@register.filter
def when(at: datetime | None, zone: str | tzinfo | None = None) -> str:
    """Write a moment that passed, or of a list with one zone: Fri 21 Nov, 17:30."""
    return _moment(at, zone, with_zone=False)


@register.filter
def soon(at: datetime | None, now: datetime | None = None) -> str:
    """Write a moment for a narrow column of a list: 17:30, Mon 08:10, 24 Nov; the reader's zone."""
    if at is None:
        return ""
    words = wording.near_words(at, _zone(None), now=now or timezone.now(), language=get_language())
    return _time_element(at, words)


@register.filter
def ago(at: datetime | None, now: datetime | None = None) -> str:
    """Write how long ago something was: 5 min ago, just now."""
    if at is None:
        return ""
    return _time_element(at, wording.ago_words((now or timezone.now()) - at, get_language()))


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
        '<time datetime="{}">{}</time>',
        value.isoformat(),
        wording.date_words(value, get_language()),
    )


@register.filter
def day_line(at: datetime, zone: str | tzinfo | None = None) -> str:
    """Write the day of an instant for a dividing line: Friday 21 November."""
    return wording.long_day_words(at.astimezone(_zone(zone)), get_language())


@register.filter
def zone_word(zone: str | tzinfo | None, at: datetime | None = None) -> str:
    """Name a zone: ET for America/New_York."""
    return wording.zone_word((at or timezone.now()).astimezone(_zone(zone)))


@register.filter
def differs(zone: str | tzinfo | None, at: datetime) -> bool:
    """Tell whether a zone's clocks show another time than the reader's at an instant."""
    return at.astimezone(_zone(zone)).utcoffset() != at.astimezone(_zone(None)).utcoffset()


@register.filter
def with_units(text: str) -> str:
    """Keep each number and its unit on one line: 33 %, 8 h, 5 min. Safe text stays safe."""
    joined = _UNIT.sub("\u00a0", text)
    return mark_safe(joined) if isinstance(text, SafeString) else joined  # noqa: S308 - as it came


@register.filter
@lru_cache(maxsize=512)
def unbroken(text: str) -> SafeString:
    """Keep each range of a text, such as Mon–Fri, on one line."""
    return format_html_join(
        " ",
        "{}",
        (
            (format_html('<span class="nowrap">{}</span>', word) if "–" in word else word,)
            for word in text.split()
        ),
    )


@register.filter
def zone_name(zone: str) -> str:
    """Name a zone by its place: New York time."""
    return wording.zone_name(zone, get_language())


@register.filter
def duration(span: timedelta | None) -> str:
    """Write a span for a chip: 3 h 42 m."""
    return "" if span is None else wording.span_chip(span)


@register.filter
def duration_long(span: timedelta | None) -> str:
    """Write a span for a sentence: 3 h 42 min."""
    return "" if span is None else wording.span_sentence(span)


@register.filter
def seconds(span: timedelta | None) -> str:
    """Write a short span: 0.62 s; from a minute on as a sentence's."""
    return "" if span is None else wording.span_seconds(span)


@register.filter
def hours(span: timedelta | None) -> str:
    """Write a span for an explanation: 3 hours, 30 minutes."""
    return "" if span is None else wording.span_words(span, get_language())


def _moment(at: datetime | None, zone: str | tzinfo | None, *, with_zone: bool) -> str:
    if at is None:
        return ""
    words = wording.moment_words(
        at, _zone(zone), now=timezone.now(), with_zone=with_zone, language=get_language()
    )
    return _time_element(at, words)


def _time_element(at: datetime, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(timespec="seconds"), words)


def _zone(zone: str | tzinfo | None) -> tzinfo:
    return wording.as_zone(zone) if zone else timezone.get_current_timezone()
