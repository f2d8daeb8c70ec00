"""Why this deadline: how a due time came about, as data, a sentence and a drawing.

The same for a promise before filing and for a clock, for customers and for staff. Times are
told in the zone they are counted in; the result in the reader's zone too when it differs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla import wording
from sla.business_time import DayCount, DayNote, Schedule
from sla.choices import ClockEventKind
from sla.models import CalendarVersion, Clock
from sla.ribbon import Kind, Ribbon, Stretch, folded_ribbon

# Above so many days the rows in the middle are told as one line, and the drawing is left out.
MOST_DAYS = 14


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sum: what, how much, and whether it counted."""

    label: str
    value: str
    counted: bool

    def __iter__(self) -> Iterator[str | bool]:
        """Unpack as (label, value, counted), the way the template reads it."""
        return iter((self.label, self.value, self.counted))

    def __len__(self) -> int:
        """Three: a template's loop asks before it unpacks."""
        return 3


@dataclass(frozen=True, slots=True)
class Superseded:
    """A deadline that a re-assessment replaced; `by` is empty for the portal itself."""

    due_at: datetime
    replaced_at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a deadline is when it is. `rows` add up to `total`; `ribbon` draws them to scale.

    `superseded` are the deadlines before a re-assessment, oldest first: they stay on record.
    """

    title: str
    sentence: str
    rows: list[Row] = field(default_factory=list)
    total: tuple[str, str] | None = None
    terms: str = ""
    ribbon: Ribbon | None = None
    superseded: list[Superseded] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Count:
    """What is explained: so much covered time from an instant, in a calendar and zone."""

    calendar_version: CalendarVersion
    zone: str
    target: timedelta
    filed_at: datetime
    starts_at: datetime
    due_at: datetime
    waits_for_call: bool = False
    counted_before: timedelta = timedelta(0)
    capped: bool = False

    @property
    def schedule(self) -> Schedule:
        return self.calendar_version.schedule(self.zone)


def explain_clock(
    clock: Clock, *, now: datetime, zone: str, filed_at: datetime | None = None, terms: str = ""
) -> Explanation:
    """Explain a clock's due time to a reader in `zone`.

    `terms` names what was filed under ("MSA Business, High"); `filed_at` the filing when the
    clock's start is another instant. One query when the clock was re-assessed, else none.
    """
    superseded = superseded_deadlines(clock)
    if clock.due_at is None:
        return Explanation(
            title="Paused",
            sentence=(
                f"The clock is paused. {wording.span_words(clock.left)} of covered time are left "
                "and count on when it runs again."
            ),
            terms=terms,
            superseded=superseded,
        )
    count = Count(
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=clock.target,
        filed_at=filed_at or clock.started_at,
        starts_at=clock.run_from,
        due_at=clock.due_at,
        waits_for_call=clock.waits_for_call,
        counted_before=clock.target - clock.left,
        capped=clock.latest_due_at is not None and clock.latest_due_at == clock.due_at,
    )
    explained = explain_count(count, now=now, reader_zone=zone, terms=terms)
    sentence = " ".join(
        [explained.sentence, *(_replaced(one, ZoneInfo(clock.zone), now) for one in superseded)]
    )
    return replace(explained, sentence=sentence, superseded=superseded)


def superseded_deadlines(clock: Clock) -> list[Superseded]:
    """The deadlines that re-assessments replaced, oldest first."""
    if clock.assessment == 1:
        return []
    events = clock.events.filter(
        kind=ClockEventKind.REASSESSED, superseded_due_at__isnull=False
    ).select_related("by")
    return [
        Superseded(
            event.superseded_due_at, event.at, event.by.name if event.by else "", event.reason
        )
        for event in events.order_by("pk")
        if event.superseded_due_at is not None
    ]


def _replaced(one: Superseded, zone: ZoneInfo, now: datetime) -> str:
    due = wording.moment_words(one.due_at, zone, now=now)
    replaced = wording.moment_words(one.replaced_at, zone, now=now, with_zone=False)
    return (
        f"Was due {due}; re-assessed by {one.by or 'the portal'} {replaced} because: {one.reason}"
    )


def explain_count(count: Count, *, now: datetime, reader_zone: str, terms: str) -> Explanation:
    """Explain how covered time was counted from a start to a due time."""
    zone = ZoneInfo(count.zone)
    always = count.schedule.is_always_open
    span = wording.span_words(count.target)
    kind = "" if always else " of covered time"
    return Explanation(
        title=f"{span}{kind}",
        sentence=_sentence(count, now, zone, always=always),
        rows=_rows(count, zone, now),
        total=(
            f"Due {_in_both_zones(count.due_at, zone, ZoneInfo(reader_zone), now)}",
            wording.span_sentence(count.target),
        ),
        terms=_terms(count, terms, always=always),
        ribbon=_ribbon(count, zone, now),
    )


def _sentence(count: Count, now: datetime, zone: ZoneInfo, *, always: bool) -> str:
    span = wording.span_words(count.target)
    filed = wording.moment_words(count.filed_at, zone, now=now)
    starts = wording.moment_words(count.starts_at, zone, now=now)
    if count.capped:
        return (
            f"It was re-assessed: {span} count from {starts}; the earlier deadline of "
            f"{wording.moment_words(count.due_at, zone, now=now)} comes first and stays."
        )
    if count.waits_for_call:
        return (
            f"It was filed {filed}, out of business hours. {span.capitalize()} count from your "
            f"phone call, or from our next opening, {starts}, whichever is earlier."
        )
    if count.starts_at > count.filed_at:
        return f"It was filed {filed}. {span.capitalize()} count from {starts}."
    if always:
        return f"It was filed {filed}. We answer within {span}, counted day and night."
    return f"It was filed {filed}. We answer within {span}, counted only while we are open."


def _rows(count: Count, zone: ZoneInfo, now: datetime) -> list[Row]:
    rows = []
    if count.starts_at > count.filed_at:
        begun = (
            "waiting for your call or our opening" if count.waits_for_call else "not yet counting"
        )
        rows.append(
            Row(f"From {_short(count.filed_at, zone)}, {begun}", "not counted", counted=False)
        )
    if count.counted_before > timedelta(0):
        rows.append(
            Row(
                f"Until {_short(count.starts_at, zone)}",
                wording.span_sentence(count.counted_before),
                counted=True,
            )
        )
    if count.schedule.is_always_open:
        label = f"{_short(count.starts_at, zone)} to {_short(count.due_at, zone)}"
        rows.append(Row(label, wording.span_sentence(count.due_at - count.starts_at), counted=True))
        return rows
    days = count.schedule.day_counts(count.starts_at, count.due_at)
    rows += _day_rows(days, count, zone)
    if len(rows) > MOST_DAYS:
        middle = rows[3:-3]
        rows = [
            *rows[:3],
            Row(f"{len(middle)} lines between, counted the same way", "", counted=False),
            *rows[-3:],
        ]
    return rows


def _day_rows(days: list[DayCount], count: Count, zone: ZoneInfo) -> Iterator[Row]:
    """One line for each open stretch, one for closed days on end, one for a special day."""
    closed: list[DayCount] = []
    for day in days:
        if not day.spans:
            if day.note == DayNote.CLOSED_WEEKDAY:
                closed.append(day)
                continue
            yield from _closed_rows(closed)
            closed = []
            if day.note == DayNote.CLOSURE:
                name = count.calendar_version.closure_name(day.on)
                yield Row(f"{wording.day_words(day.on)}, {name}", "closed", counted=False)
            elif day.note == DayNote.SKIPPED_DATE:
                yield Row(
                    f"{wording.day_words(day.on)} did not exist in this zone",
                    "not counted",
                    counted=False,
                )
            continue
        yield from _closed_rows(closed)
        closed = []
        for span in day.spans:
            begin, end = span.start.astimezone(zone), span.end.astimezone(zone)
            yield Row(
                f"{wording.day_words(day.on)}, {begin:%H:%M} to {end:%H:%M}",
                wording.span_sentence(span.length),
                counted=True,
            )
        if day.shift:
            way = "forward" if day.shift > timedelta(0) else "back"
            yield Row(
                f"{wording.day_words(day.on)}: clocks went {way} "
                f"{wording.span_sentence(abs(day.shift))}",
                "real time counts",
                counted=False,
            )
    yield from _closed_rows(closed)


def _closed_rows(closed: list[DayCount]) -> Iterator[Row]:
    if not closed:
        return
    first, last = wording.day_words(closed[0].on), wording.day_words(closed[-1].on)
    label = first if first == last else f"{first} to {last}"
    yield Row(f"{label}, closed", "not counted", counted=False)


def _terms(count: Count, terms: str, *, always: bool) -> str:
    hours = count.calendar_version.hours_text(count.zone)
    holidays = "" if always else ", closed on holidays"
    if not always and not count.calendar_version.closures:
        holidays = ""
    return ", ".join(part for part in (terms, f"{hours}{holidays}.") if part)


def _ribbon(count: Count, zone: ZoneInfo, now: datetime) -> Ribbon | None:
    if count.due_at <= count.starts_at or (count.due_at - count.starts_at).days > MOST_DAYS:
        return None
    stretches = [
        Stretch(span.start, span.end, Kind.COUNTED)
        for span in count.schedule.spans(count.starts_at, count.due_at)
    ]
    if count.schedule.is_always_open:
        # An hour either side, so that the counted stretch stands in a bar and does not fill it.
        edge = max(count.target / 3, timedelta(minutes=10))
        stretches.append(Stretch(count.starts_at - edge, count.due_at + edge, Kind.OPEN))
    else:
        first = datetime.combine(count.starts_at.astimezone(zone).date(), time(), zone)
        last = datetime.combine(
            count.due_at.astimezone(zone).date() + timedelta(days=1), time(), zone
        )
        stretches += [
            Stretch(span.start, span.end, Kind.OPEN) for span in count.schedule.spans(first, last)
        ]
        stretches += [
            Stretch(
                datetime.combine(day.on, time(), zone),
                datetime.combine(day.on + timedelta(days=1), time(), zone),
                Kind.HOLIDAY,
            )
            for day in count.schedule.day_counts(count.starts_at, count.due_at)
            if day.note == DayNote.CLOSURE
        ]
    return folded_ribbon(
        stretches, start=count.starts_at, due=count.due_at, zone=count.zone, now=now
    )


def _short(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{wording.day_words(local.date())}, {local:%H:%M}"


def _in_both_zones(at: datetime, zone: ZoneInfo, reader: ZoneInfo, now: datetime) -> str:
    told = wording.moment_words(at, zone, now=now)
    if at.astimezone(zone).utcoffset() == at.astimezone(reader).utcoffset():
        return told
    return f"{wording.moment_words(at, reader, now=now)} ({told})"
