"""What must hold of every calendar, and an independent walk, minute by minute."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sla.business_time import WEEKDAYS, Schedule
from sla.business_time.instants import MICROSECOND, to_micros
from tests.sla.business_time.calendars import ALWAYS, Windows, utc

MINUTE = timedelta(minutes=1)

# Zones with an hour's and half an hour's change, a skipped date, and days without midnight;
# and an instant near such an event in each.
EVENTS = {
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Pacific/Apia": ["2011-12-30T10:00"],
    "America/Sao_Paulo": ["2018-11-04T03:00", "2018-02-18T02:00"],
    "Africa/Cairo": ["2023-04-27T22:00", "2023-10-26T21:00"],
    # 00:01 became 23:01 the day before: a date may come twice.
    "America/St_Johns": ["2010-11-07T02:31"],
    "Asia/Kathmandu": ["2028-02-29T00:00"],
    "UTC": ["2026-12-31T23:00"],
}
PLACES = [(zone, utc(at)) for zone, events in EVENTS.items() for at in events]


@st.composite
def windows_of_a_day(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Windows that do not overlap; the last may run past midnight."""
    cuts = sorted(draw(st.sets(st.integers(0, 24 * 4 - 1), max_size=4)))
    cuts = cuts[: len(cuts) // 2 * 2]
    texts = [f"{cut // 4:02}:{cut % 4 * 15:02}" for cut in cuts]
    pairs = list(zip(texts[::2], texts[1::2], strict=True))
    runs_past_midnight = draw(st.booleans())
    if pairs and runs_past_midnight:
        pairs[-1] = (pairs[-1][0], pairs[0][0])
    return pairs


WEEKS = st.fixed_dictionaries({day: windows_of_a_day() for day in WEEKDAYS}).filter(
    lambda week: any(week.values())
)
HOUR = timedelta(hours=1) // MICROSECOND
TARGETS = st.timedeltas(timedelta(), timedelta(days=30))


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Windows, list[date], datetime]:
    zone, event = draw(st.sampled_from(PLACES))
    start = event + draw(st.timedeltas(timedelta(days=-4), timedelta(days=4)))
    closures = draw(st.sets(st.integers(-3, 6), max_size=2))
    return (
        zone,
        draw(WEEKS),
        [(event + timedelta(days=day)).date() for day in sorted(closures)],
        start,
    )


def is_inside(local: datetime, windows: Windows, closures: list[date]) -> bool:
    """Ask the wall clock alone, in the plainest way."""
    if local.date() in closures:
        return False
    now = local.time()
    for start, end in windows.get(WEEKDAYS[local.weekday()], []):
        opening = time.fromisoformat(start)
        closing = time.max if end == "24:00" else time.fromisoformat(end)
        if opening <= now and (now < closing or closing <= opening or end == "24:00"):
            return True
    for start, end in windows.get(WEEKDAYS[local.weekday() - 1], []):
        if end != "24:00" and end <= start and now < time.fromisoformat(end):
            return True
    return False


@given(questions(), st.integers(1, 3 * 24 * 60), st.integers(1, 900))
@settings(max_examples=60, deadline=None)
@example(("Pacific/Apia", ALWAYS, [], utc("2011-12-29T22:00")), 1440, 1440)
def test_a_walk_minute_by_minute_agrees(
    question: tuple[str, Windows, list[date], datetime], length: int, target: int
) -> None:
    zone, windows, closures, start = question
    start = start.replace(second=0, microsecond=0)
    calendar = Schedule.weekly(zone, windows, closures)
    place = ZoneInfo(zone)
    counted, due = 0, None
    for minute in range(length):
        at = start + minute * MINUTE
        inside = is_inside(at.astimezone(place), windows, closures)
        if minute % 7 == 0:
            assert calendar.is_open(at) is inside
        counted += inside
        if counted == target and due is None:
            due = at + MINUTE

    assert calendar.elapsed(start, start + length * MINUTE) == counted * MINUTE
    if due is not None:
        assert calendar.deadline(start, target * MINUTE) == due


@given(questions(), TARGETS)
@settings(max_examples=100, deadline=None)
def test_elapsed_undoes_deadline(
    question: tuple[str, Windows, list[date], datetime], target: timedelta
) -> None:
    zone, windows, closures, start = question
    calendar = Schedule.weekly(zone, windows, closures)
    due = calendar.deadline(start, target)
    assert calendar.elapsed(start, due) == target
    if target:
        # The first such instant: an instant earlier, less was counted.
        assert calendar.elapsed(start, due - timedelta.resolution) < target


@given(questions(), TARGETS)
@settings(max_examples=100, deadline=None)
def test_deadline_undoes_elapsed(
    question: tuple[str, Windows, list[date], datetime], length: timedelta
) -> None:
    zone, windows, closures, start = question
    calendar = Schedule.weekly(zone, windows, closures)
    end = start + length
    elapsed = calendar.elapsed(start, end)
    if calendar.is_open(end):
        assert calendar.deadline(start, elapsed) == end
    elif elapsed:
        assert calendar.deadline(start, elapsed) <= end


