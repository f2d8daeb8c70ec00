"""A countdown that is kept tells at every later instant what the clock itself would."""

from datetime import timedelta

import pytest

from sla.choices import ClockState
from sla.countdown import RUNNING_STATES, Countdown
from sla.operations import stop_clock
from tests.factories.clocks import ALWAYS, BUSINESS, make_clock
from tests.factories.tickets import TUESDAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

LADDER = "high"
FOUR_HOURS = timedelta(hours=4)


@pytest.mark.parametrize("calendar", [ALWAYS, BUSINESS])
@pytest.mark.parametrize("hour", [0, 8, 14, 22])
def test_it_says_what_the_clock_says_as_long_as_it_holds(calendar: str, hour: int) -> None:
    clock = make_clock(LADDER, FOUR_HOURS, TUESDAY.replace(hour=hour), calendar=calendar)
    kept: Countdown | None = None
    reused, seen = 0, set()
    # Past the due time, and over the closing and opening hours before and after it.
    for minute in range(0, 60 * 48, 7):
        now = clock.started_at + timedelta(minutes=minute, microseconds=1)
        assert clock.state(now) in RUNNING_STATES
        if kept is not None and kept.holds(now):
            reused += 1
        else:
            kept = Countdown.of(clock, now)
        assert (kept.state, kept.left(now)) == (clock.state(now), clock.remaining(now))
        seen.add(kept.state)

    assert seen == RUNNING_STATES
    assert reused > 300


def test_it_ends_the_instant_the_clock_is_at_risk_and_after_the_due_one() -> None:
    clock = make_clock(LADDER, FOUR_HOURS, TUESDAY)
    assert clock.at_risk_at is not None
    assert clock.due_at is not None
    moment = timedelta(microseconds=1)

    begun = Countdown.of(clock, TUESDAY)
    assert begun.holds(clock.at_risk_at - moment)
    assert not begun.holds(clock.at_risk_at)
    assert not begun.holds(TUESDAY - moment)

    at_risk = Countdown.of(clock, clock.at_risk_at)
    assert at_risk.state == ClockState.AT_RISK
    assert at_risk.holds(clock.due_at - moment)
    assert not at_risk.holds(clock.due_at + moment)

    # Due is not late yet, and a moment on it is.
    assert Countdown.of(clock, clock.due_at).state == ClockState.AT_RISK
    assert not Countdown.of(clock, clock.due_at).holds(clock.due_at + moment)
    assert Countdown.of(clock, clock.due_at + moment).state == ClockState.OVERDUE


def test_a_clock_that_has_stopped_has_none() -> None:
    clock = stop_clock(make_clock(LADDER, FOUR_HOURS, TUESDAY), at=TUESDAY, by=None)

    with pytest.raises(ValueError, match="does not run"):
        Countdown.of(clock, TUESDAY + timedelta(hours=2))
