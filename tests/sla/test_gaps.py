"""What spans leave open: half-open intervals, in any order."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sla.business_time import Span
from sla.gaps import uncovered


def at(hour: int) -> datetime:
    return datetime(2026, 3, 10, hour, tzinfo=UTC)


def hours(*pairs: tuple[int, int]) -> list[Span]:
    return [Span(at(start), at(end)) for start, end in pairs]


def test_without_spans_everything_is_a_gap():
    assert uncovered(at(0), at(23), []) == hours((0, 23))


def test_touching_spans_leave_no_gap():
    assert uncovered(at(0), at(12), hours((0, 6), (6, 12))) == []


def test_gaps_lie_before_between_and_after_spans_given_in_any_order():
    assert uncovered(at(0), at(20), hours((14, 16), (2, 8))) == hours((0, 2), (8, 14), (16, 20))


def test_a_span_within_a_longer_one_does_not_shorten_it():
    assert uncovered(at(0), at(12), hours((0, 10), (2, 4))) == hours((10, 12))


def test_spans_beyond_both_ends_are_cut():
    assert uncovered(at(4), at(8), hours((0, 5), (7, 12))) == hours((5, 7))


def test_a_span_that_begins_at_the_end_covers_nothing():
    assert uncovered(at(4), at(8), hours((8, 12))) == hours((4, 8))


def test_an_empty_stretch_has_no_gap():
    assert uncovered(at(4), at(4), []) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 22), st.integers(1, 6)).map(
            lambda pair: Span(at(pair[0]), at(min(pair[0] + pair[1], 23)))
        )
    )
)
def test_an_hour_is_in_a_gap_exactly_when_no_span_has_it(spans):
    gaps = uncovered(at(0), at(23), spans)
    for hour in range(23):
        covered = any(span.start <= at(hour) < span.end for span in spans)
        assert covered != any(gap.start <= at(hour) < gap.end for gap in gaps)
