"""How a deadline was counted, drawn to scale, with the closed stretches between folded."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import get_language, gettext

from sla import wording
from sla.ribbon import Kind, Line, Rect, Ribbon, Stretch, Word, percent
from sla.spoken import spoken

_FOLDED_GAP = 18.0
# All closed stretches together never take more than this, or the open ones could not be read.
_FOLDED_GAPS_AT_MOST = 54.0
_NARROWEST_NAME = 9.0
_NARROWEST_GAP_NAME = 14.0
_MARKS_APART = 11.0


@dataclass(frozen=True)
class _Piece:
    """A part of the folded axis: an open window to scale, or a closed stretch folded."""

    start: datetime
    end: datetime
    is_open: bool
    x: float
    width: float

    def x_of(self, at: datetime) -> float:
        return self.x + self.width * ((at - self.start) / (self.end - self.start))


def folded_ribbon(
    stretches: Iterable[Stretch],
    *,
    start: datetime,
    due: datetime,
    zone: str | tzinfo,
    now: datetime | None = None,
    label: str = "",
) -> Ribbon:
    """Draw how a deadline was counted: windows to scale, closed stretches folded.

    OPEN stretches are the whole coverage windows from the start to the deadline, COUNTED ones what
    was counted inside them, HOLIDAY ones name a closed stretch; CLOSED ones need not be given.
    """
    zone = wording.as_zone(zone)
    given = sorted(stretches, key=lambda stretch: stretch.start)
    windows = [s for s in given if s.kind == Kind.OPEN]
    counted = [s for s in given if s.kind == Kind.COUNTED]
    holidays = [s for s in given if s.kind == Kind.HOLIDAY]
    if not windows:
        windows = counted
    ribbon = Ribbon(label or _sum_in_words(counted, due, zone), height=60)
    pieces = _fold(windows, start, due)
    _draw_pieces(ribbon, pieces, holidays, zone)
    for stretch in counted:
        left, right = _x_of(pieces, stretch.start), _x_of(pieces, stretch.end)
        ribbon.rects.append(Rect("r-counted", percent(left), percent(right - left), 24, 14, 2))
    begins, ends = _x_of(pieces, start), _x_of(pieces, due)
    is_apart = ends - begins >= _MARKS_APART
    began = f"{start.astimezone(zone):%H:%M}"
    ribbon.mark("now", begins, 17, 38, began if is_apart else "", y=10)
    ribbon.mark("flag", ends, 17, 38, f"{due.astimezone(zone):%H:%M}", y=10)
    if now is not None and start < now < due:
        x = percent(_x_of(pieces, now))
        ribbon.marks.append(Line("r-today", x, x, 20, 42))
    return ribbon


def _draw_pieces(
    ribbon: Ribbon, pieces: Sequence[_Piece], holidays: Sequence[Stretch], zone: tzinfo
) -> None:
    for piece in pieces:
        middle = percent(piece.x + piece.width / 2)
        if piece.is_open:
            ribbon.rects.append(Rect("r-open", percent(piece.x), percent(piece.width), 24, 14, 3))
            for day, left, right in _days_of(piece, zone):
                if left > piece.x:
                    edge = percent(left)
                    ribbon.marks.append(Line("r-midnight", edge, edge, 24, 38))
                if right - left >= _NARROWEST_NAME:
                    name = f"{spoken(get_language()).short_weekdays[day.weekday()]} {day.day}"
                    ribbon.words.append(Word(name, percent((left + right) / 2), 54))
            continue
        inset = min(1.5, piece.width / 4)
        ribbon.grid.append(
            Line("r-base", percent(piece.x + inset), percent(piece.x + piece.width - inset), 31, 31)
        )
        if piece.width >= _NARROWEST_GAP_NAME:
            closed = gettext("%(time)s closed") % {"time": _round(piece.end - piece.start)}
            # At the edge the words would hang out of a narrow drawing.
            at_edge = piece.x < 1
            ribbon.words.append(
                Word(
                    closed,
                    "0%" if at_edge else middle,
                    54,
                    "r-closed",
                    anchor="start" if at_edge else "middle",
                )
            )
            if any(h.start < piece.end and piece.start < h.end for h in holidays):
                ribbon.height = 74
                ribbon.words.append(Word(gettext("closed"), middle, 68))


def _days_of(piece: _Piece, zone: tzinfo) -> Iterator[tuple[date, float, float]]:
    """The local days an open piece lies in, with where each begins and ends on the axis."""
    begin = piece.start
    while begin < piece.end:
        day = begin.astimezone(zone).date()
        midnight = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        # A date that never existed has no midnight of its own: the piece goes on.
        end = min(midnight, piece.end) if midnight > begin else piece.end
        yield day, piece.x_of(begin), piece.x_of(end)
        begin = end


def _round(span: timedelta) -> str:
    """Write a closed stretch short enough for its fold: above ten hours without minutes."""
    if span >= timedelta(hours=10):
        span = timedelta(hours=round(span / timedelta(hours=1)))
    return wording.span_chip(span)


def _fold(windows: Sequence[Stretch], start: datetime, due: datetime) -> list[_Piece]:
    """Lay windows and the closed stretches between them on an axis of 100."""
    parts: list[tuple[datetime, datetime, bool]] = []
    reached = min(start, windows[0].start) if windows else start
    for window in windows:
        if window.start > reached:
            parts.append((reached, window.start, False))
        if window.length > timedelta(0):
            parts.append((window.start, window.end, True))
        reached = window.end
    if reached < due:
        parts.append((reached, due, False))
    gaps = sum(not is_open for _, _, is_open in parts)
    open_time = sum((end - begin for begin, end, is_open in parts if is_open), timedelta(0))
    gap = min(_FOLDED_GAP, _FOLDED_GAPS_AT_MOST / gaps) if gaps else 0.0
    scale = 100 - gap * gaps
    pieces: list[_Piece] = []
    x = 0.0
    for begin, end, is_open in parts:
        width = scale * ((end - begin) / open_time) if is_open else gap
        pieces.append(_Piece(begin, end, is_open, x, width))
        x += width
    return pieces


def _x_of(pieces: Sequence[_Piece], at: datetime) -> float:
    for piece in pieces:
        if at <= piece.end:
            return piece.x_of(max(at, piece.start))
    return 100.0


def _sum_in_words(counted: Sequence[Stretch], due: datetime, zone: tzinfo) -> str:
    said, language = [], get_language()
    for stretch in counted:
        begin, end = stretch.start.astimezone(zone), stretch.end.astimezone(zone)
        told = {
            "length": wording.span_words(stretch.length, language),
            "day": wording.long_day_words(begin, language),
            "begin": f"{begin:%H:%M}",
            "end": f"{end:%H:%M}",
        }
        said.append(gettext("%(length)s counted on %(day)s, %(begin)s to %(end)s") % told)
    ends = wording.moment_words(due, zone, now=due, language=language)
    return f"{'; '.join(said)}. {gettext('Due %(at)s') % {'at': ends}}."
