"""Why a deadline is when it is, as one plain sentence in the reader's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sla import wording
from sla.counting import Count


def sentence_of(count: Count, *, now: datetime, zone: ZoneInfo, reader: ZoneInfo) -> str:
    """Tell the rule and the result in one plain sentence."""
    pauses = len(count.all_runs) - 1
    told = {
        "span": wording.span_words(count.target, get_language()),
        "filed": in_both_zones(count.filed_at, zone, reader, now),
        "starts": in_both_zones(count.starts_at, zone, reader, now),
        "due": in_both_zones(count.due_at, zone, reader, now),
        "pauses": pauses,
    }
    if count.capped:
        words = _(
            "It was re-assessed: %(span)s count from %(starts)s; the earlier deadline of %(due)s "
            "comes first and stays."
        )
    elif count.waits_for_call and now < count.starts_at:
        words = _(
            "Filed %(filed)s, out of business hours: %(span)s count from your phone call, or from "
            "our next opening, %(starts)s, whichever is earlier; without a call that is by "
            "%(due)s."
        )
    else:
        words = _with_pauses(count, pauses) if pauses else _without_pause(count)
    return words % told


def _without_pause(count: Count) -> str:
    if count.waits_for_call:
        return _(
            "Filed %(filed)s, out of business hours, and no call came: %(span)s count from our "
            "opening, %(starts)s, that is by %(due)s."
        )
    if count.is_called:
        return _(
            "Filed %(filed)s, out of business hours: %(span)s count from your phone call, "
            "%(starts)s, that is by %(due)s."
        )
    if count.starts_at > count.filed_at:
        return _("Filed %(filed)s: %(span)s count from %(starts)s, that is by %(due)s.")
    if count.schedule.is_always_open:
        return _(
            "Filed %(filed)s: we answer within %(span)s, counted day and night, that is by %(due)s."
        )
    return _(
        "Filed %(filed)s: we answer within %(span)s, counted only while we are open, that is by "
        "%(due)s."
    )


def _with_pauses(count: Count, pauses: int) -> str:
    if count.waits_for_call:
        return ngettext(
            "Filed %(filed)s, out of business hours, and no call came: %(span)s count from our "
            "opening, %(starts)s, %(pauses)d pause left out, that is by %(due)s.",
            "Filed %(filed)s, out of business hours, and no call came: %(span)s count from our "
            "opening, %(starts)s, %(pauses)d pauses left out, that is by %(due)s.",
            pauses,
        )
    if count.is_called:
        return ngettext(
            "Filed %(filed)s, out of business hours: %(span)s count from your phone call, "
            "%(starts)s, %(pauses)d pause left out, that is by %(due)s.",
            "Filed %(filed)s, out of business hours: %(span)s count from your phone call, "
            "%(starts)s, %(pauses)d pauses left out, that is by %(due)s.",
            pauses,
        )
    if count.starts_at > count.filed_at:
        return ngettext(
            "Filed %(filed)s: %(span)s count from %(starts)s, %(pauses)d pause left out, that is "
            "by %(due)s.",
            "Filed %(filed)s: %(span)s count from %(starts)s, %(pauses)d pauses left out, that is "
            "by %(due)s.",
            pauses,
        )
    if count.schedule.is_always_open:
        return ngettext(
            "Filed %(filed)s: we answer within %(span)s, counted day and night, %(pauses)d pause "
            "left out, that is by %(due)s.",
            "Filed %(filed)s: we answer within %(span)s, counted day and night, %(pauses)d pauses "
            "left out, that is by %(due)s.",
            pauses,
        )
    return ngettext(
        "Filed %(filed)s: we answer within %(span)s, counted only while we are open, %(pauses)d "
        "pause left out, that is by %(due)s.",
        "Filed %(filed)s: we answer within %(span)s, counted only while we are open, %(pauses)d "
        "pauses left out, that is by %(due)s.",
        pauses,
    )


def in_both_zones(at: datetime, zone: ZoneInfo, reader: ZoneInfo, now: datetime) -> str:
    """Write an instant in the reader's zone, and in the one it is counted in where that differs."""
    language = get_language()
    told = wording.moment_words(at, zone, now=now, language=language)
    if at.astimezone(zone).utcoffset() == at.astimezone(reader).utcoffset():
        return told
    return f"{wording.moment_words(at, reader, now=now, language=language)} ({told})"