@given(questions(), TARGETS, TARGETS)
@settings(max_examples=100, deadline=None)
def test_a_later_start_or_a_longer_target_is_never_due_earlier(
    question: tuple[str, Windows, list[date], datetime], target: timedelta, more: timedelta
) -> None:
    zone, windows, closures, start = question
    calendar = Schedule.weekly(zone, windows, closures)
    due = calendar.deadline(start, target)
    assert calendar.deadline(start + more, target) >= due
    if target:
        assert calendar.deadline(start, target + more) >= due


@given(questions(), WEEKS, TARGETS)
@settings(max_examples=100, deadline=None)
def test_more_windows_never_delay(
    question: tuple[str, Windows, list[date], datetime], other: Windows, target: timedelta
) -> None:
    zone, windows, closures, start = question
    # Days without windows of their own get those of another week.
    wider = {day: windows[day] or other[day] for day in WEEKDAYS}
    narrow = Schedule.weekly(zone, windows, closures).deadline(start, target)
    assert Schedule.weekly(zone, wider, closures).deadline(start, target) <= narrow
    assert Schedule.weekly(zone, wider).deadline(start, target) <= narrow


@given(questions(), TARGETS)
@settings(max_examples=100, deadline=None)
def test_spans_and_days_add_up_to_elapsed(
    question: tuple[str, Windows, list[date], datetime], length: timedelta
) -> None:
    zone, windows, closures, start = question
    calendar = Schedule.weekly(zone, windows, closures)
    end = start + length
    spans = calendar.spans(start, end)
    elapsed = calendar.elapsed(start, end)

    assert sum((span.length for span in spans), timedelta()) == elapsed
    assert all(earlier.end < later.start for earlier, later in pairwise(spans))
    assert all(start <= span.start < span.end <= end for span in spans)
    days = calendar.day_counts(start, end)
    assert sum((day.counted for day in days), timedelta()) == elapsed
    place = ZoneInfo(zone)
    for day in days:
        assert day.counted == sum((span.length for span in day.spans), timedelta())
        assert all(span.start.astimezone(place).date() == day.on for span in day.spans)


@given(questions())
@settings(max_examples=100, deadline=None)
def test_opening_and_closing_bound_an_open_stretch(
    question: tuple[str, Windows, list[date], datetime],
) -> None:
    zone, windows, closures, start = question
    calendar = Schedule.weekly(zone, windows, closures)
    opening = calendar.next_opening(start)
    closing = calendar.next_closing(start)

    assert calendar.is_open(opening)
    assert (opening == start) is calendar.is_open(start)
    assert calendar.elapsed(start, opening) == timedelta()
    if closing is not None:
        assert not calendar.is_open(closing)
        assert calendar.elapsed(opening, closing) == closing - opening


@given(
    st.timedeltas(timedelta(days=-25_000), timedelta(days=40_000)),
    st.timedeltas(timedelta(), timedelta(days=20_000)),
)
@settings(max_examples=50, deadline=None)
def test_decades_ahead_are_exact_to_the_microsecond(since: timedelta, target: timedelta) -> None:
    start = utc("1970-01-01") + since
    calendar = Schedule.weekly(
        "Europe/London", {"mon": [("09:00", "17:00")], "sat": [("22:00", "03:00")]}
    )
    due = calendar.deadline(start, target)
    assert calendar.elapsed(start, due) == target


@given(questions(), st.lists(st.timedeltas(timedelta(), timedelta(days=900)), max_size=5), TARGETS)
def test_many_deadlines_at_once_are_each_ones_own(question, later, target):
    zone, windows, closures, start = question
    schedule = Schedule(zone, windows, closures)
    starts = [start, *(start + delay for delay in later)]

    targets = [target, timedelta(), timedelta(hours=1), timedelta(days=90)]

    together = schedule.deadlines(
        [to_micros(at) for at in starts], [one // MICROSECOND for one in targets]
    )

    assert together == [[to_micros(schedule.deadline(at, one)) for at in starts] for one in targets]
    # Asked again, nearer and further: what was laid out is used, or laid out anew.
    nearer = schedule.deadlines([to_micros(start)], [HOUR])
    assert nearer == [[to_micros(schedule.deadline(start, timedelta(hours=1)))]]
    further = start + timedelta(days=4000)
    assert schedule.deadlines([to_micros(start), to_micros(further)], [HOUR]) == [
        [to_micros(schedule.deadline(at, timedelta(hours=1))) for at in (start, further)]
    ]


def test_centuries_apart_many_deadlines_are_each_ones_own() -> None:
    calendar = Schedule.weekly("Europe/London", {"mon": [("09:00", "17:00")]})
    starts = [utc("0190-01-01"), utc("2026-01-05T10:00"), utc("3026-01-05T10:00")]
    assert calendar.deadlines([to_micros(at) for at in starts], [HOUR]) == [
        [to_micros(calendar.deadline(at, timedelta(hours=1))) for at in starts]
    ]
