"""Why this deadline: how a due time came about, as data, a sentence and a drawing.

The same for a promise before filing and for a clock, for customers and for staff, each in their
language; it is never stored. Times are told in the zone they are counted in; the result in the
reader's zone too when it differs.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sla import wording
from sla.business_time import DayNote, Span
from sla.choices import ClockEventKind
from sla.counting import Count, Row, pause_since, rows_of
from sla.deadline_ribbon import folded_ribbon
from sla.deadline_words import in_both_zones, sentence_of
from sla.models import Clock
from sla.ribbon import Kind, Ribbon, Stretch

# Further apart, the drawing is left out.
MOST_DAYS = 14


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

    `count` is what it was worked out from. `superseded` are the deadlines before a re-assessment,
    oldest first: they stay on record.
    """

    title: str
    sentence: str
    count: Count | None = None
    reader_zone: str = ""
    rows: list[Row] = field(default_factory=list)
    total: tuple[str, str] | None = None
    terms: str = ""
    ribbon: Ribbon | None = None
    superseded: list[Superseded] = field(default_factory=list)


def explain_clock(
    clock: Clock, *, now: datetime, zone: str, filed_at: datetime | None = None, terms: str = ""
) -> Explanation:
    """Explain a clock's due time to a reader in `zone`.

    `terms` names what was filed under ("MSA Business, High"); `filed_at` the filing when the
    clock's start is another instant. One query when the clock was re-assessed, else none.
    """
    superseded = superseded_deadlines(clock)
    runs = _runs(clock)
    if clock.due_at is None:
        paused = _explain_pause(clock, runs, terms=terms, reader_zone=zone)
        return replace(paused, superseded=superseded)
    count = Count(
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=clock.target,
        filed_at=filed_at or clock.started_at,
        starts_at=clock.started_at,
        due_at=clock.due_at,
        waits_for_call=clock.waits_for_call,
        is_called=_is_called(clock, filed_at),
        capped=clock.latest_due_at is not None and clock.latest_due_at == clock.due_at,
        runs=(*runs, Span(clock.run_from, clock.due_at)) if runs else (),
    )
    explained = explain_count(count, now=now, reader_zone=zone, terms=terms)
    sentence = " ".join(
        [explained.sentence, *(_replaced(one, ZoneInfo(clock.zone), now) for one in superseded)]
    )
    return replace(explained, sentence=sentence, superseded=superseded)


def _runs(clock: Clock) -> list[Span]:
    """The stretches in which a clock ran before its present run; no query when it never paused."""
    if clock.run_from == clock.started_at and clock.paused_at is None:
        return []
    return list(clock.replayed().runs)


def _is_called(clock: Clock, filed_at: datetime | None) -> bool:
    """Whether a phone call started it: only a call puts the start of a first assessment later."""
    return (
        filed_at is not None
        and clock.started_at > filed_at
        and clock.assessment == 1
        and not clock.waits_for_call
    )


def _explain_pause(clock: Clock, runs: list[Span], *, terms: str, reader_zone: str) -> Explanation:
    left = wording.span_words(clock.left, get_language())
    count = Count(
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=clock.target,
        filed_at=clock.started_at,
        starts_at=clock.started_at,
        due_at=clock.run_from,
        runs=tuple(runs),
    )
    return Explanation(
        title=_("Paused"),
        sentence=_(
            "The clock is paused. %(left)s of covered time are left and count on when it runs "
            "again."
        )
        % {"left": left},
        count=count,
        reader_zone=reader_zone,
        rows=[*rows_of(count), pause_since(clock.run_from, ZoneInfo(clock.zone))],
        terms=terms,
    )


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
    language = get_language()
    told = {
        "due": wording.moment_words(one.due_at, zone, now=now, language=language),
        "name": one.by,
        "at": wording.moment_words(
            one.replaced_at, zone, now=now, with_zone=False, language=language
        ),
        "reason": one.reason,
    }
    if not one.by:
        return _("Was due %(due)s; re-assessed by the portal %(at)s because: %(reason)s") % told
    return _("Was due %(due)s; re-assessed by %(name)s %(at)s because: %(reason)s") % told


def explain_count(count: Count, *, now: datetime, reader_zone: str, terms: str) -> Explanation:
    """Explain how covered time was counted from a start to a due time."""
    zone, reader = ZoneInfo(count.zone), ZoneInfo(reader_zone)
    always = count.schedule.is_always_open
    span = wording.span_words(count.target, get_language())
    return Explanation(
        title=span if always else _("%(span)s of covered time") % {"span": span},
        sentence=sentence_of(count, now=now, zone=zone, reader=reader),
        count=count,
        reader_zone=reader_zone,
        rows=rows_of(count),
        total=(
            _("Due %(at)s") % {"at": in_both_zones(count.due_at, zone, reader, now)},
            wording.span_sentence(count.target),
        ),
        terms=_terms(count, terms, zone, reader),
        ribbon=_ribbon(count, zone, now),
    )


def _terms(count: Count, terms: str, zone: ZoneInfo, reader: ZoneInfo) -> str:
    hours = count.calendar_version.hours_text(count.zone, get_language())
    if count.calendar_version.closures:
        hours = _("%(hours)s, closed on holidays") % {"hours": hours}
    told = ", ".join(part for part in (terms, f"{hours}.") if part)
    start = count.starts_at
    if start.astimezone(zone).utcoffset() == start.astimezone(reader).utcoffset():
        return told
    counted = _("Counted in %(zone)s: its days and hours.")
    return f"{told} {counted % {'zone': wording.zone_word(start.astimezone(zone))}}"


def _ribbon(count: Count, zone: ZoneInfo, now: datetime) -> Ribbon | None:
    if count.due_at <= count.starts_at or (count.due_at - count.starts_at).days > MOST_DAYS:
        return None
    stretches = [
        Stretch(span.start, span.end, Kind.COUNTED)
        for run in count.all_runs
        for span in count.schedule.spans(run.start, run.end)
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
