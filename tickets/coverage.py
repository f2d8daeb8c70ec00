"""Coverage as a customer sees it: open or closed now, and the week ahead as a drawing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext, ngettext

from entitlements.choices import Severity
from entitlements.promise import Promise
from sla import wording
from sla.business_time import WEEKDAYS, DayNote
from sla.coverage_ribbon import coverage_ribbon
from sla.models import CalendarVersion
from sla.ribbon import Kind, Lane, Ribbon, Stretch

DAYS_AHEAD = 7

type Promises = Mapping[Severity, Promise]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Whether somebody is there now, in words and as a ribbon of the next days."""

    is_open: bool
    title: str
    text: str
    ribbon: Ribbon


def coverage_at(own: Promises, break_fix: Promises | None, *, zone: ZoneInfo) -> Coverage:
    """Say what the promises cover at the instant they were made for.

    `own` are the promises of the customer's own terms; `break_fix` those of break/fix tickets
    when they are served on other terms, which then get a lane of their own.
    """
    now = next(iter(own.values())).filed_at
    title, text = _words(own, now, zone)
    lanes = [_lane(group, all_of=own, now=now, zone=zone) for group in _groups(own)]
    if break_fix is not None:
        lanes += [
            _lane(group, all_of=break_fix, now=now, zone=zone, prefix=gettext("Break/fix"))
            for group in _groups(break_fix)
        ]
    return Coverage(
        is_open=all(promise.is_open for promise in own.values()),
        title=title,
        text=text,
        ribbon=coverage_ribbon(lanes, now=now, zone=zone, days=DAYS_AHEAD),
    )


def names_of(severities: Iterable[Severity]) -> str:
    """List severities in a sentence: "High, Medium and Low"."""
    return listed([gettext(str(severity.label)) for severity in severities])


def listed(names: Sequence[str]) -> str:
    """Write a list as its reader says it: "a", "a and b", "a, b and c"."""
    if len(names) == 1:
        return names[0]
    return gettext("%(names)s and %(last)s") % {"names": ", ".join(names[:-1]), "last": names[-1]}


def _words(own: Promises, now: datetime, zone: ZoneInfo) -> tuple[str, str]:
    is_open = [severity for severity, promise in own.items() if promise.is_open]
    closed = [severity for severity, promise in own.items() if not promise.is_open]
    by_call = [severity for severity, promise in own.items() if promise.call_required]
    call = _call_words(by_call)
    if not closed:
        return gettext("We are open. Every severity is covered now."), _joined(
            _until(own, now, zone), call
        )
    opens_at = min(own[severity].opens_at for severity in closed)
    back = gettext("We are back %(moment)s.") % {"moment": _moment(opens_at, zone, now)}
    if not is_open:
        has_clock = any(promise.target is not None for promise in own.values())
        then = (
            gettext("New tickets start counting then.")
            if has_clock
            else gettext("We read new tickets then.")
        )
        return gettext("We are closed now."), _joined(back, then)
    counting = [severity for severity in closed if own[severity].target is not None]
    then = ""
    if counting:
        names = names_of(counting)
        then = gettext("New %(severities)s tickets start counting then.") % {"severities": names}
    covered = ngettext(
        "Business hours are over. %(severities)s is still covered.",
        "Business hours are over. %(severities)s are still covered.",
        len(is_open),
    )
    return covered % {"severities": names_of(is_open)}, _joined(back, then, call)


def _call_words(by_call: list[Severity]) -> str:
    if not by_call:
        return ""
    words = ngettext(
        "%(severities)s starts with your phone call.",
        "%(severities)s start with your phone call.",
        len(by_call),
    )
    return words % {"severities": names_of(by_call)}


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    return wording.moment_words(at, zone, now=now, language=get_language())


def _until(own: Promises, now: datetime, zone: ZoneInfo) -> str:
    """When the first of the open windows closes; nothing when none ever does."""
    closings = [
        closing
        for promise in own.values()
        if (closing := promise.calendar_version.schedule(promise.zone).next_closing(now))
    ]
    if not closings:
        return ""
    closing = min(closings).astimezone(zone)
    if closing.date() == now.astimezone(zone).date():
        time_of_day = f"{closing:%H:%M} {wording.zone_word(closing)}"
        return gettext("Business hours end today at %(time)s.") % {"time": time_of_day}
    return gettext("Business hours end %(moment)s.") % {"moment": _moment(closing, zone, now)}


def _groups(promises: Promises) -> list[list[Promise]]:
    """Promises of equal coverage together, in the order of their most severe one."""
    groups: dict[tuple[int, str], list[Promise]] = {}
    for promise in promises.values():
        groups.setdefault((promise.calendar_version.pk, promise.zone), []).append(promise)
    return list(groups.values())


def _lane(
    group: Sequence[Promise], *, all_of: Promises, now: datetime, zone: ZoneInfo, prefix: str = ""
) -> Lane:
    first = group[0]
    names = ", ".join(gettext(str(Severity(promise.level.severity).label)) for promise in group)
    if len(group) == len(all_of):
        names = prefix or gettext("All severities")
    elif prefix:
        names = f"{prefix} {names}"
    return Lane(
        f"{names}, {first.calendar_version.hours_text(first.zone, get_language())}",
        list(_stretches(first.calendar_version, first.zone, now, zone)),
    )


def _stretches(
    version: CalendarVersion, calendar_zone: str, now: datetime, zone: ZoneInfo
) -> Iterator[Stretch]:
    today = now.astimezone(zone).date()
    start = datetime.combine(today, time(), zone).astimezone(UTC)
    end = datetime.combine(today + timedelta(days=DAYS_AHEAD), time(), zone).astimezone(UTC)
    schedule = version.schedule(calendar_zone)
    for span in schedule.spans(start, end):
        yield Stretch(span.start, span.end, Kind.OPEN)
    for day in schedule.day_counts(start, end):
        if day.note == DayNote.CLOSURE:
            yield from _shut_windows(version, day.on, ZoneInfo(calendar_zone))


def _shut_windows(version: CalendarVersion, day: date, zone: ZoneInfo) -> Iterator[Stretch]:
    """The windows a closed day would have had: the drawing shows them empty."""
    midnight = datetime.combine(day, time(), zone)
    for opens, closes in version.windows.get(WEEKDAYS[day.weekday()], []):
        begin = datetime.combine(day, time.fromisoformat(opens), zone)
        is_past_midnight = closes <= opens or closes == "24:00"
        end = (
            midnight + timedelta(days=1)
            if is_past_midnight
            else datetime.combine(day, time.fromisoformat(closes), zone)
        )
        yield Stretch(begin.astimezone(UTC), end.astimezone(UTC), Kind.HOLIDAY)
